// SPDX-License-Identifier: GPL-2.0
/*
 * Life of a packet that waits: pinned with all that it points to, then let go
 * on, or freed. Every reference taken in rstf_held_alloc() is given back in
 * rstf_held_free().
 */
#include <linux/memcontrol.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/netfilter_bridge.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <net/dst.h>
#include <net/sock.h>
#include <net/tcp_states.h>

#include "action.h"
#include "compat.h"
#include "delivery.h"
#include "event.h"
#include "held.h"
#include "hook.h"
#include "netns.h"
#include "pin.h"
#include "queue.h"
#include "rule.h"
#include "stats.h"
#include "traverse.h"
#include "uapi/rstfault.h"

/* A process has its socket for some microseconds at a time. */
#define HELD_BUSY_WAIT (50 * NSEC_PER_USEC)
#define HELD_BUSY_TRIES 200

/*
 * What br_netfilter notes of a packet changes on its way, and copies and RSTs
 * have what their trigger has: theirs have to be their own. Returns false where
 * memory is short.
 */
static bool held_unshare(struct sk_buff *skb)
{
#if IS_ENABLED(CONFIG_BRIDGE_NETFILTER)
	if (nf_bridge_info_exists(skb))
		return skb_ext_add(skb, SKB_EXT_BRIDGE_NF);
#endif
	return true;
}

/* Is it of a socket of another netns, which it would keep? ipvlan has such. */
static bool held_is_foreign(const struct sk_buff *skb, const struct sock *sk)
{
	const struct dst_entry *dst = skb_dst(skb);

	return sk_fullsock(sk) && sk->sk_net_refcnt && dst && dst->dev &&
	       !net_eq(sock_net(sk), dev_net(dst->dev));
}

/**
 * rstf_held_own() - let a packet be of the socket that another one is of
 * @copy: the packet, of no socket; it gets no part of what the socket may send
 * @skb: the other one
 *
 * By sock_edemux the stack lends its RSTs the socket that they are made for.
 *
 * Context: RCU read side, or with a reference to the socket.
 */
void rstf_held_own(struct sk_buff *copy, const struct sk_buff *skb)
{
	struct sock *sk = skb->sk;

	if (!sk || held_is_foreign(skb, sk) ||
	    !refcount_inc_not_zero(&sk->sk_refcnt))
		return;

	copy->sk = sk;
	copy->destructor = sk_fullsock(sk) && skb->destructor != sock_edemux ?
			   sock_efree : sock_edemux;
}

/**
 * rstf_held_clone() - a segment that can wait without its sender
 * @skb: the segment
 * @hook: where it is
 *
 * A cable has no part of the memory that a socket may send from. Segments of
 * a TCP socket that waits would keep it from retransmitting them; the socket by
 * which the stack sends its own RSTs, one for all netns, would send no more.
 * Hooks behind ours may ask for the owner nevertheless, but not on the wire:
 * there it is enough to orphan the segment, see rstf_held_orphan().
 *
 * Context: RCU read side, in the hook.
 * Return: @skb, or a clone of it that has an owner, but no part of it; NULL:
 *	there is no memory.
 */
struct sk_buff *rstf_held_clone(struct sk_buff *skb, unsigned int hook)
{
	struct sk_buff *clone;

	/* What was only lent has no part of it. */
	if (hook != NF_INET_LOCAL_OUT || !skb->sk ||
	    skb->destructor == sock_edemux || skb->destructor == sock_efree)
		return skb;

	clone = skb_clone(skb, GFP_ATOMIC);
	if (clone)
		rstf_held_own(clone, skb);

	return clone;
}

/**
 * rstf_held_copy() - copy a packet that is to go on by itself
 * @skb: the packet
 * @hook: where it goes on
 *
 * Context: Any.
 * Return: the copy, of the same owner on its way out; NULL: there is no memory.
 */
