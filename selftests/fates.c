// SPDX-License-Identifier: GPL-2.0
/*
 * What becomes of held segments when their rule or their device goes, and when
 * there is no room for more of them.
 */
#include <errno.h>
#include <limits.h>
#include <linux/if_link.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "lib/events.h"
#include "lib/few.h"
#include "lib/link.h"
#include "lib/nft.h"
#include "lib/slow.h"
#include "lib/trace.h"
#include "lib/wired.h"

#define MANY 1000

/* What may wait, in bytes: see Documentation/architecture.rst. */
#define BYTES_MAX (256 << 20)
#define LARGE 1900

#define PATIENCE_MS 5000

/*
 * Send @count RSTs of @payload bytes from ports @first on; TUN has delivered them
 * afterwards.
 */
static int send_filled(int wire, int family, const char *daddr, size_t payload,
		       unsigned int first, unsigned int count)
{
	struct packet rst = {
		.family = family,
		.saddr = NEAR_ADDR(family),
		.daddr = daddr,
		.dport = 2000,
		.flags = TH_RST,
		.payload = payload,
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

static int send_many(int wire, int family, const char *daddr,
		     unsigned int first, unsigned int count)
{
	return send_filled(wire, family, daddr, 0, first, count);
}

/* Send a byte of a connection that the host does not have. */
static int send_data(int wire, int family)
{
	struct packet data = {
		.family = family,
		.saddr = NEAR_ADDR(family),
		.daddr = HOST_ADDR(family),
		.sport = 1000,
		.dport = 2000,
		.flags = TH_ACK,
		.payload = 1,
	};

	packet_build(&data);
	return wire_send(wire, &data);
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
		SKIP(return, "needs nftables");

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
 * What a raw socket sends to the host itself leaves by lo. With IPv6 its route
 * keeps the interface that has the address, unless it is had let go.
 */
TEST_F(wired, address_goes)
{
	const struct way *way = &self->way[WAY_OUT];
	struct packet rst = {
		.family = variant->family,
		.saddr = way->saddr,
		.daddr = way->saddr,
		.sport = 1000,
		.dport = 2000,
		.flags = TH_RST,
	};
	int64_t start;

	ASSERT_EQ(0, tool(&self->host, "add name d output rst delay 1h"));
	packet_build(&rst);
	ASSERT_EQ(0, way_send_home(way, &rst));
	EXPECT_EQ(1, host_count(HELD));
	start = capture_now();
	ASSERT_EQ(0, link_del(&self->host, "wire0"));
	EXPECT_GT(5000000000, capture_now() - start);
	EXPECT_EQ(1, host_count(HELD));
	ASSERT_EQ(0, rule_delete(&self->host, "d"));
	EXPECT_EQ(1, host_count(RELEASED));
}

/* An interface that goes waits until all is freed that was to be freed. */
static int settle_routes(const struct host *host)
{
	int fd = wire_open(host, "wire2");

	return fd < 0 ? fd : close(fd);
}

/*
 * What is to leave does so by the route that it had, or not at all, and then it
 * is lost, whatever route there is instead.
 */
TEST_F(wired, route_goes)
{
	static const char * const hooks[] = { "forward", "out" };
	const struct way *way = &self->way[WAY_THROUGH];
	bool ipv6 = variant->family == AF_INET6;
	const char *net = ipv6 ? "2001:db8:1::/64" : "198.51.100.0/24";
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(hooks); i++) {
		ASSERT_EQ(0, tool(&self->host, "add name d %s rst delay 1h",
				  hooks[i]));
		ASSERT_EQ(0, send_few(way));
		EXPECT_EQ(FEW, host_count(HELD));
		ASSERT_EQ(0, host_run(&self->host, "ip -%d route del %s dev wire1",
				      ipv6 ? 6 : 4, net));
		ASSERT_EQ(0, host_run(&self->host, "ip -%d route add %s dev wire1",
				      ipv6 ? 6 : 4, net));
		ASSERT_EQ(0, settle_routes(&self->host));
		EXPECT_EQ(0, rule_release(&self->host, "d"));
		ASSERT_EQ(0, tool(&self->host, "del name d"));
		expect_none(_metadata, way->to, 0, hooks[i]);
		EXPECT_EQ(0, host_count(HELD));
		EXPECT_EQ((i + 1) * FEW, host_count(LOST));
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
	ASSERT_EQ(0, trace_enable());
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

	/*
	 * No room for RSTs or copies either; what was to be dropped goes on.
	 * What fails uses up the limit.
	 */
	ASSERT_EQ(0, tool(&self->host,
			  "add name f in data limit 1 forge after 1s and drop"));
	ASSERT_EQ(0, send_data(self->near, variant->family));
	ASSERT_EQ(0, send_data(self->near, variant->family));
	EXPECT_EQ(1, rule_counter(&self->host, "f",
				  RSTFAULT_A_COUNTERS_FAILED));
	EXPECT_EQ(1, rule_counter(&self->host, "f",
				  RSTFAULT_A_COUNTERS_GATED));
	EXPECT_EQ(0, rule_fired(&self->host, "f"));
	EXPECT_EQ(before + 7, host_mib(&self->host, "Tcp", "InSegs"));

	ASSERT_EQ(0, rule_delete(&self->host, "f"));
	ASSERT_EQ(0, tool(&self->host,
			  "add name c in data duplicate 2 every 1s"));
	ASSERT_EQ(0, send_data(self->near, variant->family));
	EXPECT_EQ(1, rule_counter(&self->host, "c",
				  RSTFAULT_A_COUNTERS_FAILED));
	EXPECT_EQ(0, rule_fired(&self->host, "c"));
	EXPECT_EQ(before + 8, host_mib(&self->host, "Tcp", "InSegs"));
	EXPECT_EQ(0, host_imbalance(&self->host));

	ASSERT_EQ(0, rule_flush(&self->host));
	EXPECT_EQ(before + RSTFAULT_HELD_MAX + 8,
		  host_mib(&self->host, "Tcp", "InSegs"));
	EXPECT_EQ(0, host_count(HELD));
	EXPECT_EQ(0, host_imbalance(&self->host));
}

/* There is room for one of two RSTs: the other one is unsent, and told of. */
TEST_F_TIMEOUT(wired, overflow_half, 600)
{
	if (!slow_tests())
		SKIP(return, SLOW_REASON);
	if (variant->family != AF_INET)
		SKIP(return, "the queue does not know families");

	ASSERT_EQ(0, tool(&self->host, "add name d in rst delay 1h"));
	ASSERT_EQ(0, send_many(self->near, variant->family,
			       HOST_ADDR(variant->family), 1,
			       RSTFAULT_HELD_MAX - 1));
	ASSERT_EQ(0, tool(&self->host,
			  "add name f in data forge to both after 1h and drop"));
	ASSERT_EQ(0, send_data(self->near, variant->family));
	EXPECT_EQ(1, rule_fired(&self->host, "f"));
	EXPECT_EQ(1, host_count(WAITING));
	EXPECT_EQ(1, host_count(UNSENT));
	EXPECT_EQ(0, host_count(FAILED));
	EXPECT_EQ(0, host_imbalance(&self->host));

	ASSERT_EQ(0, rule_flush(&self->host));
	EXPECT_EQ(0, host_count(HELD));
	EXPECT_EQ(0, host_count(WAITING));
	EXPECT_EQ(0, host_imbalance(&self->host));
}

/*
 * There is no room for more bytes than that either, as the kernel counts those of
 * its packets. Once they have gone, there is.
 */
TEST_F_TIMEOUT(wired, bytes_overflow, 600)
{
	int held;

	if (!slow_tests())
		SKIP(return, SLOW_REASON);
	if (variant->family != AF_INET)
		SKIP(return, "the queue does not know families");

	ASSERT_EQ(0, tool(&self->host, "add name d in rst delay 1h"));
	ASSERT_EQ(0, send_filled(self->near, variant->family,
				 HOST_ADDR(variant->family), LARGE, 1,
				 RSTFAULT_HELD_MAX));
	held = host_count(HELD);
	EXPECT_GT(RSTFAULT_HELD_MAX, held);
	EXPECT_LE(BYTES_MAX / (3 * LARGE), held);
	EXPECT_EQ(RSTFAULT_HELD_MAX - held, host_count(FAILED));
	EXPECT_EQ(0, host_imbalance(&self->host));

	ASSERT_EQ(0, tool(&self->host, "release"));
	EXPECT_EQ(0, host_count(HELD));
	ASSERT_EQ(0, send_filled(self->near, variant->family,
				 HOST_ADDR(variant->family), LARGE, 1, 1));
	EXPECT_EQ(1, host_count(HELD));
}

TEST_HARNESS_MAIN
