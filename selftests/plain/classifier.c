// SPDX-License-Identifier: GPL-2.0
/*
 * The classifier beside a naive list: rules by chance, segments by chance, and
 * all of the rules that match are found, in their order.
 *
 * SEED=N has other chances.
 */
#include <linux/slab.h>
#include <linux/types.h>

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "candidates.h"
#include "classifier.h"
#include "match.h"
#include "segment.h"

#include "kselftest_harness.h"

#define QUERIES 1000000
#define RULES_MAX 200
#define MANY 100000

/* Numbers by chance: splitmix64. */
static u64 state = 20261125;

static u64 chance(void)
{
	u64 z = state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

static u32 below(u32 limit)
{
	return chance() % limit;
}

static bool in(u32 of, u32 out_of)
{
	return below(out_of) < of;
}

/*
 * How the rules of a set are: out of 100, how many ask for an address, for all
 * bits of it, for a port, for a single one; and how many different addresses
 * and ports there are, the fewer the more rules overlap.
 */
struct flavour {
	unsigned int addr;
	unsigned int whole_addr;
	unsigned int port;
	unsigned int single_port;
	unsigned int addrs;
	unsigned int ports;
};

static const struct flavour flavours[] = {
	{ 100, 100, 100, 100, 50, 50 },
	{ 50, 100, 50, 100, 5, 5 },
	{ 100, 0, 100, 0, 1000, 65536 },
	{ 80, 50, 80, 50, 20, 100 },
	{ 30, 50, 30, 50, 3, 20 },
	{ 100, 0, 0, 0, 4, 1 },
	{ 0, 0, 100, 0, 1, 300 },
	{ 5, 50, 5, 50, 100, 100 },
};

static void random_addr(union nf_inet_addr *addr, const struct flavour *flavour,
			u8 family)
{
	u64 z = below(flavour->addrs) * 0xbf58476d1ce4e5b9ULL;

	memset(addr, 0, sizeof(*addr));
	addr->all[0] = z >> 32;
	if (family == AF_INET)
		return;
	/* Many IPv6 addresses begin alike. */
	addr->all[0] = htonl(0x20010db8);
	addr->all[1] = htonl(z & 1 ? 0 : z >> 60);
	addr->all[2] = z;
	addr->all[3] = z >> 32;
}

static void mask_addr(union nf_inet_addr *addr, const union nf_inet_addr *mask)
{
	unsigned int i;

	for (i = 0; i < 4; i++)
		addr->all[i] &= mask->all[i];
}

static void random_prefix(struct rstf_prefix *prefix,
			  const struct flavour *flavour, u8 family)
{
	unsigned int width = family == AF_INET ? 32 : 128;
	unsigned int i;

	if (!in(flavour->addr, 100))
		return;
	prefix->len = in(flavour->whole_addr, 100) ? width : below(width + 1);
	for (i = 0; i < prefix->len; i++)
		((u8 *)&prefix->mask)[i / 8] |= 0x80 >> i % 8;
	random_addr(&prefix->addr, flavour, family);
	mask_addr(&prefix->addr, &prefix->mask);
}

static void random_ports(struct rstf_ports *ports, const struct flavour *flavour)
{
	u32 first, last;

	if (!in(flavour->port, 100))
		return;
	do {
		first = below(flavour->ports);
		last = first;
		if (!in(flavour->single_port, 100))
			last += below(1 << below(17));
		if (last > U16_MAX)
			last = U16_MAX;
		ports->range[ports->len].first = first;
		ports->range[ports->len].last = last;
		ports->len++;
	} while (ports->len < RSTFAULT_PORTS_MAX && in(1, 4));
}

static void random_rule(struct rstf_match *match, const struct flavour *flavour,
			u8 family)
{
	memset(match, 0, sizeof(*match));
	match->family = family;
	random_prefix(&match->saddr, flavour, family);
	random_prefix(&match->daddr, flavour, family);
	random_ports(&match->sport, flavour);
	random_ports(&match->dport, flavour);
}

static u16 random_port(const struct rstf_ports *ports,
		       const struct flavour *flavour)
{
	unsigned int i;

	if (!ports->len || in(1, 4))
		return in(1, 2) ? below(flavour->ports) : chance();
	i = below(ports->len);
	return ports->range[i].first - 1 +
	       below(ports->range[i].last - ports->range[i].first + 3);
}

/* An address that has what a rule asks for, or one by chance. */
static void random_near(union nf_inet_addr *addr,
			const struct rstf_prefix *prefix,
			const struct flavour *flavour, u8 family)
{
	unsigned int i;

	random_addr(addr, flavour, family);
	if (in(1, 4))
		return;
	for (i = 0; i < 4; i++)
		addr->all[i] ^= (addr->all[i] ^ prefix->addr.all[i]) &
				prefix->mask.all[i];
	/* And one bit is wrong. */
	if (in(1, 8))
		addr->all[family == AF_INET ? 0 : below(4)] ^= 1U << below(32);
}

/* A segment that matches @match, or nearly so. */
static void random_segment(struct rstf_segment *seg,
			   const struct rstf_match *match,
			   const struct flavour *flavour, u8 family)
{
	memset(seg, 0, sizeof(*seg));
	seg->family = family;
	random_near(&seg->saddr, &match->saddr, flavour, family);
	random_near(&seg->daddr, &match->daddr, flavour, family);
	seg->sport = random_port(&match->sport, flavour);
	seg->dport = random_port(&match->dport, flavour);
}

/* The naive way. */
static bool matches_addr(const struct rstf_prefix *prefix,
			 const union nf_inet_addr *addr)
{
	const u8 *a = (const u8 *)addr, *b = (const u8 *)&prefix->addr;
	unsigned int i;

	for (i = 0; i < prefix->len; i++)
		if ((a[i / 8] ^ b[i / 8]) & 0x80 >> i % 8)
			return false;
	return true;
}

static bool matches_port(const struct rstf_ports *ports, u16 port)
{
	unsigned int i;

	for (i = 0; i < ports->len; i++)
		if (ports->range[i].first <= port && port <= ports->range[i].last)
			return true;
	return !ports->len;
}

static bool matches(const struct rstf_match *match,
		    const struct rstf_segment *seg)
{
	return matches_addr(&match->saddr, &seg->saddr) &&
	       matches_addr(&match->daddr, &seg->daddr) &&
	       matches_port(&match->sport, seg->sport) &&
	       matches_port(&match->dport, seg->dport);
}

static const struct rstf_match *match_of(const void *rules, u32 i)
{
	return (const struct rstf_match *)rules + i;
}

/**
 * struct found - what a number of segments has found
 * @rules: that match
 * @others: that came along
 */
struct found {
	u64 rules;
	u64 others;
};

static void key_of(struct rstf_key *key, const struct rstf_segment *seg)
{
	rstf_key_init(key, seg->family, seg->saddr.ip6, seg->daddr.ip6,
		      htons(seg->sport), htons(seg->dport));
}

/* Rules and a segment, for the ways to find the first one that matches. */
struct naive {
	const struct rstf_match *rules;
	const struct rstf_segment *seg;
};

static __always_inline bool agrees(const void *arg, u32 rule)
{
	const struct naive *naive = arg;

	return matches(&naive->rules[rule], naive->seg);
}

static u32 first_of(const struct rstf_classifier *classifier,
		    const struct rstf_key *key, const struct naive *naive)
{
	bool filters = classifier->nr_filters;

	if (classifier->family == AF_INET)
		return filters ? rstf_classifier_first_filtered(classifier, key,
								AF_INET, agrees,
								naive) :
				 rstf_classifier_first(classifier, key, AF_INET,
						       agrees, naive);
	return filters ? rstf_classifier_first_filtered(classifier, key,
							AF_INET6, agrees,
							naive) :
			 rstf_classifier_first(classifier, key, AF_INET6,
					       agrees, naive);
}

/* Is each rule that matches found, and in its order? */
static bool right(const struct rstf_classifier *classifier,
		  const struct rstf_match *rules, u32 nr,
		  const struct rstf_segment *seg, struct found *found)
{
	struct rstf_candidates candidates;
	const struct naive naive = { rules, seg };
	struct rstf_key key;
	u32 first, i, next = 0, mine = 0;

	key_of(&key, seg);
	rstf_candidates_init(&candidates, classifier, &key);
	first = first_of(classifier, &key, &naive);
	do {
		i = rstf_candidates_next(&candidates);
		if (i != RSTF_NO_RULE && (i < next || i >= nr))
			return false;
		for (; next < nr && next < i; next++)
			if (matches(&rules[next], seg))
				return false;
		if (i == RSTF_NO_RULE)
			break;
		next = i + 1;
		if (!matches(&rules[i], seg)) {
			found->others++;
			continue;
		}
		if (!mine++ && i != first)
			return false;
	} while (true);
	found->rules += mine;

	return mine || first == RSTF_NO_RULE;
}

FIXTURE(rules) {
	struct rstf_match *rules;
};

FIXTURE_VARIANT(rules) {
	u8 family;
};

FIXTURE_VARIANT_ADD(rules, ipv4) {
	.family = AF_INET,
};

FIXTURE_VARIANT_ADD(rules, ipv6) {
	.family = AF_INET6,
};

FIXTURE_SETUP(rules)
{
	if (getenv("SEED"))
		state = strtoull(getenv("SEED"), NULL, 0);
	self->rules = calloc(MANY, sizeof(*self->rules));
	ASSERT_NE(NULL, self->rules);
}

FIXTURE_TEARDOWN(rules)
{
	free(self->rules);
}

/* Small rulesets, and large ones, that overlap little, or much. */
TEST_F_TIMEOUT(rules, like_a_list, 300)
{
	const struct flavour *flavour = flavours;
	struct rstf_classifier *classifier;
	u32 i, nr, queries = 0, most = 0;
	struct found found = {};
	struct rstf_segment seg;
	u64 was;

	while (queries < QUERIES) {
		was = state;
		nr = 1 + below(1 + below(RULES_MAX));
		for (i = 0; i < nr; i++)
			random_rule(&self->rules[i], flavour, variant->family);
		classifier = rstf_classifier_build(match_of, self->rules, nr,
						   variant->family);
		ASSERT_NE(NULL, classifier);
		ASSERT_LE(classifier->nr_tuples, RSTF_TUPLES_MAX);
		if (classifier->nr_tuples > most)
			most = classifier->nr_tuples;
		for (i = 0; i < 1000; i++, queries++) {
			random_segment(&seg, &self->rules[below(nr)], flavour,
				       variant->family);
			if (right(classifier, self->rules, nr, &seg, &found))
				continue;
			TH_LOG("SEED=%llu: wrong for %u rules in %u tuples",
			       (unsigned long long)was, nr,
			       classifier->nr_tuples);
			ASSERT_TRUE(false);
		}
		kvfree(classifier);
		if (++flavour == flavours + ARRAY_SIZE(flavours))
			flavour = flavours;
	}
	TH_LOG("%u segments, %llu rules match, %llu others came along", queries,
	       (unsigned long long)found.rules,
	       (unsigned long long)found.others);
	/* Segments that match nothing would show nothing. */
	EXPECT_LT(queries / 2, found.rules);
	EXPECT_LT(RSTF_TUPLES_MAX / 2, most);
}

/* Number @i of prefixes that have no address in common. */
static void nth_prefix(struct rstf_prefix *prefix, u32 i, u8 family, u8 len)
{
	unsigned int bit;

	memset(prefix, 0, sizeof(*prefix));
	prefix->len = len;
	prefix->addr.all[0] = htonl(i << 12);
	if (family == AF_INET6) {
		prefix->addr.all[0] = htonl(0x20010db8);
		prefix->addr.all[1] = htonl(i << 12);
	}
	for (bit = 0; bit < len; bit++)
		((u8 *)&prefix->mask)[bit / 8] |= 0x80 >> bit % 8;
}

/*
 * Many rules that have no segment in common: each finds its own rule, and few
 * others.
 */
static void expect_own(struct __test_metadata *_metadata,
		       const struct rstf_match *rules, u8 family)
{
	struct rstf_classifier *classifier;
	struct rstf_candidates candidates;
	struct rstf_segment seg = { .family = family };
	struct rstf_key key;
	u32 i, rule, others = 0;

	classifier = rstf_classifier_build(match_of, rules, MANY, family);
	ASSERT_NE(NULL, classifier);
	for (i = 0; i < MANY; i++) {
		seg.saddr = rules[i].saddr.addr;
		seg.dport = rules[i].dport.range[0].last;
		key_of(&key, &seg);
		rstf_candidates_init(&candidates, classifier, &key);
		while ((rule = rstf_candidates_next(&candidates)) < i)
			others++;
		ASSERT_EQ(i, rule);
	}
	TH_LOG("%u tuples, %u others came along", classifier->nr_tuples, others);
	EXPECT_GT(MANY, others);
	kvfree(classifier);
}

TEST_F(rules, many_of_one_kind)
{
	unsigned int width = variant->family == AF_INET ? 32 : 128;
	struct rstf_match *match;
	u32 i;

	for (i = 0; i < MANY; i++) {
		match = &self->rules[i];
		nth_prefix(&match->saddr, i, variant->family, width);
		match->dport.len = 1;
		match->dport.range[0].first = i;
		match->dport.range[0].last = i;
	}
	expect_own(_metadata, self->rules, variant->family);
}

TEST_F(rules, many_of_mixed_lengths)
{
	unsigned int base = variant->family == AF_INET ? 20 : 52;
	struct rstf_match *match;
	u32 i, first;

	for (i = 0; i < MANY; i++) {
		match = &self->rules[i];
		nth_prefix(&match->saddr, i, variant->family,
			   base + below(variant->family == AF_INET ? 13 : 77));
		first = below(60000);
		match->dport.len = 1;
		match->dport.range[0].first = first;
		match->dport.range[0].last = first + below(1 << below(12));
	}
	expect_own(_metadata, self->rules, variant->family);
}

/* Ranges of ports, and nothing else, that lie side by side. */
TEST_F(rules, ranges)
{
	struct rstf_classifier *classifier;
	struct rstf_candidates candidates;
	struct rstf_segment seg = { .family = variant->family };
	struct rstf_key key;
	u32 i, nr = 0, first = 0, rule, others = 0;
	struct rstf_match *match;

	while (first <= U16_MAX) {
		match = &self->rules[nr++];
		match->sport.len = 1;
		match->sport.range[0].first = first;
		first = min(first + below(40), (u32)U16_MAX);
		match->sport.range[0].last = first++;
	}
	classifier = rstf_classifier_build(match_of, self->rules, nr,
					   variant->family);
	ASSERT_NE(NULL, classifier);
	for (i = 0; i <= U16_MAX; i++) {
		seg.sport = i;
		key_of(&key, &seg);
		rstf_candidates_init(&candidates, classifier, &key);
		for (;;) {
			rule = rstf_candidates_next(&candidates);
			ASSERT_LT(rule, nr);
			if (matches(&self->rules[rule], &seg))
				break;
			others++;
		}
	}
	TH_LOG("%u rules, %u tuples, %u others came along", nr,
	       classifier->nr_tuples, others);
	/* Beside a range of n ports there are few blocks of twice as many. */
	EXPECT_GT(8 * U16_MAX, others);
	kvfree(classifier);
}

TEST_HARNESS_MAIN