struct sk_buff *rstf_held_copy(struct sk_buff *skb, unsigned int hook)
{
	struct sk_buff *copy = pskb_copy(skb, GFP_ATOMIC);

	if (!copy)
		return NULL;
	if (!held_unshare(copy)) {
		kfree_skb(copy);
		return NULL;
	}

	/* pskb_copy() forgets the header of the link layer. */
	copy->mac_len = skb->mac_len;
	memcpy(copy->head, skb->head, skb_headroom(skb));
	if (rstf_hook_is_leaving(hook))
		rstf_held_own(copy, skb);

	return copy;
}

/**
 * rstf_held_orphan() - let a packet wait without a socket, which would keep the
 *	netns meanwhile
 * @held: a packet that is certain to wait
 *
 * On the wire it has no sender. For one that has arrived the stack has found a
 * receiver, but that can be found again, or whoever has the address by then. Not
 * so one that listens: it may have been chosen by a rule (TPROXY) or by a BPF
 * program.
 *
 * Context: Any.
 */
void rstf_held_orphan(struct rstf_held *held)
{
	struct sk_buff *skb = held->entry.skb;

	if (!skb || !skb->sk)
		return;

	held->received = held->entry.state.hook == NF_INET_LOCAL_IN &&
			 READ_ONCE(skb->sk->sk_state) != TCP_LISTEN;
	if (held->received || held->entry.state.hook == NF_INET_POST_ROUTING)
		skb_orphan(skb);
}

/*
 * Hooks behind ours may ask whom a segment is for, as if it had not waited. One
 * that listened and does no longer is forgotten: the stack looks for another.
 */
static void held_find_receiver(const struct rstf_held *held)
{
	struct sk_buff *skb = held->entry.skb;
	struct sock *sk;

	if (!held->received) {
		if (held->entry.state.hook == NF_INET_LOCAL_IN && skb->sk &&
		    READ_ONCE(skb->sk->sk_state) != TCP_LISTEN)
			skb_orphan(skb);
		return;
	}

	sk = rstf_sock_find_receiver(&held->seg, skb, &held->entry.state);
	if (sk && READ_ONCE(sk->sk_state) != TCP_LISTEN) {
		skb->sk = sk;
		skb->destructor = sock_edemux;
	} else if (sk) {
		sock_gen_put(sk);
	}
}

/* Count what waits. To wait for what came of a RST that was sent is no waiting. */
static void held_count(const struct rstf_held *held, int change)
{
	struct rstf_queue *queue = &held->rnet->queue;

	if (held->kind == RSTF_HELD_OUTCOME || !change)
		return;

	atomic_add(change, held->kind == RSTF_HELD_SEGMENT ?
			   &queue->nr_held : &queue->nr_waiting);
	atomic_add(change, &held->rule->held);
}

/**
 * rstf_held_alloc() - pin a packet
 * @trigger: why, and whose traversal the packet is to go on with
 * @skb: the packet, the trigger's own, or one that was made for it; NULL: it
 *	has been sent already
 * @kind: what is to be done with it
 * @nr: how often
 *
 * Context: RCU read side.
 * Return: the packet, to be freed by rstf_held_free(); NULL: there is no
 *	memory, or something is on its way out, and the caller still has @skb.
 */
struct rstf_held *rstf_held_alloc(const struct rstf_trigger *trigger,
				  struct sk_buff *skb,
				  enum rstf_held_kind kind, u32 nr)
{
	struct mem_cgroup *memcg;
	struct rstf_held *held;

	memcg = set_active_memcg(trigger->rule->memcg);
	held = kzalloc(sizeof(*held), GFP_ATOMIC | __GFP_ACCOUNT | __GFP_NOWARN);
	set_active_memcg(memcg);
	if (!held)
		return NULL;

	/* That of the trigger; a copy has its own already. */
	if (kind == RSTF_HELD_RESET && !held_unshare(skb))
		goto err_free;
	if ((skb && !rstf_pin(skb, trigger->state)) || !rstf_rule_get(trigger->rule))
		goto err_free;

