/* SPDX-License-Identifier: GPL-2.0 */
#ifndef UBENCH_ARRAY_H
#define UBENCH_ARRAY_H

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

#endif /* UBENCH_ARRAY_H */
