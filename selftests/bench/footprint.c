// SPDX-License-Identifier: GPL-2.0
/*
 * Memory: of a rule, of a segment that waits, of a connection that a gate
 * remembers, of a network namespace.
 */
#include <netinet/in.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include <linux/netfilter.h>

#include "packet.h"
#include "rules.h"

#include "contender.h"
#include "crowd.h"
#include "die.h"
#include "group.h"
#include "memory.h"
#include "module.h"
#include "site.h"
#include "table.h"
#include "traffic.h"

#define TABLE "memory of one (bytes)"
#define PORT 5000
#define MANY 10000
#define HOSTS 1000

/* Send @count different RSTs once; they pass, or they wait. */
static void send_all(const struct site *site, uint32_t count)
{
	const struct plan plan = {
		.hook = NF_INET_LOCAL_IN,
		.batch = count,
		.batches = 1,
	};
	struct traffic traffic;
	struct endpoint ep;
	struct cost cost;
	uint32_t i;

	traffic_init(&traffic, AF_INET, count);
	for (i = 0; i < count; i++) {
		crowd_exact.inside(&ep, AF_INET, i);
		ep.port = PORT;
		endpoint_send(&ep, &traffic, TH_RST, 0);
	}
	site_run(site, &traffic, &plan, &cost);
	traffic_free(&traffic);
}

/* Bytes for each of many RSTs that meet a rule. */
static double grown_by(const char *rule)
{
	struct site site;
	double before, after;

	site_init(&site);
	if (rules_add(&site.host, "%s", rule))
		die("no such rule: %s", rule);
	before = memory_used();
	send_all(&site, MANY);
	after = memory_used();
	/* So that nothing waits in a module that is to go. */
	if (host_run(&site.host, "rstctl flush"))
		die("cannot flush");
	site_free(&site);

	return (after - before) / MANY;
}

static void measure_rules(const struct contender *contender, const char *row)
{
	struct site site;
	struct load load;

	site_init(&site);
	load = contender->load(&site, &crowd_exact, AF_INET, MANY);
	table_put(TABLE, row, "bytes", load.kept / MANY);
	site_free(&site);
}

/* What goes with the module when it is unloaded. */
static double module_share(void)
{
	double loaded = memory_used(), unloaded;

	module_unload("rstfault");
	unloaded = memory_used();
	module_load("rstfault", "rstfault.ko");

	return loaded - unloaded;
}

static void measure_hosts(void)
{
	static struct host hosts[HOSTS];
	const struct rlimit limit = { HOSTS + 100, HOSTS + 100 };
	double share, before, begin;
	struct site site;
	unsigned int i;

	if (setrlimit(RLIMIT_NOFILE, &limit))
		die("cannot open as many files: %m");

	site_init(&site);
	share = module_share();
	for (i = 0; i < HOSTS; i++) {
		if (host_init(&hosts[i]))
			die("cannot make host %u", i);
	}
	table_put(TABLE, "a netns without rules", "bytes",
		  (module_share() - share) / HOSTS);

	/* Until the kernel has made all that belongs to a host. */
	sleep(10);
	before = memory_used();
	begin = probe_busy(&site.probe);
	for (i = 0; i < HOSTS; i++) {
		if (rules_add(&hosts[i], "input rst dport %u drop", PORT))
			die("no rule in host %u", i);
	}
	table_put("1,000 netns with a rule each (thousand instructions)",
		  "to add a rule", "IPv4",
		  (probe_busy(&site.probe) - begin) / HOSTS / 1000);
	table_put(TABLE, "a netns with one rule", "bytes",
		  (memory_used() - before) / HOSTS +
		  table_get(TABLE, "a netns without rules", "bytes"));

	probe_close(&site.probe);
	host_free(&site.host);
	for (i = 0; i < HOSTS; i++)
		host_free(&hosts[i]);
}

static void run(void)
{
	char rule[128];

	measure_rules(&contender_rstfault, "a rule");
	measure_rules(&contender_nft_set, "nft: an element of a set");
	snprintf(rule, sizeof(rule), "input rst dport %u delay 1h", PORT);
	table_put(TABLE, "a segment that waits, itself included", "bytes",
		  grown_by(rule));
	snprintf(rule, sizeof(rule),
		 "input rst dport %u skip 1000000 per connection drop", PORT);
	table_put(TABLE, "a connection", "bytes", grown_by(rule));
	measure_hosts();
}

const struct group group_memory = {
	.name = "memory",
	.what = "memory of rules, held segments, connections, 1,000 netns",
	.run = run,
};