	held->entry.skb = skb;
	held->entry.state = *trigger->state;
	/* On the wire it has no socket, which would keep the netns meanwhile. */
	if (held->entry.state.hook == NF_INET_POST_ROUTING)
		held->entry.state.sk = NULL;
#if IS_ENABLED(CONFIG_BRIDGE_NETFILTER)
	if (skb && nf_bridge_info_exists(skb))
		held->entry.physout = nf_bridge_get_physoutdev(skb);
#endif
	if (!nf_queue_entry_get_refs(&held->entry))
		goto err_rule;

	if (skb) {
		held->dev = skb->dev;
		held->size = skb->truesize;
	}
	dev_hold(held->dev);
	held->rnet = trigger->rnet;
	held->rule = trigger->rule;
	held->seg = *trigger->seg;
	held->kind = kind;
	held->left = nr;
	held->since = ktime_get();
	held->due = held->since;
	INIT_HLIST_NODE(&held->next);
	INIT_LIST_HEAD(&held->flow);
	INIT_LIST_HEAD(&held->behind);
	held_count(held, held->left);
	return held;

err_rule:
	rstf_rule_put(trigger->rule);
err_free:
	kfree(held);
	return NULL;
}

/**
 * rstf_held_free() - give back all that a packet has pinned
 * @held: packet that nothing else points to; its skb is not freed
 *
 * What was to come behind it may do so now.
 *
 * Context: Any. No lock held.
 */
void rstf_held_free(struct rstf_held *held)
{
	if (unlikely(held->leads))
		rstf_queue_follow(held);
	held_count(held, -held->left);
	rstf_rule_put(held->rule);
	rstf_target_put(&held->target);
	dev_put(held->dev);
	nf_queue_entry_free(&held->entry);
}

/* Count and tell that a held segment is held no longer. */
static void held_report(const struct rstf_held *held, u8 fate)
{
	struct rstf_event event = {
		.type = RSTFAULT_EVENT_TYPE_RELEASE,
		.fate = fate,
		.rule = held->rule,
		.seg = &held->seg,
		.held = ktime_to_ns(ktime_sub(ktime_get(), held->since)),
	};

	if (fate == RSTFAULT_FATE_DEVICE || fate == RSTFAULT_FATE_NETNS)
		rstf_stats_count(held->rnet, lost);
	else
		rstf_stats_count(held->rnet, released);
	rstf_event(held->rnet, &event);
}

static void held_tell_outcome(const struct rstf_held *held)
{
	rstf_delivery_tell(held->rnet, held->rule, &held->seg,
			   rstf_target_outcome(&held->target), &held->target);
}

/**
 * rstf_held_free_list() - free packets that are not to go on
 * @list: of them, by rstf_held.entry.list; empty afterwards
 * @fate: why, enum rstfault_fate
 *
 * Context: Any. No lock held.
 */
void rstf_held_free_list(struct list_head *list, u8 fate)
{
	struct rstf_held *held, *next;

	list_for_each_entry_safe(held, next, list, entry.list) {
		list_del(&held->entry.list);
		if (held->kind == RSTF_HELD_SEGMENT)
			held_report(held, fate);
		else if (held->kind == RSTF_HELD_OUTCOME)
			held_tell_outcome(held);
		else
			rstf_delivery_cancel(held);
		kfree_skb(held->entry.skb);
		rstf_held_free(held);
	}
}

/* One of those that are still to come. Returns NULL where memory is short. */
static struct sk_buff *held_next_skb(struct rstf_held *held)
{
	struct sk_buff *skb = held->entry.skb;

	if (held->left > 1)
		return rstf_held_copy(skb, held->entry.state.hook);

	held->entry.skb = NULL;
	return skb;
}

