/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SORT_H
#define _SORT_H

#include <stddef.h>

void sort_numbers(double *numbers, size_t count);

#endif /* _SORT_H */
