/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_BEHIND_H
#define _RSTF_BEHIND_H

#include <linux/types.h>

#include "held.h"

struct list_head;
struct nf_hook_state;
struct rstf_net;
struct sk_buff;

void rstf_behind_setup(void);
void rstf_behind_teardown(void);
void rstf_behind_take(struct rstf_net *rnet, rstf_held_filter_t filter,
		      const void *arg, struct list_head *list);
int rstf_behind_add(struct rstf_held *held);
bool rstf_behind_segment(struct rstf_net *rnet, struct sk_buff *skb,
			 const struct nf_hook_state *state,
			 struct list_head *list, u8 fate);

#endif /* _RSTF_BEHIND_H */
