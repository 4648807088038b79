// SPDX-License-Identifier: GPL-2.0
/*
 * Which rules may be about a segment, without looking at all of them. Pure: what
 * it finds depends on its arguments and on nothing else.
 *
 * This is tuple space search (Srinivasan, Suri and Varghese: Packet
 * Classification using Tuple Space Search, SIGCOMM 1999). Rules that ask for
 * equally many bits of both addresses and of both ports are a tuple, and have a
 * hash table by the values of these bits: one look tells which rules of the
 * tuple agree with a segment. Tuples are looked into in the order of their first
 * rules, and no further than up to the first one that comes behind a rule that
 * is known, as Open vSwitch does.
 *
 * Each tuple costs a look, unless a filter rules it out (filter.c), so there are
 * at most RSTF_TUPLES_MAX of them. Where rules would make more, the numbers of
 * bits are rounded down, more and more coarsely, until they do not; rules then
 * share a tuple with others that ask for fewer bits, as in TupleMerge (Daly et
 * al., IEEE/ACM Transactions on Networking 27, 2019). Rounding does not touch
 * rules that ask for all bits, or for none.
 *
 * A range of ports is no prefix. It lies within one or two neighbouring blocks
 * of that power of two which is not below its size, and blocks are prefixes: the
 * rule stands in the tables under each of them.
 *
 * So what is found is a superset of the rules that match, in their order; who
 * asks has to compare the rest. Rules that agree in all bits of addresses and
 * ports that they ask for, and differ in something else, come one by one.
 */
#include <asm/byteorder.h>
#include <linux/log2.h>
#include <linux/math.h>
#include <linux/overflow.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "classifier.h"
#include "match.h"
#include "tuple.h"

/* Blocks that the ports of a rule lie in, two for each range. */
#define CLASSIFIER_BLOCKS_MAX (2 * RSTFAULT_PORTS_MAX)

/**
 * struct classifier_grain - numbers of bits that tuples may ask for
 * @addr: multiples of this, of an address
 * @port: multiples of this, of a port
 */
struct classifier_grain {
	u8 addr;
	u8 port;
};

/*
 * Addresses stay precise for longer, as they tell more rules apart. The last one
 * leaves 16 tuples: each field whole, or not at all.
 */
static const struct classifier_grain classifier_grains[] = {
	{ 1, 1 }, { 1, 2 }, { 1, 4 }, { 1, 8 }, { 2, 4 }, { 2, 8 }, { 4, 8 },
	{ 4, 16 }, { 8, 16 }, { 16, 16 }, { 32, 16 }, { 64, 16 }, { 128, 16 },
};

/**
 * struct classifier_block - ports that begin with the same bits
 * @port: the first one
 * @len: number of these bits
 */
struct classifier_block {
	u16 port;
	u8 len;
};

/**
 * struct classifier_place - where a rule stands: in the tuples of all pairs of
 *	its blocks of source and destination ports
 * @saddr: bits of the source address
 * @daddr: bits of the destination address
 * @nr_sports: how many of @sports there are, at least one
 * @nr_dports: how many of @dports there are, at least one
 * @sports: blocks of source ports
 * @dports: blocks of destination ports
 */
struct classifier_place {
	u8 saddr;
	u8 daddr;
	u8 nr_sports;
	u8 nr_dports;
	struct classifier_block sports[CLASSIFIER_BLOCKS_MAX];
	struct classifier_block dports[CLASSIFIER_BLOCKS_MAX];
};

/**
 * struct classifier_plan - which tuples there will be
 * @match_of: the match of a rule
 * @rules: argument of @match_of
 * @nr_rules: how many there are
 * @family: of the segments
 * @grain: numbers of bits
 * @nr_tuples: how many tuples there are
 * @lens: what they ask for, see classifier_lens()
 * @first: number of their first rule
 * @nr: how many rules stand in them, each as often as it does
 * @nr_filters: how many of @filters there are
 * @filters: what rules out tuples
 * @place: of the rule that is being looked at
 */
