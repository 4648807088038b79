// SPDX-License-Identifier: GPL-2.0
/*
 * Requests, network namespaces and the module itself when memory is short: each
 * of their allocations fails once. Either all is done or nothing.
 */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "lib/additions.h"
#include "lib/cgroup.h"
#include "lib/memory.h"
#include "lib/module.h"
#include "lib/rules.h"

/* More than anything takes. */
#define ALLOCATIONS_MAX 5000

FIXTURE(failures) {
	struct host host;
	struct family family;		/* looks */
	struct family asker;		/* is refused */
	struct refusal refusal;
	unsigned int injected;
	unsigned int refused;
	unsigned int said;
};

FIXTURE_SETUP(failures)
{
	self->host.netns = -1;
	memory_or_skip(true);
	ASSERT_EQ(0, host_init(&self->host));
	ASSERT_EQ(0, family_open(&self->family, &self->host));
	ASSERT_EQ(0, family_open(&self->asker, &self->host));
}

FIXTURE_TEARDOWN(failures)
{
	memory_end();
	if (self->host.netns < 0)
		return;
	if (self->injected)
		printf("# %u failures injected, %u requests refused\n",
		       self->injected, self->refused);
	fflush(stdout);
	family_close(&self->asker);
	family_close(&self->family);
	host_free(&self->host);
}

#define GROUP "rstfault-failures"

/* The rules that are there when a request comes. */
static const char * const base[] = {
	"name first in rst drop",
	"name second input data every 2 per connection delay 1s",
	"name third output rst saddr 192.0.2.0/24 forge to both after 1s",
	"in syn probability 50% seed 1 duplicate 2 every 1s",
};

#define BASE_RULES ARRAY_SIZE(base)

/* One of each action, gate and condition. */
static const char * const texts[] = {
	"in rst pass",
	"name dropped out rst drop",
	"in data delay 1s jitter 1ms until next",
	"forward syn forge",
	"input data forge to both after 1ms count 3 every 1ms and drop",
	"output rst mangle seq +1 ttl 9 badsum",
	"in synack duplicate 2",
	"in synack duplicate 2 every 1s",
	"in rst shadow delay 1s",
	"in rst probability 20% drop",
	"in rst probability 20% per connection seed 7 drop",
	"in rst skip 1 drop",
	"in rst every 4 drop",
	"in rst limit 1 per connection drop",
	"in rst nth 3 per connection drop",
	"in data bytes 1000.. per connection drop",
	"in rst for 1h drop",
	"in rst saddr 192.0.2.1 daddr 198.51.100.0/24 sport {1-9,11} dport 80 drop",
	"in rst saddr 2001:db8::/32 dport {1,2,3} iif eth* mark 1 drop",
	"input rst uid 0 state established cgroup " GROUP " drop",
	"out rst active drop",
};

/*
 * A request, and what comes of it.
 */
struct operation {
	const char *name;
	uint8_t cmd;
	uint16_t flags;			/* NLM_F_DUMP */
	const char *rules[3];
	unsigned int many;		/* times, the first of them */
	const struct value *values;
	bool before;			/* in front of the first rule */
	bool changes;
	int left;			/* rules afterwards */
};

static const struct value by_name[] = { STR(RSTFAULT_A_NAME, "second"), {} };
static const struct value replace[] = { FLAG(RSTFAULT_A_REPLACE), {} };
static const struct value check[] = { FLAG(RSTFAULT_A_CHECK), {} };
static const struct value own[] = { FLAG(RSTFAULT_A_OWN), {} };

#define THREE { "name one in rst drop", \
	"name two forward data limit 1 per connection delay 1s", \
	"name three out rst ip6 for 1h forge after 1s" }

