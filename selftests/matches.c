// SPDX-License-Identifier: GPL-2.0
/*
 * Each condition of a rule, with a segment that fulfils it and one that just
 * does not.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>

#include "kselftest_harness.h"

#include "lib/wired.h"

/* A segment that differs from the usual one in what is set here. */
struct change {
	const char *saddr;
	const char *daddr;
	uint16_t sport;
	uint16_t dport;
	uint8_t flags;
	size_t payload;
};

/*
 * The usual segment is a RST from port 1000 of NEAR_ADDR to port 2000 of
 * HOST_ADDR, arriving by wire0.
 */
struct row {
	int family;
	const char *rule;
	struct change change;
	bool fires;
};

#define BOTH 0

static const struct row rows[] = {
	/* kinds */
	{ BOTH, "rst", {}, true },
	{ BOTH, "rst", { .flags = TH_RST | TH_ACK }, true },
	{ BOTH, "rst", { .flags = TH_RST | TH_SYN }, true },
	{ BOTH, "rst", { .flags = TH_SYN }, false },
	{ BOTH, "rst", { .flags = TH_ACK }, false },
	{ BOTH, "syn", { .flags = TH_SYN }, true },
	{ BOTH, "syn", { .flags = TH_SYN | TH_ACK }, false },
	{ BOTH, "syn", { .flags = TH_SYN | TH_RST }, false },
	{ BOTH, "synack", { .flags = TH_SYN | TH_ACK }, true },
	{ BOTH, "synack", { .flags = TH_SYN }, false },
	{ BOTH, "synack", { .flags = TH_ACK }, false },
	{ BOTH, "ack", { .flags = TH_ACK }, true },
	{ BOTH, "ack", { .flags = TH_ACK, .payload = 1 }, false },
	{ BOTH, "ack", { .flags = TH_ACK | TH_SYN }, false },
	{ BOTH, "ack", { .flags = TH_ACK | TH_FIN }, false },
	{ BOTH, "ack", { .flags = TH_ACK | TH_RST }, false },
	{ BOTH, "data", { .flags = TH_ACK, .payload = 1 }, true },
	{ BOTH, "data", { .flags = TH_ACK }, false },
	{ BOTH, "data", { .flags = TH_RST, .payload = 1 }, false },
	{ BOTH, "fin", { .flags = TH_FIN | TH_ACK }, true },
	{ BOTH, "fin", { .flags = TH_FIN | TH_ACK, .payload = 1 }, true },
	{ BOTH, "fin", { .flags = TH_FIN | TH_RST }, false },
	{ BOTH, "fin", { .flags = TH_ACK }, false },
	{ BOTH, "any force", {}, true },
	{ BOTH, "any force", { .flags = TH_PSH }, true },
	{ BOTH, "syn,rst", {}, true },
	{ BOTH, "syn,rst", { .flags = TH_SYN }, true },
	{ BOTH, "syn,rst", { .flags = TH_ACK }, false },

	/* flags */
	{ BOTH, "flags syn,ack/syn", { .flags = TH_SYN }, true },
	{ BOTH, "flags syn,ack/syn", { .flags = TH_SYN | TH_PSH }, true },
	{ BOTH, "flags syn,ack/syn", { .flags = TH_SYN | TH_ACK }, false },
	{ BOTH, "flags syn,ack/syn", { .flags = TH_PSH }, false },
	{ BOTH, "flags psh/psh", { .flags = TH_PSH | TH_RST }, true },
	{ BOTH, "flags cwr/cwr", { .flags = 0x80 }, true },
	{ BOTH, "flags cwr/cwr", { .flags = 0x7f }, false },
	{ BOTH, "flags fin,syn,rst,psh,ack,urg,ece,cwr/rst", {}, true },
	{ BOTH, "flags fin,syn,rst,psh,ack,urg,ece,cwr/rst",
	  { .flags = TH_RST | TH_ACK }, false },
	{ BOTH, "rst,flags psh/psh", {}, true },
	{ BOTH, "rst,flags psh/psh", { .flags = TH_PSH }, true },
	{ BOTH, "rst,flags psh/psh", { .flags = TH_SYN }, false },
	{ BOTH, "flags rst/rst sport 1001", {}, false },

	/* length */
	{ BOTH, "any length 3", { .flags = TH_ACK, .payload = 3 }, true },
	{ BOTH, "any length 3", { .flags = TH_ACK, .payload = 4 }, false },
	{ BOTH, "any length 3", { .flags = TH_ACK, .payload = 2 }, false },
	{ BOTH, "any length 0", {}, true },
	{ BOTH, "any length 0", { .payload = 1 }, false },
	{ BOTH, "any length 1-", {}, false },
	{ BOTH, "any length 1-", { .payload = 1 }, true },
	{ BOTH, "any length 1-", { .payload = 1400 }, true },
	{ BOTH, "any length 10-20", { .payload = 10 }, true },
	{ BOTH, "any length 10-20", { .payload = 20 }, true },
	{ BOTH, "any length 10-20", { .payload = 9 }, false },
	{ BOTH, "any length 10-20", { .payload = 21 }, false },

	/* mark; what arrives has none yet */
	{ BOTH, "rst mark 0", {}, true },
	{ BOTH, "rst mark 0/0xff", {}, true },
	{ BOTH, "rst mark 1", {}, false },
	{ BOTH, "rst mark 1/1", {}, false },

	/* ports */
	{ BOTH, "rst sport 1000", {}, true },
	{ BOTH, "rst sport 2000", {}, false },
	{ BOTH, "rst dport 2000", {}, true },
	{ BOTH, "rst dport 1000", {}, false },
	{ BOTH, "rst sport 999-1001 dport 2000-2001", {}, true },
	{ BOTH, "rst sport 1001-1002", {}, false },
	{ BOTH, "rst sport 998-999", {}, false },
	{ BOTH, "rst sport 1000-1000", {}, true },
	{ BOTH, "rst dport {80,1999,2000-2001}", {}, true },
	{ BOTH, "rst dport {80,1999,2001-2002}", {}, false },
	{ BOTH, "rst dport 0-65535", { .dport = 65535 }, true },
	{ BOTH, "rst dport 65535", { .dport = 65535 }, true },
	{ BOTH, "rst sport 0", { .sport = 0xffff }, false },

	/* addresses */
	{ AF_INET, "rst ip", {}, true },
	{ AF_INET, "rst ip6", {}, false },
	{ AF_INET, "rst saddr 192.0.2.2", {}, true },
	{ AF_INET, "rst saddr 192.0.2.1", {}, false },
	{ AF_INET, "rst daddr 192.0.2.1", {}, true },
	{ AF_INET, "rst daddr 192.0.2.2", {}, false },
	{ AF_INET, "rst saddr 192.0.2.2/31", { .saddr = "192.0.2.3" }, true },
	{ AF_INET, "rst saddr 192.0.2.2/31", { .saddr = "192.0.2.4" }, false },
	{ AF_INET, "rst saddr 192.0.2.0/24", {}, true },
	{ AF_INET, "rst saddr 192.0.3.0/24", {}, false },
	{ AF_INET, "rst saddr 128.0.0.0/1", {}, true },
	{ AF_INET, "rst saddr 0.0.0.0/1", {}, false },
	{ AF_INET, "rst saddr 0.0.0.0/0", {}, true },
	{ AF_INET, "rst saddr ::/0", {}, false },
	{ AF_INET6, "rst ip6", {}, true },
	{ AF_INET6, "rst ip", {}, false },
	{ AF_INET6, "rst saddr 2001:db8::2", {}, true },
	{ AF_INET6, "rst saddr 2001:db8::1", {}, false },
	{ AF_INET6, "rst daddr 2001:db8::1", {}, true },
	{ AF_INET6, "rst daddr 2001:db8::2", {}, false },
	{ AF_INET6, "rst saddr 2001:db8::2/127",
	  { .saddr = "2001:db8::3" }, true },
	{ AF_INET6, "rst saddr 2001:db8::2/127",
	  { .saddr = "2001:db8::4" }, false },
	{ AF_INET6, "rst saddr 2001:db8::/63",
	  { .saddr = "2001:db8:0:1::2" }, true },
	{ AF_INET6, "rst saddr 2001:db8::/64",
	  { .saddr = "2001:db8:0:1::2" }, false },
	{ AF_INET6, "rst saddr ::/0", {}, true },
	{ AF_INET6, "rst saddr 0.0.0.0/0", {}, false },

	/* interfaces */
	{ BOTH, "rst iif wire0", {}, true },
	{ BOTH, "rst iif wire1", {}, false },
	{ BOTH, "rst iif wire", {}, false },
	{ BOTH, "rst iif wire00", {}, false },
	{ BOTH, "rst iif wire*", {}, true },
	{ BOTH, "rst iif wire0*", {}, true },
	{ BOTH, "rst iif wire1*", {}, false },

	/* all at once, and all but one */
	{ BOTH, "rst sport 1000 dport 2000 iif wire0", {}, true },
	{ BOTH, "rst sport 1000 dport 2000 iif wire1", {}, false },
	{ BOTH, "rst sport 1000 dport 2001 iif wire0", {}, false },
	{ BOTH, "rst sport 1001 dport 2000 iif wire0", {}, false },
};

