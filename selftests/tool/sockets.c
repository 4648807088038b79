// SPDX-License-Identifier: GPL-2.0
/* `inject`: its words, and the sockets that it finds. */

#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/inet_diag.h>

#include <libmnl/libmnl.h>

#include "diag.h"
#include "parse.h"
#include "print.h"

#include "kselftest_harness.h"
#include "rules.h"

static int parse(const char *text, struct rule *rule,
		 struct rule_forge *forge, struct err *err)
{
	struct line line;

	rules_split(&line, text);
	return parse_inject(line.count, line.word, rule, forge, err);
}

TEST(words)
{
	struct rule_forge forge;
	struct rule rule;
	struct err err;

	ASSERT_EQ(0, parse("dport 80", &rule, &forge, &err));
	EXPECT_EQ(RSTFAULT_END_MASK, forge.to);
	EXPECT_EQ(RULE_BIT(RSTFAULT_A_FORGE_TO), forge.has);
	EXPECT_EQ(1, rule.dport.count);
	ASSERT_EQ(0, parse("to local badsum ttl 3 noack seq -1 uid 5 saddr 10.0.0.0/8 # all",
			   &rule, &forge, &err));
	EXPECT_EQ(RSTFAULT_END_SENDER, forge.to);
	EXPECT_EQ(RSTFAULT_ACK_NEVER, forge.ack);
	EXPECT_EQ(RSTFAULT_SEQ_OFFSET, forge.seq);
	EXPECT_EQ(-1, forge.offset);
	EXPECT_EQ(3, forge.ttl);
	EXPECT_EQ(5, rule.uid);
	ASSERT_EQ(0, parse("force", &rule, &forge, &err));
	ASSERT_EQ(0, parse("to peer force", &rule, &forge, &err));
	EXPECT_EQ(RSTFAULT_END_RECEIVER, forge.to);
	ASSERT_EQ(0, parse("state established,close-wait ip6 mark 1/3", &rule,
			   &forge, &err));
}

#define MATCHES "; matches: ip, ip6, saddr, daddr, sport, dport, mark, uid, state"
#define OPTIONS "; options: to, seq, ack, noack, badack, ttl, badsum"
#define NO_SOCKET ": such a socket has no connection that could be reset"

static const struct {
	const char *in, *err;
} wrong[] = {
	{ "",
	  "no match is given: that would reset every connection; if that is meant, add 'force'" },
	{ "to local",
	  "no match is given: that would reset every connection; if that is meant, add 'force'" },
	{ "dport 80 length 5", "'length' cannot be asked about a socket" MATCHES },
	{ "cgroup a", "'cgroup' cannot be asked about a socket" MATCHES },
	{ "iif lo", "'iif' cannot be asked about a socket" MATCHES },
	{ "active", "'active' cannot be asked about a socket" MATCHES },
	{ "limit 5", "'limit' makes no sense for what happens once" MATCHES },
	{ "shadow", "'shadow' makes no sense for what happens once" MATCHES },
	{ "count 3",
	  "'count' makes no sense for a RST that no segment causes" OPTIONS },
	{ "and drop",
	  "'and' makes no sense for a RST that no segment causes" OPTIONS },
	{ "after 1s",
	  "'after' makes no sense for a RST that no segment causes" OPTIONS },
	{ "80", "'80' is not a match or an option" MATCHES OPTIONS },
	{ "to sender",
	  "'sender' is not whom a RST can be sent to; one of: local, peer, both" },
	{ "dport 80 state time-wait", "state time-wait" NO_SOCKET },
	{ "state established,listening", "state listening" NO_SOCKET },
	{ "state closed", "state closed" NO_SOCKET },
	{ "dport 80 dport 81", "'dport' is given twice" },
	{ "dport 80 seq 1",
	  "seq 1: not a sequence number of a RST; one of: exact, +N, -N, in-window, out-of-window",
	},
};

TEST(wrong_words)
{
	struct rule_forge forge;
	struct rule rule;
	struct err err;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		memset(&err, 0, sizeof(err));
		EXPECT_EQ(-1, parse(wrong[i].in, &rule, &forge, &err));
		EXPECT_STREQ(wrong[i].err, err.text);
	}
}

/* Takes a socket that is made up; returns how many have been taken. */
static int take(struct diag *diag, const struct inet_diag_msg *msg, __u32 mark)
{
	__u64 buf[64];
	struct nlmsghdr *message = mnl_nlmsg_put_header(buf);

	memcpy(mnl_nlmsg_put_extra_header(message, sizeof(*msg)), msg,
	       sizeof(*msg));
	if (mark)
		mnl_attr_put_u32(message, INET_DIAG_MARK, mark);
	return diag_reply(message, diag) ? -1 : (int)diag->count;
}

