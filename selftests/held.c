// SPDX-License-Identifier: GPL-2.0
/*
 * What becomes of held segments: which hooks see them, and what happens to
 * them when their rule, their device or their netns goes.
 */
#include <errno.h>
#include <limits.h>
#include <linux/if_link.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "lib/counters.h"
#include "lib/events.h"
#include "lib/expect.h"
#include "lib/link.h"
#include "lib/nft.h"
#include "lib/peer.h"
#include "lib/slow.h"
#include "lib/trace.h"
#include "lib/wired.h"

#define MANY 1000
#define PATIENCE_MS 5000

#define host_count(name)						\
({									\
	struct counters _counters = {};					\
									\
	ASSERT_EQ(0, host_counters(&self->host, &_counters));		\
	HOST_COUNT(&_counters, name);					\
})

/* Send @count RSTs from ports @first on; TUN has delivered them afterwards. */
static int send_many(int wire, int family, const char *daddr,
		     unsigned int first, unsigned int count)
{
	struct packet rst = {
		.family = family,
		.saddr = NEAR_ADDR(family),
		.daddr = daddr,
		.dport = 2000,
		.flags = TH_RST,
	};
	unsigned int i;
	int err = 0;

	for (i = 0; i < count && !err; i++) {
		rst.sport = first + i % 60000;
		packet_build(&rst);
		err = wire_send(wire, &rst);
	}

	return err;
}

/* Whether the next RSTs on @wire come from ports @first on, in their order. */
static bool come_in_order(int wire, int family, unsigned int first,
			  unsigned int count)
{
	struct packet rst = { .family = family, .dport = 2000,
			      .flags = TH_RST };
	unsigned int i;

	for (i = 0; i < count; i++) {
		rst.sport = first + i;
		if (!wire_has(wire, &rst, PATIENCE_MS))
			return false;
	}

	return true;
}

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

#define FEW 3

#define NEEDS_NFT "needs nftables"

/* In the order of the hooks of @place a chain that counts. */
#define watch(place, priority, chain, counter)				\
	ASSERT_EQ(0, nft_watch(&self->host, chain, (place)->base, priority, \
			       counter))

/* Number @nr of the RSTs that take this way; how it is to arrive. */
static void make_few(struct packet *rst, const struct way *way, int nr)
{
	*rst = (struct packet){
		.family = way->family,
		.saddr = way->saddr,
		.daddr = way->daddr,
		.sport = nr + 1,
		.dport = 2000,
		.flags = TH_RST,
		.ttl = 64,
	};
	packet_build(rst);
}

static int send_few(const struct way *way)
{
	struct packet rst;
	int i, err = 0;

	for (i = 0; i < FEW && !err; i++) {
		make_few(&rst, way, i);
		err = way_send(way, &rst);
	}

	return err;
}

/* They arrive in their order, each once, the same as they were. */
static void expect_few(struct __test_metadata *_metadata,
		       const struct way *way, const char *what)
{
	struct packet rst;
	int i;

	for (i = 0; i < FEW; i++) {
		make_few(&rst, way, i);
		rst.ttl -= way->hops;
		packet_set_ttl(&rst);
		expect_packet(_metadata, way->to, &rst, what);
	}
	expect_none(_metadata, way->to, 0, what);
}

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
		SKIP(return, NEEDS_NFT);

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

/*
 * What connection tracking has of the connection to or from port @port: packets
 * of either direction, and the state.
 */
struct tracked {
	long packets[2];
	char state[32];
};

