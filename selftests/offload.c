// SPDX-License-Identifier: GPL-2.0
/*
 * Segments as the stack has them inside: with a checksum that the device is to
 * write, and many in one (GSO). What is on the wire must be right all the same.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "kselftest_harness.h"

#include "lib/expect.h"
#include "lib/peer.h"
#include "lib/wired.h"

#define SEQ 0x10000000u
#define ACK 0x20000000u
#define MSS 500
#define TTL 99
#define TCLASS 0x28
#define FLOW 0x12345

/* One without an MSS is one segment. */
struct row {
	const char *segment;
	const char *action;
	uint8_t flags;
	size_t payload;
	size_t mss;
	int arrives;
	int32_t seq;
	int32_t ack;
	bool badsum;
	bool resets;
	uint32_t reset_seq;
};

static const struct row rows[] = {
	{ "rst", "pass", TH_RST, 7, 0, 1 },
	{ "rst", "mangle seq +70000", TH_RST, 7, 0, 1, .seq = 70000 },
	{ "rst", "mangle ack -1", TH_RST | TH_ACK, 7, 0, 1, .ack = -1 },
	{ "rst", "mangle seq +1 badsum", TH_RST, 7, 0, 1, .seq = 1,
	  .badsum = true },
	{ "rst", "duplicate 2", TH_RST, 7, 0, 3 },
	{ "data", "delay 10ms", TH_ACK, 7, 0, 1 },
	{ "data", "forge to both", TH_ACK, 7, 0, 1, .resets = true,
	  .reset_seq = SEQ + 7 },

	{ "rst", "mangle seq +70000", TH_RST, 3 * MSS, MSS, 1, .seq = 70000 },
	{ "data", "pass", TH_ACK, 3 * MSS, MSS, 1 },
	{ "data", "drop", TH_ACK, 3 * MSS, MSS, 0 },
	{ "data", "delay 10ms", TH_ACK, 3 * MSS, MSS, 1 },
	{ "data", "duplicate 2", TH_ACK, 3 * MSS, MSS, 3 },
	{ "data", "forge to both", TH_ACK, 3 * MSS, MSS, 1, .resets = true,
	  .reset_seq = SEQ + 3 * MSS },
	{ "data", "forge to both and drop", TH_ACK, 3 * MSS, MSS, 0,
	  .resets = true, .reset_seq = SEQ },
};

/* Each row has a port for each hook, and all rules are there at once. */
#define PORT(row, hook) (2000 + HOOKS * (int)(row) + (hook))

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
	};
	packet_build(packet);
}

static void expect_resets(struct __test_metadata *_metadata,
			  const struct way *way, int hook, uint16_t dport,
			  const struct row *row, const char *what)
{
	struct packet rst = {
		.family = way->family,
		.saddr = way->saddr,
		.daddr = way->daddr,
		.sport = 1000,
		.dport = dport,
		.flags = TH_RST | TH_ACK,
		.seq = row->reset_seq,
		.ack = ACK,
		.ttl = TTL - 1,
	};

	packet_build(&rst);
	expect_packet(_metadata, way->to, &rst, what);

	rst = (struct packet){
		.family = way->family,
		.saddr = way->daddr,
		.daddr = way->saddr,
		.sport = dport,
		.dport = 1000,
		.flags = TH_RST,
		.seq = ACK,
		.ttl = 64 - (hook == RSTFAULT_HOOK_OUT),
	};
	packet_build(&rst);
	expect_packet(_metadata, way->back, &rst, what);
}

static void try_row(struct __test_metadata *_metadata, int wire,
		    const struct way *way, const struct row *row, int hook,
		    uint16_t dport)
{
	struct packet packet, want;
	char what[128];
	size_t done;
	int i;

	snprintf(what, sizeof(what), "%s %s %s, MSS %zu", way_hooks[hook],
		 row->segment, row->action, row->mss);
	make(&packet, way, dport, row);
	ASSERT_EQ(0, wire_send_offload(wire, &packet, row->mss));

	for (i = 0; i < row->arrives; i++) {
		for (done = 0; done < row->payload; done += want.payload) {
			make(&want, way, dport, row);
			want.ttl = TTL - 1;
			want.payload = row->mss ?: row->payload;
			/* Counted from that of the whole. */
			want.id = row->mss ? done / row->mss : 0;
			want.seq += done + row->seq;
			want.ack += row->ack;
			want.badsum = row->badsum;
			packet_build(&want);
			expect_packet(_metadata, way->to, &want, what);
		}
	}
	if (row->resets)
		expect_resets(_metadata, way, hook, dport, row, what);
	expect_none(_metadata, way->to, 0, what);
	expect_none(_metadata, way->back, 0, what);
}

