/* SPDX-License-Identifier: GPL-2.0 */
/* A file of this tree as a text of the program, which then needs no installed files. */
#ifndef UBENCH_EMBED_H
#define UBENCH_EMBED_H

/* @name: const char[], ends in a 0. @path: from ubench/ on. */
#define EMBED(name, path)                                                 \
	__asm__(".pushsection .rodata\n" #name ": .incbin \"" path "\"\n" \
		".byte 0\n"                                               \
		".popsection\n");                                         \
	extern const char name[]

#endif /* UBENCH_EMBED_H */
