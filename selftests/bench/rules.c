// SPDX-License-Identifier: GPL-2.0
/*
 * Many rules that differ in address and port.
 */
#include <netinet/in.h>
#include <string.h>

#include <linux/netfilter.h>


#include "packet.h"

#include "die.h"
#include "endpoint.h"
#include "group.h"
#include "site.h"
#include "table.h"
#include "traffic.h"

#define MISSES 64

/* Numbers of endpoints that no rule is about. */
#define OTHERS 1000000

static void rstfault(const struct site *site, int family, uint32_t count)
{
	FILE *rules = site_file();
	struct endpoint ep;
	uint32_t i;

	for (i = 0; i < count; i++) {
		endpoint_of(&ep, family, i);
		fprintf(rules, "input rst saddr %s dport %u drop\n", ep.addr,
			ep.port);
	}
	site_rstctl(site, rules);
}

static void nft_begin(FILE *rules, int family)
{
	fprintf(rules, "table %s t {\n", family == AF_INET6 ? "ip6" : "ip");
}

static void nft_end(FILE *rules)
{
	fputs("}\n", rules);
}

static const char *nft_ip(int family)
{
	return family == AF_INET6 ? "ip6" : "ip";
}

static void nft_rules(const struct site *site, int family, uint32_t count)
{
	FILE *rules = site_file();
	struct endpoint ep;
	uint32_t i;

	nft_begin(rules, family);
	fputs("chain c {\ntype filter hook input priority filter;\n", rules);
	for (i = 0; i < count; i++) {
		endpoint_of(&ep, family, i);
		fprintf(rules, "tcp flags rst %s saddr %s tcp dport %u drop\n",
			nft_ip(family), ep.addr, ep.port);
	}
	fputs("}\n", rules);
	nft_end(rules);
	site_nft(site, rules);
}

static void nft_set(const struct site *site, int family, uint32_t count)
{
	FILE *rules = site_file();
	struct endpoint ep;
	uint32_t i;

	nft_begin(rules, family);
	fprintf(rules, "set s {\ntypeof %s saddr . tcp dport\nelements = {\n",
		nft_ip(family));
	for (i = 0; i < count; i++) {
		endpoint_of(&ep, family, i);
		fprintf(rules, "%s . %u,\n", ep.addr, ep.port);
	}
	fprintf(rules, "}\n}\n"
		"chain c {\ntype filter hook input priority filter;\n"
		"tcp flags rst %s saddr . tcp dport @s drop\n}\n",
		nft_ip(family));
	nft_end(rules);
	site_nft(site, rules);
}

static const struct contender {
	const char *name;
	void (*set_up)(const struct site *site, int family, uint32_t count);
	uint32_t max;
} contenders[] = {
	{ "rstfault", rstfault, 100000 },
	{ "nft rules", nft_rules, 1000 },
	{ "nft set", nft_set, 100000 },
};

static const char * const segments[] = { "miss", "first", "last" };

/* A third has an address of the rules, a third a port, a third neither. */
static void add_misses(struct traffic *traffic, int family, uint32_t count)
{
	struct endpoint ep, other;
	uint32_t i;

	for (i = 0; i < MISSES; i++) {
		endpoint_of(&ep, family, i % count);
		endpoint_of(&other, family, OTHERS + i);
		if (i % 3)
			memcpy(ep.addr, other.addr, sizeof(ep.addr));
		if (i % 3 != 1)
			ep.port = other.port == ep.port ? 1 : other.port;
		endpoint_send(&ep, traffic, TH_RST, 0);
	}
}

static void measure(const struct site *site, const struct contender *contender,
		    int family, uint32_t count)
{
	char table[32], row[64], column[16];
	struct traffic traffic;
	struct endpoint ep;
	unsigned int i;

	for (i = 0; i < 3; i++) {
		traffic_init(&traffic, family, MISSES);
		if (i) {
			endpoint_of(&ep, family, i == 2 ? count - 1 : 0);
			endpoint_send(&ep, &traffic, TH_RST, 0);
		} else {
			add_misses(&traffic, family, count);
		}
		snprintf(table, sizeof(table), "rules, IPv%c",
			 family == AF_INET6 ? '6' : '4');
		snprintf(row, sizeof(row), "%s, %s", contender->name,
			 segments[i]);
		snprintf(column, sizeof(column), "%u", count);
		table_put(table, row, column,
			  site_cost(site, &traffic, NF_INET_LOCAL_IN, i));
		traffic_free(&traffic);
	}
}

static void run(void)
{
	static const int families[] = { AF_INET, AF_INET6 };
	const struct contender *contender;
	unsigned int i, j, count;
	struct site site;

	for (i = 0; i < 2; i++) {
		for (j = 0; j < sizeof(contenders) / sizeof(contenders[0]); j++) {
			contender = &contenders[j];
			for (count = 1; count <= contender->max; count *= 10) {
				site_init(&site);
				contender->set_up(&site, families[i], count);
				measure(&site, contender, families[i], count);
				site_free(&site);
			}
		}
	}
}

const struct group group_rules = {
	.name = "rules",
	.what = "1 to 100,000 rules that differ in address and port",
	.run = run,
};
