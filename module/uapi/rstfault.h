/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/rstfault.yaml */
/* YNL-GEN uapi header */

#ifndef _UAPI_LINUX_RSTFAULT_H
#define _UAPI_LINUX_RSTFAULT_H

#define RSTFAULT_FAMILY_NAME	"rstfault"
#define RSTFAULT_FAMILY_VERSION	1

#define RSTFAULT_RULES_MAX	131072
#define RSTFAULT_NAME_MAX	31
#define RSTFAULT_PORTS_MAX	16
#define RSTFAULT_IFNAME_MAX	15
#define RSTFAULT_CGROUP_MAX	1023
#define RSTFAULT_REPEAT_MAX	1000
#define RSTFAULT_DAYS_MAX	365
#define RSTFAULT_HELD_MAX	131072
#define RSTFAULT_FLOWS_MAX	131072

/**
 * enum rstfault_hook - Where a rule looks at segments.
 * @RSTFAULT_HOOK_IN: Arriving from the wire: prerouting, before connection
 *   tracking and before fragments are put together.
 * @RSTFAULT_HOOK_OUT: Leaving for the wire: postrouting, behind NAT and every
 *   other hook but the confirmation of a new connection by connection
 *   tracking.
 * @RSTFAULT_HOOK_INPUT: For a local socket, just before the filter chains of
 *   input.
 * @RSTFAULT_HOOK_OUTPUT: From a local socket, just before the filter chains of
 *   output.
 * @RSTFAULT_HOOK_FORWARD: Passing through, just before the filter chains of
 *   forward.
 */
enum rstfault_hook {
	RSTFAULT_HOOK_IN,
	RSTFAULT_HOOK_OUT,
	RSTFAULT_HOOK_INPUT,
	RSTFAULT_HOOK_OUTPUT,
	RSTFAULT_HOOK_FORWARD,

	/* private: */
	__RSTFAULT_HOOK_MAX,
	RSTFAULT_HOOK_MAX = (__RSTFAULT_HOOK_MAX - 1)
};

/**
 * enum rstfault_segment - Kinds of segments. One segment can be of several
 *   kinds, but one that has RST set is of the kinds rst and any alone.
 * @RSTFAULT_SEGMENT_ANY: Every TCP segment.
 * @RSTFAULT_SEGMENT_RST: RST is set.
 * @RSTFAULT_SEGMENT_SYN: SYN is set, ACK is not.
 * @RSTFAULT_SEGMENT_SYNACK: SYN and ACK are set.
 * @RSTFAULT_SEGMENT_ACK: ACK is set, SYN and FIN are not, and there is no
 *   payload.
 * @RSTFAULT_SEGMENT_DATA: There is payload.
 * @RSTFAULT_SEGMENT_FIN: FIN is set.
 * @RSTFAULT_SEGMENT_FLAGS: The flags in flags-mask have the values in
 *   flags-value.
 */
enum rstfault_segment {
	RSTFAULT_SEGMENT_ANY = 1,
	RSTFAULT_SEGMENT_RST = 2,
	RSTFAULT_SEGMENT_SYN = 4,
	RSTFAULT_SEGMENT_SYNACK = 8,
	RSTFAULT_SEGMENT_ACK = 16,
	RSTFAULT_SEGMENT_DATA = 32,
	RSTFAULT_SEGMENT_FIN = 64,
	RSTFAULT_SEGMENT_FLAGS = 128,

	/* private: */
	RSTFAULT_SEGMENT_MASK = 255,
};

/**
 * enum rstfault_state - States of a TCP socket.
 */
enum rstfault_state {
	RSTFAULT_STATE_ESTABLISHED = 1,
	RSTFAULT_STATE_SYN_SENT = 2,
	RSTFAULT_STATE_SYN_RECV = 4,
	RSTFAULT_STATE_FIN_WAIT_1 = 8,
	RSTFAULT_STATE_FIN_WAIT_2 = 16,
	RSTFAULT_STATE_TIME_WAIT = 32,
	RSTFAULT_STATE_CLOSED = 64,
	RSTFAULT_STATE_CLOSE_WAIT = 128,
	RSTFAULT_STATE_LAST_ACK = 256,
	RSTFAULT_STATE_LISTENING = 512,
	RSTFAULT_STATE_CLOSING = 1024,

	/* private: */
	RSTFAULT_STATE_MASK = 2047,
};

/**
 * enum rstfault_origin - How the local stack made a RST.
 * @RSTFAULT_ORIGIN_ACTIVE: From a socket, which ends its connection by it: an
 *   abort, for example by SO_LINGER 0, or by close with unread data.
 * @RSTFAULT_ORIGIN_PASSIVE: In answer to a segment that no socket wants.
 */
