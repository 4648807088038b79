// SPDX-License-Identifier: GPL-2.0
/*
 * Packets of a netns that wait, in the order in which they are due, with one
 * timer for all.
 *
 * Who takes a packet out of the tree, under the lock, is the only one that
 * lets it go on or frees it, without the lock. Every packet belongs to a rule;
 * one whose rule is retired finds no way into the tree any more, so nothing is
 * left of a rule once rstf_queue_retire() is done with it.
 */
#include <linux/netdevice.h>

#include "action.h"
#include "behind.h"
#include "compat.h"
#include "held.h"
#include "hook.h"
#include "netns.h"
#include "next.h"
#include "payer.h"
#include "queue.h"
#include "rule.h"
#include "unload.h"
#include "uapi/rstfault.h"

/* Half of what goes on at once comes behind a segment, if there is so much. */
#define QUEUE_READY_BUDGET (RSTF_HELD_BUDGET / 2)

/* Of memory, as the kernel counts it, for the packets that wait in a netns. */
#define QUEUE_BYTES_MAX (256UL << 20)

static struct rstf_held *queue_entry(struct rb_node *node)
{
	return node ? rb_entry(node, struct rstf_held, node) : NULL;
}

static bool queue_before(const struct rstf_held *a, const struct rstf_held *b)
{
	if (a->due != b->due)
		return ktime_before(a->due, b->due);
	return a->serial < b->serial;
}

/* Have the timer fire when the first packet may go on, not before @earliest. */
static void queue_arm(struct rstf_queue *queue, ktime_t earliest)
{
	struct rstf_held *first = queue_entry(rb_first_cached(&queue->tree));

	lockdep_assert_held(&queue->lock);

	if (!first)
		return;
	hrtimer_start(&queue->timer,
		      max(list_empty(&queue->ready) ? first->due : ktime_get(),
			  earliest), HRTIMER_MODE_ABS_SOFT);
}

static void queue_insert(struct rstf_queue *queue, struct rstf_held *held)
{
	struct rb_node **link = &queue->tree.rb_root.rb_node, *parent = NULL;
	bool first = true;

	lockdep_assert_held(&queue->lock);

	if (queue->last && !queue_before(held, queue_entry(queue->last))) {
		parent = queue->last;
		link = &parent->rb_right;
		first = false;
	}
	while (*link) {
		parent = *link;
		if (queue_before(held, queue_entry(parent))) {
			link = &parent->rb_left;
		} else {
			link = &parent->rb_right;
			first = false;
		}
	}

	if (parent == queue->last && (!parent || link == &parent->rb_right))
		queue->last = &held->node;
	rb_link_node(&held->node, parent, link);
	rb_insert_color_cached(&held->node, &queue->tree, first);
	queue->len++;
	queue->bytes += held->size;
}

static void queue_remove(struct rstf_queue *queue, struct rstf_held *held)
{
	lockdep_assert_held(&queue->lock);

	if (queue->last == &held->node)
		queue->last = rb_prev(&held->node);
	rb_erase_cached(&held->node, &queue->tree);
	queue->len--;
	queue->bytes -= held->size;
	if (held->size)
		rstf_payer_uncharge(held->rule->payer, held->size);
	rstf_next_del(&queue->next, held);
}

/* Is there room for @held? If so, it is paid for. */
static int queue_admit(struct rstf_queue *queue, const struct rstf_held *held)
{
	lockdep_assert_held(&queue->lock);

	if (queue->closed || held->rule->retired || rstf_unload_meets(held))
		return -ESHUTDOWN;
	if (queue->len == RSTFAULT_HELD_MAX ||
	    queue->bytes + held->size > QUEUE_BYTES_MAX)
		return -ENOSPC;
	if (held->size && !rstf_payer_charge(held->rule->payer, held->size))
		return -ENOMEM;

	return 0;
}

