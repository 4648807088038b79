// SPDX-License-Identifier: GPL-2.0
/*
 * The hash table of a tuple: open addressing, linear probing.
 */
#include "tuple.h"

/**
 * rstf_tuple_probe() - look up a hash
 * @tuple: where
 * @slots: of @tuple
 * @hash: rstf_key_hash()
 *
 * Context: Any.
 * Return: number of the slot that has it, or of the free one where it would be.
 */
u32 rstf_tuple_probe(const struct rstf_tuple *tuple,
		     const struct rstf_slot *slots, u64 hash)
{
	u32 last = (1U << (64 - tuple->shift)) - 1;
	u32 i = hash >> tuple->shift;

	while (slots[i].entry && slots[i].tag != (u32)hash)
		i = (i + 1) & last;

	return i;
}