struct classifier_plan {
	const struct rstf_match *(*match_of)(const void *rules, u32 i);
	const void *rules;
	u32 nr_rules;
	u8 family;
	struct classifier_grain grain;
	u32 nr_tuples;
	u32 lens[RSTF_TUPLES_MAX];
	u32 first[RSTF_TUPLES_MAX];
	u32 nr[RSTF_TUPLES_MAX];
	u32 nr_filters;
	struct rstf_filter filters[RSTF_FIELDS];
	struct classifier_place place;
};

/* The blocks that a range of ports lies in. Returns how many. */
static unsigned int classifier_range(struct classifier_block *blocks,
				     u16 first, u16 last, u8 grain)
{
	u8 len = round_down(16 - order_base_2(last - first + 1), grain);
	u16 mask = 0xffffU << (16 - len);
	unsigned int nr = 0;

	blocks[nr++] = (struct classifier_block){ first & mask, len };
	if ((first ^ last) & mask)
		blocks[nr++] = (struct classifier_block){ last & mask, len };

	return nr;
}

static unsigned int classifier_ports(struct classifier_block *blocks,
				     const struct rstf_ports *ports, u8 grain)
{
	unsigned int i, nr = 0;

	if (!ports->len)
		return classifier_range(blocks, 0, U16_MAX, grain);

	for (i = 0; i < ports->len; i++)
		nr += classifier_range(blocks + nr, ports->range[i].first,
				       ports->range[i].last, grain);

	return nr;
}

/* Where rule @i stands. */
static const struct rstf_match *classifier_place(struct classifier_plan *plan,
						 u32 i)
{
	const struct rstf_match *match = plan->match_of(plan->rules, i);
	u8 width = plan->family == AF_INET ? 32 : 128;
	u8 grain = min(plan->grain.addr, width);
	struct classifier_place *place = &plan->place;

	place->saddr = round_down(match->saddr.len, grain);
	place->daddr = round_down(match->daddr.len, grain);
	place->nr_dports = classifier_ports(place->dports, &match->dport,
					    plan->grain.port);
	place->nr_sports = classifier_ports(place->sports, &match->sport,
					    plan->grain.port);
	/* Not too often. */
	if (place->nr_sports * place->nr_dports > CLASSIFIER_BLOCKS_MAX)
		place->nr_sports = classifier_range(place->sports, 0, U16_MAX,
						    plan->grain.port);

	return match;
}

/* How many bits a rule asks for, with one block of each kind, as one number. */
static u32 classifier_lens(const struct classifier_place *place, unsigned int s,
			   unsigned int d)
{
	return place->saddr | place->daddr << 8 | place->sports[s].len << 16 |
	       place->dports[d].len << 24;
}

/* The tuple that asks for so many bits; RSTF_TUPLES_MAX: there is none. */
static unsigned int classifier_tuple(const struct classifier_plan *plan,
				     u32 lens)
{
	unsigned int t;

	for (t = 0; t < plan->nr_tuples; t++)
		if (plan->lens[t] == lens)
			return t;

	return RSTF_TUPLES_MAX;
}

/* Find out which tuples there will be. Returns false if that is too many. */
static bool classifier_try(struct classifier_plan *plan,
			   const struct classifier_grain *grain)
{
	const struct classifier_place *place = &plan->place;
	unsigned int t, s, d;
	u32 i, lens;

	plan->grain = *grain;
	plan->nr_tuples = 0;
	for (i = 0; i < plan->nr_rules; i++) {
		classifier_place(plan, i);
		for (s = 0; s < place->nr_sports; s++) {
			for (d = 0; d < place->nr_dports; d++) {
				lens = classifier_lens(place, s, d);
				t = classifier_tuple(plan, lens);
				if (t == RSTF_TUPLES_MAX) {
					t = plan->nr_tuples;
					if (t == RSTF_TUPLES_MAX)
						return false;
					plan->lens[t] = lens;
					plan->first[t] = i;
					plan->nr[t] = 0;
					plan->nr_tuples++;
				}
				plan->nr[t]++;
			}
		}
		cond_resched();
	}

	return true;
}

