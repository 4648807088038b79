/* SPDX-License-Identifier: GPL-2.0 */
/* Chance that is the same on every machine. */
#ifndef _FUZZ_RANDOM_H
#define _FUZZ_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#endif

/**
 * struct random - numbers by chance
 * @state: what the next one follows from
 */
struct random {
	uint64_t state;
};

/* SplitMix64: any two states give numbers that have nothing in common. */
static inline uint64_t random_next(struct random *random)
{
	uint64_t value = random->state += 0x9e3779b97f4a7c15ULL;

	value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9ULL;
	value = (value ^ value >> 27) * 0x94d049bb133111ebULL;
	return value ^ value >> 31;
}

/* Case @nr of a run needs none of those in front of it. */
static inline void random_begin(struct random *random, uint64_t seed,
				uint64_t nr)
{
	random->state = seed;
	random->state = random_next(random) ^ nr;
	random_next(random);
}

/* 0 to @limit - 1 */
static inline uint32_t random_below(struct random *random, uint32_t limit)
{
	return (random_next(random) >> 32) % limit;
}

/* True once in so many times. */
static inline bool random_one_in(struct random *random, uint32_t times)
{
	return !random_below(random, times);
}

/* Numbers at which code goes another way. */
static inline uint64_t random_number(struct random *random)
{
	static const uint64_t edges[] = {
		0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 33, 63, 64, 127, 128, 129,
		255, 256, 365, 366, 1000, 1001, 32767, 32768, 65535, 65536,
		131072, 131073, 1000000000, 1000000001, 0x7fffffff, 0x80000000,
		0xffffffff, 0x100000000, 31536000000000000, 31536000000000001,
		INT64_MAX, 1ULL << 63, UINT64_MAX,
	};

	if (random_one_in(random, 2))
		return edges[random_below(random, ARRAY_SIZE(edges))];
	return random_next(random) >> random_below(random, 64);
}

#endif /* _FUZZ_RANDOM_H */
