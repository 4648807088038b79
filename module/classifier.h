/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_CLASSIFIER_H
#define _RSTF_CLASSIFIER_H

#include <linux/types.h>

#include "tuple.h"

struct rstf_match;

/**
 * struct rstf_classifier - finds the rules that may match a segment
 * @family: of the segments
 * @nr_tuples: how many of @tuples there are
 * @entries: of all chains
 * @tuples: by their first rule
 *
 * Constant once it is built.
 */
struct rstf_classifier {
	u8 family;
	u32 nr_tuples;
	const struct rstf_entry *entries;
	struct rstf_tuple tuples[];
};

struct rstf_classifier *
rstf_classifier_build(const struct rstf_match *(*match_of)(const void *rules,
							   u32 i),
		      const void *rules, u32 nr, u8 family);

#endif /* _RSTF_CLASSIFIER_H */
