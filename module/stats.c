// SPDX-License-Identifier: GPL-2.0
/*
 * Counters of a netns. The packet path counts per CPU and never adds up.
 */
#include <linux/string.h>

#include "stats.h"

/**
 * rstf_stats_sum() - add up over all CPUs
 * @stats: per CPU
 * @sum: gets the sums
 *
 * Context: Any. A segment that is inside of a hook meanwhile may be in the one
 *	sum already, and not yet in the other.
 */
void rstf_stats_sum(const struct rstf_stats __percpu *stats,
		    struct rstf_stats *sum)
{
	int cpu;

	memset(sum, 0, sizeof(*sum));
	for_each_possible_cpu(cpu) {
		const struct rstf_stats *one = per_cpu_ptr(stats, cpu);

		sum->seen += READ_ONCE(one->seen);
		sum->passed += READ_ONCE(one->passed);
		sum->mangled += READ_ONCE(one->mangled);
		sum->dropped += READ_ONCE(one->dropped);
		sum->released += READ_ONCE(one->released);
		sum->lost += READ_ONCE(one->lost);
		sum->sent += READ_ONCE(one->sent);
		sum->unsent += READ_ONCE(one->unsent);
		sum->failed += READ_ONCE(one->failed);
	}
}
