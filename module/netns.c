// SPDX-License-Identifier: GPL-2.0
/*
 * Life of a network namespace's rules.
 *
 * Why teardown is safe. When a netns goes away, or the module does, no request
 * can reach its rules any more: the last socket of the netns is closed, or the
 * netlink family is unregistered, and so is the notifier of closed sockets.
 * netns_pre_exit() stops the work that deletes rules, the last that could make
 * a commit; closes the queue, so that no packet can wait any more; and then
 * unregisters the hooks, so that no packet can enter them. The core lets a grace
 * period pass between .pre_exit and .exit, so that none is left in them;
 * netns_exit() frees.
 */
#include <linux/rtnetlink.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "event.h"
#include "expiry.h"
#include "flow.h"
#include "hook.h"
#include "netns.h"
#include "rulelist.h"
#include "stats.h"
#include "unload.h"

static unsigned int netns_id __read_mostly;

/**
 * rstf_net() - what a network namespace has of its own
 * @net: the netns
 *
 * Context: Any; the caller holds a reference to @net.
 * Return: valid as long as @net.
 */
struct rstf_net *rstf_net(const struct net *net)
{
	return net_generic(net, netns_id);
}

static int __net_init netns_init(struct net *net)
{
	struct rstf_net *rnet = rstf_net(net);
	int err;

	rnet->net = net;
	mutex_init(&rnet->lock);
	rstf_hook_init(rnet);
	rstf_queue_init(&rnet->queue);
	rstf_expiry_init(rnet);
	rstf_event_init(rnet);

	rnet->stats = alloc_percpu_gfp(struct rstf_stats,
				       GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!rnet->stats)
		return -ENOMEM;

	err = rstf_rulelist_init(rnet);
	if (err) {
		free_percpu(rnet->stats);
		return err;
	}

	rstf_unload_join(rnet);
	return 0;
}

static void __net_exit netns_pre_exit(struct net *net)
{
	struct rstf_net *rnet = rstf_net(net);

	rstf_expiry_stop(rnet);
	/* The hooks are still there, so that what is held goes on behind them. */
	rstf_queue_close(rnet, !check_net(net));
	rstf_unload_leave(rnet);
	mutex_lock(&rnet->lock);
	rstf_hook_unregister(rnet, ~0);
	mutex_unlock(&rnet->lock);
}

static void __net_exit netns_exit(struct net *net)
{
	struct rstf_net *rnet = rstf_net(net);

	rstf_rulelist_clean(rnet);
	rstf_next_clean(&rnet->queue.next);
	rstf_flow_clean(rnet);
	free_percpu(rnet->stats);
	mutex_destroy(&rnet->lock);
}

static struct pernet_operations netns_ops = {
	.init = netns_init,
	.pre_exit = netns_pre_exit,
	.exit = netns_exit,
	.id = &netns_id,
	.size = sizeof(struct rstf_net),
};

/**
 * rstf_netns_setup() - give every netns, present and future, its own rules
 *
 * Context: Module init.
 * Return: 0 or -ENOMEM.
 */
int __init rstf_netns_setup(void)
{
	return register_pernet_subsys(&netns_ops);
}

/**
 * rstf_netns_close() - let go of the packets that wait in every netns
 *
 * They go on; from now on none is held.
 *
 * Context: Module exit, with the netlink family unregistered. May sleep.
 */
void rstf_netns_close(void)
{
	struct net *net;

	down_read(&net_rwsem);
	for_each_net(net)
		rstf_queue_close(rstf_net(net), !check_net(net));
	up_read(&net_rwsem);
}

/**
 * rstf_netns_teardown() - take the rules from every netns
 *
 * Context: Module exit, with the netlink family and the notifier of closed
 *	sockets unregistered.
 */
void rstf_netns_teardown(void)
{
	unregister_pernet_subsys(&netns_ops);
}
