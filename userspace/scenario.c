// SPDX-License-Identifier: GPL-2.0
/*
 * What can be played. On the host of the client, of the server, and on a router
 * the same rules serve: where a segment passes `in` and `out`, as on a router
 * and on the loopback interface, the first of them has taken it, or doing it
 * twice does no harm.
 */

#include <stdio.h>
#include <string.h>

#include "err.h"
#include "parse.h"
#include "scenario.h"

#define MS	1000000ull
#define S	(1000 * MS)
#define M	(60 * S)

/* Also on a machine that is busy. */
#define AT_ONCE	.to = S
/* tcp_syn_retries = 6: 127 s, and since 6.5 131 s, as the first come faster. */
#define CONNECT_TIMEOUT	.from = 2 * M, .to = 3 * M
/*
 * tcp_retries2 = 15: 924 s are the least, ip-sysctl says. It is found when data
 * would be repeated the next time, which may take 120 s.
 */
#define WRITE_TIMEOUT	.from = 15 * M, .to = 18 * M
/* As long as TCP waits at most before it repeats data. */
#define REPEATED	.to = 2 * M

const struct scenario scenarios[] = {
	{
		.name = "refused",
		.summary = "nobody seems to listen: each SYN is answered by a RST",
		.lifetime = 5 * M,
		.opening = true,
		.rule = {
			{ false, "in syn forge and drop" },
			{ false, "out syn forge and drop" },
		},
		.promise = {
			{ "client connects", "client", "connect",
			  "ECONNREFUSED", "closed", AT_ONCE },
			{ "client connects", "server", "accept", "waits",
			  "listening" },
			{ "it ends", "client", "connect", "ok", "established",
			  AT_ONCE },
		},
	}, {
		.name = "filtered",
		.summary = "a firewall seems to swallow each SYN",
		.note =
"A connect() that waits when it ends succeeds if it still repeats its SYN.\n",
		.lifetime = 5 * M,
		.opening = true,
		.rule = {
			{ false, "in syn drop" },
			{ false, "out syn drop" },
		},
		.promise = {
			{ "client connects", "client", "connect", "ETIMEDOUT",
			  "closed", CONNECT_TIMEOUT },
			{ "client connects", "server", "accept", "waits",
			  "listening" },
			{ "it ends", "client", "connect", "ok", "established",
			  AT_ONCE },
		},
	}, {
		.name = "reset",
		.summary = "data reset their connection, at both ends",
		.note =
"The data are lost. Idle connections are spared: see rstctl help inject.\n",
		.lifetime = 5 * M,
		.payload = true,
		.rule = {
			{ false, "in data forge to both and drop" },
			{ false, "out data forge to both and drop" },
			{ true, "in data forge to both and drop" },
			{ true, "out data forge to both and drop" },
		},
		.promise = {
			{ "client writes", "client", "read", "ECONNRESET",
			  "closed", AT_ONCE },
			{ "client writes", "server", "read", "ECONNRESET",
			  "closed", AT_ONCE },
			{ "server writes", "client", "read", "ECONNRESET",
			  "closed", AT_ONCE },
			{ "server writes", "server", "read", "ECONNRESET",
			  "closed", AT_ONCE },
		},
	}, {
		.name = "late-reset",
		.summary = "each RST is held before it goes on",
		.note =
"A server resets by SO_LINGER {1, 0} and close(), or by close() with unread\n"
"data. At the end, what is held goes on at once.\n",
		.lifetime = 5 * M,
		.delay = 2 * S,
		.rule = {
			/* It was held when it went out. */
			{ false, "in rst iif lo pass" },
			{ true, "in rst iif lo pass" },
			{ false, "in rst delay 2s" },
			{ true, "in rst delay 2s" },
			{ false, "out rst active passive delay 2s" },
			{ true, "out rst active passive delay 2s" },
		},
		.promise = {
			{ "server resets", "server", "close", "ok", "closed",
			  AT_ONCE },
			{ "server resets", "client", "write", "ok",
			  "established", AT_ONCE },
			{ "server resets", "client", "read", "ECONNRESET",
			  "closed", AT_ONCE, .late = true },
			{ "it ends", "client", "read", "ECONNRESET", "closed",
			  AT_ONCE },
		},
	}, {
		.name = "lost-reset",
		.summary = "each RST is lost, as a firewall may do it",
		.note =
"A server resets by SO_LINGER {1, 0} and close(), or by close() with unread\n"
"data. When it ends, data that are repeated draw a RST that arrives.\n",
		.lifetime = 30 * M,
		.rule = {
			{ false, "in rst drop" },
			{ false, "out rst drop" },
			{ true, "in rst drop" },
			{ true, "out rst drop" },
		},
		.promise = {
			{ "server resets", "server", "close", "ok", "closed",
			  AT_ONCE },
			{ "server resets", "client", "read", "waits",
			  "established" },
			{ "client writes", "client", "read", "ETIMEDOUT",
			  "closed", WRITE_TIMEOUT },
			{ "it ends", "client", "read", "ECONNRESET", "closed",
			  REPEATED },
		},
	}, {
		.name = "half-open",
		.summary = "the server is gone, and the client does not know",
		.note =
"Lost are every FIN of the server, with data that it carries, and its first\n"
"RST. The client learns of it when it writes. To have the client gone, and the\n"
"server not know, match the segments of the server.\n",
		.lifetime = 30 * M,
		.directed = true,
		.rule = {
			/* Each counts for itself: one of them sees a RST. */
			{ true, "in rst iif lo pass" },
			{ true, "in rst limit 1 per connection drop" },
			{ true, "out rst active passive limit 1 per connection drop" },
			{ true, "in fin drop" },
			{ true, "out fin drop" },
		},
		.promise = {
			{ "server resets", "server", "close", "ok", "closed",
			  AT_ONCE },
			{ "server resets", "client", "read", "waits",
			  "established" },
			{ "server closes", "server", "close", "ok",
			  "fin-wait-1", AT_ONCE },
			{ "server closes", "client", "read", "waits",
			  "established" },
			{ "client writes", "client", "read", "ECONNRESET",
			  "closed", AT_ONCE },
		},
	}, {
		.name = "crash",
		.summary = "the server has no power, and is back at the end",
		.note =
"Nothing comes from the server or gets to it, but a RST that makes its end\n"
"forget a connection with data, as a crash does. When it ends, data that are\n"
"repeated draw a RST. A connection without data goes on then.\n",
		.lifetime = 30 * M,
		.directed = true,
		.rule = {
			{ false, "in data forge to receiver and drop" },
			{ false, "out data forge to receiver and drop" },
			{ true, "in data forge to sender and drop" },
			{ true, "out data forge to sender and drop" },
			/* Without RST, so that those above arrive. */
			{ false, "in syn,synack,ack,fin drop" },
			{ false, "out syn,synack,ack,fin drop" },
			{ true, "in any drop" },
			{ true, "out any drop" },
		},
		.promise = {
			{ "client connects", "client", "connect", "ETIMEDOUT",
			  "closed", CONNECT_TIMEOUT },
			{ "client waits", "client", "read", "waits",
			  "established" },
			{ "client writes", "server", "read", "ECONNRESET",
			  "closed", AT_ONCE },
			{ "client writes", "client", "read", "ETIMEDOUT",
			  "closed", WRITE_TIMEOUT },
			{ "server writes", "server", "read", "ECONNRESET",
			  "closed", AT_ONCE },
			{ "it ends", "client", "read", "ECONNRESET", "closed",
			  REPEATED },
		},
	}, {
		.name = "blind-reset",
		.summary = "an attacker guesses: RSTs almost right, which do no harm",
		.note =
"Each RST is in the window, but not exact. It draws a challenge ACK (RFC 5961),\n"
"which nstat counts as TcpExtTCPChallengeACK, and the connection lives.\n",
		.lifetime = 5 * M,
		.payload = true,
		.rule = {
			{ false, "in data forge to both seq in-window" },
			{ false, "out data forge to both seq in-window" },
			{ true, "in data forge to both seq in-window" },
			{ true, "out data forge to both seq in-window" },
		},
		.promise = {
			{ "client writes", "server", "read", "ok",
			  "established", AT_ONCE },
			{ "server writes", "client", "read", "ok",
			  "established", AT_ONCE },
			{ "client writes", "client", "read", "waits",
			  "established" },
		},
	},
	{ .name = NULL }
};

