/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ENDPOINT_H
#define _ENDPOINT_H

#include <netinet/in.h>
#include <stdint.h>

/**
 * struct endpoint - where a segment comes from, and its port here
 * @addr: source address, as text
 * @port: destination port
 */
struct endpoint {
	char addr[INET6_ADDRSTRLEN];
	uint16_t port;
};

struct traffic;

void endpoint_of(struct endpoint *ep, int family, uint32_t nr);
void endpoint_send(const struct endpoint *ep, struct traffic *traffic,
		   uint8_t flags, size_t payload);

#endif /* _ENDPOINT_H */
