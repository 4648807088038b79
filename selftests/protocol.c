// SPDX-License-Identifier: GPL-2.0
/*
 * What the protocol promises to every client: all or nothing, one netns, one
 * state of the ruleset, and who may ask.
 */
#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "lib/client.h"
#include "lib/privilege.h"

static void put_name(struct nlmsghdr *nlh, const char *name)
{
	struct value changes[CHANGES_MAX] = {
		{ RSTFAULT_A_RULE_NAME, strlen(name) + 1, 0, name },
	};

	put_rule(nlh, changes);
}

static int add_rule(struct family *family)
{
	struct nlmsghdr *nlh = family_request(family, RSTFAULT_CMD_RULE_ADD, 0);
	struct refusal refusal;

	put_rule(nlh, NULL);
	return family_send(family, nlh, NULL, NULL, &refusal);
}

/* Attributes that an operation does not know are refused, not passed over. */
TEST_F(client, unknown_attributes)
{
	static const uint8_t cmds[] = {
		RSTFAULT_CMD_RULE_ADD, RSTFAULT_CMD_RULE_DEL,
		RSTFAULT_CMD_FLUSH, RSTFAULT_CMD_RULE_GET,
		RSTFAULT_CMD_INFO_GET, RSTFAULT_CMD_RELEASE,
		RSTFAULT_CMD_INJECT,
	};
	struct nlmsghdr *nlh;
	unsigned int i;

	ASSERT_EQ(0, add_rule(&self->family));
	for (i = 0; i < ARRAY_SIZE(cmds); i++) {
		nlh = request(cmds[i]);
		mnl_attr_put_u32(nlh, RSTFAULT_A_MAX + 1, 1);
		EXPECT_EQ(-EINVAL, send_request(nlh));
		EXPECT_STREQ("Unknown attribute type", self->refusal.text);
		EXPECT_EQ(RSTFAULT_A_MAX + 1, self->refusal.attr);
	}
	EXPECT_EQ(-EOPNOTSUPP, send_request(request(RSTFAULT_CMD_MAX + 1)));
	EXPECT_EQ(1, nr_rules());
}

/* All rules of a request, or none. */
TEST_F(client, atomic)
{
	struct value bad[CHANGES_MAX] = { U32(RSTFAULT_A_RULE_HOOK, 99) };
	struct nlmsghdr *nlh;
	int64_t before;

	ASSERT_EQ(0, add_rule(&self->family));
	before = generation();

	nlh = request(RSTFAULT_CMD_RULE_ADD);
	put_name(nlh, "one");
	put_name(nlh, "two");
	put_rule(nlh, bad);
	EXPECT_EQ(-ERANGE, send_request(nlh));
	EXPECT_EQ(RSTFAULT_A_RULE_HOOK, self->refusal.attr);

	/* A name that stands twice in the request, one that is taken. */
	nlh = request(RSTFAULT_CMD_RULE_ADD);
	put_name(nlh, "one");
	put_name(nlh, "two");
	put_name(nlh, "one");
	EXPECT_EQ(-EEXIST, send_request(nlh));
	EXPECT_STREQ("a rule of this name exists", self->refusal.text);
	EXPECT_EQ(RSTFAULT_A_RULE_NAME, self->refusal.attr);
	EXPECT_EQ(1, nr_rules());
	EXPECT_EQ(before, generation());

	nlh = request(RSTFAULT_CMD_RULE_ADD);
	put_name(nlh, "one");
	put_name(nlh, "two");
	EXPECT_EQ(0, send_request(nlh));
	EXPECT_EQ(3, nr_rules());
	EXPECT_LT(before, generation());

	before = generation();
	nlh = request(RSTFAULT_CMD_RULE_ADD);
	put_name(nlh, "three");
	put_name(nlh, "two");
	EXPECT_EQ(-EEXIST, send_request(nlh));
	EXPECT_EQ(-ENOENT, rule_fired(&self->host, "three"));
	EXPECT_EQ(0, rule_fired(&self->host, "two"));
	EXPECT_EQ(before, generation());

	/* A deleted rule's name is free again. */
	nlh = request(RSTFAULT_CMD_RULE_DEL);
	mnl_attr_put_strz(nlh, RSTFAULT_A_NAME, "two");
	EXPECT_EQ(0, send_request(nlh));
	nlh = request(RSTFAULT_CMD_RULE_ADD);
	put_name(nlh, "three");
	put_name(nlh, "two");
	EXPECT_EQ(0, send_request(nlh));
	EXPECT_EQ(4, nr_rules());
}

