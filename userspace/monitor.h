/* SPDX-License-Identifier: GPL-2.0 */

#ifndef MONITOR_H
#define MONITOR_H

#include <stdbool.h>
#include <stdio.h>

#include "event.h"

struct nlmsghdr;

/**
 * struct monitor - events that are being shown
 * @out: where to
 * @json: as JSON
 * @begun: @last is known
 * @last: number of the event that came last, or is known to be lost
 */
struct monitor {
	FILE *out;
	bool json;
	bool begun;
	__u64 last;
};

int monitor_event(struct monitor *monitor, const struct nlmsghdr *message);
void monitor_lost(struct monitor *monitor, __u64 total);

#endif /* MONITOR_H */
