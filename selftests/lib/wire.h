/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WIRE_H
#define _WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct host;
struct packet;

int wire_open(const struct host *host, const char *ifname);
int wire_open_scattered(const struct host *host, const char *ifname,
			uint8_t mac[6]);
int wire_open_offload(const struct host *host, const char *ifname);
int wire_send_offload(int fd, const struct packet *packet, size_t mss);
int wire_send(int fd, const struct packet *packet);
int wire_send_scattered(int fd, const uint8_t mac[6],
			const struct packet *packet, size_t linear);
bool wire_has(int fd, const struct packet *packet, int timeout_ms);

#endif /* _WIRE_H */
