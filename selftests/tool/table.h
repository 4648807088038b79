/* SPDX-License-Identifier: GPL-2.0 */
/* Tables of rules: what is typed, and what comes of it. */

#ifndef TABLE_H
#define TABLE_H

#include "kselftest_harness.h"
#include "rules.h"

/**
 * struct right - a rule that is right
 * @in: what is typed
 * @out: how it is listed; NULL: as it is typed
 */
struct right {
	const char *in, *out;
};

/**
 * struct wrong - a rule that is wrong
 * @in: what is typed
 * @err: what is said about it
 */
struct wrong {
	const char *in, *err;
};

static inline void table_right(struct __test_metadata *_metadata,
			       const struct right *table, size_t count)
{
	struct rule rule, again;
	struct err err = {};
	char out[2048];
	size_t i;

	for (i = 0; i < count; i++) {
		ASSERT_EQ(0, rules_parse(table[i].in, &rule, &err))
			TH_LOG("%s: %s", table[i].in, err.text);
		rules_print(&rule, out, sizeof(out));
		EXPECT_STREQ(table[i].out ? table[i].out : table[i].in, out);
		ASSERT_EQ(0, rules_parse(out, &again, &err))
			TH_LOG("%s: %s", out, err.text);
		EXPECT_TRUE(rules_same(&rule, &again))
			TH_LOG("%s", out);
	}
}

static inline void table_wrong(struct __test_metadata *_metadata,
			       const struct wrong *table, size_t count)
{
	struct rule rule;
	struct err err;
	size_t i;

	for (i = 0; i < count; i++) {
		memset(&err, 0, sizeof(err));
		EXPECT_EQ(-1, rules_parse(table[i].in, &rule, &err))
			TH_LOG("%s", table[i].in);
		EXPECT_STREQ(table[i].err, err.text);
	}
}

#endif /* TABLE_H */
