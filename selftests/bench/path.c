// SPDX-License-Identifier: GPL-2.0
/*
 * The path of a segment with one rule or none.
 */
#include <netinet/in.h>

#include <linux/netfilter.h>


#include "packet.h"

#include "endpoint.h"
#include "group.h"
#include "site.h"
#include "table.h"
#include "traffic.h"

#define TABLE "one rule"

static void nothing(struct site *site, int family)
{
}

static void function(struct site *site, int family)
{
	probe_hook(&site->probe, family, NF_INET_LOCAL_IN);
}

static void rstfault_rst(struct site *site, int family)
{
	FILE *rules = site_file();

	fputs("input rst dport 5000 drop\n", rules);
	site_rstctl(site, rules);
}

static void nft_chain(struct site *site, int family, const char *rule)
{
	FILE *rules = site_file();

	fprintf(rules, "table %s t {\n"
		"chain c {\ntype filter hook input priority filter;\n%s}\n}\n",
		family == AF_INET6 ? "ip6" : "ip", rule);
	site_nft(site, rules);
}

static void nft_empty(struct site *site, int family)
{
	nft_chain(site, family, "");
}

static void nft_rst(struct site *site, int family)
{
	nft_chain(site, family, "tcp flags rst tcp dport 5000 drop\n");
}

static void nft_rst_any(struct site *site, int family)
{
	nft_chain(site, family, "tcp flags rst drop\n");
}

static const struct contender {
	const char *name;
	void (*set_up)(struct site *site, int family);
	bool drops;
} contenders[] = {
	{ "no rules", nothing },
	{ "empty hook function", function },
	{ "rstfault: rst dport 5000 drop", rstfault_rst, true },
	{ "nft: no rule", nft_empty },
	{ "nft: tcp flags rst drop", nft_rst_any, true },
	{ "nft: rst, dport 5000, drop", nft_rst, true },
};

static const struct segment {
	const char *name;
	uint8_t flags;
	size_t payload;
	uint16_t port;
} segments[] = {
	{ "data", TH_ACK | TH_PSH, 100, 5000 },
	{ "other RST", TH_RST, 0, 5001 },
	{ "RST", TH_RST, 0, 5000 },
};

static void measure(const struct contender *contender,
		    const struct segment *segment, int family)
{
	struct endpoint ep;
	struct traffic traffic;
	struct site site;
	char column[32];
	bool drop;

	endpoint_of(&ep, family, 1);
	ep.port = segment->port;
	traffic_init(&traffic, family, 1);
	endpoint_send(&ep, &traffic, segment->flags, segment->payload);

	drop = contender->drops && segment->flags & TH_RST &&
	       (segment->port == 5000 || contender->set_up == nft_rst_any);
	snprintf(column, sizeof(column), "%s%s", segment->name,
		 family == AF_INET6 ? " v6" : "");
	site_init(&site);
	contender->set_up(&site, family);
	table_put(TABLE, contender->name, column,
		  site_cost(&site, &traffic, NF_INET_LOCAL_IN, drop));
	site_free(&site);
	traffic_free(&traffic);
}

static void run(void)
{
	static const int families[] = { AF_INET, AF_INET6 };
	unsigned int i, j, k;

	for (i = 0; i < 2; i++) {
		for (j = 0; j < sizeof(contenders) / sizeof(contenders[0]); j++) {
			for (k = 0; k < 3; k++)
				measure(&contenders[j], &segments[k],
					families[i]);
		}
	}
}

const struct group group_path = {
	.name = "path",
	.what = "one rule or none: data, a RST that misses, a RST that is dropped",
	.run = run,
};
