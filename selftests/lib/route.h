/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ROUTE_H
#define _ROUTE_H

#include <stdbool.h>
#include <stdint.h>

struct host;

/**
 * struct route - where packets go
 * @dst: network that they are for; NULL: any
 * @bits: length of its prefix
 * @via: address of a router, or NULL; one of both tells the family
 * @dev: name of the interface
 * @table: number of the table; 0: the main one
 * @local: it is an address of the host; the table is that of those
 * @onlink: the router can be reached by the interface, whatever routes say
 */
struct route {
	const char *dst;
	unsigned int bits;
	const char *via;
	const char *dev;
	uint32_t table;
	bool local;
	bool onlink;
};

/* Functions return 0 or a negative errno. */
int route_add(const struct host *host, const struct route *route);
int route_del(const struct host *host, const struct route *route);

#endif /* _ROUTE_H */
