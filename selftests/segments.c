// SPDX-License-Identifier: GPL-2.0
/*
 * What is a segment, and what is not: packets that are cut off, in fragments,
 * with options and extension headers, or not in one piece in memory. What
 * cannot be read to its end is left to the stack.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>

#include "kselftest_harness.h"

#include "lib/wired.h"

#define TCP_HEADER_LEN 20

static void make(struct packet *packet, int family, size_t options)
{
	*packet = (struct packet){
		.family = family,
		.saddr = NEAR_ADDR(family),
		.daddr = HOST_ADDR(family),
		.sport = 1000,
		.dport = 2000,
		.flags = TH_RST,
		.payload = 8,
		.options = options,
	};
	packet_build(packet);
}

/* Send @packet, and see whether a rule for RST took it for one. */
#define expect_fires(expected)						\
do {									\
	ASSERT_EQ(0, tool(&self->host,					\
			  "add name r in rst sport 1000 dport 2000 drop")); \
	ASSERT_EQ(0, wire_send(self->near, &packet));			\
	EXPECT_EQ(expected, rule_fired(&self->host, "r"));		\
	ASSERT_EQ(0, rule_flush(&self->host));			\
} while (0)

TEST_F(wired, cut_off)
{
	struct packet packet;
	size_t len;

	for (len = 0; len <= TCP_HEADER_LEN; len++) {
		if (len > 1 && len < TCP_HEADER_LEN - 1)
			continue;
		make(&packet, variant->family, 0);
		packet_set_len(&packet, packet.thoff + len);
		expect_fires(len == TCP_HEADER_LEN);
	}
}

TEST_F(wired, header_length)
{
	struct packet packet;
	int words;

	for (words = 0; words <= 15; words++) {
		if (words > 0 && words < 4)
			continue;
		make(&packet, variant->family, 0);
		packet.bytes[packet.thoff + 12] = words << 4;
		/* The header cannot be shorter than itself, nor longer than
		 * the segment: 20 bytes of header, 8 of payload.
		 */
		expect_fires(words >= 5 && words <= 7);
	}
}

/* TCP options are part of the header, and no payload. */
TEST_F(wired, tcp_options)
{
	struct packet packet;

	make(&packet, variant->family, 0);
	packet.bytes[packet.thoff + 12] = (TCP_HEADER_LEN + 8) / 4 << 4;
	packet.bytes[packet.thoff + 13] = TH_ACK;

	ASSERT_EQ(0, tool(&self->host, "add name d in data drop"));
	ASSERT_EQ(0, tool(&self->host, "add name a in ack drop"));
	ASSERT_EQ(0, wire_send(self->near, &packet));
	EXPECT_EQ(0, rule_fired(&self->host, "d"));
	EXPECT_EQ(1, rule_fired(&self->host, "a"));
}

/* IPv4 options; IPv6 destination options. */
TEST_F(wired, ip_options)
{
	struct packet packet;

	make(&packet, variant->family, 8);
	expect_fires(1);
	make(&packet, variant->family, 40);
	expect_fires(1);

	/* Cut off behind the options. */
	make(&packet, variant->family, 40);
	packet_set_len(&packet, packet.thoff + TCP_HEADER_LEN - 1);
	expect_fires(0);
}

TEST_F(wired, other_protocol)
{
	struct packet packet;

	make(&packet, variant->family, 0);
	packet.bytes[variant->family == AF_INET ? 9 : 6] = IPPROTO_UDP;
	packet_set_len(&packet, packet.len);
	expect_fires(0);
}

/* Make @packet a fragment at @offset bytes, a multiple of 8, but not the last. */
static void fragment(struct packet *packet, unsigned int offset)
{
	uint8_t header[8] = { 0, 0, offset >> 8, (offset & ~7) | 1, 1, 2, 3, 4 };

	if (packet->family == AF_INET6) {
		packet_insert(packet, IPPROTO_FRAGMENT, header, sizeof(header));
		return;
	}

	packet->bytes[6] = 0x20 | offset >> 11;
	packet->bytes[7] = offset >> 3;
	packet_set_len(packet, packet->len);
}

