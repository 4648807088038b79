// SPDX-License-Identifier: GPL-2.0
/*
 * Reset a connection of a local socket, without a segment that would trigger
 * it. The socket knows all numbers.
 */
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/netlink.h>
#include <linux/rcupdate.h>
#include <net/dst.h>
#include <net/inet_connection_sock.h>
#include <net/sock.h>
#include <net/tcp.h>

#include "action.h"
#include "compat.h"
#include "delivery.h"
#include "inject.h"
#include "netns.h"
#include "reset.h"
#include "segment.h"
#include "send.h"
#include "sock.h"
#include "target.h"
#include "uapi/rstfault.h"

/* The socket of @seg, whichever device it is bound to. */
static struct sock *inject_find(struct net *net, const struct rstf_segment *seg)
{
	struct net_device *dev;
	struct sock *sk;

	rcu_read_lock();
	sk = rstf_sock_find(net, seg, RSTF_SENDER, NULL);
	for_each_netdev_rcu(net, dev) {
		if (sk && sk->sk_state != TCP_LISTEN)
			break;
		if (sk)
			sock_gen_put(sk);
		sk = rstf_sock_find(net, seg, RSTF_SENDER, dev);
	}
	rcu_read_unlock();

	return sk;
}

/*
 * The device that the socket would send by now, with a reference, or NULL. A
 * route that was changed, or forgotten because an option was set, is looked for
 * again, as before the socket sends; but the application is not told that there
 * is none, as nothing is sent. The socket is locked.
 */
static struct net_device *inject_device(struct sock *sk)
{
	struct net_device *dev = NULL;
	const struct dst_entry *dst;
	int err_soft = READ_ONCE(sk->sk_err_soft);

	if (inet_csk(sk)->icsk_af_ops->rebuild_header(sk)) {
		WRITE_ONCE(sk->sk_err_soft, err_soft);
		return NULL;
	}

	/* A route loses its device in advance of a grace period. */
	rcu_read_lock();
	dst = __sk_dst_get(sk);
	if (dst) {
		dev = READ_ONCE(dst->dev);
		dev_hold(dev);
	}
	rcu_read_unlock();

	return dev;
}

/*
 * Make @seg the segment that the socket would send now, by @dev; with pacing it
 * would leave at @departure. The socket is locked, and has read its backlog: that
 * may have ended the connection.
 */
static int inject_read(struct sock *sk, struct rstf_segment *seg,
		       u64 *departure, struct net_device **dev)
{
	if (sk->sk_state == TCP_CLOSE || sk->sk_state == TCP_LISTEN)
		return -ENOTCONN;

	seg->seq = tcp_sk(sk)->snd_nxt;
	seg->ack = tcp_sk(sk)->rcv_nxt;
	seg->flags = sk->sk_state == TCP_SYN_SENT ? 0 : TCPHDR_ACK;
	*departure = tcp_sk(sk)->tcp_wstamp_ns;
	*dev = inject_device(sk);

	return *dev ? 0 : -ENETUNREACH;
}

/**
 * struct inject_rst - a RST to one end of a connection
 * @seg: what it is
 * @target: the socket that it is for, as it was before, if that is a local one
 * @mark: that of packets of who sends it, which its route may depend on
 * @owner: the socket that sends it, if that is a local one
 * @departure: when it is to leave at the earliest, CLOCK_MONOTONIC
 * @sent: the stack has taken it
 */
struct inject_rst {
	struct rstf_segment seg;
	struct rstf_target target;
	u32 mark;
	struct sock *owner;
	u64 departure;
	bool sent;
};

/* As an active RST of the socket: RFC 9293, section 3.10.5. */
static void inject_number_to_peer(struct inject_rst *rst,
				  const struct rstf_segment *seg,
				  const struct rstf_forge *forge)
{
	rstf_reset_number(&rst->seg, forge, seg->seq, seg->ack,
			  seg->flags & TCPHDR_ACK);
}

/* As if the peer had sent it, behind what has come meanwhile. */
static void inject_number_to_local(struct inject_rst *rst,
				   const struct rstf_segment *seg,
				   const struct rstf_forge *forge)
{
	bool acked = seg->flags & TCPHDR_ACK;
	u32 exact = acked ? seg->ack : 0;

	if (rst->target.numbered)
		exact = rst->target.rcv_nxt;
	rstf_reset_number(&rst->seg, forge, exact, seg->seq, !acked);
}

