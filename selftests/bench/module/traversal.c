// SPDX-License-Identifier: GPL-2.0
/*
 * Packets go through a netfilter hook, and the clock is read before and after.
 */
#include <linux/netfilter.h>
#include <linux/sched.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/timekeeping.h>

#include "bench.h"

/* What is behind the hook, if somebody held the packet and let it go on. */
static int traversal_okfn(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	consume_skb(skb);
	return 0;
}

/* Nanoseconds of one traversal; @ret is what the hook returned. */
static u64 traversal_time(const struct bench_source *source,
			  struct sk_buff *skb, bool softirq, int *ret)
{
	u64 begin, end;

	local_bh_disable();
	begin = ktime_get_ns();
	*ret = nf_hook(bench_pf(source), source->arg->hook, source->net, NULL,
		       skb, source->indev, source->outdev, traversal_okfn);
	if (softirq)
		local_bh_enable();
	end = ktime_get_ns();
	if (!softirq)
		local_bh_enable();

	return end - begin;
}

static int traversal_batch(const struct bench_source *source,
			   struct rstf_bench_run *run, u64 *sum)
{
	struct sk_buff *skb;
	int ret;
	u32 i;

	*sum = 0;
	for (i = 0; i < run->batch; i++) {
		skb = bench_source_skb(source, i);
		if (IS_ERR(skb))
			return PTR_ERR(skb);
		*sum += traversal_time(source, skb, run->softirq, &ret);
		if (ret == 1) {
			consume_skb(skb);
			run->passed++;
		} else if (ret < 0) {
			run->refused++;
		} else {
			run->taken++;
		}
	}

	return 0;
}

static int compare(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

static int traversal_run(const struct bench_source *source,
			 struct rstf_bench_run *run, u64 *sums)
{
	int err;
	u32 i;

	run->passed = 0;
	run->refused = 0;
	run->taken = 0;
	for (i = 0; i < run->batches; i++) {
		err = traversal_batch(source, run, &sums[i]);
		if (err)
			return err;
		if (signal_pending(current))
			return -EINTR;
		cond_resched();
	}

	sort(sums, run->batches, sizeof(*sums), compare, NULL);
	run->min = div_u64(sums[0] * 100, run->batch);
	run->median = div_u64(sums[run->batches / 2] * 100, run->batch);

	return 0;
}

/**
 * bench_traverse() - send packets through a hook, and measure
 * @net: where
 * @run: what is asked for; gets the result
 *
 * Context: May sleep.
 * Return: 0 or a negative errno.
 */
int bench_traverse(struct net *net, struct rstf_bench_run *run)
{
	struct bench_source source;
	u64 *sums;
	int err;

	if (!run->batch || !run->batches ||
	    run->batches > RSTF_BENCH_BATCHES_MAX)
		return -EINVAL;

	sums = kcalloc(run->batches, sizeof(*sums), GFP_KERNEL);
	if (!sums)
		return -ENOMEM;
	err = bench_source_init(&source, net, &run->packets) ?:
	      traversal_run(&source, run, sums);
	bench_source_clean(&source);
	kfree(sums);

	return err;
}
