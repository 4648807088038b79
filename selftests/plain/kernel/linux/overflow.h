/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _PLAIN_LINUX_OVERFLOW_H
#define _PLAIN_LINUX_OVERFLOW_H

#include <linux/types.h>

static inline size_t size_add(size_t a, size_t b)
{
	size_t sum;

	return __builtin_add_overflow(a, b, &sum) ? SIZE_MAX : sum;
}

static inline size_t array_size(size_t nr, size_t size)
{
	size_t product;

	return __builtin_mul_overflow(nr, size, &product) ? SIZE_MAX : product;
}

#define struct_size(p, member, nr) \
	size_add(sizeof(*(p)), array_size(nr, sizeof(*(p)->member)))

#endif /* _PLAIN_LINUX_OVERFLOW_H */
