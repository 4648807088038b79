// SPDX-License-Identifier: GPL-2.0
/*
 * How rules come and go: in front of others, in place of all others, not at all
 * yet; and many of them at once.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "lib/additions.h"
#include "lib/packet.h"
#include "lib/slow.h"
#include "lib/wire.h"

TEST_F(client, before)
{
	struct added added;
	struct nlmsghdr *nlh;
	int64_t was;

	ASSERT_EQ(0, add(&self->family, "a b", 0));
	nlh = request(RSTFAULT_CMD_RULE_ADD);
	put_named(nlh, "c");
	put_named(nlh, "d");
	mnl_attr_put_u32(nlh, RSTFAULT_A_BEFORE, 2);
	EXPECT_EQ(0, send_addition(nlh));
	EXPECT_EQ(3, added.id);
	EXPECT_STREQ("a c d b", list_names());

	nlh = request(RSTFAULT_CMD_RULE_ADD);
	put_named(nlh, "e");
	mnl_attr_put_u32(nlh, RSTFAULT_A_BEFORE, 1);
	EXPECT_EQ(0, send_addition(nlh));
	EXPECT_EQ(5, added.id);
	EXPECT_STREQ("e a c d b", list_names());
	ASSERT_EQ(0, add(&self->family, "f", 0));
	EXPECT_STREQ("e a c d b f", list_names());

	/* There is no such rule, or it will not be there any more. */
	was = generation();
	nlh = request(RSTFAULT_CMD_RULE_ADD);
	put_named(nlh, "g");
	mnl_attr_put_u32(nlh, RSTFAULT_A_BEFORE, 7);
	EXPECT_EQ(-ENOENT, send_addition(nlh));
	EXPECT_EQ(RSTFAULT_A_BEFORE, self->refusal.attr);
	EXPECT_STREQ("there is no rule of this id to insert in front of",
		     self->refusal.text);
	nlh = request(RSTFAULT_CMD_RULE_ADD);
	put_named(nlh, "g");
	mnl_attr_put_u32(nlh, RSTFAULT_A_BEFORE, 1);
	put_flag(nlh, RSTFAULT_A_REPLACE);
	EXPECT_EQ(-EINVAL, send_addition(nlh));
	EXPECT_EQ(RSTFAULT_A_BEFORE, self->refusal.attr);
	EXPECT_STREQ("replace leaves no rule to insert in front of",
		     self->refusal.text);

	/* A name that is taken: everything is where it was. */
	nlh = request(RSTFAULT_CMD_RULE_ADD);
	put_named(nlh, "g");
	put_named(nlh, "b");
	mnl_attr_put_u32(nlh, RSTFAULT_A_BEFORE, 3);
	EXPECT_EQ(-EEXIST, send_addition(nlh));
	EXPECT_STREQ("e a c d b f", list_names());
	EXPECT_EQ(was, generation());
}

TEST_F(client, replace)
{
	struct nlmsghdr *nlh;
	struct added added;
	int64_t was;

	ASSERT_EQ(0, add(&self->family, "a b c", 0));
	was = generation();

	/* With names of the old rules, and one commit. */
	nlh = request(RSTFAULT_CMD_RULE_ADD);
	put_named(nlh, "c");
	put_named(nlh, "d");
	put_flag(nlh, RSTFAULT_A_REPLACE);
	EXPECT_EQ(0, send_addition(nlh));
	EXPECT_EQ(4, added.id);
	EXPECT_EQ(was + 1, added.generation);
	EXPECT_EQ(was + 1, generation());
	EXPECT_EQ(2, nr_rules());
	EXPECT_STREQ("c d", list_names());
	EXPECT_EQ(-ENOENT, rule_fired(&self->host, "a"));
	EXPECT_EQ(0, rule_fired(&self->host, "c"));

	/* Refused: nothing of either. */
	was = generation();
	EXPECT_EQ(-EEXIST, add(&self->family, "c x y x", RSTFAULT_A_REPLACE));
	EXPECT_STREQ("c d", list_names());
	EXPECT_EQ(0, rule_fired(&self->host, "c"));
	EXPECT_EQ(-ENOENT, rule_fired(&self->host, "x"));
	EXPECT_EQ(-EEXIST, add(&self->family, "c", 0));
	EXPECT_EQ(was, generation());

	/* By nothing. */
	nlh = request(RSTFAULT_CMD_RULE_ADD);
	put_flag(nlh, RSTFAULT_A_REPLACE);
	EXPECT_EQ(0, send_addition(nlh));
	EXPECT_EQ(-1, added.id);
	EXPECT_EQ(was + 1, added.generation);
	EXPECT_EQ(0, nr_rules());
	EXPECT_EQ(0, add(&self->family, "c d", RSTFAULT_A_REPLACE));
	EXPECT_STREQ("c d", list_names());
	EXPECT_EQ(0, add(&self->family, "e", 0));
	EXPECT_STREQ("c d e", list_names());
	EXPECT_EQ(3, nr_rules());
}