/* From now on it may go on at any time, on any CPU once the lock is free. */
static void queue_start(struct rstf_queue *queue, struct rstf_held *held)
{
	lockdep_assert_held(&queue->lock);

	rstf_held_orphan(held);
	held->serial = queue->serial++;
	queue_insert(queue, held);
	if (held->kind == RSTF_HELD_SEGMENT && held->rule->delay.until_next)
		rstf_next_add(&queue->next, held);
	if (rb_first_cached(&queue->tree) == &held->node)
		queue_arm(queue, 0);
}

/**
 * rstf_queue_fire() - carry out an action by letting a packet wait
 * @held: the trigger, or what is sent because of it; on success it is the queue's
 *
 * The action is counted and told of before anything can come of it.
 *
 * Context: RCU read side, in the hook. No lock held.
 * Return: As rstf_queue_add(), but it does not ask for devices; after an error
 *	nothing was counted.
 */
int rstf_queue_fire(struct rstf_held *held)
{
	struct rstf_queue *queue = &held->rnet->queue;
	int err;

	spin_lock_bh(&queue->lock);
	err = queue_admit(queue, held);
	if (!err) {
		rstf_action_fired(held->rnet, held->rule, &held->seg);
		queue_start(queue, held);
	}
	spin_unlock_bh(&queue->lock);

	return err;
}

/**
 * rstf_queue_add() - let a packet wait until it is due
 * @held: the packet; on success it is the queue's
 *
 * Context: RCU read side. Softirq, or BH is disabled here. No lock held.
 * Return: 0; -ENOSPC: too many wait in this netns; -ENOMEM: the cgroup that
 *	pays refuses; -ESHUTDOWN: its rule is deleted, its netns or a module that
 *	it needs is on its way out, or a device is down. After an error it is
 *	the caller's.
 */
int rstf_queue_add(struct rstf_held *held)
{
	struct rstf_queue *queue = &held->rnet->queue;
	int err;

	spin_lock_bh(&queue->lock);
	/* What comes back to wait again was not found when its device went. */
	err = rstf_held_is_down(held) ? -ESHUTDOWN : queue_admit(queue, held);
	if (!err)
		queue_start(queue, held);
	spin_unlock_bh(&queue->lock);

	return err;
}

static enum hrtimer_restart queue_timer(struct hrtimer *timer)
{
	struct rstf_queue *queue = container_of(timer, struct rstf_queue,
						timer);
	struct rstf_held *held;
	ktime_t now = ktime_get();
	unsigned int nr = 0;
	LIST_HEAD(ready);
	LIST_HEAD(due);

	/* What is taken out goes on within one RCU read side. */
	rcu_read_lock();
	spin_lock(&queue->lock);
	while (nr < QUEUE_READY_BUDGET && !list_empty(&queue->ready)) {
		held = list_first_entry(&queue->ready, struct rstf_held, flow);
		queue_remove(queue, held);
		list_add_tail(&held->entry.list, &ready);
		nr++;
	}
	while (nr++ < RSTF_HELD_BUDGET) {
		held = queue_entry(rb_first_cached(&queue->tree));
		if (!held || ktime_before(now, held->due))
			break;
		queue_remove(queue, held);
		list_add_tail(&held->entry.list, &due);
	}
	/*
	 * All timers that were due when the softirq began are called within one
	 * turn of it, also one that is armed meanwhile. Leave that turn.
	 */
	queue_arm(queue, ktime_get());
	spin_unlock(&queue->lock);

	rstf_held_emit_list(&ready, RSTFAULT_FATE_NEXT);
	rstf_held_emit_list(&due, RSTFAULT_FATE_TIME);
	rcu_read_unlock();

	return HRTIMER_NORESTART;
}

/**
 * rstf_queue_init() - prepare the queue of a netns
 * @queue: the queue, zeroed
 *
 * Context: Before anything else can see @queue.
 */
void rstf_queue_init(struct rstf_queue *queue)
{
	spin_lock_init(&queue->lock);
	queue->tree = RB_ROOT_CACHED;
	rstf_next_init(&queue->next);
	INIT_LIST_HEAD(&queue->ready);
	rstf_hrtimer_setup(&queue->timer, queue_timer, CLOCK_MONOTONIC,
			   HRTIMER_MODE_ABS_SOFT);
}

