/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_NETLINK_RULE_H
#define _RSTF_NETLINK_RULE_H

#include <linux/types.h>

struct netlink_ext_ack;
struct nlattr;
struct rstf_forge;
struct rstf_gates;
struct rstf_match;
struct rstf_match_sock;
struct rstf_rule;
struct sk_buff;

struct rstf_rule *rstf_netlink_parse_rule(const struct nlattr *nest,
					  struct netlink_ext_ack *extack);
int rstf_netlink_parse_match(struct rstf_match *match,
			     const struct nlattr *nest, struct nlattr **tb,
			     struct netlink_ext_ack *extack);
int rstf_netlink_put_match(struct sk_buff *skb, const struct rstf_match *match);
int rstf_netlink_parse_duration(u64 *duration, const struct nlattr *attr,
				struct netlink_ext_ack *extack);
int rstf_netlink_parse_action(struct rstf_rule *rule, const struct nlattr *nest,
			      struct nlattr **tb,
			      struct netlink_ext_ack *extack);
int rstf_netlink_parse_forge(struct rstf_forge *forge,
			     const struct nlattr *nest,
			     struct netlink_ext_ack *extack);
int rstf_netlink_put_action(struct sk_buff *skb, const struct rstf_rule *rule);
int rstf_netlink_parse_match_sock(struct rstf_match *match, struct nlattr **tb,
				  struct netlink_ext_ack *extack);
int rstf_netlink_put_match_sock(struct sk_buff *skb,
				const struct rstf_match_sock *match);
int rstf_netlink_parse_gates(struct rstf_gates *gates,
			     const struct nlattr *nest,
			     struct netlink_ext_ack *extack);
int rstf_netlink_put_gates(struct sk_buff *skb, const struct rstf_gates *gates);
int rstf_netlink_put_rule(struct sk_buff *skb, const struct rstf_rule *rule);

#endif /* _RSTF_NETLINK_RULE_H */
