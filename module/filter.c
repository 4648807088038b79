// SPDX-License-Identifier: GPL-2.0
/*
 * Rules out tuples before they are looked into: those that have no rule for
 * what a segment has in one field.
 *
 * As in Dharmapurikar, Krishnamurthy and Taylor: Longest Prefix Matching using
 * Bloom Filters, SIGCOMM 2003. Theirs has a filter for each length of prefix.
 * Here one filter has all of them, with a bit for each tuple, so that one look
 * tells all tuples of a length. Where there are more lengths than
 * RSTF_FILTER_LEVELS, a rule is entered at the highest level that is not longer
 * than its own.
 */
#include <asm/byteorder.h>
#include <linux/bits.h>
#include <linux/minmax.h>

#include "filter.h"

/* The first @len bits of an address, as it is in a packet. */
static u64 filter_addr_mask(unsigned int len)
{
	__be32 half[2];

	half[0] = htonl(~(u32)((u64)U32_MAX >> min(len, 32U)));
	len -= min(len, 32U);
	half[1] = htonl(~(u32)((u64)U32_MAX >> min(len, 32U)));

	return (__force u32)half[0] | (u64)(__force u32)half[1] << 32;
}

/* The first @len bits of @field in a key of @family. */
static void filter_mask(u64 mask[2], enum rstf_field field, unsigned int len,
			u8 family)
{
	u16 port = (__force u16)htons(0xffffU << (16 - min(len, 16U)));

	mask[0] = 0;
	mask[1] = 0;
	if (field == RSTF_FIELD_SPORT) {
		mask[0] = port;
	} else if (field == RSTF_FIELD_DPORT) {
		mask[0] = (u32)port << 16;
	} else if (family == AF_INET) {
		mask[0] = filter_addr_mask(len);
		if (field == RSTF_FIELD_DADDR)
			mask[0] <<= 32;
	} else {
		mask[0] = filter_addr_mask(min(len, 64U));
		mask[1] = filter_addr_mask(len - min(len, 64U));
	}
}

static u8 filter_word(enum rstf_field field, u8 family)
{
	switch (field) {
	case RSTF_FIELD_SADDR:
		return 1;
	case RSTF_FIELD_DADDR:
		return family == AF_INET ? 1 : 3;
	default:
		return 0;
	}
}

/* Lengths in ascending order, each once, without 0. Returns how many. */
static unsigned int filter_lens(u8 sorted[RSTF_TUPLES_MAX], const u8 *lens,
				unsigned int nr)
{
	unsigned int i, j, k, found = 0;

	for (i = 0; i < nr; i++) {
		for (j = 0; j < found && sorted[j] < lens[i]; j++)
			;
		if (!lens[i] || (j < found && sorted[j] == lens[i]))
			continue;
		for (k = found++; k > j; k--)
			sorted[k] = sorted[k - 1];
		sorted[j] = lens[i];
	}

	return found;
}

/**
 * rstf_filter_plan() - find levels for a filter
 * @filter: gets all but its table
 * @field: the field
 * @lens: for each tuple, how many bits of @field it asks for
 * @nr: number of tuples
 * @family: AF_INET or AF_INET6
 *
 * Context: Any.
 * Return: false if there is little to rule out, and a filter is no use.
 */
bool rstf_filter_plan(struct rstf_filter *filter, enum rstf_field field,
		      const u8 *lens, unsigned int nr, u8 family)
{
	u8 sorted[RSTF_TUPLES_MAX];
	unsigned int nr_lens = filter_lens(sorted, lens, nr);
	unsigned int nr_levels = min_t(unsigned int, nr_lens,
				       RSTF_FILTER_LEVELS);
	unsigned int i, t;

	/* Looks into so few tuples cost no more than the filter. */
	if (nr < 4 || nr_lens < 2)
		return false;

	filter->word = filter_word(field, family);
	filter->nr_levels = nr_levels;
	filter->others = 0;
	for (i = 0; i < nr_levels; i++) {
		filter_mask(filter->levels[i].mask, field,
			    sorted[i * nr_lens / nr_levels], family);
		filter->levels[i].tuples = 0;
	}

	for (t = 0; t < nr; t++) {
		for (i = nr_levels; i > 0; i--)
			if (sorted[(i - 1) * nr_lens / nr_levels] <= lens[t])
				break;
		if (i)
			filter->levels[i - 1].tuples |= BIT_ULL(t);
		else
			filter->others |= BIT_ULL(t);
	}

	return true;
}

/**
 * rstf_filter_add() - enter a rule
 * @filter: has a table
 * @key: what the rule asks for
 * @tuple: where the rule is
 * @family: AF_INET or AF_INET6
 *
 * Context: Any, before anybody sees the filter.
 */
void rstf_filter_add(const struct rstf_filter *filter,
		     const struct rstf_key *key, unsigned int tuple, u8 family)
{
	unsigned int i;

	for (i = 0; i < filter->nr_levels; i++)
		if (filter->levels[i].tuples & BIT_ULL(tuple))
			filter->table[rstf_filter_slot(filter,
						       &filter->levels[i], key,
						       family)] |=
				BIT_ULL(tuple);
}