/* A request made for another state of the ruleset is refused. */
TEST_F(client, generation_guard)
{
	static const uint8_t cmds[] = {
		RSTFAULT_CMD_RULE_ADD, RSTFAULT_CMD_RULE_DEL,
		RSTFAULT_CMD_FLUSH, RSTFAULT_CMD_INFO_GET,
	};
	struct nlmsghdr *nlh;
	unsigned int i;
	int64_t before;

	before = generation();
	ASSERT_EQ(0, add_rule(&self->family));
	ASSERT_NE(before, generation());

	for (i = 0; i < ARRAY_SIZE(cmds); i++) {
		nlh = request(cmds[i]);
		if (cmds[i] == RSTFAULT_CMD_RULE_ADD)
			put_rule(nlh, NULL);
		if (cmds[i] == RSTFAULT_CMD_RULE_DEL)
			mnl_attr_put_u32(nlh, RSTFAULT_A_ID, 1);
		mnl_attr_put_u32(nlh, RSTFAULT_A_GENERATION, before);
		EXPECT_EQ(-ESTALE, send_request(nlh));
		EXPECT_STREQ("the ruleset is of another generation",
			     self->refusal.text);
		EXPECT_EQ(RSTFAULT_A_GENERATION, self->refusal.attr);
	}
	EXPECT_EQ(1, nr_rules());

	before = generation();
	nlh = request(RSTFAULT_CMD_FLUSH);
	mnl_attr_put_u32(nlh, RSTFAULT_A_GENERATION, before);
	EXPECT_EQ(0, send_request(nlh));
	EXPECT_EQ(0, nr_rules());
}

/* A name ends at its NUL, whatever the attribute has behind that. */
TEST_F(client, end_of_a_name)
{
	struct value longer[CHANGES_MAX] = {
		BYTES(RSTFAULT_A_RULE_NAME, "one\0tail"),
	};
	struct value again[CHANGES_MAX] = {
		BYTES(RSTFAULT_A_RULE_NAME, "one\0and"),
	};
	struct nlmsghdr *nlh;

	nlh = request(RSTFAULT_CMD_RULE_ADD);
	put_rule(nlh, longer);
	ASSERT_EQ(0, send_request(nlh));
	EXPECT_EQ(0, rule_fired(&self->host, "one"));

	nlh = request(RSTFAULT_CMD_RULE_ADD);
	put_rule(nlh, again);
	EXPECT_EQ(-EEXIST, send_request(nlh));
	EXPECT_STREQ("a rule of this name exists", self->refusal.text);

	nlh = request(RSTFAULT_CMD_RULE_DEL);
	mnl_attr_put(nlh, RSTFAULT_A_NAME, sizeof("one\0other"),
		     "one\0other");
	EXPECT_EQ(0, send_request(nlh));
	EXPECT_EQ(0, nr_rules());
}

TEST_F(client, naming_a_rule)
{
	struct nlmsghdr *nlh;

	ASSERT_EQ(0, add_rule(&self->family));

	EXPECT_EQ(-EINVAL, send_request(request(RSTFAULT_CMD_RULE_DEL)));
	EXPECT_STREQ("say either the id or the name of a rule",
		     self->refusal.text);
	EXPECT_EQ(-EINVAL, send_request(request(RSTFAULT_CMD_RULE_GET)));

	nlh = request(RSTFAULT_CMD_RULE_DEL);
	mnl_attr_put_u32(nlh, RSTFAULT_A_ID, 1);
	mnl_attr_put_strz(nlh, RSTFAULT_A_NAME, "x");
	EXPECT_EQ(-EINVAL, send_request(nlh));

	nlh = request(RSTFAULT_CMD_RULE_DEL);
	mnl_attr_put_u32(nlh, RSTFAULT_A_ID, 2);
	EXPECT_EQ(-ENOENT, send_request(nlh));
	EXPECT_STREQ("no such rule", self->refusal.text);
	EXPECT_EQ(RSTFAULT_A_ID, self->refusal.attr);

	nlh = request(RSTFAULT_CMD_RULE_GET);
	mnl_attr_put_strz(nlh, RSTFAULT_A_NAME, "x");
	EXPECT_EQ(-ENOENT, send_request(nlh));
	EXPECT_EQ(RSTFAULT_A_NAME, self->refusal.attr);

	nlh = family_request(&self->family, RSTFAULT_CMD_RULE_GET, NLM_F_DUMP);
	mnl_attr_put_u32(nlh, RSTFAULT_A_ID, 1);
	EXPECT_EQ(-EINVAL, send_request(nlh));

	EXPECT_EQ(1, nr_rules());
	nlh = request(RSTFAULT_CMD_RULE_DEL);
	mnl_attr_put_u32(nlh, RSTFAULT_A_ID, 1);
	EXPECT_EQ(0, send_request(nlh));
	EXPECT_EQ(0, nr_rules());
}

/* Every netns has rules of its own, and its socket reaches only those. */
TEST_F(client, isolation)
{
	struct family other_family;
	struct host other;

	ASSERT_EQ(0, host_init(&other));
	ASSERT_EQ(0, family_open(&other_family, &other));
	ASSERT_EQ(0, add_rule(&self->family));

	EXPECT_EQ(1, nr_rules());
	EXPECT_EQ(0, family_info(&other_family, RSTFAULT_A_RULES));
	EXPECT_EQ(0, rule_flush(&other));
	EXPECT_EQ(1, nr_rules());

	family_close(&other_family);
	host_free(&other);
}

