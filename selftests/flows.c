// SPDX-License-Identifier: GPL-2.0
/*
 * The table of connections that gates remember: it is bounded, forgets the
 * right ones, and goes with the rules.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "lib/counters.h"
#include "lib/wired.h"

/* RST number @nr, of a connection of its own, for a port of the host. */
static int send_other(FIXTURE_DATA(wired) *self, int family, unsigned int nr)
{
	struct packet packet = {
		.family = family,
		.saddr = NEAR_ADDR(family),
		.daddr = HOST_ADDR(family),
		.sport = nr,
		.dport = nr >> 16,
		.flags = TH_RST,
	};

	packet_build(&packet);
	return wire_send(self->near, &packet);
}

/* What rules remember goes with them. */
TEST_F(wired, forget)
{
	unsigned int i;

	ASSERT_EQ(0, tool(&self->host,
			  "add name none in rst nth 100 probability 1%% per connection pass"));
	ASSERT_EQ(0, tool(&self->host,
			  "add name first in rst nth 100 per connection pass"));
	ASSERT_EQ(0, tool(&self->host,
			  "add name second in rst skip 100 per connection pass"));
	ASSERT_EQ(0, tool(&self->host,
			  "add name third in rst every 100 per connection pass"));
	EXPECT_EQ(0, host_stat(&self->host, RSTFAULT_A_STATS_FLOWS));
	for (i = 0; i < 8; i++)
		ASSERT_EQ(0, send_other(self, variant->family, i % 4));
	EXPECT_EQ(12, host_stat(&self->host, RSTFAULT_A_STATS_FLOWS));
	ASSERT_EQ(0, tool(&self->host, "del name none"));
	EXPECT_EQ(12, host_stat(&self->host, RSTFAULT_A_STATS_FLOWS));
	ASSERT_EQ(0, tool(&self->host, "del name second"));
	EXPECT_EQ(8, host_stat(&self->host, RSTFAULT_A_STATS_FLOWS));
	ASSERT_EQ(0, rule_flush(&self->host));
	EXPECT_EQ(0, host_stat(&self->host, RSTFAULT_A_STATS_FLOWS));
	EXPECT_EQ(0, host_stat(&self->host, RSTFAULT_A_STATS_EVICTED));
}

#define OLD 32

/*
 * There is room for so many connections, and then those are forgotten that were
 * not seen for the longest time, one for each new one.
 */
TEST_F_TIMEOUT(wired, least_recently_seen, 600)
{
	unsigned int i;

	if (variant->family != AF_INET && !getenv("RSTFAULT_ALL"))
		SKIP(return, "as for IPv4; RSTFAULT_ALL=1 runs it");

	ASSERT_EQ(0, tool(&self->host,
			  "add name r in rst limit 1 per connection pass"));
	for (i = 0; i < OLD; i++)
		ASSERT_EQ(0, send_other(self, variant->family, i));
	/* The clock of a User Mode Linux in warped time stands still meanwhile. */
	usleep(1000);
	for (; i < RSTFAULT_FLOWS_MAX; i++)
		ASSERT_EQ(0, send_other(self, variant->family, i));
	usleep(1000);
	ASSERT_EQ(RSTFAULT_FLOWS_MAX, rule_fired(&self->host, "r"));
	EXPECT_EQ(RSTFAULT_FLOWS_MAX, host_stat(&self->host, RSTFAULT_A_STATS_FLOWS));
	EXPECT_EQ(0, host_stat(&self->host, RSTFAULT_A_STATS_EVICTED));

	/* All of them are known; see every second of the oldest ones. */
	for (i = 0; i < OLD; i += 2)
		ASSERT_EQ(0, send_other(self, variant->family, i));
	EXPECT_EQ(RSTFAULT_FLOWS_MAX, rule_fired(&self->host, "r"));

	/* As many new ones as there were others of those. */
	for (i = 0; i < OLD / 2; i++)
		ASSERT_EQ(0, send_other(self, variant->family,
					RSTFAULT_FLOWS_MAX + i));
	EXPECT_EQ(RSTFAULT_FLOWS_MAX + OLD / 2, rule_fired(&self->host, "r"));

	/* Those that were seen are known, and so is the next oldest one. */
	for (i = 0; i < OLD; i += 2)
		ASSERT_EQ(0, send_other(self, variant->family, i));
	ASSERT_EQ(0, send_other(self, variant->family, OLD));
	EXPECT_EQ(RSTFAULT_FLOWS_MAX + OLD / 2, rule_fired(&self->host, "r"));

	EXPECT_EQ(OLD / 2, host_stat(&self->host, RSTFAULT_A_STATS_EVICTED));

	/* The others are not. */
	for (i = 1; i < OLD; i += 2)
		ASSERT_EQ(0, send_other(self, variant->family, i));
	EXPECT_EQ(RSTFAULT_FLOWS_MAX + OLD, rule_fired(&self->host, "r"));
	EXPECT_EQ(OLD, host_stat(&self->host, RSTFAULT_A_STATS_EVICTED));
	EXPECT_EQ(RSTFAULT_FLOWS_MAX, host_stat(&self->host, RSTFAULT_A_STATS_FLOWS));
}

TEST_HARNESS_MAIN
