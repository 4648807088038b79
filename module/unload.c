// SPDX-License-Identifier: GPL-2.0
/*
 * Packets that wait may be on their way to the code of another module: with
 * br_netfilter, a bridge's. Nothing keeps that module, so when it is unloaded
 * they cannot go on.
 *
 * Why this is in time. The notifier is called when the module's own exit has
 * unregistered all that could give us further packets, and before its code is
 * freed. Packets that were taken out to go on are within an RCU read side, or
 * their taker has told so by rstf_unload_block(). What would come back to wait
 * once more is refused: whoever lets something wait asks for the module under
 * the lock that was taken to look for its packets. A netns is looked at until
 * its queue is closed, longer than for_each_net() knows of it.
 */
#include <linux/list.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/rcupdate.h>
#include <linux/rwsem.h>

#include "held.h"
#include "netns.h"
#include "queue.h"
#include "unload.h"

/* Protects what is below. Held for reading, no module loses its packets. */
static DECLARE_RWSEM(unload_lock);

/* By rstf_net.unload. */
static LIST_HEAD(unload_nets);

/* The module that goes; read under the locks of those that wait. */
static struct module *unload_module;

/**
 * rstf_unload_join() - look for the packets of modules in a netns, too
 * @rnet: the netns, with a queue
 *
 * Context: May sleep.
 */
void rstf_unload_join(struct rstf_net *rnet)
{
	down_write(&unload_lock);
	list_add_tail(&rnet->unload, &unload_nets);
	up_write(&unload_lock);
}

/**
 * rstf_unload_leave() - look there no more
 * @rnet: the netns, with its queue closed
 *
 * Context: May sleep.
 */
void rstf_unload_leave(struct rstf_net *rnet)
{
	down_write(&unload_lock);
	list_del(&rnet->unload);
	up_write(&unload_lock);
}

/**
 * rstf_unload_block() - packets are about to be taken out, and to go on
 *
 * No module goes that they may need before rstf_unload_allow(), though the RCU
 * read side is left meanwhile.
 *
 * Context: May sleep, also under rstf_net.lock.
 */
void rstf_unload_block(void)
{
	down_read(&unload_lock);
}

/**
 * rstf_unload_allow() - all that was taken out has gone on
 *
 * Context: As rstf_unload_block().
 */
void rstf_unload_allow(void)
{
	up_read(&unload_lock);
}

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
	struct rstf_net *rnet;

	if (event != MODULE_STATE_GOING)
		return NOTIFY_DONE;

	down_write(&unload_lock);
	WRITE_ONCE(unload_module, data);
	list_for_each_entry(rnet, &unload_nets, unload)
		rstf_queue_free_module(rnet, data);
	synchronize_rcu();
	WRITE_ONCE(unload_module, NULL);
	up_write(&unload_lock);

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
