// SPDX-License-Identifier: GPL-2.0
/*
 * Which hooks see a segment that is held: those in front of ours before, those
 * behind it after that, also where hooks come and go meanwhile.
 */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "lib/few.h"
#include "lib/nft.h"
#include "lib/peer.h"
#include "lib/tracked.h"
#include "lib/wired.h"

/*
 * Where a segment is held, and where nftables looks at it: a hook in front of
 * ours, which it has passed before, and one behind ours.
 */
static const struct place {
	const char *hook;
	int way;
	unsigned int base;	/* of nftables */
	int before;		/* priority, or 0: ours is the first one */
	int behind;
} places[] = {
	{ "in", WAY_IN, NF_INET_PRE_ROUTING, 0, -299 },
	{ "in", WAY_THROUGH, NF_INET_PRE_ROUTING, 0, -100 },
	{ "input", WAY_IN, NF_INET_LOCAL_IN, -10, 10 },
	{ "output", WAY_OUT, NF_INET_LOCAL_OUT, -10, 10 },
	{ "forward", WAY_THROUGH, NF_INET_FORWARD, -10, 10 },
	{ "out", WAY_THROUGH, NF_INET_POST_ROUTING, 300, INT_MAX },
	{ "out", WAY_OUT, NF_INET_POST_ROUTING, 300, INT_MAX },
};

/* In the order of the hooks of @place a chain that counts. */
#define watch(place, priority, chain, counter)				\
	ASSERT_EQ(0, nft_watch(&self->host, chain, (place)->base, priority, \
			       counter))

/*
 * Hooks in front of ours see a held segment once, before it is held; those
 * behind ours once, after that, whatever lets it go on.
 */
TEST_F(wired, later_hooks_once)
{
	enum { BY_RULE, BY_REQUEST, BY_TIME, CAUSES } cause;
	const struct place *place;
	const struct way *way;

	if (!nft_known(&self->host))
		SKIP(return, "needs nftables");

	for (place = places; place < places + ARRAY_SIZE(places); place++) {
		int seen = 0, before = 0;

		way = &self->way[place->way];
		ASSERT_EQ(0, nft_add_table(&self->host));
		ASSERT_EQ(0, nft_add_counter(&self->host, "before"));
		ASSERT_EQ(0, nft_add_counter(&self->host, "behind"));
		watch(place, place->behind, "b", "behind");
		if (place->before)
			watch(place, place->before, "a", "before");
		for (cause = BY_RULE; cause < CAUSES; cause++) {
			ASSERT_EQ(0, tool(&self->host,
					  "add name d %s rst delay %s",
					  place->hook,
					  cause == BY_TIME ? "100ms" : "1h"));
			capture_drain(way->to);
			ASSERT_EQ(0, send_few(way));
			before += place->before ? FEW : 0;
			/* By time, they may have gone on already. */
			if (cause != BY_TIME) {
				EXPECT_EQ(before, nft_count(&self->host,
							    "before"));
				EXPECT_EQ(seen, nft_count(&self->host,
							  "behind"));
				EXPECT_EQ(FEW, host_count(HELD));
			}

			if (cause == BY_RULE)
				ASSERT_EQ(0, tool(&self->host, "del name d"));
			if (cause == BY_REQUEST)
				ASSERT_EQ(FEW, rule_release(&self->host, "d"));
			expect_few(_metadata, way, place->hook);
			seen += FEW;
			EXPECT_EQ(before, nft_count(&self->host, "before")) {
				TH_LOG("%s, %d", place->hook, cause);
			}
			EXPECT_EQ(seen, nft_count(&self->host, "behind")) {
				TH_LOG("%s, %d", place->hook, cause);
			}
			EXPECT_EQ(0, host_count(HELD));
			EXPECT_EQ(0, rule_flush(&self->host));
			EXPECT_EQ(0, host_imbalance(&self->host));
		}
		ASSERT_EQ(0, nft_del_table(&self->host));
	}
	EXPECT_EQ(ARRAY_SIZE(places) * CAUSES * FEW, host_count(RELEASED));
}

static void expect_tracked(struct __test_metadata *_metadata,
			   const struct host *host, uint16_t port,
			   long original, long reply, const char *state,
			   const char *what)
{
	struct tracked tracked;

	ASSERT_EQ(0, tracked_read(host, port, &tracked));
	EXPECT_EQ(original, tracked.packets[0]) {
		TH_LOG("%s: of the client", what);
	}
	EXPECT_EQ(reply, tracked.packets[1]) {
		TH_LOG("%s: of the server", what);
	}
	EXPECT_STREQ(state, tracked.state) {
		TH_LOG("%s", what);
	}
}

