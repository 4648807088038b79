// SPDX-License-Identifier: GPL-2.0
/*
 * A fresh host for each contender: none meets the rules of another.
 */
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "die.h"
#include "site.h"
#include "traffic.h"

/* In memory, so that nobody waits for it. */
#define RULES_FILE "/tmp/bench.rules"

/**
 * site_init() - make a host, and measure there
 * @site: to be given back by site_free()
 */
void site_init(struct site *site)
{
	if (host_init(&site->host))
		die("cannot make a host");
	probe_open(&site->probe, &site->host);
}

/**
 * site_free() - give back what site_init() made
 * @site: the site
 */
void site_free(struct site *site)
{
	probe_close(&site->probe);
	host_free(&site->host);
}

/**
 * site_file() - begin to write rules
 *
 * Return: a file for site_rstctl() or site_nft(), which close it.
 */
FILE *site_file(void)
{
	FILE *file = fopen(RULES_FILE, "w");

	if (!file)
		die(RULES_FILE ": %m");
	return file;
}

static void site_load(const struct site *site, FILE *rules, const char *command)
{
	if (fclose(rules))
		die(RULES_FILE ": %m");
	if (host_run(&site->host, "%s %s", command, RULES_FILE))
		die("failed: %s", command);
}

/**
 * site_rstctl() - have rstctl load rules
 * @site: where
 * @rules: file of site_file()
 */
void site_rstctl(const struct site *site, FILE *rules)
{
	site_load(site, rules, "rstctl load");
}

/**
 * site_nft() - have nft load rules
 * @site: where
 * @rules: file of site_file()
 */
void site_nft(const struct site *site, FILE *rules)
{
	site_load(site, rules, "nft -f");
}

/* What the measurement itself takes: the same where no hook is. */
static double harness(const struct traffic *traffic, unsigned int hook)
{
	static double known[2];
	bool ipv6 = traffic->family == AF_INET6;
	struct site empty;
	struct cost cost;

	if (!known[ipv6]) {
		site_init(&empty);
		probe_run(&empty.probe, traffic, hook, &cost);
		site_free(&empty);
		known[ipv6] = cost.min;
	}

	return known[ipv6];
}

/**
 * site_cost() - measure what hooks do to traffic
 * @site: where
 * @traffic: the packets
 * @hook: NF_INET_*
 * @dropped: they must be dropped all; otherwise they must pass
 *
 * Return: instructions for each packet.
 */
double site_cost(const struct site *site, const struct traffic *traffic,
		 unsigned int hook, bool dropped)
{
	struct cost cost;

	probe_run(&site->probe, traffic, hook, &cost);
	if (dropped ? cost.passed : cost.dropped)
		die("%llu packets passed, %llu did not",
		    (unsigned long long)cost.passed,
		    (unsigned long long)cost.dropped);

	return cost.min - harness(traffic, hook);
}
