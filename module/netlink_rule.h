/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_NETLINK_RULE_H
#define _RSTF_NETLINK_RULE_H

struct netlink_ext_ack;
struct nlattr;
struct rstf_rule;
struct sk_buff;

struct rstf_rule *rstf_netlink_parse_rule(const struct nlattr *nest,
					  struct netlink_ext_ack *extack);
int rstf_netlink_put_rule(struct sk_buff *skb, const struct rstf_rule *rule);

#endif /* _RSTF_NETLINK_RULE_H */
