// SPDX-License-Identifier: GPL-2.0
/*
 * The local socket that a RST is for: what it expects, and what the RST did to
 * it.
 */
#include <net/inet_timewait_sock.h>
#include <net/request_sock.h>
#include <net/sock.h>
#include <net/tcp.h>

#include "target.h"
#include "uapi/rstfault.h"

/*
 * What @sk will expect once it has read its backlog: segments that came while
 * a process had the socket wait there, and the RST would wait behind them. In
 * SYN-SENT it expects nothing, but the answer to its SYN may be among them.
 *
 * Too little if the process is reading its backlog at this moment, on another
 * processor or behind this interrupt: what it has taken from there, and has not
 * read yet, nobody else sees. The owner writes the numbers without the spinlock.
 */
static bool target_read(struct sock *sk, u32 *rcv_nxt)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	const struct tcp_skb_cb *cb;
	struct sk_buff *skb;
	bool numbered;
	u32 nxt;

	local_bh_disable();
	bh_lock_sock(sk);
	numbered = READ_ONCE(sk->sk_state) != TCP_SYN_SENT;
	nxt = READ_ONCE(tp->rcv_nxt);
	for (skb = sk->sk_backlog.head; skb; skb = skb->next) {
		cb = TCP_SKB_CB(skb);
		if (!numbered) {
			/* Not snd_nxt: that is still to be set. */
			numbered = cb->tcp_flags & TCPHDR_SYN &&
				   cb->tcp_flags & TCPHDR_ACK &&
				   after(cb->ack_seq, READ_ONCE(tp->snd_una)) &&
				   !after(cb->ack_seq,
					  READ_ONCE(tp->write_seq));
			nxt = cb->end_seq;
		} else if (!after(cb->seq, nxt) && after(cb->end_seq, nxt)) {
			nxt = cb->end_seq;
		}
	}
	bh_unlock_sock(sk);
	local_bh_enable();

	*rcv_nxt = nxt;
	return numbered;
}

static u32 target_state(int state)
{
	if (state == TCP_NEW_SYN_RECV)
		return RSTFAULT_STATE_SYN_RECV;
	if (state > TCP_CLOSING)
		return RSTFAULT_STATE_CLOSED;

	return BIT(state - TCP_ESTABLISHED);
}

/**
 * rstf_target_init() - note what the local socket that a RST is for expects
 * @target: filled in; rstf_target_put() gives the reference back
 * @sk: the socket, with a reference that is @target's now; NULL: it is not local
 * @unlocked: no lock of any socket is held, so that one can be taken, and the
 *	backlog be looked at
 *
 * While a process reads the backlog, the socket may expect a higher number than
 * what is noted.
 *
 * Context: RCU read side.
 */
void rstf_target_init(struct rstf_target *target, struct sock *sk, bool unlocked)
{
	memset(target, 0, sizeof(*target));
	if (!sk)
		return;

	target->sk = sk;
	target->state = target_state(sk->sk_state);
	switch (sk->sk_state) {
	case TCP_LISTEN:
	case TCP_CLOSE:
		break;
	case TCP_SYN_SENT:
		if (unlocked)
			target->numbered = target_read(sk, &target->rcv_nxt);
		break;
	case TCP_TIME_WAIT:
		target->rcv_nxt = tcp_twsk(sk)->tw_rcv_nxt;
		target->numbered = true;
		break;
	case TCP_NEW_SYN_RECV:
		target->rcv_nxt = tcp_rsk(inet_reqsk(sk))->rcv_nxt;
		target->numbered = true;
		break;
	default:
		target->numbered = true;
		if (unlocked)
			target_read(sk, &target->rcv_nxt);
		else
			target->rcv_nxt = READ_ONCE(tcp_sk(sk)->rcv_nxt);
	}
	if (sk_fullsock(sk))
		target->challenged = READ_ONCE(tcp_sk(sk)->last_oow_ack_time);
}

/**
 * rstf_target_is_busy() - whether a process has the socket at this moment
 * @target: the target
 *
 * What comes to the socket now waits in its backlog.
 *
 * Context: Any.
 * Return: whether it has.
 */
bool rstf_target_is_busy(const struct rstf_target *target)
{
	return target->sk && sk_fullsock(target->sk) &&
	       sock_owned_by_user_nocheck(target->sk);
}

/**
 * rstf_target_outcome() - what a RST that has been delivered did
 * @target: as it was before
 *
 * Context: RCU read side.
 * Return: enum rstfault_outcome. Unknown: a process has the socket, and the RST
 *	waits in its backlog, or the target is not local.
 */
u8 rstf_target_outcome(const struct rstf_target *target)
{
	struct sock *sk = target->sk;

	if (!sk)
		return RSTFAULT_OUTCOME_UNKNOWN;

	if (!sk_fullsock(sk))
		return sk_hashed(sk) ? RSTFAULT_OUTCOME_IGNORED :
				       RSTFAULT_OUTCOME_RESET;

	if (READ_ONCE(sk->sk_state) == TCP_CLOSE)
		return RSTFAULT_OUTCOME_RESET;
	if (READ_ONCE(tcp_sk(sk)->last_oow_ack_time) != target->challenged)
		return RSTFAULT_OUTCOME_CHALLENGED;
	if (rstf_target_is_busy(target))
		return RSTFAULT_OUTCOME_UNKNOWN;

	return RSTFAULT_OUTCOME_IGNORED;
}
