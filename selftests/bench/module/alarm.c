// SPDX-License-Identifier: GPL-2.0
/*
 * Timers of the kernel that do nothing but tell when they fired: no packet can go
 * on earlier.
 */
#include <linux/hrtimer.h>
#include <linux/mm.h>
#include <linux/timekeeping.h>

#include "alarm.h"
#include "compat.h"

static enum hrtimer_restart alarm_fires(struct hrtimer *timer)
{
	struct bench_alarm *alarm = container_of(timer, struct bench_alarm,
						 timer);

	*alarm->fired = ktime_get_ns();
	return HRTIMER_NORESTART;
}

/**
 * bench_alarms() - allocate timers
 * @nr: how many
 *
 * Return: the timers, for bench_alarms_free(); NULL: no memory.
 */
struct bench_alarm *bench_alarms(u32 nr)
{
	struct bench_alarm *alarms;
	u32 i;

	alarms = kvcalloc(nr, sizeof(*alarms), GFP_KERNEL);
	for (i = 0; alarms && i < nr; i++)
		rstf_hrtimer_setup(&alarms[i].timer, alarm_fires,
				   CLOCK_MONOTONIC, HRTIMER_MODE_ABS_SOFT);

	return alarms;
}

/**
 * bench_alarms_free() - stop and free timers
 * @alarms: the timers, or NULL
 * @nr: how many
 */
void bench_alarms_free(struct bench_alarm *alarms, u32 nr)
{
	u32 i;

	for (i = 0; alarms && i < nr; i++)
		hrtimer_cancel(&alarms[i].timer);
	kvfree(alarms);
}

/**
 * bench_alarm_set() - start a timer
 * @alarm: the timer
 * @due: when it is to fire, on the clock of ktime_get()
 * @fired: where it tells when it did
 */
void bench_alarm_set(struct bench_alarm *alarm, u64 due, u64 *fired)
{
	alarm->fired = fired;
	hrtimer_start(&alarm->timer, ns_to_ktime(due), HRTIMER_MODE_ABS_SOFT);
}
