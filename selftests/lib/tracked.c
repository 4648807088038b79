// SPDX-License-Identifier: GPL-2.0
/*
 * Connection tracking of a host: let it begin, and read what it has.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "host.h"
#include "nft.h"
#include "tracked.h"

/**
 * tracked_begin() - have a host track connections, from the next one on
 * @host: the host
 *
 * Connections are tracked where a rule asks for them. Their packets are counted.
 *
 * Return: 0 or a negative errno; the kernel has no nf_tables or no connection
 *	tracking.
 */
int tracked_begin(const struct host *host)
{
	const struct nft_chain chain = {
		.name = "tracked", .hook = NF_INET_LOCAL_IN,
	};
	const struct nft_rule rule = { .chain = "tracked", .track = true };

	return nft_add_table(host) ?: nft_add_chain(host, &chain) ?:
	       nft_add_rule(host, &rule) ?:
	       host_sysctl(host, "netfilter/nf_conntrack_acct", "1");
}

/**
 * tracked_read() - read what connection tracking has of a connection
 * @host: the host
 * @port: port that the connection is from
 * @tracked: gets it
 *
 * Return: 0; -ESRCH: it has nothing of it; or another negative errno.
 */
int tracked_read(const struct host *host, uint16_t port,
		 struct tracked *tracked)
{
	char line[1024], want[32], *place;
	FILE *file;
	int err;

	memset(tracked, 0, sizeof(*tracked));
	snprintf(want, sizeof(want), " sport=%u ", port);
	err = host_enter(host);
	if (err)
		return err;
	file = fopen("/proc/net/nf_conntrack", "re");
	err = host_leave();
	if (!file || err)
		return err ?: -ENOENT;

	err = -ESRCH;
	while (err && fgets(line, sizeof(line), file)) {
		place = strstr(line, want) ? strstr(line, "packets=") : NULL;
		if (!place)
			continue;
		tracked->packets[0] = strtol(place + 8, NULL, 10);
		place = strstr(place + 8, "packets=");
		if (place &&
		    sscanf(line, "%*s %*s tcp %*s %*s %31s", tracked->state))
			err = 0;
		if (place)
			tracked->packets[1] = strtol(place + 8, NULL, 10);
	}
	fclose(file);

	return err;
}

/**
 * tracked_invalid() - packets that connection tracking calls invalid
 * @host: the host
 *
 * Return: how many that were, or a negative errno.
 */
int64_t tracked_invalid(const struct host *host)
{
	char line[512], *word, *save;
	int column = -1, i, err;
	int64_t sum = 0;
	FILE *file;

	err = host_enter(host);
	if (err)
		return err;
	file = fopen("/proc/net/stat/nf_conntrack", "re");
	err = host_leave();
	if (!file || err)
		return err ?: -ENOENT;

	/* The names, then a line for each CPU. */
	while (fgets(line, sizeof(line), file)) {
		word = strtok_r(line, "\n ", &save);
		for (i = 0; word; i++, word = strtok_r(NULL, "\n ", &save)) {
			if (!strcmp(word, "invalid"))
				column = i;
			else if (i == column)
				sum += strtoll(word, NULL, 16);
		}
	}
	fclose(file);

	return column < 0 ? -ENODATA : sum;
}
