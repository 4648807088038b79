// SPDX-License-Identifier: GPL-2.0
/*
 * From a segment to the local socket at one of its ends.
 */
#include <net/inet6_hashtables.h>
#include <net/inet_hashtables.h>
#include <net/l3mdev.h>
#include <net/tcp.h>

#include "segment.h"
#include "sock.h"

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
	struct inet_hashinfo *hashinfo = net->ipv4.tcp_death_row.hashinfo;
	const union nf_inet_addr *local = &seg->daddr, *remote = &seg->saddr;
	u16 lport = seg->dport, rport = seg->sport;
	int master = 0, dif = 0;

	if (end == RSTF_SENDER) {
		swap(local, remote);
		swap(lport, rport);
	}
	if (dev) {
		master = l3mdev_master_ifindex_rcu(dev);
		dif = dev->ifindex;
	}

#if IS_ENABLED(CONFIG_IPV6)
	if (seg->family == AF_INET6) {
		struct sock *sk;
		bool refcounted;

		sk = __inet6_lookup(net, hashinfo, NULL, 0, &remote->in6,
				    htons(rport), &local->in6, lport,
				    master ?: dif, master ? dif : 0,
				    &refcounted);
		if (sk && !refcounted &&
		    !refcount_inc_not_zero(&sk->sk_refcnt))
			sk = NULL;
		return sk;
	}
#endif
	if (seg->family == AF_INET) {
		struct sock *sk;
		bool refcounted;

		sk = __inet_lookup(net, hashinfo, NULL, 0, remote->ip,
				   htons(rport), local->ip, htons(lport),
				   master ?: dif, master ? dif : 0,
				   &refcounted);
		if (sk && !refcounted &&
		    !refcount_inc_not_zero(&sk->sk_refcnt))
			sk = NULL;
		return sk;
	}

	return NULL;
}
