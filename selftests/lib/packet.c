// SPDX-License-Identifier: GPL-2.0
/*
 * Segments made by hand, to send what no stack would.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <string.h>

#include "bytes.h"
#include "packet.h"

#define TCP_HEADER_LEN 20

/* RFC 1071. */
static void put_checksum(uint8_t *place, uint32_t value)
{
	put16(place, ~inet_fold(value));
}

/* Write the TCP header and its payload; the addresses are @len bytes each. */
static void build_tcp(struct packet *packet, const uint8_t *addrs, size_t len)
{
	size_t tcp_len = TCP_HEADER_LEN + packet->payload;
	uint8_t *tcp = packet->bytes + packet->thoff;
	uint32_t pseudo;

	memset(tcp, 0, TCP_HEADER_LEN);
	put16(tcp, packet->sport);
	put16(tcp + 2, packet->dport);
	put32(tcp + 4, packet->seq);
	put32(tcp + 8, packet->ack);
	tcp[12] = TCP_HEADER_LEN / 4 << 4;
	tcp[13] = packet->flags;
	/* The window. */
	put16(tcp + 14, packet->flags & TH_RST ? 0 : 65535);
	memset(tcp + TCP_HEADER_LEN, 'x', packet->payload);
	pseudo = inet_sum(IPPROTO_TCP + tcp_len, addrs, 2 * len);
	put_checksum(tcp + 16, inet_sum(pseudo, tcp, tcp_len));
	tcp[17] ^= packet->badsum;
	packet->len = packet->thoff + tcp_len;
}

/**
 * packet_set_len() - cut a packet, or let it end in zeros
 * @packet: packet that is built; its IP header is made to agree
 * @len: new length
 */
void packet_set_len(struct packet *packet, size_t len)
{
	if (len > packet->len)
		memset(packet->bytes + packet->len, 0, len - packet->len);
	packet->len = len;

	if (packet->family == AF_INET6) {
		put16(packet->bytes + 4, len - sizeof(struct ip6_hdr));
		return;
	}

	put16(packet->bytes + 2, len);
	put16(packet->bytes + 10, 0);
	put_checksum(packet->bytes + 10,
		     inet_sum(0, packet->bytes, (packet->bytes[0] & 15) * 4));
}

static void build_ipv4(struct packet *packet)
{
	uint8_t *ip = packet->bytes;

	memset(ip, 0, sizeof(struct iphdr));
	ip[0] = 4 << 4 | (sizeof(struct iphdr) + packet->options) / 4;
	ip[1] = packet->tclass;
	put16(ip + 4, packet->id);
	/* Not to be fragmented, so that it needs no ID. */
	ip[6] = IP_DF >> 8;
	ip[8] = packet->ttl ?: 64;
	ip[9] = IPPROTO_TCP;
	inet_pton(AF_INET, packet->saddr, ip + 12);
	inet_pton(AF_INET, packet->daddr, ip + 16);
	memset(ip + sizeof(struct iphdr), IPOPT_NOP, packet->options);
	packet->thoff = sizeof(struct iphdr) + packet->options;
	build_tcp(packet, ip + 12, 4);
}

static void build_ipv6(struct packet *packet)
{
	uint8_t *ip = packet->bytes, *options = ip + sizeof(struct ip6_hdr);

	memset(ip, 0, sizeof(struct ip6_hdr) + packet->options);
	put32(ip, 6 << 28 | packet->tclass << 20 | packet->flow);
	ip[6] = packet->options ? IPPROTO_DSTOPTS : IPPROTO_TCP;
	ip[7] = packet->ttl ?: 64;
	inet_pton(AF_INET6, packet->saddr, ip + 8);
	inet_pton(AF_INET6, packet->daddr, ip + 24);
	if (packet->options) {
		options[0] = IPPROTO_TCP;
		options[1] = packet->options / 8 - 1;
		options[2] = IP6OPT_PADN;
		options[3] = packet->options - 4;
	}
	packet->thoff = sizeof(struct ip6_hdr) + packet->options;
	build_tcp(packet, ip + 8, 16);
}

/**
 * packet_build() - write a packet as its description says
 * @packet: its description
 *
 * As a stack would write it: the window of a RST is 0.
 */
void packet_build(struct packet *packet)
{
	if (packet->family == AF_INET6)
		build_ipv6(packet);
	else
		build_ipv4(packet);
	packet_set_len(packet, packet->len);
}

/**
 * packet_set_ttl() - give a packet another TTL or hop limit
 * @packet: packet that is built, with the new value in ttl
 */
void packet_set_ttl(struct packet *packet)
{
	packet->bytes[packet->family == AF_INET6 ? 7 : 8] = packet->ttl;
	packet_set_len(packet, packet->len);
}

/**
 * packet_sum_pseudo() - write what a device makes a TCP checksum of
 * @packet: packet that is built
 * @place: where to write it
 */
void packet_sum_pseudo(const struct packet *packet, uint8_t *place)
{
	bool ipv6 = packet->family == AF_INET6;
	const uint8_t *addrs = packet->bytes + (ipv6 ? 8 : 12);
	size_t tcp_len = packet->len - packet->thoff;
	uint32_t value;

	value = inet_sum(IPPROTO_TCP + tcp_len, addrs, ipv6 ? 32 : 8);
	put16(place, inet_fold(value));
}

/**
 * packet_insert() - put an extension header in front of the others
 * @packet: IPv6 packet that is built
 * @header: number of the extension header
 * @data: the header; its first byte is set to what comes behind it
 * @len: of @data
 */
void packet_insert(struct packet *packet, uint8_t header, const void *data,
		   size_t len)
{
	uint8_t *place = packet->bytes + sizeof(struct ip6_hdr);

	memmove(place + len, place, packet->len - sizeof(struct ip6_hdr));
	memcpy(place, data, len);
	place[0] = packet->bytes[6];
	packet->bytes[6] = header;
	packet->thoff += len;
	packet->len += len;
	packet_set_len(packet, packet->len);
}
