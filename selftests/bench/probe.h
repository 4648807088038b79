/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _PROBE_H
#define _PROBE_H

#include <stddef.h>
#include <stdint.h>

struct host;
struct traffic;

/**
 * struct probe - the bench module at work in a host
 * @host: the host
 * @fd: the open device, or -1
 */
struct probe {
	const struct host *host;
	int fd;
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

void probe_load(void);
void probe_unload(void);
void probe_open(struct probe *probe, const struct host *host);
void probe_close(struct probe *probe);
void probe_hook(const struct probe *probe, int family, unsigned int hook);
void probe_run(const struct probe *probe, const struct traffic *traffic,
	       unsigned int hook, struct cost *cost);

#endif /* _PROBE_H */
