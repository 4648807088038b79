/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _COUNTERS_H
#define _COUNTERS_H

#include <stdint.h>

#include "rstfault.h"

struct host;

/**
 * struct counters - what a rule, or all of a host, has counted
 * @value: by RSTFAULT_A_COUNTERS_* or RSTFAULT_A_STATS_*
 */
struct counters {
	uint64_t value[RSTFAULT_A_STATS_MAX + 1];
};

/* One of the counters of a rule, or of a host. */
#define RULE_COUNT(counters, name) \
	((counters)->value[RSTFAULT_A_COUNTERS_##name])
#define HOST_COUNT(counters, name) \
	((counters)->value[RSTFAULT_A_STATS_##name])

int rule_counters(const struct host *host, const char *name,
		  struct counters *counters);
int host_counters(const struct host *host, struct counters *counters);
int64_t host_stat(const struct host *host, unsigned int attr);
int64_t host_imbalance(const struct host *host);
int rule_delete(const struct host *host, const char *name);
int64_t rule_release(const struct host *host, const char *name);

#endif /* _COUNTERS_H */