static void classifier_plan(struct classifier_plan *plan)
{
	unsigned int i = 0;

	while (!classifier_try(plan, &classifier_grains[i]))
		i++;
}

static void classifier_addr_mask(__be32 mask[4], u8 len)
{
	unsigned int i;

	for (i = 0; i < 4; i++) {
		mask[i] = htonl(len >= 32 ? U32_MAX : ~(u32)(U32_MAX >> len));
		len -= min_t(u8, len, 32);
	}
}

/* The bits that @lens stands for, see classifier_lens(). */
static void classifier_mask(struct rstf_key *mask, u32 lens, u8 family)
{
	__be32 saddr[4], daddr[4];

	classifier_addr_mask(saddr, lens);
	classifier_addr_mask(daddr, lens >> 8);
	rstf_key_init(mask, family, saddr, daddr,
		      htons(0xffffU << (16 - (lens >> 16 & 0xff))),
		      htons(0xffffU << (16 - (lens >> 24))));
}

/* How many slots a tuple gets: at least two, as hashes cannot be shifted by 64. */
static u32 classifier_slots(const struct classifier_plan *plan, unsigned int t)
{
	/* Who asks for nothing agrees with all others that do. */
	return plan->lens[t] ? roundup_pow_of_two(2 * plan->nr[t]) : 2;
}

/* Put rule @rule, which comes before all that are there, into a tuple. */
static bool classifier_insert(const struct rstf_tuple *tuple,
			      struct rstf_slot *slots,
			      struct rstf_entry *entries, u32 entry,
			      const struct rstf_key *key, u8 family, u32 rule)
{
	u64 hash = rstf_key_hash(key, &tuple->mask, family);
	u32 i = rstf_tuple_probe(tuple, slots, hash);

	/* Two of its blocks are one, if they were rounded. */
	if (slots[i].entry && entries[slots[i].entry - 1].rule == rule)
		return false;

	entries[entry] = (struct rstf_entry){ rule, slots[i].entry };
	slots[i] = (struct rstf_slot){ hash, entry + 1 };
	return true;
}

/* Put all rules into their tuples, the last one first. */
static void classifier_fill(struct classifier_plan *plan,
			    struct rstf_classifier *classifier,
			    struct rstf_slot *const slots[],
			    struct rstf_entry *entries)
{
	const struct classifier_place *place = &plan->place;
	const struct rstf_match *match;
	u32 i = plan->nr_rules, entry = 0;
	unsigned int t, s, d, f;
	struct rstf_key key;

	while (i--) {
		match = classifier_place(plan, i);
		for (s = 0; s < place->nr_sports; s++) {
			for (d = 0; d < place->nr_dports; d++) {
				t = classifier_tuple(plan, classifier_lens(place,
									   s, d));
				rstf_key_init(&key, plan->family,
					      match->saddr.addr.ip6,
					      match->daddr.addr.ip6,
					      htons(place->sports[s].port),
					      htons(place->dports[d].port));
				entry += classifier_insert(&classifier->tuples[t],
							   slots[t], entries,
							   entry, &key,
							   plan->family, i);
				for (f = 0; f < classifier->nr_filters; f++)
					rstf_filter_add(&classifier->filters[f],
							&key, t, plan->family);
			}
		}
		cond_resched();
	}
}

/*
 * A filter for each address that helps. Ports tell less, and have one only if
 * addresses have none.
 */