TEST_F_TIMEOUT(wired, rows, 300)
{
	const struct way *way = &self->way[WAY_THROUGH];
	char text[ARRAY_SIZE(rows) * HOOKS * 128];
	const struct row *row;
	size_t len = 0;
	int wire, hook;
	char name[16];

	wire = wire_open_offload(&self->host, "wire2");
	ASSERT_LE(0, wire);
	for (row = rows; row < rows + ARRAY_SIZE(rows); row++)
		len += way_rules(text + len, sizeof(text) - len, row->segment,
				 row->action, PORT(row - rows, 0));
	ASSERT_EQ(0, tool_load(&self->host, text));

	for (row = rows; row < rows + ARRAY_SIZE(rows); row++) {
		for (hook = 0; hook < HOOKS; hook++) {
			int port = PORT(row - rows, hook);

			if (!way_passes(WAY_THROUGH, hook))
				continue;
			try_row(_metadata, wire, way, row, hook, port);
			snprintf(name, sizeof(name), "r%d", port);
			expect_counters(_metadata, &self->host, name, 1,
					row->resets ? 2 :
					row->arrives ? row->arrives - 1 : 0,
					row->action);
		}
	}
	close(wire);
}

/* Many RSTs in one get their sums where they are cut: those are right ones. */
TEST_F(wired, badsum_of_many)
{
	const struct row row = { "rst", "mangle seq +1 badsum", TH_RST, 3 * MSS,
				 MSS, 1 };
	const struct way *way = &self->way[WAY_THROUGH];
	int wire = wire_open_offload(&self->host, "wire2");

	ASSERT_LE(0, wire);
	ASSERT_EQ(0, tool(&self->host, "add name r forward %s %s", row.segment,
			  row.action));
	try_row(_metadata, wire, way, &row, RSTFAULT_HOOK_FORWARD, 2000);
	EXPECT_EQ(0, rule_fired(&self->host, "r"));
	EXPECT_EQ(1, rule_counter(&self->host, "r",
				  RSTFAULT_A_COUNTERS_FAILED));
	close(wire);
}

/* What the host's own stack sends is not finished either. */
TEST_F(wired, own_stack)
{
	/* Two segments of the size that there is where a peer names none. */
	size_t mss = variant->family == AF_INET6 ? 1220 : 536;
	struct capture capture;
	char data[2500] = {};
	struct peer peer;
	char text[512];
	int hook, i;

	way_rules(text, sizeof(text), "data", "forge to receiver", PORT(0, 0));
	ASSERT_EQ(0, tool_load(&self->host, text));
	for (hook = 0; hook < HOOKS; hook++) {
		if (!way_passes(WAY_OUT, hook))
			continue;
		ASSERT_EQ(0, peer_connect(&peer, &self->host, variant->family,
					  self->near, PORT(0, hook)));
		ASSERT_EQ(2 * mss, send(peer.fd, data, 2 * mss, 0));
		for (i = 0; i < 2; i++) {
			ASSERT_TRUE(capture_read(self->near, &capture,
						 COMES_MS));
			EXPECT_EQ(mss, capture.packet.payload);
			EXPECT_EQ(peer.ack + i * mss, capture.packet.seq);
			EXPECT_FALSE(capture.packet.badsum);
		}

		/* Inside they were one, so it is one RST, behind both. */
		ASSERT_TRUE(capture_read(self->near, &capture, COMES_MS));
		EXPECT_EQ(peer.ack + 2 * mss, capture.packet.seq);
		EXPECT_FALSE(capture.packet.badsum);
		EXPECT_EQ(TH_RST | TH_ACK, capture.packet.flags);
		EXPECT_EQ(peer.seq, capture.packet.ack);
		EXPECT_EQ(64, capture.packet.ttl);
		EXPECT_EQ(NULL, capture.broken);
		EXPECT_EQ(0, capture.packet.payload);
		EXPECT_EQ(0, capture.window);
		EXPECT_EQ(20, capture.header);
		snprintf(text, sizeof(text), "r%d", PORT(0, hook));
		expect_counters(_metadata, &self->host, text, 1, 1, text);
		peer_abort(&peer);
		capture_drain(self->near);
	}
}

