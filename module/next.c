// SPDX-License-Identifier: GPL-2.0
/*
 * Segments that wait for the next one of their flow.
 *
 * Of each flow, the one that has waited longest is in a bucket; the others stand
 * behind it in a ring, in their order. So a segment is looked for among flows,
 * not among all that waits: whoever sends us many segments of one flow makes
 * nothing slow for the others.
 */
#include <linux/jhash.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/slab.h>

#include "held.h"
#include "next.h"
#include "queue.h"
#include "segment.h"
#include "uapi/rstfault.h"

/* Of as many flows as can wait, eight are in one bucket. */
#define NEXT_BUCKETS (RSTFAULT_HELD_MAX / 8)

static spinlock_t *next_lock(const struct rstf_next *next)
{
	return &container_of(next, struct rstf_queue, next)->lock;
}

static struct hlist_head *next_bucket(const struct rstf_next *next,
				      struct hlist_head *buckets,
				      const struct rstf_segment *seg)
{
	u32 hash = jhash_2words(seg->sport << 16 | seg->dport, seg->family,
				next->seed);

	hash = jhash2((const u32 *)&seg->saddr, 4, hash);
	hash = jhash2((const u32 *)&seg->daddr, 4, hash);
	return &buckets[hash % NEXT_BUCKETS];
}

static bool next_is_of(const struct rstf_held *held,
		       const struct rstf_segment *seg, unsigned int hook)
{
	return held->entry.state.hook == hook &&
	       held->seg.family == seg->family &&
	       held->seg.sport == seg->sport &&
	       held->seg.dport == seg->dport &&
	       !memcmp(&held->seg.saddr, &seg->saddr, sizeof(seg->saddr)) &&
	       !memcmp(&held->seg.daddr, &seg->daddr, sizeof(seg->daddr));
}

/**
 * rstf_next_init() - nothing waits
 * @next: of the netns, zeroed
 *
 * Context: Before anything else can see @next.
 */
void rstf_next_init(struct rstf_next *next)
{
	next->seed = get_random_u32();
}

/**
 * rstf_next_setup() - see that segments can wait
 * @next: of the netns
 *
 * Context: May sleep. Caller holds rstf_net.lock; before the packet path sees a
 *	rule that has segments wait.
 * Return: 0 or -ENOMEM.
 */
int rstf_next_setup(struct rstf_next *next)
{
	struct hlist_head *buckets;

	if (next->buckets)
		return 0;

	/* Zeroed, they are empty. */
	buckets = kvcalloc(NEXT_BUCKETS, sizeof(*buckets), GFP_KERNEL_ACCOUNT);
	if (!buckets)
		return -ENOMEM;

	/*
	 * Who holds a segment has read a rule, and takes the lock: nothing else
	 * orders the rule and this.
	 */
	spin_lock_bh(next_lock(next));
	/* Pairs with rstf_next_is_awaited(): who sees them sees them empty. */
	smp_store_release(&next->buckets, buckets);
	spin_unlock_bh(next_lock(next));
	return 0;
}

/**
 * rstf_next_clean() - give back what rstf_next_setup() took
 * @next: of the netns, in which nothing waits
 *
 * Context: May sleep. A grace period has passed since the hooks were
 *	unregistered.
 */
void rstf_next_clean(struct rstf_next *next)
{
	kvfree(next->buckets);
}

/**
 * rstf_next_is_awaited() - whether segments may wait for this one
 * @next: of the netns
 * @seg: a segment
 *
 * Context: RCU read side. No lock needed: what begins to wait meanwhile need not
 *	be seen.
 * Return: true: rstf_next_find() is to be asked.
 */
bool rstf_next_is_awaited(const struct rstf_next *next,
			  const struct rstf_segment *seg)
{
	struct hlist_head *buckets;

	/* Pairs with rstf_next_setup(). */
	buckets = smp_load_acquire(&next->buckets);
	return buckets && !hlist_empty(next_bucket(next, buckets, seg));
}

/**
 * rstf_next_add() - let a segment wait
 * @next: of its netns
 * @held: the segment, which does not wait
 *
 * Context: Caller holds rstf_queue.lock.
 */
void rstf_next_add(struct rstf_next *next, struct rstf_held *held)
{
	struct rstf_held *first;

	lockdep_assert_held(next_lock(next));

	first = rstf_next_find(next, &held->seg, held->entry.state.hook);
	if (first)
		list_add_tail(&held->flow, &first->flow);
	else
		hlist_add_head(&held->next, next_bucket(next, next->buckets,
							&held->seg));
	WRITE_ONCE(next->nr, next->nr + 1);
}

/**
 * rstf_next_del() - a segment waits no longer
 * @next: of its netns
 * @held: a segment; if it does not wait, nothing happens
 *
 * Context: Caller holds rstf_queue.lock.
 */
void rstf_next_del(struct rstf_next *next, struct rstf_held *held)
{
	struct rstf_held *second = list_next_entry(held, flow);

	lockdep_assert_held(next_lock(next));

	if (hlist_unhashed(&held->next) && second == held)
		return;

	if (!hlist_unhashed(&held->next)) {
		if (second != held)
			hlist_add_behind(&second->next, &held->next);
		hlist_del_init(&held->next);
	}
	list_del_init(&held->flow);
	WRITE_ONCE(next->nr, next->nr - 1);
}

/**
 * rstf_next_find() - look for the segments that wait for this one
 * @next: of the netns
 * @seg: a segment
 * @hook: where it is, enum nf_inet_hooks
 *
 * Context: Caller holds rstf_queue.lock.
 * Return: the one of its flow that has waited longest at this hook, with the
 *	others behind it in rstf_held.flow; NULL: none.
 */
struct rstf_held *rstf_next_find(const struct rstf_next *next,
				 const struct rstf_segment *seg,
				 unsigned int hook)
{
	struct rstf_held *held;

	lockdep_assert_held(next_lock(next));

	hlist_for_each_entry(held, next_bucket(next, next->buckets, seg), next)
		if (next_is_of(held, seg, hook))
			return held;

	return NULL;
}

/**
 * rstf_next_splice() - let all segments of a flow wait in a list
 * @held: the one that has waited longest
 * @list: gets them by rstf_held.flow, behind what is in it; rstf_next_del() takes
 *	each out of it
 *
 * Context: Caller holds rstf_queue.lock.
 */
void rstf_next_splice(struct rstf_held *held, struct list_head *list)
{
	LIST_HEAD(flow);

	hlist_del_init(&held->next);
	/* In front of the first, the head makes a list of the ring. */
	list_add_tail(&flow, &held->flow);
	list_splice_tail(&flow, list);
}