TEST_F(client, check)
{
	struct nlmsghdr *nlh;
	struct added added;
	int64_t was;

	ASSERT_EQ(0, add(&self->family, "a b", 0));
	was = generation();

	nlh = request(RSTFAULT_CMD_RULE_ADD);
	put_named(nlh, "c");
	put_flag(nlh, RSTFAULT_A_CHECK);
	EXPECT_EQ(0, send_addition(nlh));
	EXPECT_EQ(-1, added.id);
	EXPECT_EQ(was, added.generation);

	nlh = request(RSTFAULT_CMD_RULE_ADD);
	put_named(nlh, "a");
	put_flag(nlh, RSTFAULT_A_CHECK);
	put_flag(nlh, RSTFAULT_A_REPLACE);
	put_flag(nlh, RSTFAULT_A_OWN);
	EXPECT_EQ(0, send_addition(nlh));
	nlh = request(RSTFAULT_CMD_RULE_ADD);
	put_flag(nlh, RSTFAULT_A_CHECK);
	put_flag(nlh, RSTFAULT_A_REPLACE);
	EXPECT_EQ(0, send_addition(nlh));

	/* What would be refused, is. */
	EXPECT_EQ(-EEXIST, add(&self->family, "c a", RSTFAULT_A_CHECK));
	nlh = request(RSTFAULT_CMD_RULE_ADD);
	put_named(nlh, "c");
	put_flag(nlh, RSTFAULT_A_CHECK);
	mnl_attr_put_u32(nlh, RSTFAULT_A_GENERATION, was + 1);
	EXPECT_EQ(-ESTALE, send_addition(nlh));
	nlh = request(RSTFAULT_CMD_RULE_ADD);
	put_named(nlh, "c");
	put_flag(nlh, RSTFAULT_A_CHECK);
	mnl_attr_put_u32(nlh, RSTFAULT_A_BEFORE, 3);
	EXPECT_EQ(-ENOENT, send_addition(nlh));

	EXPECT_STREQ("a b", list_names());
	EXPECT_EQ(was, generation());
	EXPECT_EQ(2, nr_rules());

	/* Neither ids nor names were used up. */
	nlh = request(RSTFAULT_CMD_RULE_ADD);
	put_named(nlh, "c");
	EXPECT_EQ(0, send_addition(nlh));
	EXPECT_EQ(3, added.id);
}

#define KIND(kind) U32(RSTFAULT_A_RULE_SEGMENT, RSTFAULT_SEGMENT_##kind)
#define FORCE { RSTFAULT_A_RULE_FORCE, 0, 0, "" }
#define SHADOW { RSTFAULT_A_RULE_SHADOW, 0, 0, "" }

/* What has no condition at all needs to be meant. */
TEST_F(client, force)
{
	static const struct {
		struct value changes[CHANGES_MAX];
		int err;
	} rows[] = {
		{ { KIND(ANY) }, -EDESTADDRREQ },
		{ { U32(RSTFAULT_A_RULE_SEGMENT, RSTFAULT_SEGMENT_ANY |
						 RSTFAULT_SEGMENT_RST) },
		  -EDESTADDRREQ },
		{ { KIND(RST) } },
		{ { KIND(ANY), FORCE } },
		{ { KIND(ANY), SHADOW } },
		{ { KIND(ANY),
		    U32(RSTFAULT_A_RULE_ACTION, RSTFAULT_ACTION_PASS) } },
		{ { KIND(ANY), U16(RSTFAULT_A_RULE_FAMILY, AF_INET6) } },
		{ { KIND(ANY), STR(RSTFAULT_A_RULE_IIF, "eth*") } },
	};
	struct nlmsghdr *nlh;
	struct list list;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		nlh = request(RSTFAULT_CMD_RULE_ADD);
		put_rule(nlh, rows[i].changes);
		EXPECT_EQ(rows[i].err, send_request(nlh)) {
			TH_LOG("row %u", i);
		}
		if (!rows[i].err)
			continue;
		EXPECT_STREQ("this rule is about every segment; narrow it, or say force",
			     self->refusal.text);
		EXPECT_EQ(RSTFAULT_A_RULE_FORCE, self->refusal.missing);
	}

	ASSERT_EQ(0, list_rules(&self->family, &list));
	ASSERT_EQ(6, list.count);
	EXPECT_FALSE(list.rules[0].force);
	EXPECT_TRUE(list.rules[1].force);
	EXPECT_FALSE(list.rules[1].shadow);
	EXPECT_TRUE(list.rules[2].shadow);
}

