/* SPDX-License-Identifier: GPL-2.0 */
/* Loading and unloading the module. */
#ifndef GNTBENCH_TESTS_MODULE_H
#define GNTBENCH_TESTS_MODULE_H

/* Both return 0 or -1 with errno. @path is remembered: NULL stands for the last one. */
int module_load(const char *path, const char *arguments);
int module_unload(void);

/* A closed file or a request that outlived its run pins the module for a while. */
int module_unload_within(long ms);

#endif /* GNTBENCH_TESTS_MODULE_H */
