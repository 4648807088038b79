// SPDX-License-Identifier: GPL-2.0
/*
 * Changes of a netlink message, so that what comes of it is wrong in one place
 * and right in all others, mostly.
 */
#include <linux/genetlink.h>
#include <string.h>

#include "rstfault.h"

#include "message.h"

#define HEADERS (NLMSG_HDRLEN + GENL_HDRLEN)

static struct nlattr *attr_at(struct message *message, int place)
{
	return (void *)(message->buf + message->places[place].offset);
}

static void map(struct message *message, uint32_t offset, uint32_t end,
		int parent, int depth)
{
	while (offset + sizeof(struct nlattr) <= end &&
	       message->nr_places < PLACES_MAX) {
		int place = message->nr_places;
		struct nlattr *attr;

		message->places[place] = (struct place){ offset, parent };
		attr = attr_at(message, place);
		if (attr->nla_len < sizeof(*attr) ||
		    offset + attr->nla_len > end)
			return;
		message->nr_places++;
		if (attr->nla_type & NLA_F_NESTED && depth < 8)
			map(message, offset + sizeof(*attr),
			    offset + attr->nla_len, place, depth + 1);
		offset += MNL_ALIGN(attr->nla_len);
	}
}

/**
 * message_map() - find the attributes of a message
 * @message: the message
 */
void message_map(struct message *message)
{
	message->nr_places = 0;
	if (message->len > HEADERS)
		map(message, HEADERS, message->len, -1, 0);
}

/* Let what is around a place be longer, or shorter. */
static void stretch(struct message *message, int parent, int by)
{
	for (; parent >= 0; parent = message->places[parent].parent)
		attr_at(message, parent)->nla_len += by;
	message->nlh.nlmsg_len += by;
}

static void insert(struct message *message, uint32_t offset, int parent,
		   const void *bytes, uint32_t len)
{
	uint32_t room = MNL_ALIGN(len);

	if (message->len + room > MESSAGE_MAX || offset > message->len)
		return;
	memmove(message->buf + offset + room, message->buf + offset,
		message->len - offset);
	memset(message->buf + offset, 0, room);
	memcpy(message->buf + offset, bytes, len);
	message->len += room;
	stretch(message, parent, room);
}

static void cut(struct message *message, uint32_t offset, int parent,
		uint32_t len)
{
	if (offset + len > message->len)
		len = message->len - offset;
	memmove(message->buf + offset, message->buf + offset + len,
		message->len - offset - len);
	message->len -= len;
	stretch(message, parent, -len);
}

static void flip_bits(struct random *random, struct message *message)
{
	int count = 1 + random_below(random, 8);

	while (count-- && message->len > HEADERS) {
		uint32_t at = HEADERS +
			      random_below(random, message->len - HEADERS);

		message->buf[at] ^= 1 << random_below(random, 8);
	}
}

static void change_length(struct random *random, struct nlattr *attr)
{
	static const uint16_t lens[] = { 0, 1, 3, 4, 5, 6, 8, 12, 20, 36,
					 0x7fff, 0x8000, 0xfffc, 0xffff };

	switch (random_below(random, 3)) {
	case 0:
		attr->nla_len = lens[random_below(random, ARRAY_SIZE(lens))];
		break;
	case 1:
		attr->nla_len++;
		break;
	default:
		attr->nla_len--;
	}
}

static void change_type(struct random *random, struct nlattr *attr)
{
	static const uint16_t flags[] = { NLA_F_NESTED, NLA_F_NET_BYTEORDER };

	switch (random_below(random, 4)) {
	case 0:
		attr->nla_type ^= flags[random_below(random, 2)];
		break;
	case 1:
		attr->nla_type = random_next(random);
		break;
	default:
		attr->nla_type = (attr->nla_type & NLA_F_NESTED) |
				 random_below(random, RSTFAULT_A_RULE_MAX + 3);
	}
}

static void change_value(struct random *random, struct nlattr *attr)
{
	uint64_t number = random_number(random);
	size_t len = attr->nla_len - sizeof(*attr);

	memcpy(attr + 1, &number, len < sizeof(number) ? len : sizeof(number));
}

