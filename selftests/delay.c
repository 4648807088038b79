// SPDX-License-Identifier: GPL-2.0
/*
 * Segments that are held: when they go on, in which order, and that they are
 * the same as before.
 */
#include <stdbool.h>
#include <stdio.h>

#include "kselftest_harness.h"

#include "lib/expect.h"
#include "lib/wired.h"

/* Each hook's rule is for a port of its own. */
#define PORT 2000
/* More than twice what goes on at once. */
#define MANY 150
/* As many of a flow as go on at once, of more flows than one. */
#define BEHIND 64
#define FLOWS 2

#define FORWARD RSTFAULT_HOOK_FORWARD

static void make(struct packet *packet, const struct way *way, int hook,
		 uint16_t sport, uint8_t flags, uint32_t seq)
{
	*packet = (struct packet){
		.family = way->family,
		.saddr = way->saddr,
		.daddr = way->daddr,
		.sport = sport,
		.dport = PORT + hook,
		.flags = flags,
		.seq = seq,
		.ack = flags & TH_ACK ? 5 : 0,
		.ttl = 99,
		.tclass = 0x28,
		.flow = 0x12345,
	};
	packet_build(packet);
}

/* Send a segment, and say what it is to be when it arrives. */
static int send_one(const struct way *way, int hook, struct packet *packet,
		    uint16_t sport, uint8_t flags, uint32_t seq)
{
	int err;

	make(packet, way, hook, sport, flags, seq);
	err = way_send(way, packet);
	packet->ttl -= way->hops;
	packet_set_ttl(packet);
	return err;
}

/* From the host to itself. With an ACK goes a byte of data. */
static int send_home(const struct way *way, struct packet *packet,
		     uint16_t sport, uint8_t flags, uint32_t seq)
{
	make(packet, way, 0, sport, flags, seq);
	packet->daddr = way->saddr;
	packet->payload = !!(flags & TH_ACK);
	packet_build(packet);
	return way_send_home(way, packet);
}

/* A rule for each hook; that of hook h is r200h. */
static int add_rules(const struct host *host, const char *segment,
		     const char *action)
{
	char text[512];

	way_rules(text, sizeof(text), segment, action, PORT);
	return tool_load(host, text);
}

/* Hooks that a way passes, and how many of them are in front of @hook. */
static int hooks_of(const struct way *way)
{
	return way->hops ? 3 : 2;
}

static int hooks_before(const struct way *way, int hook)
{
	switch (hook) {
	case RSTFAULT_HOOK_INPUT:
	case RSTFAULT_HOOK_FORWARD:
		return 1;
	case RSTFAULT_HOOK_OUT:
		return hooks_of(way) - 1;
	default:
		return 0;
	}
}

/* What a rule and its host have counted. */
struct tally {
	struct counters rule;
	struct counters host;
};

static int take_tally(const struct host *host, const char *rule,
		      struct tally *tally)
{
	return rule_counters(host, rule, &tally->rule) ?:
	       host_counters(host, &tally->host);
}

/*
 * Since @before the host has seen segments that often, @nr of which a rule has
 * held; @held of them it holds still. Without a name the rule is gone.
 */
static void expect_held(struct __test_metadata *_metadata,
			const struct host *host, const char *rule,
			const struct tally *before, int seen, int nr, int held,
			const char *what)
{
	const struct counters in_rule = { .value = {
		[RSTFAULT_A_COUNTERS_MATCHED] = nr,
		[RSTFAULT_A_COUNTERS_FIRED] = nr,
		[RSTFAULT_A_COUNTERS_HELD] = held,
	} };
	const struct counters in_host = { .value = {
		[RSTFAULT_A_STATS_SEEN] = seen,
		[RSTFAULT_A_STATS_PASSED] = seen - nr,
		[RSTFAULT_A_STATS_HELD] = held,
		[RSTFAULT_A_STATS_RELEASED] = nr - held,
	} };

	if (rule)
		expect_rule_change(_metadata, host, rule, &before->rule,
				   &in_rule, what);
	expect_host_change(_metadata, host, &before->host, &in_host, what);
}

/* Every hook, and every way through it. */
#define for_each_passage(hook, way)					\
	for (hook = 0; hook < HOOKS; hook++)				\
		for (way = self->way; way < self->way + WAYS; way++)	\
			if (way_passes(way - self->way, hook))

