/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CAPTURE_H
#define _CAPTURE_H

#include <arpa/inet.h>
#include <stdint.h>

#include "packet.h"

struct host;

/**
 * struct capture - a TCP segment that was read, from a wire or at a host
 * @packet: what is in it; len, thoff and bytes are those of the packet
 * @broken: what is wrong in its IP header, or NULL
 * @df: IPv4: it is not to be fragmented
 * @header: length of the TCP header
 * @window: as in the header
 * @when: when it was read, nanoseconds of CLOCK_MONOTONIC
 * @saddr: what packet.saddr points to
 * @daddr: what packet.daddr points to
 */
struct capture {
	struct packet packet;
	const char *broken;
	bool df;
	size_t header;
	uint16_t window;
	int64_t when;
	char saddr[INET6_ADDRSTRLEN];
	char daddr[INET6_ADDRSTRLEN];
};

int64_t capture_now(void);
int capture_open(const struct host *host, int family);
bool capture_read(int fd, struct capture *capture, int timeout_ms);
void capture_drain(int fd);
const char *capture_differs(const struct capture *capture,
			    const struct packet *want);

#endif /* _CAPTURE_H */
