/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_TARGET_H
#define _RSTF_TARGET_H

#include <linux/types.h>
#include <net/inet_hashtables.h>

/**
 * struct rstf_target - the local socket that a RST is for
 * @sk: the socket, with a reference, or NULL: the target is not local
 * @rcv_nxt: sequence number that it expects next, or has expected a moment ago
 *	where a process reads its backlog; valid if @numbered
 * @numbered: it expects one; not so in SYN-SENT
 * @challenged: when it last answered something out of its window
 * @state: enum rstfault_state before the RST
 */
struct rstf_target {
	struct sock *sk;
	u32 rcv_nxt;
	bool numbered;
	u32 challenged;
	u32 state;
};

void rstf_target_init(struct rstf_target *target, struct sock *sk,
		      bool unlocked);
bool rstf_target_is_busy(const struct rstf_target *target);
u8 rstf_target_outcome(const struct rstf_target *target);

/**
 * rstf_target_put() - give the socket back
 * @target: the target
 *
 * Context: Any.
 */
static inline void rstf_target_put(struct rstf_target *target)
{
	if (target->sk)
		sock_gen_put(target->sk);
	target->sk = NULL;
}

#endif /* _RSTF_TARGET_H */
