/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_FRAME_H
#define _FUZZ_FRAME_H

#include <linux/virtio_net.h>

#include "lib/packet.h"

#include "random.h"

/**
 * struct frame - a packet that is to arrive at a host
 * @back: it comes by the far wire, and is for the near one
 * @plain: it is right, and its segment can be read in the simplest way
 * @hdr: what the near wire says of it
 * @packet: the packet
 */
struct frame {
	bool back;
	bool plain;
	struct virtio_net_hdr hdr;
	struct packet packet;
};

/**
 * struct heads - where the headers of a packet are
 * @ipv6: it is IPv6
 * @thoff: offset of the TCP header
 * @addrs: of both addresses
 */
struct heads {
	bool ipv6;
	size_t thoff;
	size_t addrs;
};

void frame_make(struct random *random, bool wild, struct frame *frame);
bool frame_read(const uint8_t *bytes, size_t len, struct heads *heads);
bool frame_sums_right(const uint8_t *bytes, size_t len,
		      const struct heads *heads);

#endif /* _FUZZ_FRAME_H */