/* Longer or shorter, and all lengths say so. */
static void resize(struct random *random, struct message *message, int place)
{
	struct nlattr *attr = attr_at(message, place);
	uint32_t end = message->places[place].offset + MNL_ALIGN(attr->nla_len);
	uint8_t more[64];
	size_t i;

	if (random_one_in(random, 2)) {
		for (i = 0; i < sizeof(more); i++)
			more[i] = random_next(random);
		insert(message, end, place, more,
		       4 * (1 + random_below(random, sizeof(more) / 4)));
	} else if (attr->nla_len >= sizeof(*attr) + 4) {
		cut(message, end - 4, place, 4);
	}
}

/* Put a copy of an attribute, of this message or of another, anywhere. */
static void copy(struct random *random, struct message *message,
		 struct message *from, int place)
{
	uint8_t bytes[MESSAGE_MAX];
	struct nlattr *attr = attr_at(from, place);
	uint16_t len = attr->nla_len;
	int to = message->nr_places ?
		 (int)random_below(random, message->nr_places) : -1;

	memcpy(bytes, attr, len);
	if (to < 0)
		insert(message, HEADERS, -1, bytes, len);
	else
		insert(message, message->places[to].offset,
		       message->places[to].parent, bytes, len);
}

static void delete(struct message *message, int place)
{
	cut(message, message->places[place].offset,
	    message->places[place].parent,
	    MNL_ALIGN(attr_at(message, place)->nla_len));
}

/* A nest around an attribute, of any type. */
static void wrap(struct random *random, struct message *message, int place)
{
	struct nlattr *attr = attr_at(message, place);
	struct nlattr nest = {
		.nla_len = sizeof(nest),
		.nla_type = NLA_F_NESTED |
			    (random_one_in(random, 2) ? attr->nla_type :
			     random_below(random, RSTFAULT_A_RULE_MAX + 2)),
	};
	uint32_t offset = message->places[place].offset;
	uint16_t len = attr->nla_len;

	insert(message, offset, message->places[place].parent, &nest,
	       sizeof(nest));
	((struct nlattr *)(message->buf + offset))->nla_len += len;
}

static void change_headers(struct random *random, struct message *message)
{
	struct genlmsghdr *genl = (void *)(message->buf + NLMSG_HDRLEN);

	switch (random_below(random, 5)) {
	case 0:
		genl->cmd = random_below(random, RSTFAULT_CMD_MAX + 3);
		break;
	case 1:
		genl->version = random_next(random);
		break;
	case 2:
		genl->reserved = random_next(random);
		break;
	default:
		message->nlh.nlmsg_flags ^= 1 << random_below(random, 12);
	}
}

static void change_end(struct random *random, struct message *message)
{
	uint32_t left = message->len - HEADERS;
	uint8_t rest[32];
	size_t i;

	if (message->len < HEADERS)
		return;
	switch (random_below(random, 4)) {
	case 0:
		/* The header knows of it. */
		message->len -= random_below(random, left + 1);
		message->nlh.nlmsg_len = message->len;
		break;
	case 1:
		message->len -= random_below(random, left + 1);
		break;
	case 2:
		for (i = 0; i < sizeof(rest); i++)
			rest[i] = random_next(random);
		insert(message, message->len, -1, rest,
		       1 + random_below(random, sizeof(rest)));
		break;
	default:
		message->nlh.nlmsg_len -= random_below(random, left + 1);
	}
}

static void change_attr(struct random *random, struct message *message,
			int place)
{
	switch (random_below(random, 8)) {
	case 0:
		change_length(random, attr_at(message, place));
		break;
	case 1:
		change_type(random, attr_at(message, place));
		break;
	case 2:
	case 3:
		change_value(random, attr_at(message, place));
		break;
	case 4:
		resize(random, message, place);
		break;
	case 5:
		copy(random, message, message, place);
		break;
	case 6:
		delete(message, place);
		break;
	default:
		wrap(random, message, place);
	}
}

/**
 * message_mutate() - change a message in one place or in some
 * @random: what follows from it
 * @message: the message, complete
 * @other: another one, to take attributes from
 */
void message_mutate(struct random *random, struct message *message,
		    struct message *other)
{
	int changes = 1 + random_below(random, 3);

	while (changes--) {
		message_map(message);
		message_map(other);
		switch (random_below(random, 12)) {
		case 0:
			flip_bits(random, message);
			break;
		case 1:
			change_headers(random, message);
			break;
		case 2:
			change_end(random, message);
			break;
		case 3:
		case 4:
			if (other->nr_places)
				copy(random, message, other,
				     random_below(random, other->nr_places));
			break;
		default:
			if (message->nr_places)
				change_attr(random, message,
					    random_below(random,
							 message->nr_places));
		}
	}
}
