// SPDX-License-Identifier: GPL-2.0
/*
 * The peer lost power and came back without the connection (RFC 9293, 3.5.1).
 * What the host sends, if it sends anything, draws a RST. If that is lost, only
 * timers end the connection.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>

#include "kselftest_harness.h"

#include "lib/caller.h"
#include "lib/capture.h"
#include "lib/counters.h"
#include "lib/mib.h"
#include "lib/outcome.h"
#include "lib/pair.h"
#include "lib/rules.h"

/* How long a segment may be on its way. */
#define ARRIVES_MS 100

/* How long to wait for a timer. */
#define PATIENCE_MS 60000

/* The server's end is gone; the client does not know. */
static void half_open(struct __test_metadata *_metadata,
		      FIXTURE_DATA(pair) *self,
		      const FIXTURE_VARIANT(pair) *variant)
{
	pair_establish();
	usleep(ARRIVES_MS * 1000);
	ASSERT_EQ(0, pair_vanish_end(&self->peer));
	EXPECT_EQ(TCP_NO_SOCKET, pair_server_state());
	EXPECT_EQ(0, host_mib(&self->server, "Tcp", "OutRsts"));
}

static int set_option(int fd, int level, int option, int value)
{
	return setsockopt(fd, level, option, &value, sizeof(value)) ? -errno :
								      0;
}

/* An idle client never learns, however long it reads. */
TEST_F_TIMEOUT(pair, dead_peer_idle, 300)
{
	half_open(_metadata, self, variant);
	EXPECT_FALSE(tcp_readable(self->fd, PATIENCE_MS));
	EXPECT_EQ(TCP_ESTABLISHED, pair_client_state());
	EXPECT_EQ(0, tcp_error(self->fd));
}

/* The RST has what the data acknowledged, and no ACK of its own. */
TEST_F(pair, dead_peer_data)
{
	int heard = capture_open(&self->client, variant->family);
	int asked = capture_open(&self->server, variant->family);
	const struct mib change = { .value = { [MIB_ESTAB_RESETS] = 1 } };
	struct capture data, rst;
	struct mib before;

	ASSERT_LE(0, heard);
	ASSERT_LE(0, asked);
	half_open(_metadata, self, variant);
	capture_drain(heard);
	capture_drain(asked);
	ASSERT_EQ(0, mib_read(&self->client, &before));
	EXPECT_EQ(1, outcome_do(self->fd, OUTCOME_WRITE, NULL));
	EXPECT_TRUE(tcp_readable(self->fd, ARRIVES_MS));
	ASSERT_TRUE(capture_read(asked, &data, 0));
	ASSERT_TRUE(capture_read(heard, &rst, 0));
	EXPECT_EQ(TH_RST, rst.packet.flags);
	EXPECT_EQ(data.packet.ack, rst.packet.seq);
	EXPECT_EQ(0, rst.packet.ack);
	EXPECT_FALSE(capture_read(heard, &rst, ARRIVES_MS));
	EXPECT_MIB(&change, &self->client, &before);
	EXPECT_OUTCOME(OUTCOME_ENDED(ECONNRESET, OUTCOME_READ), self->fd,
		       OUTCOME_READ, "data");
	close(heard);
	close(asked);
}

/* A FIN is answered like data, but then nobody is there to be told. */
TEST_F(pair, dead_peer_close)
{
	half_open(_metadata, self, variant);
	ASSERT_EQ(0, close(self->fd));
	self->fd = -1;
	usleep(ARRIVES_MS * 1000);
	EXPECT_EQ(1, host_mib(&self->server, "Tcp", "OutRsts"));
	EXPECT_EQ(TCP_NO_SOCKET, pair_client_state());
}

/* The RST comes late, and so does the error. */
TEST_F(pair, dead_peer_data_rst_late)
{
	int64_t start, passed;

	ASSERT_EQ(0, rules_add(&self->client,
			       "name rst in rst limit 1 delay 150ms"));
	half_open(_metadata, self, variant);
	start = tcp_now_ms();
	EXPECT_EQ(1, outcome_do(self->fd, OUTCOME_WRITE, NULL));
	EXPECT_FALSE(tcp_readable(self->fd, ARRIVES_MS));
	EXPECT_TRUE(tcp_readable(self->fd, PATIENCE_MS));
	passed = tcp_now_ms() - start;
	EXPECT_LE(150, passed);
	EXPECT_GE(250, passed);
	EXPECT_OUTCOME(OUTCOME_ENDED(ECONNRESET, OUTCOME_READ), self->fd,
		       OUTCOME_READ, "late");
}

