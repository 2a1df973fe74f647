/* SPDX-License-Identifier: GPL-2.0 */
/* Files of ours that are there complete or not at all. */
#ifndef FILE_H
#define FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/error.h"

/* A file on its way: print to out, then file_end(). */
struct new_file {
	FILE *out; /* a temporary file in the directory of path; NULL: file_begin() failed */
	char *path, *temp;
};

/*
 * 0, or -1 and err: no such directory, no permission, or @path is there and not a regular file
 * (a rename would replace a device or a pipe, such as /dev/stdout).
 */
int file_begin(struct new_file *file, const char *path, struct error *err);

/*
 * Puts the file at its place: fsync and rename. With @bad, or when a write has failed (a full
 * disk), it is removed instead, and @path is as it was. 0, or -1 and err; after a failed
 * file_begin() -1, err being that one's. errno of a failed print is the reason that err gives.
 */
int file_end(struct new_file *file, bool bad, struct error *err);

/* Makes @path hold the @len bytes of @text. Directories that are missing are made. 0, or -1 and err. */
int file_replace(const char *path, const char *text, size_t len, struct error *err);

/* Makes the directories above @path that are missing. 0, or -1 and errno. */
int file_make_directories(const char *path);

/*
 * @text, which may be of somebody else's record, as a file's name: malloc'd, one that stays in its
 * directory, is seen by ls, and needs no quotes.
 */
char *file_name(const char *text);

#endif /* FILE_H */
