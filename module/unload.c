// SPDX-License-Identifier: GPL-2.0
/*
 * Packets that wait may be on their way to the code of another module: with
 * br_netfilter, a bridge's. Nothing keeps that module, so when it is unloaded
 * they cannot go on.
 *
 * Why this is in time. The notifier is called when the module's own exit has
 * unregistered all that could give us further packets, and before its code is
 * freed. Packets that were taken out to go on are within an RCU read side, and
 * what would come back to wait once more is refused: whoever lets something wait
 * asks for the module under the lock that was taken to look for its packets.
 */
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/rcupdate.h>
#include <linux/rtnetlink.h>
#include <net/net_namespace.h>

#include "held.h"
#include "netns.h"
#include "queue.h"
#include "unload.h"

/* Several modules may go at the same time: one after another. */
static DEFINE_MUTEX(unload_lock);

/* The module that goes; written under unload_lock. */
static struct module *unload_module;

/**
 * rstf_unload_meets() - whether a packet cannot go on, as a module goes
 * @held: the packet
 *
 * Context: Any; under a lock that rstf_queue_free_module() takes.
 * Return: true: it is to go on by way of a module that is being unloaded.
 */
bool rstf_unload_meets(const struct rstf_held *held)
{
	const struct module *mod = READ_ONCE(unload_module);

	return unlikely(mod) && rstf_held_needs(held, mod);
}

static int unload_event(struct notifier_block *block, unsigned long event,
			void *data)
{
	struct net *net;

	if (event != MODULE_STATE_GOING)
		return NOTIFY_DONE;

	mutex_lock(&unload_lock);
	WRITE_ONCE(unload_module, data);
	down_read(&net_rwsem);
	for_each_net(net)
		rstf_queue_free_module(rstf_net(net), data);
	up_read(&net_rwsem);
	synchronize_rcu();
	WRITE_ONCE(unload_module, NULL);
	mutex_unlock(&unload_lock);

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
