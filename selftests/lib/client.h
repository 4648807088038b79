/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The fixture of tests that speak the protocol without rstctl, and rules made
 * of attributes, right and wrong. Included once by a test, behind
 * kselftest_harness.h.
 */
#ifndef _CLIENT_H
#define _CLIENT_H

#include <stddef.h>

#include "family.h"
#include "host.h"
#include "value.h"

/* The smallest rule: in rst drop. */
static const struct value minimal[] = {
	U32(RSTFAULT_A_RULE_HOOK, RSTFAULT_HOOK_IN),
	U32(RSTFAULT_A_RULE_SEGMENT, RSTFAULT_SEGMENT_RST),
	U32(RSTFAULT_A_RULE_ACTION, RSTFAULT_ACTION_DROP),
};

#define CHANGES_MAX 4

/* Put the smallest rule, with changes that replace or add attributes. */
static inline void put_rule(struct nlmsghdr *nlh, const struct value *changes)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, RSTFAULT_A_RULE);
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(minimal); i++) {
		for (j = 0; j < CHANGES_MAX; j++)
			if (changes && changes[j].type == minimal[i].type)
				break;
		if (!changes || j == CHANGES_MAX)
			put_value(nlh, &minimal[i]);
	}
	for (j = 0; changes && j < CHANGES_MAX; j++)
		put_value(nlh, &changes[j]);
	mnl_attr_nest_end(nlh, nest);
}

FIXTURE(client) {
	struct host host;
	struct family family;
	struct refusal refusal;
};

FIXTURE_SETUP(client)
{
	ASSERT_EQ(0, host_init(&self->host));
	ASSERT_EQ(0, family_open(&self->family, &self->host));
}

FIXTURE_TEARDOWN(client)
{
	family_close(&self->family);
	host_free(&self->host);
}

#define request(cmd) family_request(&self->family, cmd, 0)
#define send_request(nlh) \
	family_send(&self->family, nlh, NULL, NULL, &self->refusal)
#define generation() family_info(&self->family, RSTFAULT_A_GENERATION)
#define nr_rules() family_info(&self->family, RSTFAULT_A_RULES)

#endif /* _CLIENT_H */
