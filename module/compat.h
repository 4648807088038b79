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
#include <net/inet6_hashtables.h>
#include <net/inet_hashtables.h>
#include <net/ip6_fib.h>
#include <net/net_namespace.h>

/*
 * A variable of the path of a segment that is written before it is read. Kernels
 * that fill all variables with zeros spend more on that than on the rest.
 */
#if __has_attribute(__uninitialized__)
#define RSTF_UNINITIALIZED __attribute__((__uninitialized__))
#else
#define RSTF_UNINITIALIZED
#endif

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

/* For groups; kernels without it look there for what operations have. */
#ifndef GENL_MCAST_CAP_NET_ADMIN
#define GENL_MCAST_CAP_NET_ADMIN GENL_UNS_ADMIN_PERM
#endif

/* Is it to be encrypted on its way out, by what its socket knows? */
static inline bool rstf_skb_is_decrypted(const struct sk_buff *skb)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 10, 0)
#ifdef CONFIG_TLS_DEVICE
	return skb->decrypted;
#else
	return false;
#endif
#else
	return skb_is_decrypted(skb);
#endif
}

/* The place of a route in the list of those that are in no cache. */
static inline struct list_head *rstf_rt6_uncached(struct rt6_info *rt)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
	return &rt->rt6i_uncached;
#else
	return &rt->dst.rt_uncached;
#endif
}

/* skb_set_delivery_time() was asked: is the time CLOCK_MONOTONIC, or another? */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 11, 0)
#define SKB_CLOCK_MONOTONIC true
#endif

/**
 * rstf_genl_on_bind() - have a family called when a socket joins its groups
 * @family: the family, not yet registered
 * @bind: gets the index of the group, before the socket is in it. It may be
 *	called again for a socket that is already in it. It may sleep.
 *
 * Return: false if this kernel does not tell.
 */
static inline bool rstf_genl_on_bind(struct genl_family *family,
				     int (*bind)(int group))
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 9, 0)
	return false;
#else
	family->bind = bind;
	return true;
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

/**
 * rstf_inet_lookup() - __inet_lookup() without a packet, in the table of TCP
 * @net: where to look
 * @saddr: address of the peer
 * @sport: its port
 * @daddr: local address
 * @dport: local port
 * @dif: device that segments come by, or its VRF
 * @sdif: that device if @dif is a VRF, or 0
 * @refcounted: set to whether the socket comes with a reference
 *
 * Context: RCU read side.
 * Return: the socket, or NULL.
 */
static inline struct sock *rstf_inet_lookup(struct net *net, __be32 saddr,
					    __be16 sport, __be32 daddr,
					    __be16 dport, int dif, int sdif,
					    bool *refcounted)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 18, 0)
	return __inet_lookup(net, net->ipv4.tcp_death_row.hashinfo, NULL, 0,
			     saddr, sport, daddr, dport, dif, sdif, refcounted);
#else
	return __inet_lookup(net, NULL, 0, saddr, sport, daddr, dport, dif,
			     sdif, refcounted);
#endif
}

#if IS_ENABLED(CONFIG_IPV6)
/**
 * rstf_inet6_lookup() - __inet6_lookup() without a packet, in the table of TCP
 * @net: where to look
 * @saddr: address of the peer
 * @sport: its port
 * @daddr: local address
 * @hnum: local port, host byte order
 * @dif: device that segments come by, or its VRF
 * @sdif: that device if @dif is a VRF, or 0
 * @refcounted: set to whether the socket comes with a reference
 *
 * Context: RCU read side.
 * Return: the socket, or NULL.
 */
static inline struct sock *
rstf_inet6_lookup(struct net *net, const struct in6_addr *saddr, __be16 sport,
		  const struct in6_addr *daddr, u16 hnum, int dif, int sdif,
		  bool *refcounted)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 18, 0)
	return __inet6_lookup(net, net->ipv4.tcp_death_row.hashinfo, NULL, 0,
			      saddr, sport, daddr, hnum, dif, sdif, refcounted);
#else
	return __inet6_lookup(net, NULL, 0, saddr, sport, daddr, hnum, dif,
			      sdif, refcounted);
#endif
}
#endif

#endif /* _RSTF_COMPAT_H */
