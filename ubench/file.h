/* SPDX-License-Identifier: GPL-2.0 */
/* Small files of ours that are there complete or not at all. */
#ifndef FILE_H
#define FILE_H

#include <stddef.h>

#include "error.h"

/*
 * Makes @path hold the @len bytes of @text: a temporary file beside it, fsync, rename. Directories
 * that are missing are made. 0, or -1 and err (a full disk included); then @path is as it was.
 */
int file_replace(const char *path, const char *text, size_t len, struct error *err);

/* Makes the directories above @path that are missing. 0, or -1 and errno. */
int file_make_directories(const char *path);

#endif /* FILE_H */
