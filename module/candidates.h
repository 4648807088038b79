/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_CANDIDATES_H
#define _RSTF_CANDIDATES_H

#include <linux/types.h>

#include "tuple.h"

struct rstf_classifier;

/**
 * struct rstf_candidates - the rules that may match a segment, one by one
 * @classifier: where they come from
 * @key: of the segment; stays as long as this is used
 * @from: the next rule has this number, or a higher one
 * @tuples: a bit for each tuple that is still to be looked into
 * @nr_found: how many of @found there are
 * @found: what the others had: 1 + number of the next entry
 */
struct rstf_candidates {
	const struct rstf_classifier *classifier;
	const struct rstf_key *key;
	u32 from;
	u64 tuples;
	u32 nr_found;
	u32 found[RSTF_TUPLES_MAX];
};

void rstf_candidates_init(struct rstf_candidates *candidates,
			  const struct rstf_classifier *classifier,
			  const struct rstf_key *key);
u32 rstf_candidates_next(struct rstf_candidates *candidates);

#endif /* _RSTF_CANDIDATES_H */
