// SPDX-License-Identifier: GPL-2.0
/*
 * Is a rule about a segment of this local socket? That of a segment that leaves
 * is its sender's, that of one that arrives its receiver's. It is looked for
 * once for each segment, and only if a rule asks.
 *
 * A lookup is by the addresses that the segment has at the hook. Where NAT has
 * changed those of a RST that no socket sent itself (at out), or has not yet
 * changed those of a segment (at in), no socket is found.
 */
#include <linux/cgroup.h>
#include <linux/netfilter.h>
#include <net/inet_hashtables.h>
#include <net/inet_timewait_sock.h>
#include <net/request_sock.h>
#include <net/tcp.h>

#include "hook.h"
#include "match.h"
#include "match_sock.h"
#include "segment.h"
#include "sock.h"
#include "uapi/rstfault.h"

/* Everything that was received has an interface, and nothing made here has. */
static bool sock_forwarded(const struct sk_buff *skb)
{
	return skb->skb_iif;
}

/*
 * The socket that a leaving segment comes from, which is not the control socket
 * by which the stack answers where no socket does. That one is raw.
 */
static struct sock *sock_own(const struct sk_buff *skb,
			     const struct nf_hook_state *state)
{
	struct sock *sk = skb->sk ?: state->sk;

	if (sk && sk_fullsock(sk) && !sk_is_tcp(sk))
		return NULL;

	return sk;
}

static void sock_ask(struct rstf_local *local, const struct rstf_segment *seg,
		     const struct sk_buff *skb,
		     const struct nf_hook_state *state)
{
	struct sock *sk;

	local->asked = true;
	local->sk = NULL;

	if (!rstf_hook_is_leaving(state->hook)) {
		sk = rstf_sock_find_receiver(seg, skb, state);
	} else if (!sock_forwarded(skb)) {
		local->sk = sock_own(skb, state);
		if (local->sk)
			return;
		sk = rstf_sock_find(state->net, seg, RSTF_SENDER, state->out);
	} else {
		return;
	}

	local->sk = sk;
	local->held = sk;
}

/*
 * How the local stack made a RST, or 0 if it did not: because the segment is
 * forwarded, or because somebody else made it, with a raw socket. Of the raw
 * sockets, those of users are hashed and those of the stack are not. Where the
 * stack lends a RST the socket that it was made for, it does so by sock_edemux.
 */
static u8 sock_origin(const struct sk_buff *skb,
		      const struct nf_hook_state *state)
{
	const struct sock *sk = skb->sk ?: state->sk;

	if (sock_forwarded(skb))
		return 0;
	if (!sk || !sk_fullsock(sk) || skb->destructor == sock_edemux)
		return RSTFAULT_ORIGIN_PASSIVE;
	if (sk_is_tcp(sk))
		return RSTFAULT_ORIGIN_ACTIVE;

	return sk_unhashed(sk) ? RSTFAULT_ORIGIN_PASSIVE : 0;
}

/* As ss shows it. */
static u16 sock_state(const struct sock *sk)
{
	unsigned int state = READ_ONCE(sk->sk_state);

	if (state == TCP_TIME_WAIT)
		state = READ_ONCE(inet_twsk(sk)->tw_substate);
	if (state == TCP_NEW_SYN_RECV)
		state = TCP_SYN_RECV;
	if (!state || state > TCP_CLOSING)
		state = TCP_CLOSE;

	return BIT(state - 1);
}

/* Who has user and cgroup of @sk: nobody, in TIME-WAIT. */
static const struct sock *sock_owner(const struct sock *sk)
{
	if (sk->sk_state == TCP_NEW_SYN_RECV)
		return inet_reqsk(sk)->rsk_listener;

	return sk_fullsock(sk) ? sk : NULL;
}

static bool match_cgroup(const struct cgroup *cgroup, const struct sock *sk)
{
#ifdef CONFIG_SOCK_CGROUP_DATA
	struct sock_cgroup_data *data = (void *)&sk->sk_cgrp_data;

	return cgroup_is_descendant(sock_cgroup_ptr(data), (void *)cgroup);
#else
	return false;
#endif
}

/**
 * rstf_match_socket() - whether the local socket is one that a rule is about
 * @match: what the rule asks, at least one thing
 * @local: the socket, if another rule has asked already
 * @seg: segment that matches otherwise, not at the hook forward
 * @skb: the packet that it is in
 * @state: its traversal
 *
 * Context: RCU read side. Any but hard interrupt.
 * Return: true if all conditions hold.
 */
bool rstf_match_socket(const struct rstf_match_sock *match,
		       struct rstf_local *local,
		       const struct rstf_segment *seg,
		       const struct sk_buff *skb,
		       const struct nf_hook_state *state)
{
	const struct sock *owner;

	if (match->asks & RSTF_ASKS_ORIGIN &&
	    !(match->origin & sock_origin(skb, state)))
		return false;
	if (!(match->asks & ~RSTF_ASKS_ORIGIN))
		return true;

	if (!local->asked)
		sock_ask(local, seg, skb, state);
	if (!local->sk)
		return false;

	if (match->asks & RSTF_ASKS_STATE &&
	    !(match->state & sock_state(local->sk)))
		return false;
	if (!(match->asks & (RSTF_ASKS_UID | RSTF_ASKS_CGROUP)))
		return true;

	owner = sock_owner(local->sk);
	if (!owner)
		return false;
	if (match->asks & RSTF_ASKS_UID && !uid_eq(owner->sk_uid, match->uid))
		return false;

	return !(match->asks & RSTF_ASKS_CGROUP) ||
	       match_cgroup(match->cgroup, owner);
}

/**
 * rstf_local_state() - the state of the local socket
 * @local: the socket, if a rule has asked
 *
 * Context: RCU read side. Any but hard interrupt.
 * Return: enum rstfault_state; 0: there is none, or no rule has asked.
 */
u32 rstf_local_state(const struct rstf_local *local)
{
	return local->asked && local->sk ? sock_state(local->sk) : 0;
}

/**
 * rstf_match_sock_clean() - free what a rule has for its questions
 * @match: what it asks
 *
 * Context: Any; the packet path does not see the rule.
 */
void rstf_match_sock_clean(struct rstf_match_sock *match)
{
#ifdef CONFIG_SOCK_CGROUP_DATA
	if (match->cgroup)
		cgroup_put(match->cgroup);
#endif
	kfree(match->path);
}
