// SPDX-License-Identifier: GPL-2.0
/*
 * The rules that may match a segment, in their order. Pure: what is found
 * depends on the arguments and on nothing else.
 */
#include <linux/bitops.h>

#include "candidates.h"
#include "classifier.h"

/**
 * rstf_candidates_init() - begin to look for the rules of a segment
 * @candidates: to be prepared
 * @classifier: of the rules
 * @key: of the segment
 *
 * Context: Any, as long as @classifier stays.
 */
void rstf_candidates_init(struct rstf_candidates *candidates,
			  const struct rstf_classifier *classifier,
			  const struct rstf_key *key)
{
	candidates->classifier = classifier;
	candidates->key = key;
	candidates->from = 0;
	candidates->nr_found = 0;
	if (classifier->family == AF_INET)
		candidates->tuples = rstf_classifier_tuples(classifier, key,
							    AF_INET);
	else
		candidates->tuples = rstf_classifier_tuples(classifier, key,
							    AF_INET6);
}

/* The first rule from entry @nr and from @from on; @nr is that of it then. */
static u32 candidates_skip(const struct rstf_candidates *candidates, u32 *nr)
{
	const struct rstf_entry *entry;

	for (; *nr; *nr = entry->next) {
		entry = &candidates->classifier->entries[*nr - 1];
		if (entry->rule >= candidates->from)
			return entry->rule;
	}

	return RSTF_NO_RULE;
}

/*
 * Look into tuples, as long as they may have a rule before @best. Returns the
 * new best one.
 */
static __always_inline u32 candidates_look(struct rstf_candidates *candidates,
					   u32 best, u8 family)
{
	const struct rstf_classifier *classifier = candidates->classifier;
	const struct rstf_tuple *tuple;
	u32 nr, rule;

	for (; candidates->tuples; candidates->tuples &= candidates->tuples - 1) {
		tuple = &classifier->tuples[__ffs64(candidates->tuples)];
		if (tuple->first >= best)
			break;
		nr = rstf_tuple_find(tuple, candidates->key, family);
		if (likely(!nr))
			continue;
		rule = candidates_skip(candidates, &nr);
		candidates->found[candidates->nr_found++] = nr;
		best = min(best, rule);
	}

	return best;
}

/**
 * rstf_candidates_next() - the next rule that may match the segment
 * @candidates: prepared
 *
 * Context: Any, as long as the classifier stays.
 * Return: its number, higher than the one before; or RSTF_NO_RULE.
 */
u32 rstf_candidates_next(struct rstf_candidates *candidates)
{
	u32 best = RSTF_NO_RULE;
	u32 i;

	for (i = 0; i < candidates->nr_found; i++)
		best = min(best, candidates_skip(candidates,
						 &candidates->found[i]));

	if (candidates->classifier->family == AF_INET)
		best = candidates_look(candidates, best, AF_INET);
	else
		best = candidates_look(candidates, best, AF_INET6);
	candidates->from = best + 1;

	return best;
}
