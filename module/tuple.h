/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_TUPLE_H
#define _RSTF_TUPLE_H

#include <linux/compiler.h>
#include <linux/socket.h>
#include <linux/types.h>

/* As many as a word has bits. */
#define RSTF_TUPLES_MAX 64

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
 * @entry: the rules of this key: 1 + number of their first rstf_entry; 0: free
 */
struct rstf_slot {
	u32 tag;
	u32 entry;
};

/**
 * struct rstf_entry - one of the rules that have the same key
 * @rule: its number; the next entry has a higher one
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
 * @saddr: source address, as it is in a packet
 * @daddr: destination address, as it is in a packet
 * @sport: source port, network byte order
 * @dport: destination port, network byte order
 *
 * What is side by side in a packet is so in the words, as a little-endian
 * machine reads them at once.
 *
 * Context: Any.
 */
static __always_inline void rstf_key_init(struct rstf_key *key, u8 family,
					  const __be32 *saddr,
					  const __be32 *daddr,
					  __be16 sport, __be16 dport)
{
	const u32 *s = (__force const u32 *)saddr;
	const u32 *d = (__force const u32 *)daddr;

	key->word[0] = (__force u16)sport | (u32)(__force u16)dport << 16;
	if (family == AF_INET) {
		key->word[1] = s[0] | (u64)d[0] << 32;
		return;
	}
	key->word[1] = s[0] | (u64)s[1] << 32;
	key->word[2] = s[2] | (u64)s[3] << 32;
	key->word[3] = d[0] | (u64)d[1] << 32;
	key->word[4] = d[2] | (u64)d[3] << 32;
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
 * rstf_key_agrees() - whether a key has the bits that it has to have
 * @key: the key
 * @value: these bits
 * @mask: which ones
 * @family: AF_INET or AF_INET6
 *
 * Context: Any.
 * Return: whether it has them.
 */
static __always_inline bool rstf_key_agrees(const struct rstf_key *key,
					    const struct rstf_key *value,
					    const struct rstf_key *mask,
					    u8 family)
{
	u64 wrong;

	/* No loop: as an array the key would have to be in memory. */
	wrong = (key->word[0] ^ value->word[0]) & mask->word[0];
	wrong |= (key->word[1] ^ value->word[1]) & mask->word[1];
	if (family != AF_INET) {
		wrong |= (key->word[2] ^ value->word[2]) & mask->word[2];
		wrong |= (key->word[3] ^ value->word[3]) & mask->word[3];
		wrong |= (key->word[4] ^ value->word[4]) & mask->word[4];
	}

	return !wrong;
}

u32 rstf_tuple_probe(const struct rstf_tuple *tuple,
		     const struct rstf_slot *slots, u64 hash);

/**
 * rstf_tuple_find() - find the rules that agree with a segment
 * @tuple: where
 * @key: of the segment
 * @family: AF_INET or AF_INET6
 *
 * Context: Any.
 * Return: 1 + number of the first rstf_entry; 0: there is none.
 */
static __always_inline u32 rstf_tuple_find(const struct rstf_tuple *tuple,
					   const struct rstf_key *key,
					   u8 family)
{
	u64 hash = rstf_key_hash(key, &tuple->mask, family);
	const struct rstf_slot *slot = &tuple->slots[hash >> tuple->shift];

	if (likely(!slot->entry || slot->tag == (u32)hash))
		return slot->entry;

	return tuple->slots[rstf_tuple_probe(tuple, tuple->slots, hash)].entry;
}

#endif /* _RSTF_TUPLE_H */
