// SPDX-License-Identifier: GPL-2.0
/*
 * Rules that go by themselves: with a socket, or after a time.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/if_link.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "lib/additions.h"
#include "lib/expect.h"
#include "lib/link.h"
#include "lib/packet.h"
#include "lib/slow.h"
#include "lib/wired.h"

TEST_F(client, own)
{
	struct family one, two, foreign;
	struct host other;
	struct list list;
	int64_t was;
	int inherited;

	ASSERT_EQ(0, host_init(&other));
	ASSERT_EQ(0, family_open(&one, &self->host));
	ASSERT_EQ(0, family_open(&two, &self->host));
	ASSERT_EQ(0, family_open(&foreign, &other));
	ASSERT_EQ(0, add(&self->family, "a", 0));
	ASSERT_EQ(0, add(&one, "b c", RSTFAULT_A_OWN));
	ASSERT_EQ(0, add(&two, "d", RSTFAULT_A_OWN));
	ASSERT_EQ(0, add(&one, "e", 0));
	ASSERT_EQ(0, add(&one, "f", RSTFAULT_A_OWN));
	ASSERT_EQ(0, add(&foreign, "g", RSTFAULT_A_OWN));

	ASSERT_EQ(0, list_rules(&self->family, &list));
	ASSERT_EQ(6, list.count);
	EXPECT_EQ(0, list.rules[0].owner);
	EXPECT_EQ(mnl_socket_get_portid(one.nl), list.rules[1].owner);
	EXPECT_EQ(mnl_socket_get_portid(two.nl), list.rules[3].owner);
	EXPECT_EQ(0, list.rules[4].owner);
	EXPECT_EQ(mnl_socket_get_portid(one.nl), list.rules[5].owner);

	/* All of them in one commit. A name is free again. */
	was = generation();
	family_close(&one);
	EXPECT_STREQ("a d e", list_names());
	EXPECT_EQ(was + 1, generation());
	EXPECT_EQ(3, nr_rules());
	EXPECT_EQ(0, add(&self->family, "b", 0));

	/* Who has deleted its rules, or had them replaced, has none. */
	ASSERT_EQ(0, family_open(&one, &self->host));
	ASSERT_EQ(0, add(&one, "h", RSTFAULT_A_OWN));
	ASSERT_EQ(0, add(&self->family, "i", RSTFAULT_A_REPLACE));
	was = generation();
	family_close(&one);
	family_close(&two);
	EXPECT_STREQ("i", list_names());
	EXPECT_EQ(was, generation());

	/* The last one who has the socket closes it. */
	ASSERT_EQ(0, family_open(&one, &self->host));
	ASSERT_EQ(0, add(&one, "j", RSTFAULT_A_OWN));
	inherited = dup(mnl_socket_get_fd(one.nl));
	family_close(&one);
	EXPECT_STREQ("i j", list_names());
	close(inherited);
	EXPECT_STREQ("i", list_names());

	EXPECT_STREQ("g", names(&foreign));
	family_close(&foreign);
	ASSERT_EQ(0, family_open(&foreign, &other));
	EXPECT_STREQ("", names(&foreign));
	family_close(&foreign);
	host_free(&other);
}

/* Give a socket this portid as soon as it is free. */
static int open_as(struct family *family, const struct family *model,
		   const struct host *host, uint32_t portid)
{
	struct sockaddr_nl addr = {
		.nl_family = AF_NETLINK,
		.nl_pid = portid,
	};
	int err;

	err = host_enter(host);
	if (err)
		return err;
	family->nl = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	err = host_leave();
	if (!family->nl || err)
		return err ?: -errno;

	family->id = model->id;
	while (bind(mnl_socket_get_fd(family->nl), (void *)&addr,
		    sizeof(addr)))
		if (errno != EADDRINUSE)
			return -errno;
	return 0;
}

TEST_F(client, own_reused_portid)
{
	struct family family;
	struct list list;
	uint32_t portid;

	ASSERT_EQ(0, family_open(&family, &self->host));
	ASSERT_EQ(0, add(&family, "a", RSTFAULT_A_OWN));
	portid = mnl_socket_get_portid(family.nl);
	family_close(&family);

	ASSERT_EQ(0, open_as(&family, &self->family, &self->host, portid));
	ASSERT_EQ(0, add(&family, "b", RSTFAULT_A_OWN));
	ASSERT_EQ(0, list_rules(&self->family, &list));
	ASSERT_EQ(1, list.count);
	EXPECT_EQ(portid, list.rules[0].owner);
	family_close(&family);
	EXPECT_STREQ("", list_names());
}

