// SPDX-License-Identifier: GPL-2.0
/*
 * Who pays for what is held: the control group of who added the rule.
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

/* What the group is charged, in bytes. The kernel adds it up every two seconds. */
static int64_t charged(const char *dir)
{
	usleep(2500000);
	return cgroup_stat(dir, GROUP, "sock");
}

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

	ASSERT_EQ(0, cgroup_mount(dir));
	if (cgroup_write(dir, "cgroup.subtree_control", "+memory")) {
		cgroup_unmount(dir);
		SKIP(return, "needs the memory controller");
	}
	ASSERT_EQ(0, cgroup_make(dir, GROUP));

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		/* It is who adds the rule that pays, not whose traffic it is. */
		EXPECT_EQ(0, cgroup_enter(dir, GROUP));
		EXPECT_EQ(0, tool(&self->host, "add in data dport 1 %s",
				  rows[i].rule));
		EXPECT_EQ(0, cgroup_enter(dir, ""));

		EXPECT_EQ(0, send_segments(&self->way[WAY_IN], 1, SEGMENTS));
		sock = charged(dir);
		EXPECT_LE(SEGMENTS * rows[i].size, sock) {
			TH_LOG("%s: for nothing", rows[i].rule);
		}
		/* A packet is at most a page, and what describes it. */
		EXPECT_GE(SEGMENTS * rows[i].waiting * 3 * 4096, sock) {
			TH_LOG("%s: too much", rows[i].rule);
		}

		EXPECT_EQ(0, rule_flush(&self->host));
		EXPECT_EQ(0, charged(dir)) {
			TH_LOG("%s: afterwards", rows[i].rule);
		}
	}

	EXPECT_EQ(0, cgroup_remove(dir, GROUP));
	EXPECT_EQ(0, cgroup_unmount(dir));
}

TEST_HARNESS_MAIN
