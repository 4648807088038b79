/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_EXPIRY_H
#define _RSTF_EXPIRY_H

#include <linux/types.h>

struct rstf_net;
struct rstf_rule;

void rstf_expiry_init(struct rstf_net *rnet);
void rstf_expiry_stop(struct rstf_net *rnet);
void rstf_expiry_expect(struct rstf_net *rnet, u64 expires);
void rstf_expiry_sweep(struct rstf_net *rnet);
u64 rstf_expiry_remaining(const struct rstf_rule *rule);

#endif /* _RSTF_EXPIRY_H */
