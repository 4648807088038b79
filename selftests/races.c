// SPDX-License-Identifier: GPL-2.0
/*
 * What several CPUs do at once with the gates of rules and with the connections
 * that they remember. On one CPU these tests pass by themselves.
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "lib/counters.h"
#include "lib/expect.h"
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

/* A byte of connection @nr through the host, in its one direction or back. */
static int send_through(FIXTURE_DATA(wired) *self, int family, bool back,
			unsigned int nr)
{
	struct packet packet = {
		.family = family,
		.saddr = back ? FAR_ADDR(family) : NEAR_ADDR(family),
		.daddr = back ? NEAR_ADDR(family) : FAR_ADDR(family),
		.sport = back ? 2000 : 1000 + nr,
		.dport = back ? 1000 + nr : 2000,
		.flags = TH_ACK,
		.payload = 1,
	};

	packet_build(&packet);
	return wire_send(back ? self->far : self->near, &packet);
}

#define STORM 20000

/* Both wires send at once. Returns 0 or a negative errno. */
static int storm(FIXTURE_DATA(wired) *self, int family)
{
	pid_t pids[2];
	int i, n, status, err = 0;

	for (i = 0; i < 2; i++) {
		pids[i] = fork();
		if (pids[i])
			continue;
		for (n = 0; n < STORM && !err; n++)
			err = send_through(self, family, i, n % 4);
		_exit(-err);
	}
	for (i = 0; i < 2; i++)
		if (pids[i] < 0 || waitpid(pids[i], &status, 0) < 0 || status)
			err = -EIO;
	return err;
}

/* Counting is exact on several CPUs, for rules and for connections. */
TEST_F_TIMEOUT(wired, storm, 300)
{
	ASSERT_EQ(0, tool(&self->host,
			  "add name limit forward any limit 12345 pass"));
	ASSERT_EQ(0, tool(&self->host,
			  "add name each forward any limit 1000 per connection pass"));
	ASSERT_EQ(0, tool(&self->host,
			  "add name every forward any every 7 pass"));
	ASSERT_EQ(0, tool(&self->host,
			  "add name nth forward any nth 5 per connection pass"));
	ASSERT_EQ(0, tool(&self->host,
			  "add name bytes forward any bytes 10..99 pass"));

	ASSERT_EQ(0, storm(self, variant->family));
	EXPECT_EQ(2 * STORM, rule_counter(&self->host, "limit",
					  RSTFAULT_A_COUNTERS_MATCHED));
	EXPECT_EQ(12345, rule_fired(&self->host, "limit"));
	EXPECT_EQ(2 * STORM - 12345,
		  rule_counter(&self->host, "every",
			       RSTFAULT_A_COUNTERS_MATCHED) + 4000);
	EXPECT_EQ(4000, rule_fired(&self->host, "each"));
	EXPECT_EQ((2 * STORM - 12345 - 4000) / 7,
		  rule_fired(&self->host, "every"));
	EXPECT_EQ(4, rule_fired(&self->host, "nth"));
	EXPECT_EQ(90, rule_fired(&self->host, "bytes"));
}

/* RSTs of ever other connections arrive by a wire, until the parent is done. */
static pid_t flood(FIXTURE_DATA(wired) *self, int family, unsigned int nr)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;; nr += 2) {
		if (send_other(self, family, nr))
			_exit(1);
		/* On one processor warped time stands still for who is busy. */
		if (warped())
			usleep(1000);
	}
}

/* Rules that remember each connection: so it takes fewer to fill the table. */
#define RULES 64
#define REMEMBER "in rst skip 4294967295 per connection pass"

/*
 * The table is full, both CPUs add to it, and rules come and go: nothing is
 * used that was freed (which a kernel with slub_debug=P tells), and nothing
 * remains.
 */
TEST_F_TIMEOUT(wired, churn, 600)
{
	char rules[RULES * sizeof(REMEMBER) + 1] = "";
	int i, status;
	pid_t pids[2];

	if (variant->family != AF_INET && !getenv("RSTFAULT_ALL"))
		SKIP(return, "as for IPv4; RSTFAULT_ALL=1 runs it");

	for (i = 0; i < RULES; i++)
		strcat(rules, REMEMBER "\n");
	ASSERT_EQ(0, tool_load(&self->host, rules));
	for (i = 0; i < RSTFAULT_FLOWS_MAX / RULES; i++)
		ASSERT_EQ(0, send_other(self, variant->family, i));
	EXPECT_EQ(RSTFAULT_FLOWS_MAX,
		  host_stat(&self->host, RSTFAULT_A_STATS_FLOWS));
	EXPECT_EQ(0, host_stat(&self->host, RSTFAULT_A_STATS_EVICTED));

	for (i = 0; i < 2; i++)
		pids[i] = flood(self, variant->family, RSTFAULT_FLOWS_MAX + i);
	for (i = 0; i < 20; i++) {
		EXPECT_EQ(0, tool(&self->host, "add name r " REMEMBER));
		usleep(20000);
		EXPECT_EQ(0, rule_delete(&self->host, "r"));
		EXPECT_GE(RSTFAULT_FLOWS_MAX, host_stat(&self->host, RSTFAULT_A_STATS_FLOWS));
	}
	EXPECT_LT(0, host_stat(&self->host, RSTFAULT_A_STATS_EVICTED));
	EXPECT_EQ(0, rule_flush(&self->host));
	EXPECT_EQ(0, host_stat(&self->host, RSTFAULT_A_STATS_FLOWS));

	for (i = 0; i < 2; i++) {
		EXPECT_EQ(0, kill(pids[i], SIGKILL));
		EXPECT_EQ(pids[i], waitpid(pids[i], &status, 0));
		EXPECT_TRUE(WIFSIGNALED(status));
	}
}

TEST_HARNESS_MAIN
