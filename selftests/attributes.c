// SPDX-License-Identifier: GPL-2.0
/*
 * Every attribute of every request: missing, at its bounds and beyond them, too
 * short, too long, wrongly nested, unknown. What is right is accepted; what is
 * wrong is refused as the tables in lib/ say, and changes nothing. A new
 * attribute fails here until it has a row.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "lib/attribute.h"
#include "lib/attribute_run.h"
#include "lib/client.h"
#include "lib/policy.h"
#include "lib/privilege.h"

TEST_F(client, every_attribute)
{
	struct attribute_run run = { .family = &self->family };

	ASSERT_EQ(0, ruleset_prepare(&self->family, 0));
	attribute_run(&run);
	TH_LOG("%u requests", run.sent);
	EXPECT_LT(900, run.sent);
	EXPECT_EQ(0, run.wrong);
}

/* The policy of a place: that of its operation, and from nest to nest. */
static uint32_t find_policy(const struct policies *policies,
			    const struct place *place)
{
	uint32_t number = place->flags & NLM_F_DUMP ?
			  policies->dump[place->cmd] :
			  policies->doit[place->cmd];
	unsigned int i;

	for (i = 0; i < place_depth(place) && number < POLICIES_MAX; i++)
		number = policies->attrs[number][place->nests[i]].nested;
	return number;
}

/* Has some place the attributes of this nest? */
static bool has_place(const struct place *place, uint16_t nest)
{
	unsigned int depth = place_depth(place);
	const struct place *inner;

	for (inner = places; inner < places + nr_places; inner++)
		if (inner->cmd == place->cmd && inner->flags == place->flags &&
		    place_depth(inner) == depth + 1 &&
		    !memcmp(inner->nests, place->nests,
			    depth * sizeof(*inner->nests)) &&
		    inner->nests[depth] == nest)
			return true;
	return false;
}

static void compare_row(struct __test_metadata *_metadata,
			const struct place *place, uint16_t type,
			const struct policy_attr *policy)
{
	const struct attribute *row = place_row(place, type);

	if (!row) {
		EXPECT_EQ(0, policy->kind) {
			TH_LOG("%s: no row for attribute %u: add it in lib/",
			       place->name, type);
		}
		return;
	}

	EXPECT_EQ(policy->kind, row->kind) {
		TH_LOG("%s: %s", place->name, row->name);
	}
	EXPECT_EQ(policy->mask, row->mask) {
		TH_LOG("%s: %s", place->name, row->name);
	}
	if (policy->bounded) {
		EXPECT_LE(policy->min, row->min);
		EXPECT_LE(row->max, policy->max) {
			TH_LOG("%s: %s", place->name, row->name);
		}
		/* What the policy refuses is tried. */
		if (row->above.text && !strcmp("integer out of range",
					       row->above.text)) {
			EXPECT_EQ(policy->max, row->max);
		}
	}
	EXPECT_TRUE(!policy->len || policy->len == row->max) {
		TH_LOG("%s: %s", place->name, row->name);
	}
	if (policy->kind == NL_ATTR_TYPE_NESTED) {
		EXPECT_TRUE(has_place(place, type)) {
			TH_LOG("%s: %s: no place for what is in it",
			       place->name, row->name);
		}
	}
}

/* The tables have what the kernel has, no more and no less. */
TEST_F(client, complete)
{
	static struct policies policies;
	const struct place *place;
	unsigned int type, cmd, i;
	uint32_t number;
	int ops = 0;

	ASSERT_EQ(0, policies_read(&policies, &self->family));
	for (place = places; place < places + nr_places; place++) {
		number = find_policy(&policies, place);
		ASSERT_GT(POLICIES_MAX, number) {
			TH_LOG("%s: no policy", place->name);
		}
		for (type = 1; type < POLICY_TYPES_MAX; type++)
			compare_row(_metadata, place, type,
				    &policies.attrs[number][type]);
	}

	for (cmd = 1; cmd < RSTFAULT_CMD_MAX + 2; cmd++) {
		for (i = 0; i < nr_places; i++)
			if (places[i].cmd == cmd && !place_depth(&places[i]))
				ops++;
		ops -= policies.doit[cmd] != POLICY_NONE;
		ops -= policies.dump[cmd] != POLICY_NONE;
		EXPECT_EQ(0, ops) {
			TH_LOG("operation %u lacks a place in lib/places.c",
			       cmd);
		}
	}
}

