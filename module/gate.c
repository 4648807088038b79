// SPDX-License-Identifier: GPL-2.0
/*
 * When a rule acts: gates count its matches, for the rule or for each of its
 * connections, and every one of them has to hold.
 *
 * What a seed means. A probability is compared with SipHash-2-4 under the
 * 128-bit key whose first eight bytes are the seed, as a little-endian number,
 * and whose last eight are 0: of the number of the match, counted from 1, as
 * eight little-endian bytes; or, per connection, of the bytes of struct
 * rstf_conn. Neither depends on the machine, so the same seed and the same
 * traffic give the same decisions everywhere.
 */
#include <linux/math64.h>
#include <linux/siphash.h>

#include "gate.h"
#include "segment.h"
#include "uapi/rstfault.h"

#define GATES_ORDINAL (RSTFAULT_GATE_PROBABILITY | RSTFAULT_GATE_SKIP | \
		       RSTFAULT_GATE_EVERY | RSTFAULT_GATE_NTH)

/**
 * struct gates_match - a match, and how it is counted
 * @gates: of the rule
 * @seg: the segment
 * @conn: its connection, if any gate is per connection
 * @flow: what the rule remembers of it, if a gate has to
 * @seen: number of the match in the rule, if a gate asks for it
 */
struct gates_match {
	struct rstf_gates *gates;
	const struct rstf_segment *seg;
	const struct rstf_conn *conn;
	struct rstf_flow *flow;
	u64 seen;
};

/* The number of the match, from 1, as @gate counts. */
static u64 gate_ordinal(const struct gates_match *match, u32 gate)
{
	if (match->gates->per_connection & gate)
		return match->flow->seen;

	return match->seen;
}

static bool gate_probability(const struct gates_match *match)
{
	const struct rstf_gates *gates = match->gates;
	const siphash_key_t key = { { gates->seed } };
	u64 hash;

	if (gates->per_connection & RSTFAULT_GATE_PROBABILITY)
		hash = siphash(match->conn->bytes, match->conn->len, &key);
	else
		hash = siphash_1u64(match->seen, &key);

	/* The hash, as a fraction of 2^64, is evenly distributed. */
	return mul_u64_u64_shr(hash, RSTF_PROBABILITY_MAX, 64) <
	       gates->probability;
}

/* Of a match that is @behind those that are skipped. */
static bool gate_every(const struct gates_match *match)
{
	struct rstf_gates *gates = match->gates;
	u32 per_connection = gates->per_connection;
	u64 number;
	u32 rest;

	if (!(gates->given & RSTFAULT_GATE_SKIP) ||
	    !(per_connection & RSTFAULT_GATE_SKIP) ==
	    !(per_connection & RSTFAULT_GATE_EVERY))
		number = gate_ordinal(match, RSTFAULT_GATE_EVERY) - gates->skip;
	else if (per_connection & RSTFAULT_GATE_EVERY)
		number = ++match->flow->behind;
	else
		number = atomic64_inc_return(&gates->behind);

	div_u64_rem(number, gates->every, &rest);
	return !rest;
}

static bool gate_bytes(const struct gates_match *match)
{
	struct rstf_gates *gates = match->gates;
	u64 sum;

	if (gates->per_connection & RSTFAULT_GATE_BYTES)
		sum = match->flow->bytes += match->seg->payload;
	else
		sum = atomic64_add_return(match->seg->payload, &gates->bytes);

	return sum >= gates->bytes_from && sum <= gates->bytes_to;
}

/* Claim one of those that there are, so that there is never one too many. */
static bool gate_limit(const struct gates_match *match)
{
	struct rstf_gates *gates = match->gates;

	if (!(gates->per_connection & RSTFAULT_GATE_LIMIT))
		return atomic_add_unless(&gates->fired, 1, gates->limit);

	if (match->flow->fired == gates->limit)
		return false;
	match->flow->fired++;
	return true;
}

/*
 * Count the match, and ask all gates. Those that count have to be asked
 * whatever the others say; the limit comes last, so that it is not claimed in
 * vain.
 */
static bool gates_hold(struct gates_match *match)
{
	struct rstf_gates *gates = match->gates;
	u32 given = gates->given;
	bool hold = true;

	if (given & ~gates->per_connection & GATES_ORDINAL)
		match->seen = atomic64_inc_return(&gates->seen);
	if (match->flow)
		match->flow->seen++;

	if (given & RSTFAULT_GATE_SKIP)
		hold = gate_ordinal(match, RSTFAULT_GATE_SKIP) > gates->skip;
	if (hold && given & RSTFAULT_GATE_EVERY)
		hold = gate_every(match);
	if (given & RSTFAULT_GATE_BYTES)
		hold &= gate_bytes(match);
	if (hold && given & RSTFAULT_GATE_NTH)
		hold = gate_ordinal(match, RSTFAULT_GATE_NTH) == gates->nth;
	if (hold && given & RSTFAULT_GATE_PROBABILITY)
		hold = gate_probability(match);
	if (hold && given & RSTFAULT_GATE_LIMIT)
		hold = gate_limit(match);

	return hold;
}

/**
 * rstf_gates_pass() - whether a rule acts on a segment that it matches
 * @gates: of the rule, at least one
 * @seg: the segment
 *
 * Counts the segment, whatever the answer is.
 *
 * Context: RCU read side, of which the rule is known. Any but hard interrupt.
 *	If the rule remembers connections, takes a lock of struct
 *	rstf_flow_shard.
 * Return: %RSTF_GATE_OPEN if it does.
 */
enum rstf_gate rstf_gates_pass(struct rstf_gates *gates,
			       const struct rstf_segment *seg)
{
	struct gates_match match = { .gates = gates, .seg = seg };
	enum rstf_gate answer = RSTF_GATE_SHUT;
	struct rstf_flow_ref ref;
	struct rstf_conn conn;

	if (gates->per_connection) {
		rstf_conn_init(&conn, seg);
		match.conn = &conn;
	}
	if (!gates->user.flows)
		return gates_hold(&match) ? RSTF_GATE_OPEN : RSTF_GATE_SHUT;

	rstf_flow_lock(&ref, &gates->user, &conn);
	match.flow = ref.flow;
	if (match.flow) {
		if (gates_hold(&match))
			answer = RSTF_GATE_OPEN;
	} else if (!READ_ONCE(gates->user.closed)) {
		answer = RSTF_GATE_FAILED;
	}
	rstf_flow_unlock(&ref);

	return answer;
}

/**
 * rstf_gates_need_flows() - whether a rule has to remember connections
 * @gates: of the rule
 *
 * Context: Any.
 * Return: true if it has to.
 */
bool rstf_gates_need_flows(const struct rstf_gates *gates)
{
	/* The probability of a connection is written in its addresses. */
	return gates->per_connection & ~RSTFAULT_GATE_PROBABILITY;
}