/* Take those out that @filter is for, in their order. */
static void queue_take(struct rstf_queue *queue, rstf_held_filter_t filter,
		       const void *arg, struct list_head *list)
{
	struct rb_node *node, *next;
	struct rstf_held *held;

	lockdep_assert_held(&queue->lock);

	for (node = rb_first_cached(&queue->tree); node; node = next) {
		next = rb_next(node);
		held = queue_entry(node);
		if (!filter(held, arg))
			continue;
		queue_remove(queue, held);
		list_add_tail(&held->entry.list, list);
	}
}

static bool queue_is_segment_of(const struct rstf_held *held, const void *arg)
{
	return held->kind == RSTF_HELD_SEGMENT && (!arg || held->rule == arg);
}

static bool queue_is_retired(const struct rstf_held *held, const void *arg)
{
	return held->rule->retired;
}

static bool queue_is_any(const struct rstf_held *held, const void *arg)
{
	return true;
}

static bool queue_uses(const struct rstf_held *held, const void *arg)
{
	return rstf_held_uses(held, arg);
}

static bool queue_needs(const struct rstf_held *held, const void *arg)
{
	return rstf_held_needs(held, arg);
}

/* Let all of @list go on, and free the RSTs and copies among them. */
static u32 queue_emit(struct list_head *list, u8 fate)
{
	struct rstf_held *held;
	LIST_HEAD(unsent);
	unsigned int left;
	u32 nr = 0;

	might_sleep();

	while (!list_empty(list)) {
		left = RSTF_HELD_BUDGET;
		local_bh_disable();
		rcu_read_lock();
		do {
			held = list_first_entry(list, struct rstf_held,
						entry.list);
			list_del(&held->entry.list);
			if (held->kind == RSTF_HELD_SEGMENT) {
				nr += rstf_held_emit(held, fate);
			} else {
				list_add(&held->entry.list, &unsent);
				rstf_held_free_list(&unsent, fate);
			}
		} while (!list_empty(list) && --left);
		rcu_read_unlock();
		local_bh_enable();
		cond_resched();
	}

	return nr;
}

/**
 * rstf_queue_retire() - let go of all packets of rules
 * @rnet: the netns
 * @rules: list of rules by rstf_rule.list that have left the ruleset
 *
 * Segments that they hold go on, in the order in which they were due. RSTs and
 * copies that were still to come do not.
 *
 * Context: May sleep.
 */
void rstf_queue_retire(struct rstf_net *rnet, const struct list_head *rules)
{
	struct rstf_queue *queue = &rnet->queue;
	struct rstf_rule *rule;
	LIST_HEAD(list);

	rstf_unload_block();
	spin_lock_bh(&queue->lock);
	list_for_each_entry(rule, rules, list)
		rule->retired = true;
	/* Each that waits is looked at: not where no rule has left. */
	if (queue->len && !list_empty(rules))
		queue_take(queue, queue_is_retired, NULL, &list);
	spin_unlock_bh(&queue->lock);

	queue_emit(&list, RSTFAULT_FATE_RULE);
	rstf_unload_allow();
}

/**
 * rstf_queue_release() - let segments go on now
 * @rnet: the netns
 * @rule: whose segments; NULL: of every rule
 *
 * Context: May sleep.
 * Return: how many that were.
 */
u32 rstf_queue_release(struct rstf_net *rnet, const struct rstf_rule *rule)
{
	struct rstf_queue *queue = &rnet->queue;
	LIST_HEAD(list);
	u32 nr;

	/* Each that waits is looked at: not where nothing waits for this rule. */
	if (rule && !atomic_read(&rule->held))
		return 0;

	rstf_unload_block();
	spin_lock_bh(&queue->lock);
	queue_take(queue, queue_is_segment_of, rule, &list);
	spin_unlock_bh(&queue->lock);

	nr = queue_emit(&list, RSTFAULT_FATE_ASKED);
	rstf_unload_allow();

	return nr;
}

