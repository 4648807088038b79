// SPDX-License-Identifier: GPL-2.0
/*
 * What a packet points to besides its devices, and whether it can be kept for as
 * long as a packet waits. For the stack packets are about to be gone: what it
 * takes out of use, it takes away from those that it has in a list, and waits for
 * the others. A packet that waits is in no list, and may take an hour.
 */
#include <linux/module.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <net/dst.h>
#include <net/ip6_fib.h>
#include <net/net_namespace.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_extend.h>
#include <net/netfilter/nf_conntrack_helper.h>
#include <net/sock.h>
#include <net/tcp_states.h>
#include <net/xfrm.h>

#include "compat.h"
#include "pin.h"

/*
 * Who sends by a raw socket gets a route of IPv6 that is of no cache, but keeps
 * the entry of the table that it was made from, and that its device. The stack
 * cannot have it let go, so it does so now: nothing needs the entry any more. As
 * ip6_dst_ifdown() does it.
 */
static void pin_forget_entry(struct dst_entry *dst)
{
#if IS_ENABLED(CONFIG_IPV6)
	struct rt6_info *rt = container_of(dst, struct rt6_info, dst);

	if (dst->ops->family != AF_INET6 ||
	    list_empty(rstf_rt6_uncached(rt)) || !rcu_access_pointer(rt->from))
		return;

	fib6_info_release(unrcu_pointer(xchg(&rt->from, NULL)));
#endif
}

/* That of a route, and of those by which IPsec sends on what it has wrapped. */
static void pin_forget_entries(struct dst_entry *dst)
{
	while (dst) {
		pin_forget_entry(dst);
#ifdef CONFIG_XFRM
		if (dst->xfrm)
			pin_forget_entry(((struct xfrm_dst *)dst)->route);
#endif
		dst = xfrm_dst_child(dst);
	}
}

/*
 * The connection of a packet that is not in the table of connections yet, where
 * those look for it that it has something of.
 */
static const struct nf_conn *pin_new_conn(const struct sk_buff *skb)
{
#if IS_ENABLED(CONFIG_NF_CONNTRACK)
	enum ip_conntrack_info info;
	const struct nf_conn *ct = nf_ct_get(skb, &info);

	return ct && !nf_ct_is_confirmed(ct) ? ct : NULL;
#else
	return NULL;
#endif
}

/* Nothing keeps the module of a helper. */
static bool pin_is_helped(const struct nf_conn *ct)
{
#if IS_ENABLED(CONFIG_NF_CONNTRACK)
	const struct nf_conn_help *help;

	if (!ct->ext || !__nf_ct_ext_exist(ct->ext, NF_CT_EXT_HELPER))
		return false;
	help = (void *)ct->ext + ct->ext->offset[NF_CT_EXT_HELPER];

	return rcu_access_pointer(help->helper);
#else
	return false;
#endif
}

/* Has it something that may go before it, or is of no use without its socket? */
static bool pin_is_unsafe(struct sk_buff *skb,
			  const struct nf_hook_state *state)
{
	const struct nf_conn *ct = pin_new_conn(skb);
	const struct dst_entry *dst = skb_dst(skb);

	/*
	 * A netns that ends frees the operations of its routes. A SYN cookie
	 * that a BPF program has checked is counted by nobody. And on the wire
	 * a packet waits without its socket, see rstf_held_orphan().
	 */
	return (ct && pin_is_helped(ct)) ||
	       (dst && dst->dev && !net_eq(dev_net(dst->dev), state->net)) ||
	       (skb_sk_is_prefetched(skb) &&
		skb->sk->sk_state == TCP_NEW_SYN_RECV) ||
	       (state->hook == NF_INET_POST_ROUTING &&
		rstf_skb_is_decrypted(skb));
}

/**
 * rstf_pin() - see that a packet can wait
 * @skb: the packet
 * @state: its traversal
 *
 * Pages that a sender has only lent (MSG_ZEROCOPY, io_uring, vhost) are copied:
 * it waits to hear that they are its own again.
 *
 * Context: RCU read side, in the hook.
 * Return: true; false: there is no memory, or it has something that may go
 *	meanwhile or is about to: the helper of a new connection, a route of
 *	another netns (ipvlan), the keys of its socket by which a device encrypts.
 */
bool rstf_pin(struct sk_buff *skb, const struct nf_hook_state *state)
{
	unsigned long refdst = skb->_skb_refdst;

	if (pin_is_unsafe(skb, state) || skb_orphan_frags_rx(skb, GFP_ATOMIC))
		return false;

	if (skb_sk_is_prefetched(skb) && !sk_is_refcounted(skb->sk)) {
		if (!refcount_inc_not_zero(&skb->sk->sk_refcnt))
			return false;
		skb->destructor = sock_edemux;
	}

	if (refdst && !skb_dst_force(skb)) {
		/* It is on its way out; this RCU read side has it still. */
		skb->_skb_refdst = refdst;
		return false;
	}
	pin_forget_entries(skb_dst(skb));

	return true;
}

/**
 * rstf_pin_has_route() - whether the route of a packet has outlived its waiting
 * @skb: a packet that is to leave
 *
 * One that is dead takes packets and drops them without a word, or tells the
 * sender that they were too long for it.
 *
 * Context: RCU read side.
 * Return: whether the packet can go on.
 */
bool rstf_pin_has_route(const struct sk_buff *skb)
{
	const struct dst_entry *dst;

	for (dst = skb_dst(skb); dst; dst = xfrm_dst_child(dst))
		if (READ_ONCE(dst->obsolete) == DST_OBSOLETE_DEAD)
			return false;

	return true;
}

/**
 * rstf_pin_needs() - whether a packet cannot wait without a module
 * @skb: the packet
 * @mod: a module that goes
 *
 * NAT finds new connections in a table of its own, which it frees. What goes on
 * between its last look at connections and the moment when we hear of its end
 * (some grace periods) is not found by either.
 *
 * Context: Any.
 * Return: whether it is to be freed.
 */
bool rstf_pin_needs(const struct sk_buff *skb, const struct module *mod)
{
	const struct nf_conn *ct = pin_new_conn(skb);

	return ct && ct->status & IPS_SRC_NAT_DONE &&
	       !strcmp(mod->name, "nf_nat");
}