/* Run @test in a child, as what it does cannot be taken back. */
static int in_child(int (*test)(struct family *family), struct family *family)
{
	int status;
	pid_t pid;

	pid = fork();
	if (!pid)
		_exit(-test(family));
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || !WIFEXITED(status))
		return -EIO;
	return -WEXITSTATUS(status);
}

static int add_without_privilege(struct family *family)
{
	return drop_net_admin() ?: add_rule(family);
}

static int list_without_privilege(struct family *family)
{
	struct refusal refusal;
	struct nlmsghdr *nlh = family_request(family, RSTFAULT_CMD_RULE_GET,
					      NLM_F_DUMP);

	return drop_net_admin() ?:
	       family_send(family, nlh, NULL, NULL, &refusal);
}

static int release_without_privilege(struct family *family)
{
	struct nlmsghdr *nlh = family_request(family, RSTFAULT_CMD_RELEASE, 0);
	struct refusal refusal;

	return drop_net_admin() ?:
	       family_send(family, nlh, NULL, NULL, &refusal);
}

/* With the privilege, this lacks a tuple. */
static int inject_without_privilege(struct family *family)
{
	struct nlmsghdr *nlh = family_request(family, RSTFAULT_CMD_INJECT, 0);
	struct refusal refusal;

	return drop_net_admin() ?:
	       family_send(family, nlh, NULL, NULL, &refusal);
}

/* Root of a user namespace of its own has no say in a netns of another. */
static int add_in_foreign_netns(struct family *family)
{
	struct family own;

	if (unshare(CLONE_NEWUSER))
		return -errno;
	return family_open(&own, NULL) ?: add_rule(&own);
}

static int add_in_own_netns(struct family *family)
{
	struct family own;

	if (unshare(CLONE_NEWUSER | CLONE_NEWNET))
		return -errno;
	return family_open(&own, NULL) ?: add_rule(&own);
}

TEST_F(client, privilege)
{
	EXPECT_EQ(-EPERM, in_child(add_without_privilege, &self->family));
	EXPECT_EQ(-EPERM, in_child(list_without_privilege, &self->family));
	EXPECT_EQ(-EPERM, in_child(release_without_privilege, &self->family));
	EXPECT_EQ(-EPERM, in_child(inject_without_privilege, &self->family));
	EXPECT_EQ(-EPERM, in_child(add_in_foreign_netns, &self->family));
	EXPECT_EQ(0, in_child(add_in_own_netns, &self->family));
	EXPECT_EQ(0, nr_rules());
	EXPECT_EQ(0, in_child(add_rule, &self->family));
	EXPECT_EQ(1, nr_rules());
}

struct count {
	struct family *family;
	unsigned int rules;
	unsigned int change_at;
};

static int count_rule(const struct nlmsghdr *nlh, void *data)
{
	struct count *count = data;

	if (++count->rules == count->change_at)
		add_rule(count->family);
	return MNL_CB_OK;
}

#define MANY 1000

/* As many rules as one request has room for, and more. */
static int add_many(struct family *family, unsigned int count)
{
	struct nlmsghdr *nlh = NULL;
	struct refusal refusal;
	int err = 0;

	while (count-- && !err) {
		if (!nlh)
			nlh = family_request(family, RSTFAULT_CMD_RULE_ADD, 0);
		put_rule(nlh, NULL);
		if (!count || nlh->nlmsg_len > sizeof(family->buf) - 256) {
			err = family_send(family, nlh, NULL, NULL, &refusal);
			nlh = NULL;
		}
	}

	return err;
}

/* A list is of one state of the ruleset; if it changes, it says so. */
TEST_F(client, list)
{
	struct family second;
	struct count count = { .family = &second };
	struct nlmsghdr *nlh;

	ASSERT_EQ(0, family_open(&second, &self->host));
	ASSERT_EQ(0, add_many(&self->family, MANY));

	nlh = family_request(&self->family, RSTFAULT_CMD_RULE_GET, NLM_F_DUMP);
	EXPECT_EQ(0, family_send(&self->family, nlh, count_rule, &count,
				 &self->refusal));
	EXPECT_EQ(MANY, count.rules);

	count.rules = 0;
	count.change_at = 1;
	nlh = family_request(&self->family, RSTFAULT_CMD_RULE_GET, NLM_F_DUMP);
	EXPECT_EQ(-EINTR, family_send(&self->family, nlh, count_rule, &count,
				      &self->refusal));
	EXPECT_GT(MANY, count.rules);
	EXPECT_EQ(MANY + 1, nr_rules());
	family_close(&second);
}

TEST_HARNESS_MAIN