TEST_F(wired, delay)
{
	const struct way *way;
	char what[64], rule[8];
	struct tally before;
	struct packet want;
	int64_t start;
	int hook;

	ASSERT_EQ(0, add_rules(&self->host, "rst", "delay 300ms"));
	for_each_passage(hook, way) {
		snprintf(rule, sizeof(rule), "r%d", PORT + hook);
		snprintf(what, sizeof(what), "%s, %s", way->name,
			 way_hooks[hook]);
		ASSERT_EQ(0, take_tally(&self->host, rule, &before));
		start = capture_now();
		ASSERT_EQ(0, send_one(way, hook, &want, 1000, TH_RST, 1));
		expect_none(_metadata, way->to, 0, what);
		expect_held(_metadata, &self->host, rule, &before,
			    hooks_before(way, hook) + 1, 1, 1, what);
		expect_packet_at(_metadata, way->to, &want, start, 300, what);
		expect_none(_metadata, way->to, 100, what);
		expect_none(_metadata, way->back, 0, what);
		expect_held(_metadata, &self->host, rule, &before,
			    hooks_of(way), 1, 0, what);
	}
}

/* Hours cost nothing: other segments pass meanwhile, of any flow. */
TEST_F(wired, others_pass)
{
	const struct way *way = &self->way[WAY_THROUGH];
	struct packet held, other;
	int64_t start;

	ASSERT_EQ(0, tool(&self->host, "add name r forward rst delay 300ms"));
	start = capture_now();
	ASSERT_EQ(0, send_one(way, FORWARD, &held, 1000, TH_RST, 1));
	ASSERT_EQ(0, send_one(way, FORWARD, &other, 1000, TH_ACK, 2));
	expect_packet(_metadata, way->to, &other, "same flow");
	ASSERT_EQ(0, send_one(way, FORWARD, &other, 1001, TH_ACK, 3));
	expect_packet(_metadata, way->to, &other, "other flow");
	expect_packet_at(_metadata, way->to, &held, start, 300, "held");
}

/* First come, first served; each at its own time. */
TEST_F(wired, order)
{
	const struct way *way = &self->way[WAY_THROUGH];
	struct packet first[3], second[3];
	int64_t start;
	int i;

	ASSERT_EQ(0, tool(&self->host,
			  "add name r forward rst sport 1000 delay 100ms"));
	ASSERT_EQ(0, tool(&self->host,
			  "add name s forward rst sport 1001 delay 50ms"));
	start = capture_now();
	for (i = 0; i < 3; i++)
		ASSERT_EQ(0, send_one(way, FORWARD, &first[i], 1000, TH_RST, i));
	for (i = 0; i < 3; i++)
		ASSERT_EQ(0, send_one(way, FORWARD, &second[i], 1001, TH_RST, i));
	for (i = 0; i < 3; i++)
		expect_packet_at(_metadata, way->to, &second[i], start, 50,
				 "50 ms");
	for (i = 0; i < 3; i++)
		expect_packet_at(_metadata, way->to, &first[i], start, 100,
				 "100 ms");
}

#define JITTERED 50

TEST_F(wired, jitter)
{
	const struct way *way = &self->way[WAY_THROUGH];
	int64_t start[JITTERED], least = INT64_MAX, most = 0, passed;
	bool came[JITTERED] = {};
	struct capture capture;
	struct packet packet;
	int i;

	ASSERT_EQ(0, tool(&self->host,
			  "add name r forward rst delay 100ms jitter 60ms"));
	for (i = 0; i < JITTERED; i++) {
		start[i] = capture_now();
		ASSERT_EQ(0, send_one(way, FORWARD, &packet, 1000, TH_RST, i));
	}
	for (i = 0; i < JITTERED; i++) {
		ASSERT_TRUE(capture_read(way->to, &capture, COMES_MS));
		ASSERT_GT(JITTERED, capture.packet.seq);
		EXPECT_FALSE(came[capture.packet.seq]);
		came[capture.packet.seq] = true;
		passed = (capture.when - start[capture.packet.seq]) / 1000000;
		EXPECT_LE(40, passed);
		EXPECT_GE(160 + LATE_MS, passed);
		least = passed < least ? passed : least;
		most = passed > most ? passed : most;
	}
	/* Once in 900,000 runs none of the 50 is in an outer quarter. */
	if (warped())
		EXPECT_GT(70, least);
	EXPECT_LT(130, most);
	expect_none(_metadata, way->to, 200, "jitter");
	expect_counters(_metadata, &self->host, "r", JITTERED, 0, "jitter");
}

