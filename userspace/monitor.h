/* SPDX-License-Identifier: GPL-2.0 */

#ifndef MONITOR_H
#define MONITOR_H

#include <stdbool.h>
#include <stdio.h>

#include "event.h"

struct ladder;
struct nlmsghdr;
struct watch;

/**
 * struct monitor - events that are being shown
 * @out: where to
 * @json: as JSON
 * @watch: only these connections; NULL: everything
 * @ladder: the diagram of them
 * @begun: @last is known
 * @last: number of the event that came last, or is known to be lost
 */
struct monitor {
	FILE *out;
	bool json;
	struct watch *watch;
	struct ladder *ladder;
	bool begun;
	__u64 last;
};

int monitor_event(struct monitor *monitor, const struct nlmsghdr *message);
void monitor_settle(struct monitor *monitor);
void monitor_remark(struct monitor *monitor, const char *text);
void monitor_lost(struct monitor *monitor, __u64 total);

#endif /* MONITOR_H */
