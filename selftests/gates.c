// SPDX-License-Identifier: GPL-2.0
/*
 * Gates: on which of its matches a rule acts. The host forwards between its
 * two wires, so that both directions of a connection pass the rule.
 */
#include <arpa/inet.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "lib/wired.h"

/*
 * A segment of connection c, 'a' to 'z', in its one direction; or, of 'A' to
 * 'Z', in its other one.
 */
static int send_segment(FIXTURE_DATA(wired) *self, int family, char c,
			size_t payload)
{
	struct packet packet = {
		.family = family,
		.saddr = NEAR_ADDR(family),
		.daddr = FAR_ADDR(family),
		.sport = 1000 + (c | 0x20) - 'a',
		.dport = 2000,
		.flags = TH_ACK,
		.payload = payload,
	};
	uint16_t port = packet.sport;

	if (c & 0x20) {
		packet_build(&packet);
		return wire_send(self->near, &packet);
	}

	packet.saddr = FAR_ADDR(family);
	packet.daddr = NEAR_ADDR(family);
	packet.sport = packet.dport;
	packet.dport = port;
	packet_build(&packet);
	return wire_send(self->far, &packet);
}

/* Rules, connections of the segments, and on which of those the rule acts. */
static const struct {
	const char *gates;
	const char *segments;
	const char *acts;
	size_t payload;
} rows[] = {
	/* of the rule */
	{ "skip 0", "aaa", "XXX" },
	{ "skip 2", "aabAb", "..XXX" },
	{ "every 1", "aaa", "XXX" },
	{ "every 3", "aabAbaa", "..X..X." },
	{ "skip 1 every 2", "aaaaaaa", "..X.X.X" },
	{ "skip 2 every 3", "aaaaaaaa", "....X..X" },
	{ "limit 2", "abAaa", "XX..." },
	{ "limit 2 per packet", "abAaa", "XX..." },
	{ "nth 1", "aaa", "X.." },
	{ "nth 3", "abAaa", "..X.." },
	{ "skip 2 nth 3", "aaaa", "..X." },
	{ "skip 3 nth 3", "aaaa", "...." },
	{ "skip 1 limit 2", "aaaaa", ".XX.." },
	{ "every 2 limit 2", "aaaaaaa", ".X.X..." },
	{ "nth 2 limit 1", "aaaa", ".X.." },
	{ "bytes 0..", "aa", "XX", 10 },
	{ "bytes 20..", "abAa", ".XXX", 10 },
	{ "bytes 21..", "abAa", "..XX", 10 },
	{ "bytes 20..30", "abAaa", ".XX..", 10 },
	{ "bytes 20..29", "abAaa", ".X...", 10 },
	{ "bytes 0..10", "aaa", "X..", 10 },
	{ "bytes 20.. limit 1", "aaaa", ".X..", 10 },
	{ "skip 2 bytes 0..30", "aaaa", "..X.", 10 },
	{ "probability 100%", "aaa", "XXX" },
	{ "probability 0%", "aaa", "..." },
	{ "probability 0% limit 1", "aaa", "..." },

	/* of each connection */
	{ "skip 1 per connection", "abab", "..XX" },
	{ "skip 1 per connection", "aAbB", ".X.X" },
	{ "every 2 per connection", "aabAb", ".X..X" },
	{ "skip 1 per connection every 2 per connection", "aabAbaA",
	  "...X..X" },
	{ "limit 1 per connection", "aabAb", "X.X.." },
	{ "limit 2 per connection", "abABab", "XXXX.." },
	{ "nth 2 per connection", "abAcb", "..X.X" },
	{ "bytes 20.. per connection", "abABc", "..XX.", 10 },
	{ "bytes 10..19 per connection", "abABc", "XX..X", 10 },
	{ "probability 100% per connection", "abA", "XXX" },
	{ "probability 0% per connection", "abA", "..." },

	/* of both */
	{ "skip 1 per connection limit 2", "aabbab", ".X.X.." },
	{ "skip 1 limit 1 per connection", "aabAb", ".XX.." },
	{ "skip 2 every 2 per connection", "aaabab", "....XX" },
	{ "skip 1 every 2 per connection", "aaaa", "..X." },
	{ "skip 1 per connection every 2", "aabbab", "...X.X" },
	{ "nth 2 limit 1 per connection", "abab", ".X.." },
	{ "probability 0% per connection limit 1", "ab", ".." },
	{ "probability 100% per connection skip 1", "ab", ".X" },
	{ "bytes 10.. nth 2 per connection", "abab", "..XX", 5 },
};

