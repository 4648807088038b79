// SPDX-License-Identifier: GPL-2.0
/*
 * What many rules are about: endpoints of which each has an address and a port of
 * its own, or prefixes and ranges of all sizes.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "host.h"
#include "packet.h"

#include "crowd.h"
#include "traffic.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* Numbers of endpoints that no rule is about. */
#define OTHERS 1000000

/**
 * endpoint_send() - have a segment come from an endpoint
 * @ep: the endpoint
 * @traffic: what it is to be part of
 * @flags: TH_*
 * @payload: bytes of payload
 */
void endpoint_send(const struct endpoint *ep, struct traffic *traffic,
		   uint8_t flags, size_t payload)
{
	struct packet packet = {
		.saddr = ep->addr,
		.daddr = host_addr(traffic->family, 1),
		.sport = 40000,
		.dport = ep->port,
		.flags = flags,
		.seq = 1000,
		.ack = flags & TH_ACK ? 2000 : 0,
		.payload = payload,
	};

	traffic_add(traffic, &packet);
}

/* Neither addresses nor ports are in the order of numbers. */
static void exact_inside(struct endpoint *ep, int family, uint32_t nr)
{
	uint32_t mixed = (nr * 0x9e3779b1u) & 0xffffff;

	if (family == AF_INET6)
		snprintf(ep->addr, sizeof(ep->addr), "2001:db8:0:%x:%x::%x",
			 mixed >> 12, mixed & 0xfff, 1 + nr % 7);
	else
		snprintf(ep->addr, sizeof(ep->addr), "10.%u.%u.%u",
			 mixed >> 16, mixed >> 8 & 255, mixed & 255);
	ep->port = 1024 + (nr * 40503u & 0xffff) % 60000;
}

static void exact_span(struct span *span, int family, uint32_t nr)
{
	struct endpoint ep;

	exact_inside(&ep, family, nr);
	snprintf(span->prefix, sizeof(span->prefix), "%s", ep.addr);
	span->low = ep.port;
	span->high = ep.port;
}

static void exact_outside(struct endpoint *ep, int family, uint32_t nr,
			  uint32_t count)
{
	struct endpoint other;

	exact_inside(ep, family, nr % count);
	exact_inside(&other, family, OTHERS + nr);
	if (nr % 3)
		memcpy(ep->addr, other.addr, sizeof(ep->addr));
	if (nr % 3 != 1)
		ep->port = 1 + nr % 1000;
}

const struct crowd crowd_exact = {
	.name = "address and port",
	.span = exact_span,
	.inside = exact_inside,
	.outside = exact_outside,
};

/*
 * Four rules share a prefix and differ in ports. Of 17 prefixes each has another
 * length; together they fill a block of 17 bits, the widest first. So few rules
 * are as close to each other as many are.
 */
struct place {
	uint32_t block;
	uint32_t length;
	uint32_t quarter;
	uint32_t mixed;
};

#define LENGTHS 17
#define SHARERS 4

static struct place ranges_place(uint32_t nr)
{
	uint32_t prefix = nr / SHARERS;

	return (struct place){
		.block = prefix / LENGTHS,
		.length = prefix % LENGTHS,
		.quarter = nr % SHARERS,
		.mixed = nr * 0x9e3779b1u >> 8,
	};
}

/* Address number @host of a prefix, and its length. */
static unsigned int ranges_address(char *text, int family,
				   const struct place *place, uint32_t host)
{
	uint32_t bits = 16 - place->length;
	uint32_t bits6 = 5 * bits;
	struct in6_addr in6 = {};
	struct in_addr in;

	if (family == AF_INET6) {
		in6.s6_addr32[0] = htonl(0x20010000 | place->block);
		in6.s6_addr16[2] = htons(place->length);
		if (bits6 < 32)
			host &= (1 << bits6) - 1;
		in6.s6_addr32[3] = htonl(host);
		inet_ntop(AF_INET6, &in6, text, INET6_ADDRSTRLEN);
		return 128 - bits6;
	}

	in.s_addr = htonl(0x01000000 + (place->block << 17) +
			  (1 << 17) - (2 << bits) + (host & ((1 << bits) - 1)));
	inet_ntop(AF_INET, &in, text, INET6_ADDRSTRLEN);
	return 32 - bits;
}

/* One size in nine is none that a prefix could have, too. */
static void ranges_ports(struct span *span, const struct place *place)
{
	static const uint16_t sizes[] = {
		1, 1, 2, 16, 64, 100, 512, 1024, 4096
	};
	uint16_t size = sizes[place->mixed % ARRAY_SIZE(sizes)];
	uint16_t low = 1000 + place->quarter * 15000 + place->mixed % 500;

	span->low = (low + size - 1) / size * size;
	span->high = span->low + size - 1;
}

static void ranges_span(struct span *span, int family, uint32_t nr)
{
	struct place place = ranges_place(nr);
	char text[INET6_ADDRSTRLEN];
	unsigned int len;

	len = ranges_address(text, family, &place, 0);
	snprintf(span->prefix, sizeof(span->prefix), "%s/%u", text, len);
	ranges_ports(span, &place);
}

static void ranges_inside(struct endpoint *ep, int family, uint32_t nr)
{
	struct place place = ranges_place(nr);
	struct span span;

	ranges_address(ep->addr, family, &place, place.mixed);
	ranges_ports(&span, &place);
	ep->port = span.low + (span.high - span.low) / 2;
}

/* Far from all prefixes, and from each other: neighbours have the same luck. */
static void ranges_elsewhere(char *text, int family, uint32_t nr)
{
	uint32_t mixed = nr * 0x9e3779b1u;
	struct in_addr in = { htonl(0x40000000 | mixed >> 2) };

	if (family == AF_INET6)
		snprintf(text, INET6_ADDRSTRLEN, "2002:%x:%x::1", mixed >> 16,
			 mixed & 0xffff);
	else
		inet_ntop(AF_INET, &in, text, INET6_ADDRSTRLEN);
}

static void ranges_outside(struct endpoint *ep, int family, uint32_t nr,
			   uint32_t count)
{
	ranges_inside(ep, family, nr % count);
	if (nr % 3)
		ranges_elsewhere(ep->addr, family, nr);
	if (nr % 3 != 1)
		ep->port = 1 + nr % 999;
}

const struct crowd crowd_ranges = {
	.name = "prefixes and ranges",
	.interval = true,
	.span = ranges_span,
	.inside = ranges_inside,
	.outside = ranges_outside,
};