enum rstfault_origin {
	RSTFAULT_ORIGIN_ACTIVE = 1,
	RSTFAULT_ORIGIN_PASSIVE = 2,

	/* private: */
	RSTFAULT_ORIGIN_MASK = 3,
};

/**
 * enum rstfault_action - What happens to a segment that a rule matches.
 * @RSTFAULT_ACTION_PASS: It goes on unchanged, and no later rule sees it.
 * @RSTFAULT_ACTION_DROP: It is lost without a trace, as on a cable; its sender
 *   sees no error.
 * @RSTFAULT_ACTION_DELAY: It is held, and goes on later.
 * @RSTFAULT_ACTION_FORGE: RSTs are sent because of it; itself it goes on, or
 *   is dropped.
 * @RSTFAULT_ACTION_MANGLE: It goes on with other numbers. For RST alone.
 * @RSTFAULT_ACTION_DUPLICATE: It goes on, and copies of it follow.
 */
enum rstfault_action {
	RSTFAULT_ACTION_PASS,
	RSTFAULT_ACTION_DROP,
	RSTFAULT_ACTION_DELAY,
	RSTFAULT_ACTION_FORGE,
	RSTFAULT_ACTION_MANGLE,
	RSTFAULT_ACTION_DUPLICATE,

	/* private: */
	__RSTFAULT_ACTION_MAX,
	RSTFAULT_ACTION_MAX = (__RSTFAULT_ACTION_MAX - 1)
};

/**
 * enum rstfault_end - Ends of a connection, as seen from a segment of it.
 * @RSTFAULT_END_SENDER: Who sent the segment.
 * @RSTFAULT_END_RECEIVER: Whom it is for.
 */
enum rstfault_end {
	RSTFAULT_END_SENDER = 1,
	RSTFAULT_END_RECEIVER = 2,

	/* private: */
	RSTFAULT_END_MASK = 3,
};

/**
 * enum rstfault_seq - Sequence number of a forged RST.
 * @RSTFAULT_SEQ_EXACT: The one that the target expects next; it resets.
 * @RSTFAULT_SEQ_OFFSET: That number and the attribute offset.
 * @RSTFAULT_SEQ_IN_WINDOW: Inside the window, but not the exact one; the
 *   target challenges it (RFC 5961, section 3.2).
 * @RSTFAULT_SEQ_OUT_OF_WINDOW: Beyond the largest window there can be; the
 *   target ignores it.
 */
enum rstfault_seq {
	RSTFAULT_SEQ_EXACT,
	RSTFAULT_SEQ_OFFSET,
	RSTFAULT_SEQ_IN_WINDOW,
	RSTFAULT_SEQ_OUT_OF_WINDOW,

	/* private: */
	__RSTFAULT_SEQ_MAX,
	RSTFAULT_SEQ_MAX = (__RSTFAULT_SEQ_MAX - 1)
};

/**
 * enum rstfault_ack - Acknowledgment number of a forged RST.
 * @RSTFAULT_ACK_AUTO: As a stack would do it (RFC 9293, section 3.10.7.1):
 *   none in answer to a segment that has one; otherwise what the segment wants
 *   to have acknowledged.
 * @RSTFAULT_ACK_ALWAYS: The right number, also where a stack would send none.
 * @RSTFAULT_ACK_NEVER: None. A socket in SYN-SENT ignores such a RST.
 * @RSTFAULT_ACK_BAD: A number that acknowledges nothing that was ever sent.
 */
enum rstfault_ack {
	RSTFAULT_ACK_AUTO,
	RSTFAULT_ACK_ALWAYS,
	RSTFAULT_ACK_NEVER,
	RSTFAULT_ACK_BAD,

	/* private: */
	__RSTFAULT_ACK_MAX,
	RSTFAULT_ACK_MAX = (__RSTFAULT_ACK_MAX - 1)
};

/**
 * enum rstfault_gate - The gates that can count for each connection by itself.
 */
enum rstfault_gate {
	RSTFAULT_GATE_PROBABILITY = 1,
	RSTFAULT_GATE_SKIP = 2,
	RSTFAULT_GATE_EVERY = 4,
	RSTFAULT_GATE_LIMIT = 8,
	RSTFAULT_GATE_NTH = 16,
	RSTFAULT_GATE_BYTES = 32,

	/* private: */
	RSTFAULT_GATE_MASK = 63,
};

