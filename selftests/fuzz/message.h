/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_MESSAGE_H
#define _FUZZ_MESSAGE_H

#include <libmnl/libmnl.h>

#include "random.h"

/* Room for a request that is being changed. */
#define MESSAGE_MAX 16384

/* Attributes of one, nests and what is in them. */
#define PLACES_MAX 512

/**
 * struct place - an attribute of a message
 * @offset: where it is, in bytes
 * @parent: the nest that it is in, as a number of a place; -1: none
 */
struct place {
	uint32_t offset;
	int parent;
};

/**
 * struct message - a request that is being changed
 * @len: bytes to send; the header may say something else
 * @nlh: the header
 * @buf: the bytes
 * @places: its attributes, by message_map()
 * @nr_places: how many
 */
struct message {
	size_t len;
	union {
		struct nlmsghdr nlh;
		uint8_t buf[MESSAGE_MAX];
	};
	struct place places[PLACES_MAX];
	int nr_places;
};

void message_map(struct message *message);
void message_mutate(struct random *random, struct message *message,
		    struct message *other);

#endif /* _FUZZ_MESSAGE_H */
