/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _PACKET_H
#define _PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PACKET_MAX 2048

#define TH_FIN 0x01
#define TH_SYN 0x02
#define TH_RST 0x04
#define TH_PSH 0x08
#define TH_ACK 0x10

/**
 * struct packet - a TCP segment made by hand, and the IP packet around it
 * @family: AF_INET or AF_INET6
 * @saddr: source address
 * @daddr: destination address
 * @sport: source port, host byte order
 * @dport: destination port, host byte order
 * @flags: TH_*
 * @seq: sequence number, host byte order
 * @ack: acknowledgment number, host byte order
 * @ttl: TTL or hop limit; 0: 64
 * @tclass: TOS or traffic class
 * @flow: flow label of an IPv6 packet
 * @id: of an IPv4 packet
 * @badsum: the TCP checksum is wrong
 * @payload: bytes of payload
 * @options: IP: bytes of no-operation options, a multiple of 4. IPv6: so many
 *	bytes of destination options, a multiple of 8
 * @len: length of the packet, set by packet_build()
 * @thoff: offset of the TCP header, set by packet_build()
 * @bytes: the packet, set by packet_build()
 */
struct packet {
	int family;
	const char *saddr;
	const char *daddr;
	uint16_t sport;
	uint16_t dport;
	uint8_t flags;
	uint32_t seq;
	uint32_t ack;
	uint8_t ttl;
	uint8_t tclass;
	uint32_t flow;
	uint16_t id;
	bool badsum;
	size_t payload;
	size_t options;
	size_t len;
	size_t thoff;
	uint8_t bytes[PACKET_MAX];
};

void packet_build(struct packet *packet);
void packet_set_len(struct packet *packet, size_t len);
void packet_set_ttl(struct packet *packet);
void packet_sum_pseudo(const struct packet *packet, uint8_t *place);
void packet_insert(struct packet *packet, uint8_t header, const void *data,
		   size_t len);

#endif /* _PACKET_H */
