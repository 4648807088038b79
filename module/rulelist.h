/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_RULELIST_H
#define _RSTF_RULELIST_H

#include <linux/types.h>

#include "uapi/rstfault.h"

struct list_head;
struct netlink_ext_ack;
struct rstf_net;
struct rstf_rule;
struct sock;

/**
 * struct rstf_addition - rules that are to come into a ruleset
 * @rules: list of them by rstf_rule.list. On success they belong to the netns,
 *	and the list is empty; otherwise, and with @check, it is as it was
 * @before: rule of the netns to insert them in front of; NULL: at the end
 * @replace: in the same commit every rule goes that is there; without @before
 * @check: find out whether it would be refused, and change nothing
 * @sock: the socket that they go with, or NULL
 * @portid: of @sock
 * @taken: gets the rule whose name made it return -EEXIST
 */
struct rstf_addition {
	struct list_head *rules;
	struct rstf_rule *before;
	bool replace;
	bool check;
	struct sock *sock;
	u32 portid;
	struct rstf_rule *taken;
};

int rstf_rulelist_init(struct rstf_net *rnet);
void rstf_rulelist_clean(struct rstf_net *rnet);
int rstf_rulelist_add(struct rstf_net *rnet, struct rstf_addition *add,
		      struct netlink_ext_ack *extack);
int rstf_rulelist_del(struct rstf_net *rnet, struct rstf_rule *rule,
		      struct netlink_ext_ack *extack);
void rstf_rulelist_flush(struct rstf_net *rnet);
int rstf_rulelist_sweep(struct rstf_net *rnet,
			bool (*over)(const struct rstf_rule *rule, u64 now),
			u64 now);
struct rstf_rule *rstf_rulelist_find_id(struct rstf_net *rnet, u32 id);
struct rstf_rule *rstf_rulelist_find_name(struct rstf_net *rnet,
					  const char name[RSTFAULT_NAME_MAX + 1]);

#endif /* _RSTF_RULELIST_H */
