/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/rstfault.yaml */
/* YNL-GEN kernel header */

#ifndef _LINUX_RSTFAULT_GEN_H
#define _LINUX_RSTFAULT_GEN_H

#include <net/netlink.h>
#include <net/genetlink.h>

#include <uapi/rstfault.h>

/* Common nested types */
extern const struct nla_policy rstfault_counters_nl_policy[RSTFAULT_A_COUNTERS_HELD + 1];
extern const struct nla_policy rstfault_delay_nl_policy[RSTFAULT_A_DELAY_UNTIL_NEXT + 1];
extern const struct nla_policy rstfault_duplicate_nl_policy[RSTFAULT_A_DUPLICATE_EVERY + 1];
extern const struct nla_policy rstfault_forge_nl_policy[RSTFAULT_A_FORGE_DROP + 1];
extern const struct nla_policy rstfault_gates_nl_policy[RSTFAULT_A_GATES_PER_CONNECTION + 1];
extern const struct nla_policy rstfault_mangle_nl_policy[RSTFAULT_A_MANGLE_BADSUM + 1];
extern const struct nla_policy rstfault_port_range_nl_policy[RSTFAULT_A_PORT_RANGE_LAST + 1];
extern const struct nla_policy rstfault_rule_nl_policy[RSTFAULT_A_RULE_COUNTERS + 1];
extern const struct nla_policy rstfault_tuple_nl_policy[RSTFAULT_A_TUPLE_DPORT + 1];

extern const struct nla_policy rstfault_rule_add_nl_policy[RSTFAULT_A_OWN + 1];

extern const struct nla_policy rstfault_rule_del_nl_policy[RSTFAULT_A_GENERATION + 1];

extern const struct nla_policy rstfault_flush_nl_policy[RSTFAULT_A_GENERATION + 1];

extern const struct nla_policy rstfault_rule_get_nl_policy[RSTFAULT_A_NAME + 1];

extern const struct nla_policy rstfault_info_get_nl_policy[RSTFAULT_A_GENERATION + 1];

extern const struct nla_policy rstfault_release_nl_policy[RSTFAULT_A_NAME + 1];

extern const struct nla_policy rstfault_inject_nl_policy[RSTFAULT_A_FORGE + 1];

/* Ops table for rstfault */
extern const struct genl_ops rstfault_nl_ops[7];

int rstfault_nl_rule_add_doit(struct sk_buff *skb, struct genl_info *info);
int rstfault_nl_rule_del_doit(struct sk_buff *skb, struct genl_info *info);
int rstfault_nl_flush_doit(struct sk_buff *skb, struct genl_info *info);
int rstfault_nl_rule_get_doit(struct sk_buff *skb, struct genl_info *info);
int rstfault_nl_rule_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb);
int rstfault_nl_info_get_doit(struct sk_buff *skb, struct genl_info *info);
int rstfault_nl_release_doit(struct sk_buff *skb, struct genl_info *info);
int rstfault_nl_inject_doit(struct sk_buff *skb, struct genl_info *info);

enum {
	RSTFAULT_NLGRP_EVENTS,
};

#endif /* _LINUX_RSTFAULT_GEN_H */
