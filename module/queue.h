/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_QUEUE_H
#define _RSTF_QUEUE_H

#include <linux/hrtimer.h>
#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "next.h"

struct module;
struct net_device;
struct nf_hook_state;
struct rstf_held;
struct rstf_net;
struct rstf_rule;
struct rstf_segment;

/**
 * struct rstf_queue - packets of a netns that wait
 * @lock: protects all members but @timer, @nr_held and @nr_waiting, and what is
 *	charged to rstf_rule.payer; taken with BH disabled
 * @tree: packets, by the time when they are due
 * @last: last one in @tree, where most are added
 * @next: those that may go on when a segment of their flow passes
 * @ready: those of them for which one has passed, by rstf_held.flow; the timer
 *	lets them go on
 * @len: how many there are in @tree
 * @bytes: of memory that these take
 * @serial: given to the next one
 * @closed: takes no more
 * @timer: fires when the first one in @tree is due, or one is ready; armed under
 *	@lock
 * @nr_held: segments held, in @tree or about to go on
 * @nr_waiting: forged RSTs and copies that are still to be sent
 */
struct rstf_queue {
	spinlock_t lock; /* all below, but for the last three */
	struct rb_root_cached tree;
	struct rb_node *last;
	struct rstf_next next;
	struct list_head ready;
	u32 len;
	unsigned long bytes;
	u64 serial;
	bool closed;
	struct hrtimer timer;
	atomic_t nr_held;
	atomic_t nr_waiting;
};

void rstf_queue_init(struct rstf_queue *queue);
void rstf_queue_close(struct rstf_net *rnet, bool free);
int rstf_queue_fire(struct rstf_held *held);
int rstf_queue_add(struct rstf_held *held);
void rstf_queue_retire(struct rstf_net *rnet, const struct list_head *rules);
u32 rstf_queue_release(struct rstf_net *rnet, const struct rstf_rule *rule);
void rstf_queue_free_dev(struct rstf_net *rnet, const struct net_device *dev);
void rstf_queue_free_module(struct rstf_net *rnet, const struct module *mod);
void rstf_queue_follow(struct rstf_held *held);
void rstf_queue_next(struct rstf_net *rnet, const struct rstf_segment *seg,
		     const struct nf_hook_state *state, struct list_head *list);

#endif /* _RSTF_QUEUE_H */
