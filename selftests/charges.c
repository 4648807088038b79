// SPDX-License-Identifier: GPL-2.0
/*
 * Who pays for rules, for what they hold, and for what they remember: the
 * control group of who added them.
 */
#include "kselftest_harness.h"

#include "lib/cgroup.h"
#include "lib/expect.h"
#include "lib/wired.h"

#define GROUP "rstfault-charges"

#define SEGMENTS 100
#define PAYLOAD 1000

/* Let segments to @port come. */
static int send_segments(const struct way *way, uint16_t port, int nr)
{
	struct packet packet = {
		.family = way->family,
		.saddr = way->saddr,
		.daddr = way->daddr,
		.sport = 1000,
		.dport = port,
		.flags = TH_ACK,
		.payload = PAYLOAD,
	};
	int err = 0;

	packet_build(&packet);
	while (!err && nr--)
		err = way_send(way, &packet);

	return err;
}

/*
 * What the group is charged for @what, in bytes. The kernel adds it up every two
 * seconds.
 */
static int64_t charged(const char *dir, const char *what)
{
	usleep(2500000);
	return cgroup_stat(dir, GROUP, what);
}

/* Make the group. Returns false without a controller for it. */
static bool begin_group(char dir[CGROUP_DIR_MAX])
{
	if (cgroup_mount(dir))
		return false;
	if (!cgroup_write(dir, "cgroup.subtree_control", "+memory") &&
	    !cgroup_make(dir, GROUP))
		return true;
	cgroup_unmount(dir);
	return false;
}

/* Add a rule as somebody in the group. */
#define add_in_group(...)						\
do {									\
	EXPECT_EQ(0, cgroup_enter(dir, GROUP));				\
	EXPECT_EQ(0, __VA_ARGS__);					\
	EXPECT_EQ(0, cgroup_enter(dir, ""));				\
} while (0)

/* Rules that let packets wait, and how many that are for each segment. */
static const struct {
	const char *rule;
	int waiting;
	int size;
} rows[] = {
	{ "delay 1h", 1, PAYLOAD },
	{ "forge to both after 1h", 2, 1 },
	{ "forge count 2 every 1h", 1, 1 },
	{ "duplicate 2 every 1h", 2, PAYLOAD },
};

TEST_F(wired, packets)
{
	char dir[CGROUP_DIR_MAX];
	int64_t sock;
	int i;

	if (!begin_group(dir))
		SKIP(return, "needs the memory controller");

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		/* It is who adds the rule that pays, not whose traffic it is. */
		add_in_group(tool(&self->host, "add in data dport 1 %s",
				  rows[i].rule));

		EXPECT_EQ(0, send_segments(&self->way[WAY_IN], 1, SEGMENTS));
		sock = charged(dir, "sock");
		EXPECT_LE(SEGMENTS * rows[i].size, sock) {
			TH_LOG("%s: for nothing", rows[i].rule);
		}
		/* A packet is at most a page, and what describes it. */
		EXPECT_GE(SEGMENTS * rows[i].waiting * 3 * 4096, sock) {
			TH_LOG("%s: too much", rows[i].rule);
		}

		EXPECT_EQ(0, rule_flush(&self->host));
		EXPECT_EQ(0, charged(dir, "sock")) {
			TH_LOG("%s: afterwards", rows[i].rule);
		}
	}

	EXPECT_EQ(0, cgroup_remove(dir, GROUP));
	EXPECT_EQ(0, cgroup_unmount(dir));
}