/**
 * enum rstfault_event_type - What has happened.
 * @RSTFAULT_EVENT_TYPE_FIRE: A rule's action was carried out on a segment.
 * @RSTFAULT_EVENT_TYPE_FAIL: A rule's action could not be carried out; the
 *   segment went on.
 * @RSTFAULT_EVENT_TYPE_RELEASE: A held segment went on, or was freed.
 * @RSTFAULT_EVENT_TYPE_SENT: A forged RST, or a copy of a segment, was sent,
 *   or could not be.
 */
enum rstfault_event_type {
	RSTFAULT_EVENT_TYPE_FIRE,
	RSTFAULT_EVENT_TYPE_FAIL,
	RSTFAULT_EVENT_TYPE_RELEASE,
	RSTFAULT_EVENT_TYPE_SENT,

	/* private: */
	__RSTFAULT_EVENT_TYPE_MAX,
	RSTFAULT_EVENT_TYPE_MAX = (__RSTFAULT_EVENT_TYPE_MAX - 1)
};

/**
 * enum rstfault_fate - What became of a held segment, and why.
 * @RSTFAULT_FATE_TIME: It went on when its time had come.
 * @RSTFAULT_FATE_NEXT: It went on behind the next segment of its connection.
 * @RSTFAULT_FATE_ASKED: It went on as a request to release it asked for that.
 * @RSTFAULT_FATE_RULE: It went on as its rule was deleted, flushed or has
 *   expired.
 * @RSTFAULT_FATE_DEVICE: It was freed as an interface of its went down.
 * @RSTFAULT_FATE_NETNS: It was freed with its network namespace.
 */
enum rstfault_fate {
	RSTFAULT_FATE_TIME,
	RSTFAULT_FATE_NEXT,
	RSTFAULT_FATE_ASKED,
	RSTFAULT_FATE_RULE,
	RSTFAULT_FATE_DEVICE,
	RSTFAULT_FATE_NETNS,

	/* private: */
	__RSTFAULT_FATE_MAX,
	RSTFAULT_FATE_MAX = (__RSTFAULT_FATE_MAX - 1)
};

/**
 * enum rstfault_outcome - What a forged RST did to a local socket.
 * @RSTFAULT_OUTCOME_UNKNOWN: Its target is not a local socket, or was busy at
 *   that moment.
 * @RSTFAULT_OUTCOME_RESET: The connection is gone.
 * @RSTFAULT_OUTCOME_CHALLENGED: The socket has answered with a challenge ACK.
 * @RSTFAULT_OUTCOME_IGNORED: Nothing happened.
 * @RSTFAULT_OUTCOME_UNSENT: The stack did not take the RST.
 */
enum rstfault_outcome {
	RSTFAULT_OUTCOME_UNKNOWN,
	RSTFAULT_OUTCOME_RESET,
	RSTFAULT_OUTCOME_CHALLENGED,
	RSTFAULT_OUTCOME_IGNORED,
	RSTFAULT_OUTCOME_UNSENT,

	/* private: */
	__RSTFAULT_OUTCOME_MAX,
	RSTFAULT_OUTCOME_MAX = (__RSTFAULT_OUTCOME_MAX - 1)
};

enum {
	RSTFAULT_A_PORT_RANGE_FIRST = 1,
	RSTFAULT_A_PORT_RANGE_LAST,

	__RSTFAULT_A_PORT_RANGE_MAX,
	RSTFAULT_A_PORT_RANGE_MAX = (__RSTFAULT_A_PORT_RANGE_MAX - 1)
};

enum {
	RSTFAULT_A_COUNTERS_PAD = 1,
	RSTFAULT_A_COUNTERS_FIRED,
	RSTFAULT_A_COUNTERS_MATCHED,
	RSTFAULT_A_COUNTERS_GATED,
	RSTFAULT_A_COUNTERS_FAILED,
	RSTFAULT_A_COUNTERS_SENT,
	RSTFAULT_A_COUNTERS_UNSENT,
	RSTFAULT_A_COUNTERS_HELD,

	__RSTFAULT_A_COUNTERS_MAX,
	RSTFAULT_A_COUNTERS_MAX = (__RSTFAULT_A_COUNTERS_MAX - 1)
};

enum {
	RSTFAULT_A_GATES_PAD = 1,
	RSTFAULT_A_GATES_PROBABILITY,
	RSTFAULT_A_GATES_SEED,
	RSTFAULT_A_GATES_SKIP,
	RSTFAULT_A_GATES_EVERY,
	RSTFAULT_A_GATES_LIMIT,
	RSTFAULT_A_GATES_NTH,
	RSTFAULT_A_GATES_BYTES_FROM,
	RSTFAULT_A_GATES_BYTES_TO,
	RSTFAULT_A_GATES_PER_CONNECTION,

