// SPDX-License-Identifier: GPL-2.0
/*
 * Forged RSTs: at each hook, on each way, to each end of the trigger's way,
 * every field of them, and the trigger's own fate.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <libmnl/libmnl.h>

#include "kselftest_harness.h"

#include "lib/events.h"
#include "lib/expect.h"
#include "lib/wired.h"

/* Numbers of every trigger. */
#define SEQ 0x10000000u
#define ACK 0xfffffffeu

/* Beyond the largest window there can be: 65,535 << 14. */
#define FAR 0x40000000u

#define R TH_RST
#define RA (TH_RST | TH_ACK)

/* What differs between one RST and another; no flags: none is sent. */
struct reset {
	uint8_t flags;
	uint32_t seq;
	uint32_t ack;
	uint8_t ttl;
	bool badsum;
};

struct row {
	const char *segment;
	const char *action;
	uint8_t flags;
	size_t payload;
	struct reset to_sender;
	struct reset to_receiver;
	bool dropped;
	int count;
};

static const struct row rows[] = {
	/* To the sender: RFC 9293, section 3.10.7.1. */
	{ "syn", "forge", TH_SYN, 0, { RA, 0, SEQ + 1 } },
	{ "syn", "forge and drop", TH_SYN, 0, { RA, 0, SEQ + 1 },
	  .dropped = true },
	{ "syn", "forge to sender and drop", TH_SYN, 5, { RA, 0, SEQ + 6 },
	  .dropped = true },
	{ "synack", "forge", TH_SYN | TH_ACK, 0, { R, ACK } },
	{ "ack", "forge", TH_ACK, 0, { R, ACK } },
	{ "data", "forge and drop", TH_ACK, 7, { R, ACK }, .dropped = true },
	{ "data", "forge", TH_PSH, 7, { RA, 0, SEQ + 7 } },
	{ "fin", "forge and drop", TH_FIN, 0, { RA, 0, SEQ + 1 },
	  .dropped = true },
	{ "fin", "forge", TH_FIN | TH_ACK, 3, { R, ACK } },

	/* To the receiver: in the place of the trigger, or behind it. */
	{ "syn", "forge to receiver", TH_SYN, 0, {}, { R, SEQ + 1 } },
	{ "syn", "forge to receiver and drop", TH_SYN, 0, {}, { R, SEQ },
	  .dropped = true },
	{ "synack", "forge to receiver", TH_SYN | TH_ACK, 0, {},
	  { RA, SEQ + 1, ACK } },
	{ "ack", "forge to receiver", TH_ACK, 0, {}, { RA, SEQ, ACK } },
	{ "data", "forge to receiver", TH_ACK, 7, {}, { RA, SEQ + 7, ACK } },
	{ "data", "forge to receiver and drop", TH_ACK, 7, {},
	  { RA, SEQ, ACK }, .dropped = true },
	{ "fin", "forge to receiver", TH_FIN | TH_ACK, 3, {},
	  { RA, SEQ + 4, ACK } },

	/* To both. */
	{ "data", "forge to both", TH_ACK, 7, { R, ACK },
	  { RA, SEQ + 7, ACK } },
	{ "data", "forge to both and drop", TH_ACK, 7, { R, ACK },
	  { RA, SEQ, ACK }, .dropped = true },

	/* A RST answers a RST only where a rule names it. */
	{ "any sport 1000", "forge to both", R, 0 },
	{ "any sport 1000", "forge to both", TH_ACK, 7, { R, ACK },
	  { RA, SEQ + 7, ACK } },
	{ "rst", "forge to both and drop", R, 0, { RA, 0, SEQ }, { R, SEQ },
	  .dropped = true },
	{ "rst", "forge to both", RA, 0, { R, ACK }, { RA, SEQ, ACK } },
	{ "rst,any", "forge", RA, 0, { R, ACK } },

	/* Sequence numbers. */
	{ "data", "forge to both seq exact and drop", TH_ACK, 7, { R, ACK },
	  { RA, SEQ, ACK }, .dropped = true },
	{ "data", "forge to both seq +1000 and drop", TH_ACK, 7,
	  { R, ACK + 1000 }, { RA, SEQ + 1000, ACK }, .dropped = true },
	{ "data", "forge to both seq -2000 and drop", TH_ACK, 7,
	  { R, ACK - 2000 }, { RA, SEQ - 2000, ACK }, .dropped = true },
	{ "data", "forge to both seq in-window and drop", TH_ACK, 7,
	  { R, ACK + 1 }, { RA, SEQ + 1, ACK }, .dropped = true },
	{ "data", "forge to both seq out-of-window and drop", TH_ACK, 7,
	  { R, ACK + FAR }, { RA, SEQ + FAR, ACK }, .dropped = true },

	/* Behind the trigger: on the way in, behind the host's own answer. */
	{ "data", "forge seq +1000", TH_ACK, 7, { R, ACK + 1000 } },

	/* Acknowledgment numbers. */
	{ "data", "forge to both ack and drop", TH_ACK, 7,
	  { RA, ACK, SEQ + 7 }, { RA, SEQ, ACK }, .dropped = true },
	{ "syn", "forge to both noack and drop", TH_SYN, 0, { R }, { R, SEQ },
	  .dropped = true },
	{ "data", "forge to receiver noack and drop", TH_ACK, 7, {},
	  { R, SEQ }, .dropped = true },
	{ "data", "forge to both badack and drop", TH_ACK, 7,
	  { RA, ACK, SEQ + 7 + FAR }, { RA, SEQ, ACK + FAR },
	  .dropped = true },
	{ "syn", "forge badack and drop", TH_SYN, 0, { RA, 0, SEQ + 1 + FAR },
	  .dropped = true },

	/* The rest. */
	{ "data", "forge to both ttl 9 and drop", TH_ACK, 7,
	  { R, ACK, .ttl = 9 }, { RA, SEQ, ACK, .ttl = 9 }, .dropped = true },
	{ "data", "forge to both badsum and drop", TH_ACK, 7,
	  { R, ACK, .badsum = true }, { RA, SEQ, ACK, .badsum = true },
	  .dropped = true },
	{ "data", "forge to both count 3", TH_ACK, 7, { R, ACK },
	  { RA, SEQ + 7, ACK }, .count = 3 },
	{ "data", "forge to both count 3 and drop", TH_ACK, 7, { R, ACK },
	  { RA, SEQ, ACK }, .dropped = true, .count = 3 },
};