/* Room for a request of many rules, on a socket that takes it. */
static struct nlmsghdr *big_request(struct family *family, int rules)
{
	int one = 1, size = 16 << 20;
	struct nlmsghdr *nlh;
	char *buf;

	buf = calloc(1, 4096 + rules * 128);
	if (!buf ||
	    setsockopt(mnl_socket_get_fd(family->nl), SOL_SOCKET,
		       SO_SNDBUFFORCE, &size, sizeof(size)) ||
	    mnl_socket_setsockopt(family->nl, NETLINK_CAP_ACK, &one,
				  sizeof(one)))
		return NULL;

	nlh = family_request(family, RSTFAULT_CMD_RULE_ADD, 0);
	memcpy(buf, nlh, nlh->nlmsg_len);
	return (struct nlmsghdr *)buf;
}

#define MANY 10000

/* @odd: number of the rule that has another name, or that is wrong if NULL. */
static struct nlmsghdr *many(struct family *family, int odd, const char *name,
			     uint32_t *offset)
{
	struct value bad[CHANGES_MAX] = { U32(RSTFAULT_A_RULE_HOOK, 99) };
	struct nlmsghdr *nlh = big_request(family, MANY);
	char usual[16];
	int i;

	for (i = 0; nlh && i < MANY; i++) {
		if (i == odd)
			*offset = nlh->nlmsg_len;
		snprintf(usual, sizeof(usual), "r%d", i);
		if (i == odd && !name)
			put_rule(nlh, bad);
		else
			put_named(nlh, i == odd ? name : usual);
	}
	return nlh;
}

TEST_F_TIMEOUT(client, many, 120)
{
	struct nlmsghdr *nlh;
	struct added added;
	uint32_t offset;
	int64_t was;

	ASSERT_EQ(0, add(&self->family, "taken", 0));
	was = generation();

	/* One bad among them, and nothing is changed. */
	nlh = many(&self->family, MANY - 2, NULL, &offset);
	ASSERT_NE(NULL, nlh);
	EXPECT_EQ(-ERANGE, send_addition(nlh));
	EXPECT_EQ(RSTFAULT_A_RULE_HOOK, self->refusal.attr);
	EXPECT_LT(offset, self->refusal.offset);
	EXPECT_GT(offset + 64, self->refusal.offset);
	free(nlh);

	nlh = many(&self->family, MANY - 3, "taken", &offset);
	ASSERT_NE(NULL, nlh);
	EXPECT_EQ(-EEXIST, send_addition(nlh));
	EXPECT_EQ(RSTFAULT_A_RULE_NAME, self->refusal.attr);
	EXPECT_LT(offset, self->refusal.offset);
	EXPECT_GT(offset + 64, self->refusal.offset);
	free(nlh);
	EXPECT_EQ(was, generation());
	EXPECT_EQ(1, nr_rules());

	nlh = many(&self->family, -1, NULL, &offset);
	ASSERT_NE(NULL, nlh);
	put_flag(nlh, RSTFAULT_A_CHECK);
	EXPECT_EQ(0, send_addition(nlh));
	EXPECT_EQ(was, generation());
	free(nlh);

	nlh = many(&self->family, -1, NULL, &offset);
	ASSERT_NE(NULL, nlh);
	EXPECT_EQ(0, send_addition(nlh));
	EXPECT_EQ(2, added.id);
	EXPECT_EQ(was + 1, added.generation);
	EXPECT_EQ(MANY + 1, nr_rules());

	/* Once more, in place of those that have the same names. */
	put_flag(nlh, RSTFAULT_A_REPLACE);
	EXPECT_EQ(0, send_addition(nlh));
	EXPECT_EQ(MANY + 2, added.id);
	EXPECT_EQ(MANY, nr_rules());
	EXPECT_EQ(0, rule_fired(&self->host, "r9999"));
	EXPECT_EQ(-ENOENT, rule_fired(&self->host, "taken"));
	free(nlh);
}

/*
 * There is room for so many rules, whether they come at once or one by one. A
 * full ruleset can be replaced, and is not made fuller by it.
 */