static const struct operation operations[] = {
	{ "three rules", RSTFAULT_CMD_RULE_ADD, .rules = THREE,
	  .changes = true, .left = BASE_RULES + 3 },
	{ "in front", RSTFAULT_CMD_RULE_ADD, .rules = THREE, .before = true,
	  .changes = true, .left = BASE_RULES + 3 },
	{ "owned", RSTFAULT_CMD_RULE_ADD, .rules = THREE, .values = own,
	  .changes = true, .left = BASE_RULES + 3 },
	{ "replace", RSTFAULT_CMD_RULE_ADD, .rules = THREE, .values = replace,
	  .changes = true, .left = 3 },
	{ "replace by none", RSTFAULT_CMD_RULE_ADD, .values = replace,
	  .changes = true, .left = 0 },
	{ "check", RSTFAULT_CMD_RULE_ADD, .rules = THREE, .values = check,
	  .left = BASE_RULES },
	{ "del", RSTFAULT_CMD_RULE_DEL, .values = by_name, .changes = true,
	  .left = BASE_RULES - 1 },
	{ "flush", RSTFAULT_CMD_FLUSH, .changes = true, .left = 0 },
	{ "get", RSTFAULT_CMD_RULE_GET, .values = by_name, .left = BASE_RULES },
	{ "list", RSTFAULT_CMD_RULE_GET, NLM_F_DUMP, .left = BASE_RULES },
	{ "info", RSTFAULT_CMD_INFO_GET, .left = BASE_RULES },
	{ "release", RSTFAULT_CMD_RELEASE, .left = BASE_RULES },
	{ "release of one", RSTFAULT_CMD_RELEASE, .values = by_name,
	  .left = BASE_RULES },
};

/* What is in a netns, to be compared. */
struct state {
	int64_t generation;
	int64_t rules;
	uint64_t list;
	uint64_t info;
};

/* Rules with what they have counted, and what the netns has. */
static int read_state(struct family *family, struct state *state)
{
	state->generation = family_info(family, RSTFAULT_A_GENERATION);
	state->rules = family_info(family, RSTFAULT_A_RULES);
	return family_sum(family, family_request(family, RSTFAULT_CMD_RULE_GET,
						 NLM_F_DUMP), &state->list) ?:
	       family_sum(family, family_request(family, RSTFAULT_CMD_INFO_GET,
						 0), &state->info);
}

static bool same_state(const struct state *a, const struct state *b)
{
	return a->generation == b->generation && a->rules == b->rules &&
	       a->list == b->list && a->info == b->info;
}

/* Nothing but the base. */
static int prepare(struct family *family)
{
	struct nlmsghdr *nlh = family_request(family, RSTFAULT_CMD_RULE_ADD, 0);
	struct refusal refusal;
	size_t i;
	int err;

	put_flag(nlh, RSTFAULT_A_REPLACE);
	for (i = 0; i < BASE_RULES; i++) {
		err = rules_put(nlh, base[i]);
		if (err)
			return err;
	}
	return family_send(family, nlh, NULL, NULL, &refusal);
}

static struct nlmsghdr *build(struct family *family,
			      const struct operation *operation, uint32_t first)
{
	struct nlmsghdr *nlh = family_request(family, operation->cmd,
					      operation->flags);
	const struct value *value;
	unsigned int i;

	for (value = operation->values; value && value->type; value++)
		put_value(nlh, value);
	if (operation->before)
		mnl_attr_put_u32(nlh, RSTFAULT_A_BEFORE, first);
	for (i = 1; i < operation->many; i++)
		if (rules_put(nlh, operation->rules[0]))
			return NULL;
	for (i = 0; i < ARRAY_SIZE(operation->rules) && operation->rules[i]; i++)
		if (rules_put(nlh, operation->rules[i]))
			return NULL;
	return nlh;
}

/*
 * Send a request while its allocation @nth fails. Returns whether there was one.
 * -ENOBUFS is netlink's own, also where it could not say that all was done.
 */
