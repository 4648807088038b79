/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _BENCH_H
#define _BENCH_H

#include <linux/netfilter.h>
#include <linux/socket.h>
#include <linux/types.h>

#include "rstf_bench.h"

struct net;
struct net_device;
struct nf_hook_ops;
struct sk_buff;

/**
 * struct bench_source - where packets come from
 * @net: network namespace
 * @arg: what is asked for
 * @bytes: all packets
 * @indev: of @arg, with a reference, or NULL
 * @outdev: of @arg, with a reference, or NULL
 */
struct bench_source {
	struct net *net;
	const struct rstf_bench_packets *arg;
	u8 *bytes;
	struct net_device *indev;
	struct net_device *outdev;
};

int bench_source_init(struct bench_source *source, struct net *net,
		      const struct rstf_bench_packets *arg);
void bench_source_clean(struct bench_source *source);
struct sk_buff *bench_source_skb(const struct bench_source *source, u32 nr);

int bench_traverse(struct net *net, struct rstf_bench_run *run);
int bench_hold(struct net *net, struct rstf_bench_hold *hold);

struct nf_hook_ops *bench_hook_register(struct net *net,
					const struct rstf_bench_hook *hook);
void bench_hook_unregister(struct net *net, struct nf_hook_ops *ops);

/**
 * bench_pf() - protocol family of a hook
 * @source: where packets come from
 *
 * Return: NFPROTO_*.
 */
static inline u8 bench_pf(const struct bench_source *source)
{
	return source->arg->family == AF_INET6 ? NFPROTO_IPV6 : NFPROTO_IPV4;
}

#endif /* _BENCH_H */
