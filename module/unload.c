// SPDX-License-Identifier: GPL-2.0
/*
 * Packets that wait may be on their way to the code of another module: with
 * br_netfilter, a bridge's. Nothing keeps that module, so when it is unloaded
 * they cannot go on.
 *
 * Why this is in time. The notifier is called when the module's own exit has
 * unregistered all that could give us further packets, and before its code is
 * freed. Packets that were taken out to go on are within an RCU read side.
 */
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/rcupdate.h>
#include <linux/rtnetlink.h>
#include <net/net_namespace.h>

#include "netns.h"
#include "queue.h"
#include "unload.h"

static int unload_event(struct notifier_block *block, unsigned long event,
			void *data)
{
	struct net *net;

	if (event != MODULE_STATE_GOING)
		return NOTIFY_DONE;

	down_read(&net_rwsem);
	for_each_net(net)
		rstf_queue_free_module(rstf_net(net), data);
	up_read(&net_rwsem);
	synchronize_rcu();

	return NOTIFY_DONE;
}

static struct notifier_block unload_notifier = {
	.notifier_call = unload_event,
};

/**
 * rstf_unload_setup() - begin to hear of modules that go
 *
 * Context: Module init, with every netns set up.
 * Return: 0 or a negative errno.
 */
int __init rstf_unload_setup(void)
{
	return register_module_notifier(&unload_notifier);
}

/**
 * rstf_unload_teardown() - hear of modules no more
 *
 * Context: Module exit, with every queue closed by rstf_netns_close().
 */
void rstf_unload_teardown(void)
{
	unregister_module_notifier(&unload_notifier);
}