/* From now on, wait for what comes of the last RST, which has been sent. */
static void held_become_outcome(struct rstf_held *held,
				const struct rstf_segment *rst,
				const struct rstf_target *target)
{
	held_count(held, -held->left);
	held->left = 0;
	held->kind = RSTF_HELD_OUTCOME;
	held->size = 0;
	held->seg = *rst;
	held->target = *target;
}

/* The target is busy: ask it again, however late it is already. */
static void held_queue_busy(struct rstf_held *held)
{
	held->due = ktime_add_ns(ktime_get(), HELD_BUSY_WAIT);
	if (rstf_queue_add(held)) {
		held_tell_outcome(held);
		rstf_held_free(held);
	}
}

/**
 * rstf_held_wait() - wait for what comes of a RST that was sent at once
 * @trigger: why it was sent
 * @rst: what was sent
 * @target: the local socket in whose backlog it waits; given back
 *
 * Context: RCU read side, BH disabled. No lock held.
 */
void rstf_held_wait(const struct rstf_trigger *trigger,
		    const struct rstf_segment *rst, struct rstf_target *target)
{
	struct rstf_held *held;

	held = rstf_held_alloc(trigger, NULL, RSTF_HELD_OUTCOME, 0);
	if (!held) {
		rstf_delivery_tell(trigger->rnet, trigger->rule, rst,
				   rstf_target_outcome(target), target);
		rstf_target_put(target);
		return;
	}

	held_become_outcome(held, rst, target);
	held_queue_busy(held);
}

/* Send one RST. The last one may have to be waited for. */
static void held_deliver(struct rstf_held *held, struct sk_buff *skb)
{
	const struct rstf_trigger trigger = rstf_held_trigger(held);
	struct rstf_delivery delivery RSTF_UNINITIALIZED;

	rstf_delivery_init(&delivery, &trigger, held->end, held->left == 1);
	if (rstf_delivery_emit(&delivery, skb))
		held_become_outcome(held, &delivery.rst, &delivery.target);
}

/* Send all that are due now, and wait for the time of the next one. */
static void held_emit_repeatedly(struct rstf_held *held)
{
	do {
		struct sk_buff *skb = held_next_skb(held);

		if (held->kind == RSTF_HELD_COPY)
			rstf_duplicate_emit(held, skb);
		else
			held_deliver(held, skb);
		if (held->kind == RSTF_HELD_OUTCOME) {
			held_queue_busy(held);
			return;
		}
		held_count(held, -1);
		held->left--;
	} while (held->left && !held->every);

	if (held->left) {
		held->due = ktime_add_ns(held->due, held->every);
		if (rstf_queue_add(held)) {
			rstf_delivery_cancel(held);
			kfree_skb(held->entry.skb);
			rstf_held_free(held);
		}
	} else {
		rstf_held_free(held);
	}
}

/* Has the target read its backlog? If not, ask again later, but not for ever. */
static void held_emit_outcome(struct rstf_held *held)
{
	if (rstf_target_is_busy(&held->target) &&
	    held->tries++ < HELD_BUSY_TRIES) {
		held_queue_busy(held);
		return;
	}

	held_tell_outcome(held);
	rstf_held_free(held);
}

/*
 * Is there still a route for what is to leave? What has arrived needs none, nor
 * does what a bridge sends on by itself.
 */
static bool held_has_route(const struct rstf_held *held)
{
	bool bridged = false;

#if IS_ENABLED(CONFIG_BRIDGE_NETFILTER)
	bridged = held->entry.physout;
#endif
	switch (held->entry.state.hook) {
	case NF_INET_PRE_ROUTING:
	case NF_INET_LOCAL_IN:
		return true;
	default:
		return bridged || !held->entry.skb ||
		       rstf_pin_has_route(held->entry.skb);
	}
}