/* The match of the segments that go the other way. */
static void mirror(const struct rule *match, struct rule *back)
{
	*back = *match;
	back->saddr = match->daddr;
	back->daddr = match->saddr;
	back->sport = match->dport;
	back->dport = match->sport;
	memcpy(back->iif, match->oif, sizeof(back->iif));
	memcpy(back->oif, match->iif, sizeof(back->oif));
}

static bool same_ports(const struct rule_ports *a, const struct rule_ports *b)
{
	return a->count == b->count &&
	       !memcmp(a->range, b->range, a->count * sizeof(a->range[0]));
}

/**
 * scenario_loops() - does a match have an interface that both ends send by?
 * @match: what the user wants to match
 *
 * Return: true if that may be the loopback interface
 */
bool scenario_loops(const struct rule *match)
{
	const char *name = *match->iif ? match->iif : match->oif;
	size_t len = strlen(name);

	if (len && name[len - 1] == '*')
		return !strncmp(name, "lo", len - 1);
	return !strcmp(name, "lo");
}

/**
 * scenario_symmetric() - does a match say nothing about the direction?
 * @match: what the user wants to match
 *
 * Return: true if the segments that go the other way match it as well
 */
bool scenario_symmetric(const struct rule *match)
{
	return !memcmp(&match->saddr, &match->daddr, sizeof(match->saddr)) &&
	       same_ports(&match->sport, &match->dport) &&
	       (!strcmp(match->iif, match->oif) || scenario_loops(match));
}

