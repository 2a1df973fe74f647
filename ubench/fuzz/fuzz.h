/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the fuzzers share. Each other file of this folder is one fuzzer, of one parser: bytes that libFuzzer
 * makes are put where the parser looks for its file. Whatever they are, the parser must refuse them or take
 * them, and what it takes must stand being used: shown, written, and read back. 'make fuzz' runs them.
 */
#ifndef UBENCH_FUZZ_H
#define UBENCH_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* libFuzzer's: one call for each input; 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The path of a file, in memory, with these bytes, up to the next call with the same @slot. */
enum fuzz_slot { FUZZ_IN, FUZZ_OUT, NR_FUZZ_SLOTS };
const char *fuzz_file(enum fuzz_slot slot, const void *data, size_t size);

/* A directory for what a parser looks for by name, or writes; removed in the end. */
const char *fuzz_directory(void);
const char *fuzz_put(const char *name, const void *data, size_t size); /* its path */

/* The whole file @path; the caller frees it. */
char *fuzz_read(const char *path, size_t *size);

/* A property doesn't hold: say which, and end as a crash does. */
#define fuzz_require(truth) ((truth) ? (void)0 : fuzz_broken(__FILE__, __LINE__, #truth))
void fuzz_broken(const char *file, int line, const char *what) __attribute__((noreturn));

#endif /* UBENCH_FUZZ_H */