/* Run the tables in a child, after @before. */
static unsigned int in_child(int (*before)(struct family **family),
			     struct family *family, int err)
{
	struct attribute_run run = { .family = family, .err = err };
	int status;
	pid_t pid;

	pid = fork();
	if (!pid) {
		if (before(&run.family))
			_exit(1);
		if (!err && ruleset_prepare(run.family, 0))
			_exit(2);
		attribute_run(&run);
		printf("# %u requests, %u wrong\n", run.sent, run.wrong);
		fflush(stdout);
		_exit(run.wrong ? 3 : run.sent < 900 ? 4 : 0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || !WIFEXITED(status))
		return UINT32_MAX;
	return WEXITSTATUS(status);
}

static int give_up_net_admin(struct family **family)
{
	return drop_net_admin();
}

/* Let @pid be a user namespace with the same users as here. */
static void map_users(pid_t pid, int begin)
{
	static const char map[] = "0 0 4294967295";
	char path[64], byte;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/uid_map", pid);
	if (read(begin, &byte, 1) != 1)
		_exit(1);
	fd = open(path, O_WRONLY);
	if (fd < 0 || write(fd, map, strlen(map)) != strlen(map))
		_exit(1);
	_exit(0);
}

static int enter_user_namespace(int flags)
{
	int status, begin[2];
	pid_t helper;

	if (pipe(begin))
		return -errno;
	helper = fork();
	if (!helper)
		map_users(getppid(), begin[0]);
	if (helper < 0 || unshare(CLONE_NEWUSER | flags) ||
	    write(begin[1], "", 1) != 1)
		return -errno;
	if (waitpid(helper, &status, 0) != helper || status)
		return -EIO;
	return 0;
}

static struct family other_family;

/* Root there, but the network namespace is not of that user namespace. */
static int be_root_elsewhere(struct family **family)
{
	*family = &other_family;
	return enter_user_namespace(0) ?: family_open(*family, NULL);
}

static int be_root_at_home(struct family **family)
{
	*family = &other_family;
	return enter_user_namespace(CLONE_NEWNET) ?: family_open(*family, NULL);
}

/* Who may not ask hears nothing of what is wrong with the question. */
TEST_F(client, no_privilege)
{
	struct ruleset before, after;

	ASSERT_EQ(0, ruleset_prepare(&self->family, 0));
	ASSERT_EQ(0, ruleset_read(&before, &self->family));
	EXPECT_EQ(0, in_child(give_up_net_admin, &self->family, -EPERM));
	EXPECT_EQ(0, in_child(be_root_elsewhere, NULL, -EPERM));
	ASSERT_EQ(0, ruleset_read(&after, &self->family));
	EXPECT_EQ(before.generation, after.generation);
	EXPECT_EQ(before.sum, after.sum);
}

/* Root of a user namespace may ask for all in a netns of it, and there alone. */
TEST_F(client, own_netns)
{
	struct ruleset before, after;

	ASSERT_EQ(0, ruleset_prepare(&self->family, 0));
	ASSERT_EQ(0, ruleset_read(&before, &self->family));
	EXPECT_EQ(0, in_child(be_root_at_home, NULL, 0));
	ASSERT_EQ(0, ruleset_read(&after, &self->family));
	EXPECT_EQ(before.generation, after.generation);
	EXPECT_EQ(before.sum, after.sum);
}

/* What is asked in another netns is not asked here. */
TEST_F(client, other_netns)
{
	struct attribute_run run = { .family = &other_family };
	struct ruleset before, after;
	struct host other;

	ASSERT_EQ(0, ruleset_prepare(&self->family, 0));
	ASSERT_EQ(0, ruleset_read(&before, &self->family));
	ASSERT_EQ(0, host_init(&other));
	ASSERT_EQ(0, family_open(&other_family, &other));
	ASSERT_EQ(0, ruleset_prepare(&other_family, 0));
	attribute_run(&run);
	EXPECT_EQ(0, run.wrong);
	ASSERT_EQ(0, ruleset_read(&after, &self->family));
	EXPECT_EQ(before.generation, after.generation);
	EXPECT_EQ(before.sum, after.sum);
	family_close(&other_family);
	host_free(&other);
}

#define MANY 1000

/* What has come of a list so far. */
struct list {
	unsigned int rules;
	bool interrupted;
	bool busy;
	bool done;
};

/* Read the next part of a list. */
static int list_read(struct list *list, struct family *family)
{
	static char buf[32768];
	struct nlmsghdr *nlh;
	ssize_t got;
	int len;

	got = mnl_socket_recvfrom(family->nl, buf, sizeof(buf));
	if (got < 0)
		return -errno;
	len = got;
	for (nlh = (void *)buf; mnl_nlmsg_ok(nlh, len);
	     nlh = mnl_nlmsg_next(nlh, &len)) {
		if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
			list->interrupted = true;
		if (nlh->nlmsg_type == NLMSG_DONE)
			list->done = true;
		else if (nlh->nlmsg_type == NLMSG_ERROR)
			list->busy = *(int *)mnl_nlmsg_get_payload(nlh) ==
				     -EBUSY;
		else
			list->rules++;
	}
	return 0;
}

static int list_begin(struct list *list, struct family *family)
{
	struct nlmsghdr *nlh;

	memset(list, 0, sizeof(*list));
	nlh = family_request(family, RSTFAULT_CMD_RULE_GET, NLM_F_DUMP);
	if (mnl_socket_sendto(family->nl, nlh, nlh->nlmsg_len) < 0)
		return -errno;
	return list_read(list, family);
}

static int list_end(struct list *list, struct family *family)
{
	int err = 0;

	while (!err && !list->done)
		err = list_read(list, family);
	return err;
}

/* What is refused while a list is read does not disturb it. */
TEST_F(client, refused_during_a_list)
{
	struct attribute_run run = { .family = &self->family, .refused = true };
	struct nlmsghdr *nlh;
	struct list list;

	ASSERT_EQ(0, ruleset_prepare(&self->family, MANY));
	ASSERT_EQ(0, family_open(&other_family, &self->host));
	ASSERT_EQ(0, list_begin(&list, &other_family));
	ASSERT_GT(MANY / 2, list.rules);
	attribute_run(&run);
	EXPECT_LT(500, run.sent);
	EXPECT_EQ(0, run.wrong);

	/* A second list by the same socket. */
	nlh = family_request(&other_family, RSTFAULT_CMD_RULE_GET, NLM_F_DUMP);
	ASSERT_LT(0, mnl_socket_sendto(other_family.nl, nlh, nlh->nlmsg_len));

	ASSERT_EQ(0, list_end(&list, &other_family));
	EXPECT_TRUE(list.busy);
	EXPECT_FALSE(list.interrupted);
	EXPECT_EQ(MANY + 1, list.rules);
	EXPECT_EQ(known_generation, generation());
	family_close(&other_family);
}

/* A list says so if, and only if, the rules have changed meanwhile. */
TEST_F(client, accepted_during_a_list)
{
	unsigned int changes = 0, requests = 0;
	const struct place *place;
	struct expected expected;
	struct nlmsghdr *nlh;
	struct list list;
	bool changed;

	ASSERT_EQ(0, family_open(&other_family, &self->host));
	for (place = places; place < places + nr_places; place++) {
		if (place_depth(place) || place->accepted.err)
			continue;
		ASSERT_EQ(0, ruleset_prepare(&self->family, MANY));
		ASSERT_EQ(0, list_begin(&list, &other_family));
		ASSERT_FALSE(list.done);

		nlh = request(place->cmd);
		nlh->nlmsg_flags |= place->flags;
		ASSERT_TRUE(attribute_request(nlh, place, place->set->rows,
					      place->flags ? FAULT_MISSING :
					      FAULT_MINIMUM, &expected));
		EXPECT_EQ(0, send_request(nlh)) {
			TH_LOG("%s: %s", place->name, self->refusal.text);
		}
		changed = generation() != known_generation;

		ASSERT_EQ(0, list_end(&list, &other_family));
		EXPECT_EQ(changed, list.interrupted) {
			TH_LOG("%s", place->name);
		}
		/* An interrupted list ends at once. */
		EXPECT_EQ(!changed, list.rules == MANY + 1);
		changes += changed;
		requests++;
	}
	/* add, del and flush; get, list, info and release */
	EXPECT_EQ(3, changes);
	EXPECT_EQ(7, requests);
	family_close(&other_family);
}

TEST_HARNESS_MAIN