/* One of them is lost: the data are repeated, and draw the next one. */
TEST_F(pair, dead_peer_data_rst_lost_once)
{
	ASSERT_EQ(0, rules_add(&self->client, "name lost in rst limit 1 drop"));
	half_open(_metadata, self, variant);
	EXPECT_EQ(1, outcome_do(self->fd, OUTCOME_WRITE, NULL));
	EXPECT_TRUE(tcp_readable(self->fd, PATIENCE_MS));
	EXPECT_EQ(1, rule_fired(&self->client, "lost"));
	EXPECT_EQ(2, host_mib(&self->server, "Tcp", "OutRsts"));
	EXPECT_OUTCOME(OUTCOME_ENDED(ECONNRESET, OUTCOME_READ), self->fd,
		       OUTCOME_READ, "lost once");
}

/*
 * All of them are lost. Until the client gives up, in the time given, each
 * repetition draws another one.
 */
static void lose_all(struct __test_metadata *_metadata,
		     FIXTURE_DATA(pair) *self, int min_ms, int max_ms)
{
	const struct mib change = { .value = {
		[MIB_ESTAB_RESETS] = 1, [MIB_ABORT_ON_TIMEOUT] = 1,
	} };
	int64_t start = tcp_now_ms(), passed;
	struct mib before;

	ASSERT_EQ(0, mib_read(&self->client, &before));
	EXPECT_EQ(1, outcome_do(self->fd, OUTCOME_WRITE, NULL));
	EXPECT_FALSE(tcp_readable(self->fd, min_ms));
	EXPECT_TRUE(tcp_readable(self->fd, PATIENCE_MS));
	passed = tcp_now_ms() - start;
	EXPECT_GE(max_ms, passed);
	EXPECT_MIB(&change, &self->client, &before);
	EXPECT_EQ(1 + host_mib(&self->client, "Tcp", "RetransSegs"),
		  rule_fired(&self->client, "lost"));
	EXPECT_OUTCOME(OUTCOME_ENDED(ETIMEDOUT, OUTCOME_READ), self->fd,
		       OUTCOME_READ, "lost always");
}

TEST_F(pair, dead_peer_data_rst_lost_user_timeout)
{
	ASSERT_EQ(0, rules_add(&self->client, "name lost in rst drop"));
	half_open(_metadata, self, variant);
	ASSERT_EQ(0, set_option(self->fd, IPPROTO_TCP, TCP_USER_TIMEOUT, 600));
	lose_all(_metadata, self, 600, 1500);
}

TEST_F(pair, dead_peer_data_rst_lost_retries2)
{
	ASSERT_EQ(0, host_sysctl(&self->client, "ipv4/tcp_retries2", "3"));
	ASSERT_EQ(0, rules_add(&self->client, "name lost in rst drop"));
	half_open(_metadata, self, variant);
	lose_all(_metadata, self, 1500, 15000);
}

/* Keepalive: a probe after a second, another one each second, two in all. */
static void keep_alive(struct __test_metadata *_metadata,
		       FIXTURE_DATA(pair) *self)
{
	ASSERT_EQ(0, set_option(self->fd, SOL_SOCKET, SO_KEEPALIVE, 1));
	ASSERT_EQ(0, set_option(self->fd, IPPROTO_TCP, TCP_KEEPIDLE, 1));
	ASSERT_EQ(0, set_option(self->fd, IPPROTO_TCP, TCP_KEEPINTVL, 1));
	ASSERT_EQ(0, set_option(self->fd, IPPROTO_TCP, TCP_KEEPCNT, 2));
}

/* The first probe draws a RST. */
TEST_F(pair, dead_peer_keepalive)
{
	int64_t start;

	half_open(_metadata, self, variant);
	start = tcp_now_ms();
	keep_alive(_metadata, self);
	EXPECT_TRUE(tcp_readable(self->fd, PATIENCE_MS));
	EXPECT_GE(1500, tcp_now_ms() - start);
	EXPECT_EQ(1, host_mib(&self->server, "Tcp", "OutRsts"));
	EXPECT_OUTCOME(OUTCOME_ENDED(ECONNRESET, OUTCOME_READ), self->fd,
		       OUTCOME_READ, "keepalive");
}