static int tracked_read(const struct host *host, uint16_t port,
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
		SKIP(return, NEEDS_NFT);

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

/*
 * Segments go on by time while their rule is deleted, and our hook with it. On
 * several CPUs that is at once. Whoever lets them go on: once, and in order.
 */
TEST_F(wired, hook_goes)
{
	const struct way *way = &self->way[WAY_THROUGH];
	int i;

	if (!nft_known(&self->host))
		SKIP(return, NEEDS_NFT);

	ASSERT_EQ(0, nft_add_table(&self->host));
	ASSERT_EQ(0, nft_add_counter(&self->host, "before"));
	ASSERT_EQ(0, nft_add_counter(&self->host, "behind"));
	ASSERT_EQ(0, nft_watch(&self->host, "a", NF_INET_FORWARD, -10,
			       "before"));
	ASSERT_EQ(0, nft_watch(&self->host, "b", NF_INET_FORWARD, 10,
			       "behind"));
	for (i = 0; i < 100; i++) {
		ASSERT_EQ(0, tool(&self->host,
				  "add name d forward rst delay 1ms"));
		ASSERT_EQ(0, send_few(way));
		ASSERT_EQ(0, rule_delete(&self->host, "d"));
		expect_few(_metadata, way, "hook goes");
	}
	EXPECT_EQ(100 * FEW, nft_count(&self->host, "before"));
	EXPECT_EQ(100 * FEW, nft_count(&self->host, "behind"));
	EXPECT_EQ(100 * FEW, host_count(RELEASED));
}

/* Each way in which a rule can end lets them go on, in their order. */
TEST_F(wired, rule_ends)
{
	static const char * const ends[] = {
		"del name d", "flush", "load /dev/null",
	};
	unsigned int i;

	ASSERT_EQ(0, link_set(&self->host, "wire1", IFLA_TXQLEN, 2000));
	for (i = 0; i < ARRAY_SIZE(ends); i++) {
		ASSERT_EQ(0, tool(&self->host, "add name d in rst delay 1h"));
		ASSERT_EQ(0, send_many(self->near, variant->family,
				       FAR_ADDR(variant->family), 1, MANY));
		EXPECT_EQ(MANY, host_count(HELD));

		ASSERT_EQ(0, tool(&self->host, "%s", ends[i]));
		EXPECT_TRUE(come_in_order(self->far, variant->family, 1, MANY));
		EXPECT_EQ(0, host_count(HELD));
		EXPECT_EQ((i + 1) * MANY, host_count(RELEASED));
		EXPECT_EQ(0, host_imbalance(&self->host));
	}
}

TEST_F_TIMEOUT(wired, rule_expires, 120)
{
	if (!slow_tests())
		SKIP(return, SLOW_REASON);

	ASSERT_EQ(0, link_set(&self->host, "wire1", IFLA_TXQLEN, 2000));
	ASSERT_EQ(0, tool(&self->host, "add in rst for 1m delay 1h"));
	ASSERT_EQ(0, send_many(self->near, variant->family,
			       FAR_ADDR(variant->family), 1, MANY));
	EXPECT_EQ(MANY, host_count(HELD));
	sleep(70);
	EXPECT_TRUE(come_in_order(self->far, variant->family, 1, MANY));
	EXPECT_EQ(0, host_imbalance(&self->host));
}

/* One rule's end lets go of its own alone. */
TEST_F(wired, other_rule_ends)
{
	ASSERT_EQ(0, tool(&self->host, "add name a in rst sport 1-9 delay 1h"));
	ASSERT_EQ(0, tool(&self->host, "add name b in rst delay 1h"));
	ASSERT_EQ(0, send_many(self->near, variant->family,
			       FAR_ADDR(variant->family), 1, 20));
	EXPECT_EQ(20, host_count(HELD));
	ASSERT_EQ(0, tool(&self->host, "del name b"));
	EXPECT_TRUE(come_in_order(self->far, variant->family, 10, 11));
	EXPECT_EQ(9, host_count(HELD));
	EXPECT_EQ(0, rule_flush(&self->host));
	EXPECT_TRUE(come_in_order(self->far, variant->family, 1, 9));
}

/*
 * What waits at a hook has to do with the interface that it came by, and with
 * the one that it is to leave by.
 */
static const struct use {
	const char *hook;
	int way;
	int wire;
} uses[] = {
	{ "in", WAY_IN, 0 },
	{ "in", WAY_THROUGH, 0 },
	{ "input", WAY_IN, 0 },
	{ "output", WAY_OUT, 0 },
	{ "forward", WAY_THROUGH, 0 },
	{ "forward", WAY_THROUGH, 1 },
	{ "out", WAY_THROUGH, 0 },
	{ "out", WAY_THROUGH, 1 },
	{ "out", WAY_OUT, 0 },
};

/* Put a new wire in the place of an old one, with the same file descriptor. */
static int wire_again(const struct host *host, const char *ifname, int wire,
		      const char *ipv4, const char *ipv6)
{
	int fd, err;

	/* It may have gone already. */
	err = host_has(host, ifname) ? link_del(host, ifname) : 0;
	if (err)
		return err;
	fd = wire_open(host, ifname);
	if (fd < 0)
		return fd;
	if (dup2(fd, wire) < 0)
		return -errno;
	close(fd);

	return host_add_addr(host, ifname, ipv4, 24) ?:
	       host_add_addr(host, ifname, ipv6, 64);
}

/*
 * An interface that goes down takes with it what has to do with it, and nothing
 * else. None of that is sent: no hook behind ours sees it, and it does not
 * arrive, not when the rule goes either.
 */
TEST_F(wired, device_goes)
{
	static int (* const ends[])(const struct host *host,
				    const char *ifname) = {
		link_down, link_del,
	};
	static const char * const wires[] = { "wire0", "wire1" };
	const struct use *use;
	const struct way *way;
	unsigned int i;
	int lost = 0;

	if (!nft_known(&self->host))
		SKIP(return, NEEDS_NFT);

	ASSERT_EQ(0, nft_add_table(&self->host));
	ASSERT_EQ(0, nft_add_counter(&self->host, "behind"));
	ASSERT_EQ(0, nft_watch(&self->host, "i", NF_INET_LOCAL_IN, 10,
			       "behind"));
	ASSERT_EQ(0, nft_watch(&self->host, "o", NF_INET_POST_ROUTING, INT_MAX,
			       "behind"));
	for (i = 0; i < ARRAY_SIZE(ends) * ARRAY_SIZE(uses); i++) {
		use = &uses[i / ARRAY_SIZE(ends)];
		way = &self->way[use->way];
		ASSERT_EQ(0, tool(&self->host, "add name d %s rst delay 1h",
				  use->hook));
		ASSERT_EQ(0, send_few(way));
		capture_drain(way->to);
		if (use->way != WAY_THROUGH)
			ASSERT_EQ(0, link_down(&self->host, "wire1"));
		EXPECT_EQ(FEW, host_count(HELD));

		ASSERT_EQ(0, ends[i % ARRAY_SIZE(ends)](&self->host,
							wires[use->wire]));
		lost += FEW;
		EXPECT_EQ(0, host_count(HELD)) {
			TH_LOG("%s, %s, %d", use->hook, way->name, use->wire);
		}
		EXPECT_EQ(lost, host_count(LOST)) {
			TH_LOG("%s, %s, %d", use->hook, way->name, use->wire);
		}
		ASSERT_EQ(0, tool(&self->host, "del name d"));
		EXPECT_EQ(0, nft_count(&self->host, "behind")) {
			TH_LOG("%s, %s, %d", use->hook, way->name, use->wire);
		}
		expect_none(_metadata, way->to, 0, use->hook);

		ASSERT_EQ(0, wire_again(&self->host, "wire0", self->near,
					"192.0.2.1", "2001:db8::1"));
		ASSERT_EQ(0, wire_again(&self->host, "wire1", self->far,
					"198.51.100.1", "2001:db8:1::1"));
	}
	EXPECT_EQ(0, host_count(RELEASED));
}

/*
 * The stack sends its own RSTs by one socket for all: what is held must not use
 * up what that may send.
 */
TEST_F(wired, own_resets)
{
	struct packet syn = {
		.family = variant->family,
		.saddr = NEAR_ADDR(variant->family),
		.daddr = HOST_ADDR(variant->family),
		.dport = 2000,
		.flags = TH_SYN,
	};
	int i;

	ASSERT_EQ(0, tool(&self->host, "add name d out rst delay 1h"));
	for (i = 0; i < MANY; i++) {
		syn.sport = i + 1;
		packet_build(&syn);
		ASSERT_EQ(0, wire_send(self->near, &syn));
	}
	EXPECT_EQ(MANY, host_count(HELD));
	EXPECT_EQ(0, host_imbalance(&self->host));
}

/* Also one that a rule does something with is the next segment of its flow. */
TEST_F(wired, next_is_duplicated)
{
	struct packet data = {
		.family = variant->family,
		.saddr = NEAR_ADDR(variant->family),
		.daddr = FAR_ADDR(variant->family),
		.sport = 1,
		.dport = 2000,
		.flags = TH_ACK,
		.payload = 1,
	};

	ASSERT_EQ(0, tool(&self->host,
			  "add forward rst delay 1h until next"));
	ASSERT_EQ(0, tool(&self->host, "add forward data duplicate 1"));
	ASSERT_EQ(0, send_many(self->near, variant->family,
			       FAR_ADDR(variant->family), 1, 1));
	EXPECT_EQ(1, host_count(HELD));
	packet_build(&data);
	ASSERT_EQ(0, wire_send(self->near, &data));
	EXPECT_TRUE(come_in_order(self->far, variant->family, 1, 1));
	EXPECT_EQ(0, host_count(HELD));
}

/* One more than there is room for goes on at once, is counted, and told of. */
TEST_F_TIMEOUT(wired, overflow, 600)
{
	struct mnl_socket *nl;
	struct event event;
	struct packet rst;
	int64_t before;
	FILE *file;
	int i;

	if (!slow_tests())
		SKIP(return, SLOW_REASON);
	if (variant->family != AF_INET)
		SKIP(return, "the queue does not know families");

	before = host_mib(&self->host, "Tcp", "InSegs");
	ASSERT_EQ(0, tool(&self->host, "add name d in rst delay 1h"));
	ASSERT_EQ(0, send_many(self->near, variant->family,
			       HOST_ADDR(variant->family), 1,
			       RSTFAULT_HELD_MAX));
	EXPECT_EQ(RSTFAULT_HELD_MAX, host_count(HELD));
	EXPECT_EQ(0, host_count(FAILED));
	ASSERT_EQ(0, events_open(&nl, &self->host));
	ASSERT_TRUE(trace_begin());
	ASSERT_EQ(0, send_many(self->near, variant->family,
			       HOST_ADDR(variant->family), 1, 5));
	file = trace_open();
	ASSERT_NE(NULL, file);
	for (i = 1; i <= 5; i++) {
		ASSERT_EQ(0, events_read(nl, &event, PATIENCE_MS));
		EXPECT_EQ(RSTFAULT_EVENT_TYPE_FAIL, event.type);
		EXPECT_STREQ("d", event.rule_name);
		EXPECT_EQ(RSTFAULT_ACTION_DELAY, event.action);
		EXPECT_EQ(i, event.sport);
		EXPECT_EQ(-1, event.fate);

		rst = (struct packet){
			.family = variant->family,
			.saddr = NEAR_ADDR(variant->family),
			.daddr = HOST_ADDR(variant->family),
			.sport = i,
			.dport = 2000,
			.flags = TH_RST,
		};
		expect_trace(_metadata, file, "fail",
			     "1 hook=in action=delay shadow=0", &rst, "\n");
	}
	fclose(file);
	trace_end();
	mnl_socket_close(nl);
	EXPECT_EQ(RSTFAULT_HELD_MAX, host_count(HELD));
	EXPECT_EQ(5, host_count(FAILED));
	EXPECT_EQ(5, rule_counter(&self->host, "d",
				  RSTFAULT_A_COUNTERS_FAILED));
	EXPECT_EQ(before + 5, host_mib(&self->host, "Tcp", "InSegs"));
	EXPECT_EQ(0, host_imbalance(&self->host));

	ASSERT_EQ(0, rule_flush(&self->host));
	EXPECT_EQ(before + RSTFAULT_HELD_MAX + 5,
		  host_mib(&self->host, "Tcp", "InSegs"));
	EXPECT_EQ(0, host_count(HELD));
	EXPECT_EQ(0, host_imbalance(&self->host));
}

TEST_HARNESS_MAIN
