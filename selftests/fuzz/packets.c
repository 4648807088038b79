// SPDX-License-Identifier: GPL-2.0
/*
 * Segments, right and wrong ones, through rules of all kinds: nothing is lost
 * that no rule has dropped, nothing comes out that should not, forged RSTs are
 * right, and counters add up.
 *
 *	packets [-s SEED] [-c COUNT | -t SECONDS] [-n FIRST] [-v]
 *
 * Each round has hosts and rules of its own. To see case 1234 of a seed alone,
 * say its seed and -n 1234: the round is played from its beginning, and ends
 * there.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "batch.h"
#include "err.h"
#include "nl.h"

#include "lib/tcp.h"

#include "chance.h"
#include "options.h"
#include "oracle.h"

#define ROUND 64
#define RULES_MAX 6

/* A round is no case. */
#define ROUND_SEED 0x8000000000000000ULL

/**
 * struct round - hosts, and rules in one of them
 * @oracle: the hosts
 * @fuzz: what to do
 * @nr: the case
 * @genl: socket of the family in the host with rules
 * @events: a socket that listens, and does not read
 * @listens: there is one
 * @listener: for connections to the host, of both families
 * @frame: the packet
 * @rules: how many there are
 * @line: these, in words
 */
struct round {
	struct oracle oracle;
	const struct fuzz *fuzz;
	uint64_t nr;
	struct genl genl;
	struct genl events;
	bool listens;
	int listener;
	struct frame frame;
	int rules;
	char line[RULES_MAX][1024];
};

static uint64_t expected, extra, accepted;

static bool open_genl(struct round *round, struct genl *genl)
{
	struct err err;
	int ret = host_enter(&round->oracle.ruled.host);

	if (!ret)
		ret = genl_open(genl, RSTFAULT_FAMILY_NAME, &err);
	return !(host_leave() ?: ret);
}

/* One rule, maybe as a part of what ends with the socket; or it is refused. */
static bool add_rule(struct round *round, const struct rule *rule, bool own)
{
	struct batch batch;
	struct err err;
	int ret;

	ret = batch_begin(&batch, &err);
	if (!ret && own)
		ret = batch_flag(&batch, RSTFAULT_A_OWN, &err);
	if (!ret)
		ret = batch_add(&batch, rule, 0, &err);
	if (!ret)
		ret = nl_commit(&round->genl, &batch, &err);
	batch_free(&batch);
	return !ret;
}

/* A rule that forges as a stack would do it. */
static bool is_exact(const struct rule *rule)
{
	const __u64 changed = RULE_BIT(RSTFAULT_A_FORGE_SEQ) |
			      RULE_BIT(RSTFAULT_A_FORGE_ACK) |
			      RULE_BIT(RSTFAULT_A_FORGE_BADSUM);

	return rule->action == RSTFAULT_ACTION_FORGE &&
	       !(rule->forge.has & changed);
}

static void add_rules(struct round *round, struct random *random)
{
	int count = 1 + random_below(random, RULES_MAX);
	struct oracle *oracle = &round->oracle;
	bool exact = random_one_in(random, 3);
	struct rule rule;
	char *line;

	oracle->wild = !exact && !random_one_in(random, 4);
	oracle->exact = exact;
	if (exact)
		count = 1;
	round->rules = 0;
	while (count) {
		line = round->line[round->rules];
		chance_rule(random, CHANCE_WIRED, &rule, line,
			    sizeof(round->line[0]));
		if (exact && !is_exact(&rule))
			continue;
		count--;
		if (!add_rule(round, &rule, random_one_in(random, 4)))
			continue;
		oracle_rule(oracle, &rule);
		if (round->fuzz->verbose)
			printf("# %s\n", line);
		round->rules++;
		accepted++;
	}
}

/* A connection of the host to itself, which rules may be in the way of. */
static bool connect_self(struct round *round, struct random *random)
{
	int family = random_one_in(random, 2) ? AF_INET6 : AF_INET, fd, peer;
	const struct linger linger = { .l_onoff = 1 };
	struct sockaddr_storage ss;
	socklen_t len;
	char data[8192] = "";

	if (host_enter(&round->oracle.ruled.host))
		return oracle_wrong(&round->oracle, "no host");
	fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	host_leave();
	if (fd < 0)
		return oracle_wrong(&round->oracle, "no socket");
	len = host_sockaddr(&ss, family, 1, TCP_PORT_OPEN);
	if (!connect(fd, (void *)&ss, len) || errno == EINPROGRESS)
		host_settle();
	peer = accept4(round->listener, NULL, NULL, SOCK_CLOEXEC |
		       SOCK_NONBLOCK);
	if (send(fd, data, 1 + random_below(random, sizeof(data)),
		 MSG_NOSIGNAL) > 0 && peer >= 0 &&
	    random_one_in(random, 2))
		recv(peer, data, sizeof(data), 0);
	if (random_one_in(random, 2))
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	close(fd);
	if (peer >= 0)
		close(peer);
	return true;
}

