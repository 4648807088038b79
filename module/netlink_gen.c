// SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/rstfault.yaml */
/* YNL-GEN kernel source */

#include <net/netlink.h>
#include <net/genetlink.h>

#include "netlink_gen.h"

#include <uapi/rstfault.h>

/* Common nested types */
const struct nla_policy rstfault_counters_nl_policy[RSTFAULT_A_COUNTERS_HELD + 1] = {
	[RSTFAULT_A_COUNTERS_FIRED] = { .type = NLA_U64, },
	[RSTFAULT_A_COUNTERS_MATCHED] = { .type = NLA_U64, },
	[RSTFAULT_A_COUNTERS_GATED] = { .type = NLA_U64, },
	[RSTFAULT_A_COUNTERS_FAILED] = { .type = NLA_U64, },
	[RSTFAULT_A_COUNTERS_SENT] = { .type = NLA_U64, },
	[RSTFAULT_A_COUNTERS_UNSENT] = { .type = NLA_U64, },
	[RSTFAULT_A_COUNTERS_HELD] = { .type = NLA_U32, },
};

const struct nla_policy rstfault_delay_nl_policy[RSTFAULT_A_DELAY_UNTIL_NEXT + 1] = {
	[RSTFAULT_A_DELAY_TIME] = { .type = NLA_U64, },
	[RSTFAULT_A_DELAY_JITTER] = { .type = NLA_U64, },
	[RSTFAULT_A_DELAY_UNTIL_NEXT] = { .type = NLA_FLAG, },
};

const struct nla_policy rstfault_duplicate_nl_policy[RSTFAULT_A_DUPLICATE_EVERY + 1] = {
	[RSTFAULT_A_DUPLICATE_COUNT] = { .type = NLA_U32, },
	[RSTFAULT_A_DUPLICATE_EVERY] = { .type = NLA_U64, },
};

const struct nla_policy rstfault_forge_nl_policy[RSTFAULT_A_FORGE_DROP + 1] = {
	[RSTFAULT_A_FORGE_TO] = NLA_POLICY_MASK(NLA_U32, 0x3),
	[RSTFAULT_A_FORGE_SEQ] = NLA_POLICY_MAX(NLA_U32, 3),
	[RSTFAULT_A_FORGE_OFFSET] = { .type = NLA_S32, },
	[RSTFAULT_A_FORGE_ACK] = NLA_POLICY_MAX(NLA_U32, 3),
	[RSTFAULT_A_FORGE_COUNT] = { .type = NLA_U32, },
	[RSTFAULT_A_FORGE_EVERY] = { .type = NLA_U64, },
	[RSTFAULT_A_FORGE_AFTER] = { .type = NLA_U64, },
	[RSTFAULT_A_FORGE_TTL] = { .type = NLA_U8, },
	[RSTFAULT_A_FORGE_BADSUM] = { .type = NLA_FLAG, },
	[RSTFAULT_A_FORGE_DROP] = { .type = NLA_FLAG, },
};

const struct nla_policy rstfault_gates_nl_policy[RSTFAULT_A_GATES_PER_CONNECTION + 1] = {
	[RSTFAULT_A_GATES_PROBABILITY] = { .type = NLA_U32, },
	[RSTFAULT_A_GATES_SEED] = { .type = NLA_U32, },
	[RSTFAULT_A_GATES_SKIP] = { .type = NLA_U32, },
	[RSTFAULT_A_GATES_EVERY] = { .type = NLA_U32, },
	[RSTFAULT_A_GATES_LIMIT] = { .type = NLA_U32, },
	[RSTFAULT_A_GATES_NTH] = { .type = NLA_U32, },
	[RSTFAULT_A_GATES_BYTES_FROM] = { .type = NLA_U64, },
	[RSTFAULT_A_GATES_BYTES_TO] = { .type = NLA_U64, },
	[RSTFAULT_A_GATES_PER_CONNECTION] = NLA_POLICY_MASK(NLA_U32, 0x3f),
};

const struct nla_policy rstfault_mangle_nl_policy[RSTFAULT_A_MANGLE_BADSUM + 1] = {
	[RSTFAULT_A_MANGLE_SEQ] = { .type = NLA_S32, },
	[RSTFAULT_A_MANGLE_ACK] = { .type = NLA_S32, },
	[RSTFAULT_A_MANGLE_TTL] = { .type = NLA_U8, },
	[RSTFAULT_A_MANGLE_BADSUM] = { .type = NLA_FLAG, },
};

const struct nla_policy rstfault_port_range_nl_policy[RSTFAULT_A_PORT_RANGE_LAST + 1] = {
	[RSTFAULT_A_PORT_RANGE_FIRST] = { .type = NLA_U16, },
	[RSTFAULT_A_PORT_RANGE_LAST] = { .type = NLA_U16, },
};

