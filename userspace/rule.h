/* SPDX-License-Identifier: GPL-2.0 */
/* The one model of a rule: parser, printer and netlink know nothing else. */

#ifndef RULE_H
#define RULE_H

#include <stdbool.h>
#include <linux/types.h>

#include "rstfault.h"

/**
 * struct rule_prefix - addresses that begin with the same bits
 * @family: AF_INET or AF_INET6; 0 where the rule does not look at the address
 * @len: leading bits that count
 * @addr: the address in network byte order, the bits behind @len are 0
 */
struct rule_prefix {
	__u16 family;
	__u8 len;
	__u8 addr[16];
};

/**
 * struct rule_range - ports from @first to @last
 * @first: lowest port
 * @last: highest port
 */
struct rule_range {
	__u16 first;
	__u16 last;
};

/**
 * struct rule_ports - a union of ranges of ports
 * @count: ranges in use; 0 where the rule does not look at the port
 * @range: the ranges, in the order in which they were written
 */
struct rule_ports {
	unsigned int count;
	struct rule_range range[RSTFAULT_PORTS_MAX];
};

/*
 * Below, @has has a bit for each attribute of the protocol that is there,
 * except for those that can be empty, such as names. It comes first, as every
 * set of attributes has it: what handles sets in general relies on that. An
 * attribute that is a flag is its bit alone.
 */
#define RULE_BIT(attr) (1ull << (attr))

/**
 * struct rule_gates - conditions on the history of what a rule has matched
 * @has: bits of RSTFAULT_A_GATES_*
 * @probability: in billionths
 * @seed: for @probability
 * @skip: not for the first so many matches
 * @every: only for multiples of this
 * @limit: at most so many times
 * @nth: only for this match
 * @bytes_from: from that many bytes of payload on
 * @bytes_to: up to that many
 * @per_connection: union of enum rstfault_gate
 */
struct rule_gates {
	__u64 has;
	__u32 probability;
	__u32 seed;
	__u32 skip;
	__u32 every;
	__u32 limit;
	__u32 nth;
	__u64 bytes_from;
	__u64 bytes_to;
	__u32 per_connection;
};

/**
 * struct rule_delay - for action delay; times are in nanoseconds
 * @has: bits of RSTFAULT_A_DELAY_*
 * @time: how long to hold
 * @jitter: up to so much more or less
 */
struct rule_delay {
	__u64 has;
	__u64 time;
	__u64 jitter;
};

/**
 * struct rule_forge - for action forge; times are in nanoseconds
 * @has: bits of RSTFAULT_A_FORGE_*
 * @to: union of enum rstfault_end
 * @seq: enum rstfault_seq
 * @offset: for RSTFAULT_SEQ_OFFSET
 * @ack: enum rstfault_ack
 * @count: how many
 * @every: time between them
 * @after: time before the first
 * @ttl: TTL or hop limit
 */
struct rule_forge {
	__u64 has;
	__u32 to;
	__u32 seq;
	__s32 offset;
	__u32 ack;
	__u32 count;
	__u64 every;
	__u64 after;
	__u8 ttl;
};

/**
 * struct rule_mangle - for action mangle
 * @has: bits of RSTFAULT_A_MANGLE_*
 * @seq: to add to the sequence number
 * @ack: to add to the acknowledgment number
 * @ttl: TTL or hop limit
 */
struct rule_mangle {
	__u64 has;
	__s32 seq;
	__s32 ack;
	__u8 ttl;
};

/**
 * struct rule_duplicate - for action duplicate
 * @has: bits of RSTFAULT_A_DUPLICATE_*
 * @count: how many copies
 * @every: nanoseconds between them
 */
struct rule_duplicate {
	__u64 has;
	__u32 count;
	__u64 every;
};

/**
 * struct rule_counters - what a rule has done
 * @has: bits of RSTFAULT_A_COUNTERS_*
 * @fired: the action was carried out
 * @matched: the rule matched
 * @gated: a gate kept it from the action
 * @failed: the action could not be carried out
 * @sent: RSTs and copies sent
 * @unsent: RSTs and copies that could not be sent
 * @held: segments held, and RSTs waiting, now
 */
struct rule_counters {
	__u64 has;
	__u64 fired;
	__u64 matched;
	__u64 gated;
	__u64 failed;
	__u64 sent;
	__u64 unsent;
	__u32 held;
};

/**
 * struct rule - one rule
 * @has: bits of RSTFAULT_A_RULE_*
 * @id: number given by the kernel, 0 in a rule that it has not seen
 * @name: empty where the rule has none
 * @hook: enum rstfault_hook
 * @segment: union of enum rstfault_segment
 * @flags_mask: TCP flags to look at, for RSTFAULT_SEGMENT_FLAGS
 * @flags_value: which of them are to be set
 * @family: AF_INET or AF_INET6; 0 for both
 * @saddr: source address
 * @daddr: destination address
 * @sport: source port
 * @dport: destination port
 * @iif: interface that the segment came in by, empty for any
 * @oif: interface that the segment leaves by, empty for any
 * @mark: mark of the packet
 * @mark_mask: bits of @mark that count
 * @length_from: lowest length of the payload
 * @length_to: highest length of the payload
 * @uid: owner of the local socket
 * @cgroup: control group of the local socket, empty for any
 * @state: union of enum rstfault_state
 * @origin: union of enum rstfault_origin
 * @gates: conditions on what went before
 * @lifetime: nanoseconds after which it deletes itself
 * @remaining: nanoseconds that are left of these
 * @owner: netlink port with which it goes
 * @action: enum rstfault_action
 * @delay: for action delay
 * @forge: for action forge
 * @mangle: for action mangle
 * @duplicate: for action duplicate
 * @counters: what it has done
 * @incomplete: the kernel said more than this version understands
 */
struct rule {
	__u64 has;
	__u32 id;
	char name[RSTFAULT_NAME_MAX + 1];
	__u32 hook;
	__u32 segment;
	__u8 flags_mask;
	__u8 flags_value;
	__u16 family;
	struct rule_prefix saddr;
	struct rule_prefix daddr;
	struct rule_ports sport;
	struct rule_ports dport;
	char iif[RSTFAULT_IFNAME_MAX + 1];
	char oif[RSTFAULT_IFNAME_MAX + 1];
	__u32 mark;
	__u32 mark_mask;
	__u32 length_from;
	__u32 length_to;
	__u32 uid;
	char cgroup[RSTFAULT_CGROUP_MAX + 1];
	__u32 state;
	__u32 origin;
	struct rule_gates gates;
	__u64 lifetime;
	__u64 remaining;
	__u32 owner;
	__u32 action;
	struct rule_delay delay;
	struct rule_forge forge;
	struct rule_mangle mangle;
	struct rule_duplicate duplicate;
	struct rule_counters counters;
	bool incomplete;
};

/**
 * struct rule_ref - names one rule of the ruleset
 * @id: its id, where @name is empty
 * @name: its name
 */
struct rule_ref {
	__u32 id;
	char name[RSTFAULT_NAME_MAX + 1];
};

#endif /* RULE_H */