TEST_F(wired, fragments)
{
	struct packet packet;

	/* Only the first one begins with a TCP header. */
	make(&packet, variant->family, 0);
	fragment(&packet, 0);
	packet_set_len(&packet, packet.len - 4);
	expect_fires(1);

	make(&packet, variant->family, 0);
	fragment(&packet, 8);
	packet_set_len(&packet, packet.len - 4);
	expect_fires(0);

	make(&packet, variant->family, 0);
	fragment(&packet, 8184);
	packet_set_len(&packet, packet.len - 4);
	expect_fires(0);
}

/* A later fragment's IPv6 header must not be taken for a TCP header. */
TEST_F(wired, fragment_like_a_reset)
{
	struct packet packet;

	if (variant->family != AF_INET6)
		SKIP(return, "an IPv4 header tells where TCP begins");

	/* Bytes 12 and 13 of the packet: 20 bytes long, RST. */
	make(&packet, AF_INET6, 0);
	packet.saddr = "2001:db8:5004::2";
	packet_build(&packet);
	fragment(&packet, 8);
	packet_set_len(&packet, packet.len - 4);

	ASSERT_EQ(0, tool(&self->host, "add name r in rst drop"));
	ASSERT_EQ(0, wire_send(self->near, &packet));
	EXPECT_EQ(0, rule_fired(&self->host, "r"));
}

TEST_F(wired, extension_headers)
{
	uint8_t hop_by_hop[8] = { 0, 0, 1, 4 };
	uint8_t destination[16] = { 0, 1, 1, 12 };
	uint8_t auth[16] = { 0, 2 };
	struct packet packet;

	if (variant->family != AF_INET6)
		SKIP(return, "IPv6 alone has extension headers");

	make(&packet, AF_INET6, 8);
	packet_insert(&packet, IPPROTO_DSTOPTS, destination,
		      sizeof(destination));
	packet_insert(&packet, IPPROTO_HOPOPTS, hop_by_hop, sizeof(hop_by_hop));
	expect_fires(1);

	/* As in IPv4: the hooks see it once more, without. */
	make(&packet, AF_INET6, 0);
	packet_insert(&packet, IPPROTO_AH, auth, sizeof(auth));
	expect_fires(0);

	/* No next header, although something follows. */
	make(&packet, AF_INET6, 0);
	packet_insert(&packet, IPPROTO_DSTOPTS, hop_by_hop, sizeof(hop_by_hop));
	packet.bytes[40] = IPPROTO_NONE;
	expect_fires(0);

	/* An extension header that is longer than the packet. */
	make(&packet, AF_INET6, 0);
	packet_insert(&packet, IPPROTO_DSTOPTS, hop_by_hop, sizeof(hop_by_hop));
	packet.bytes[41] = 255;
	expect_fires(0);
}

/* A route of the sender's choice that ends at FAR_ADDR, or has ended. */
static void route(struct packet *packet, bool ended)
{
	uint8_t loose[12] = { 1, 131, 7, ended ? 8 : 4 };
	uint8_t routing[24] = { 0, 2, 4, !ended };

	if (packet->family == AF_INET6) {
		inet_pton(AF_INET6, FAR_ADDR(AF_INET6), routing + 8);
		packet_insert(packet, IPPROTO_ROUTING, routing,
			      sizeof(routing));
	} else {
		inet_pton(AF_INET, FAR_ADDR(AF_INET), loose + 4);
		memcpy(packet->bytes + 20, loose, 8);
		packet_set_len(packet, packet->len);
	}
}