/* A connection through the host, of two ends that are the test. */
static int connect_through(const struct way *way, uint16_t port,
			   struct packet *rst)
{
	struct packet syn = {
		.family = way->family,
		.saddr = way->saddr,
		.daddr = way->daddr,
		.sport = port,
		.dport = port,
		.flags = TH_SYN,
		.seq = 1000,
	};
	struct packet synack = {
		.family = way->family,
		.saddr = way->daddr,
		.daddr = way->saddr,
		.sport = port,
		.dport = port,
		.flags = TH_SYN | TH_ACK,
		.seq = 5000,
		.ack = 1001,
	};
	struct packet ack = syn;
	int err;

	ack.flags = TH_ACK;
	ack.seq = 1001;
	ack.ack = 5001;
	*rst = ack;
	rst->flags = TH_RST;
	rst->ack = 0;
	packet_build(&syn);
	packet_build(&synack);
	packet_build(&ack);
	packet_build(rst);

	err = wire_send(way->from, &syn) ?: wire_send(way->to, &synack) ?:
	      wire_send(way->from, &ack);
	return err;
}

/*
 * Connection tracking counts the packets of a connection. It sees a RST that is
 * held once: before, or, where it is behind our hook, after that.
 */
TEST_F(wired, tracked_once)
{
	const struct place *place;
	uint16_t port = 3000;

	if (!nft_known(&self->host) ||
	    access("/proc/net/nf_conntrack", R_OK))
		SKIP(return, "needs nftables and /proc/net/nf_conntrack");

	ASSERT_EQ(0, nft_add_table(&self->host));
	ASSERT_EQ(0, nft_add_chain(&self->host, &(struct nft_chain){
		.name = "c", .hook = NF_INET_FORWARD,
	}));
	ASSERT_EQ(0, nft_add_rule(&self->host, &(struct nft_rule){
		.chain = "c", .track = true,
	}));
	ASSERT_EQ(0, host_sysctl(&self->host, "netfilter/nf_conntrack_acct",
				 "1"));

	for (place = places; place < places + ARRAY_SIZE(places); place++) {
		const struct way *way = &self->way[place->way];
		bool behind = !strcmp(place->hook, "in");
		/* Of a connection of the host the host is the client. */
		bool reply = place->way == WAY_IN;
		struct peer peer = { .fd = -1 };
		struct packet rst;

		port++;
		capture_drain(self->near);
		ASSERT_EQ(0, tool(&self->host, "add name d %s rst delay 1h",
				  place->hook));
		if (place->way == WAY_THROUGH) {
			ASSERT_EQ(0, connect_through(way, port, &rst));
		} else {
			ASSERT_EQ(0, peer_connect(&peer, &self->host,
						  variant->family, self->near,
						  port));
			peer_packet(&peer, &rst, TH_RST, 0);
		}
		expect_tracked(_metadata, &self->host, port, 2, 1,
			       "ESTABLISHED", place->hook);

		/* The host's own RST is that of a socket. */
		if (place->way == WAY_OUT)
			peer_abort(&peer);
		else
			ASSERT_EQ(0, way_send(way, &rst));
		EXPECT_EQ(1, host_count(HELD));
		expect_tracked(_metadata, &self->host, port,
			       2 + (!behind && !reply), 1 + (!behind && reply),
			       behind ? "ESTABLISHED" : "CLOSE", place->hook);
		ASSERT_EQ(1, rule_release(&self->host, "d"));
		expect_tracked(_metadata, &self->host, port, 2 + !reply,
			       1 + reply, "CLOSE", place->hook);

		ASSERT_EQ(0, rule_flush(&self->host));
		if (peer.fd >= 0)
			peer_abort(&peer);
	}
}

/*
 * Hooks come and go while segments are held, so that our own one has another
 * place in the table: it is still those behind it that see them, once, also
 * those that were not there before.
 */
