/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_CLASSIFIER_H
#define _RSTF_CLASSIFIER_H

#include <linux/minmax.h>
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
 * @entries: of all chains
 * @tuples: by their first rule; behind them is one whose first is RSTF_NO_RULE
 *
 * Constant once it is built.
 */
struct rstf_classifier {
	u8 family;
	u8 nr_filters;
	u32 nr_tuples;
	const struct rstf_entry *entries;
	struct rstf_filter filters[RSTF_FIELDS];
	struct rstf_tuple tuples[];
};

struct rstf_classifier *
rstf_classifier_build(const struct rstf_match *(*match_of)(const void *rules,
							   u32 i),
		      const void *rules, u32 nr, u8 family);

u32 rstf_classifier_first_of_many(const struct rstf_classifier *classifier,
				  const struct rstf_key *key);

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
 * rstf_classifier_first() - the first rule that may match a segment
 * @classifier: of the rules
 * @key: of the segment
 * @family: of @classifier
 *
 * Context: Any, as long as @classifier stays.
 * Return: its number, or RSTF_NO_RULE.
 */
static __always_inline u32
rstf_classifier_first(const struct rstf_classifier *classifier,
		      const struct rstf_key *key, u8 family)
{
	const struct rstf_tuple *tuple;
	u32 best = RSTF_NO_RULE;
	u32 chain;

	if (unlikely(classifier->nr_filters))
		return rstf_classifier_first_of_many(classifier, key);

	for (tuple = classifier->tuples; tuple->first < best; tuple++) {
		chain = rstf_tuple_find(tuple, key, family);
		if (chain)
			best = min(best, classifier->entries[chain - 1].rule);
	}

	return best;
}

#endif /* _RSTF_CLASSIFIER_H */
