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

#include <linux/hrtimer.h>
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

/**
 * rstf_hrtimer_setup() - prepare a timer
 * @timer: the timer
 * @function: what to call
 * @clock: CLOCK_*
 * @mode: HRTIMER_MODE_*
 */
static inline void
rstf_hrtimer_setup(struct hrtimer *timer,
		   enum hrtimer_restart (*function)(struct hrtimer *),
		   clockid_t clock, enum hrtimer_mode mode)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
	hrtimer_init(timer, clock, mode);
	timer->function = function;
#else
	hrtimer_setup(timer, function, clock, mode);
#endif
}

#endif /* _RSTF_COMPAT_H */