/* TTL of the triggers, which is not that of the system. */
#define TTL 99

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

/* The RST to the receiver of @trigger, or to the sender, as it arrives. */
static void make_reset(struct packet *rst, const struct packet *trigger,
		       const struct reset *reset, bool to_sender, int hops)
{
	*rst = (struct packet){
		.family = trigger->family,
		.saddr = to_sender ? trigger->daddr : trigger->saddr,
		.daddr = to_sender ? trigger->saddr : trigger->daddr,
		.sport = to_sender ? trigger->dport : trigger->sport,
		.dport = to_sender ? trigger->sport : trigger->dport,
		.flags = reset->flags,
		.seq = reset->seq,
		.ack = reset->ack,
		.badsum = reset->badsum,
		.ttl = reset->ttl,
	};

	if (!rst->ttl)
		rst->ttl = to_sender ? 64 : TTL;
	rst->ttl -= hops;
	packet_build(rst);
}

/* Send the trigger of a row on a way, and look at all that arrives. */
static void try_row(struct __test_metadata *_metadata, const struct way *way,
		    const struct row *row, const struct packet *trigger,
		    int hook)
{
	/* Where a RST begins: in front of the router, or behind it. */
	int hops = hook == RSTFAULT_HOOK_IN ? way->hops : 0;
	int hops_back = hook == RSTFAULT_HOOK_OUT ? way->hops : 0;
	struct packet arrived = *trigger, rst;
	char what[128];
	int i;

	snprintf(what, sizeof(what), "%s, %s %s %s, flags %#x", way->name,
		 way_hooks[hook], row->segment, row->action, row->flags);
	arrived.ttl = TTL - way->hops;
	packet_set_ttl(&arrived);

	ASSERT_EQ(0, way_send(way, trigger));
	if (!row->dropped)
		expect_packet(_metadata, way->to, &arrived, what);
	for (i = 0; i < (row->count ?: 1) && row->to_receiver.flags; i++) {
		/* Without a TTL of its own it has that of the trigger. */
		make_reset(&rst, trigger, &row->to_receiver, false,
			   row->to_receiver.ttl ? hops : way->hops);
		expect_packet(_metadata, way->to, &rst, what);
	}
	expect_none(_metadata, way->to, 0, what);

	for (i = 0; i < (row->count ?: 1) && row->to_sender.flags; i++) {
		make_reset(&rst, trigger, &row->to_sender, true, hops_back);
		expect_packet(_metadata, way->back, &rst, what);
	}
	/* Nobody listens in the host: its answer, which comes second. */
	if (!way->raw && !way->hops && !row->dropped &&
	    !(row->flags & TH_RST)) {
		way_answer(trigger, &rst);
		expect_packet(_metadata, way->back, &rst, what);
	}
	expect_none(_metadata, way->back, 0, what);
}