/* Send @len bytes, and look at what comes of the packet that they are in. */
static void try_own_data(struct __test_metadata *_metadata,
			 const struct host *host, int family, int near,
			 uint16_t port, size_t len, int arrives,
			 const char *what)
{
	size_t mss = family == AF_INET6 ? 1220 : 536;
	char data[2500];
	struct capture capture;
	struct peer peer;
	size_t done, i;
	int n;

	for (i = 0; i < sizeof(data); i++)
		data[i] = 'a' + i % 23;

	ASSERT_EQ(0, peer_connect(&peer, host, family, near, port));
	ASSERT_EQ(len, send(peer.fd, data, len, 0));
	for (n = 0; n < arrives; n++) {
		for (done = 0; done < len; done += capture.packet.payload) {
			ASSERT_TRUE(capture_read(near, &capture, COMES_MS)) {
				TH_LOG("%s: does not come", what);
			}
			EXPECT_EQ(NULL, capture.broken);
			EXPECT_FALSE(capture.packet.badsum) {
				TH_LOG("%s: checksum", what);
			}
			EXPECT_EQ(peer.ack + done, capture.packet.seq);
			EXPECT_EQ(peer.seq, capture.packet.ack);
			ASSERT_EQ(len < mss ? len : mss,
				  capture.packet.payload);
			EXPECT_EQ(0, memcmp(data + done, capture.packet.bytes +
					    capture.packet.thoff +
					    capture.header,
					    capture.packet.payload)) {
				TH_LOG("%s: payload", what);
			}
		}
	}
	expect_none(_metadata, near, 0, what);
	peer_abort(&peer);
	/* The RST of the socket, and nothing late. */
	ASSERT_TRUE(capture_read(near, &capture, COMES_MS));
	EXPECT_EQ(TH_RST | TH_ACK, capture.packet.flags);
	expect_none(_metadata, near, 50, what);
}

TEST_F(wired, own_data)
{
	static const struct {
		const char *action;
		int arrives;
	} own[] = {
		{ "pass", 1 },
		{ "drop", 0 },
		{ "delay 10ms", 1 },
		{ "duplicate 2", 3 },
	};
	/* In one segment, and in two that are one inside. */
	size_t sizes[] = { 100, variant->family == AF_INET6 ? 2440 : 1072 };
	char text[ARRAY_SIZE(own) * HOOKS * 128], what[64];
	unsigned int i, j;
	size_t len = 0;
	int hook;

	for (i = 0; i < ARRAY_SIZE(own); i++)
		len += way_rules(text + len, sizeof(text) - len, "data",
				 own[i].action, PORT(i, 0));
	ASSERT_EQ(0, tool_load(&self->host, text));

	for (i = 0; i < ARRAY_SIZE(own); i++) {
		for (hook = 0; hook < HOOKS; hook++) {
			if (!way_passes(WAY_OUT, hook))
				continue;
			for (j = 0; j < ARRAY_SIZE(sizes); j++) {
				snprintf(what, sizeof(what), "%s %s, %zu bytes",
					 way_hooks[hook], own[i].action,
					 sizes[j]);
				try_own_data(_metadata, &self->host,
					     variant->family, self->near,
					     PORT(i, hook), sizes[j],
					     own[i].arrives, what);
			}
			snprintf(what, sizeof(what), "r%d", PORT(i, hook));
			expect_counters(_metadata, &self->host, what,
					ARRAY_SIZE(sizes),
					ARRAY_SIZE(sizes) *
					(own[i].arrives > 1 ? 2 : 0), what);
		}
	}
}

/* A RST that a socket makes has no checksum yet, other than one of nobody. */
TEST_F(wired, own_reset)
{
	static const struct {
		const char *action;
		uint32_t seq;
		bool badsum;
	} resets[] = {
		{ "pass", 0 },
		{ "mangle seq +70000", 70000 },
		{ "mangle seq +1 badsum", 1, true },
	};
	char text[ARRAY_SIZE(resets) * HOOKS * 128];
	struct capture capture;
	struct peer peer;
	unsigned int i;
	size_t len = 0;
	int hook;

	for (i = 0; i < ARRAY_SIZE(resets); i++)
		len += way_rules(text + len, sizeof(text) - len, "rst",
				 resets[i].action, PORT(i, 0));
	ASSERT_EQ(0, tool_load(&self->host, text));

	for (i = 0; i < ARRAY_SIZE(resets); i++) {
		for (hook = 0; hook < HOOKS; hook++) {
			if (!way_passes(WAY_OUT, hook))
				continue;
			ASSERT_EQ(0, peer_connect(&peer, &self->host,
						  variant->family, self->near,
						  PORT(i, hook)));
			peer_abort(&peer);
			ASSERT_TRUE(capture_read(self->near, &capture,
						 COMES_MS));
			EXPECT_EQ(TH_RST | TH_ACK, capture.packet.flags);
			EXPECT_EQ(peer.ack + resets[i].seq,
				  capture.packet.seq);
			EXPECT_EQ(peer.seq, capture.packet.ack);
			EXPECT_EQ(resets[i].badsum, capture.packet.badsum) {
				TH_LOG("%s %s", way_hooks[hook],
				       resets[i].action);
			}
			EXPECT_EQ(NULL, capture.broken);
		}
	}
}

TEST_HARNESS_MAIN
