// SPDX-License-Identifier: GPL-2.0
/*
 * Rules in the words of rstctl, by its own parser, but without starting it:
 * hundreds of them cost no more than their netlink messages.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "host.h"
#include "rules.h"

#include "genl.h"
#include "nl.h"
#include "parse.h"
#include "tuple.h"

#define WORDS_MAX 64

static int split(char *line, char *words[WORDS_MAX])
{
	char *word, *save;
	int count = 0;

	for (word = strtok_r(line, " ", &save); word && count < WORDS_MAX;
	     word = strtok_r(NULL, " ", &save))
		words[count++] = word;
	return count;
}

static int open_in(const struct host *host, struct genl *genl, struct err *err)
{
	int ret = host_enter(host);

	if (ret) {
		err_set(err, "no such host: %s", strerror(-ret));
		return ret;
	}
	ret = genl_open(genl, RSTFAULT_FAMILY_NAME, err);
	return host_leave() ?: ret;
}

/**
 * rules_put() - append a rule to a request
 * @nlh: the request, with room for NL_REQUEST_MAX bytes more
 * @text: the rule, as behind "rstctl add", parted by one space each
 *
 * Return: 0 or -EINVAL; why is on standard error.
 */
int rules_put(struct nlmsghdr *nlh, const char *text)
{
	char line[1024], *words[WORDS_MAX];
	struct err err = {};
	struct rule rule;

	snprintf(line, sizeof(line), "%s", text);
	if (parse_rule(split(line, words), words, &rule, &err)) {
		err_print(&err);
		return -EINVAL;
	}
	return nl_rule_put(nlh, nlh->nlmsg_len + NL_REQUEST_MAX, &rule) ?
	       0 : -EINVAL;
}

/**
 * rules_add() - append a rule to those of a host
 * @host: the host
 * @format: the rule, as behind "rstctl add", parted by one space each
 *
 * Return: 0 or a negative errno; why is on standard error.
 */
int rules_add(const struct host *host, const char *format, ...)
{
	char line[1024], *words[WORDS_MAX];
	struct err err = {};
	struct rule rule;
	struct genl genl;
	va_list args;
	int ret;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);

	if (parse_rule(split(line, words), words, &rule, &err)) {
		err_print(&err);
		return -EINVAL;
	}
	ret = open_in(host, &genl, &err);
	if (!ret) {
		ret = nl_add(&genl, &rule, &err);
		genl_close(&genl);
	}
	if (ret)
		err_print(&err);

	return ret;
}

static void fill_prefix(struct rule_prefix *prefix, int family, int nr)
{
	unsigned char addr[16];

	inet_pton(family, host_addr(family, nr), addr);
	tuple_address(prefix, family, addr);
}

/**
 * rules_inject() - send a RST because of no segment, as "rstctl inject" does
 * @host: the host
 * @family: AF_INET or AF_INET6
 * @nr: number of @host's address; the peer has the other one
 * @sport: local port, host byte order
 * @dport: port of the peer, host byte order
 * @words: to whom and how, as behind "rstctl inject"
 *
 * Return: enum rstfault_outcome, or a negative errno.
 */
int rules_inject(const struct host *host, int family, int nr, uint16_t sport,
		 uint16_t dport, const char *words)
{
	char line[256], *word[WORDS_MAX];
	struct rule_prefix saddr, daddr;
	struct rule_forge forge;
	struct err err = {};
	struct tuple tuple;
	struct rule rule;
	struct genl genl;
	__u32 outcome;
	int ret;

	/* The connection is named below, not in words. */
	snprintf(line, sizeof(line), "force %s", words);
	if (parse_inject(split(line, word), word, &rule, &forge, &err)) {
		err_print(&err);
		return -EINVAL;
	}
	fill_prefix(&saddr, family, nr);
	fill_prefix(&daddr, family, 3 - nr);
	tuple_set(&tuple, &saddr, sport, &daddr, dport);

	ret = open_in(host, &genl, &err);
	if (!ret) {
		ret = nl_inject(&genl, &tuple, &forge, &outcome, &err);
		genl_close(&genl);
	}
	if (ret)
		err_print(&err);

	return ret ?: (int)outcome;
}