/* However its owner ends. */
TEST_F(client, own_killed)
{
	struct family family;
	int pipefd[2];
	pid_t pid;
	char c;

	ASSERT_EQ(0, pipe(pipefd));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		if (family_open(&family, &self->host) ||
		    add(&family, "a b", RSTFAULT_A_OWN) ||
		    write(pipefd[1], "x", 1) != 1)
			_exit(1);
		pause();
	}
	ASSERT_EQ(1, read(pipefd[0], &c, 1));
	EXPECT_STREQ("a b", list_names());
	ASSERT_EQ(0, kill(pid, SIGKILL));
	ASSERT_EQ(pid, waitpid(pid, NULL, 0));
	EXPECT_STREQ("", list_names());
	close(pipefd[0]);
	close(pipefd[1]);
}

#define HELD 1000

/* What the rules of an owner hold goes on with it, in order. */
TEST_F_TIMEOUT(wired, own_held, 120)
{
	struct packet rst = {
		.family = variant->family,
		.saddr = NEAR_ADDR(variant->family),
		.daddr = FAR_ADDR(variant->family),
		.dport = 2000,
		.flags = TH_RST,
	};
	struct counters counters;
	struct nlattr *rule, *delay;
	struct refusal refusal;
	struct family owner;
	struct nlmsghdr *nlh;
	struct added added;
	int i;

	ASSERT_EQ(0, link_set(&self->host, "wire1", IFLA_TXQLEN, 2000));
	ASSERT_EQ(0, family_open(&owner, &self->host));
	nlh = family_request(&owner, RSTFAULT_CMD_RULE_ADD, 0);
	rule = mnl_attr_nest_start(nlh, RSTFAULT_A_RULE);
	mnl_attr_put_u32(nlh, RSTFAULT_A_RULE_HOOK, RSTFAULT_HOOK_IN);
	mnl_attr_put_u32(nlh, RSTFAULT_A_RULE_SEGMENT, RSTFAULT_SEGMENT_RST);
	mnl_attr_put_u32(nlh, RSTFAULT_A_RULE_ACTION, RSTFAULT_ACTION_DELAY);
	delay = mnl_attr_nest_start(nlh, RSTFAULT_A_RULE_DELAY);
	mnl_attr_put_u64(nlh, RSTFAULT_A_DELAY_TIME, 3600 * 1000000000ULL);
	mnl_attr_nest_end(nlh, delay);
	mnl_attr_nest_end(nlh, rule);
	put_flag(nlh, RSTFAULT_A_OWN);
	ASSERT_EQ(0, send_add(&owner, nlh, &added, &refusal));

	for (i = 0; i < HELD; i++) {
		rst.sport = i + 1;
		packet_build(&rst);
		ASSERT_EQ(0, wire_send(self->near, &rst));
	}
	ASSERT_EQ(0, host_counters(&self->host, &counters));
	EXPECT_EQ(HELD, HOST_COUNT(&counters, HELD));

	family_close(&owner);
	rst.ttl = 63;
	for (i = 0; i < HELD; i++) {
		rst.sport = i + 1;
		packet_build(&rst);
		expect_packet(_metadata, self->far, &rst, "owner gone");
	}
	expect_none(_metadata, self->far, 0, "owner gone");
	ASSERT_EQ(0, host_counters(&self->host, &counters));
	EXPECT_EQ(0, HOST_COUNT(&counters, HELD));
	EXPECT_EQ(HELD, HOST_COUNT(&counters, RELEASED));
}

#define CROWD 4
#define CROWD_PORTID 12345

/* What they race for takes several processors. */
#define CROWD_ROUNDS (warped() ? 10 : 50)

/* Come and go, with a rule each time. Returns what went wrong, 0: nothing. */
static int crowd(const struct family *model, const struct host *host, int nr,
		 uint32_t portid)
{
	struct family family;
	char name[16];
	int round;

	snprintf(name, sizeof(name), "owner-%d", nr);
	for (round = 0; round < CROWD_ROUNDS; round++) {
		if (portid ? open_as(&family, model, host, portid) :
			     family_open(&family, host))
			return 1;
		if (add(&family, name, RSTFAULT_A_OWN))
			return 2;
		/* Time for another one to be done with its closing. */
		sched_yield();
		if (rule_fired(host, name))
			return 3;
		family_close(&family);
		if (rule_fired(host, name) != -ENOENT)
			return 4;
	}
	return 0;
}

/* Many owners at once. None takes a rule with it that is not its own. */
static void own_crowd(struct __test_metadata *_metadata,
		      FIXTURE_DATA(client) *self, uint32_t portid)
{
	int i, status;
	pid_t pid;

	ASSERT_EQ(0, add(&self->family, "stays", RSTFAULT_A_OWN));
	for (i = 0; i < CROWD; i++) {
		pid = fork();
		ASSERT_LE(0, pid);
		if (!pid)
			_exit(crowd(&self->family, &self->host, i, portid));
	}
	for (i = 0; i < CROWD; i++) {
		ASSERT_LT(0, wait(&status));
		EXPECT_EQ(0, status);
	}
	EXPECT_STREQ("stays", list_names());
}