TEST_F_TIMEOUT(wired, rows, 300)
{
	unsigned int i, j, len;
	int64_t fired, now;
	char acts[32];

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		ASSERT_EQ(0, tool(&self->host,
				  "add name r forward ack,data %s pass",
				  rows[i].gates));
		len = strlen(rows[i].segments);
		ASSERT_EQ(len, strlen(rows[i].acts));
		for (fired = 0, j = 0; j < len; j++) {
			ASSERT_EQ(0, send_segment(self, variant->family,
						  rows[i].segments[j],
						  rows[i].payload));
			now = rule_fired(&self->host, "r");
			acts[j] = now == fired ? '.' : 'X';
			fired = now;
		}
		acts[j] = '\0';
		EXPECT_STREQ(rows[i].acts, acts) {
			TH_LOG("%s: %s", rows[i].gates, rows[i].segments);
		}
		EXPECT_EQ(len, rule_counter(&self->host, "r",
					    RSTFAULT_A_COUNTERS_MATCHED));
		EXPECT_EQ(len - fired, rule_counter(&self->host, "r",
						    RSTFAULT_A_COUNTERS_GATED));
		EXPECT_EQ(0, rule_counter(&self->host, "r",
					  RSTFAULT_A_COUNTERS_FAILED));
		ASSERT_EQ(0, rule_flush(&self->host));
	}
}

/* A RST that is simply dropped is still for the gates to decide about. */
TEST_F(wired, resets)
{
	struct packet rst;
	unsigned int i;

	ASSERT_EQ(0, tool(&self->host, "add name r in rst skip 1 limit 2 drop"));
	wired_packet(&rst, variant->family, TH_RST, 0);
	for (i = 0; i < 4; i++)
		ASSERT_EQ(0, wire_send(self->near, &rst));
	EXPECT_EQ(2, rule_fired(&self->host, "r"));
	EXPECT_EQ(2, rule_counter(&self->host, "r",
				  RSTFAULT_A_COUNTERS_GATED));
	EXPECT_EQ(2, host_count(DROPPED));
	EXPECT_EQ(0, host_imbalance(&self->host));
}

/* What a rule does not act on is for the next one; what does not match counts. */
TEST_F(wired, next_rule)
{
	unsigned int i;

	ASSERT_EQ(0, tool(&self->host,
			  "add name first forward data nth 2 drop"));
	ASSERT_EQ(0, tool(&self->host,
			  "add name second forward any limit 1 force drop"));
	ASSERT_EQ(0, tool(&self->host, "add name third forward any pass"));

	/* The first one does not see what has no payload. */
	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, send_segment(self, variant->family, 'a', 0));
		ASSERT_EQ(0, send_segment(self, variant->family, 'a', 1));
	}
	EXPECT_EQ(1, rule_fired(&self->host, "first"));
	EXPECT_EQ(2, rule_counter(&self->host, "first",
				  RSTFAULT_A_COUNTERS_GATED));
	EXPECT_EQ(1, rule_fired(&self->host, "second"));
	EXPECT_EQ(4, rule_counter(&self->host, "second",
				  RSTFAULT_A_COUNTERS_GATED));
	EXPECT_EQ(4, rule_fired(&self->host, "third"));
}

/* A shadow makes way also for what it would have acted on. */
TEST_F(wired, shadow)
{
	int i;

	ASSERT_EQ(0, tool(&self->host,
			  "add name first forward any limit 2 shadow drop"));
	ASSERT_EQ(0, tool(&self->host, "add name second forward any pass"));
	for (i = 0; i < 3; i++)
		ASSERT_EQ(0, send_segment(self, variant->family, 'a', 0));
	EXPECT_EQ(2, rule_fired(&self->host, "first"));
	EXPECT_EQ(1, rule_counter(&self->host, "first",
				  RSTFAULT_A_COUNTERS_GATED));
	EXPECT_EQ(3, rule_fired(&self->host, "second"));
}

/* Two rules count, and remember connections, each by itself. */
TEST_F(wired, rules_are_apart)
{
	ASSERT_EQ(0, tool(&self->host,
			  "add name first forward any nth 2 per connection pass"));
	ASSERT_EQ(0, tool(&self->host,
			  "add name second forward any nth 2 per connection pass"));

	ASSERT_EQ(0, send_segment(self, variant->family, 'a', 0));
	ASSERT_EQ(0, send_segment(self, variant->family, 'a', 0));
	EXPECT_EQ(1, rule_fired(&self->host, "first"));
	EXPECT_EQ(0, rule_fired(&self->host, "second"));
	ASSERT_EQ(0, send_segment(self, variant->family, 'a', 0));
	EXPECT_EQ(1, rule_fired(&self->host, "second"));

	/* A rule that comes in the place of another begins anew. */
	ASSERT_EQ(0, tool(&self->host, "del name first"));
	ASSERT_EQ(0, tool(&self->host, "del name second"));
	ASSERT_EQ(0, tool(&self->host,
			  "add name first forward any limit 1 per connection pass"));
	ASSERT_EQ(0, send_segment(self, variant->family, 'a', 0));
	EXPECT_EQ(1, rule_fired(&self->host, "first"));
}

/*
 * SipHash-2-4 after its reference, https://github.com/veorq/SipHash, with a key
 * of 64 bits and zeros.
 */
static uint64_t rotate(uint64_t x, int bits)
{
	return x << bits | x >> (64 - bits);
}

static void sip_round(uint64_t v[4])
{
	v[0] += v[1]; v[1] = rotate(v[1], 13); v[1] ^= v[0];
	v[0] = rotate(v[0], 32);
	v[2] += v[3]; v[3] = rotate(v[3], 16); v[3] ^= v[2];
	v[0] += v[3]; v[3] = rotate(v[3], 21); v[3] ^= v[0];
	v[2] += v[1]; v[1] = rotate(v[1], 17); v[1] ^= v[2];
	v[2] = rotate(v[2], 32);
}