TEST_F(wired, hooks_change)
{
	const struct place *place;
	const struct way *way;

	if (!nft_known(&self->host))
		SKIP(return, "needs nftables");

	for (place = places; place < places + ARRAY_SIZE(places); place++) {
		/* Nothing but what spares us bridged packets is before in. */
		bool in_front = place->before;

		way = &self->way[place->way];
		ASSERT_EQ(0, nft_add_table(&self->host));
		ASSERT_EQ(0, nft_add_counter(&self->host, "before"));
		ASSERT_EQ(0, nft_add_counter(&self->host, "behind"));
		ASSERT_EQ(0, nft_add_counter(&self->host, "new"));
		watch(place, place->behind, "b", "behind");
		ASSERT_EQ(0, tool(&self->host, "add name d %s rst delay 1h",
				  place->hook));

		/* Our own place moves to the end, with one more behind it. */
		capture_drain(way->to);
		ASSERT_EQ(0, send_few(way));
		if (in_front) {
			watch(place, place->before, "a", "before");
			ASSERT_EQ(0, nft_add_chain(&self->host,
						   &(struct nft_chain){
				.name = "aa",
				.hook = place->base,
				.priority = place->before - 1,
			}));
		}
		watch(place, place->behind, "n", "new");
		ASSERT_EQ(FEW, rule_release(&self->host, "d"));
		expect_few(_metadata, way, place->hook);
		EXPECT_EQ(0, nft_count(&self->host, "before")) {
			TH_LOG("%s", place->hook);
		}
		EXPECT_EQ(FEW, nft_count(&self->host, "behind")) {
			TH_LOG("%s", place->hook);
		}
		EXPECT_EQ(FEW, nft_count(&self->host, "new")) {
			TH_LOG("%s", place->hook);
		}

		/* And back, with one less. Our own hook goes with the rule. */
		ASSERT_EQ(0, send_few(way));
		EXPECT_EQ(in_front ? FEW : 0,
			  nft_count(&self->host, "before"));
		if (in_front) {
			ASSERT_EQ(0, nft_del_chain(&self->host, "aa"));
			ASSERT_EQ(0, nft_del_chain(&self->host, "a"));
		}
		ASSERT_EQ(0, nft_del_chain(&self->host, "n"));
		ASSERT_EQ(0, tool(&self->host, "del name d"));
		expect_few(_metadata, way, place->hook);
		EXPECT_EQ(in_front ? FEW : 0,
			  nft_count(&self->host, "before"));
		EXPECT_EQ(2 * FEW, nft_count(&self->host, "behind")) {
			TH_LOG("%s", place->hook);
		}
		EXPECT_EQ(FEW, nft_count(&self->host, "new"));

		/* None is left behind it: the table may be gone altogether. */
		ASSERT_EQ(0, tool(&self->host, "add name d %s rst delay 1h",
				  place->hook));
		ASSERT_EQ(0, send_few(way));
		ASSERT_EQ(0, nft_del_table(&self->host));
		ASSERT_EQ(0, tool(&self->host, "del name d"));
		expect_few(_metadata, way, place->hook);
	}
	EXPECT_EQ(ARRAY_SIZE(places) * 3 * FEW, host_count(RELEASED));
}

/* How often a hook goes while it is needed. */
#define TURNS 25

/*
 * Segments go on by time while their rule is deleted, and our hook with it. On
 * several CPUs that is at once. Whoever lets them go on: once, and in order.
 */
TEST_F(wired, hook_goes)
{
	const struct way *way = &self->way[WAY_THROUGH];
	int i;

	if (!nft_known(&self->host))
		SKIP(return, "needs nftables");

	ASSERT_EQ(0, nft_add_table(&self->host));
	ASSERT_EQ(0, nft_add_counter(&self->host, "before"));
	ASSERT_EQ(0, nft_add_counter(&self->host, "behind"));
	ASSERT_EQ(0, nft_watch(&self->host, "a", NF_INET_FORWARD, -10,
			       "before"));
	ASSERT_EQ(0, nft_watch(&self->host, "b", NF_INET_FORWARD, 10,
			       "behind"));
	for (i = 0; i < TURNS; i++) {
		ASSERT_EQ(0, tool(&self->host,
				  "add name d forward rst delay 1ms"));
		ASSERT_EQ(0, send_few(way));
		ASSERT_EQ(0, rule_delete(&self->host, "d"));
		expect_few(_metadata, way, "hook goes");
	}
	EXPECT_EQ(TURNS * FEW, nft_count(&self->host, "before"));
	EXPECT_EQ(TURNS * FEW, nft_count(&self->host, "behind"));
	EXPECT_EQ(TURNS * FEW, host_count(RELEASED));
}

TEST_HARNESS_MAIN
