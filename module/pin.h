/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_PIN_H
#define _RSTF_PIN_H

#include <linux/types.h>

struct module;
struct nf_hook_state;
struct sk_buff;

bool rstf_pin(struct sk_buff *skb, const struct nf_hook_state *state);
bool rstf_pin_has_route(const struct sk_buff *skb);
bool rstf_pin_needs(const struct sk_buff *skb, const struct module *mod);

#endif /* _RSTF_PIN_H */
