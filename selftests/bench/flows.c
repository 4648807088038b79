// SPDX-License-Identifier: GPL-2.0
/*
 * Gates that count for each connection: its first segment, and those behind.
 */
#include <math.h>
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

/* A segment is new once: with few connections, in several hosts. */
#define REPEAT_MAX 1000
#define REPEAT 5

static void rstfault(const struct site *site, int family)
{
	FILE *out = site_file();

	fprintf(out, "input rst dport %u skip 1000000 per connection drop\n",
		PORT);
	site_rstctl(site, out);
}

/* The same limit, for each address and port. */
static void nft(const struct site *site, int family)
{
	const char *ip = family == AF_INET6 ? "ip6" : "ip";
	FILE *out = site_file();

	fprintf(out, "table %s t {\nset s {\ntypeof %s saddr . tcp sport\n"
		"size 200000\nflags dynamic\n}\n"
		"chain c {\ntype filter hook input priority filter;\n", ip, ip);
	fprintf(out, "tcp flags rst tcp dport %u add @s { %s saddr . tcp sport",
		PORT, ip);
	fputs(" limit rate over 1000000/second burst 1000000 packets } drop\n",
	      out);
	fputs("}\n}\n", out);
	site_nft(site, out);
}

static const struct {
	const char *name;
	void (*set_up)(const struct site *site, int family);
} contenders[] = {
	{ "rstfault", rstfault },
	{ "nft, a dynamic set", nft },
};

static double cost(const struct site *site, const struct traffic *traffic,
		   unsigned int batches)
{
	const struct plan plan = {
		.hook = NF_INET_LOCAL_IN,
		.batch = traffic->count,
		.batches = batches,
	};
	struct cost result;

	site_run(site, traffic, &plan, &result);
	if (result.dropped)
		die("%llu packets were dropped",
		    (unsigned long long)result.dropped);
	return result.min;
}

static void measure(unsigned int nr, int family, uint32_t count)
{
	double first = INFINITY, known = INFINITY;
	char row[64], column[16];
	struct traffic traffic;
	struct endpoint ep;
	struct site site;
	const char *table;
	unsigned int i;

	traffic_init(&traffic, family, count);
	for (i = 0; i < count; i++) {
		crowd_exact.inside(&ep, family, i);
		ep.port = PORT;
		endpoint_send(&ep, &traffic, TH_RST, 0);
	}

	for (i = 0; i < (count > REPEAT_MAX ? 1 : REPEAT); i++) {
		site_init(&site);
		contenders[nr].set_up(&site, family);
		first = fmin(first, cost(&site, &traffic, 1));
		known = fmin(known, cost(&site, &traffic, 3));
		site_free(&site);
	}
	traffic_free(&traffic);

	table = family == AF_INET6 ? "connections, IPv6 (instructions)" :
				     "connections, IPv4 (instructions)";
	snprintf(column, sizeof(column), "%u", count);
	snprintf(row, sizeof(row), "%s: new", contenders[nr].name);
	table_put(table, row, column, first);
	snprintf(row, sizeof(row), "%s: known", contenders[nr].name);
	table_put(table, row, column, known);
}

static void run(void)
{
	unsigned int i, j, count;

	for (i = 0; i < nr_families; i++) {
		for (j = 0; j < sizeof(contenders) / sizeof(contenders[0]); j++) {
			for (count = 1; count <= MAX;
			     count *= count == 1 ? 1000 : 100)
				measure(j, families[i], count);
		}
	}
}

const struct group group_flows = {
	.name = "flows",
	.what = "gates per connection, with 1 to 100,000 connections",
	.run = run,
};
