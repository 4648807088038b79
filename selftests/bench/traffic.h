/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TRAFFIC_H
#define _TRAFFIC_H

#include <stddef.h>
#include <stdint.h>

struct packet;

/**
 * struct traffic - packets of one length, to be sent one after the other
 * @family: AF_INET or AF_INET6
 * @indev: name of the interface that they come by, or NULL
 * @outdev: name of the interface that they leave by, or NULL
 * @count: how many there are
 * @room: how many fit in
 * @len: bytes of each
 * @packets: all of them
 */
struct traffic {
	int family;
	const char *indev;
	const char *outdev;
	size_t count;
	size_t room;
	size_t len;
	uint8_t *packets;
};

void traffic_init(struct traffic *traffic, int family, size_t room);
void traffic_free(struct traffic *traffic);
void traffic_add(struct traffic *traffic, struct packet *packet);

#endif /* _TRAFFIC_H */
