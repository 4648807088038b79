// SPDX-License-Identifier: GPL-2.0
/*
 * Many packets that wait: what it costs to let one more wait, and to let them all
 * go on once they are due. Beside it the queue of netem.
 */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>

#include <linux/netfilter.h>

#include "packet.h"

#include "crowd.h"
#include "die.h"
#include "group.h"
#include "site.h"
#include "sort.h"
#include "table.h"
#include "traffic.h"

#define PORT 5000
#define MAX 100000

/* So many of the last that came are looked at. */
#define LAST 16384

/* So many go on at once, before others get the processor: QUEUE_BUDGET. */
#define TURN 64

/* The less that is measured at once, the more often. */
#define REPEAT_MAX 101
#define MANY 10

/**
 * struct holder - who has packets wait
 * @name: for people
 * @set_up: have packets wait so many microseconds, give or take so many
 * @fill: instructions, more than it takes to send a packet that waits
 * @qdisc: it is not at a hook
 */
struct holder {
	const char *name;
	void (*set_up)(const struct site *site, unsigned int delay,
		       unsigned int jitter);
	unsigned int fill;
	bool qdisc;
};

static void rstfault(const struct site *site, unsigned int delay,
		     unsigned int jitter)
{
	FILE *out = site_file();

	fprintf(out, "input rst dport %u delay %uus", PORT, delay);
	if (jitter)
		fprintf(out, " jitter %uus", jitter);
	fputc('\n', out);
	site_rstctl(site, out);
}

static void queue(const struct site *site, unsigned int delay,
		  unsigned int jitter)
{
	/* Nobody but us sends by it. */
	if (host_sysctl(&site->host, "ipv6/conf/all/disable_ipv6", "1") ||
	    host_run(&site->host, "ip link add d0 type dummy &&\n"
		     "ip link set d0 up &&\n"
		     "tc qdisc add dev d0 root netem limit %u delay %uus %uus\n",
		     2 * MAX, delay, jitter))
		die("cannot set up netem");
}

static const struct holder holders[] = {
	{ "rstfault", rstfault, 8000 },
	{ "netem", queue, 4000, true },
};

static unsigned int repeat(unsigned int nr, bool mixed)
{
	if (nr <= 100)
		return REPEAT_MAX;
	if (nr <= 10000)
		return nr <= 1000 ? 15 : 5;
	return mixed ? 3 : 1;
}

/*
 * The mean of the cheaper half. What is dearer was interrupted, or found no
 * memory at hand; which of a few it is that need a new slab differs from boot to
 * boot. Sorts @took.
 */
static double mean_half(double *took, unsigned int nr)
{
	unsigned int kept = (nr + 1) / 2, i;
	double sum = 0;

	sort_numbers(took, nr);
	for (i = 0; i < kept; i++)
		sum += took[i];

	return sum / kept;
}

static double mean_insert(const struct rstf_bench_record *records,
			  unsigned int nr)
{
	unsigned int last = nr < 4 * LAST ? (nr + 3) / 4 : LAST, i;
	double took[LAST];

	for (i = 0; i < last; i++)
		took[i] = records[nr - 1 - i].end - records[nr - 1 - i].begin;

	return mean_half(took, last);
}

/*
 * They go on by turns. Each begins by finding and taking out what is due, up to
 * its first packet; from there on it is one packet after the other. The first turn
 * pays for what the processor had to do before, and does not count. Nor does the
 * last one if there is another: it has fewer packets to share its beginning.
 */
static double mean_release(const struct rstf_bench_hold *hold,
			   const struct rstf_bench_record *records)
{
	unsigned int nr = hold->nr, i, nr_begins = 0, nr_others = 0;
	unsigned int len = nr < 2 * TURN ? nr - TURN : TURN;
	double *when = calloc(3 * nr, sizeof(*when)), begin, other;
	double *begins = when + nr, *others = begins + nr;

	if (!when)
		die("no memory");
	for (i = 0; i < nr; i++) {
		if (records[i].released < hold->release)
			die("packet %u went on before all waited", i);
		when[i] = records[i].released - hold->release;
	}
	sort_numbers(when, nr);
	for (i = TURN; i < nr; i++) {
		if (i % TURN)
			others[nr_others++] = when[i] - when[i - 1];
		else if (nr - i >= len)
			begins[nr_begins++] = when[i] - when[i - 1];
	}
	begin = mean_half(begins, nr_begins);
	other = mean_half(others, nr_others);
	free(when);

	return (begin + (len - 1) * other) / len;
}

/*
 * The median of few. Of many the least, if they are all alike but for what
 * disturbed them. Where the order is by chance the least is by chance too.
 */
static double typical(double *values, unsigned int nr, bool mixed)
{
	sort_numbers(values, nr);
	if (nr >= MANY && mixed)
		return mean_half(values, nr);
	return values[nr < MANY ? nr / 2 : 0];
}

static void measure_once(const struct site *site, const struct holder *holder,
			 const struct traffic *traffic, unsigned int nr,
			 uint64_t wait, double *insert, double *release)
{
	struct rstf_bench_record *records = calloc(nr, sizeof(*records));
	struct rstf_bench_hold hold = {
		.packets.hook = NF_INET_LOCAL_IN,
		.records = (uintptr_t)records,
		.nr = nr,
		.wait = wait,
		.qdisc = holder->qdisc,
	};

	if (!records)
		die("no memory");
	probe_hold(&site->probe, traffic, &hold);
	*insert = mean_insert(records, nr);
	*release = mean_release(&hold, records);
	free(records);
}

static void measure(const struct holder *holder, unsigned int nr, bool mixed)
{
	/* All wait until the last has come, and some time. */
	unsigned int delay = nr * (holder->fill / 1000) * 4 / 3 + 2000;
	unsigned int jitter = mixed ? delay / 4 : 0, i;
	double insert[REPEAT_MAX], release[REPEAT_MAX];
	struct traffic traffic;
	char row[64], column[16];
	struct endpoint ep;
	struct site site;

	site_init(&site);
	holder->set_up(&site, delay, jitter);
	traffic_init(&traffic, AF_INET, 1);
	crowd_exact.inside(&ep, AF_INET, 1);
	ep.port = PORT;
	endpoint_send(&ep, &traffic, TH_RST, 0);
	if (holder->qdisc) {
		traffic.indev = NULL;
		traffic.outdev = "d0";
	}
	for (i = 0; i < repeat(nr, mixed); i++)
		measure_once(&site, holder, &traffic, nr,
			     (delay + jitter) * 1000ull, &insert[i],
			     &release[i]);

	snprintf(column, sizeof(column), "%u", nr);
	snprintf(row, sizeof(row), "%s, %s: insert", holder->name,
		 mixed ? "jitter" : "in order");
	table_put("held segments (instructions)", row, column,
		  typical(insert, i, mixed) - site_harness(&traffic, NF_INET_LOCAL_IN));
	snprintf(row, sizeof(row), "%s, %s: release", holder->name,
		 mixed ? "jitter" : "in order");
	table_put("held segments (instructions)", row, column,
		  typical(release, i, mixed));

	traffic_free(&traffic);
	site_free(&site);
}

static void run(void)
{
	unsigned int i, mixed, nr;

	for (i = 0; i < sizeof(holders) / sizeof(holders[0]); i++) {
		for (mixed = 0; mixed < 2; mixed++) {
			for (nr = 100; nr <= MAX; nr *= 10)
				measure(&holders[i], nr, mixed);
		}
	}
}

const struct group group_held = {
	.name = "held",
	.what = "100 to 100,000 packets that wait: insert, release; netem",
	.run = run,
};
