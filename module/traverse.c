// SPDX-License-Identifier: GPL-2.0
/*
 * The rest of a packet's way through the hooks of one point: those behind our
 * own, and then where netfilter would have handed it to.
 */
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <net/net_namespace.h>
#include <net/sock.h>

#include "hook.h"
#include "netns.h"
#include "traverse.h"

/*
 * The index behind our own entry. The table may be another one than when the
 * packet was in our hook; where we are no longer in it, go on with the first
 * one that comes behind our place.
 */
static unsigned int traverse_index(const struct nf_hook_entries *entries,
				   const struct nf_hook_ops *own)
{
	struct nf_hook_ops **ops = nf_hook_entries_get_hook_ops(entries);
	unsigned int i;

	for (i = 0; i < entries->num_hook_entries; i++)
		if (entries->hooks[i].hook == own->hook &&
		    entries->hooks[i].priv == own->priv)
			return i + 1;

	for (i = 0; i < entries->num_hook_entries; i++)
		if (ops[i]->priority > own->priority)
			break;

	return i;
}

/*
 * What was of a socket without a part of what that may send has to take it now:
 * ESP, which may come behind any tunnel, has the owner pay for what it appends,
 * and without a part nothing gives that back. See rstf_held_own().
 */
static void traverse_charge(struct sk_buff *skb)
{
	struct sock *sk = skb->sk;

	if (skb->destructor != sock_efree || !sk_fullsock(sk))
		return;

	sock_hold(sk);
	skb_set_owner_w(skb, sk);
	sock_put(sk);
}

/**
 * rstf_traverse() - let a packet go on behind our own hook
 * @rnet: the netns
 * @skb: the packet, consumed
 * @state: its traversal, as our hook got it; its devices and socket are there
 *	still
 *
 * As nf_reinject() does it, which is not exported since Linux 6.10.
 *
 * Context: RCU read side, BH disabled or as our hook was called. No lock held.
 * Return: 0, a NET_XMIT_* or NET_RX_* code, or a negative errno.
 */
int rstf_traverse(struct rstf_net *rnet, struct sk_buff *skb,
		  const struct nf_hook_state *state)
{
	bool ipv6 = state->pf == NFPROTO_IPV6;
	struct nf_hook_entries *entries;
	struct nf_hook_state rest = *state;
	int ret = 1;

	if (rstf_hook_is_leaving(state->hook))
		traverse_charge(skb);

	if (ipv6)
		entries = rcu_dereference(rnet->net->nf.hooks_ipv6[state->hook]);
	else
		entries = rcu_dereference(rnet->net->nf.hooks_ipv4[state->hook]);
	if (entries) {
		unsigned int point = rstf_point(state->hook,
						ipv6 ? AF_INET6 : AF_INET);

		ret = nf_hook_slow(skb, &rest, entries,
				   traverse_index(entries, &rnet->ops[point]));
	}
	if (ret == 1)
		ret = rest.okfn(rest.net, rest.sk, skb);

	return ret;
}
