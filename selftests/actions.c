// SPDX-License-Identifier: GPL-2.0
/*
 * What pass, drop, delay, mangle and duplicate do: at each hook, on each way, every
 * bit of what arrives.
 */
#include <stdbool.h>
#include <stdio.h>

#include "kselftest_harness.h"

#include "lib/expect.h"
#include "lib/wired.h"

#define SEQ 0x10000000u
#define ACK 0x20000000u

#define R TH_RST
#define RA (TH_RST | TH_ACK)

/* Not what the system writes into its own. */
#define TTL 99
#define TCLASS 0x28
#define FLOW 0x12345

/*
 * A segment, as often as it is to arrive, with the numbers that it is to have
 * then.
 */
struct row {
	const char *segment;
	const char *action;
	uint8_t flags;
	size_t payload;
	int arrives;
	uint32_t seq;
	uint32_t ack;
	uint8_t ttl;
	bool badsum;
	size_t options;
};

static const struct row rows[] = {
	{ "rst", "pass", R, 0, 1 },
	{ "data", "pass", TH_ACK, 7, 1 },
	{ "rst", "drop", R, 0, 0 },
	{ "data", "drop", TH_ACK, 7, 0 },

	{ "rst", "mangle seq +1", R, 0, 1, .seq = SEQ + 1 },
	{ "rst", "mangle seq -1", RA, 7, 1, .seq = SEQ - 1 },
	{ "rst", "mangle seq +2147483647", RA, 0, 1, .seq = SEQ + 0x7fffffff },
	{ "rst", "mangle seq -2147483648", R, 0, 1, .seq = SEQ - 0x80000000 },
	{ "rst", "mangle ack +1", RA, 0, 1, .ack = ACK + 1 },
	{ "rst", "mangle ack -65536", RA, 7, 1, .ack = ACK - 65536 },
	{ "rst", "mangle ack +1", R, 0, 1 },
	{ "rst", "mangle ttl 9", R, 0, 1, .ttl = 9 },
	{ "rst", "mangle badsum", RA, 7, 1, .badsum = true },
	{ "rst", "mangle seq +70000 ack -1 ttl 255", RA, 3, 1, .seq = SEQ + 70000,
	  .ack = ACK - 1, .ttl = 255 },
	{ "rst", "mangle seq +70000 ttl 9 badsum", R, 0, 1, .seq = SEQ + 70000,
	  .ttl = 9, .badsum = true },

	{ "rst", "duplicate 1", R, 0, 2 },
	{ "rst", "duplicate 3", RA, 7, 4 },
	{ "data", "duplicate 2", TH_ACK, 7, 3 },
	{ "syn", "duplicate 1", TH_SYN, 0, 2 },

	/* TCP does not begin where it mostly does. */
	{ "rst", "mangle seq +70000 ack -1 ttl 9", RA, 7, 1, .seq = SEQ + 70000,
	  .ack = ACK - 1, .ttl = 9, .options = 8 },
	{ "rst", "mangle badsum", R, 7, 1, .badsum = true, .options = 8 },
	{ "rst", "duplicate 2", RA, 7, 3, .options = 8 },
	{ "data", "duplicate 2", TH_ACK, 7, 3, .options = 8 },
	{ "rst", "delay 10ms", R, 0, 1, .options = 8 },
	{ "data", "delay 10ms", TH_ACK, 7, 1, .options = 8 },
	{ "data", "drop", TH_ACK, 7, 0, .options = 8 },
};

/* Each row has a port for each hook, and all rules are there at once. */
#define PORT(row, hook) (2000 + HOOKS * (int)(row) + (hook))

static int add_rules(const struct host *host)
{
	static char text[ARRAY_SIZE(rows) * HOOKS * 128];
	size_t i, len = 0;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		len += way_rules(text + len, sizeof(text) - len,
				 rows[i].segment, rows[i].action, PORT(i, 0));

	return tool_load(host, text);
}

static void make(struct packet *packet, const struct way *way, uint16_t dport,
		 const struct row *row)
{
	*packet = (struct packet){
		.family = way->family,
		.saddr = way->saddr,
		.daddr = way->daddr,
		.sport = 1000,
		.dport = dport,
		.flags = row->flags,
		.seq = SEQ,
		.ack = row->flags & TH_ACK ? ACK : 0,
		.ttl = TTL,
		.tclass = TCLASS,
		.flow = FLOW,
		.payload = row->payload,
		.options = row->options,
	};
	packet_build(packet);
}

