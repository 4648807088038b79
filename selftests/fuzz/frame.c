// SPDX-License-Identifier: GPL-2.0
/*
 * TCP segments by chance: right ones, and packets that are wrong in one place or
 * in some, with checksums that are right all the same, mostly.
 */
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/bytes.h"

#include "frame.h"

#define IPV6_HEADER 40
#define TCP_HEADER 20

static uint32_t pseudo_sum(const uint8_t *bytes, size_t len,
			   const struct heads *heads)
{
	return inet_sum(IPPROTO_TCP + len - heads->thoff, bytes + heads->addrs,
		   heads->ipv6 ? 32 : 8);
}

/**
 * frame_read() - find the headers of a segment that has no options of IP
 * @bytes: the packet
 * @len: its length
 * @heads: gets where they are
 *
 * Return: false: it is something else.
 */
bool frame_read(const uint8_t *bytes, size_t len, struct heads *heads)
{
	heads->ipv6 = len && bytes[0] >> 4 == 6;
	heads->thoff = heads->ipv6 ? IPV6_HEADER : 20;
	heads->addrs = heads->ipv6 ? 8 : 12;
	if (len < heads->thoff + TCP_HEADER)
		return false;
	if (heads->ipv6)
		return bytes[6] == IPPROTO_TCP;
	return bytes[0] == 0x45 && bytes[9] == IPPROTO_TCP &&
	       !(get16(bytes + 6) & 0x3fff);
}

/**
 * frame_sums_right() - are both checksums, and the lengths, right?
 * @bytes: the packet
 * @len: its length
 * @heads: by frame_read()
 *
 * Return: whether they are.
 */
bool frame_sums_right(const uint8_t *bytes, size_t len,
		      const struct heads *heads)
{
	if (heads->ipv6 && get16(bytes + 4) != len - IPV6_HEADER)
		return false;
	if (!heads->ipv6 && (get16(bytes + 2) != len ||
			     inet_fold(inet_sum(0, bytes, 20)) != 0xffff))
		return false;
	return inet_fold(inet_sum(pseudo_sum(bytes, len, heads), bytes + heads->thoff,
			len - heads->thoff)) == 0xffff;
}

static const char *address(struct random *random, int family, bool ours,
			   bool far, bool wild)
{
	static const char *const near4[] = { "192.0.2.2", "192.0.2.1" };
	static const char *const near6[] = { "2001:db8::2", "2001:db8::1" };
	static const char *const far4[] = { "198.51.100.2", "198.51.100.1" };
	static const char *const far6[] = { "2001:db8:1::2", "2001:db8:1::1" };
	static const char *const odd4[] = {
		"0.0.0.0", "127.0.0.1", "224.0.0.1", "255.255.255.255",
		"192.0.2.255", "198.51.100.77",
	};
	static const char *const odd6[] = {
		"::", "::1", "ff02::1", "fe80::1", "::ffff:192.0.2.1",
		"2001:db8:1::77",
	};

	if (wild && random_one_in(random, 12))
		return family == AF_INET6 ?
		       odd6[random_below(random, ARRAY_SIZE(odd6))] :
		       odd4[random_below(random, ARRAY_SIZE(odd4))];
	if (family == AF_INET6)
		return far ? far6[ours] : near6[ours];
	return far ? far4[ours] : near4[ours];
}

static void describe(struct random *random, bool wild, struct frame *frame)
{
	static const uint8_t flags[] = {
		TH_SYN, TH_SYN | TH_ACK, TH_ACK, TH_ACK | TH_PSH,
		TH_RST, TH_RST | TH_ACK, TH_RST, TH_RST | TH_ACK,
		TH_FIN | TH_ACK, TH_FIN, 0, TH_SYN | TH_FIN,
	};
	struct packet *packet = &frame->packet;
	int family = random_one_in(random, 2) ? AF_INET6 : AF_INET;
	bool local = random_one_in(random, 4);

	frame->back = random_one_in(random, 4);
	*packet = (struct packet){
		.family = family,
		.saddr = address(random, family, false, frame->back, wild),
		.daddr = address(random, family, local, !frame->back, wild),
		.sport = random_one_in(random, 2) ? 1000 : 2000,
		.dport = random_one_in(random, 2) ? 2000 : 80,
		.flags = flags[random_below(random, ARRAY_SIZE(flags))],
		.seq = random_next(random),
		.ack = random_next(random),
		.id = random_next(random),
	};
	if (wild && random_one_in(random, 4))
		packet->flags = random_next(random);
	if (random_one_in(random, 2))
		packet->payload = random_below(random, 1200);
	if (wild && random_one_in(random, 8))
		packet->options = family == AF_INET6 ?
				  8 * (1 + random_below(random, 8)) :
				  4 * (1 + random_below(random, 10));
	if (wild && random_one_in(random, 12))
		packet->ttl = random_below(random, 4);
	if (wild && random_one_in(random, 12))
		packet->badsum = true;
}