static uint64_t sip_hash(const uint8_t *data, size_t len, uint64_t key)
{
	uint64_t v[4] = {
		0x736f6d6570736575ULL ^ key, 0x646f72616e646f6dULL,
		0x6c7967656e657261ULL ^ key, 0x7465646279746573ULL,
	};
	uint64_t word;
	size_t i, j;

	for (i = 0; i <= len / 8; i++) {
		word = i == len / 8 ? (uint64_t)len << 56 : 0;
		for (j = 8 * i; j < 8 * i + 8 && j < len; j++)
			word |= (uint64_t)data[j] << 8 * (j % 8);
		v[3] ^= word;
		sip_round(v);
		sip_round(v);
		v[0] ^= word;
	}
	v[2] ^= 0xff;
	for (i = 0; i < 4; i++)
		sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

/* The hash, as a fraction of 2^64, in billionths. */
static bool hash_fires(uint64_t hash, uint32_t billionths)
{
	const uint64_t all = 1000000000;

	return ((hash >> 32) * all + ((uint32_t)hash * all >> 32)) >> 32 <
	       billionths;
}

/* As documented, match number @number. */
static bool packet_fires(uint32_t seed, uint64_t number, uint32_t billionths)
{
	uint8_t bytes[8];
	int i;

	for (i = 0; i < 8; i++)
		bytes[i] = number >> 8 * i;
	return hash_fires(sip_hash(bytes, sizeof(bytes), seed), billionths);
}

/* As documented, connection @c of send_segment(). */
static bool connection_fires(uint32_t seed, int family, char c,
			     uint32_t billionths)
{
	size_t len = family == AF_INET6 ? 16 : 4;
	uint16_t near_port = htons(1000 + (c | 0x20) - 'a');
	uint16_t far_port = htons(2000);
	uint8_t bytes[36];

	/* The near end has the lower address. */
	inet_pton(family, NEAR_ADDR(family), bytes);
	inet_pton(family, FAR_ADDR(family), bytes + len);
	memcpy(bytes + 2 * len, &near_port, 2);
	memcpy(bytes + 2 * len + 2, &far_port, 2);
	return hash_fires(sip_hash(bytes, 2 * len + 4, seed), billionths);
}

#define PACKETS 64

/* On which of PACKETS segments, a bit each, does a rule act? */
static uint64_t decisions(FIXTURE_DATA(wired) *self, int family,
			  const char *gates, bool connections)
{
	int64_t fired = 0, now;
	uint64_t acts = 0;
	int i;

	if (tool(&self->host, "add name r forward any %s force drop", gates))
		return -1;
	for (i = 0; i < PACKETS; i++) {
		if (send_segment(self, family, connections ? 'a' + i % 26 : 'a',
				 0))
			return -1;
		now = rule_fired(&self->host, "r");
		acts |= (uint64_t)(now - fired) << i;
		fired = now;
	}
	return rule_flush(&self->host) ? -1 : acts;
}

TEST_F(wired, seed)
{
	uint64_t expected = 0, acts, other, more;
	int i;

	for (i = 0; i < PACKETS; i++)
		expected |= (uint64_t)packet_fires(4711, i + 1, 300000000) << i;
	acts = decisions(self, variant->family, "probability 30% seed 4711",
			 false);
	EXPECT_EQ(expected, acts);
	/* Again the same; from other connections too; not with another seed. */
	EXPECT_EQ(acts, decisions(self, variant->family,
				  "probability 30% seed 4711", false));
	EXPECT_EQ(acts, decisions(self, variant->family,
				  "probability 30% seed 4711", true));
	other = decisions(self, variant->family, "probability 30% seed 4712",
			  false);
	EXPECT_NE(-1, other);
	EXPECT_NE(acts, other);
	/* More probability adds to what happens. */
	more = decisions(self, variant->family, "probability 50% seed 4711",
			 false);
	EXPECT_NE(-1, more);
	EXPECT_EQ(acts, acts & more);
}

TEST_F(wired, seed_of_connections)
{
	uint64_t expected = 0, acts;
	int i;

	for (i = 0; i < PACKETS; i++)
		expected |= (uint64_t)connection_fires(99, variant->family,
						       'a' + i % 26,
						       500000000) << i;
	acts = decisions(self, variant->family,
			 "probability 50% per connection seed 99", true);
	EXPECT_EQ(expected, acts);
	EXPECT_NE(0, acts);
	EXPECT_NE(-1, acts);

	/* The other direction is the same connection. */
	ASSERT_EQ(0, tool(&self->host,
			  "add name r forward any probability 50%% per connection seed 99 pass"));
	for (i = 0; i < 26; i++)
		ASSERT_EQ(0, send_segment(self, variant->family, 'A' + i, 0));
	EXPECT_EQ(__builtin_popcountll(expected & ((1 << 26) - 1)),
		  rule_fired(&self->host, "r"));
}

TEST_HARNESS_MAIN
