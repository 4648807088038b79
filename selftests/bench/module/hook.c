// SPDX-License-Identifier: GPL-2.0
/*
 * The least that a hook can do: what others are compared with.
 */
#include <linux/err.h>
#include <linux/netfilter.h>
#include <linux/slab.h>

#include "bench.h"

static unsigned int hook_pass(void *priv, struct sk_buff *skb,
			      const struct nf_hook_state *state)
{
	return NF_ACCEPT;
}

static unsigned int hook_drop(void *priv, struct sk_buff *skb,
			      const struct nf_hook_state *state)
{
	return NF_DROP;
}

/**
 * bench_hook_register() - register a hook function that decides at once
 * @net: where
 * @hook: which
 *
 * Return: what bench_hook_unregister() wants, or an ERR_PTR().
 */
struct nf_hook_ops *bench_hook_register(struct net *net,
					const struct rstf_bench_hook *hook)
{
	struct nf_hook_ops *ops;
	int err;

	if (hook->hook >= NF_INET_NUMHOOKS ||
	    (hook->family != AF_INET && hook->family != AF_INET6))
		return ERR_PTR(-EINVAL);

	ops = kzalloc(sizeof(*ops), GFP_KERNEL);
	if (!ops)
		return ERR_PTR(-ENOMEM);
	ops->hook = hook->verdict == RSTF_BENCH_DROP ? hook_drop : hook_pass;
	ops->pf = hook->family == AF_INET6 ? NFPROTO_IPV6 : NFPROTO_IPV4;
	ops->hooknum = hook->hook;
	err = nf_register_net_hook(net, ops);
	if (err) {
		kfree(ops);
		return ERR_PTR(err);
	}

	return ops;
}

/**
 * bench_hook_unregister() - undo bench_hook_register()
 * @net: where
 * @ops: what was registered, or NULL
 */
void bench_hook_unregister(struct net *net, struct nf_hook_ops *ops)
{
	if (!ops)
		return;
	nf_unregister_net_hook(net, ops);
	kfree(ops);
}
