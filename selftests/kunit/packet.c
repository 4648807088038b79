// SPDX-License-Identifier: GPL-2.0
/*
 * Packets by chance, most of them almost right; a way to read them that is as
 * plain as can be, and knows nothing of how packets lie in memory; and the
 * same packets as the kernel has them.
 */
#include <kunit/test.h>
#include <linux/skbuff.h>

#include "packet.h"
#include "uapi/rstfault.h"

#define PROTO_TCP 6
#define EXT_HOP 0
#define EXT_ROUTING 43
#define EXT_FRAGMENT 44
#define EXT_AUTH 51
#define EXT_NONE 59
#define EXT_DEST 60

static u32 below(struct rnd_state *rnd, u32 ceiling)
{
	return prandom_u32_state(rnd) % ceiling;
}

static u16 read16(const u8 *at)
{
	return at[0] << 8 | at[1];
}

static u32 read32(const u8 *at)
{
	return (u32)read16(at) << 16 | read16(at + 2);
}

/* A route of the sender's choice among other options, or none, cut off or not. */
static void draw_options(u8 *at, unsigned int len, struct rnd_state *rnd)
{
	static const u8 kinds[] = { 0, 1, 1, 1, 7, 68, 131, 131, 137, 137, 148 };
	unsigned int i = 0;

	while (i < len) {
		at[i] = kinds[below(rnd, ARRAY_SIZE(kinds))];
		if (i + 2 < len && at[i] > 1) {
			at[i + 1] = 3 + 4 * below(rnd, 4) - !below(rnd, 8);
			at[i + 2] = 4 * (1 + below(rnd, 4));
			i += at[i + 1];
		} else {
			i++;
		}
	}
}

static unsigned int draw_ipv4(u8 *at, struct rnd_state *rnd)
{
	unsigned int words = below(rnd, 2) ? 5 : 5 + below(rnd, 11);

	at[0] = 4 << 4 | words;
	if (below(rnd, 8)) {
		/* The first fragment, or the only one. */
		at[6] &= 0xe0;
		at[7] = 0;
	}
	if (below(rnd, 16))
		at[9] = PROTO_TCP;
	draw_options(at + 20, words * 4 - 20, rnd);
	return words * 4;
}

static unsigned int draw_ipv6(u8 *at, struct rnd_state *rnd)
{
	static const u8 kinds[] = { EXT_HOP, EXT_ROUTING, EXT_ROUTING,
				    EXT_FRAGMENT, EXT_AUTH, EXT_DEST };
	unsigned int i, nr = below(rnd, 2) ? 0 : below(rnd, 5), len = 40;
	u8 *next = at + 6;

	at[0] = 6 << 4;
	for (i = 0; i < nr; i++) {
		u8 kind = kinds[below(rnd, ARRAY_SIZE(kinds))];
		u8 *ext = at + len;

		*next = kind;
		next = ext;
		ext[1] = below(rnd, 5);
		switch (kind) {
		case EXT_FRAGMENT:
			if (below(rnd, 4)) {
				ext[2] = 0;
				ext[3] &= 7;
			}
			len += 8;
			break;
		case EXT_AUTH:
			len += (ext[1] + 2) * 4;
			break;
		case EXT_ROUTING:
			ext[2] = below(rnd, 6);
			ext[3] = below(rnd, 3);
			fallthrough;
		default:
			len += (ext[1] + 1) * 8;
		}
	}
	*next = below(rnd, 16) ? PROTO_TCP : below(rnd, 64);
	return len;
}

/**
 * packet_draw() - make a packet
 * @packet: to be filled in
 * @rnd: chance
 * @family: AF_INET or AF_INET6
 *
 * The network header is whole, as at every netfilter hook.
 */
void packet_draw(struct packet *packet, struct rnd_state *rnd, u8 family)
{
	unsigned int thoff;
	u8 *at = packet->bytes;

	prandom_bytes_state(rnd, at, PACKET_MAX);
	packet->family = family;
	thoff = family == AF_INET ? draw_ipv4(at, rnd) : draw_ipv6(at, rnd);
	/* Half of them with the plain header, and with a flag or two. */
	if (below(rnd, 2))
		at[thoff + 12] = 5 << 4;
	if (below(rnd, 2))
		at[thoff + 13] = BIT(below(rnd, 8)) | BIT(below(rnd, 8));

	packet->len = thoff + below(rnd, 100);
	if (!below(rnd, 4))
		packet->len = below(rnd, packet->len);
	packet->len = max(packet->len, packet_network_len(packet));
}

/**
 * packet_network_len() - what netfilter has made sure of
 * @packet: the packet
 *
 * Return: length of the network header with IPv4's options, but without the
 * headers behind that of IPv6.
 */
unsigned int packet_network_len(const struct packet *packet)
{
	return packet->family == AF_INET ? (packet->bytes[0] & 15) * 4 : 40;
}

/* Where TCP begins; 0: nowhere. */
static unsigned int read_ipv4(const struct packet *packet,
			      struct rstf_segment *seg)
{
	unsigned int end = packet_network_len(packet), i = 20, len;
	const u8 *at = packet->bytes;