#define NR_HELD 3

/* What lets go of segments that are held for an hour: at once, in order. */
static const struct {
	const char *name;
	bool all;
	bool deletes;
} releases[] = {
	{ "release of a rule", false, false },
	{ "release", true, false },
	{ "delete", false, true },
	{ "flush", true, true },
};

static int64_t let_go(const struct host *host, unsigned int release,
		      const char *rule)
{
	int64_t left;

	if (!releases[release].deletes) {
		left = rule_release(host, releases[release].all ? NULL : rule);
		return left == NR_HELD ? 0 : left - NR_HELD;
	}

	return releases[release].all ? rule_flush(host) :
				       rule_delete(host, rule);
}

TEST_F(wired, let_go)
{
	struct packet want[NR_HELD];
	char what[64], rule[8];
	const struct way *way;
	struct tally before;
	unsigned int i;
	int hook, j, rest;

	for (i = 0; i < ARRAY_SIZE(releases); i++) {
		for_each_passage(hook, way) {
			snprintf(rule, sizeof(rule), "r%d", PORT + hook);
			snprintf(what, sizeof(what), "%s, %s %s", way->name,
				 way_hooks[hook], releases[i].name);
			ASSERT_EQ(0, rule_flush(&self->host));
			ASSERT_EQ(0, add_rules(&self->host, "rst", "delay 1h"));
			ASSERT_EQ(0, take_tally(&self->host, rule, &before));
			for (j = 0; j < NR_HELD; j++)
				ASSERT_EQ(0, send_one(way, hook, &want[j],
						      1000 + j, TH_RST, j));
			expect_none(_metadata, way->to, 0, what);
			expect_held(_metadata, &self->host, rule, &before,
				    NR_HELD * (hooks_before(way, hook) + 1),
				    NR_HELD, NR_HELD, what);

			EXPECT_EQ(0, let_go(&self->host, i, rule));
			for (j = 0; j < NR_HELD; j++)
				expect_packet(_metadata, way->to, &want[j],
					      what);
			expect_none(_metadata, way->to, 0, what);

			/* With the last rule the hooks to come are gone. */
			rest = releases[i].all && releases[i].deletes ? 0 :
			       hooks_of(way) - hooks_before(way, hook) - 1;
			expect_held(_metadata, &self->host,
				    releases[i].deletes ? NULL : rule, &before,
				    NR_HELD * (hooks_before(way, hook) + 1 +
					       rest),
				    NR_HELD, 0, what);
		}
	}
	for (j = 0; j < WAYS; j++)
		expect_none(_metadata, self->way[j].to, 100, "at the end");
}

/* Only those of the rule that is named go. */
TEST_F(wired, release_one_rule)
{
	const struct way *way = &self->way[WAY_THROUGH];
	struct packet one, other;

	ASSERT_EQ(0, tool_load(&self->host,
			       "name r forward rst sport 1000 delay 2h\n"
			       "name s forward rst sport 1001 delay 1h\n"));
	ASSERT_EQ(0, send_one(way, FORWARD, &one, 1000, TH_RST, 1));
	ASSERT_EQ(0, send_one(way, FORWARD, &other, 1001, TH_RST, 2));
	EXPECT_EQ(1, rule_release(&self->host, "r"));
	expect_packet(_metadata, way->to, &one, "released");
	expect_none(_metadata, way->to, 0, "not released");
	EXPECT_EQ(0, rule_release(&self->host, "r"));

	/* All, and the one first that was to go first. */
	ASSERT_EQ(0, send_one(way, FORWARD, &one, 1000, TH_RST, 1));
	EXPECT_EQ(2, rule_release(&self->host, NULL));
	expect_packet(_metadata, way->to, &other, "due in 1 h");
	expect_packet(_metadata, way->to, &one, "due in 2 h");
	EXPECT_EQ(0, rule_release(&self->host, NULL));
}

/* Send a RST of the same flow in the other direction, as send_one(). */
static int send_back(struct way *ways, const struct way *way, int hook,
		     struct packet *packet, int far)
{
	int err;