static bool try_operation(struct __test_metadata *_metadata,
			  FIXTURE_DATA(failures) *self,
			  const struct operation *operation, unsigned int nth)
{
	struct state before, after;
	struct nlmsghdr *nlh;
	struct list list;
	unsigned int left;
	bool done, none;
	int err;

	ASSERT_EQ(0, prepare(&self->family));
	ASSERT_EQ(0, list_rules(&self->family, &list));
	ASSERT_EQ(0, read_state(&self->family, &before));
	nlh = build(&self->asker, operation, list.rules[0].id);
	ASSERT_NE(NULL, nlh);

	memory_fail(nth);
	err = family_send(&self->asker, nlh, NULL, NULL, &self->refusal);
	left = memory_left();

	ASSERT_EQ(0, read_state(&self->family, &after));
	done = after.rules == operation->left &&
	       after.generation == before.generation + operation->changes &&
	       (operation->changes || after.list == before.list);
	none = same_state(&before, &after);
	EXPECT_TRUE(!err || err == -ENOMEM || err == -ENOBUFS) {
		TH_LOG("%s, allocation %u: %d, \"%s\"", operation->name, nth,
		       err, self->refusal.text);
	}
	EXPECT_TRUE(err ? none || (err == -ENOBUFS && done) : done) {
		TH_LOG("%s, allocation %u: %d, \"%s\", but the rules are others",
		       operation->name, nth, err, self->refusal.text);
	}

	self->injected += !left;
	self->refused += !left && err;
	self->said += !strncmp(self->refusal.text, "no memory", 9);
	if (err) {
		EXPECT_EQ(0, left) {
			TH_LOG("%s, allocation %u: not for want of memory",
			       operation->name, nth);
		}
		/* What was not read yet is not for the next one. */
		family_close(&self->asker);
		ASSERT_EQ(0, family_open(&self->asker, &self->host));
	}
	return !left;
}

/* Each of its allocations, until there are no more. */
static void sweep(struct __test_metadata *_metadata,
		  FIXTURE_DATA(failures) *self,
		  const struct operation *operation)
{
	unsigned int refused = self->refused, said = self->said, nth = 1;
	bool writes = operation->changes && operation->left;

	while (try_operation(_metadata, self, operation, nth)) {
		ASSERT_GT(ALLOCATIONS_MAX, nth++) {
			TH_LOG("%s: no end of allocations", operation->name);
		}
	}
	EXPECT_LT(refused, self->refused) {
		TH_LOG("%s: never refused", operation->name);
	}
	if (writes)
		EXPECT_LT(said, self->said) {
			TH_LOG("%s: never refused by the module itself",
			       operation->name);
		}
}

TEST_F_TIMEOUT(failures, each_rule, 300)
{
	struct operation operation = {
		.cmd = RSTFAULT_CMD_RULE_ADD,
		.changes = true,
		.left = BASE_RULES + 1,
	};
	char dir[CGROUP_DIR_MAX];
	size_t i;

	ASSERT_EQ(0, cgroup_mount(dir));
	ASSERT_EQ(0, cgroup_make(dir, GROUP));
	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		operation.name = texts[i];
		operation.rules[0] = texts[i];
		sweep(_metadata, self, &operation);
	}
	EXPECT_EQ(0, cgroup_remove(dir, GROUP));
	EXPECT_EQ(0, cgroup_unmount(dir));
}

TEST_F_TIMEOUT(failures, requests, 300)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(operations); i++)
		sweep(_metadata, self, &operations[i]);
}

/* Enough for a ruleset of several pages, and for a table of names that grows. */
TEST_F_TIMEOUT(failures, many_rules, 300)
{
	static const struct operation operation = {
		"many rules", RSTFAULT_CMD_RULE_ADD,
		.rules = { "in rst saddr 192.0.2.1 dport 80 drop" },
		.many = 100, .changes = true, .left = BASE_RULES + 100,
	};

	sweep(_metadata, self, &operation);
}

