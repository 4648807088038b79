// SPDX-License-Identifier: GPL-2.0
/*
 * Packets that somebody holds: a netfilter hook, or the queue of an interface.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>
#include <net/sch_generic.h>

#include "alarm.h"
#include "bench.h"

/* Nobody holds packets longer than that. */
#define HOLD_TIMEOUT (60 * HZ)

/**
 * struct hold - packets that are held, and those that were
 * @records: of all of them; the mark of a packet is its number here
 * @nr: how many there are
 * @alarms: timers to compare with, or NULL
 * @left: how many have still to come out
 * @done: none has
 */
struct hold {
	struct rstf_bench_record *records;
	u32 nr;
	struct bench_alarm *alarms;
	u32 left;
	struct completion done;
};

/* There is one at a time. */
static DEFINE_MUTEX(hold_mutex);

/* Protects hold_current and what it points to. */
static DEFINE_SPINLOCK(hold_lock);
static struct hold *hold_current;

static void hold_out(struct sk_buff *skb)
{
	u64 now = ktime_get_ns();
	struct hold *hold;

	spin_lock_bh(&hold_lock);
	hold = hold_current;
	if (hold && skb->mark < hold->nr) {
		hold->records[skb->mark].released = now;
		if (!--hold->left)
			complete(&hold->done);
	}
	spin_unlock_bh(&hold_lock);
	consume_skb(skb);
}

static int hold_okfn(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	hold_out(skb);
	return 0;
}

/* Returns 0 if the packet is held. */
static int hold_by_hook(const struct bench_source *source, struct sk_buff *skb)
{
	int ret = nf_hook(bench_pf(source), source->arg->hook, source->net,
			  NULL, skb, source->indev, source->outdev, hold_okfn);

	if (ret == 1)
		kfree_skb(skb);
	return ret;
}

static struct Qdisc *hold_qdisc(const struct bench_source *source)
{
	return rcu_dereference_bh(netdev_get_tx_queue(source->outdev, 0)->qdisc);
}

static int hold_by_qdisc(const struct bench_source *source, struct sk_buff *skb)
{
	struct Qdisc *qdisc = hold_qdisc(source);
	struct sk_buff *to_free = NULL;
	int ret;

	qdisc_skb_cb(skb)->pkt_len = skb->len;
	spin_lock(qdisc_lock(qdisc));
	ret = qdisc->enqueue(skb, qdisc, &to_free);
	spin_unlock(qdisc_lock(qdisc));
	kfree_skb_list(to_free);

	return ret;
}

/* Take out all that are due. */
static void hold_run_qdisc(const struct bench_source *source)
{
	struct Qdisc *qdisc = hold_qdisc(source);
	struct sk_buff *skb;

	do {
		spin_lock(qdisc_lock(qdisc));
		skb = qdisc->dequeue(qdisc);
		spin_unlock(qdisc_lock(qdisc));
		if (skb)
			hold_out(skb);
	} while (skb);
}

static int hold_one(const struct bench_source *source,
		    const struct rstf_bench_hold *arg, const struct hold *hold,
		    u32 nr)
{
	struct sk_buff *skb = bench_source_skb(source, nr);
	struct rstf_bench_record *record = &hold->records[nr];
	int ret;

	if (IS_ERR(skb))
		return PTR_ERR(skb);

	skb->mark = nr;
	local_bh_disable();
	record->begin = ktime_get_ns();
	if (arg->qdisc)
		ret = hold_by_qdisc(source, skb);
	else
		ret = hold_by_hook(source, skb);
	record->end = ktime_get_ns();
	if (hold->alarms)
		bench_alarm_set(&hold->alarms[nr], record->begin + arg->timer,
				&record->timer);
	local_bh_enable();

	return ret ? -ENOBUFS : 0;
}

static int hold_run(const struct bench_source *source,
		    struct rstf_bench_hold *arg, struct hold *hold)
{
	bool busy = arg->wait;
	u64 until;
	int err;
	u32 i;

	for (i = 0; i < arg->nr; i++) {
		err = hold_one(source, arg, hold, i);
		if (err)
			return err;
		if (arg->gap)
			usleep_range(arg->gap, arg->gap);
		else
			cond_resched();
	}

	if (busy) {
		local_bh_disable();
		until = hold->records[arg->nr - 1].end + arg->wait;
		while (ktime_get_ns() < until)
			cpu_relax();
	}
	arg->release = ktime_get_ns();
	if (busy) {
		if (arg->qdisc)
			hold_run_qdisc(source);
		local_bh_enable();
	}
	if (wait_for_completion_killable_timeout(&hold->done,
						 HOLD_TIMEOUT) <= 0)
		return -ETIMEDOUT;

	return 0;
}

static int hold_start(const struct bench_source *source,
		      struct rstf_bench_hold *arg, struct hold *hold)
{
	int err;

	err = mutex_lock_interruptible(&hold_mutex);
	if (err)
		return err;
	spin_lock_bh(&hold_lock);
	hold_current = hold;
	spin_unlock_bh(&hold_lock);

	err = hold_run(source, arg, hold);

	spin_lock_bh(&hold_lock);
	hold_current = NULL;
	spin_unlock_bh(&hold_lock);
	mutex_unlock(&hold_mutex);

	return err;
}

/**
 * bench_hold() - have packets held, and wait until they are released
 * @net: where
 * @arg: what is asked for; gets the result, and so do its records
 *
 * Context: May sleep.
 * Return: 0 or a negative errno.
 */
int bench_hold(struct net *net, struct rstf_bench_hold *arg)
{
	struct hold hold = { .nr = arg->nr, .left = arg->nr };
	size_t size = array_size(arg->nr, sizeof(*hold.records));
	struct bench_source source;
	int err;

	if (!arg->nr || arg->nr > RSTF_BENCH_HELD_MAX ||
	    (arg->qdisc && (!arg->packets.outdev || !arg->wait)))
		return -EINVAL;

	init_completion(&hold.done);
	hold.records = kvzalloc(size, GFP_KERNEL);
	if (arg->timer)
		hold.alarms = bench_alarms(arg->nr);
	err = bench_source_init(&source, net, &arg->packets);
	if (!err && (!hold.records || (arg->timer && !hold.alarms)))
		err = -ENOMEM;
	if (!err)
		err = hold_start(&source, arg, &hold);
	bench_alarms_free(hold.alarms, arg->nr);
	if (!err &&
	    copy_to_user(u64_to_user_ptr(arg->records), hold.records, size))
		err = -EFAULT;
	bench_source_clean(&source);
	kvfree(hold.records);

	return err;
}