TEST_F_TIMEOUT(wired, rows, 300)
{
	const struct row *row;
	int hook, way, fires;
	char name[16];

	ASSERT_EQ(0, add_rules(&self->host));
	for (row = rows; row < rows + ARRAY_SIZE(rows); row++) {
		for (hook = 0; hook < HOOKS; hook++) {
			int rsts = !!row->to_sender.flags +
				   !!row->to_receiver.flags;
			int port = PORT(row - rows, hook);

			for (way = 0, fires = 0; way < WAYS; way++) {
				struct packet trigger = {
					.family = variant->family,
					.saddr = self->way[way].saddr,
					.daddr = self->way[way].daddr,
					.sport = 1000,
					.dport = port,
					.flags = row->flags,
					.seq = SEQ,
					.ack = row->flags & TH_ACK ? ACK : 0,
					.ttl = TTL,
					.payload = row->payload,
				};

				if (!way_passes(way, hook))
					continue;
				packet_build(&trigger);
				try_row(_metadata, &self->way[way], row,
					&trigger, hook);
				fires += !!rsts;
			}
			snprintf(name, sizeof(name), "r%d", port);
			expect_counters(_metadata, &self->host, name, fires,
					fires * rsts * (row->count ?: 1),
					row->action);
		}
	}
	for (way = 0; way < WAYS; way++) {
		expect_none(_metadata, self->way[way].to, 100, "at the end");
		expect_none(_metadata, self->way[way].back, 100, "at the end");
	}
}

/* A data segment to the port of a hook. */
static void make(struct packet *packet, const struct way *way, int hook)
{
	*packet = (struct packet){
		.family = way->family,
		.saddr = way->saddr,
		.daddr = way->daddr,
		.sport = 1000,
		.dport = PORT(0, hook),
		.flags = TH_ACK,
		.seq = SEQ,
		.ack = ACK,
		.ttl = TTL,
		.payload = 7,
	};
	packet_build(packet);
}

static const struct reset to_sender = { R, ACK };
static const struct reset to_receiver = { RA, SEQ, ACK };

/* RSTs that come later, and not all at once. */
TEST_F(wired, after_and_every)
{
	struct packet trigger, sender, receiver;
	char text[512], what[64];
	const struct way *way;
	int64_t start;
	int hook, i;

	way_rules(text, sizeof(text), "data",
		  "forge to both count 3 after 50ms every 20ms and drop",
		  PORT(0, 0));
	ASSERT_EQ(0, tool_load(&self->host, text));

	for (hook = 0; hook < HOOKS; hook++) {
		int fired = 0;

		for (way = self->way; way < self->way + WAYS; way++) {
			if (!way_passes(way - self->way, hook))
				continue;
			snprintf(what, sizeof(what), "%s, %s", way->name,
				 way_hooks[hook]);
			make(&trigger, way, hook);
			make_reset(&sender, &trigger, &to_sender, true,
				   hook == RSTFAULT_HOOK_OUT ? way->hops : 0);
			make_reset(&receiver, &trigger, &to_receiver, false,
				   way->hops);

			start = capture_now();
			ASSERT_EQ(0, way_send(way, &trigger));
			for (i = 0; i < 3; i++) {
				expect_packet_at(_metadata, way->to, &receiver,
						 start, 50 + 20 * i, what);
				expect_packet_at(_metadata, way->back, &sender,
						 start, 50 + 20 * i, what);
			}
			fired++;
		}
		snprintf(what, sizeof(what), "r%d", PORT(0, hook));
		expect_counters(_metadata, &self->host, what, fired, 6 * fired,
				what);
	}
	for (way = self->way; way < self->way + WAYS; way++)
		expect_none(_metadata, way->to, 100, "at the end");
}

