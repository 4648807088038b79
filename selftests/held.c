// SPDX-License-Identifier: GPL-2.0
/*
 * What becomes of held segments: which hooks see them, and what happens to
 * them when their rule, their device or their netns goes.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>

#include "kselftest_harness.h"

#include "lib/counters.h"
#include "lib/events.h"
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
 * Hooks in front of ours see a held segment once, before it is held; those
 * behind ours once, after that, and so does connection tracking.
 */
static const struct place {
	const char *hook;
	const char *base;	/* of nft */
	int before;		/* priority, or 0: ours is the first one */
	int behind;
	bool local;
} places[] = {
	{ "in", "prerouting", 0, -299, true },
	{ "in", "prerouting", 0, -100, false },
	{ "input", "input", -10, 10, true },
	{ "forward", "forward", -10, 10, false },
	{ "out", "postrouting", 300, 2147483647, false },
};

#define nft(format, ...) \
	ASSERT_EQ(0, host_run(&self->host, "nft '" format "'", ##__VA_ARGS__))

/* Packets that nft's counter @name in @host has seen, or -1. */
static int nft_count(const struct host *host, const char *name)
{
	char line[256];
	int count = -1;
	FILE *file;

	if (host_enter(host))
		return -1;
	snprintf(line, sizeof(line), "nft list counter inet t %s", name);
	file = popen(line, "r");
	if (host_leave() || !file)
		return -1;
	while (fgets(line, sizeof(line), file))
		sscanf(line, " packets %d", &count);
	pclose(file);

	return count;
}

TEST_F_TIMEOUT(wired, later_hooks_once, 120)
{
	const struct place *place;

	if (host_run(&self->host, "nft list ruleset >/dev/null 2>&1"))
		SKIP(return, "needs nft");

	for (place = places; place < places + ARRAY_SIZE(places); place++) {
		const char *daddr = place->local ?
			HOST_ADDR(variant->family) : FAR_ADDR(variant->family);
		bool before = place->before;

		nft("add table inet t");
		nft("add counter inet t before");
		nft("add counter inet t behind");
		nft("add chain inet t b { type filter hook %s priority %d; }",
		    place->base, place->behind);
		nft("add rule inet t b tcp dport 2000 ct state invalid counter name behind");
		if (before) {
			nft("add chain inet t a { type filter hook %s priority %d; }",
			    place->base, place->before);
			nft("add rule inet t a tcp dport 2000 counter name before");
		}
		ASSERT_EQ(0, tool(&self->host, "add name d %s rst delay 1h",
				  place->hook));
		ASSERT_EQ(0, send_many(self->near, variant->family, daddr, 1, 3));
		EXPECT_EQ(before ? 3 : 0, nft_count(&self->host, "before"));
		EXPECT_EQ(0, nft_count(&self->host, "behind"));
		EXPECT_EQ(3, host_count(HELD));

		ASSERT_EQ(0, tool(&self->host, "del name d"));
		EXPECT_EQ(before ? 3 : 0, nft_count(&self->host, "before")) {
			TH_LOG("%s", place->hook);
		}
		EXPECT_EQ(3, nft_count(&self->host, "behind")) {
			TH_LOG("%s", place->hook);
		}
		nft("delete table inet t");
		EXPECT_EQ(0, host_imbalance(&self->host));
	}
}

/* Each way in which a rule can end lets them go on, in their order. */
TEST_F_TIMEOUT(wired, rule_ends, 120)
{
	static const char * const ends[] = {
		"del name d", "flush", "load /dev/null",
	};
	unsigned int i;

	ASSERT_EQ(0, host_run(&self->host, "ip link set wire1 txqueuelen 2000"));
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

	ASSERT_EQ(0, host_run(&self->host, "ip link set wire1 txqueuelen 2000"));
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

/* An interface that goes down takes with it what has to do with it. */
TEST_F(wired, device_down)
{
	static const char * const hooks[] = { "in", "out" };
	int64_t in;
	int i;

	for (i = 0; i < 2; i++) {
		/* in: by the way it came; out: by the way it is to leave. */
		ASSERT_EQ(0, tool(&self->host, "add name d %s rst delay 1h",
				  hooks[i]));
		ASSERT_EQ(0, send_many(self->near, variant->family,
				       FAR_ADDR(variant->family), 1, MANY));
		EXPECT_EQ(MANY, host_count(HELD));
		in = host_mib(&self->host, "Tcp", "InSegs");
		ASSERT_EQ(0, host_run(&self->host, "ip link set %s down",
				      i ? "wire1" : "wire0"));
		EXPECT_EQ(0, host_count(HELD));
		EXPECT_EQ((i + 1) * MANY, host_count(LOST));
		ASSERT_EQ(0, rule_flush(&self->host));
		EXPECT_EQ(in, host_mib(&self->host, "Tcp", "InSegs"));
		EXPECT_EQ(0, host_imbalance(&self->host));
		ASSERT_EQ(0, host_set_up(&self->host, "wire0"));
	}
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
