/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_SITE_H
#define _FUZZ_SITE_H

#include "lib/host.h"

#include "frame.h"

/* Packets that one may come to, with the RSTs and the copies of many. */
#define OUTPUT_MAX 512

/**
 * struct output - a packet that came out of a host
 * @far: by the far wire
 * @seen: it is accounted for
 * @len: its length
 * @bytes: the packet
 */
struct output {
	bool far;
	bool seen;
	size_t len;
	uint8_t bytes[PACKET_MAX];
};

/**
 * struct site - a host between two wires, whose other ends are the fuzzer
 * @host: the host
 * @near: a wire that leaves work to the host
 * @far: one that does not
 * @count: packets that came out
 * @output: these
 */
struct site {
	struct host host;
	int near;
	int far;
	int count;
	struct output output[OUTPUT_MAX];
};

int site_open(struct site *site);
void site_close(struct site *site);
bool site_send(struct site *site, const struct frame *frame);
void site_drain(struct site *site);
bool site_is_ours(const struct output *output);

#endif /* _FUZZ_SITE_H */
