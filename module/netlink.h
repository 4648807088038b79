/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_NETLINK_H
#define _RSTF_NETLINK_H

struct genl_family;
struct genl_info;
struct rstf_net;
struct rstf_rule;
struct sk_buff;

extern struct genl_family rstf_netlink_family;

struct sk_buff *rstf_netlink_reply(struct genl_info *info, void **hdr);
int rstf_netlink_check_generation(const struct rstf_net *rnet,
				  struct genl_info *info);
struct rstf_rule *rstf_netlink_find_rule(struct rstf_net *rnet,
					 struct genl_info *info);
int rstf_netlink_setup(void);
void rstf_netlink_teardown(void);

#endif /* _RSTF_NETLINK_H */
