/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _BENCH_H
#define _BENCH_H

#include "rstf_bench.h"

struct net;
struct nf_hook_ops;

int bench_traverse(struct net *net, struct rstf_bench_run *run);
struct nf_hook_ops *bench_hook_register(struct net *net,
					const struct rstf_bench_hook *hook);
void bench_hook_unregister(struct net *net, struct nf_hook_ops *ops);

#endif /* _BENCH_H */