/* In front of what is there; the first byte and the chain are set. */
static void insert_header(struct random *random, struct packet *packet)
{
	static const uint8_t kinds[] = {
		IPPROTO_HOPOPTS, IPPROTO_ROUTING, IPPROTO_ROUTING,
		IPPROTO_FRAGMENT, IPPROTO_FRAGMENT, IPPROTO_DSTOPTS,
		IPPROTO_AH, IPPROTO_NONE, 135,
	};
	uint8_t kind = kinds[random_below(random, ARRAY_SIZE(kinds))];
	size_t len = 8 * (1 + random_below(random, 5)), i;
	uint8_t data[40] = {};

	if (packet->len + len > PACKET_MAX || packet->len < IPV6_HEADER)
		return;
	if (kind == IPPROTO_FRAGMENT)
		len = 8;
	if (random_one_in(random, 3)) {
		for (i = 0; i < len; i++)
			data[i] = random_next(random);
	} else {
		data[2] = 1;
		data[3] = len - 4;
	}
	data[1] = kind == IPPROTO_AH ? len / 4 - 2 : len / 8 - 1;
	if (kind == IPPROTO_ROUTING) {
		static const uint8_t types[] = { 0, 2, 3, 4, 255 };

		data[2] = types[random_below(random, ARRAY_SIZE(types))];
		data[3] = random_below(random, 3);
	}
	if (kind == IPPROTO_FRAGMENT) {
		data[1] = 0;
		/* The first one, the only one, or one behind it. */
		put16(data + 2, random_one_in(random, 3) ?
				random_next(random) : random_below(random, 2));
	}
	packet_insert(packet, kind, data, len);
}

static void change_ipv4(struct random *random, struct packet *packet)
{
	uint8_t *ip = packet->bytes;
	size_t i;

	switch (random_below(random, 6)) {
	case 0:
		ip[0] = 4 << 4 | random_below(random, 16);
		break;
	case 1:
		put16(ip + 2, random_number(random));
		break;
	case 2:
		put16(ip + 6, random_one_in(random, 2) ? 0x2000 :
			      random_next(random));
		break;
	case 3:
		/* A route of the sender's choice, whole or cut. */
		if (packet->options >= 8) {
			ip[20] = random_one_in(random, 2) ? 131 : 137;
			ip[21] = random_below(random, packet->options + 2);
			ip[22] = 4 * random_below(random, 4);
			memcpy(ip + 23, ip + 16, 4);
		}
		break;
	case 4:
		for (i = 0; i < packet->options; i++)
			ip[20 + i] = random_next(random);
		break;
	default:
		ip[9] = random_next(random);
	}
}

static void change_ipv6(struct random *random, struct packet *packet)
{
	switch (random_below(random, 5)) {
	case 0:
		put16(packet->bytes + 4, random_number(random));
		break;
	case 1:
		packet->bytes[6] = random_next(random);
		break;
	default:
		insert_header(random, packet);
	}
}

static void change_tcp(struct random *random, struct packet *packet)
{
	uint8_t *tcp = packet->bytes + packet->thoff;
	size_t i;

	if (packet->thoff + TCP_HEADER > packet->len)
		return;
	switch (random_below(random, 4)) {
	case 0:
		tcp[12] = random_next(random);
		break;
	case 1:
		/* Payload becomes options. */
		if (packet->len < packet->thoff + 60)
			break;
		tcp[12] = (6 + random_below(random, 10)) << 4;
		for (i = 20; i < 60; i++)
			tcp[i] = random_one_in(random, 2) ? 1 :
				 random_below(random, 40);
		break;
	case 2:
		put16(tcp + 18, random_next(random));
		break;
	default:
		tcp[random_below(random, TCP_HEADER)] ^=
			1 << random_below(random, 8);
	}
}