const struct nla_policy rstfault_rule_nl_policy[RSTFAULT_A_RULE_COUNTERS + 1] = {
	[RSTFAULT_A_RULE_ID] = { .type = NLA_U32, },
	[RSTFAULT_A_RULE_NAME] = { .type = NLA_NUL_STRING, .len = RSTFAULT_NAME_MAX, },
	[RSTFAULT_A_RULE_HOOK] = NLA_POLICY_MAX(NLA_U32, 4),
	[RSTFAULT_A_RULE_SEGMENT] = NLA_POLICY_MASK(NLA_U32, 0xff),
	[RSTFAULT_A_RULE_FAMILY] = { .type = NLA_U16, },
	[RSTFAULT_A_RULE_SADDR4] = { .type = NLA_U32, },
	[RSTFAULT_A_RULE_SADDR6] = NLA_POLICY_EXACT_LEN(16),
	[RSTFAULT_A_RULE_SADDR_PREFIX] = { .type = NLA_U8, },
	[RSTFAULT_A_RULE_DADDR4] = { .type = NLA_U32, },
	[RSTFAULT_A_RULE_DADDR6] = NLA_POLICY_EXACT_LEN(16),
	[RSTFAULT_A_RULE_DADDR_PREFIX] = { .type = NLA_U8, },
	[RSTFAULT_A_RULE_SPORT] = NLA_POLICY_NESTED(rstfault_port_range_nl_policy),
	[RSTFAULT_A_RULE_DPORT] = NLA_POLICY_NESTED(rstfault_port_range_nl_policy),
	[RSTFAULT_A_RULE_IIF] = { .type = NLA_NUL_STRING, .len = RSTFAULT_IFNAME_MAX, },
	[RSTFAULT_A_RULE_OIF] = { .type = NLA_NUL_STRING, .len = RSTFAULT_IFNAME_MAX, },
	[RSTFAULT_A_RULE_FLAGS_MASK] = { .type = NLA_U8, },
	[RSTFAULT_A_RULE_FLAGS_VALUE] = { .type = NLA_U8, },
	[RSTFAULT_A_RULE_MARK] = { .type = NLA_U32, },
	[RSTFAULT_A_RULE_MARK_MASK] = { .type = NLA_U32, },
	[RSTFAULT_A_RULE_LENGTH_FROM] = { .type = NLA_U32, },
	[RSTFAULT_A_RULE_LENGTH_TO] = { .type = NLA_U32, },
	[RSTFAULT_A_RULE_UID] = { .type = NLA_U32, },
	[RSTFAULT_A_RULE_CGROUP] = { .type = NLA_NUL_STRING, .len = RSTFAULT_CGROUP_MAX, },
	[RSTFAULT_A_RULE_STATE] = NLA_POLICY_MASK(NLA_U32, 0x7ff),
	[RSTFAULT_A_RULE_ORIGIN] = NLA_POLICY_MASK(NLA_U32, 0x3),
	[RSTFAULT_A_RULE_GATES] = NLA_POLICY_NESTED(rstfault_gates_nl_policy),
	[RSTFAULT_A_RULE_LIFETIME] = { .type = NLA_U64, },
	[RSTFAULT_A_RULE_REMAINING] = { .type = NLA_U64, },
	[RSTFAULT_A_RULE_SHADOW] = { .type = NLA_FLAG, },
	[RSTFAULT_A_RULE_FORCE] = { .type = NLA_FLAG, },
	[RSTFAULT_A_RULE_OWNER] = { .type = NLA_U32, },
	[RSTFAULT_A_RULE_ACTION] = NLA_POLICY_MAX(NLA_U32, 5),
	[RSTFAULT_A_RULE_DELAY] = NLA_POLICY_NESTED(rstfault_delay_nl_policy),
	[RSTFAULT_A_RULE_FORGE] = NLA_POLICY_NESTED(rstfault_forge_nl_policy),
	[RSTFAULT_A_RULE_MANGLE] = NLA_POLICY_NESTED(rstfault_mangle_nl_policy),
	[RSTFAULT_A_RULE_DUPLICATE] = NLA_POLICY_NESTED(rstfault_duplicate_nl_policy),
	[RSTFAULT_A_RULE_COUNTERS] = NLA_POLICY_NESTED(rstfault_counters_nl_policy),
};

const struct nla_policy rstfault_tuple_nl_policy[RSTFAULT_A_TUPLE_DPORT + 1] = {
	[RSTFAULT_A_TUPLE_FAMILY] = { .type = NLA_U16, },
	[RSTFAULT_A_TUPLE_SADDR4] = { .type = NLA_U32, },
	[RSTFAULT_A_TUPLE_SADDR6] = NLA_POLICY_EXACT_LEN(16),
	[RSTFAULT_A_TUPLE_DADDR4] = { .type = NLA_U32, },
	[RSTFAULT_A_TUPLE_DADDR6] = NLA_POLICY_EXACT_LEN(16),
	[RSTFAULT_A_TUPLE_SPORT] = { .type = NLA_U16, },
	[RSTFAULT_A_TUPLE_DPORT] = { .type = NLA_U16, },
};

