/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_KUNIT_PACKET_H
#define _RSTF_KUNIT_PACKET_H

#include <linux/prandom.h>
#include <linux/types.h>

#include "segment.h"

struct kunit;
struct sk_buff;

#define PACKET_MAX 512

/**
 * struct packet - what a packet consists of, as a plain array
 * @bytes: from the network header on
 * @len: how many there are
 * @family: AF_INET or AF_INET6
 */
struct packet {
	u8 bytes[PACKET_MAX];
	unsigned int len;
	u8 family;
};

void packet_draw(struct packet *packet, struct rnd_state *rnd, u8 family);
unsigned int packet_network_len(const struct packet *packet);
bool packet_read(const struct packet *packet, struct rstf_segment *seg);
struct sk_buff *packet_skb(struct kunit *test, const struct packet *packet,
			   unsigned int linear, u8 around);

#endif /* _RSTF_KUNIT_PACKET_H */