static void flip_bits(struct random *random, struct packet *packet)
{
	int count = 1 + random_below(random, 6);

	while (count--)
		packet->bytes[random_below(random, packet->len)] ^=
			1 << random_below(random, 8);
}

static void change(struct random *random, struct packet *packet)
{
	switch (random_below(random, 6)) {
	case 0:
	case 1:
		if (packet->family == AF_INET6)
			change_ipv6(random, packet);
		else
			change_ipv4(random, packet);
		break;
	case 2:
	case 3:
		change_tcp(random, packet);
		break;
	case 4:
		flip_bits(random, packet);
		break;
	default:
		/* Cut, and lengths tell so, or do not. */
		if (random_one_in(random, 2))
			packet->len = 1 + random_below(random, packet->len);
		else if (packet->len > IPV6_HEADER)
			packet_set_len(packet, IPV6_HEADER +
				       random_below(random, packet->len -
						    IPV6_HEADER));
	}
}

/* Else what is wrong would be thrown away before it comes to a hook. */
static void sum_ipv4(struct packet *packet)
{
	size_t len = (packet->bytes[0] & 15) * 4;

	if (len < 20 || len > packet->len)
		return;
	put16(packet->bytes + 10, 0);
	put16(packet->bytes + 10, ~inet_fold(inet_sum(0, packet->bytes, len)));
}

static void sum_tcp(struct packet *packet)
{
	struct heads heads = {
		.ipv6 = packet->family == AF_INET6,
		.thoff = packet->thoff,
		.addrs = packet->family == AF_INET6 ? 8 : 12,
	};
	uint8_t *check = packet->bytes + packet->thoff + 16;
	uint32_t value;

	if (packet->thoff + TCP_HEADER > packet->len)
		return;
	put16(check, 0);
	value = inet_sum(pseudo_sum(packet->bytes, packet->len, &heads),
			 packet->bytes + heads.thoff,
			 packet->len - heads.thoff);
	put16(check, ~inet_fold(value));
}

/* The host is to finish it: a checksum, or segments that are to be cut. */
static void offload(struct random *random, bool wild, struct frame *frame)
{
	struct virtio_net_hdr *hdr = &frame->hdr;
	struct packet *packet = &frame->packet;
	bool ipv6 = packet->family == AF_INET6;
	size_t tcp_len = 20;

	if (packet->thoff + TCP_HEADER > packet->len)
		return;
	hdr->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	hdr->csum_start = packet->thoff;
	hdr->csum_offset = 16;
	if (random_one_in(random, 2) && packet->payload > 200) {
		tcp_len = packet->bytes[packet->thoff + 12] >> 4 << 2;
		hdr->gso_type = ipv6 ? VIRTIO_NET_HDR_GSO_TCPV6 :
				       VIRTIO_NET_HDR_GSO_TCPV4;
		hdr->gso_size = 100 + random_below(random, 500);
		hdr->hdr_len = packet->thoff + tcp_len;
	}
	packet_sum_pseudo(packet, packet->bytes + packet->thoff + 16);
	if (!wild || !random_one_in(random, 8))
		return;
	switch (random_below(random, 5)) {
	case 0:
		hdr->csum_start = random_below(random, packet->len + 8);
		break;
	case 1:
		hdr->csum_offset = random_below(random, 64);
		break;
	case 2:
		hdr->hdr_len = random_below(random, packet->len + 8);
		break;
	case 3:
		hdr->gso_size = random_number(random);
		break;
	default:
		hdr->gso_type = random_below(random, 6);
	}
}

/**
 * frame_make() - a segment by chance
 * @random: what it follows from
 * @wild: it may be wrong in any way; else it is right
 * @frame: gets it
 */
void frame_make(struct random *random, bool wild, struct frame *frame)
{
	struct packet *packet = &frame->packet;
	int changes;

	memset(&frame->hdr, 0, sizeof(frame->hdr));
	describe(random, wild, frame);
	packet_build(packet);
	frame->plain = !wild;
	if (wild && random_one_in(random, 2)) {
		for (changes = 1 + random_below(random, 3); changes; changes--)
			change(random, packet);
		if (packet->family == AF_INET && !random_one_in(random, 8))
			sum_ipv4(packet);
		if (!random_one_in(random, 4))
			sum_tcp(packet);
	}
	if (!frame->back && random_one_in(random, 4))
		offload(random, wild, frame);
}
