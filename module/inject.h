/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_INJECT_H
#define _RSTF_INJECT_H

#include <linux/types.h>

struct netlink_ext_ack;
struct rstf_forge;
struct rstf_net;
struct rstf_segment;

int rstf_inject(struct rstf_net *rnet, struct rstf_segment *seg,
		const struct rstf_forge *forge, u8 *outcome,
		struct netlink_ext_ack *extack);

#endif /* _RSTF_INJECT_H */
