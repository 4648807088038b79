/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_HELD_H
#define _RSTF_HELD_H

#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/types.h>
#include <net/netfilter/nf_queue.h>

#include "action.h"
#include "segment.h"
#include "sock.h"
#include "target.h"

struct module;
struct net_device;
struct rstf_net;
struct rstf_rule;

/* As many packets go on before others get the CPU. */
#define RSTF_HELD_BUDGET 64

/**
 * enum rstf_held_kind - what is to be done with it
 * @RSTF_HELD_SEGMENT: a segment that a rule delays, let it go on
 * @RSTF_HELD_COPY: a copy of a segment, let it go on as often as it is to
 * @RSTF_HELD_RESET: a forged RST, send it as often as it is to be sent
 * @RSTF_HELD_OUTCOME: a RST that waits in the backlog of its target: tell what
 *	came of it once it has been read
 */
enum rstf_held_kind {
	RSTF_HELD_SEGMENT,
	RSTF_HELD_COPY,
	RSTF_HELD_RESET,
	RSTF_HELD_OUTCOME,
};

/**
 * struct rstf_held - a packet that waits, and all that it points to
 * @entry: packet, traversal, and the references of nf_queue_entry_get_refs();
 *	first, as nf_queue_entry_free() frees it
 * @node: place in rstf_queue.tree, protected by rstf_queue.lock
 * @next: place in rstf_next.buckets, protected by rstf_queue.lock; unhashed
 *	unless it waits for the next segment of its flow, and is the first that does
 * @flow: others that wait for the same, in a ring, or place in rstf_queue.ready;
 *	protected by rstf_queue.lock
 * @behind: segments that may go on once this one has, by rstf_held.flow;
 *	protected by rstf_queue.lock
 * @rnet: the netns
 * @rule: the rule, with a reference
 * @dev: rstf_held.entry.skb->dev, with a reference, or NULL
 * @seg: the trigger; of RSTF_HELD_OUTCOME the RST
 * @due: when it is to go on, CLOCK_MONOTONIC
 * @since: since when it waits, CLOCK_MONOTONIC
 * @every: nanoseconds between one and the next
 * @size: bytes of memory that the packet takes
 * @serial: decides between equal @due
 * @left: how many are still to come
 * @tries: how often the target of a RST was found busy
 * @target: of RSTF_HELD_OUTCOME, with a reference
 * @kind: what is to be done with it
 * @end: whom a RST is for
 * @leads: there may be some in @behind
 * @received: it has let go of the socket that the stack had found for it
 *
 * rstf_held_free() gives all references back.
 */
struct rstf_held {
	struct nf_queue_entry entry;
	struct rb_node node;
	struct hlist_node next;
	struct list_head flow;
	struct list_head behind;
	struct rstf_net *rnet;
	struct rstf_rule *rule;
	struct net_device *dev;
	struct rstf_segment seg;
	struct rstf_target target;
	ktime_t due;
	ktime_t since;
	u64 every;
	u32 size;
	u64 serial;
	u32 left;
	u32 tries;
	enum rstf_held_kind kind;
	enum rstf_end end;
	bool leads;
	bool received;
};

/**
 * rstf_held_trigger() - why a packet waits
 * @held: the packet
 *
 * Return: the trigger, as long as @held is there; without its packet.
 */
static inline struct rstf_trigger
rstf_held_trigger(const struct rstf_held *held)
{
	return (struct rstf_trigger){
		.rnet = held->rnet,
		.rule = held->rule,
		.seg = &held->seg,
		.state = &held->entry.state,
	};
}

/* Whether a packet is one of those that are looked for, by @arg. */
typedef bool (*rstf_held_filter_t)(const struct rstf_held *held,
				   const void *arg);

struct rstf_held *rstf_held_alloc(const struct rstf_trigger *trigger,
				  struct sk_buff *skb,
				  enum rstf_held_kind kind, u32 nr);
void rstf_held_free(struct rstf_held *held);
void rstf_held_free_list(struct list_head *list, u8 fate);
void rstf_held_wait(const struct rstf_trigger *trigger,
		    const struct rstf_segment *rst,
		    struct rstf_target *target);
bool rstf_held_emit(struct rstf_held *held, u8 fate);
void rstf_held_emit_list(struct list_head *list, u8 fate);
struct sk_buff *rstf_held_clone(struct sk_buff *skb, unsigned int hook);
void rstf_held_own(struct sk_buff *copy, const struct sk_buff *skb);
struct sk_buff *rstf_held_copy(struct sk_buff *skb, unsigned int hook);
void rstf_held_orphan(struct rstf_held *held);
bool rstf_held_uses(const struct rstf_held *held,
		    const struct net_device *dev);
bool rstf_held_is_down(const struct rstf_held *held);
bool rstf_held_needs(const struct rstf_held *held, const struct module *mod);

#endif /* _RSTF_HELD_H */