/**
 * rstf_held_emit() - let a packet go on
 * @held: packet that nothing else points to; gone afterwards
 * @fate: why now, enum rstfault_fate; only held segments are asked for that
 *
 * Context: RCU read side, BH disabled. No lock held.
 * Return: whether it has gone on; else it was freed, as there is no way any more.
 */
bool rstf_held_emit(struct rstf_held *held, u8 fate)
{
	LIST_HEAD(stranded);

	if (!held_has_route(held)) {
		list_add(&held->entry.list, &stranded);
		rstf_held_free_list(&stranded, RSTFAULT_FATE_DEVICE);
		return false;
	}

	switch (held->kind) {
	case RSTF_HELD_SEGMENT:
		held_report(held, fate);
		held_find_receiver(held);
		rstf_traverse(held->rnet, held->entry.skb, &held->entry.state);
		rstf_held_free(held);
		break;
	case RSTF_HELD_COPY:
	case RSTF_HELD_RESET:
		held_emit_repeatedly(held);
		break;
	case RSTF_HELD_OUTCOME:
		held_emit_outcome(held);
		break;
	}

	return true;
}

/**
 * rstf_held_emit_list() - let packets go on
 * @list: of them, by rstf_held.entry.list; empty afterwards
 * @fate: why now, enum rstfault_fate
 *
 * Context: RCU read side, BH disabled. No lock held.
 */
void rstf_held_emit_list(struct list_head *list, u8 fate)
{
	struct rstf_held *held, *next;

	list_for_each_entry_safe(held, next, list, entry.list) {
		list_del(&held->entry.list);
		rstf_held_emit(held, fate);
	}
}

/**
 * rstf_held_uses() - whether a packet came by a device, or is to leave by it
 * @held: the packet
 * @dev: the device
 *
 * Context: Any.
 * Return: whether it does.
 */
bool rstf_held_uses(const struct rstf_held *held, const struct net_device *dev)
{
	const struct nf_hook_state *state = &held->entry.state;

#if IS_ENABLED(CONFIG_BRIDGE_NETFILTER)
	if (held->entry.physout == dev)
		return true;
#endif
	return state->in == dev || state->out == dev || held->dev == dev ||
	       (held->entry.skb &&
		held->entry.skb->skb_iif == dev->ifindex);
}

/* A VRF is none that packets come by. */
static bool held_dev_is_down(const struct net_device *dev)
{
	return dev && !netif_is_l3_master(dev) &&
	       !(READ_ONCE(dev->flags) & IFF_UP);
}

/**
 * rstf_held_is_down() - whether a device of a packet is down
 * @held: the packet
 *
 * It ceases to be up before rstf_queue_free_dev(), so what asks under the lock
 * of the queue and is told that it is up is found there.
 *
 * Context: RCU read side.
 * Return: true: it came by one that is down, or is to leave by one.
 */
bool rstf_held_is_down(const struct rstf_held *held)
{
	const struct nf_hook_state *state = &held->entry.state;
	const struct sk_buff *skb = held->entry.skb;

#if IS_ENABLED(CONFIG_BRIDGE_NETFILTER)
	if (held_dev_is_down(held->entry.physout))
		return true;
#endif
	if (held_dev_is_down(state->in) || held_dev_is_down(state->out) ||
	    held_dev_is_down(held->dev))
		return true;

	/* Of a bridge, only its number tells the port that it came by. */
	return skb && skb->skb_iif &&
	       held_dev_is_down(dev_get_by_index_rcu(state->net, skb->skb_iif));
}

/**
 * rstf_held_needs() - whether a packet is to go on by way of a module's code, or
 *	has something of it
 * @held: the packet
 * @mod: the module
 *
 * Context: Any.
 * Return: whether it is.
 */
bool rstf_held_needs(const struct rstf_held *held, const struct module *mod)
{
	return within_module((unsigned long)held->entry.state.okfn, mod) ||
	       (held->entry.skb && rstf_pin_needs(held->entry.skb, mod));
}
