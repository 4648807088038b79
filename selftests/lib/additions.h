/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Adding rules by raw requests, and what is told of them. Included once by a
 * test, behind kselftest_harness.h.
 */
#ifndef _ADDITIONS_H
#define _ADDITIONS_H

#include <errno.h>
#include <linux/genetlink.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "client.h"

#define LISTED_MAX 16

/* What a reply says of a rule. */
struct listed {
	uint32_t id;
	char name[RSTFAULT_NAME_MAX + 1];
	uint32_t owner;
	uint64_t lifetime;
	int64_t remaining;
	bool shadow;
	bool force;
};

struct list {
	int count;
	struct listed rules[LISTED_MAX];
};

static inline int listed_attr(const struct nlattr *attr, void *data)
{
	struct listed *rule = data;

	switch (mnl_attr_get_type(attr)) {
	case RSTFAULT_A_RULE_ID:
		rule->id = mnl_attr_get_u32(attr);
		break;
	case RSTFAULT_A_RULE_NAME:
		strncpy(rule->name, mnl_attr_get_str(attr), RSTFAULT_NAME_MAX);
		break;
	case RSTFAULT_A_RULE_OWNER:
		rule->owner = mnl_attr_get_u32(attr);
		break;
	case RSTFAULT_A_RULE_LIFETIME:
		rule->lifetime = mnl_attr_get_u64(attr);
		break;
	case RSTFAULT_A_RULE_REMAINING:
		rule->remaining = mnl_attr_get_u64(attr);
		break;
	case RSTFAULT_A_RULE_SHADOW:
		rule->shadow = true;
		break;
	case RSTFAULT_A_RULE_FORCE:
		rule->force = true;
		break;
	}
	return MNL_CB_OK;
}

static inline int list_top(const struct nlattr *attr, void *data)
{
	struct list *list = data;
	struct listed *rule;

	if (mnl_attr_get_type(attr) != RSTFAULT_A_RULE ||
	    list->count == LISTED_MAX)
		return MNL_CB_OK;

	rule = &list->rules[list->count++];
	memset(rule, 0, sizeof(*rule));
	rule->remaining = -1;
	return mnl_attr_parse_nested(attr, listed_attr, rule);
}

static inline int list_message(const struct nlmsghdr *nlh, void *data)
{
	return mnl_attr_parse(nlh, sizeof(struct genlmsghdr), list_top, data);
}

static inline int list_rules(struct family *family, struct list *list)
{
	struct nlmsghdr *nlh = family_request(family, RSTFAULT_CMD_RULE_GET,
					      NLM_F_DUMP);
	struct refusal refusal;

	list->count = 0;
	return family_send(family, nlh, list_message, list, &refusal);
}

/* The names of the rules in their order, '.' for those that have none. */
static inline const char *names(struct family *family)
{
	static char line[LISTED_MAX * (RSTFAULT_NAME_MAX + 1) + 1];
	struct list list;
	int i;

	if (list_rules(family, &list))
		return "error";

	line[0] = '\0';
	for (i = 0; i < list.count; i++) {
		strcat(line, i ? " " : "");
		strcat(line, list.rules[i].name[0] ? list.rules[i].name : ".");
	}
	return line;
}

/* What the reply to rule-add says. -1: nothing. */
struct added {
	int64_t id;
	int64_t generation;
};

static inline int added_attr(const struct nlattr *attr, void *data)
{
	struct added *added = data;

	if (mnl_attr_get_type(attr) == RSTFAULT_A_ID)
		added->id = mnl_attr_get_u32(attr);
	if (mnl_attr_get_type(attr) == RSTFAULT_A_GENERATION)
		added->generation = mnl_attr_get_u32(attr);
	return MNL_CB_OK;
}

static inline int added_message(const struct nlmsghdr *nlh, void *data)
{
	return mnl_attr_parse(nlh, sizeof(struct genlmsghdr), added_attr, data);
}

static inline int send_add(struct family *family, struct nlmsghdr *nlh,
			   struct added *added, struct refusal *refusal)
{
	added->id = -1;
	added->generation = -1;
	return family_send(family, nlh, added_message, added, refusal);
}

static inline void put_named(struct nlmsghdr *nlh, const char *name)
{
	struct value changes[CHANGES_MAX] = {
		{ RSTFAULT_A_RULE_NAME, strlen(name) + 1, 0, name },
	};

	put_rule(nlh, changes);
}

static inline void put_flag(struct nlmsghdr *nlh, uint16_t type)
{
	mnl_attr_put(nlh, type, 0, NULL);
}

/* Add rules of these names, with a flag of the request, or 0. */
static inline int add(struct family *family, const char *words, uint16_t flag)
{
	struct nlmsghdr *nlh = family_request(family, RSTFAULT_CMD_RULE_ADD, 0);
	struct refusal refusal;
	char line[128], *word, *save;
	struct added added;

	strncpy(line, words, sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	for (word = strtok_r(line, " ", &save); word;
	     word = strtok_r(NULL, " ", &save))
		put_named(nlh, word);
	if (flag)
		put_flag(nlh, flag);
	return send_add(family, nlh, &added, &refusal);
}

static inline void sleep_ms(unsigned int ms)
{
	struct timespec ts = { ms / 1000, ms % 1000 * 1000000L };

	nanosleep(&ts, NULL);
}

#define list_names() names(&self->family)
#define send_addition(nlh) \
	send_add(&self->family, nlh, &added, &self->refusal)

#endif /* _ADDITIONS_H */
