/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SITE_H
#define _SITE_H

#include <stdbool.h>
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

void site_init(struct site *site);
void site_free(struct site *site);
void site_rstctl(const struct site *site, FILE *rules);
void site_nft(const struct site *site, FILE *rules);
FILE *site_file(void);
double site_cost(const struct site *site, const struct traffic *traffic,
		 unsigned int hook, bool dropped);

#endif /* _SITE_H */