TEST_F(client, full)
{
	struct nlmsghdr *nlh;
	struct added added;
	int64_t was;
	int i;

	nlh = big_request(&self->family, RSTFAULT_RULES_MAX + 1);
	ASSERT_NE(NULL, nlh);
	for (i = 0; i < RSTFAULT_RULES_MAX - 1; i++)
		put_rule(nlh, NULL);
	ASSERT_EQ(0, send_addition(nlh));
	EXPECT_EQ(RSTFAULT_RULES_MAX - 1, nr_rules());
	EXPECT_EQ(-ENOSPC, add(&self->family, "a b", 0));
	EXPECT_EQ(0, add(&self->family, "a", 0));
	EXPECT_EQ(RSTFAULT_RULES_MAX, nr_rules());
	was = generation();

	EXPECT_EQ(-ENOSPC, add(&self->family, "b", 0));
	EXPECT_EQ(-ENOSPC, add(&self->family, "b", RSTFAULT_A_CHECK));
	put_rule(nlh, NULL);
	put_rule(nlh, NULL);
	put_flag(nlh, RSTFAULT_A_REPLACE);
	EXPECT_EQ(-ENOSPC, send_addition(nlh));
	EXPECT_STREQ("this network namespace is full of rules",
		     self->refusal.text);
	EXPECT_EQ(RSTFAULT_RULES_MAX, nr_rules());
	EXPECT_EQ(was, generation());

	EXPECT_EQ(0, add(&self->family, "c d", RSTFAULT_A_REPLACE));
	EXPECT_STREQ("c d", list_names());
	EXPECT_EQ(0, add(&self->family, "a b", 0));
	EXPECT_STREQ("c d a b", list_names());
	free(nlh);
}

/* Two rulesets by turns that have nothing in common but what they lose. */
static int put_ruleset(struct family *family, int turn, bool replace)
{
	struct value all[CHANGES_MAX] = {
		STR(RSTFAULT_A_RULE_NAME, "all"),
	};
	struct value odd[CHANGES_MAX] = {
		STR(RSTFAULT_A_RULE_IIF, "nowhere"),
		U32(RSTFAULT_A_RULE_ACTION, RSTFAULT_ACTION_PASS),
	};
	struct nlmsghdr *nlh = family_request(family, RSTFAULT_CMD_RULE_ADD, 0);
	struct refusal refusal;

	if (turn & 1)
		put_rule(nlh, odd);
	put_rule(nlh, all);
	if (!(turn & 1))
		put_rule(nlh, odd);
	if (replace)
		put_flag(nlh, RSTFAULT_A_REPLACE);
	return family_send(family, nlh, NULL, NULL, &refusal);
}

/* No packet meets a moment between the old rules and the new ones. */
TEST_F_TIMEOUT(client, replace_under_traffic, 120)
{
	struct packet packet = {
		.family = AF_INET,
		.saddr = host_addr(AF_INET, 2),
		.daddr = host_addr(AF_INET, 1),
		.sport = 1000,
		.dport = 2000,
		.flags = TH_RST,
	};
	int fd, i, status;
	int64_t seen;
	pid_t pid;

	fd = wire_open(&self->host, "wire0");
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, host_add_addr(&self->host, "wire0",
				   host_addr(AF_INET, 1), 24));
	packet_build(&packet);

	/* Without rules it arrives. */
	seen = host_mib(&self->host, "Tcp", "InSegs");
	ASSERT_EQ(0, wire_send(fd, &packet));
	ASSERT_EQ(seen + 1, host_mib(&self->host, "Tcp", "InSegs"));

	ASSERT_EQ(0, put_ruleset(&self->family, 0, false));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* In the warped time of User Mode Linux only who sleeps lets time pass. */
	for (i = 1; !pid; i++) {
		if (wire_send(fd, &packet))
			_exit(1);
		if (!(i % 100))
			usleep(10);
	}

	for (i = 1; i <= 200; i++) {
		ASSERT_EQ(0, put_ruleset(&self->family, i, true));
		if (!(i % 10))
			sleep_ms(2);
	}
	sleep_ms(20);
	EXPECT_LT(0, rule_fired(&self->host, "all"));
	EXPECT_EQ(0, kill(pid, SIGKILL));
	EXPECT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_TRUE(WIFSIGNALED(status));
	EXPECT_EQ(seen + 1, host_mib(&self->host, "Tcp", "InSegs"));
	EXPECT_EQ(2, nr_rules());
	close(fd);
}

TEST_HARNESS_MAIN
