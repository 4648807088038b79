/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _PLAIN_LINUX_UIDGID_H
#define _PLAIN_LINUX_UIDGID_H

#include <linux/types.h>

typedef struct {
	u32 val;
} kuid_t;

#endif /* _PLAIN_LINUX_UIDGID_H */