/* Send it in answer to @seg, to @end of that, as if that were at @state. */
static void inject_send(struct net *net, struct inject_rst *rst,
			const struct rstf_segment *seg,
			const struct rstf_forge *forge, enum rstf_end end,
			const struct nf_hook_state *state)
{
	struct sk_buff *skb;
	struct rstf_way way;

	skb = rstf_reset_alloc(net, &rst->seg, end, NULL, true);
	if (!skb)
		return;

	skb->mark = rst->mark;
	if (rstf_send_find_way(&way, net, skb, &rst->seg, state)) {
		kfree_skb(skb);
		return;
	}

	if (way.dev)
		rstf_target_init(&rst->target,
				 rstf_sock_find(net, seg, end, way.dev), true);
	if (end == RSTF_SENDER)
		inject_number_to_local(rst, seg, forge);
	else
		inject_number_to_peer(rst, seg, forge);
	rstf_reset_fill(skb, &rst->seg, forge);
	/* Behind what the socket has sent and a queue still has. */
	if (rst->owner && !way.dev) {
		skb_set_owner_w(skb, rst->owner);
		skb_set_delivery_time(skb, rst->departure, SKB_CLOCK_MONOTONIC);
	}
	rst->sent = rstf_delivery_taken(rstf_send(net, skb, &way));
}

/* The socket is locked, so that it sends nothing meanwhile. */
static void inject_to_peer(struct net *net, struct inject_rst *rst,
			   const struct rstf_segment *seg,
			   const struct rstf_forge *forge,
			   struct net_device *dev)
{
	const struct nf_hook_state state = {
		.hook = NF_INET_LOCAL_IN, .in = dev,
	};

	rst->seg = *seg;
	inject_number_to_peer(rst, seg, forge);
	local_bh_disable();
	rcu_read_lock();
	inject_send(net, rst, seg, forge, RSTF_RECEIVER, &state);
	rcu_read_unlock();
	local_bh_enable();
}

static void inject_to_local(struct net *net, struct inject_rst *rst,
			    const struct rstf_segment *seg,
			    const struct rstf_forge *forge,
			    struct net_device *dev)
{
	const struct nf_hook_state state = {
		.hook = NF_INET_LOCAL_OUT, .out = dev,
	};

	rst->seg = *seg;
	swap(rst->seg.saddr, rst->seg.daddr);
	swap(rst->seg.sport, rst->seg.dport);
	inject_number_to_local(rst, seg, forge);
	local_bh_disable();
	rcu_read_lock();
	inject_send(net, rst, seg, forge, RSTF_SENDER, &state);
	rcu_read_unlock();
	local_bh_enable();
}

/*
 * Count the RST and tell of it. If it is in the backlog of its target, waits
 * until that has been read. Returns what came of it.
 */
static u8 inject_report(struct rstf_net *rnet, struct inject_rst *rst)
{
	u8 outcome;

	if (rst->sent && rstf_target_is_busy(&rst->target)) {
		lock_sock(rst->target.sk);
		release_sock(rst->target.sk);
	}

	rcu_read_lock();
	outcome = rstf_delivery_report(rnet, NULL, &rst->seg, rst->sent,
				       &rst->target);
	rcu_read_unlock();
	rstf_target_put(&rst->target);

	return outcome;
}

/**
 * rstf_inject() - reset a connection of a local socket
 * @rnet: the netns
 * @seg: its addresses and ports, the local end is the source; the rest is
 *	filled in
 * @forge: what RSTs, to the sender, which is the local end, or the receiver
 * @outcome: gets enum rstfault_outcome of the local end; of its peer if the RST
 *	is for that alone
 * @extack: gets a sentence with every error
 *
 * Context: May sleep, until the process that has a socket lets go of it.
 * Return: 0; -ENOENT: no such socket; -ENOTCONN: it is one that listens, that
 *	only waits for old segments to die, or whose connection has just ended;
 *	-ENETUNREACH: there is no route.
 */
int rstf_inject(struct rstf_net *rnet, struct rstf_segment *seg,
		const struct rstf_forge *forge, u8 *outcome,
		struct netlink_ext_ack *extack)
{
	struct sock *sk = inject_find(rnet->net, seg);
	struct inject_rst peer = {}, local = {};
	struct net_device *dev;
	int err;

	*outcome = RSTFAULT_OUTCOME_UNKNOWN;
	if (!sk) {
		NL_SET_ERR_MSG(extack, "there is no such connection");
		return -ENOENT;
	}

	peer.owner = sk;
	err = -ENOTCONN;
	if (sk_fullsock(sk)) {
		lock_sock(sk);
		peer.mark = READ_ONCE(sk->sk_mark);
		err = inject_read(sk, seg, &peer.departure, &dev);
		if (!err && forge->to & RSTFAULT_END_RECEIVER)
			inject_to_peer(rnet->net, &peer, seg, forge, dev);
		release_sock(sk);
	}
	if (err == -ENOTCONN)
		NL_SET_ERR_MSG(extack,
			       "this socket has no connection to reset");
	else if (err)
		NL_SET_ERR_MSG(extack, "this connection has no route");
	if (err)
		goto out;

	if (forge->to & RSTFAULT_END_SENDER)
		inject_to_local(rnet->net, &local, seg, forge, dev);
	dev_put(dev);

	if (forge->to & RSTFAULT_END_RECEIVER)
		*outcome = inject_report(rnet, &peer);
	if (forge->to & RSTFAULT_END_SENDER)
		*outcome = inject_report(rnet, &local);
out:
	sock_gen_put(sk);
	return err;
}
