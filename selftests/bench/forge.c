// SPDX-License-Identifier: GPL-2.0
/*
 * A RST as the answer to a segment. It leaves by an interface that counts it.
 */
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <linux/netfilter.h>

#include "packet.h"

#include "crowd.h"
#include "die.h"
#include "group.h"
#include "site.h"
#include "table.h"
#include "traffic.h"

#define PORT 5000
#define BATCH 64
#define BATCHES 9

static void rstfault(const struct site *site, int family)
{
	FILE *out = site_file();

	fprintf(out, "input data dport %u forge to sender and drop\n", PORT);
	site_rstctl(site, out);
}

static void nft(const struct site *site, int family)
{
	FILE *out = site_file();

	fprintf(out, "table %s t {\n"
		"chain c {\ntype filter hook input priority filter;\n"
		"tcp dport %u reject with tcp reset\n}\n}\n",
		family == AF_INET6 ? "ip6" : "ip", PORT);
	site_nft(site, out);
}

static const struct {
	const char *name;
	void (*set_up)(const struct site *site, int family);
} contenders[] = {
	{ "rstfault: forge to sender and drop", rstfault },
	{ "nft: reject with tcp reset", nft },
};

/* Packets that have left by an interface. */
static unsigned long sent(const struct host *host, const char *ifname)
{
	unsigned long count = 0;
	char line[512], *colon;
	FILE *file;

	if (host_enter(host))
		die("no such host");
	file = fopen("/proc/net/dev", "re");
	if (!file || host_leave())
		die("/proc/net/dev: %m");
	while (fgets(line, sizeof(line), file)) {
		colon = strchr(line, ':');
		if (!colon)
			continue;
		*colon = 0;
		if (!strcmp(line + strspn(line, " "), ifname))
			sscanf(colon + 1,
			       "%*u %*u %*u %*u %*u %*u %*u %*u %*u %lu",
			       &count);
	}
	fclose(file);

	return count;
}

static void set_up_route(const struct host *host, int family)
{
	const char *option = family == AF_INET6 ? "-6" : "-4";

	if (host_sysctl(host, "ipv6/conf/default/router_solicitations", "0") ||
	    host_run(host, "ip link add d0 type dummy &&\n"
		     "ip link set d0 up &&\n"
		     "ip %s addr add %s/%u dev d0 %s &&\n"
		     "ip %s route add default dev d0\n", option,
		     host_addr(family, 1), family == AF_INET6 ? 64 : 24,
		     family == AF_INET6 ? "nodad" : "", option))
		die("cannot set up an interface");
}

static void measure(unsigned int nr, int family)
{
	const struct plan plan = {
		.hook = NF_INET_LOCAL_IN,
		.batch = BATCH,
		.batches = BATCHES,
		.route = true,
		.softirq = true,
	};
	struct traffic traffic;
	struct endpoint ep;
	struct cost cost;
	struct site site;
	unsigned long count;

	site_init(&site);
	set_up_route(&site.host, family);
	contenders[nr].set_up(&site, family);
	traffic_init(&traffic, family, 1);
	traffic.indev = "d0";
	crowd_exact.inside(&ep, family, 1);
	ep.port = PORT;
	endpoint_send(&ep, &traffic, TH_ACK, 100);

	/* Once IPv6 has said most of what it has to say for itself. */
	sleep(10);
	count = sent(&site.host, "d0");
	site_run(&site, &traffic, &plan, &cost);
	count = sent(&site.host, "d0") - count;
	if (cost.passed || count < BATCH * BATCHES)
		die("%s: %lu RSTs were sent, %llu segments passed",
		    contenders[nr].name, count,
		    (unsigned long long)cost.passed);
	table_put("forged RST (instructions)", contenders[nr].name,
		  family == AF_INET6 ? "IPv6" : "IPv4", cost.min);

	traffic_free(&traffic);
	site_free(&site);
}

static void run(void)
{
	unsigned int i, j;

	for (i = 0; i < nr_families; i++) {
		for (j = 0; j < sizeof(contenders) / sizeof(contenders[0]); j++)
			measure(j, families[i]);
	}
}

const struct group group_forge = {
	.name = "forge",
	.what = "a RST to the sender, and the segment dropped",
	.run = run,
};