	make(packet, way, hook, PORT + hook, TH_RST, 4);
	packet->saddr = way->daddr;
	packet->daddr = way->saddr;
	packet->dport = 1000;
	packet_build(packet);
	if (way == &ways[WAY_IN])
		err = way_send(&ways[WAY_OUT], packet);
	else if (way == &ways[WAY_OUT])
		err = way_send(&ways[WAY_IN], packet);
	else
		err = wire_send(far, packet);
	packet->ttl -= way->hops;
	packet_set_ttl(packet);
	return err;
}

TEST_F(wired, until_next)
{
	struct packet rst[2], other, next;
	int hook, i, hooks, answers, seen;
	const struct way *way;
	struct capture answer;
	char what[64], rule[8];
	struct tally before;

	ASSERT_EQ(0, add_rules(&self->host, "rst", "delay 1h until next"));
	for_each_passage(hook, way) {
		snprintf(rule, sizeof(rule), "r%d", PORT + hook);
		snprintf(what, sizeof(what), "%s, %s", way->name,
			 way_hooks[hook]);
		hooks = hooks_of(way);
		/* A way out of two hooks, for what is for nobody. */
		answers = way == &self->way[WAY_IN] ? 2 : 0;
		ASSERT_EQ(0, take_tally(&self->host, rule, &before));
		for (i = 0; i < 2; i++)
			ASSERT_EQ(0, send_one(way, hook, &rst[i], 1000, TH_RST,
					      i));
		expect_none(_metadata, way->to, 0, what);

		/* Another flow. */
		ASSERT_EQ(0, send_one(way, hook, &other, 1001, TH_ACK, 3));
		expect_packet(_metadata, way->to, &other, what);
		expect_none(_metadata, way->to, 0, what);

		/* The answer of the host, where nobody listens. */
		if (way == &self->way[WAY_IN])
			ASSERT_TRUE(capture_read(way->back, &answer, COMES_MS));

		/* The other direction. */
		ASSERT_EQ(0, send_back(self->way, way, hook, &other,
				       self->far));
		expect_packet(_metadata, way->back, &other, what);
		expect_none(_metadata, way->to, 0, what);
		seen = 2 * (hooks_before(way, hook) + 1) + 2 * hooks + answers;
		expect_held(_metadata, &self->host, rule, &before, seen, 2, 2,
			    what);

		ASSERT_EQ(0, send_one(way, hook, &next, 1000, TH_ACK, 5));
		expect_packet(_metadata, way->to, &next, what);
		for (i = 0; i < 2; i++)
			expect_packet(_metadata, way->to, &rst[i], what);
		expect_none(_metadata, way->to, 0, what);
		if (way == &self->way[WAY_IN])
			ASSERT_TRUE(capture_read(way->back, &answer, COMES_MS));
		expect_held(_metadata, &self->host, rule, &before,
			    5 * hooks + 2 * answers, 2, 0, what);
	}
}

/* More than may go on at once, and none of them gets in front of another. */
TEST_F(wired, until_next_many)
{
	struct packet rst[MANY], next;
	const struct way *way;
	struct capture answer;
	char what[64];
	int hook, i;

	ASSERT_EQ(0, add_rules(&self->host, "rst", "delay 1h until next"));
	for_each_passage(hook, way) {
		snprintf(what, sizeof(what), "%s, %s", way->name,
			 way_hooks[hook]);
		for (i = 0; i < MANY; i++)
			ASSERT_EQ(0, send_one(way, hook, &rst[i], 1000, TH_RST,
					      i));
		expect_none(_metadata, way->to, 0, what);
		ASSERT_EQ(MANY, host_stat(&self->host, RSTFAULT_A_STATS_HELD));

		ASSERT_EQ(0, send_one(way, hook, &next, 1000, TH_ACK, MANY));
		expect_packet(_metadata, way->to, &next, what);
		for (i = 0; i < MANY; i++)
			expect_packet(_metadata, way->to, &rst[i], what);
		expect_none(_metadata, way->to, 0, what);
		if (way == &self->way[WAY_IN])
			ASSERT_TRUE(capture_read(way->back, &answer, COMES_MS));
		EXPECT_EQ(0, host_stat(&self->host, RSTFAULT_A_STATS_HELD));
	}
}

/*
 * Two segments that the receiving softirq takes in one turn, with more behind them
 * than may go on at once. What goes on when a rule is deleted gets to the host
 * itself in such a turn.
 */