/* Send the segment of a row on a way, and look at all that arrives. */
static void try_row(struct __test_metadata *_metadata, const struct way *way,
		    const struct row *row, int hook, uint16_t dport)
{
	struct packet packet, want, answer;
	char what[128];
	int i;

	snprintf(what, sizeof(what), "%s, %s %s %s", way->name, way_hooks[hook],
		 row->segment, row->action);
	make(&packet, way, dport, row);
	want = packet;
	want.seq = row->seq ?: packet.seq;
	want.ack = row->ack ?: packet.ack;
	want.badsum = row->badsum;
	want.ttl -= way->hops;
	/* A router behind the hook takes one off the new TTL. */
	if (row->ttl)
		want.ttl = row->ttl -
			   (hook == RSTFAULT_HOOK_IN ? way->hops : 0);
	packet_build(&want);

	ASSERT_EQ(0, way_send(way, &packet));
	for (i = 0; i < row->arrives; i++) {
		expect_packet(_metadata, way->to, &want, what);
		if (way->raw || way->hops || row->flags & TH_RST)
			continue;
		/* Nobody listens in the host. */
		way_answer(&packet, &answer);
		expect_packet(_metadata, way->back, &answer, what);
	}
	expect_none(_metadata, way->to, 0, what);
	expect_none(_metadata, way->back, 0, what);
}

TEST_F_TIMEOUT(wired, rows, 300)
{
	const struct row *row;
	int hook, way, fired;
	char name[16];

	ASSERT_EQ(0, add_rules(&self->host));
	for (row = rows; row < rows + ARRAY_SIZE(rows); row++) {
		for (hook = 0; hook < HOOKS; hook++) {
			int port = PORT(row - rows, hook);

			for (way = 0, fired = 0; way < WAYS; way++) {
				if (!way_passes(way, hook))
					continue;
				try_row(_metadata, &self->way[way], row, hook,
					port);
				fired++;
			}
			snprintf(name, sizeof(name), "r%d", port);
			expect_counters(_metadata, &self->host, name, fired,
					row->arrives > 1 ?
					fired * (row->arrives - 1) : 0,
					row->action);
		}
	}
	for (way = 0; way < WAYS; way++) {
		expect_none(_metadata, self->way[way].to, 100, "at the end");
		expect_none(_metadata, self->way[way].back, 100, "at the end");
	}
}

#define SEEN RSTFAULT_A_STATS_SEEN
#define PASSED RSTFAULT_A_STATS_PASSED
#define MANGLED RSTFAULT_A_STATS_MANGLED
#define DROPPED RSTFAULT_A_STATS_DROPPED
#define HELD RSTFAULT_A_STATS_HELD
#define RELEASED RSTFAULT_A_STATS_RELEASED
#define SENT RSTFAULT_A_STATS_SENT
#define UNSENT RSTFAULT_A_STATS_UNSENT
#define WAITING RSTFAULT_A_STATS_WAITING

/* What one RST that a rule is for adds to what the host counts. */
static const struct {
	const char *action;
	struct counters change;
} counts[] = {
	{ "pass", {{ [SEEN] = 1, [PASSED] = 1 }} },
	{ "drop", {{ [SEEN] = 1, [DROPPED] = 1 }} },
	{ "mangle seq +1", {{ [SEEN] = 1, [MANGLED] = 1 }} },
	{ "delay 1h", {{ [SEEN] = 1, [HELD] = 1 }} },
	{ "forge to both", {{ [SEEN] = 1, [PASSED] = 1, [SENT] = 2 }} },
	{ "forge to both and drop",
	  {{ [SEEN] = 1, [DROPPED] = 1, [SENT] = 2 }} },
	{ "forge to both after 1h",
	  {{ [SEEN] = 1, [PASSED] = 1, [WAITING] = 2 }} },
	{ "duplicate 5", {{ [SEEN] = 1, [PASSED] = 1, [SENT] = 5 }} },
	{ "duplicate 5 every 1h",
	  {{ [SEEN] = 1, [PASSED] = 1, [WAITING] = 5 }} },
};