/**
 * rstf_queue_free_dev() - free all packets that have to do with a device
 * @rnet: the netns
 * @dev: device that goes down
 *
 * Context: RTNL held.
 */
void rstf_queue_free_dev(struct rstf_net *rnet, const struct net_device *dev)
{
	struct rstf_queue *queue = &rnet->queue;
	LIST_HEAD(list);

	spin_lock_bh(&queue->lock);
	queue_take(queue, queue_uses, dev, &list);
	spin_unlock_bh(&queue->lock);

	rstf_held_free_list(&list, RSTFAULT_FATE_DEVICE);
}

/**
 * rstf_queue_free_module() - free all packets that are to go on by a module
 * @rnet: the netns
 * @mod: module that is unloaded
 *
 * Context: May sleep. The module hands nothing to our hooks any more, and
 *	rstf_unload_meets() knows it.
 */
void rstf_queue_free_module(struct rstf_net *rnet, const struct module *mod)
{
	struct rstf_queue *queue = &rnet->queue;
	LIST_HEAD(list);

	spin_lock_bh(&queue->lock);
	queue_take(queue, queue_needs, mod, &list);
	spin_unlock_bh(&queue->lock);
	rstf_behind_take(rnet, queue_needs, mod, &list);

	rstf_held_free_list(&list, RSTFAULT_FATE_DEVICE);
}

/**
 * rstf_queue_follow() - let segments go on behind another one
 * @held: that one, which has gone on, or was freed
 *
 * Context: Any. No lock held.
 */
void rstf_queue_follow(struct rstf_held *held)
{
	struct rstf_queue *queue = &held->rnet->queue;

	spin_lock_bh(&queue->lock);
	list_splice_tail_init(&held->behind, &queue->ready);
	queue_arm(queue, ktime_get());
	spin_unlock_bh(&queue->lock);
}

/**
 * rstf_queue_next() - take the segments out that wait for this one
 * @rnet: the netns
 * @seg: a segment
 * @state: its traversal
 * @list: gets them, in the order in which they came
 *
 * If there are more than may go on at once, the timer lets the others go once the
 * last of these has.
 *
 * Context: RCU read side.
 */
void rstf_queue_next(struct rstf_net *rnet, const struct rstf_segment *seg,
		     const struct nf_hook_state *state, struct list_head *list)
{
	struct rstf_queue *queue = &rnet->queue;
	struct rstf_held *held, *second, *last = NULL;
	unsigned int nr = 0;

	if (!rstf_next_is_awaited(&queue->next, seg))
		return;

	spin_lock_bh(&queue->lock);
	held = rstf_next_find(&queue->next, seg, state->hook);
	for (; held && nr < RSTF_HELD_BUDGET; held = second) {
		second = list_empty(&held->flow) ? NULL :
						   list_next_entry(held, flow);
		queue_remove(queue, held);
		list_add_tail(&held->entry.list, list);
		last = held;
		nr++;
	}
	if (held) {
		rstf_next_splice(held, &last->behind);
		last->leads = true;
	}
	spin_unlock_bh(&queue->lock);
}

/**
 * rstf_queue_close() - let go of everything, and take nothing any more
 * @rnet: the netns
 * @free: the netns is on its way out, so nothing can go on
 *
 * Context: May sleep. Returns when the timer is no longer running.
 */
void rstf_queue_close(struct rstf_net *rnet, bool free)
{
	struct rstf_queue *queue = &rnet->queue;
	LIST_HEAD(waiting);
	LIST_HEAD(list);

	rstf_unload_block();
	spin_lock_bh(&queue->lock);
	WRITE_ONCE(queue->closed, true);
	queue_take(queue, queue_is_any, NULL, &waiting);
	spin_unlock_bh(&queue->lock);

	rstf_behind_take(rnet, queue_is_any, NULL, &list);
	list_splice_tail(&waiting, &list);

	hrtimer_cancel(&queue->timer);
	if (free)
		rstf_held_free_list(&list, RSTFAULT_FATE_NETNS);
	else
		queue_emit(&list, RSTFAULT_FATE_RULE);
	rstf_unload_allow();
}
