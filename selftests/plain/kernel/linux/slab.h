/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _PLAIN_LINUX_SLAB_H
#define _PLAIN_LINUX_SLAB_H

#include <stdlib.h>

#define GFP_KERNEL 0
#define GFP_KERNEL_ACCOUNT 0

#define kzalloc(size, gfp) calloc(1, size)
#define kvzalloc(size, gfp) calloc(1, size)
#define kfree(p) free(p)
#define kvfree(p) free(p)

#endif /* _PLAIN_LINUX_SLAB_H */
