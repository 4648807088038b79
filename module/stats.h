/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_STATS_H
#define _RSTF_STATS_H

#include <linux/percpu.h>
#include <linux/types.h>

/**
 * struct rstf_stats - what became of the segments of a netns
 * @seen: at a hook, and of a kind that some rule there wants
 * @passed: went on unchanged
 * @mangled: went on with other numbers
 * @dropped: are gone
 * @released: were held, and went on
 * @lost: were held, and were freed with a device or with the netns
 * @sent: forged RSTs and copies that the stack took
 * @unsent: forged RSTs and copies that it did not take, or that were still to be
 *	sent when their rule or interface went
 * @failed: a rule's action could not be carried out, and they went on, maybe to
 *	the next rule
 *
 * As many as were seen went on, are gone, or are held at this moment.
 */
struct rstf_stats {
	u64 seen;
	u64 passed;
	u64 mangled;
	u64 dropped;
	u64 released;
	u64 lost;
	u64 sent;
	u64 unsent;
	u64 failed;
};

void rstf_stats_sum(const struct rstf_stats __percpu *stats,
		    struct rstf_stats *sum);

/* Count one under a member of the stats of @rnet. */
#define rstf_stats_count(rnet, member) this_cpu_inc((rnet)->stats->member)

#endif /* _RSTF_STATS_H */
