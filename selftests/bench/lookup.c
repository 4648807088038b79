// SPDX-License-Identifier: GPL-2.0
/*
 * Many rules: what a RST costs that none of them is about, or the first, the
 * last or any one, and what it took to load them.
 */
#include <math.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <linux/netfilter.h>

#include "packet.h"

#include "contender.h"
#include "crowd.h"
#include "group.h"
#include "table.h"
#include "traffic.h"

/* So many different RSTs; fewer of them where each takes long. */
#define MANY 1024
#define FEW 64

/*
 * With few rules, what else the kernel does meanwhile counts, and so does the
 * chance by which hash tables are filled.
 */
#define REPEAT_MAX 1000
#define REPEAT 5

/* With fewer rules, less memory is taken than comes and goes. */
#define MEMORY_MIN 100

/**
 * struct series - a contender, and how many rules it gets
 * @contender: the contender
 * @min: the fewest
 * @max: the most, a power of ten times @min
 * @max6: the same with IPv6
 */
struct series {
	const struct contender *contender;
	uint32_t min;
	uint32_t max;
	uint32_t max6;
};

/* Whom RSTs meet. */
enum end {
	MISS,
	FIRST,
	LAST,
	ANY,
	ENDS
};

static const char * const ends[ENDS] = {
	[MISS] = "miss",
	[FIRST] = "first",
	[LAST] = "last",
	[ANY] = "any",
};

static void make_traffic(struct traffic *traffic, const struct crowd *crowd,
			 enum end end, uint32_t count)
{
	int family = traffic->family;
	struct endpoint ep;
	uint64_t i;

	for (i = 0; i < traffic->room; i++) {
		switch (end) {
		case MISS:
			crowd->outside(&ep, family, i, count);
			break;
		case LAST:
			crowd->inside(&ep, family, count - 1);
			break;
		case ANY:
			crowd->inside(&ep, family,
				      i * count / traffic->room);
			break;
		default:
			crowd->inside(&ep, family, 0);
		}
		endpoint_send(&ep, traffic, TH_RST, 0);
	}
}

/* Where in a set an element is found is chance: there is neither first nor last. */
static bool has_end(const struct contender *contender, enum end end)
{
	return end == MISS || end == ANY || contender != &contender_nft_set;
}

/* Instructions of a contender with so many rules, in the cheapest of some runs. */
struct best {
	double load;
	double kept;
	double end[ENDS];
};

static void measure_end(const struct site *site, const struct crowd *crowd,
			const struct contender *contender, int family,
			uint32_t count, enum end end, struct best *best)
{
	struct traffic traffic;
	double cost;

	traffic_init(&traffic, family, contender->linear ? FEW : MANY);
	make_traffic(&traffic, crowd, end, count);
	cost = site_cost(site, &traffic, NF_INET_LOCAL_IN, end != MISS);
	best->end[end] = fmin(best->end[end], cost);
	traffic_free(&traffic);
}

static void measure(const struct crowd *crowd,
		    const struct contender *contender, int family,
		    uint32_t count, struct best *best)
{
	struct site site;
	struct load load;
	enum end end;

	site_init(&site);
	load = contender->load(&site, crowd, family, count);
	best->load = fmin(best->load, load.instructions);
	best->kept = fmin(best->kept, load.kept);
	for (end = 0; end < ENDS; end++) {
		/* Where chance has no part, once is enough. */
		if (has_end(contender, end) &&
		    (!contender->linear || isinf(best->end[end])))
			measure_end(&site, crowd, contender, family, count,
				    end, best);
	}
	site_free(&site);
}

static const char *title(char *text, const char *format,
			 const struct crowd *crowd, int family)
{
	snprintf(text, TABLE_NAME_MAX, format, crowd->name,
		 family == AF_INET6 ? '6' : '4');
	return text;
}

static void report(const struct crowd *crowd, const struct contender *contender,
		   int family, uint32_t count, const struct best *best)
{
	char table[TABLE_NAME_MAX], row[TABLE_NAME_MAX], column[16];
	enum end end;

	snprintf(column, sizeof(column), "%u", count);
	title(table, "%s, IPv%c (instructions)", crowd, family);
	for (end = 0; end < ENDS; end++) {
		snprintf(row, sizeof(row), "%s: %s", contender->name,
			 ends[end]);
		if (has_end(contender, end))
			table_put(table, row, column, best->end[end]);
	}
	title(table, "to load %s, IPv%c (million instructions)", crowd, family);
	table_put(table, contender->name, column, best->load / 1e6);
	title(table, "memory of %s, IPv%c (KiB)", crowd, family);
	if (count >= MEMORY_MIN)
		table_put(table, contender->name, column, best->kept / 1024);
}

static void run_series(const struct series *series, const struct crowd *crowd,
		       int family)
{
	uint32_t count, max = family == AF_INET6 ? series->max6 : series->max;
	const struct contender *contender = series->contender;
	unsigned int i;

	if (contender->there && !contender->there()) {
		fprintf(stderr, "bench: no %s here\n", contender->name);
		return;
	}
	for (count = series->min; count <= max; count *= 10) {
		struct best best = {
			.load = INFINITY,
			.kept = INFINITY,
			.end = { INFINITY, INFINITY, INFINITY, INFINITY },
		};

		for (i = 0; i < (count <= REPEAT_MAX ? REPEAT : 1); i++)
			measure(crowd, contender, family, count, &best);
		report(crowd, contender, family, count, &best);
	}
}

static void run_all(const struct series *series, unsigned int nr,
		    const struct crowd *crowd)
{
	unsigned int i, j;

	for (i = 0; i < nr_families; i++) {
		for (j = 0; j < nr; j++)
			run_series(&series[j], crowd, families[i]);
	}
}

static void run_rules(void)
{
	static const struct series series[] = {
		{ &contender_rstfault, 1, 100000, 100000 },
		{ &contender_nft_rules, 1, 1000, 1000 },
		{ &contender_nft_set, 1, 100000, 100000 },
		{ &contender_iptables, 1, 1000, 1000 },
	};

	run_all(series, sizeof(series) / sizeof(series[0]), &crowd_exact);
}

/* A set of intervals takes a time to load that grows with the square. */
static void run_ranges(void)
{
	static const struct series series[] = {
		{ &contender_rstfault, 100, 100000, 100000 },
		{ &contender_nft_set, 100, 10000, 1000 },
	};

	run_all(series, sizeof(series) / sizeof(series[0]), &crowd_ranges);
}

const struct group group_rules = {
	.name = "rules",
	.what = "1 to 100,000 rules that differ in address and port",
	.run = run_rules,
};

const struct group group_ranges = {
	.name = "ranges",
	.what = "1,000 to 100,000 rules of prefixes and ranges",
	.run = run_ranges,
};
