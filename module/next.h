/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_NEXT_H
#define _RSTF_NEXT_H

#include <linux/list.h>
#include <linux/types.h>

struct rstf_held;
struct rstf_segment;

/**
 * struct rstf_next - segments of a netns that wait for the next one of their flow
 * @buckets: of each flow the segment that has waited longest, by flow; NULL as
 *	long as no rule has wanted it; read without a lock
 * @seed: so that nobody outside can find flows of one bucket; constant
 * @nr: how many wait, and are not yet out of rstf_queue.tree; read without a lock
 *
 * Protected by rstf_queue.lock, but for the first setting of @buckets.
 */
struct rstf_next {
	struct hlist_head *buckets;
	u32 seed;
	u32 nr;
};

void rstf_next_init(struct rstf_next *next);
int rstf_next_setup(struct rstf_next *next);
void rstf_next_clean(struct rstf_next *next);
bool rstf_next_is_awaited(const struct rstf_next *next,
			  const struct rstf_segment *seg);
void rstf_next_add(struct rstf_next *next, struct rstf_held *held);
void rstf_next_del(struct rstf_next *next, struct rstf_held *held);
struct rstf_held *rstf_next_find(const struct rstf_next *next,
				 const struct rstf_segment *seg,
				 unsigned int hook);
void rstf_next_splice(struct rstf_held *held, struct list_head *list);

/**
 * rstf_next_any() - whether anything waits
 * @next: of the netns
 *
 * Context: Any. No lock needed: what begins to wait meanwhile need not be seen.
 * Return: whether it does.
 */
static inline bool rstf_next_any(const struct rstf_next *next)
{
	return READ_ONCE(next->nr);
}

#endif /* _RSTF_NEXT_H */
