// SPDX-License-Identifier: GPL-2.0
/*
 * Ways to drop the RSTs of a crowd: our rules, and what one would take instead.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "contender.h"
#include "crowd.h"

/* An address family, as nftables calls it. */
static const char *ip(int family)
{
	return family == AF_INET6 ? "ip6" : "ip";
}

/* A port, or a range with this between its ends. */
static void put_ports(FILE *out, const struct span *span, char to)
{
	fprintf(out, "%u", span->low);
	if (span->high != span->low)
		fprintf(out, "%c%u", to, span->high);
}

static struct load load_rstfault(const struct site *site,
				 const struct crowd *crowd, int family,
				 uint32_t count)
{
	FILE *out = site_file();
	struct span span;
	uint32_t i;

	for (i = 0; i < count; i++) {
		crowd->span(&span, family, i);
		fprintf(out, "input rst saddr %s dport ", span.prefix);
		put_ports(out, &span, '-');
		fputs(" drop\n", out);
	}

	return site_rstctl(site, out);
}

const struct contender contender_rstfault = {
	.name = "rstfault",
	.load = load_rstfault,
};

static void nft_begin(FILE *out)
{
	fputs("chain c {\ntype filter hook input priority filter;\n", out);
}

static struct load load_nft_rules(const struct site *site,
				  const struct crowd *crowd, int family,
				  uint32_t count)
{
	FILE *out = site_file();
	struct span span;
	uint32_t i;

	fprintf(out, "table %s t {\n", ip(family));
	nft_begin(out);
	for (i = 0; i < count; i++) {
		crowd->span(&span, family, i);
		fprintf(out, "tcp flags rst %s saddr %s tcp dport ",
			ip(family), span.prefix);
		put_ports(out, &span, '-');
		fputs(" drop\n", out);
	}
	fputs("}\n}\n", out);

	return site_nft(site, out);
}

const struct contender contender_nft_rules = {
	.name = "nft, rules",
	.linear = true,
	.load = load_nft_rules,
};

static struct load load_nft_set(const struct site *site,
				const struct crowd *crowd, int family,
				uint32_t count)
{
	FILE *out = site_file();
	struct span span;
	uint32_t i;

	fprintf(out, "table %s t {\nset s {\ntypeof %s saddr . tcp dport\n",
		ip(family), ip(family));
	if (crowd->interval)
		fputs("flags interval\n", out);
	fputs("elements = {\n", out);
	for (i = 0; i < count; i++) {
		crowd->span(&span, family, i);
		fprintf(out, "%s . ", span.prefix);
		put_ports(out, &span, '-');
		fputs(",\n", out);
	}
	fputs("}\n}\n", out);
	nft_begin(out);
	fprintf(out, "tcp flags rst %s saddr . tcp dport @s drop\n}\n}\n",
		ip(family));

	return site_nft(site, out);
}

const struct contender contender_nft_set = {
	.name = "nft, a set",
	.load = load_nft_set,
};

/**
 * load_iptables() - have iptables load rules
 * @site: where
 * @rules: file of site_file()
 * @family: AF_INET or AF_INET6
 *
 * Return: what that took.
 */
struct load load_iptables(const struct site *site, FILE *rules, int family)
{
	return site_load(site, rules, (const char *const[]){
		family == AF_INET6 ? "ip6tables-legacy-restore" :
				     "iptables-legacy-restore", NULL });
}

/**
 * there_iptables() - whether this machine has iptables
 *
 * Not every distribution has what does not speak to nftables.
 */
bool there_iptables(void)
{
	return !access("/usr/sbin/iptables-legacy-restore", X_OK);
}

static struct load load_iptables_rules(const struct site *site,
				       const struct crowd *crowd, int family,
				       uint32_t count)
{
	FILE *out = site_file();
	struct span span;
	uint32_t i;

	fputs("*filter\n:INPUT ACCEPT [0:0]\n", out);
	for (i = 0; i < count; i++) {
		crowd->span(&span, family, i);
		fprintf(out, "-A INPUT -s %s -p tcp --tcp-flags RST RST --dport ",
			span.prefix);
		put_ports(out, &span, ':');
		fputs(" -j DROP\n", out);
	}
	fputs("COMMIT\n", out);

	return load_iptables(site, out, family);
}

const struct contender contender_iptables = {
	.name = "iptables",
	.linear = true,
	.load = load_iptables_rules,
	.there = there_iptables,
};
