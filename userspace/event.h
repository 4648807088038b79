/* SPDX-License-Identifier: GPL-2.0 */
/* What the module tells without being asked, and what it has counted. */

#ifndef EVENT_H
#define EVENT_H

#include "tuple.h"

/**
 * struct event - something has happened to a segment
 * @has: bits of RSTFAULT_A_EVENT_*
 * @type: enum rstfault_event_type
 * @number: of the event, counted from 1
 * @time: nanoseconds since the epoch
 * @rule_id: the rule
 * @rule_name: its name, or empty
 * @hook: enum rstfault_hook
 * @action: enum rstfault_action
 * @tuple: of the segment
 * @flags: TCP flags of the segment
 * @seq: its sequence number
 * @ack: its acknowledgment number
 * @length: its payload, in bytes
 * @held: nanoseconds that it was held
 * @fate: enum rstfault_fate
 * @outcome: enum rstfault_outcome
 * @socket_state: one of enum rstfault_state; where there is no type, this is
 *	all that there is to tell, and the source of the tuple is the socket
 * @incomplete: the kernel said more than this version understands
 */
struct event {
	__u64 has;
	__u32 type;
	__u64 number;
	__u64 time;
	__u32 rule_id;
	char rule_name[RSTFAULT_NAME_MAX + 1];
	__u32 hook;
	__u32 action;
	struct tuple tuple;
	__u8 flags;
	__u32 seq;
	__u32 ack;
	__u32 length;
	__u64 held;
	__u32 fate;
	__u32 outcome;
	__u32 socket_state;
	bool incomplete;
};

/**
 * struct stats - segments of a network namespace
 * @has: bits of RSTFAULT_A_STATS_*
 * @count: the counters, by attribute
 */
struct stats {
	__u64 has;
	__u64 count[RSTFAULT_A_STATS_MAX + 1];
};

#endif /* EVENT_H */