/* Rules go with their owner, soon, when they cannot at once. */
TEST_F_TIMEOUT(failures, owner, 300)
{
	unsigned int nth = 0, left, i;
	struct family owner;
	int64_t rules;

	do {
		ASSERT_EQ(0, prepare(&self->family));
		ASSERT_EQ(0, family_open(&owner, &self->host));
		ASSERT_EQ(0, add(&owner, "mine", RSTFAULT_A_OWN));
		ASSERT_EQ(BASE_RULES + 1, nr_rules());

		memory_fail(++nth);
		family_close(&owner);
		left = memory_left();

		self->injected += !left;
		rules = nr_rules();
		EXPECT_TRUE(rules == BASE_RULES || rules == BASE_RULES + 1) {
			TH_LOG("allocation %u: %ld rules", nth, (long)rules);
		}
		self->refused += rules != BASE_RULES;
		for (i = 0; i < 500 && nr_rules() != BASE_RULES; i++)
			sleep_ms(10);
		EXPECT_EQ(BASE_RULES, nr_rules()) {
			TH_LOG("allocation %u: they stay", nth);
		}
	} while (!left && nth < ALLOCATIONS_MAX);
	EXPECT_NE(0, left);
	EXPECT_NE(0, self->refused);
}

/*
 * The module comes behind nearly all others that have a part in a new netns.
 * Those in front of it are not our affair, and some of them do complain.
 */
#define NETNS_LAST 120

static int new_netns(unsigned int nth, unsigned int *left)
{
	int err;

	memory_fail(nth);
	err = unshare(CLONE_NEWNET) ? -errno : 0;
	*left = memory_left();
	return err ?: host_leave();
}

TEST_F_TIMEOUT(failures, netns, 300)
{
	unsigned int nth, left;
	int err;

	/* The first one leaves something for all others. */
	ASSERT_EQ(0, new_netns(ALLOCATIONS_MAX, &left));
	ASSERT_EQ(0, new_netns(ALLOCATIONS_MAX, &left));
	nth = ALLOCATIONS_MAX - left;
	ASSERT_LT(NETNS_LAST, nth);

	nth -= NETNS_LAST;
	do {
		err = new_netns(++nth, &left);
		self->injected += !left;
		self->refused += err < 0;
		EXPECT_TRUE(!err || (!left && (err == -ENOMEM ||
					       err == -ENOBUFS))) {
			TH_LOG("allocation %u: %d", nth, err);
		}
	} while (!left && nth < ALLOCATIONS_MAX);
	EXPECT_NE(0, left);
	EXPECT_NE(0, self->refused);
}

/* The kernel's loader comes first, then the module's own beginning. */
#define MODULE_LAST 130

static int load(const struct module *module, unsigned int nth,
		unsigned int *left)
{
	int err;

	memory_fail(nth);
	err = module_load(module);
	*left = memory_left();
	return err;
}

TEST_F_TIMEOUT(failures, module, 300)
{
	unsigned int nth, left;
	struct module module;
	int err;

	if (module_read(&module))
		SKIP(return, MODULE_REASON);

	ASSERT_EQ(0, module_unload("rstfault"));
	ASSERT_EQ(0, load(&module, ALLOCATIONS_MAX, &left));
	nth = ALLOCATIONS_MAX - left;
	ASSERT_LT(MODULE_LAST, nth);

	nth -= MODULE_LAST;
	do {
		ASSERT_EQ(0, module_unload("rstfault"));
		err = load(&module, ++nth, &left);
		self->injected += !left;
		self->refused += err < 0;
		EXPECT_TRUE(!err || (!left && err == -ENOMEM)) {
			TH_LOG("allocation %u: %d", nth, err);
		}
		EXPECT_EQ(!err, !access("/sys/module/rstfault", F_OK));
		if (err) {
			ASSERT_EQ(0, load(&module, ALLOCATIONS_MAX, &left));
			left = 0;
		}
	} while (!left && nth < ALLOCATIONS_MAX);
	EXPECT_NE(0, left);
	EXPECT_NE(0, self->refused);
	module_free(&module);
	/* Nothing is left of what did not begin. */
	EXPECT_EQ(0, family_open(&self->asker, &self->host));
	EXPECT_EQ(0, prepare(&self->asker));
}

TEST_HARNESS_MAIN
