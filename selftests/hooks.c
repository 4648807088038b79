// SPDX-License-Identifier: GPL-2.0
/*
 * Each hook, on each way that a segment can take through a host: where a rule
 * sees it, where it does not, and that a dropped one is gone without a trace.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "kselftest_harness.h"

#include "lib/nft.h"
#include "lib/slow.h"
#include "lib/wired.h"

/* How long to wait for a packet that has to come, and for one that must not. */
#define PATIENCE_MS 5000
#define GLANCE_MS 100

static const struct {
	const char *name;
	bool ways[WAYS];
} hooks[] = {
	{ "in", { [WAY_IN] = true, [WAY_THROUGH] = true } },
	{ "out", { [WAY_OUT] = true, [WAY_THROUGH] = true } },
	{ "input", { [WAY_IN] = true } },
	{ "output", { [WAY_OUT] = true } },
	{ "forward", { [WAY_THROUGH] = true } },
};

/*
 * Send a RST on a way. Returns whether it got to the end of it, for which it is
 * given time if it is @expected to.
 */
static bool travel(FIXTURE_DATA(wired) *self, int family, int way,
		   bool expected)
{
	int wait_ms = expected ? PATIENCE_MS : GLANCE_MS;
	struct packet rst = {
		.family = family,
		.saddr = NEAR_ADDR(family),
		.daddr = HOST_ADDR(family),
		.sport = 1000,
		.dport = 2000,
		.flags = TH_RST,
	};
	struct packet answer = { .family = family, .sport = 2000,
				 .dport = 1000, .flags = TH_RST };
	int64_t before;

	switch (way) {
	case WAY_IN:
		before = host_mib(&self->host, "Tcp", "InSegs");
		packet_build(&rst);
		if (before < 0 || wire_send(self->near, &rst))
			return false;
		/* TUN delivers before write() returns. */
		return host_mib(&self->host, "Tcp", "InSegs") == before + 1;
	case WAY_OUT:
		/* Nobody listens there: the host answers with a RST. */
		rst.flags = TH_SYN;
		packet_build(&rst);
		return !wire_send(self->near, &rst) &&
		       wire_has(self->near, &answer, wait_ms);
	default:
		rst.daddr = FAR_ADDR(family);
		packet_build(&rst);
		return !wire_send(self->near, &rst) &&
		       wire_has(self->far, &rst, wait_ms);
	}
}

TEST_F(wired, no_rule)
{
	int way;

	for (way = 0; way < WAYS; way++)
		EXPECT_TRUE(travel(self, variant->family, way, true));
}

static void try_action(struct __test_metadata *_metadata,
		       FIXTURE_DATA(wired) *self, int family,
		       const char *action, bool arrives)
{
	unsigned int hook;
	int64_t seen = 0;
	int way;

	for (hook = 0; hook < ARRAY_SIZE(hooks); hook++) {
		ASSERT_EQ(0, tool(&self->host, "add name r %s rst %s",
				  hooks[hook].name, action));
		for (seen = 0, way = 0; way < WAYS; way++) {
			bool sees = hooks[hook].ways[way];

			bool end = arrives || !sees;

			EXPECT_EQ(end, travel(self, family, way, end)) {
				TH_LOG("%s, way %d", hooks[hook].name, way);
			}
			seen += sees;
			EXPECT_EQ(seen, rule_fired(&self->host, "r")) {
				TH_LOG("%s, way %d", hooks[hook].name, way);
			}
		}
		ASSERT_EQ(0, rule_flush(&self->host));
	}
}

TEST_F(wired, drop)
{
	try_action(_metadata, self, variant->family, "drop", false);
}

TEST_F(wired, pass)
{
	try_action(_metadata, self, variant->family, "pass", true);
}

/* A rule of the other family sees nothing. */
TEST_F(wired, other_family)
{
	const char *other = variant->family == AF_INET ? "ip6" : "ip";
	int way;

	ASSERT_EQ(0, tool(&self->host, "add name i in rst %s drop", other));
	ASSERT_EQ(0, tool(&self->host, "add name o out rst %s drop", other));
	for (way = 0; way < WAYS; way++)
		EXPECT_TRUE(travel(self, variant->family, way, true));
	EXPECT_EQ(0, rule_fired(&self->host, "i"));
	EXPECT_EQ(0, rule_fired(&self->host, "o"));
}

/*
 * A cable tells nobody what it loses. A raw socket hears it when netfilter
 * drops its packet (EPERM), and so does the TCP that counts a failed
 * retransmission; it must not hear it from us.
 */
TEST_F(wired, silent)
{
	struct packet rst = {
		.family = variant->family,
		.saddr = HOST_ADDR(variant->family),
		.daddr = NEAR_ADDR(variant->family),
		.sport = 2000,
		.dport = 1000,
		.flags = TH_RST,
	};
	struct sockaddr_storage to;
	socklen_t len = host_sockaddr(&to, variant->family, 2, 0);
	static const char * const names[] = { "output", "out" };
	unsigned int i;
	int fd;

	packet_build(&rst);
	ASSERT_EQ(0, host_enter(&self->host));
	fd = socket(variant->family, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	ASSERT_EQ(0, host_leave());
	ASSERT_LE(0, fd);

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		ASSERT_EQ(0, tool(&self->host, "add name r %s rst drop",
				  names[i]));
		EXPECT_EQ(rst.len, sendto(fd, rst.bytes, rst.len, 0,
					  (void *)&to, len));
		EXPECT_EQ(1, rule_fired(&self->host, "r"));
		EXPECT_FALSE(wire_has(self->near, &rst, GLANCE_MS));
		ASSERT_EQ(0, rule_flush(&self->host));
	}

	EXPECT_EQ(rst.len, sendto(fd, rst.bytes, rst.len, 0, (void *)&to, len));
	EXPECT_TRUE(wire_has(self->near, &rst, PATIENCE_MS));
	close(fd);
}

/* As many hooks as netfilter takes at one point. */
#define HOOKS_MAX 1024

/* Others have taken all places. */
TEST_F(wired, no_place)
{
	char name[16], said[512];
	struct nft_chain chain = {
		.name = name,
		.hook = NF_INET_FORWARD,
	};
	int i;

	if (!nft_known(&self->host))
		SKIP(return, "needs nftables");
	if (kcsan_kernel())
		SKIP(return, "takes minutes where data races are looked for");
	ASSERT_EQ(0, nft_add_table(&self->host));
	for (i = 0; i < HOOKS_MAX; i++) {
		snprintf(name, sizeof(name), "c%d", i);
		if (nft_add_chain(&self->host, &chain))
			break;
	}
	/* Who tracks connections may have some. */
	EXPECT_LT(HOOKS_MAX - 10, i);

	EXPECT_EQ(2, tool_run(&self->host, said, sizeof(said),
			      "add forward rst drop"));
	EXPECT_NE(NULL, strstr(said, "netfilter takes no further hook")) {
		TH_LOG("%s", said);
	}
	ASSERT_EQ(0, nft_del_table(&self->host));
	EXPECT_EQ(0, tool(&self->host, "add forward rst drop"));
}

TEST_HARNESS_MAIN
