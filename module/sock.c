// SPDX-License-Identifier: GPL-2.0
/*
 * From a segment to the local socket at one of its ends.
 */
#include <linux/inetdevice.h>
#include <linux/ipv6.h>
#include <linux/netfilter.h>
#include <net/addrconf.h>
#include <net/inet_hashtables.h>
#include <net/ip.h>
#include <net/l3mdev.h>
#include <net/route.h>
#include <net/tcp.h>

#include "compat.h"
#include "segment.h"
#include "sock.h"

/* As the stack looks for it: @dif, or @sdif in the VRF that @dif is. */
static struct sock *sock_lookup(struct net *net, const struct rstf_segment *seg,
				enum rstf_end end, int dif, int sdif)
{
	const union nf_inet_addr *local = &seg->daddr, *remote = &seg->saddr;
	u16 lport = seg->dport, rport = seg->sport;
	struct sock *sk = NULL;
	bool refcounted;

	if (end == RSTF_SENDER) {
		swap(local, remote);
		swap(lport, rport);
	}

#if IS_ENABLED(CONFIG_IPV6)
	if (seg->family == AF_INET6)
		sk = rstf_inet6_lookup(net, &remote->in6, htons(rport),
				       &local->in6, lport, dif, sdif,
				       &refcounted);
#endif
	if (seg->family == AF_INET)
		sk = rstf_inet_lookup(net, remote->ip, htons(rport), local->ip,
				      htons(lport), dif, sdif, &refcounted);
	if (sk && !refcounted && !refcount_inc_not_zero(&sk->sk_refcnt))
		sk = NULL;

	return sk;
}

/**
 * rstf_sock_find() - the local socket at an end of a segment
 * @net: where to look
 * @seg: the segment
 * @end: at which end
 * @dev: device by which segments come to that socket, NULL if it is not known
 *
 * Context: RCU read side. BH may be enabled.
 * Return: the socket, which may also be a request or in TIME-WAIT;
 *	sock_gen_put() gives it back. A listener only if there is nothing more
 *	exact. NULL: there is none.
 */
struct sock *rstf_sock_find(struct net *net, const struct rstf_segment *seg,
			    enum rstf_end end, const struct net_device *dev)
{
	int master = dev ? l3mdev_master_ifindex_rcu(dev) : 0;
	int dif = dev ? dev->ifindex : 0;

	if (master)
		return sock_lookup(net, seg, end, master, dif);
	return sock_lookup(net, seg, end, dif, 0);
}

/*
 * The socket that the stack gives a packet at LOCAL_IN to. Another one than the
 * addresses tell may have been assigned to it. In a VRF, the packet alone still
 * knows the device that it came by.
 */
static struct sock *sock_find_input(const struct rstf_segment *seg,
				    const struct sk_buff *skb,
				    const struct nf_hook_state *state)
{
	struct sock *sk = skb->sk;

	/* A cookie that a BPF program has checked is nobody's, with a count of 0. */
	if (sk && refcount_inc_not_zero(&sk->sk_refcnt))
		return sk;

#if IS_ENABLED(CONFIG_IPV6)
	if (seg->family == AF_INET6)
		return sock_lookup(state->net, seg, RSTF_RECEIVER,
				   inet6_iif(skb), inet6_sdif(skb));
#endif
	return sock_lookup(state->net, seg, RSTF_RECEIVER, inet_iif(skb),
			   inet_sdif(skb));
}

/* Is there a wildcard listener only for segments that are passing through? */
static bool sock_is_stranger(const struct sock *sk,
			     const struct rstf_segment *seg,
			     const struct nf_hook_state *state)
{
	if (sk->sk_state != TCP_LISTEN)
		return false;
#if IS_ENABLED(CONFIG_IPV6)
	if (seg->family == AF_INET6)
		return !ipv6_chk_addr_and_flags(state->net, &seg->daddr.in6,
						state->in, true, 0,
						IFA_F_TENTATIVE);
#endif
	return inet_addr_type_dev_table(state->net, state->in,
					seg->daddr.ip) != RTN_LOCAL;
}

/**
 * rstf_sock_find_receiver() - the local socket that a segment has come for
 * @seg: the segment
 * @skb: a packet at the same point of its way: the one that it is in, or a
 *	forged one that goes on as that does
 * @state: its traversal, of a point where segments arrive
 *
 * Context: RCU read side. BH may be enabled.
 * Return: as rstf_sock_find(); NULL also if the segment is passing through.
 */
struct sock *rstf_sock_find_receiver(const struct rstf_segment *seg,
				     const struct sk_buff *skb,
				     const struct nf_hook_state *state)
{
	struct sock *sk;

	if (state->hook == NF_INET_LOCAL_IN)
		return sock_find_input(seg, skb, state);

	sk = rstf_sock_find(state->net, seg, RSTF_RECEIVER, state->in);
	if (!sk || !sock_is_stranger(sk, seg, state))
		return sk;

	sock_gen_put(sk);
	return NULL;
}
