// SPDX-License-Identifier: GPL-2.0
/*
 * Is a packet read the same way wherever its bytes lie: all of them in the linear
 * part, or as few as netfilter allows and the rest in a page? And is nothing read
 * that does not belong to it?
 */
#include <kunit/test.h>
#include <linux/module.h>
#include <linux/skbuff.h>

#include "glance.h"
#include "packet.h"
#include "segment.h"
#include "uapi/rstfault.h"

#define PACKETS 20000

/* Is @skb the segment @want, or none? What is behind the packet is no matter. */
static void expect_segment(struct kunit *test, const struct packet *packet,
			   unsigned int linear, const struct rstf_segment *want,
			   u8 wanted)
{
	bool is = want->kinds & wanted;
	struct rstf_segment seg;
	u8 around;
	bool got;

	for (around = 0; around < 2; around++) {
		struct sk_buff *skb = packet_skb(test, packet, linear, -around);

		memset(&seg, 0, sizeof(seg));
		if (packet->family == AF_INET)
			got = rstf_segment_parse_ipv4(&seg, skb, wanted);
		else
			got = rstf_segment_parse_ipv6(&seg, skb, wanted);
		kfree_skb(skb);
		KUNIT_EXPECT_EQ(test, is, got);
		if (is && got)
			KUNIT_EXPECT_MEMEQ(test, want, &seg, sizeof(seg));
	}
}

static void packets(struct kunit *test, u8 family)
{
	struct packet *packet = kunit_kzalloc(test, sizeof(*packet), GFP_KERNEL);
	unsigned int i, network, segments = 0;
	struct rstf_segment want;
	struct rnd_state rnd;
	u8 wanted;

	KUNIT_ASSERT_NOT_NULL(test, packet);
	prandom_seed_state(&rnd, family);
	for (i = 0; i < PACKETS && test->status == KUNIT_SUCCESS; i++) {
		packet_draw(packet, &rnd, family);
		if (packet_read(packet, &want))
			segments++;
		else
			want.kinds = 0;
		network = packet_network_len(packet);
		wanted = i % 4 ? RSTFAULT_SEGMENT_ANY : BIT(i / 4 % 7);
		expect_segment(test, packet, packet->len, &want, wanted);
		expect_segment(test, packet, network, &want, wanted);
		expect_segment(test, packet, network + prandom_u32_state(&rnd) %
			       (packet->len - network + 1), &want, wanted);
	}
	/* Neither all nor none of them. */
	KUNIT_EXPECT_GT(test, segments, PACKETS / 10);
	KUNIT_EXPECT_LT(test, segments, PACKETS * 9 / 10);
}

static void packets_ipv4(struct kunit *test)
{
	packets(test, AF_INET);
}

static void packets_ipv6(struct kunit *test)
{
	packets(test, AF_INET6);
}

/* Are exactly those flags wanted that segments of these kinds can have? */
static void combinations(struct kunit *test)
{
	struct packet *packet = kunit_kzalloc(test, sizeof(*packet), GFP_KERNEL);
	unsigned int kinds, flags;
	struct rstf_segment seg;
	u8 *th;

	KUNIT_ASSERT_NOT_NULL(test, packet);
	th = packet->bytes + 20;
	packet->family = AF_INET;
	packet->bytes[0] = 4 << 4 | 5;
	packet->bytes[9] = 6;
	th[12] = 5 << 4;
	for (kinds = 1; kinds < 128; kinds++) {
		u32 set = rstf_segment_combinations(kinds);
		u8 seen = 0;

		KUNIT_ASSERT_NE(test, set, 0);
		for (flags = 0; flags < 32; flags++) {
			th[13] = flags;
			packet->len = 40;
			KUNIT_ASSERT_TRUE(test, packet_read(packet, &seg));
			seen = seg.kinds;
			packet->len = 41;
			KUNIT_ASSERT_TRUE(test, packet_read(packet, &seg));
			seen |= seg.kinds;
			KUNIT_EXPECT_EQ(test, !!(kinds & seen),
					!!(set & BIT(RSTF_COMBINATION(flags))));
		}
	}
}

static struct kunit_case segments_cases[] = {
	KUNIT_CASE_SLOW(packets_ipv4),
	KUNIT_CASE_SLOW(packets_ipv6),
	KUNIT_CASE(combinations),
	{}
};

static struct kunit_suite segments_suite = {
	.name = "rstfault_segments",
	.test_cases = segments_cases,
};

kunit_test_suite(segments_suite);

MODULE_DESCRIPTION("Tests of rstfault within the kernel");
MODULE_LICENSE("GPL");
