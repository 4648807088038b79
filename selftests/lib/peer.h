/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _PEER_H
#define _PEER_H

#include <stddef.h>
#include <stdint.h>

#include "tcp.h"

struct host;
struct packet;

/**
 * struct peer - the other end of a connection, played by the test
 * @family: AF_INET or AF_INET6
 * @fd: the socket of the host
 * @port: of both ends
 * @addr: address of the peer; that of the host is host_addr(family, 1)
 * @seq: what it sends next
 * @ack: what it expects next
 */
struct peer {
	int family;
	int fd;
	uint16_t port;
	const char *addr;
	uint32_t seq;
	uint32_t ack;
};

int peer_open(struct peer *peer, const struct host *host, int family,
	      uint16_t port);
int peer_connect(struct peer *peer, const struct host *host, int family,
		 int wire, uint16_t port);
void peer_packet(const struct peer *peer, struct packet *packet, uint8_t flags,
		 size_t payload);
int peer_send(struct peer *peer, int wire, uint8_t flags, size_t payload);
void peer_abort(struct peer *peer);

#endif /* _PEER_H */
