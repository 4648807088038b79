/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _PROBE_H
#define _PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "module/rstf_bench.h"

struct host;
struct traffic;

/**
 * struct probe - the bench module at work in a host
 * @host: the host
 * @fd: the open device
 */
struct probe {
	const struct host *host;
	int fd;
};

/**
 * struct plan - how packets are sent
 * @hook: NF_INET_*
 * @batch: so many are added up; 0: each of the traffic once, but 64 at least
 * @batches: so often; 0: 9 times
 * @route: find a route for them first
 * @softirq: what the hook leaves to a softirq is part of it
 */
struct plan {
	unsigned int hook;
	unsigned int batch;
	unsigned int batches;
	bool route;
	bool softirq;
};

/**
 * struct cost - what became of packets, and what that took
 * @min: instructions for each packet in the cheapest batch
 * @median: the same in the median of the batches
 * @passed: packets that may go on
 * @dropped: all others
 */
struct cost {
	double min;
	double median;
	uint64_t passed;
	uint64_t dropped;
};

void probe_open(struct probe *probe, const struct host *host);
void probe_close(struct probe *probe);
void probe_hook(const struct probe *probe, int family, unsigned int hook,
		enum rstf_bench_verdict verdict);
void probe_run(const struct probe *probe, const struct traffic *traffic,
	       const struct plan *plan, struct cost *cost);
void probe_hold(const struct probe *probe, const struct traffic *traffic,
		struct rstf_bench_hold *hold);
uint64_t probe_busy(const struct probe *probe);

#endif /* _PROBE_H */
