/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_UNLOAD_H
#define _RSTF_UNLOAD_H

#include <linux/types.h>

struct rstf_held;
struct rstf_net;

void rstf_unload_join(struct rstf_net *rnet);
void rstf_unload_leave(struct rstf_net *rnet);
void rstf_unload_block(void);
void rstf_unload_allow(void);
bool rstf_unload_meets(const struct rstf_held *held);
int rstf_unload_setup(void);
void rstf_unload_teardown(void);

#endif /* _RSTF_UNLOAD_H */
