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
 */
enum rstfault_segment {
	RSTFAULT_SEGMENT_ANY = 1,
	RSTFAULT_SEGMENT_RST = 2,
	RSTFAULT_SEGMENT_SYN = 4,
	RSTFAULT_SEGMENT_SYNACK = 8,
	RSTFAULT_SEGMENT_ACK = 16,
	RSTFAULT_SEGMENT_DATA = 32,
	RSTFAULT_SEGMENT_FIN = 64,

	/* private: */
	RSTFAULT_SEGMENT_MASK = 127,
};

/**
 * enum rstfault_action - What happens to a segment that a rule matches.
 * @RSTFAULT_ACTION_PASS: It goes on unchanged, and no later rule sees it.
 * @RSTFAULT_ACTION_DROP: It is lost without a trace, as on a cable; its sender
 *   sees no error.
 */
enum rstfault_action {
	RSTFAULT_ACTION_PASS,
	RSTFAULT_ACTION_DROP,

	/* private: */
	__RSTFAULT_ACTION_MAX,
	RSTFAULT_ACTION_MAX = (__RSTFAULT_ACTION_MAX - 1)
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

	__RSTFAULT_A_COUNTERS_MAX,
	RSTFAULT_A_COUNTERS_MAX = (__RSTFAULT_A_COUNTERS_MAX - 1)
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
	RSTFAULT_A_RULE_ACTION,
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

	__RSTFAULT_A_MAX,
	RSTFAULT_A_MAX = (__RSTFAULT_A_MAX - 1)
};

enum rstfault_cmd {
	RSTFAULT_CMD_RULE_ADD = 1,
	RSTFAULT_CMD_RULE_DEL,
	RSTFAULT_CMD_FLUSH,
	RSTFAULT_CMD_RULE_GET,
	RSTFAULT_CMD_INFO_GET,

	__RSTFAULT_CMD_MAX,
	RSTFAULT_CMD_MAX = (__RSTFAULT_CMD_MAX - 1)
};

#endif /* _UAPI_LINUX_RSTFAULT_H */
