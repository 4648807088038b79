/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CROWD_H
#define _CROWD_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct traffic;

/**
 * struct endpoint - where a segment comes from, and its port here
 * @addr: source address, as text
 * @port: destination port
 */
struct endpoint {
	char addr[INET6_ADDRSTRLEN];
	uint16_t port;
};

/**
 * struct span - endpoints that one rule is about
 * @prefix: source addresses, as text
 * @low: the first destination port
 * @high: and the last
 */
struct span {
	char prefix[INET6_ADDRSTRLEN + 4];
	uint16_t low;
	uint16_t high;
};

/**
 * struct crowd - what many rules are about, numbered from 0
 * @name: for people
 * @interval: there are ranges
 * @span: what rule @nr is about; no two rules are about the same endpoint
 * @inside: an endpoint that rule @nr is about
 * @outside: an endpoint that none of @count rules is about; a third of them
 *	have an address that one is about, a third a port
 */
struct crowd {
	const char *name;
	bool interval;
	void (*span)(struct span *span, int family, uint32_t nr);
	void (*inside)(struct endpoint *ep, int family, uint32_t nr);
	void (*outside)(struct endpoint *ep, int family, uint32_t nr,
			uint32_t count);
};

extern const struct crowd crowd_exact;
extern const struct crowd crowd_ranges;

void endpoint_send(const struct endpoint *ep, struct traffic *traffic,
		   uint8_t flags, size_t payload);

#endif /* _CROWD_H */
