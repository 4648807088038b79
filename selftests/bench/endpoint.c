// SPDX-License-Identifier: GPL-2.0
/*
 * Numbered endpoints: what rules name, and what segments come from. Each has an
 * address and a port of its own.
 */
#include <stdio.h>

#include "host.h"
#include "packet.h"

#include "endpoint.h"
#include "traffic.h"

/**
 * endpoint_of() - the endpoint of a number
 * @ep: filled in
 * @family: AF_INET or AF_INET6
 * @nr: below 1 << 24; no two have the same address
 */
void endpoint_of(struct endpoint *ep, int family, uint32_t nr)
{
	/* Neither addresses nor ports in the order of numbers. */
	uint32_t mixed = (nr * 0x9e3779b1u) & 0xffffff;

	if (family == AF_INET6)
		snprintf(ep->addr, sizeof(ep->addr), "2001:db8:0:%x:%x::%x",
			 mixed >> 12, mixed & 0xfff, 1 + nr % 7);
	else
		snprintf(ep->addr, sizeof(ep->addr), "10.%u.%u.%u",
			 mixed >> 16, mixed >> 8 & 255, mixed & 255);
	ep->port = 1024 + (nr * 40503u & 0xffff) % 60000;
}

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