/* It is lost, as is the next one: the client sends a RST itself, and is gone. */
TEST_F(pair, dead_peer_keepalive_rst_lost)
{
	const struct mib change = { .value = {
		[MIB_ESTAB_RESETS] = 1, [MIB_ABORT_ON_TIMEOUT] = 1,
		[MIB_OUT_RSTS] = 1,
	} };
	int heard = capture_open(&self->server, variant->family);
	struct capture rst = {};
	int64_t start, passed;
	struct mib before;

	ASSERT_LE(0, heard);
	ASSERT_EQ(0, rules_add(&self->client, "name lost in rst drop"));
	ASSERT_EQ(0, rules_add(&self->client,
			       "name sent out rst active pass"));
	half_open(_metadata, self, variant);
	ASSERT_EQ(0, mib_read(&self->client, &before));
	start = tcp_now_ms();
	keep_alive(_metadata, self);
	EXPECT_TRUE(tcp_readable(self->fd, PATIENCE_MS));
	passed = tcp_now_ms() - start;
	EXPECT_LE(2900, passed);
	EXPECT_GE(3500, passed);
	EXPECT_MIB(&change, &self->client, &before);
	EXPECT_EQ(2, rule_fired(&self->client, "lost"));
	EXPECT_EQ(1, rule_fired(&self->client, "sent"));
	while (capture_read(heard, &rst, 0))
		;
	EXPECT_EQ(TH_RST | TH_ACK, rst.packet.flags);
	EXPECT_OUTCOME(OUTCOME_ENDED(ETIMEDOUT, OUTCOME_READ), self->fd,
		       OUTCOME_READ, "keepalive");
	close(heard);
}

/* Who waits for an answer is told by the timer of what was asked. */
static void wait_in_vain(struct __test_metadata *_metadata,
			 FIXTURE_DATA(pair) *self,
			 const FIXTURE_VARIANT(pair) *variant,
			 enum caller_way way)
{
	const char *missing = caller_missing(way);
	struct caller caller = {};

	if (missing)
		SKIP(return, "%s", missing);

	ASSERT_EQ(0, rules_add(&self->client, "name lost in rst drop"));
	half_open(_metadata, self, variant);
	ASSERT_EQ(0, set_option(self->fd, IPPROTO_TCP, TCP_USER_TIMEOUT, 600));
	EXPECT_EQ(1, outcome_do(self->fd, OUTCOME_WRITE, NULL));
	ASSERT_EQ(0, caller_start(&caller, way, CALLER_READ, self->fd));
	ASSERT_EQ(0, caller_wait(&caller, PATIENCE_MS));
	EXPECT_EQ(-ETIMEDOUT, caller.result);
	EXPECT_LT(1, rule_fired(&self->client, "lost"));
}

TEST_CALLER(dead_peer_blocked_read, wait_in_vain, CALLER_BLOCKED)
TEST_CALLER(dead_peer_epoll_read, wait_in_vain, CALLER_EPOLL)
TEST_CALLER(dead_peer_io_uring_read, wait_in_vain, CALLER_URING)

/*
 * The server comes back at once, and the client connects again from the same
 * port. A RST that was on its way to the old connection is no danger to the new
 * one.
 */
TEST_F(pair, dead_peer_rst_of_old_connection)
{
	struct sockaddr_storage ss;
	socklen_t len;

	ASSERT_EQ(0, rules_add(&self->client, "name held in rst delay 1h"));
	half_open(_metadata, self, variant);
	EXPECT_EQ(1, outcome_do(self->fd, OUTCOME_WRITE, NULL));
	usleep(ARRIVES_MS * 1000);
	EXPECT_EQ(1, rule_fired(&self->client, "held"));
	ASSERT_EQ(0, pair_vanish_end(&self->fd));

	self->fd = tcp_socket(&self->client, variant->family);
	len = host_sockaddr(&ss, variant->family, CLIENT, self->port);
	ASSERT_EQ(0, bind(self->fd, (void *)&ss, len));
	pair_establish();
	EXPECT_EQ(1, rule_release(&self->client, "held"));
	usleep(ARRIVES_MS * 1000);
	EXPECT_OUTCOME(OUTCOME_ALIVE(OUTCOME_READ), self->fd, OUTCOME_READ,
		       "new connection");
}

TEST_HARNESS_MAIN
