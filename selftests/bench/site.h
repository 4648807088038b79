/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SITE_H
#define _SITE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "host.h"
#include "probe.h"

/**
 * struct site - a host to measure in, fresh, and what measures there
 * @host: the host
 * @probe: in @host
 */
struct site {
	struct host host;
	struct probe probe;
};

/**
 * struct load - what it took to load rules
 * @instructions: of the tool and of the kernel
 * @kept: bytes that the kernel has taken for them
 * @peak: bytes that the tool has had at most
 */
struct load {
	double instructions;
	double kept;
	double peak;
};

void site_init(struct site *site);
void site_free(struct site *site);
FILE *site_file(void);
struct load site_load(const struct site *site, FILE *rules,
		      const char *const command[]);
struct load site_rstctl(const struct site *site, FILE *rules);
struct load site_nft(const struct site *site, FILE *rules);
double site_harness(const struct traffic *traffic, unsigned int hook);
void site_run(const struct site *site, const struct traffic *traffic,
	      const struct plan *plan, struct cost *cost);
double site_cost(const struct site *site, const struct traffic *traffic,
		 unsigned int hook, bool dropped);

#endif /* _SITE_H */
