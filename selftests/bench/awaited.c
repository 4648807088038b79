// SPDX-License-Identifier: GPL-2.0
/*
 * Segments that wait for the next one of their flow: what they cost those that
 * nobody waits for.
 */
#include <netinet/in.h>
#include <stdio.h>

#include <linux/netfilter.h>

#include "packet.h"

#include "crowd.h"
#include "die.h"
#include "group.h"
#include "site.h"
#include "table.h"
#include "traffic.h"

#define PORT 5000
#define MAX 100000

/* So many flows that nobody waits for: some of them fall into any bucket. */
#define OTHERS 1024

/* RSTs of so many flows, all held. */
static void hold(const struct site *site, int family, uint32_t count,
		 uint32_t flows)
{
	struct plan plan = { .hook = NF_INET_LOCAL_IN, .batches = 1 };
	struct traffic traffic;
	struct endpoint ep;
	struct cost cost;
	uint32_t i;

	traffic_init(&traffic, family, count);
	for (i = 0; i < count; i++) {
		crowd_exact.inside(&ep, family, i % flows);
		ep.port = PORT;
		endpoint_send(&ep, &traffic, TH_RST, 0);
	}
	plan.batch = count;
	site_run(site, &traffic, &plan, &cost);
	if (cost.passed)
		die("%llu packets were not held",
		    (unsigned long long)cost.passed);
	traffic_free(&traffic);
}

static double cost_others(const struct site *site, int family)
{
	struct traffic traffic;
	struct endpoint ep;
	double cost;
	uint32_t i;

	traffic_init(&traffic, family, OTHERS);
	for (i = 0; i < OTHERS; i++) {
		crowd_exact.inside(&ep, family, MAX + i);
		ep.port = PORT;
		endpoint_send(&ep, &traffic, TH_ACK | TH_PSH, 100);
	}
	cost = site_cost(site, &traffic, NF_INET_LOCAL_IN, false);
	traffic_free(&traffic);

	return cost;
}

static void measure(int family, uint32_t count, bool one)
{
	FILE *out = site_file();
	struct site site;
	char column[16];

	site_init(&site);
	fprintf(out, "input rst dport %u delay 1h until next\n", PORT);
	site_rstctl(&site, out);
	hold(&site, family, count, one ? 1 : count);
	snprintf(column, sizeof(column), "%u", count);
	table_put(family == AF_INET6 ?
		  "until next, IPv6 (instructions)" :
		  "until next, IPv4 (instructions)",
		  one ? "data, RSTs of one flow wait" :
			"data, RSTs of so many flows wait",
		  column, cost_others(&site, family));
	site_free(&site);
}

static void run(void)
{
	unsigned int i, one;
	uint32_t count;

	for (i = 0; i < nr_families; i++) {
		for (one = 0; one < 2; one++) {
			for (count = 1; count <= MAX;
			     count *= count == 1 ? 1000 : 100)
				measure(families[i], count, one);
		}
	}
}

const struct group group_awaited = {
	.name = "awaited",
	.what = "data, while 1 to 100,000 RSTs wait for the next segment of theirs",
	.run = run,
};