/* A limit does not keep packets from being held: in a softirq nobody can wait. */
TEST_F(wired, above_the_limit)
{
	char dir[CGROUP_DIR_MAX];
	int i;

	if (!begin_group(dir))
		SKIP(return, "needs the memory controller");
	add_in_group(tool(&self->host, "add in data dport 1 delay 1h"));
	EXPECT_EQ(0, cgroup_write(dir, GROUP "/memory.max", "1M"));
	for (i = 0; i < 20; i++)
		EXPECT_EQ(0, send_segments(&self->way[WAY_IN], 1, SEGMENTS));
	EXPECT_EQ(20 * SEGMENTS, host_stat(&self->host, RSTFAULT_A_STATS_HELD));
	EXPECT_LE(20 * SEGMENTS * PAYLOAD, charged(dir, "sock"));
	EXPECT_EQ(0, rule_flush(&self->host));
	EXPECT_EQ(0, charged(dir, "sock"));
	EXPECT_EQ(0, cgroup_remove(dir, GROUP));
	EXPECT_EQ(0, cgroup_unmount(dir));
}

/* Rules whose ruleset takes more memory than they do. */
#define RULES 1000
#define RULE "in rst dport {1-2,4-5,7-8,10-11,13-14,16-17,19-20,22-23} drop\n"

/*
 * The ruleset is made anew whenever a rule goes. Whether its time is over, or
 * another one deletes it, who has added the others still pays.
 */
TEST_F(wired, rulesets)
{
	static char rules[RULES * sizeof(RULE) + 100];
	char dir[CGROUP_DIR_MAX];
	int64_t all;
	int i;

	if (!begin_group(dir))
		SKIP(return, "needs the memory controller");
	strcat(rules, "name root in rst for 5s drop\nname other in rst drop\n");
	for (i = 0; i < RULES; i++)
		strcat(rules, RULE);
	add_in_group(tool_load(&self->host, rules));
	all = charged(dir, "kernel");
	EXPECT_LT(0, all);

	usleep(3000000);
	EXPECT_EQ(-ENOENT, rule_delete(&self->host, "root"));
	EXPECT_LE(all * 9 / 10, charged(dir, "kernel")) {
		TH_LOG("behind the end of a rule");
	}
	EXPECT_EQ(0, rule_delete(&self->host, "other"));
	EXPECT_LE(all * 9 / 10, charged(dir, "kernel")) {
		TH_LOG("behind the deletion of a rule");
	}
	EXPECT_EQ(0, rule_flush(&self->host));
	EXPECT_GE(all / 10, charged(dir, "kernel")) {
		TH_LOG("afterwards");
	}
	EXPECT_EQ(0, cgroup_remove(dir, GROUP));
	EXPECT_EQ(0, cgroup_unmount(dir));
}

#define CONNECTIONS 5000
#define REMEMBER "in rst limit 1 per connection pass"

/* The table may be somebody else's; what is in it is not. */
TEST_F(wired, connections)
{
	char dir[CGROUP_DIR_MAX];
	int64_t before;
	int i;

	if (!begin_group(dir))
		SKIP(return, "needs the memory controller");
	EXPECT_EQ(0, tool(&self->host, "add " REMEMBER));
	EXPECT_EQ(0, rule_flush(&self->host));
	add_in_group(tool(&self->host, "add " REMEMBER));
	before = charged(dir, "kernel");

	for (i = 0; i < CONNECTIONS; i++) {
		struct packet packet;

		wired_packet(&packet, variant->family, TH_RST, 0);
		packet.sport = 1 + i;
		packet_build(&packet);
		EXPECT_EQ(0, wire_send(self->near, &packet));
	}
	EXPECT_EQ(CONNECTIONS,
		  host_stat(&self->host, RSTFAULT_A_STATS_FLOWS));
	/* Two addresses and what was counted. */
	EXPECT_LE(before + CONNECTIONS * 100, charged(dir, "kernel"));
	EXPECT_EQ(0, rule_flush(&self->host));
	EXPECT_GE(before + CONNECTIONS * 10, charged(dir, "kernel"));
	EXPECT_EQ(0, cgroup_remove(dir, GROUP));
	EXPECT_EQ(0, cgroup_unmount(dir));
}

TEST_HARNESS_MAIN