static void packet_change(struct packet *packet, int family,
			  const struct change *change)
{
	*packet = (struct packet){
		.family = family,
		.saddr = change->saddr ?: NEAR_ADDR(family),
		.daddr = change->daddr ?: HOST_ADDR(family),
		.sport = change->sport ?: 1000,
		.dport = change->dport ?: 2000,
		.flags = change->flags ?: TH_RST,
		.payload = change->payload,
	};
	packet_build(packet);
}

/*
 * Each row's rule, and its segment. All are there at once, as shadow rules hide
 * none of those behind them.
 */
TEST_F_TIMEOUT(wired, rows, 300)
{
	char text[ARRAY_SIZE(rows) * 128], name[32];
	struct packet packet;
	const struct row *row;
	int64_t fired;
	size_t len = 0;

	for (row = rows; row < rows + ARRAY_SIZE(rows); row++) {
		len += snprintf(text + len, sizeof(text) - len,
				"name r%td in %s shadow drop\n", row - rows,
				row->rule);
		ASSERT_GT(sizeof(text), len);
	}
	ASSERT_EQ(0, tool_load(&self->host, text));

	for (row = rows; row < rows + ARRAY_SIZE(rows); row++) {
		if (row->family && row->family != variant->family)
			continue;

		snprintf(name, sizeof(name), "r%td", row - rows);
		fired = rule_fired(&self->host, name);
		packet_change(&packet, variant->family, &row->change);
		ASSERT_EQ(0, wire_send(self->near, &packet));
		EXPECT_EQ(fired + row->fires, rule_fired(&self->host, name)) {
			TH_LOG("%s, flags %#x", row->rule, packet.flags);
		}
	}
}