/* RSTFAULT_CMD_RULE_ADD - do */
const struct nla_policy rstfault_rule_add_nl_policy[RSTFAULT_A_OWN + 1] = {
	[RSTFAULT_A_RULE] = NLA_POLICY_NESTED(rstfault_rule_nl_policy),
	[RSTFAULT_A_GENERATION] = { .type = NLA_U32, },
	[RSTFAULT_A_BEFORE] = { .type = NLA_U32, },
	[RSTFAULT_A_REPLACE] = { .type = NLA_FLAG, },
	[RSTFAULT_A_CHECK] = { .type = NLA_FLAG, },
	[RSTFAULT_A_OWN] = { .type = NLA_FLAG, },
};

/* RSTFAULT_CMD_RULE_DEL - do */
const struct nla_policy rstfault_rule_del_nl_policy[RSTFAULT_A_GENERATION + 1] = {
	[RSTFAULT_A_ID] = { .type = NLA_U32, },
	[RSTFAULT_A_NAME] = { .type = NLA_NUL_STRING, .len = RSTFAULT_NAME_MAX, },
	[RSTFAULT_A_GENERATION] = { .type = NLA_U32, },
};

/* RSTFAULT_CMD_FLUSH - do */
const struct nla_policy rstfault_flush_nl_policy[RSTFAULT_A_GENERATION + 1] = {
	[RSTFAULT_A_GENERATION] = { .type = NLA_U32, },
};

/* RSTFAULT_CMD_RULE_GET - do */
const struct nla_policy rstfault_rule_get_nl_policy[RSTFAULT_A_NAME + 1] = {
	[RSTFAULT_A_ID] = { .type = NLA_U32, },
	[RSTFAULT_A_NAME] = { .type = NLA_NUL_STRING, .len = RSTFAULT_NAME_MAX, },
};

/* RSTFAULT_CMD_INFO_GET - do */
const struct nla_policy rstfault_info_get_nl_policy[RSTFAULT_A_GENERATION + 1] = {
	[RSTFAULT_A_GENERATION] = { .type = NLA_U32, },
};

/* RSTFAULT_CMD_RELEASE - do */
const struct nla_policy rstfault_release_nl_policy[RSTFAULT_A_NAME + 1] = {
	[RSTFAULT_A_ID] = { .type = NLA_U32, },
	[RSTFAULT_A_NAME] = { .type = NLA_NUL_STRING, .len = RSTFAULT_NAME_MAX, },
};

/* RSTFAULT_CMD_INJECT - do */
const struct nla_policy rstfault_inject_nl_policy[RSTFAULT_A_FORGE + 1] = {
	[RSTFAULT_A_TUPLE] = NLA_POLICY_NESTED(rstfault_tuple_nl_policy),
	[RSTFAULT_A_FORGE] = NLA_POLICY_NESTED(rstfault_forge_nl_policy),
};

/* Ops table for rstfault */
const struct genl_ops rstfault_nl_ops[7] = {
	{
		.cmd		= RSTFAULT_CMD_RULE_ADD,
		.doit		= rstfault_nl_rule_add_doit,
		.policy		= rstfault_rule_add_nl_policy,
		.maxattr	= RSTFAULT_A_OWN,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= RSTFAULT_CMD_RULE_DEL,
		.doit		= rstfault_nl_rule_del_doit,
		.policy		= rstfault_rule_del_nl_policy,
		.maxattr	= RSTFAULT_A_GENERATION,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= RSTFAULT_CMD_FLUSH,
		.doit		= rstfault_nl_flush_doit,
		.policy		= rstfault_flush_nl_policy,
		.maxattr	= RSTFAULT_A_GENERATION,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= RSTFAULT_CMD_RULE_GET,
		.doit		= rstfault_nl_rule_get_doit,
		.dumpit		= rstfault_nl_rule_get_dumpit,
		.policy		= rstfault_rule_get_nl_policy,
		.maxattr	= RSTFAULT_A_NAME,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= RSTFAULT_CMD_INFO_GET,
		.doit		= rstfault_nl_info_get_doit,
		.policy		= rstfault_info_get_nl_policy,
		.maxattr	= RSTFAULT_A_GENERATION,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= RSTFAULT_CMD_RELEASE,
		.doit		= rstfault_nl_release_doit,
		.policy		= rstfault_release_nl_policy,
		.maxattr	= RSTFAULT_A_NAME,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= RSTFAULT_CMD_INJECT,
		.doit		= rstfault_nl_inject_doit,
		.policy		= rstfault_inject_nl_policy,
		.maxattr	= RSTFAULT_A_FORGE,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
};
