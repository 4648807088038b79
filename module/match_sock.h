/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_MATCH_SOCK_H
#define _RSTF_MATCH_SOCK_H

#include <linux/types.h>
#include <net/sock.h>

struct nf_hook_state;
struct rstf_match_sock;
struct rstf_segment;
struct sk_buff;

/**
 * struct rstf_local - the local socket of a segment, once a rule has asked
 * @sk: the socket, which may also be a request or in TIME-WAIT; NULL if there
 *	is none
 * @asked: @sk counts
 * @held: there is a reference to @sk
 */
struct rstf_local {
	struct sock *sk;
	bool asked;
	bool held;
};

/**
 * rstf_local_init() - prepare for rules that ask for the local socket
 * @local: of a segment; rstf_local_put() gives it back
 *
 * Context: Any.
 */
static inline void rstf_local_init(struct rstf_local *local)
{
	local->asked = false;
	local->held = false;
}

/**
 * rstf_local_put() - let go of the local socket, the only place that does
 * @local: of a segment
 *
 * Context: Any.
 */
static inline void rstf_local_put(struct rstf_local *local)
{
	if (unlikely(local->held))
		sock_gen_put(local->sk);
}

bool rstf_match_socket(const struct rstf_match_sock *match,
		       struct rstf_local *local,
		       const struct rstf_segment *seg,
		       const struct sk_buff *skb,
		       const struct nf_hook_state *state);
u32 rstf_local_state(const struct rstf_local *local);
void rstf_match_sock_clean(struct rstf_match_sock *match);

#endif /* _RSTF_MATCH_SOCK_H */