/* Is @event of a RST that was not sent, and as @rst would have been? */
static void expect_unsent(struct __test_metadata *_metadata,
			  const struct event *event, const struct packet *rst)
{
	EXPECT_EQ(RSTFAULT_OUTCOME_UNSENT, event->outcome);
	EXPECT_STREQ(rst->saddr, event->saddr);
	EXPECT_STREQ(rst->daddr, event->daddr);
	EXPECT_EQ(rst->sport, event->sport);
	EXPECT_EQ(rst->dport, event->dport);
	EXPECT_EQ(rst->flags, event->flags);
	EXPECT_EQ(rst->seq, event->seq);
}

/* What a rule has not sent when it is deleted is not sent, and is counted. */
TEST_F(wired, delete)
{
	const struct way *way = &self->way[WAY_THROUGH];
	struct packet trigger, sender, receiver;
	struct counters counters;
	struct mnl_socket *nl;
	struct event event;

	ASSERT_EQ(0, events_open(&nl, &self->host));
	ASSERT_EQ(0, tool(&self->host,
			  "add name r in data forge to both count 3 every 1h and drop"));
	make(&trigger, way, 0);
	make_reset(&sender, &trigger, &(struct reset){ R, ACK }, true, 0);
	make_reset(&receiver, &trigger, &(struct reset){ RA, SEQ, ACK }, false,
		   1);
	ASSERT_EQ(0, way_send(way, &trigger));
	expect_packet(_metadata, way->back, &sender, "the first one");
	expect_packet(_metadata, way->to, &receiver, "the first one");
	ASSERT_EQ(0, rule_counters(&self->host, "r", &counters));
	EXPECT_EQ(2, RULE_COUNT(&counters, SENT));
	EXPECT_EQ(4, RULE_COUNT(&counters, HELD));
	ASSERT_EQ(0, host_counters(&self->host, &counters));
	EXPECT_EQ(4, HOST_COUNT(&counters, WAITING));
	EXPECT_EQ(0, HOST_COUNT(&counters, UNSENT));
	/* These are no segments that could be released. */
	EXPECT_EQ(0, HOST_COUNT(&counters, HELD));
	EXPECT_EQ(0, rule_release(&self->host, NULL));
	ASSERT_EQ(0, events_wait(nl, &event, RSTFAULT_EVENT_TYPE_SENT,
				 COMES_MS));
	ASSERT_EQ(0, events_wait(nl, &event, RSTFAULT_EVENT_TYPE_SENT,
				 COMES_MS));

	/* Each end is told of once. */
	ASSERT_EQ(0, rule_delete(&self->host, "r"));
	expect_none(_metadata, way->back, 0, "deleted");
	expect_none(_metadata, way->to, 0, "deleted");
	ASSERT_EQ(0, host_counters(&self->host, &counters));
	EXPECT_EQ(0, HOST_COUNT(&counters, WAITING));
	EXPECT_EQ(2, HOST_COUNT(&counters, SENT));
	EXPECT_EQ(4, HOST_COUNT(&counters, UNSENT));
	ASSERT_EQ(0, events_wait(nl, &event, RSTFAULT_EVENT_TYPE_SENT,
				 COMES_MS));
	expect_unsent(_metadata, &event, &sender);
	ASSERT_EQ(0, events_wait(nl, &event, RSTFAULT_EVENT_TYPE_SENT,
				 COMES_MS));
	expect_unsent(_metadata, &event, &receiver);
	EXPECT_EQ(-EAGAIN, events_read(nl, &event, 0));
	mnl_socket_close(nl);
}

/* Where no route leads back, the RST that was not sent is told of as it is. */
TEST_F(wired, no_route)
{
	const struct way *way = &self->way[WAY_THROUGH];
	struct packet trigger, sender;
	struct mnl_socket *nl;
	struct event event;

	ASSERT_EQ(0, events_open(&nl, &self->host));
	ASSERT_EQ(0, tool(&self->host, "add name r in data forge and drop"));
	make(&trigger, way, 0);
	trigger.saddr = variant->family == AF_INET6 ? "2001:db8:99::1" :
						      "203.0.113.1";
	packet_build(&trigger);
	make_reset(&sender, &trigger, &(struct reset){ R, ACK }, true, 0);
	ASSERT_EQ(0, way_send(way, &trigger));
	ASSERT_EQ(0, events_wait(nl, &event, RSTFAULT_EVENT_TYPE_SENT,
				 COMES_MS));
	expect_unsent(_metadata, &event, &sender);
	mnl_socket_close(nl);
}

