/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _PLAIN_LINUX_SLAB_H
#define _PLAIN_LINUX_SLAB_H

#include <stdlib.h>

#define GFP_KERNEL 0
#define GFP_KERNEL_ACCOUNT 0

static inline void *kzalloc(size_t size, int gfp)
{
	(void)gfp;
	return calloc(1, size);
}

static inline void *kvzalloc(size_t size, int gfp)
{
	return kzalloc(size, gfp);
}

static inline void kfree(void *p)
{
	free(p);
}

static inline void kvfree(void *p)
{
	free(p);
}

#endif /* _PLAIN_LINUX_SLAB_H */
