/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_OWNER_H
#define _RSTF_OWNER_H

#include <linux/types.h>

struct rstf_rule;
struct sock;

void rstf_owner_set(struct rstf_rule *rule, struct sock *sock, u32 portid);
void rstf_owner_clear(struct rstf_rule *rule);
bool rstf_owner_gone(const struct rstf_rule *rule);
int rstf_owner_setup(void);
void rstf_owner_teardown(void);

#endif /* _RSTF_OWNER_H */