static void classifier_filters(struct classifier_plan *plan)
{
	u8 lens[RSTF_TUPLES_MAX];
	unsigned int t, field;

	for (field = 0; field < RSTF_FIELDS; field++) {
		if (field == RSTF_FIELD_SPORT && plan->nr_filters)
			break;
		for (t = 0; t < plan->nr_tuples; t++)
			lens[t] = plan->lens[t] >> 8 * field;
		if (rstf_filter_plan(&plan->filters[plan->nr_filters], field,
				     lens, plan->nr_tuples, plan->family))
			plan->nr_filters++;
	}
}

/* All of it in one piece of memory. */
static struct rstf_classifier *classifier_make(struct classifier_plan *plan)
{
	struct rstf_slot *slots[RSTF_TUPLES_MAX];
	struct rstf_classifier *classifier;
	size_t nr_slots = 0, nr_entries = 0, places;
	struct rstf_filter *filters;
	struct rstf_entry *entries;
	unsigned int t, f;
	size_t size;
	u64 *table;

	for (t = 0; t < plan->nr_tuples; t++) {
		nr_slots += classifier_slots(plan, t);
		nr_entries += plan->nr[t];
	}
	places = roundup_pow_of_two(max_t(size_t, nr_entries, 2));
	size = struct_size(classifier, tuples, plan->nr_tuples + 1);
	size = size_add(size, plan->nr_filters * sizeof(*filters));
	size = size_add(size, array_size(places * plan->nr_filters,
					 sizeof(*table)));
	size = size_add(size, array_size(nr_slots, sizeof(*slots[0])));
	size = size_add(size, array_size(nr_entries, sizeof(*entries)));
	classifier = kvzalloc(size, GFP_KERNEL_ACCOUNT);
	if (!classifier)
		return NULL;

	classifier->family = plan->family;
	classifier->nr_tuples = plan->nr_tuples;
	classifier->tuples[plan->nr_tuples].first = RSTF_NO_RULE;
	filters = (struct rstf_filter *)
			&classifier->tuples[plan->nr_tuples + 1];
	table = (u64 *)(filters + plan->nr_filters);
	for (f = 0; f < plan->nr_filters; f++) {
		filters[f] = plan->filters[f];
		filters[f].shift = 64 - ilog2(places);
		filters[f].table = table;
		table += places;
	}
	classifier->nr_filters = plan->nr_filters;
	classifier->filters = filters;
	slots[0] = (struct rstf_slot *)table;
	entries = (struct rstf_entry *)(slots[0] + nr_slots);
	classifier->entries = entries;
	for (t = 0; t < plan->nr_tuples; t++) {
		struct rstf_tuple *tuple = &classifier->tuples[t];

		if (t)
			slots[t] = slots[t - 1] + classifier_slots(plan, t - 1);
		classifier_mask(&tuple->mask, plan->lens[t], plan->family);
		tuple->first = plan->first[t];
		tuple->shift = 64 - ilog2(classifier_slots(plan, t));
		tuple->slots = slots[t];
	}
	classifier_fill(plan, classifier, slots, entries);

	return classifier;
}

/**
 * rstf_classifier_build() - build a classifier
 * @match_of: tells the match of a rule by its number, from 0
 * @rules: argument of @match_of
 * @nr: number of rules, at least one
 * @family: AF_INET or AF_INET6: of the segments, and of the addresses that the
 *	rules have
 *
 * Context: May sleep.
 * Return: the classifier, which kvfree() frees; NULL where memory is short.
 */
struct rstf_classifier *
rstf_classifier_build(const struct rstf_match *(*match_of)(const void *rules,
							   u32 i),
		      const void *rules, u32 nr, u8 family)
{
	struct rstf_classifier *classifier;
	struct classifier_plan *plan;

	plan = kzalloc(sizeof(*plan), GFP_KERNEL);
	if (!plan)
		return NULL;

	plan->match_of = match_of;
	plan->rules = rules;
	plan->nr_rules = nr;
	plan->family = family;
	classifier_plan(plan);
	classifier_filters(plan);
	classifier = classifier_make(plan);
	kfree(plan);

	return classifier;
}