TEST_F(wired, until_next_together)
{
	const struct way *way = &self->way[WAY_OUT];
	struct packet rst[FLOWS][BEHIND], next[FLOWS];
	int to = self->way[WAY_IN].to, flow, i;

	ASSERT_EQ(0, tool_load(&self->host,
			       "in rst dport 2000 delay 1h until next\n"
			       "name hold output data dport 2000 delay 1h\n"
			       "output rst sport 2000 drop\n"));
	for (flow = 0; flow < FLOWS; flow++) {
		for (i = 0; i < BEHIND; i++)
			ASSERT_EQ(0, send_home(way, &rst[flow][i], 1000 + flow,
					       TH_RST, i));
		ASSERT_EQ(0, send_home(way, &next[flow], 1000 + flow, TH_ACK,
				       BEHIND));
	}
	expect_none(_metadata, to, 0, "held");
	ASSERT_EQ(FLOWS * (BEHIND + 1),
		  host_stat(&self->host, RSTFAULT_A_STATS_HELD));

	ASSERT_EQ(0, rule_delete(&self->host, "hold"));
	for (flow = 0; flow < FLOWS; flow++)
		expect_packet(_metadata, to, &next[flow], "next");
	for (flow = 0; flow < FLOWS; flow++)
		for (i = 0; i < BEHIND; i++)
			expect_packet(_metadata, to, &rst[flow][i], "behind");
	expect_none(_metadata, to, 0, "twice");
	EXPECT_EQ(0, host_stat(&self->host, RSTFAULT_A_STATS_HELD));
}

/* Its time may come first. */
TEST_F(wired, until_next_or_time)
{
	const struct way *way = &self->way[WAY_THROUGH];
	struct packet rst, next;
	int64_t start;

	ASSERT_EQ(0, tool(&self->host,
			  "add name r in rst delay 50ms until next"));
	start = capture_now();
	ASSERT_EQ(0, send_one(way, FORWARD, &rst, 1000, TH_RST, 1));
	expect_packet_at(_metadata, way->to, &rst, start, 50, "time");
	ASSERT_EQ(0, send_one(way, FORWARD, &next, 1000, TH_ACK, 2));
	expect_packet(_metadata, way->to, &next, "next");
	expect_none(_metadata, way->to, 100, "twice");
	expect_counters(_metadata, &self->host, "r", 1, 0, "until next");
}

/*
 * A held segment goes on where it stopped: hooks that it has passed do not see
 * it again, and those to come see it once.
 */
TEST_F(wired, seen_once)
{
	const struct way *way = &self->way[WAY_THROUGH];
	struct packet want;
	int64_t start;

	ASSERT_EQ(0, tool_load(&self->host,
			       "name i in rst pass\n"
			       "name f forward rst delay 30ms\n"
			       "name o out rst delay 20ms\n"));
	start = capture_now();
	ASSERT_EQ(0, send_one(way, FORWARD, &want, 1000, TH_RST, 1));
	expect_packet_at(_metadata, way->to, &want, start, 50, "forward, out");
	expect_none(_metadata, way->to, 100, "twice");
	EXPECT_EQ(1, rule_fired(&self->host, "i"));
	EXPECT_EQ(1, rule_fired(&self->host, "f"));
	EXPECT_EQ(1, rule_fired(&self->host, "o"));
}

/* The host goes, with all that it holds: nothing is left of it. */
TEST_F(wired, left_behind)
{
	const struct way *way = &self->way[WAY_THROUGH];
	struct counters counters;
	struct packet packet;
	int i;

	ASSERT_EQ(0, tool_load(&self->host,
			       "in rst delay 1h\n"
			       "in fin forge to both after 1h\n"
			       "in data duplicate 5 every 1h\n"));
	for (i = 0; i < 3; i++)
		ASSERT_EQ(0, send_one(way, FORWARD, &packet, 1000, TH_RST, i));
	ASSERT_EQ(0, send_one(way, FORWARD, &packet, 1000, TH_FIN | TH_ACK, 4));
	packet.flags = TH_ACK;
	packet.payload = 1;
	packet_build(&packet);
	ASSERT_EQ(0, wire_send(way->from, &packet));
	ASSERT_EQ(0, host_counters(&self->host, &counters));
	EXPECT_EQ(3, HOST_COUNT(&counters, HELD));
	EXPECT_EQ(7, HOST_COUNT(&counters, WAITING));
}

TEST_HARNESS_MAIN
