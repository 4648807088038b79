/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_CLASSIFIER_H
#define _RSTF_CLASSIFIER_H

#include <linux/bitops.h>
#include <linux/types.h>

#include "filter.h"
#include "tuple.h"

struct rstf_match;

/* Not the number of any rule. */
#define RSTF_NO_RULE U32_MAX

/**
 * struct rstf_classifier - finds the rules that may match a segment
 * @family: of the segments
 * @nr_filters: how many of @filters there are
 * @nr_tuples: how many of @tuples there are
 * @filters: rule out tuples, if there are many
 * @entries: of all tuples
 * @tuples: by their first rule; behind them is one whose first is RSTF_NO_RULE
 *
 * Constant once it is built.
 */
struct rstf_classifier {
	u8 family;
	u8 nr_filters;
	u32 nr_tuples;
	const struct rstf_filter *filters;
	const struct rstf_entry *entries;
	struct rstf_tuple tuples[];
};

struct rstf_classifier *
rstf_classifier_build(const struct rstf_match *(*match_of)(const void *rules,
							   u32 i),
		      const void *rules, u32 nr, u8 family);

/**
 * rstf_classifier_tuples() - the tuples that a segment may have rules in
 * @classifier: of the rules
 * @key: of the segment
 * @family: of @classifier
 *
 * Context: Any, as long as @classifier stays.
 * Return: a bit for each of them, and maybe for others.
 */
static __always_inline u64
rstf_classifier_tuples(const struct rstf_classifier *classifier,
		       const struct rstf_key *key, u8 family)
{
	u64 tuples = ~0ULL >> (64 - classifier->nr_tuples);
	unsigned int i;

	for (i = 0; i < classifier->nr_filters; i++)
		tuples &= rstf_filter_tuples(&classifier->filters[i], key,
					     family);

	return tuples;
}

/**
 * rstf_classifier_scan() - the first rule of a key that agrees with a segment
 * @classifier: of the rules
 * @nr: of its first entry, from rstf_tuple_find()
 * @best: a rule that does
 * @agrees: whether a rule does, by its number
 * @arg: argument of @agrees
 *
 * Context: Any, as long as @classifier stays.
 * Return: its number, or @best if that comes first.
 */
static __always_inline u32
rstf_classifier_scan(const struct rstf_classifier *classifier, u32 nr, u32 best,
		     bool (*agrees)(const void *arg, u32 rule), const void *arg)
{
	const struct rstf_entry *entry;

	for (; nr; nr = entry->next) {
		entry = &classifier->entries[nr - 1];
		if (entry->rule >= best)
			break;
		if (likely(agrees(arg, entry->rule)))
			return entry->rule;
	}

	return best;
}

/**
 * rstf_classifier_first() - the first rule that agrees with a segment
 * @classifier: of the rules, without filters
 * @key: of the segment
 * @family: of @classifier
 * @agrees: whether a rule does that may, by its number
 * @arg: argument of @agrees
 *
 * Context: Any, as long as @classifier stays.
 * Return: its number, or RSTF_NO_RULE.
 */
static __always_inline u32
rstf_classifier_first(const struct rstf_classifier *classifier,
		      const struct rstf_key *key, u8 family,
		      bool (*agrees)(const void *arg, u32 rule),
		      const void *arg)
{
	const struct rstf_tuple *tuple;
	u32 best = RSTF_NO_RULE;

	for (tuple = classifier->tuples; tuple->first < best; tuple++)
		best = rstf_classifier_scan(classifier,
					    rstf_tuple_find(tuple, key, family),
					    best, agrees, arg);

	return best;
}

/**
 * rstf_classifier_first_filtered() - the same where there are filters
 * @classifier: of the rules
 * @key: of the segment
 * @family: of @classifier
 * @agrees: whether a rule does that may, by its number
 * @arg: argument of @agrees
 *
 * Context: Any, as long as @classifier stays.
 * Return: its number, or RSTF_NO_RULE.
 */
static __always_inline u32
rstf_classifier_first_filtered(const struct rstf_classifier *classifier,
			       const struct rstf_key *key, u8 family,
			       bool (*agrees)(const void *arg, u32 rule),
			       const void *arg)
{
	u64 tuples = rstf_classifier_tuples(classifier, key, family);
	const struct rstf_tuple *tuple;
	u32 best = RSTF_NO_RULE;

	for (; tuples; tuples &= tuples - 1) {
		tuple = &classifier->tuples[__ffs64(tuples)];
		if (tuple->first >= best)
			break;
		best = rstf_classifier_scan(classifier,
					    rstf_tuple_find(tuple, key, family),
					    best, agrees, arg);
	}

	return best;
}

#endif /* _RSTF_CLASSIFIER_H */
