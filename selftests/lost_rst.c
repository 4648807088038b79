// SPDX-License-Identifier: GPL-2.0
/*
 * What if the RST itself is lost? It is never acknowledged and never sent
 * again: the end that sent it is closed, and the other end does not know.
 */
#include <errno.h>
#include <stdbool.h>

#include "kselftest_harness.h"

#include "lib/pair.h"
#include "lib/slow.h"

/*
 * The server closes with SO_LINGER {1, 0}: it sends a RST, which does not
 * arrive, and is gone. The client still believes in the connection.
 */
#define lose_reset()							\
do {									\
	const struct linger linger = { .l_onoff = 1 };			\
									\
	ASSERT_EQ(0, tool(&self->client, "add name lost in rst drop"));	\
	pair_establish();						\
	ASSERT_EQ(0, setsockopt(self->peer, SOL_SOCKET, SO_LINGER,	\
				&linger, sizeof(linger)));		\
	ASSERT_EQ(0, close(self->peer));				\
	self->peer = -1;						\
									\
	EXPECT_FALSE(tcp_readable(self->fd, 500));			\
	EXPECT_EQ(1, rule_fired(&self->client, "lost"));		\
	EXPECT_EQ(TCP_NO_SOCKET, pair_server_state());			\
	EXPECT_EQ(TCP_ESTABLISHED, tcp_state(self->fd));		\
	EXPECT_EQ(TCP_ESTABLISHED, pair_client_state());		\
} while (0)

/* What reading and writing return once the connection has failed with @err. */
#define expect_failed(err)						\
do {									\
	char c;								\
									\
	EXPECT_EQ(-1, recv(self->fd, &c, 1, 0));			\
	EXPECT_EQ(err, errno);						\
	EXPECT_EQ(TCP_CLOSE, tcp_state(self->fd));			\
	EXPECT_EQ(TCP_NO_SOCKET, pair_client_state());			\
	/* The error is told once. */					\
	EXPECT_EQ(0, recv(self->fd, &c, 1, 0));				\
	EXPECT_EQ(-1, send(self->fd, "x", 1, MSG_NOSIGNAL));		\
	EXPECT_EQ(EPIPE, errno);					\
} while (0)

/* Without a rule the client knows at once. */
TEST_F(pair, reset_arrives)
{
	const struct linger linger = { .l_onoff = 1 };

	pair_establish();
	ASSERT_EQ(0, setsockopt(self->peer, SOL_SOCKET, SO_LINGER, &linger,
				sizeof(linger)));
	ASSERT_EQ(0, close(self->peer));
	self->peer = -1;

	EXPECT_TRUE(tcp_readable(self->fd, 500));
	EXPECT_EQ(TCP_NO_SOCKET, pair_server_state());
	expect_failed(ECONNRESET);
}

/*
 * Story 4. The RST is lost once. The client learns of it when it sends: its
 * data reach a host that has no such connection, and draw a second RST.
 */
TEST_F(pair, lost_once)
{
	lose_reset();
	ASSERT_EQ(0, tool(&self->client, "del name lost"));

	/* An idle client never learns. */
	EXPECT_FALSE(tcp_readable(self->fd, 2000));
	EXPECT_EQ(TCP_ESTABLISHED, tcp_state(self->fd));

	/* The write itself succeeds. */
	EXPECT_EQ(1, send(self->fd, "x", 1, MSG_NOSIGNAL));
	EXPECT_TRUE(tcp_readable(self->fd, 500));
	expect_failed(ECONNRESET);
}

/*
 * Story 5. Every RST is lost: each retransmission of the client's data draws
 * another one, until tcp_retries2 is used up.
 */
static void lose_all(struct __test_metadata *_metadata,
		     FIXTURE_DATA(pair) *self,
		     const FIXTURE_VARIANT(pair) *variant, int min_resets,
		     int min_ms, int max_ms)
{
	int64_t resets = host_mib(&self->server, "Tcp", "OutRsts");
	int64_t retransmits = host_mib(&self->client, "Tcp", "RetransSegs");
	int64_t start = tcp_now_ms();
	int64_t fired, elapsed;

	ASSERT_EQ(1, send(self->fd, "x", 1, MSG_NOSIGNAL));
	EXPECT_FALSE(tcp_readable(self->fd, min_ms / 2));
	EXPECT_EQ(TCP_ESTABLISHED, tcp_state(self->fd));
	EXPECT_EQ(TCP_ESTABLISHED, pair_client_state());

	EXPECT_TRUE(tcp_readable(self->fd, 2 * max_ms));
	elapsed = tcp_now_ms() - start;
	EXPECT_LE(min_ms, elapsed);
	EXPECT_GE(max_ms, elapsed);
	expect_failed(ETIMEDOUT);

	/* One RST for the data, one for each retransmission; none arrived. */
	resets = host_mib(&self->server, "Tcp", "OutRsts") - resets;
	retransmits = host_mib(&self->client, "Tcp", "RetransSegs") -
		      retransmits;
	fired = rule_fired(&self->client, "lost");
	EXPECT_LE(min_resets, resets);
	EXPECT_EQ(1 + retransmits, resets);
	EXPECT_EQ(1 + resets, fired);
}

TEST_F(pair, lost_always_few_retries)
{
	ASSERT_EQ(0, host_sysctl(&self->client, "ipv4/tcp_retries2", "3"));
	lose_reset();
	lose_all(_metadata, self, variant, 4, 1500, 15000);
}

TEST_F_TIMEOUT(pair, lost_always, 3600)
{
	if (!slow_tests())
		SKIP(return, SLOW_REASON);

	lose_reset();
	/*
	 * After 924.6 s (see tcp_retries2 in ip-sysctl) the kernel gives up, at
	 * the next time that it would repeat something: up to 120 s later.
	 */
	lose_all(_metadata, self, variant, 15, 924 * 1000, 1045 * 1000);
}

TEST_HARNESS_MAIN
