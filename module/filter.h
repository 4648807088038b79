/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_FILTER_H
#define _RSTF_FILTER_H

#include <linux/compiler.h>
#include <linux/socket.h>
#include <linux/types.h>

#include "tuple.h"

#define RSTF_FILTER_LEVELS 24

/* Fields of a key, each with a filter if that helps. */
enum rstf_field {
	RSTF_FIELD_SADDR,
	RSTF_FIELD_DADDR,
	RSTF_FIELD_SPORT,
	RSTF_FIELD_DPORT,
	RSTF_FIELDS,
};

/**
 * struct rstf_filter_level - tuples that are told by the same bits of a field
 * @mask: these bits, of the word of the field and of the next one
 * @tuples: a bit for each of these tuples
 */
struct rstf_filter_level {
	u64 mask[2];
	u64 tuples;
};

/**
 * struct rstf_filter - which tuples may have rules that agree in one field
 * @word: of a key, where the field begins
 * @nr_levels: how many of @levels there are, at least one
 * @shift: of a hash, to get a place in @table
 * @others: the tuples of no level, which are never ruled out
 * @table: for each hash, of a level and of what it leaves of the field, a bit
 *	for each tuple that has a rule with it
 * @levels: the levels
 */
struct rstf_filter {
	u8 word;
	u8 nr_levels;
	u32 shift;
	u64 others;
	u64 *table;
	struct rstf_filter_level levels[RSTF_FILTER_LEVELS];
};

bool rstf_filter_plan(struct rstf_filter *filter, enum rstf_field field,
		      const u8 *lens, unsigned int nr, u8 family);
void rstf_filter_add(const struct rstf_filter *filter,
		     const struct rstf_key *key, unsigned int tuple, u8 family);

/**
 * rstf_filter_slot() - where the table of a filter has a key
 * @filter: the filter
 * @level: one of its levels
 * @key: the key
 * @family: AF_INET or AF_INET6
 *
 * Context: Any.
 * Return: number in rstf_filter.table.
 */
static __always_inline u32
rstf_filter_slot(const struct rstf_filter *filter,
		 const struct rstf_filter_level *level,
		 const struct rstf_key *key, u8 family)
{
	const u64 *word = &key->word[filter->word];
	u64 hash = (word[0] & level->mask[0]) * 0xc2b2ae3d27d4eb4fULL;

	if (family != AF_INET)
		hash += (word[1] & level->mask[1]) * 0x165667b19e3779f9ULL;
	return hash >> filter->shift;
}

/**
 * rstf_filter_tuples() - the tuples that a segment may have rules in
 * @filter: what the rules ask for in one field
 * @key: of the segment
 * @family: AF_INET or AF_INET6
 *
 * Context: Any.
 * Return: a bit for each of them, and maybe for others.
 */
static __always_inline u64 rstf_filter_tuples(const struct rstf_filter *filter,
					      const struct rstf_key *key,
					      u8 family)
{
	const struct rstf_filter_level *level = filter->levels;
	const struct rstf_filter_level *end = level + filter->nr_levels;
	u64 tuples = filter->others;

	for (; level < end; level++)
		tuples |= level->tuples &
			  filter->table[rstf_filter_slot(filter, level, key,
							 family)];

	return tuples;
}

#endif /* _RSTF_FILTER_H */