/* Send one segment on a way, and look at what the host has counted then. */
static void try_counts(struct __test_metadata *_metadata,
		       const struct host *host, const struct way *way,
		       uint16_t dport, uint8_t flags,
		       const struct counters *change, const char *what)
{
	const struct row row = { .flags = flags, .arrives = 1 };
	struct counters before, after = *change;
	struct packet packet;

	ASSERT_EQ(0, host_counters(host, &before));
	make(&packet, way, dport, &row);
	ASSERT_EQ(0, way_send(way, &packet));
	expect_host_change(_metadata, host, &before, change, what);

	EXPECT_EQ(change->value[HELD], rule_release(host, NULL));
	after.value[RELEASED] = change->value[HELD];
	after.value[HELD] = 0;
	expect_host_change(_metadata, host, &before, &after, what);

	/* What waits goes with its rule. */
	ASSERT_EQ(0, rule_flush(host));
	after.value[UNSENT] = after.value[WAITING];
	after.value[WAITING] = 0;
	expect_host_change(_metadata, host, &before, &after, what);
	capture_drain(way->to);
	capture_drain(way->back);
}

/* What became of the segments, as the host counts it. */
TEST_F(wired, host_counts)
{
	static const struct counters none, passed = {{
		[SEEN] = 1, [PASSED] = 1
	}};
	struct counters change;
	const struct way *way;
	unsigned int i;
	char what[128];
	int hook;

#define LOAD(hook, action)						\
	ASSERT_EQ(0, tool(&self->host, "add %s rst dport 1 %s",		\
			  way_hooks[hook], action))

	for (hook = 0; hook < HOOKS; hook++) {
		for (way = self->way; way < self->way + WAYS; way++) {
			if (!way_passes(way - self->way, hook))
				continue;
			for (i = 0; i < ARRAY_SIZE(counts); i++) {
				snprintf(what, sizeof(what), "%s, %s %s",
					 way->name, way_hooks[hook],
					 counts[i].action);
				LOAD(hook, counts[i].action);
				change = counts[i].change;
				/*
				 * To its sender a RST arrives as if from the
				 * receiver, and leaves by the same hook.
				 */
				if (hook == RSTFAULT_HOOK_OUT && way->hops &&
				    change.value[SENT] == 2) {
					change.value[SEEN]++;
					change.value[PASSED]++;
				}
				try_counts(_metadata, &self->host, way, 1, R,
					   &change, what);
			}

			/* No rule is there for it, not even for its kind. */
			LOAD(hook, "drop");
			try_counts(_metadata, &self->host, way, 2, R, &passed,
				   "another port");
			LOAD(hook, "drop");
			try_counts(_metadata, &self->host, way, 1, TH_ACK,
				   &none, "another kind");
		}
	}
#undef LOAD
}

/* Copies that come later. */
TEST_F(wired, duplicate_every)
{
	static const struct row rst = { .flags = R, .arrives = 1 };
	struct packet packet, want;
	struct counters counters;
	char what[64], text[512];
	int hook, way, i;
	int64_t start;

	way_rules(text, sizeof(text), "rst", "duplicate 3 every 30ms", 2000);
	ASSERT_EQ(0, tool_load(&self->host, text));

	for (hook = 0; hook < HOOKS; hook++) {
		for (way = 0; way < WAYS; way++) {
			if (!way_passes(way, hook))
				continue;
			snprintf(what, sizeof(what), "%s, %s",
				 self->way[way].name, way_hooks[hook]);
			make(&packet, &self->way[way], PORT(0, hook), &rst);
			want = packet;
			want.ttl -= self->way[way].hops;
			packet_set_ttl(&want);

			start = capture_now();
			ASSERT_EQ(0, way_send(&self->way[way], &packet));
			for (i = 0; i <= 3; i++)
				expect_packet_at(_metadata, self->way[way].to,
						 &want, start, i * 30, what);
			expect_none(_metadata, self->way[way].to, 100, what);
		}
		snprintf(what, sizeof(what), "r%d", PORT(0, hook));
		ASSERT_EQ(0, rule_counters(&self->host, what, &counters));
		EXPECT_EQ(3 * RULE_COUNT(&counters, FIRED),
			  RULE_COUNT(&counters, SENT));
		EXPECT_EQ(0, RULE_COUNT(&counters, HELD));
	}
}

TEST_HARNESS_MAIN