	__RSTFAULT_A_GATES_MAX,
	RSTFAULT_A_GATES_MAX = (__RSTFAULT_A_GATES_MAX - 1)
};

enum {
	RSTFAULT_A_DELAY_PAD = 1,
	RSTFAULT_A_DELAY_TIME,
	RSTFAULT_A_DELAY_JITTER,
	RSTFAULT_A_DELAY_UNTIL_NEXT,

	__RSTFAULT_A_DELAY_MAX,
	RSTFAULT_A_DELAY_MAX = (__RSTFAULT_A_DELAY_MAX - 1)
};

enum {
	RSTFAULT_A_FORGE_PAD = 1,
	RSTFAULT_A_FORGE_TO,
	RSTFAULT_A_FORGE_SEQ,
	RSTFAULT_A_FORGE_OFFSET,
	RSTFAULT_A_FORGE_ACK,
	RSTFAULT_A_FORGE_COUNT,
	RSTFAULT_A_FORGE_EVERY,
	RSTFAULT_A_FORGE_AFTER,
	RSTFAULT_A_FORGE_TTL,
	RSTFAULT_A_FORGE_BADSUM,
	RSTFAULT_A_FORGE_DROP,

	__RSTFAULT_A_FORGE_MAX,
	RSTFAULT_A_FORGE_MAX = (__RSTFAULT_A_FORGE_MAX - 1)
};

enum {
	RSTFAULT_A_MANGLE_SEQ = 1,
	RSTFAULT_A_MANGLE_ACK,
	RSTFAULT_A_MANGLE_TTL,
	RSTFAULT_A_MANGLE_BADSUM,

	__RSTFAULT_A_MANGLE_MAX,
	RSTFAULT_A_MANGLE_MAX = (__RSTFAULT_A_MANGLE_MAX - 1)
};

enum {
	RSTFAULT_A_DUPLICATE_PAD = 1,
	RSTFAULT_A_DUPLICATE_COUNT,
	RSTFAULT_A_DUPLICATE_EVERY,

	__RSTFAULT_A_DUPLICATE_MAX,
	RSTFAULT_A_DUPLICATE_MAX = (__RSTFAULT_A_DUPLICATE_MAX - 1)
};

enum {
	RSTFAULT_A_STATS_PAD = 1,
	RSTFAULT_A_STATS_SEEN,
	RSTFAULT_A_STATS_PASSED,
	RSTFAULT_A_STATS_MANGLED,
	RSTFAULT_A_STATS_DROPPED,
	RSTFAULT_A_STATS_HELD,
	RSTFAULT_A_STATS_RELEASED,
	RSTFAULT_A_STATS_LOST,
	RSTFAULT_A_STATS_SENT,
	RSTFAULT_A_STATS_UNSENT,
	RSTFAULT_A_STATS_WAITING,
	RSTFAULT_A_STATS_FAILED,
	RSTFAULT_A_STATS_FLOWS,
	RSTFAULT_A_STATS_EVICTED,
	RSTFAULT_A_STATS_EVENTS,

	__RSTFAULT_A_STATS_MAX,
	RSTFAULT_A_STATS_MAX = (__RSTFAULT_A_STATS_MAX - 1)
};

enum {
	RSTFAULT_A_TUPLE_FAMILY = 1,
	RSTFAULT_A_TUPLE_SADDR4,
	RSTFAULT_A_TUPLE_SADDR6,
	RSTFAULT_A_TUPLE_DADDR4,
	RSTFAULT_A_TUPLE_DADDR6,
	RSTFAULT_A_TUPLE_SPORT,
	RSTFAULT_A_TUPLE_DPORT,

	__RSTFAULT_A_TUPLE_MAX,
	RSTFAULT_A_TUPLE_MAX = (__RSTFAULT_A_TUPLE_MAX - 1)
};

enum {
	RSTFAULT_A_EVENT_PAD = 1,
	RSTFAULT_A_EVENT_TYPE,
	RSTFAULT_A_EVENT_NUMBER,
	RSTFAULT_A_EVENT_TIME,
	RSTFAULT_A_EVENT_RULE_ID,
	RSTFAULT_A_EVENT_RULE_NAME,
	RSTFAULT_A_EVENT_HOOK,
	RSTFAULT_A_EVENT_ACTION,
	RSTFAULT_A_EVENT_SHADOW,
	RSTFAULT_A_EVENT_TUPLE,
	RSTFAULT_A_EVENT_FLAGS,
	RSTFAULT_A_EVENT_SEQ,
	RSTFAULT_A_EVENT_ACK,
	RSTFAULT_A_EVENT_LENGTH,
	RSTFAULT_A_EVENT_HELD,
	RSTFAULT_A_EVENT_FATE,
	RSTFAULT_A_EVENT_OUTCOME,
	RSTFAULT_A_EVENT_SOCKET_STATE,
	RSTFAULT_A_EVENT_DROP,

