// SPDX-License-Identifier: GPL-2.0
/*
 * Challenge ACKs (RFC 5961, section 3): how the peer answers them, how seldom
 * they are sent, and what else than the next expected number resets.
 */
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "lib/states.h"

/* The time between two for one socket is tcp_invalid_ratelimit, 500 ms. */
#define LIMIT_MS 500

/*
 * The server has reset the connection, but the number of its RST is wrong by
 * one when it arrives. Asked again, it sends the right one: RST seq=ack.
 */
TEST_F(pair, in_window_answered)
{
	struct mib before, change = {};

	pair_establish();
	ASSERT_EQ(0, rules_add(&self->client,
			       "name wrong in rst limit 1 mangle seq +1"));
	ASSERT_EQ(0, mib_read(&self->client, &before));
	pair_abort_end(&self->peer);

	ASSERT_TRUE(tcp_readable(self->fd, COMES_MS));
	change.value[MIB_CHALLENGE_ACK] = 1;
	change.value[MIB_ESTAB_RESETS] = 1;
	expect_mib(_metadata, &self->client, &before, &change, "answered");
	EXPECT_EQ(1, rule_fired(&self->client, "wrong"));
	EXPECT_OUTCOME(OUTCOME_ENDED(ECONNRESET, OUTCOME_READ), self->fd,
		       OUTCOME_READ, "answered");
}

/* The right one is lost: the client does not come to know. */
TEST_F(pair, in_window_answer_lost)
{
	struct mib before, change = {};

	pair_establish();
	ASSERT_EQ(0, rules_add(&self->client, "in rst nth 1 mangle seq +1"));
	ASSERT_EQ(0, rules_add(&self->client, "name lost in rst drop"));
	ASSERT_EQ(0, mib_read(&self->client, &before));
	pair_abort_end(&self->peer);

	EXPECT_FALSE(tcp_readable(self->fd, NOTHING_MS));
	change.value[MIB_CHALLENGE_ACK] = 1;
	expect_mib(_metadata, &self->client, &before, &change, "lost");
	EXPECT_EQ(1, rule_fired(&self->client, "lost"));
	EXPECT_OUTCOME(OUTCOME_ALIVE(OUTCOME_READ), self->fd, OUTCOME_READ,
		       "lost");
}

/* Send a RST within the window, and see whether it is challenged. */
static void try_in_window(struct __test_metadata *_metadata,
			  FIXTURE_DATA(pair) *self, int family, int heard,
			  bool challenged, const char *what)
{
	struct mib before, change = {};

	capture_drain(heard);
	ASSERT_EQ(0, mib_read(&self->client, &before));
	inject(_metadata, self, family, "seq in-window",
	       challenged ? RSTFAULT_OUTCOME_CHALLENGED :
			    RSTFAULT_OUTCOME_IGNORED, what);
	change.value[MIB_CHALLENGE_ACK] = challenged;
	change.value[MIB_SKIPPED_CHALLENGE] = !challenged;
	expect_mib(_metadata, &self->client, &before, &change, what);
	expect_answer(_metadata, heard, self->port, challenged, what);
}

/* A second one within half a second is not challenged, a later one is. */
TEST_F(pair, in_window_twice)
{
	int heard = capture_open(&self->server, variant->family);

	ASSERT_LE(0, heard);
	pair_establish();
	try_in_window(_metadata, self, variant->family, heard, true, "first");
	try_in_window(_metadata, self, variant->family, heard, false, "second");
	poll(NULL, 0, LIMIT_MS + 100);
	try_in_window(_metadata, self, variant->family, heard, true, "third");
	EXPECT_OUTCOME(OUTCOME_ALIVE(OUTCOME_READ), self->fd, OUTCOME_READ,
		       "third");
	close(heard);
}

/*
 * The host as a whole sends no more than tcp_challenge_ack_limit in a second.
 * At most once the second ends between the first and the last.
 */