/*
 * Have a rule match what the user wants it to. Returns false where it cannot:
 * interfaces that are not known at its hook, or that it has already.
 */
static bool narrow(struct rule *rule, const struct rule *match)
{
	bool one_hook = *match->iif || *match->oif;

	if (rule->hook == RSTFAULT_HOOK_IN ? *match->oif : *match->iif)
		return false;
	if (*rule->iif && one_hook)
		return false;
	/* No other hook of this host has had what is forwarded. */
	if (one_hook) {
		rule->origin = 0;
		rule->has &= ~RULE_BIT(RSTFAULT_A_RULE_ORIGIN);
	}
	rule->has |= match->has;
	rule->family = match->family;
	rule->saddr = match->saddr;
	rule->daddr = match->daddr;
	rule->sport = match->sport;
	rule->dport = match->dport;
	if (*match->iif)
		memcpy(rule->iif, match->iif, sizeof(rule->iif));
	memcpy(rule->oif, match->oif, sizeof(rule->oif));
	rule->mark = match->mark;
	rule->mark_mask = match->mark_mask;
	rule->length_from = match->length_from;
	rule->length_to = match->length_to;
	rule->uid = match->uid;
	memcpy(rule->cgroup, match->cgroup, sizeof(rule->cgroup));
	rule->state = match->state;
	rule->lifetime = match->lifetime;
	return true;
}

static int parse_text(const char *text, struct rule *rule, struct err *err)
{
	char line[128], *word[16], *save;
	int count = 0;

	snprintf(line, sizeof(line), "%s", text);
	for (word[0] = strtok_r(line, " ", &save); word[count] && count < 15;
	     word[count] = strtok_r(NULL, " ", &save))
		count++;
	return parse_rule(count, word, rule, err);
}

/**
 * scenario_rules() - the rules of a scenario
 * @play: the scenario and what its user wants
 * @rules: where they are returned, room for SCENARIO_RULES_MAX
 * @err: where an error is returned
 *
 * Return: how many, or -1 with @err set
 */
int scenario_rules(const struct play *play, struct rule *rules, struct err *err)
{
	bool symmetric = scenario_symmetric(&play->match);
	int count = 0, forth = 0, i;
	struct rule back;

	mirror(&play->match, &back);
	for (i = 0; i < SCENARIO_RULES_MAX; i++)
		forth += play->scenario->rule[i].text &&
			 !play->scenario->rule[i].back;
	for (i = 0; i < SCENARIO_RULES_MAX; i++) {
		const struct scenario_rule *from = &play->scenario->rule[i];
		struct rule *rule = &rules[count];

		/* It would say the same as that of the other direction. */
		if (!from->text || (from->back && forth && symmetric))
			continue;
		if (parse_text(from->text, rule, err))
			return -1;
		if (!narrow(rule, from->back ? &back : &play->match))
			continue;
		if (rule->action == RSTFAULT_ACTION_DELAY)
			rule->delay.time = play->delay;
		snprintf(rule->name, sizeof(rule->name), "%s-%c", play->name,
			 '1' + count++);
	}
	return count;
}