TEST_F_TIMEOUT(client, own_crowd, 120)
{
	own_crowd(_metadata, self, 0);
}

/* A portid is free for the next one before its last user's rules have gone. */
TEST_F_TIMEOUT(client, own_crowd_of_one_portid, 120)
{
	own_crowd(_metadata, self, CROWD_PORTID);
}

static void put_mortal(struct nlmsghdr *nlh, const char *name, uint64_t ms)
{
	struct value changes[CHANGES_MAX] = {
		{ RSTFAULT_A_RULE_NAME, strlen(name) + 1, 0, name },
		U64(RSTFAULT_A_RULE_LIFETIME, ms * 1000000),
	};

	put_rule(nlh, changes);
}

/* Wait until rules have expired, to that generation; false if to another. */
static bool generation_becomes(struct family *family, int64_t want)
{
	int64_t now = want - 1;
	int i;

	for (i = 0; i < 500 && now == want - 1; i++) {
		sleep_ms(20);
		now = family_info(family, RSTFAULT_A_GENERATION);
	}
	return now == want;
}

TEST_F(client, lifetime)
{
	struct nlmsghdr *nlh;
	struct added added;
	struct list list;
	int64_t was;

	nlh = request(RSTFAULT_CMD_RULE_ADD);
	put_named(nlh, "a");
	put_mortal(nlh, "b", 10000);
	put_mortal(nlh, "c", 2000);
	put_mortal(nlh, "d", 2000);
	put_mortal(nlh, "e", RSTFAULT_DAYS_MAX * 86400000ULL);
	ASSERT_EQ(0, send_addition(nlh));
	sleep_ms(200);
	ASSERT_EQ(0, list_rules(&self->family, &list));
	ASSERT_EQ(5, list.count);
	EXPECT_EQ(0, list.rules[0].lifetime);
	EXPECT_EQ(-1, list.rules[0].remaining);
	EXPECT_EQ(10000000000, list.rules[1].lifetime);
	EXPECT_GE(9800000000, list.rules[1].remaining);
	EXPECT_LT(1000000000, list.rules[1].remaining);

	/* What expires together goes in one commit. */
	was = added.generation;
	EXPECT_TRUE(generation_becomes(&self->family, was + 1));
	EXPECT_STREQ("a b e", list_names());
	EXPECT_EQ(3, nr_rules());
	nlh = request(RSTFAULT_CMD_RULE_ADD);
	put_mortal(nlh, "c", 100);
	ASSERT_EQ(0, send_addition(nlh));
	EXPECT_TRUE(generation_becomes(&self->family, added.generation + 1));
	EXPECT_STREQ("a b e", list_names());

	/* Nothing is left to do for one that was deleted. */
	nlh = request(RSTFAULT_CMD_RULE_ADD);
	put_mortal(nlh, "f", 100);
	ASSERT_EQ(0, send_addition(nlh));
	ASSERT_EQ(0, add(&self->family, "g", RSTFAULT_A_REPLACE));
	was = generation();
	sleep_ms(300);
	EXPECT_STREQ("g", list_names());
	EXPECT_EQ(was, generation());
}

/* On time to some milliseconds, even after an hour. */
TEST_F_TIMEOUT(client, long_lifetime, 7200)
{
	struct nlmsghdr *nlh;
	struct added added;

	if (!slow_tests())
		SKIP(return, SLOW_REASON);

	nlh = request(RSTFAULT_CMD_RULE_ADD);
	put_mortal(nlh, "a", 3600 * 1000);
	ASSERT_EQ(0, send_addition(nlh));
	sleep_ms(3600 * 1000 - 100);
	EXPECT_STREQ("a", list_names());
	sleep_ms(200);
	EXPECT_STREQ("", list_names());
}

/* A netns that ends with rules that would expire. */
TEST_F(client, lifetime_of_netns)
{
	struct nlmsghdr *nlh;
	struct family family;
	struct refusal refusal;
	struct host other;
	int i;

	for (i = 0; i < 10; i++) {
		ASSERT_EQ(0, host_init(&other));
		ASSERT_EQ(0, family_open(&family, &other));
		nlh = family_request(&family, RSTFAULT_CMD_RULE_ADD, 0);
		put_mortal(nlh, "a", 10 * i);
		put_mortal(nlh, "b", 3600 * 1000);
		if (i)
			ASSERT_EQ(0, family_send(&family, nlh, NULL, NULL,
						 &refusal));
		family_close(&family);
		host_free(&other);
	}
	sleep_ms(300);
}

TEST_HARNESS_MAIN