/*
 * The same rules, each alone and in earnest: what is sure from the headers of a
 * RST is decided by these, see module/shortcut.h.
 */
TEST_F_TIMEOUT(wired, rows_alone, 300)
{
	struct packet packet;
	const struct row *row;
	int64_t dropped;

	for (row = rows; row < rows + ARRAY_SIZE(rows); row++) {
		if (row->family && row->family != variant->family)
			continue;

		ASSERT_EQ(0, tool(&self->host, "add name r in %s drop",
				  row->rule));
		dropped = host_count(DROPPED);
		packet_change(&packet, variant->family, &row->change);
		ASSERT_EQ(0, wire_send(self->near, &packet));
		EXPECT_EQ(row->fires, rule_fired(&self->host, "r")) {
			TH_LOG("%s, flags %#x", row->rule, packet.flags);
		}
		EXPECT_EQ(dropped + row->fires, host_count(DROPPED)) {
			TH_LOG("%s, flags %#x", row->rule, packet.flags);
		}
		ASSERT_EQ(0, rule_flush(&self->host));
	}
	EXPECT_EQ(0, host_imbalance(&self->host));
}

/*
 * Rules that share a prefix of a range of ports with the segment, but not the
 * segment; the one that has it comes behind them.
 */
TEST_F(wired, shortcut_next)
{
	struct packet packet;
	struct change change = {};

	ASSERT_EQ(0, tool(&self->host, "add name a in rst dport 1990-1999 drop"));
	ASSERT_EQ(0, tool(&self->host, "add name b in rst dport 2001-2010 pass"));
	ASSERT_EQ(0, tool(&self->host, "add name c in rst dport 1995-2004 drop"));
	ASSERT_EQ(0, tool(&self->host, "add name d in rst force drop"));

	packet_change(&packet, variant->family, &change);
	ASSERT_EQ(0, wire_send(self->near, &packet));
	EXPECT_EQ(0, rule_fired(&self->host, "a"));
	EXPECT_EQ(0, rule_fired(&self->host, "b"));
	EXPECT_EQ(1, rule_fired(&self->host, "c"));
	EXPECT_EQ(0, rule_fired(&self->host, "d"));
}

