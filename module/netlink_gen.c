// SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/rstfault.yaml */
/* YNL-GEN kernel source */

#include <net/netlink.h>
#include <net/genetlink.h>

#include "netlink_gen.h"

#include <uapi/rstfault.h>

/* Common nested types */
const struct nla_policy rstfault_counters_nl_policy[RSTFAULT_A_COUNTERS_FIRED + 1] = {
	[RSTFAULT_A_COUNTERS_FIRED] = { .type = NLA_U64, },
};

const struct nla_policy rstfault_port_range_nl_policy[RSTFAULT_A_PORT_RANGE_LAST + 1] = {
	[RSTFAULT_A_PORT_RANGE_FIRST] = { .type = NLA_U16, },
	[RSTFAULT_A_PORT_RANGE_LAST] = { .type = NLA_U16, },
};

const struct nla_policy rstfault_rule_nl_policy[RSTFAULT_A_RULE_COUNTERS + 1] = {
	[RSTFAULT_A_RULE_ID] = { .type = NLA_U32, },
	[RSTFAULT_A_RULE_NAME] = { .type = NLA_NUL_STRING, .len = RSTFAULT_NAME_MAX, },
	[RSTFAULT_A_RULE_HOOK] = NLA_POLICY_MAX(NLA_U32, 4),
	[RSTFAULT_A_RULE_SEGMENT] = NLA_POLICY_MASK(NLA_U32, 0x7f),
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
	[RSTFAULT_A_RULE_ACTION] = NLA_POLICY_MAX(NLA_U32, 1),
	[RSTFAULT_A_RULE_COUNTERS] = NLA_POLICY_NESTED(rstfault_counters_nl_policy),
};

/* RSTFAULT_CMD_RULE_ADD - do */
const struct nla_policy rstfault_rule_add_nl_policy[RSTFAULT_A_GENERATION + 1] = {
	[RSTFAULT_A_RULE] = NLA_POLICY_NESTED(rstfault_rule_nl_policy),
	[RSTFAULT_A_GENERATION] = { .type = NLA_U32, },
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

/* Ops table for rstfault */
const struct genl_ops rstfault_nl_ops[5] = {
	{
		.cmd		= RSTFAULT_CMD_RULE_ADD,
		.doit		= rstfault_nl_rule_add_doit,
		.policy		= rstfault_rule_add_nl_policy,
		.maxattr	= RSTFAULT_A_GENERATION,
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
};
