/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_TUPLE_H
#define _RSTF_TUPLE_H

#include <linux/compiler.h>
#include <linux/netfilter.h>
#include <linux/socket.h>
#include <linux/types.h>

#define RSTF_TUPLES_MAX 24

/* Words of a key: ports, and addresses, of which IPv4 has two in one word. */
#define RSTF_KEY_WORDS 5

/**
 * struct rstf_key - what rules are looked up by
 * @word: ports first, then addresses as they are in memory
 */
struct rstf_key {
	u64 word[RSTF_KEY_WORDS];
};

/**
 * struct rstf_slot - of a hash table, open addressing
 * @tag: 32 bits of the hash of the key
 * @chain: the rules of this key: 1 + number of their first rstf_entry; 0: free
 */
struct rstf_slot {
	u32 tag;
	u32 chain;
};

/**
 * struct rstf_entry - a rule in the chain of those that have the same key
 * @rule: its number; they ascend along the chain
 * @next: 1 + number of the next entry; 0: none
 */
struct rstf_entry {
	u32 rule;
	u32 next;
};

/**
 * struct rstf_tuple - rules that ask for the same bits of addresses and ports
 * @mask: these bits
 * @first: number of the first rule that it has
 * @shift: of a hash, to get the number of a slot
 * @slots: its hash table, at most half full
 */
struct rstf_tuple {
	struct rstf_key mask;
	u32 first;
	u32 shift;
	const struct rstf_slot *slots;
};

/**
 * rstf_key_init() - make a key
 * @key: to be filled in
 * @family: AF_INET or AF_INET6
 * @saddr: source address
 * @daddr: destination address
 * @sport: source port, host byte order
 * @dport: destination port, host byte order
 *
 * Context: Any.
 */
static __always_inline void rstf_key_init(struct rstf_key *key, u8 family,
					  const union nf_inet_addr *saddr,
					  const union nf_inet_addr *daddr,
					  u16 sport, u16 dport)
{
	key->word[0] = (u32)sport << 16 | dport;
	if (family == AF_INET) {
		key->word[1] = (u64)saddr->all[0] << 32 | daddr->all[0];
		return;
	}
	key->word[1] = (u64)saddr->all[0] << 32 | saddr->all[1];
	key->word[2] = (u64)saddr->all[2] << 32 | saddr->all[3];
	key->word[3] = (u64)daddr->all[0] << 32 | daddr->all[1];
	key->word[4] = (u64)daddr->all[2] << 32 | daddr->all[3];
}

/**
 * rstf_key_hash() - hash the bits of a key that a tuple asks for
 * @key: the key
 * @mask: the bits
 * @family: AF_INET or AF_INET6
 *
 * Sums of products with odd numbers that are alike in nothing keep keys apart
 * that differ in few bits; what follows spreads them over the upper bits, which
 * tell the slot.
 *
 * Context: Any.
 * Return: the hash.
 */
static __always_inline u64 rstf_key_hash(const struct rstf_key *key,
					 const struct rstf_key *mask, u8 family)
{
	u64 hash;

	hash = (key->word[0] & mask->word[0]) * 0x9e3779b97f4a7c15ULL;
	hash += (key->word[1] & mask->word[1]) * 0xc2b2ae3d27d4eb4fULL;
	if (family != AF_INET) {
		hash += (key->word[2] & mask->word[2]) * 0x165667b19e3779f9ULL;
		hash += (key->word[3] & mask->word[3]) * 0xd6e8feb86659fd93ULL;
		hash += (key->word[4] & mask->word[4]) * 0xa0761d6478bd642fULL;
	}
	hash ^= hash >> 32;
	return hash * 0xe7037ed1a0b428dbULL;
}

/**
 * rstf_tuple_look() - look up a hash
 * @tuple: where
 * @slots: of @tuple
 * @hash: rstf_key_hash()
 *
 * Context: Any.
 * Return: number of the slot that has it, or of the free one where it would be.
 */
static __always_inline u32 rstf_tuple_look(const struct rstf_tuple *tuple,
					   const struct rstf_slot *slots,
					   u64 hash)
{
	u32 last = (1U << (64 - tuple->shift)) - 1;
	u32 i = hash >> tuple->shift;

	while (slots[i].chain && slots[i].tag != (u32)hash)
		i = (i + 1) & last;

	return i;
}

#endif /* _RSTF_TUPLE_H */