TEST(matches)
{
	static const struct {
		const char *in;
		bool is;
	} rules[] = {
		{ "ip", true }, { "ip6", false }, { "sport 80", true },
		{ "sport 5000", false }, { "dport 5000-5001", true },
		{ "saddr 192.0.2.1", true }, { "daddr 192.0.2.1", false },
		{ "daddr 192.0.2.0/30", true }, { "uid 7", true },
		{ "uid 8", false }, { "mark 5", true }, { "mark 4", false },
		{ "mark 4/4", true }, { "mark 2/2", false },
		{ "sport 80 dport 5000 uid 7 mark 1/1 saddr 192.0.2.1", true },
	};
	struct inet_diag_msg msg = { .idiag_family = AF_INET, .idiag_uid = 7 };
	struct rule_forge forge;
	struct rule rule;
	struct err err;
	size_t i;
	int both;

	for (both = 0; both < 2; both++) {
		msg.id.idiag_sport = htons(80);
		msg.id.idiag_dport = htons(5000);
		inet_pton(AF_INET, "192.0.2.1", msg.id.idiag_src);
		inet_pton(AF_INET, "192.0.2.2", msg.id.idiag_dst);
		/* a connection over IPv4 whose socket is one of IPv6 */
		if (both) {
			msg.idiag_family = AF_INET6;
			inet_pton(AF_INET6, "::ffff:192.0.2.1",
				  msg.id.idiag_src);
			inet_pton(AF_INET6, "::ffff:192.0.2.2",
				  msg.id.idiag_dst);
		}
		for (i = 0; i < ARRAY_SIZE(rules); i++) {
			struct diag diag = { .rule = &rule };

			ASSERT_EQ(0, parse(rules[i].in, &rule, &forge, &err));
			EXPECT_EQ(rules[i].is, take(&diag, &msg, 5)) {
				TH_LOG("%s", rules[i].in);
			}
			if (rules[i].is)
				EXPECT_EQ(AF_INET, diag.tuple->family);
			free(diag.tuple);
		}
	}
}

static int connect_pair(__u16 *port, int fd[3])
{
	struct sockaddr_in addr = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof(addr);

	fd[0] = socket(AF_INET, SOCK_STREAM, 0);
	fd[1] = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(fd[0], (void *)&addr, len) || listen(fd[0], 1) ||
	    getsockname(fd[0], (void *)&addr, &len) ||
	    connect(fd[1], (void *)&addr, len))
		return -1;
	*port = ntohs(addr.sin_port);
	fd[2] = accept(fd[0], NULL, NULL);
	return fd[2] < 0 ? -1 : 0;
}

/* With the real kernel: a connection of our own is found, from both ends. */
TEST(real_sockets)
{
	struct rule_forge forge;
	struct diag diag = {};
	struct rule rule;
	struct err err;
	char text[64];
	__u16 port;
	int fd[3];

	if (connect_pair(&port, fd))
		SKIP(return, "no TCP over loopback here");
	snprintf(text, sizeof(text), "saddr 127.0.0.1 sport %u", port);
	ASSERT_EQ(0, parse(text, &rule, &forge, &err));
	if (diag_find(&diag, &rule, &err))
		SKIP(return, "no sock_diag here: %.200s", err.text);
	EXPECT_EQ(1, diag.count);
	EXPECT_EQ(port, diag.tuple->sport);
	free(diag.tuple);
	snprintf(text, sizeof(text), "dport %u", port);
	ASSERT_EQ(0, parse(text, &rule, &forge, &err));
	ASSERT_EQ(0, diag_find(&diag, &rule, &err));
	EXPECT_EQ(1, diag.count);
	EXPECT_EQ(port, diag.tuple->dport);
	free(diag.tuple);
	snprintf(text, sizeof(text), "dport %u state close-wait", port);
	ASSERT_EQ(0, parse(text, &rule, &forge, &err));
	ASSERT_EQ(0, diag_find(&diag, &rule, &err));
	EXPECT_EQ(0, diag.count);
	free(diag.tuple);
	close(fd[2]);
	ASSERT_EQ(0, diag_find(&diag, &rule, &err));
	EXPECT_EQ(1, diag.count);
	free(diag.tuple);
}

TEST_HARNESS_MAIN
