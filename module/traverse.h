/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_TRAVERSE_H
#define _RSTF_TRAVERSE_H

#include <linux/types.h>

struct nf_hook_state;
struct rstf_net;
struct sk_buff;

int rstf_traverse(struct rstf_net *rnet, struct sk_buff *skb,
		  const struct nf_hook_state *state);

#endif /* _RSTF_TRAVERSE_H */
