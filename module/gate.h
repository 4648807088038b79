/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_GATE_H
#define _RSTF_GATE_H

#include <linux/atomic.h>
#include <linux/types.h>

#include "flow.h"

struct rstf_segment;

/* RSTFAULT_A_GATES_PROBABILITY of what always happens. */
#define RSTF_PROBABILITY_MAX 1000000000

/**
 * struct rstf_gates - conditions on the history of what a rule has matched
 * @given: union of enum rstfault_gate; 0: none, and nothing below counts
 * @per_connection: those of @given that count for each connection by itself
 * @probability: in billionths
 * @seed: for @probability
 * @skip: not for so many matches
 * @every: only for matches whose number behind those is a multiple of this
 * @limit: claimed so many times at most
 * @nth: only for this match, counted from 1
 * @bytes_from: from this sum of payload on
 * @bytes_to: no longer above this one; U64_MAX where absent
 * @seen: matches of the rule
 * @behind: matches of the rule behind those that a gate skips per connection
 * @bytes: payload of all matches of the rule
 * @fired: how often @limit was claimed for the rule
 * @user: what the rule remembers of connections
 *
 * All above @seen is constant once the rule is committed.
 */
struct rstf_gates {
	u8 given;
	u8 per_connection;
	u32 probability;
	u32 seed;
	u32 skip;
	u32 every;
	u32 limit;
	u32 nth;
	u64 bytes_from;
	u64 bytes_to;

	atomic64_t seen;
	atomic64_t behind;
	atomic64_t bytes;
	atomic_t fired;
	struct rstf_flow_user user;
};

/**
 * enum rstf_gate - what the gates say to a match
 * @RSTF_GATE_OPEN: all of them hold, and the limit was claimed
 * @RSTF_GATE_SHUT: one of them does not
 * @RSTF_GATE_FAILED: there is no memory to remember the connection
 */
enum rstf_gate {
	RSTF_GATE_OPEN,
	RSTF_GATE_SHUT,
	RSTF_GATE_FAILED,
};

enum rstf_gate rstf_gates_pass(struct rstf_gates *gates,
			       const struct rstf_segment *seg);
bool rstf_gates_need_flows(const struct rstf_gates *gates);

#endif /* _RSTF_GATE_H */