/* As long as a packet is still to go further, where that ends is what counts. */
TEST_F(wired, source_route)
{
	size_t room = variant->family == AF_INET ? 8 : 0;
	struct packet packet, rst;
	bool ended;

	for (ended = false; ; ended = true) {
		ASSERT_EQ(0, tool(&self->host, "add name far in data daddr %s forge and drop",
				  FAR_ADDR(variant->family)));
		ASSERT_EQ(0, tool(&self->host, "add name here in data daddr %s forge and drop",
				  HOST_ADDR(variant->family)));
		make(&packet, variant->family, room);
		packet.flags = TH_ACK;
		packet.ack = 5;
		packet_build(&packet);
		route(&packet, ended);
		ASSERT_EQ(0, wire_send(self->near, &packet));
		EXPECT_EQ(!ended, rule_fired(&self->host, "far"));
		EXPECT_EQ(ended, rule_fired(&self->host, "here"));

		/* Who is there is whom the sender expects the answer from. */
		packet.daddr = ended ? HOST_ADDR(variant->family) :
				       FAR_ADDR(variant->family);
		way_answer(&packet, &rst);
		EXPECT_TRUE(wire_has(self->near, &rst, 5000));
		ASSERT_EQ(0, rule_flush(&self->host));
		if (ended)
			break;
	}
}

/*
 * A RST has none of the options that the stack has noted of its trigger, and
 * would look for them, or write to them, where its ports are.
 */
TEST_F(wired, reset_without_options)
{
	uint8_t record_route[12] = { 7, 11, 4 };
	uint8_t hop_by_hop[8] = { 0, 0, 1, 4 };
	struct packet packet;
	int64_t before;

	make(&packet, variant->family, variant->family == AF_INET ? 12 : 0);
	packet.flags = TH_ACK;
	/* In IPv4, seven bytes behind what is taken for the option's begin. */
	packet.dport = variant->family == AF_INET ? 0x0711 : 0xb711;
	packet_build(&packet);
	if (variant->family == AF_INET) {
		memcpy(packet.bytes + 20, record_route, sizeof(record_route));
		packet_set_len(&packet, packet.len);
	} else {
		packet_insert(&packet, IPPROTO_HOPOPTS, hop_by_hop,
			      sizeof(hop_by_hop));
	}

	ASSERT_EQ(0, tool(&self->host, "add name r in data forge to receiver"));
	before = host_mib(&self->host, "Tcp", "InSegs");
	ASSERT_EQ(0, wire_send(self->near, &packet));
	EXPECT_EQ(1, rule_fired(&self->host, "r"));
	EXPECT_EQ(before + 2, host_mib(&self->host, "Tcp", "InSegs"));

	/* On the way through, the stack writes to what it has noted. */
	ASSERT_EQ(0, rule_flush(&self->host));
	ASSERT_EQ(0, tool(&self->host,
			  "add name r forward data forge to receiver and drop"));
	packet.daddr = FAR_ADDR(variant->family);
	packet_build(&packet);
	if (variant->family == AF_INET) {
		memcpy(packet.bytes + 20, record_route, sizeof(record_route));
		packet_set_len(&packet, packet.len);
	} else {
		packet_insert(&packet, IPPROTO_HOPOPTS, hop_by_hop,
			      sizeof(hop_by_hop));
	}
	ASSERT_EQ(0, wire_send(self->near, &packet));
	packet.flags = TH_RST;
	EXPECT_TRUE(wire_has(self->far, &packet, 5000));
}

/* The TCP header lies in another page than the IP header, or in both. */
TEST_F(wired, scattered)
{
	size_t ip_len = variant->family == AF_INET ? 20 : 40;
	size_t cuts[] = { ip_len, ip_len + 1, ip_len + 13,
			  ip_len + TCP_HEADER_LEN };
	struct packet packet;
	uint8_t mac[6];
	unsigned int i;
	int fd;

	fd = wire_open_scattered(&self->host, "wire2", mac);
	ASSERT_LE(0, fd);

	ASSERT_EQ(0, tool(&self->host,
			  "add name r in rst sport 1000 dport 2000 iif wire2 drop"));
	for (i = 0; i < ARRAY_SIZE(cuts); i++) {
		make(&packet, variant->family, 0);
		ASSERT_EQ(0, wire_send_scattered(fd, mac, &packet, cuts[i]));
		EXPECT_EQ(i + 1, rule_fired(&self->host, "r"));
	}
	close(fd);
}

TEST_HARNESS_MAIN
