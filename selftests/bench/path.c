// SPDX-License-Identifier: GPL-2.0
/*
 * One rule or none: what a segment costs that it is not about, and a RST that it
 * drops.
 */
#include <netinet/in.h>
#include <stdio.h>

#include <linux/netfilter.h>

#include "packet.h"

#include "bpf.h"
#include "contender.h"
#include "crowd.h"
#include "die.h"
#include "group.h"
#include "site.h"
#include "table.h"
#include "traffic.h"

/* The port that rules name. */
#define PORT 5000

enum drops {
	DROPS_NOTHING,
	DROPS_PORT,
	DROPS_RST,
	DROPS_ALL,
};

static void nothing(const struct site *site, int family)
{
}

static void accepts(const struct site *site, int family)
{
	probe_hook(&site->probe, family, NF_INET_LOCAL_IN, RSTF_BENCH_ACCEPT);
}

static void drops(const struct site *site, int family)
{
	probe_hook(&site->probe, family, NF_INET_LOCAL_IN, RSTF_BENCH_DROP);
}

static void rstfault(const struct site *site, const char *rule)
{
	FILE *out = site_file();

	fprintf(out, "%s\n", rule);
	site_rstctl(site, out);
}

static void rstfault_rst(const struct site *site, int family)
{
	rstfault(site, "input rst force drop");
}

static void rstfault_port(const struct site *site, int family)
{
	rstfault(site, "input rst dport 5000 drop");
}

static void nft(const struct site *site, int family, const char *rule)
{
	FILE *out = site_file();

	fprintf(out, "table %s t {\nchain c {\n"
		"type filter hook input priority filter;\n%s}\n}\n",
		family == AF_INET6 ? "ip6" : "ip", rule);
	site_nft(site, out);
}

static void nft_nothing(const struct site *site, int family)
{
	nft(site, family, "");
}

static void nft_rst(const struct site *site, int family)
{
	nft(site, family, "tcp flags rst drop\n");
}

static void nft_port(const struct site *site, int family)
{
	nft(site, family, "tcp flags rst tcp dport 5000 drop\n");
}

static void iptables_port(const struct site *site, int family)
{
	FILE *out = site_file();

	fputs("*filter\n:INPUT ACCEPT [0:0]\n", out);
	fputs("-A INPUT -p tcp --dport 5000 --tcp-flags RST RST -j DROP\n",
	      out);
	fputs("COMMIT\n", out);
	load_iptables(site, out, family);
}

static void bpf_accepts(const struct site *site, int family)
{
	bpf_attach(&site->host, family, NF_INET_LOCAL_IN);
}

static const struct row {
	const char *name;
	void (*set_up)(const struct site *site, int family);
	enum drops drops;
	bool (*there)(void);
} rows[] = {
	{ "no rules", nothing },
	{ "a function that accepts", accepts },
	{ "a function that drops", drops, DROPS_ALL },
	{ "rstfault: rst", rstfault_rst, DROPS_RST },
	{ "rstfault: rst dport 5000", rstfault_port, DROPS_PORT },
	{ "nft: no rules", nft_nothing },
	{ "nft: rst", nft_rst, DROPS_RST },
	{ "nft: rst dport 5000", nft_port, DROPS_PORT },
	{ "iptables: rst dport 5000", iptables_port, DROPS_PORT, there_iptables },
	{ "BPF netfilter that accepts", bpf_accepts, DROPS_NOTHING, there_bpf },
};

#define NR_ROWS (sizeof(rows) / sizeof(rows[0]))

static const struct column {
	const char *name;
	uint8_t flags;
	size_t payload;
	uint16_t port;
} columns[] = {
	{ "data", TH_ACK | TH_PSH, 100, PORT },
	{ "other RST", TH_RST, 0, PORT + 1 },
	{ "RST", TH_RST, 0, PORT },
};

/* What a RST costs that is dropped, without what it takes to free it. */
static const char not_freed[] = "RST, not to free it";

#define NR_COLUMNS (sizeof(columns) / sizeof(columns[0]))

static bool is_dropped(enum drops what, const struct column *column)
{
	switch (what) {
	case DROPS_NOTHING:
		return false;
	case DROPS_PORT:
		return column->flags & TH_RST && column->port == PORT;
	case DROPS_RST:
		return column->flags & TH_RST;
	case DROPS_ALL:
		return true;
	}
	return false;
}

static void make_traffic(struct traffic *traffic, int family,
			 const struct column *column)
{
	struct endpoint ep;

	crowd_exact.inside(&ep, family, 1);
	ep.port = column->port;
	traffic_init(traffic, family, 1);
	endpoint_send(&ep, traffic, column->flags, column->payload);
}

static const char *table(int family)
{
	return family == AF_INET6 ? "one rule, IPv6 (instructions)" :
				   "one rule, IPv4 (instructions)";
}

static void measure(const struct row *row, int family)
{
	const struct column *column;
	struct traffic traffic;
	struct site site;

	site_init(&site);
	row->set_up(&site, family);
	for (column = columns; column < columns + NR_COLUMNS; column++) {
		make_traffic(&traffic, family, column);
		table_put(table(family), row->name, column->name,
			  site_cost(&site, &traffic, NF_INET_LOCAL_IN,
				    is_dropped(row->drops, column)));
		traffic_free(&traffic);
	}
	site_free(&site);
}

/* Not at a hook, but as the kernel tests such programs. */
static void measure_bpf(int family)
{
	const struct column *column;
	struct traffic traffic;
	bool dropped;
	double cost;

	for (column = columns; column < columns + NR_COLUMNS; column++) {
		make_traffic(&traffic, family, column);
		cost = bpf_cost(&traffic, PORT, &dropped);
		if (dropped != is_dropped(DROPS_PORT, column))
			die("BPF decides otherwise: %s", column->name);
		table_put(table(family), "BPF tc: rst dport 5000",
			  dropped ? not_freed : column->name, cost);
		traffic_free(&traffic);
	}
}

/* The same segment without what it takes to free it. */
static void add_decisions(int family)
{
	const char *name = table(family);
	double freeing = table_get(name, "a function that drops", "RST") -
			 table_get(name, "a function that accepts", "RST");
	const struct row *row;

	for (row = rows; row < rows + NR_ROWS; row++) {
		if (row->drops)
			table_put(name, row->name, not_freed,
				  table_get(name, row->name, "RST") - freeing);
	}
}

static void run(void)
{
	const struct row *row;
	unsigned int i;

	for (i = 0; i < nr_families; i++) {
		for (row = rows; row < rows + NR_ROWS; row++) {
			if (!row->there || row->there())
				measure(row, families[i]);
			else
				fprintf(stderr, "bench: not here: %s\n",
					row->name);
		}
		measure_bpf(families[i]);
		add_decisions(families[i]);
	}
}

const struct group group_path = {
	.name = "path",
	.what = "one rule or none: data, a RST that misses, a RST that is dropped",
	.run = run,
};