	if (at[9] != PROTO_TCP || read16(at + 6) & 0x1fff)
		return 0;

	memcpy(&seg->saddr, at + 12, 4);
	memcpy(&seg->daddr, at + 16, 4);
	while (i < end) {
		if (at[i] == 0)
			break;
		if (at[i] == 1) {
			i++;
			continue;
		}
		if (i + 1 >= end)
			break;
		len = at[i + 1];
		if (len == 0 || i + len > end)
			break;
		if (at[i] == 131 || at[i] == 137) {
			/* Not yet at its end, and room for an address. */
			if (len >= 7 && at[i + 2] <= len)
				memcpy(&seg->daddr, at + i + len - 4, 4);
			break;
		}
		i += len;
	}
	return end;
}

static unsigned int read_ipv6(const struct packet *packet,
			      struct rstf_segment *seg)
{
	const u8 *at = packet->bytes;
	unsigned int i = 40;
	bool routed = false;
	u8 next = at[6];

	memcpy(&seg->saddr, at + 8, 16);
	memcpy(&seg->daddr, at + 24, 16);
	while (next != PROTO_TCP) {
		const u8 *ext = at + i;

		if (next != EXT_HOP && next != EXT_ROUTING && next != EXT_DEST &&
		    next != EXT_FRAGMENT)
			return 0;
		if (i + 2 > packet->len)
			return 0;
		if (next == EXT_FRAGMENT) {
			if (i + 4 > packet->len || read16(ext + 2) & ~7)
				return 0;
			i += 8;
		} else {
			i += (ext[1] + 1) * 8;
		}
		if (next == EXT_ROUTING && !routed) {
			routed = true;
			if ((ext[2] == 2 || ext[2] == 4) && ext[3] &&
			    ext[1] >= 2 && ext + 24 <= at + packet->len)
				memcpy(&seg->daddr, ext + 8, 16);
		}
		next = ext[0];
	}
	return i;
}

static u8 read_kinds(u8 flags, unsigned int payload)
{
	bool fin = flags & 1, syn = flags & 2, rst = flags & 4, ack = flags & 16;
	u8 kinds = RSTFAULT_SEGMENT_ANY;

	if (rst)
		return kinds | RSTFAULT_SEGMENT_RST;
	if (syn && ack)
		kinds |= RSTFAULT_SEGMENT_SYNACK;
	if (syn && !ack)
		kinds |= RSTFAULT_SEGMENT_SYN;
	if (fin)
		kinds |= RSTFAULT_SEGMENT_FIN;
	if (payload)
		kinds |= RSTFAULT_SEGMENT_DATA;
	if (ack && !syn && !fin && !payload)
		kinds |= RSTFAULT_SEGMENT_ACK;
	return kinds;
}

/**
 * packet_read() - read a packet without any of the kernel's helpers
 * @packet: the packet
 * @seg: filled in; the rest is 0
 *
 * Return: whether it is a segment.
 */
bool packet_read(const struct packet *packet, struct rstf_segment *seg)
{
	unsigned int thoff, hlen;
	const u8 *th;

	memset(seg, 0, sizeof(*seg));
	seg->family = packet->family;
	thoff = packet->family == AF_INET ? read_ipv4(packet, seg) :
					    read_ipv6(packet, seg);
	if (!thoff || thoff + 20 > packet->len)
		return false;

	th = packet->bytes + thoff;
	hlen = (th[12] >> 4) * 4;
	if (hlen < 20 || thoff + hlen > packet->len)
		return false;

	seg->thoff = thoff;
	seg->payload = packet->len - thoff - hlen;
	seg->sport = read16(th);
	seg->dport = read16(th + 2);
	seg->seq = read32(th + 4);
	seg->ack = read32(th + 8);
	seg->flags = th[13];
	seg->kinds = read_kinds(seg->flags, seg->payload);
	return true;
}

/**
 * packet_skb() - the packet as the kernel has it
 * @test: the test, which fails if there is no memory
 * @packet: the packet
 * @linear: so many bytes in the linear part, the rest in a page
 * @around: what lies behind the bytes of the packet
 *
 * Return: the packet; kfree_skb() it.
 */
struct sk_buff *packet_skb(struct kunit *test, const struct packet *packet,
			   unsigned int linear, u8 around)
{
	struct sk_buff *skb = alloc_skb(PACKET_MAX, GFP_KERNEL);
	unsigned int rest = packet->len - linear;
	struct page *page;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	memset(skb->data, around, skb_tailroom(skb));
	skb_reset_network_header(skb);
	skb_put_data(skb, packet->bytes, linear);
	if (!rest)
		return skb;

	page = alloc_page(GFP_KERNEL);
	if (!page)
		kfree_skb(skb);
	KUNIT_ASSERT_NOT_NULL(test, page);
	memset(page_address(page), around, PAGE_SIZE);
	memcpy(page_address(page), packet->bytes + linear, rest);
	skb_add_rx_frag(skb, 0, page, 0, rest, PAGE_SIZE);
	return skb;
}