static bool begin_round(struct round *round)
{
	struct oracle *oracle = &round->oracle;
	struct random random;
	struct err err;

	random_begin(&random, round->fuzz->seed, round->nr | ROUND_SEED);
	oracle_begin(oracle);
	if (site_open(&oracle->plain) || site_open(&oracle->ruled) ||
	    !open_genl(round, &round->genl))
		return oracle_wrong(oracle, "cannot begin: %s",
				    strerror(errno));
	round->listener = tcp_listen(&oracle->ruled.host, AF_INET6,
				     TCP_PORT_OPEN);
	if (round->listener < 0 ||
	    fcntl(round->listener, F_SETFL, O_NONBLOCK))
		return oracle_wrong(oracle, "no listener");
	round->listens = random_one_in(&random, 4) &&
			 open_genl(round, &round->events);
	if (round->listens &&
	    genl_join(&round->events, RSTFAULT_FAMILY_NAME,
		      RSTFAULT_MCGRP_EVENTS, &err))
		return oracle_wrong(oracle, "%s", err.text);
	add_rules(round, &random);
	return true;
}

static bool play_case(struct round *round)
{
	struct random random;
	__u32 released;
	struct err err;

	random_begin(&random, round->fuzz->seed, round->nr);
	frame_make(&random, round->oracle.wild, &round->frame);
	if (!oracle_try(&round->oracle, round->nr, &round->frame))
		return false;
	if (random_one_in(&random, 16)) {
		if (!connect_self(round, &random))
			return false;
		/* What that came to is no excuse for the next case. */
		if (host_counters(&round->oracle.ruled.host,
				  &round->oracle.before))
			return oracle_wrong(&round->oracle, "no counters");
	}
	if (random_one_in(&random, 16) &&
	    nl_release(&round->genl, NULL, &released, &err))
		return oracle_wrong(&round->oracle, "release: %s", err.text);
	return true;
}

/* Each match was acted on, or it is known why not. */
static bool check_counters(struct round *round)
{
	struct rules rules;
	struct rule rule;
	struct err err;
	size_t pos = 0;
	bool good = true;

	if (nl_list(&round->genl, &rules, &err))
		return oracle_wrong(&round->oracle, "the list: %s", err.text);
	while (good && nl_rules_next(&rules, &pos, &rule)) {
		const struct rule_counters *counters = &rule.counters;

		/* A segment may be on its way between two of them. */
		if (counters->matched < counters->fired + counters->gated +
					counters->failed ||
		    counters->matched > counters->fired + counters->gated +
					counters->failed + 1)
			good = oracle_wrong(&round->oracle,
					    "rule %u: %llu matched, %llu fired, %llu gated, %llu failed",
					    rule.id, counters->matched,
					    counters->fired, counters->gated,
					    counters->failed);
	}
	free(rules.data);
	return good;
}

static bool end_round(struct round *round)
{
	struct err err;

	if (!check_counters(round))
		return false;
	if (nl_flush(&round->genl, &err))
		return oracle_wrong(&round->oracle, "flush: %s", err.text);
	return oracle_end(&round->oracle);
}

static void close_round(struct round *round)
{
	if (round->listens)
		genl_close(&round->events);
	genl_close(&round->genl);
	close(round->listener);
	site_close(&round->oracle.plain);
	site_close(&round->oracle.ruled);
}

static void tell(const struct round *round)
{
	const struct packet *packet = &round->frame.packet;
	const uint8_t *hdr = (const uint8_t *)&round->frame.hdr;
	size_t i;

	printf("# case %llu: %s\n", (unsigned long long)round->nr,
	       round->oracle.wrong);
	printf("# again: packets -s %llu -n %llu -c 1\n",
	       (unsigned long long)round->fuzz->seed,
	       (unsigned long long)round->nr);
	for (i = 0; i < round->rules; i++)
		printf("# rule: %s\n", round->line[i]);
	printf("# by wire%d: ", round->frame.back);
	for (i = 0; i < sizeof(round->frame.hdr); i++)
		printf("%02x", hdr[i]);
	printf(" ");
	for (i = 0; i < packet->len; i++)
		printf("%02x", packet->bytes[i]);
	puts("");
}

/* Play cases up to the end of a round, or of all. */
static bool play_round(struct round *round)
{
	bool good = begin_round(round);

	do {
		good = good && play_case(round);
		round->nr += good;
	} while (good && round->nr % ROUND &&
		 fuzz_goes_on(round->fuzz, round->nr));
	good = good && end_round(round);
	if (!good)
		tell(round);
	expected += round->oracle.nr_expected;
	extra += round->oracle.extra;
	close_round(round);
	return good;
}

int main(int argc, char **argv)
{
	struct fuzz fuzz = { .seed = 1, .count = 1000 };
	static struct round round;
	bool good = true;
	uint64_t first;

	fuzz_options(&fuzz, argc, argv);
	round.fuzz = &fuzz;
	first = fuzz.first - fuzz.first % ROUND;
	round.nr = first;

	ksft_print_header();
	ksft_set_plan(1);
	while (good && fuzz_goes_on(&fuzz, round.nr))
		good = play_round(&round);
	printf("# %llu packets fuzzed: up to %llu of seed %llu; %llu came out without rules,\n",
	       (unsigned long long)(round.nr - first),
	       (unsigned long long)round.nr, (unsigned long long)fuzz.seed,
	       (unsigned long long)expected);
	printf("# %llu more with %llu of them, of these %llu RSTs with known numbers\n",
	       (unsigned long long)extra, (unsigned long long)accepted,
	       (unsigned long long)round.oracle.resets);
	/* Those of a single round may all be refused, but not of many. */
	good = good && (accepted || round.nr - first < 10 * ROUND);
	ksft_test_result(good, "packets\n");
	ksft_finished();
}
