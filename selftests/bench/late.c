// SPDX-License-Identifier: GPL-2.0
/*
 * How late segments go on that were held, in real time, on several processors.
 */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>

#include <linux/netfilter.h>

#include "packet.h"
#include "rules.h"

#include "crowd.h"
#include "die.h"
#include "group.h"
#include "site.h"
#include "sort.h"
#include "table.h"
#include "traffic.h"

#define TABLE "lateness of held segments (microseconds)"
#define PORT 5000

/* One each millisecond, for some seconds. */
#define NR 3000
#define GAP 1000

/* In microseconds; @delay is in milliseconds. */
static double lateness(const struct rstf_bench_record *record, uint64_t when,
		       unsigned int delay)
{
	return ((double)when - record->begin) / 1000 - delay * 1000.0;
}

static void measure(unsigned int delay)
{
	static struct rstf_bench_record records[NR];
	struct rstf_bench_hold hold = {
		.packets.hook = NF_INET_LOCAL_IN,
		.records = (uintptr_t)records,
		.nr = NR,
		.gap = GAP,
		.timer = delay * 1000000ull,
	};
	static double late[NR], timer[NR];
	struct traffic traffic;
	struct endpoint ep;
	struct site site;
	char column[32];
	unsigned int i;

	site_init(&site);
	if (rules_add(&site.host, "input rst dport %u delay %ums", PORT, delay))
		die("no such rule");
	traffic_init(&traffic, AF_INET, 1);
	crowd_exact.inside(&ep, AF_INET, 1);
	ep.port = PORT;
	endpoint_send(&ep, &traffic, TH_RST, 0);
	probe_hold(&site.probe, &traffic, &hold);

	/* Their time began when they had come to the hook, or later. */
	for (i = 0; i < NR; i++) {
		late[i] = lateness(&records[i], records[i].released, delay);
		timer[i] = lateness(&records[i], records[i].timer, delay);
	}
	sort_numbers(late, NR);
	sort_numbers(timer, NR);
	snprintf(column, sizeof(column), "%u ms", delay);
	table_put(TABLE, "least", column, late[0]);
	table_put(TABLE, "half of them at most", column, late[NR / 2]);
	table_put(TABLE, "99 in 100 at most", column, late[NR * 99 / 100]);
	table_put(TABLE, "most", column, late[NR - 1]);
	table_put(TABLE, "a timer: half of them at most", column,
		  timer[NR / 2]);
	table_put(TABLE, "a timer: 99 in 100 at most", column,
		  timer[NR * 99 / 100]);
	table_put(TABLE, "a timer: most", column, timer[NR - 1]);

	traffic_free(&traffic);
	site_free(&site);
}

static void run(void)
{
	measure(2);
	measure(20);
	measure(200);
}

const struct group group_late = {
	.name = "late",
	.what = "how late held segments go on, in real time",
	.real = true,
	.run = run,
};