	__RSTFAULT_A_EVENT_MAX,
	RSTFAULT_A_EVENT_MAX = (__RSTFAULT_A_EVENT_MAX - 1)
};

enum {
	RSTFAULT_A_RULE_ID = 1,
	RSTFAULT_A_RULE_NAME,
	RSTFAULT_A_RULE_HOOK,
	RSTFAULT_A_RULE_SEGMENT,
	RSTFAULT_A_RULE_FAMILY,
	RSTFAULT_A_RULE_SADDR4,
	RSTFAULT_A_RULE_SADDR6,
	RSTFAULT_A_RULE_SADDR_PREFIX,
	RSTFAULT_A_RULE_DADDR4,
	RSTFAULT_A_RULE_DADDR6,
	RSTFAULT_A_RULE_DADDR_PREFIX,
	RSTFAULT_A_RULE_SPORT,
	RSTFAULT_A_RULE_DPORT,
	RSTFAULT_A_RULE_IIF,
	RSTFAULT_A_RULE_OIF,
	RSTFAULT_A_RULE_FLAGS_MASK,
	RSTFAULT_A_RULE_FLAGS_VALUE,
	RSTFAULT_A_RULE_MARK,
	RSTFAULT_A_RULE_MARK_MASK,
	RSTFAULT_A_RULE_LENGTH_FROM,
	RSTFAULT_A_RULE_LENGTH_TO,
	RSTFAULT_A_RULE_UID,
	RSTFAULT_A_RULE_CGROUP,
	RSTFAULT_A_RULE_STATE,
	RSTFAULT_A_RULE_ORIGIN,
	RSTFAULT_A_RULE_GATES,
	RSTFAULT_A_RULE_PAD,
	RSTFAULT_A_RULE_LIFETIME,
	RSTFAULT_A_RULE_REMAINING,
	RSTFAULT_A_RULE_SHADOW,
	RSTFAULT_A_RULE_FORCE,
	RSTFAULT_A_RULE_OWNER,
	RSTFAULT_A_RULE_ACTION,
	RSTFAULT_A_RULE_DELAY,
	RSTFAULT_A_RULE_FORGE,
	RSTFAULT_A_RULE_MANGLE,
	RSTFAULT_A_RULE_DUPLICATE,
	RSTFAULT_A_RULE_COUNTERS,

	__RSTFAULT_A_RULE_MAX,
	RSTFAULT_A_RULE_MAX = (__RSTFAULT_A_RULE_MAX - 1)
};

enum rstfault_attr {
	RSTFAULT_A_RULE = 1,
	RSTFAULT_A_ID,
	RSTFAULT_A_NAME,
	RSTFAULT_A_GENERATION,
	RSTFAULT_A_RULES,
	RSTFAULT_A_VERSION,
	RSTFAULT_A_BEFORE,
	RSTFAULT_A_REPLACE,
	RSTFAULT_A_CHECK,
	RSTFAULT_A_OWN,
	RSTFAULT_A_RELEASED,
	RSTFAULT_A_STATS,
	RSTFAULT_A_TUPLE,
	RSTFAULT_A_FORGE,
	RSTFAULT_A_OUTCOME,
	RSTFAULT_A_EVENT,

	__RSTFAULT_A_MAX,
	RSTFAULT_A_MAX = (__RSTFAULT_A_MAX - 1)
};

enum rstfault_cmd {
	RSTFAULT_CMD_RULE_ADD = 1,
	RSTFAULT_CMD_RULE_DEL,
	RSTFAULT_CMD_FLUSH,
	RSTFAULT_CMD_RULE_GET,
	RSTFAULT_CMD_INFO_GET,
	RSTFAULT_CMD_RELEASE,
	RSTFAULT_CMD_INJECT,
	RSTFAULT_CMD_EVENT,

	__RSTFAULT_CMD_MAX,
	RSTFAULT_CMD_MAX = (__RSTFAULT_CMD_MAX - 1)
};

#define RSTFAULT_MCGRP_EVENTS	"events"

#endif /* _UAPI_LINUX_RSTFAULT_H */
