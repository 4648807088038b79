// SPDX-License-Identifier: GPL-2.0
/*
 * RSTs that come at another time than they were sent for: before data that were
 * sent before them, or when the same addresses and ports are those of a later
 * connection.
 */
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "lib/states.h"

/* How long data are held, and longer than that. */
#define HELD "300ms"
#define LATER_MS 600

#define DATA "12345"

/* The server sends data and resets; the RST comes first. */
static void overtake(struct __test_metadata *_metadata,
		     FIXTURE_DATA(pair) *self, int family)
{
	pair_connect(_metadata, self, family);
	ASSERT_EQ(0, rules_add(&self->client, "name held in data delay " HELD));
	ASSERT_EQ(strlen(DATA), send(self->peer, DATA, strlen(DATA), 0));
	pair_abort_end(&self->peer);
}

/*
 * Its number is that behind the data, so it is challenged. The server, asked
 * again, answers with the number that the client expects.
 */
TEST_F(pair, overtaken_data)
{
	struct mib before, change = {};

	ASSERT_EQ(0, mib_read(&self->client, &before));
	overtake(_metadata, self, variant->family);
	poll(NULL, 0, LATER_MS);

	change.value[MIB_CHALLENGE_ACK] = 1;
	change.value[MIB_ESTAB_RESETS] = 1;
	/* The data find nobody any more. */
	change.value[MIB_OUT_RSTS] = 1;
	expect_mib(_metadata, &self->client, &before, &change, "overtaken");
	EXPECT_EQ(1, rule_fired(&self->client, "held"));
	EXPECT_OUTCOME(OUTCOME_ENDED(ECONNRESET, OUTCOME_READ), self->fd,
		       OUTCOME_READ, "overtaken");
}

/* That answer is lost: the data are accepted, and the connection lives on. */
TEST_F(pair, overtaken_data_unanswered)
{
	struct mib before, change = {};
	char bytes[16];

	ASSERT_EQ(0, rules_add(&self->client, "name lost in rst skip 1 drop"));
	ASSERT_EQ(0, mib_read(&self->client, &before));
	overtake(_metadata, self, variant->family);
	EXPECT_FALSE(tcp_readable(self->fd, 0));
	poll(NULL, 0, LATER_MS);

	change.value[MIB_CHALLENGE_ACK] = 1;
	expect_mib(_metadata, &self->client, &before, &change, "unanswered");
	/* To the challenge, and to the ACK of the data. */
	EXPECT_EQ(2, rule_fired(&self->client, "lost"));
	EXPECT_EQ(strlen(DATA), recv(self->fd, bytes, sizeof(bytes),
				     MSG_DONTWAIT));
	EXPECT_OUTCOME(OUTCOME_ALIVE(OUTCOME_READ), self->fd, OUTCOME_READ,
		       "unanswered");
}

/* Connect from the port that the earlier connection had, if there was one. */
static void connect_again(struct __test_metadata *_metadata,
			  FIXTURE_DATA(pair) *self, int family)
{
	struct sockaddr_storage ss;
	int one = 1;
	socklen_t len;

	self->fd = tcp_socket(&self->client, family);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, setsockopt(self->fd, SOL_SOCKET, SO_REUSEADDR, &one,
				sizeof(one)));
	len = host_sockaddr(&ss, family, CLIENT, self->port);
	ASSERT_EQ(0, bind(self->fd, (void *)&ss, len));
	pair_connect(_metadata, self, family);
}

/*
 * A RST of the server is held; its connection ends, and another one begins
 * between the same addresses and ports.
 */
static void hold_over(struct __test_metadata *_metadata,
		      FIXTURE_DATA(pair) *self, int family)
{
	pair_connect(_metadata, self, family);
	ASSERT_EQ(0, rules_add(&self->server,
			       "name held out rst limit 1 delay 1h"));
	pair_abort_end(&self->peer);
	ASSERT_EQ(1, rule_fired(&self->server, "held"));
	pair_abort_end(&self->fd);
	/* That what is later has a later timestamp, too. */
	poll(NULL, 0, LATER_MS);
	connect_again(_metadata, self, family);
}

/* Its number is an old one, out of the window. */
TEST_F(pair, late_from_earlier)
{
	struct mib before, change = {};

	hold_over(_metadata, self, variant->family);
	ASSERT_EQ(0, mib_read(&self->client, &before));
	ASSERT_EQ(1, rule_release(&self->server, "held"));
	expect_mib(_metadata, &self->client, &before, &change, "late");
	EXPECT_OUTCOME(OUTCOME_ALIVE(OUTCOME_READ), self->fd, OUTCOME_READ,
		       "late");
}

/* The next segment that comes to the client with these flags. */
static void next_with(struct __test_metadata *_metadata, int heard,
		      uint8_t flags, struct capture *capture)
{
	do {
		ASSERT_TRUE(capture_read(heard, capture, COMES_MS)) {
			TH_LOG("no segment with flags %#x", flags);
		}
	} while ((capture->packet.flags & flags) != flags);
}

/* The time at which it was sent, as its sender says; 0: it does not. */
static uint32_t timestamp(const struct capture *capture)
{
	const uint8_t *tcp = capture->packet.bytes + capture->packet.thoff;
	size_t at = 20;

	while (at < capture->header && tcp[at] != TCPOPT_EOL) {
		if (tcp[at] == TCPOPT_TIMESTAMP)
			return (uint32_t)tcp[at + 2] << 24 |
			       tcp[at + 3] << 16 | tcp[at + 4] << 8 |
			       tcp[at + 5];
		at += tcp[at] == TCPOPT_NOP ? 1 : tcp[at + 1];
	}
	return 0;
}

/*
 * If the number fits by chance, which mangle sees to here, the RST resets: its
 * timestamp is older than what was seen since, but for RSTs that does not count
 * (PAWS, RFC 7323, section 5.2).
 */
TEST_F(pair, exact_paws_old)
{
	int heard = capture_open(&self->client, variant->family);
	struct capture earlier, later, rst;
	struct mib before, change = {};

	ASSERT_LE(0, heard);
	hold_over(_metadata, self, variant->family);
	next_with(_metadata, heard, TH_SYN | TH_ACK, &earlier);
	next_with(_metadata, heard, TH_SYN | TH_ACK, &later);
	ASSERT_EQ(0, rules_add(&self->client, "in rst mangle seq %+d",
			       (int)(later.packet.seq - earlier.packet.seq)));

	ASSERT_EQ(0, mib_read(&self->client, &before));
	ASSERT_EQ(1, rule_release(&self->server, "held"));
	next_with(_metadata, heard, TH_RST, &rst);
	EXPECT_EQ(later.packet.seq + 1, rst.packet.seq);
	ASSERT_NE(0, timestamp(&rst));
	EXPECT_GT(0, (int)(timestamp(&rst) - timestamp(&later)));
	change.value[MIB_ESTAB_RESETS] = 1;
	expect_mib(_metadata, &self->client, &before, &change, "old");
	EXPECT_OUTCOME(OUTCOME_ENDED(ECONNRESET, OUTCOME_READ), self->fd,
		       OUTCOME_READ, "old");
	close(heard);
}

TEST_HARNESS_MAIN