/* A RST is not sent in clear where everything is to be encrypted. */
TEST_F(wired, ipsec)
{
	const struct way *way = &self->way[WAY_IN];
	struct counters counters;
	struct packet trigger;

	if (host_run(&self->host,
		     "ip xfrm policy add src %s dst %s dir out action block",
		     way->daddr, way->saddr))
		SKIP(return, "needs ip, and a kernel with XFRM");

	ASSERT_EQ(0, tool(&self->host, "add name r in data forge and drop"));
	make(&trigger, way, 0);
	ASSERT_EQ(0, way_send(way, &trigger));
	expect_none(_metadata, way->back, 50, "blocked");
	ASSERT_EQ(0, rule_counters(&self->host, "r", &counters));
	EXPECT_EQ(1, RULE_COUNT(&counters, UNSENT));

	ASSERT_EQ(0, host_run(&self->host, "ip xfrm policy flush"));
	ASSERT_EQ(0, way_send(way, &trigger));
	ASSERT_EQ(0, rule_counters(&self->host, "r", &counters));
	EXPECT_EQ(1, RULE_COUNT(&counters, SENT));
}

/* Put @len bytes of no-operation options into the TCP header of @packet. */
static void add_tcp_options(struct packet *packet, size_t len)
{
	uint8_t *tcp = packet->bytes + packet->thoff;

	/* They take the place of payload; the checksum is not looked at. */
	tcp[12] = (20 + len) / 4 << 4;
	memset(tcp + 20, 1, len);
}

/* Options of the trigger are no payload, and the RST has none. */
TEST_F(wired, options)
{
	struct packet trigger, rst;
	const struct way *way;
	char text[512];
	int hook, i;

	way_rules(text, sizeof(text), "data", "forge to both and drop",
		  PORT(0, 0));
	ASSERT_EQ(0, tool_load(&self->host, text));

	for (hook = 0; hook < HOOKS; hook++) {
		for (way = self->way; way < self->way + WAYS; way++) {
			if (!way_passes(way - self->way, hook))
				continue;
			for (i = 0; i < 2; i++) {
				make(&trigger, way, hook);
				trigger.options = 8 * !i;
				trigger.payload = 20;
				/* Without ACK, so that the length counts. */
				trigger.flags = TH_PSH;
				packet_build(&trigger);
				if (i)
					add_tcp_options(&trigger, 12);
				ASSERT_EQ(0, way_send(way, &trigger));

				make_reset(&rst, &trigger,
					   &(struct reset){ R, SEQ }, false,
					   way->hops);
				expect_packet(_metadata, way->to, &rst,
					      way_hooks[hook]);
				make_reset(&rst, &trigger,
					   &(struct reset){ RA, 0, SEQ + 20 -
							    12 * i },
					   true, hook == RSTFAULT_HOOK_OUT ?
						 way->hops : 0);
				expect_packet(_metadata, way->back, &rst,
					      way_hooks[hook]);
			}
		}
	}
}

/*
 * At the hook that made it a forged RST is not seen again; at others it is a
 * segment as any other.
 */
TEST_F(wired, seen_once)
{
	const struct way *way = &self->way[WAY_THROUGH];
	struct packet trigger, rst;

	ASSERT_EQ(0, tool_load(&self->host,
			       "name i in data,rst forge to both and drop\n"
			       "name f forward rst pass\n"
			       "name p output rst pass\n"
			       "name o out rst mangle ttl 5\n"));
	make(&trigger, way, 0);
	ASSERT_EQ(0, way_send(way, &trigger));
	make_reset(&rst, &trigger,
		   &(struct reset){ RA, SEQ, ACK, .ttl = 5 }, false, 0);
	expect_packet(_metadata, way->to, &rst, "to the receiver");
	make_reset(&rst, &trigger, &(struct reset){ R, ACK, .ttl = 5 }, true,
		   0);
	expect_packet(_metadata, way->back, &rst, "to the sender");
	expect_none(_metadata, way->to, 50, "to the receiver");
	expect_none(_metadata, way->back, 50, "to the sender");
	EXPECT_EQ(1, rule_fired(&self->host, "i"));
	EXPECT_EQ(1, rule_fired(&self->host, "f"));
	EXPECT_EQ(1, rule_fired(&self->host, "p"));
	EXPECT_EQ(2, rule_fired(&self->host, "o"));
}

TEST_HARNESS_MAIN