/* The interface that a segment leaves by. */
TEST_F(wired, oif)
{
	struct packet packet;
	struct change change = { .daddr = FAR_ADDR(variant->family) };

	ASSERT_EQ(0, tool(&self->host, "add name f0 forward rst oif wire0 pass"));
	ASSERT_EQ(0, tool(&self->host,
			  "add name f1 forward rst iif wire0 oif wire1 pass"));
	ASSERT_EQ(0, tool(&self->host, "add name o0 out rst oif wire0 pass"));
	ASSERT_EQ(0, tool(&self->host, "add name o1 out rst oif wire1* drop"));

	packet_change(&packet, variant->family, &change);
	ASSERT_EQ(0, wire_send(self->near, &packet));
	EXPECT_FALSE(wire_has(self->far, &packet, 100));
	EXPECT_EQ(0, rule_fired(&self->host, "f0"));
	EXPECT_EQ(1, rule_fired(&self->host, "f1"));
	EXPECT_EQ(0, rule_fired(&self->host, "o0"));
	EXPECT_EQ(1, rule_fired(&self->host, "o1"));
}

/* The mark of a packet, which the socket has that it comes from. */
TEST_F(wired, mark)
{
	static const struct {
		const char *match;
		bool fires;
	} marks[] = {
		{ "mark 0x1234", true },
		{ "mark 0x1235", false },
		{ "mark 0", false },
		{ "mark 0x34/0xff", true },
		{ "mark 0x35/0xff", false },
		{ "mark 0x1000/0xf000", true },
		{ "mark 0/0x80000000", true },
	};
	const uint32_t mark = 0x1234;
	struct packet rst = {
		.family = variant->family,
		.saddr = HOST_ADDR(variant->family),
		.daddr = NEAR_ADDR(variant->family),
		.flags = TH_RST,
	};
	struct sockaddr_storage to;
	socklen_t len = host_sockaddr(&to, variant->family, 2, 0);
	unsigned int i;
	int fd;

	packet_build(&rst);
	ASSERT_EQ(0, host_enter(&self->host));
	fd = socket(variant->family, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	ASSERT_EQ(0, host_leave());
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, setsockopt(fd, SOL_SOCKET, SO_MARK, &mark, sizeof(mark)));

	for (i = 0; i < ARRAY_SIZE(marks); i++) {
		ASSERT_EQ(0, tool(&self->host, "add name r out rst %s pass",
				  marks[i].match));
		ASSERT_EQ(rst.len, sendto(fd, rst.bytes, rst.len, 0,
					  (void *)&to, len));
		EXPECT_EQ(marks[i].fires, rule_fired(&self->host, "r")) {
			TH_LOG("%s", marks[i].match);
		}
		ASSERT_EQ(0, rule_flush(&self->host));
	}
	close(fd);
}

/* The first rule that matches decides; the others do not even count. */
TEST_F(wired, first_match_decides)
{
	struct packet packet;
	struct change change = {};

	ASSERT_EQ(0, tool(&self->host, "add name kind in syn drop"));
	ASSERT_EQ(0, tool(&self->host, "add name other in rst dport 1 drop"));
	ASSERT_EQ(0, tool(&self->host, "add name first in rst dport 2000 drop"));
	ASSERT_EQ(0, tool(&self->host, "add name second in rst pass"));
	ASSERT_EQ(0, tool(&self->host, "add name third in any force drop"));
	packet_change(&packet, variant->family, &change);

	ASSERT_EQ(0, wire_send(self->near, &packet));
	EXPECT_EQ(0, rule_fired(&self->host, "kind"));
	EXPECT_EQ(0, rule_fired(&self->host, "other"));
	EXPECT_EQ(1, rule_fired(&self->host, "first"));
	EXPECT_EQ(0, rule_fired(&self->host, "second"));

	/* Deleting it makes way for the next one. */
	ASSERT_EQ(0, tool(&self->host, "del name first"));
	ASSERT_EQ(0, wire_send(self->near, &packet));
	EXPECT_EQ(1, rule_fired(&self->host, "second"));
	EXPECT_EQ(0, rule_fired(&self->host, "third"));
}

TEST_HARNESS_MAIN