TEST_F(pair, in_window_host_limit)
{
	int heard = capture_open(&self->server, variant->family), i, came = 0;
	struct mib before, change = {};
	struct capture ack;
	int fds[3], peers[3];

	ASSERT_LE(0, heard);
	ASSERT_EQ(0, host_sysctl(&self->client, "ipv4/tcp_challenge_ack_limit",
				 "1"));
	ASSERT_EQ(0, rules_add(&self->client,
			       "in data length 3 forge to receiver seq in-window and drop"));
	for (i = 0; i < 3; i++) {
		pair_establish();
		fds[i] = self->fd;
		peers[i] = self->peer;
		self->fd = -1;
	}
	capture_drain(heard);
	ASSERT_EQ(0, mib_read(&self->client, &before));
	for (i = 0; i < 3; i++)
		ASSERT_EQ(3, send(peers[i], "one", 3, 0));

	while (capture_read(heard, &ack, NOTHING_MS))
		came++;
	EXPECT_LE(1, came);
	EXPECT_GE(2, came);
	change.value[MIB_CHALLENGE_ACK] = came;
	expect_mib(_metadata, &self->client, &before, &change, "host");
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(TCP_ESTABLISHED, tcp_state(fds[i]));
		pair_abort_end(&fds[i]);
		pair_abort_end(&peers[i]);
	}
	self->peer = -1;
	close(heard);
}

/*
 * What of the server's data arrives, in their order: segments of these lengths,
 * of which the odd ones are lost, as often as they are repeated.
 */
static const int lengths[] = { 5, 8, 7, 10 };

/* Behind the first that arrives, and behind the last. */
#define FIRST_EDGE "seq +13"
#define LAST_EDGE "seq +30"

static void lose_data(struct __test_metadata *_metadata,
		      FIXTURE_DATA(pair) *self, int family, int heard)
{
	struct capture ack;
	char bytes[16] = {};
	unsigned int i;
	int one = 1;

	/*
	 * It neither sends anything twice nor together with the next one, unless
	 * it is told of a loss. The second answer tells it, once all is sent:
	 * it would not send on otherwise.
	 */
	ASSERT_EQ(0, host_sysctl(&self->server, "ipv4/tcp_early_retrans", "0"));
	ASSERT_EQ(0, host_sysctl(&self->server, "ipv4/tcp_retrans_collapse",
				 "0"));
	pair_connect(_metadata, self, family);
	ASSERT_EQ(0, setsockopt(self->peer, IPPROTO_TCP, TCP_NODELAY, &one,
				sizeof(one)));
	ASSERT_EQ(0, rules_add(&self->server, "in ack nth 1 drop"));
	for (i = 0; i < ARRAY_SIZE(lengths); i += 2)
		ASSERT_EQ(0, rules_add(&self->client, "in data length %d drop",
				       lengths[i]));
	capture_drain(heard);
	for (i = 0; i < ARRAY_SIZE(lengths); i++)
		ASSERT_EQ(lengths[i], send(self->peer, bytes, lengths[i], 0));
	/* That which arrives is acknowledged at once, as some are missing. */
	ASSERT_TRUE(capture_read(heard, &ack, COMES_MS));
}

static void try_edge(struct __test_metadata *_metadata,
		     FIXTURE_DATA(pair) *self, int family, const char *words,
		     bool resets)
{
	int heard = capture_open(&self->server, family);
	struct mib before, change = {};

	ASSERT_LE(0, heard);
	lose_data(_metadata, self, family, heard);
	ASSERT_EQ(0, mib_read(&self->client, &before));
	inject(_metadata, self, family, words,
	       resets ? RSTFAULT_OUTCOME_RESET : RSTFAULT_OUTCOME_CHALLENGED,
	       words);
	change.value[MIB_ESTAB_RESETS] = resets;
	change.value[MIB_CHALLENGE_ACK] = !resets;
	expect_mib(_metadata, &self->client, &before, &change, words);
	if (resets)
		EXPECT_OUTCOME(OUTCOME_ENDED(ECONNRESET, OUTCOME_READ),
			       self->fd, OUTCOME_READ, words);
	else
		EXPECT_OUTCOME(OUTCOME_ALIVE(OUTCOME_READ), self->fd,
			       OUTCOME_READ, words);
	close(heard);
}

/*
 * The peer has perhaps sent its RST behind the data that have come last. Linux
 * takes its number for exact, if SACK tells what that is (RFC 2018).
 */
TEST_F(pair, sack_edge)
{
	try_edge(_metadata, self, variant->family, LAST_EDGE, true);
}

TEST_F(pair, sack_first_edge)
{
	try_edge(_metadata, self, variant->family, FIRST_EDGE, false);
}

TEST_F(pair, sack_edge_without_sack)
{
	ASSERT_EQ(0, host_sysctl(&self->client, "ipv4/tcp_sack", "0"));
	try_edge(_metadata, self, variant->family, LAST_EDGE, false);
}

TEST_HARNESS_MAIN
