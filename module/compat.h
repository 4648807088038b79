/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What differs between kernels. No other file knows a kernel version.
 */
#ifndef _RSTF_COMPAT_H
#define _RSTF_COMPAT_H

#include <linux/kconfig.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
#error "rstfault needs Linux 6.1 or newer"
#endif

#if !IS_ENABLED(CONFIG_NETFILTER)
#error "rstfault needs a kernel with CONFIG_NETFILTER"
#endif

#include <net/genetlink.h>

/**
 * rstf_genl_dump_attrs() - top-level attributes of the request for a dump
 * @cb: the dump, of an operation with a policy
 *
 * Return: indexed by attribute type, up to the maxattr of the operation.
 */
static inline struct nlattr **rstf_genl_dump_attrs(struct netlink_callback *cb)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
	return genl_dumpit_info(cb)->attrs;
#else
	return genl_info_dump(cb)->attrs;
#endif
}

#endif /* _RSTF_COMPAT_H */
