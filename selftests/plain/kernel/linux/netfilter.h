/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _PLAIN_LINUX_NETFILTER_H
#define _PLAIN_LINUX_NETFILTER_H

/* Comes before the kernel's own, which makes way for it. */
#include <netinet/in.h>

#include_next <linux/netfilter.h>

#endif /* _PLAIN_LINUX_NETFILTER_H */
