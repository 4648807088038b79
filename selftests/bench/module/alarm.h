/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _BENCH_ALARM_H
#define _BENCH_ALARM_H

#include <linux/hrtimer.h>
#include <linux/types.h>

/**
 * struct bench_alarm - a timer that tells when it fired
 * @timer: the timer
 * @fired: where it tells it
 */
struct bench_alarm {
	struct hrtimer timer;
	u64 *fired;
};

struct bench_alarm *bench_alarms(u32 nr);
void bench_alarms_free(struct bench_alarm *alarms, u32 nr);
void bench_alarm_set(struct bench_alarm *alarm, u64 due, u64 *fired);

#endif /* _BENCH_ALARM_H */
