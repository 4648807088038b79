// SPDX-License-Identifier: GPL-2.0
/*
 * Packets that go on right behind a segment.
 *
 * At most points the segment is sent on its way here and now, and they after
 * it. Not at PRE_ROUTING: netfilter collects packets there and lets a whole
 * list of them go on at once, so that one of them alone would overtake others
 * of its flow. What is to come behind waits for a tasklet there, which runs on
 * the same CPU after the softirq that receives; of high priority, so that it
 * comes before that softirq's next turn, with what the segment gives rise to.
 *
 * Why teardown is safe. A packet enters the list of a CPU under its lock, and
 * not once the queue of its netns is closed; rstf_behind_take() comes after
 * that, takes every lock, and leaves none of the netns there. What the tasklet
 * has taken out before is within an RCU read side; the core lets a grace period
 * pass before it frees the netns.
 */
#include <linux/interrupt.h>
#include <linux/netfilter.h>
#include <linux/percpu.h>
#include <net/net_namespace.h>

#include "behind.h"
#include "held.h"
#include "netns.h"
#include "queue.h"
#include "traverse.h"
#include "unload.h"
#include "uapi/rstfault.h"

/**
 * struct behind - packets that wait for the tasklet of a CPU
 * @lock: protects @list; taken with BH disabled
 * @list: packets by rstf_held.entry.list
 * @tasklet: lets them go on
 */
struct behind {
	spinlock_t lock; /* list */
	struct list_head list;
	struct tasklet_struct tasklet;
};

static DEFINE_PER_CPU(struct behind, behind);

static void behind_tasklet(struct tasklet_struct *tasklet)
{
	struct behind *own = from_tasklet(own, tasklet, tasklet);
	unsigned int nr;
	LIST_HEAD(list);
	bool left;

	rcu_read_lock();
	spin_lock(&own->lock);
	for (nr = 0; nr < RSTF_HELD_BUDGET && !list_empty(&own->list); nr++)
		list_move_tail(own->list.next, &list);
	left = !list_empty(&own->list);
	spin_unlock(&own->lock);

	rstf_held_emit_list(&list, RSTFAULT_FATE_NEXT);
	rcu_read_unlock();

	if (left)
		tasklet_hi_schedule(tasklet);
}

/**
 * rstf_behind_add() - let a packet go on as soon as this CPU can
 * @held: the packet; on success it is no longer the caller's
 *
 * Context: RCU read side.
 * Return: 0; -ESHUTDOWN: the netns, or a module that it needs, is on its way
 *	out.
 */
int rstf_behind_add(struct rstf_held *held)
{
	struct behind *own;
	int err = 0;

	local_bh_disable();
	own = this_cpu_ptr(&behind);
	spin_lock(&own->lock);
	if (READ_ONCE(held->rnet->queue.closed) || rstf_unload_meets(held))
		err = -ESHUTDOWN;
	else
		list_add_tail(&held->entry.list, &own->list);
	spin_unlock(&own->lock);
	if (!err)
		tasklet_hi_schedule(&own->tasklet);
	local_bh_enable();

	return err;
}

/* With a netns that is on its way out, nothing can go on. */
static void behind_emit(struct rstf_held *held, u8 fate)
{
	LIST_HEAD(list);

	if (check_net(held->rnet->net)) {
		local_bh_disable();
		rstf_held_emit(held, fate);
		local_bh_enable();
	} else {
		list_add(&held->entry.list, &list);
		rstf_held_free_list(&list, RSTFAULT_FATE_NETNS);
	}
}

/**
 * rstf_behind_segment() - let packets go on right behind a segment
 * @rnet: the netns
 * @skb: the segment; NULL: it is dropped, and they go in its place
 * @state: its traversal
 * @list: packets by rstf_held.entry.list; empty afterwards
 * @fate: why held segments among them go on, enum rstfault_fate
 *
 * Once the module or the netns is on its way out, they do not wait any more for
 * a segment at PRE_ROUTING to go first.
 *
 * Context: RCU read side, in the hook. No lock held.
 * Return: whether @skb has gone on; else the caller has to pass it.
 */
bool rstf_behind_segment(struct rstf_net *rnet, struct sk_buff *skb,
			 const struct nf_hook_state *state,
			 struct list_head *list, u8 fate)
{
	bool now = state->hook != NF_INET_PRE_ROUTING && !list_empty(list);
	struct rstf_held *held, *next;

	if (now && skb)
		rstf_traverse(rnet, skb, state);

	list_for_each_entry_safe(held, next, list, entry.list) {
		list_del(&held->entry.list);
		if (now || rstf_behind_add(held))
			behind_emit(held, fate);
	}

	return now;
}

/**
 * rstf_behind_take() - take packets of a netns out
 * @rnet: the netns
 * @filter: which of them
 * @arg: for @filter
 * @list: gets them, behind what is in it
 *
 * Context: May sleep.
 */
void rstf_behind_take(struct rstf_net *rnet, rstf_held_filter_t filter,
		      const void *arg, struct list_head *list)
{
	struct rstf_held *held, *next;
	struct behind *one;
	int cpu;

	for_each_possible_cpu(cpu) {
		one = per_cpu_ptr(&behind, cpu);
		spin_lock_bh(&one->lock);
		list_for_each_entry_safe(held, next, &one->list, entry.list)
			if (held->rnet == rnet && filter(held, arg))
				list_move_tail(&held->entry.list, list);
		spin_unlock_bh(&one->lock);
	}
}

/**
 * rstf_behind_setup() - prepare the lists of all CPUs
 *
 * Context: Module init.
 */
void __init rstf_behind_setup(void)
{
	struct behind *one;
	int cpu;

	for_each_possible_cpu(cpu) {
		one = per_cpu_ptr(&behind, cpu);
		spin_lock_init(&one->lock);
		INIT_LIST_HEAD(&one->list);
		tasklet_setup(&one->tasklet, behind_tasklet);
	}
}

/**
 * rstf_behind_teardown() - wait until no tasklet runs
 *
 * Context: Module exit, with every netns gone.
 */
void rstf_behind_teardown(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		tasklet_kill(&per_cpu_ptr(&behind, cpu)->tasklet);
}
