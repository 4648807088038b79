/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Numbers as they stand in packets, in network byte order, and sums of them.
 */
#ifndef _BYTES_H
#define _BYTES_H

#include <stddef.h>
#include <stdint.h>

static inline uint16_t get16(const uint8_t *place)
{
	return place[0] << 8 | place[1];
}

static inline uint32_t get32(const uint8_t *place)
{
	return (uint32_t)get16(place) << 16 | get16(place + 2);
}

static inline void put16(uint8_t *place, uint16_t value)
{
	place[0] = value >> 8;
	place[1] = value;
}

static inline void put32(uint8_t *place, uint32_t value)
{
	put16(place, value >> 16);
	put16(place + 2, value);
}

/* RFC 1071, to be folded; over data and a right checksum that gives 0xffff. */
static inline uint32_t inet_sum(uint32_t start, const uint8_t *data, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		start += i & 1 ? data[i] : data[i] << 8;
	return start;
}

static inline uint16_t inet_fold(uint32_t value)
{
	while (value >> 16)
		value = (value & 0xffff) + (value >> 16);
	return value;
}

#endif /* _BYTES_H */
