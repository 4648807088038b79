// SPDX-License-Identifier: GPL-2.0
/*
 * A RST for a connection that waits to be accepted. The application has never
 * seen it, and yet accept() succeeds: what has happened is told by the socket
 * that it gets.
 */
#include <errno.h>
#include <stdbool.h>

#include "kselftest_harness.h"

#include "lib/caller.h"
#include "lib/counters.h"
#include "lib/mib.h"
#include "lib/outcome.h"
#include "lib/pair.h"
#include "lib/rules.h"

/* How long a segment may be on its way. */
#define ARRIVES_MS 100

/* How long to wait for a call to return. */
#define RETURNS_MS 5000

/* A connection that waits, with so many bytes to be read. */
static void queue(struct __test_metadata *_metadata, FIXTURE_DATA(pair) *self,
		  const FIXTURE_VARIANT(pair) *variant, size_t bytes)
{
	ASSERT_EQ(0, tcp_connect(self->fd, variant->family, SERVER,
				 TCP_PORT_OPEN));
	self->port = tcp_port(self->fd);
	if (bytes)
		ASSERT_EQ(bytes, send(self->fd, "1234567", bytes, 0));
	usleep(ARRIVES_MS * 1000);
	EXPECT_EQ(TCP_ESTABLISHED, pair_server_state());
}

/* Send it a RST, which has that outcome. */
static void inject(struct __test_metadata *_metadata, FIXTURE_DATA(pair) *self,
		   const FIXTURE_VARIANT(pair) *variant, const char *words,
		   int outcome, const struct mib *change)
{
	struct mib before;

	ASSERT_EQ(0, mib_read(&self->server, &before));
	EXPECT_EQ(outcome,
		  rules_inject(&self->server, variant->family, SERVER,
			       TCP_PORT_OPEN, self->port, words));
	EXPECT_MIB(change, &self->server, &before);
	EXPECT_TRUE(tcp_readable(self->listener, 0));
}

static const struct mib change_reset = { .value = {
	[MIB_ESTAB_RESETS] = 1,
} };

static const struct mib change_challenged = { .value = {
	[MIB_CHALLENGE_ACK] = 1,
} };

static const struct mib change_none;

static void reset_queued(struct __test_metadata *_metadata,
			 FIXTURE_DATA(pair) *self,
			 const FIXTURE_VARIANT(pair) *variant)
{
	queue(_metadata, self, variant, 0);
	inject(_metadata, self, variant, "to local", RSTFAULT_OUTCOME_RESET,
	       &change_reset);
	EXPECT_EQ(TCP_NO_SOCKET, pair_server_state());
}

/* What accept() returns is at its end; that is told to the first call. */
static void accept_dead(struct __test_metadata *_metadata,
			FIXTURE_DATA(pair) *self, enum outcome_call first)
{
	self->peer = accept(self->listener, NULL, NULL);
	ASSERT_LE(0, self->peer);
	EXPECT_EQ(-ENOTCONN, outcome_do(self->peer, OUTCOME_NAME, NULL));
	EXPECT_OUTCOME(OUTCOME_ENDED(ECONNRESET, first), self->peer, first,
		       outcome_calls[first]);
}

TEST_F(pair, queued_rst_exact_so_error)
{
	reset_queued(_metadata, self, variant);
	accept_dead(_metadata, self, OUTCOME_SO_ERROR);
}

TEST_F(pair, queued_rst_exact_read)
{
	reset_queued(_metadata, self, variant);
	accept_dead(_metadata, self, OUTCOME_READ);
}

TEST_F(pair, queued_rst_exact_write)
{
	reset_queued(_metadata, self, variant);
	accept_dead(_metadata, self, OUTCOME_WRITE);
}

/* The client itself gives up. */
TEST_F(pair, queued_rst_of_client)
{
	queue(_metadata, self, variant, 0);
	pair_abort_end(&self->fd);
	usleep(ARRIVES_MS * 1000);
	EXPECT_EQ(TCP_NO_SOCKET, pair_server_state());
	accept_dead(_metadata, self, OUTCOME_READ);
}

/* That RST is lost: the server learns of it when it sends. */
TEST_F(pair, queued_rst_lost)
{
	ASSERT_EQ(0, rules_add(&self->server, "name lost in rst limit 1 drop"));
	queue(_metadata, self, variant, 0);
	pair_abort_end(&self->fd);
	usleep(ARRIVES_MS * 1000);
	EXPECT_EQ(1, rule_fired(&self->server, "lost"));
	EXPECT_EQ(TCP_ESTABLISHED, pair_server_state());

	self->peer = accept(self->listener, NULL, NULL);
	ASSERT_LE(0, self->peer);
	EXPECT_EQ(0, outcome_do(self->peer, OUTCOME_NAME, NULL));
	EXPECT_EQ(-EAGAIN, outcome_do(self->peer, OUTCOME_READ, NULL));
	EXPECT_EQ(1, outcome_do(self->peer, OUTCOME_WRITE, NULL));
	EXPECT_TRUE(tcp_readable(self->peer, ARRIVES_MS));
	EXPECT_OUTCOME(OUTCOME_ENDED(ECONNRESET, OUTCOME_READ), self->peer,
		       OUTCOME_READ, "behind a write");
}

/* What had come before the RST can be read. */
TEST_F(pair, queued_rst_exact_data)
{
	char bytes[16];

	queue(_metadata, self, variant, 7);
	inject(_metadata, self, variant, "to local", RSTFAULT_OUTCOME_RESET,
	       &change_reset);
	self->peer = accept(self->listener, NULL, NULL);
	ASSERT_LE(0, self->peer);
	EXPECT_EQ(-ENOTCONN, outcome_do(self->peer, OUTCOME_NAME, NULL));
	EXPECT_EQ(7, recv(self->peer, bytes, sizeof(bytes), MSG_DONTWAIT));
	EXPECT_OUTCOME(OUTCOME_ENDED(ECONNRESET, OUTCOME_READ), self->peer,
		       OUTCOME_READ, "behind the data");
}

/* It is a connection as good as any other, and not that easy to reset. */
static void stays(struct __test_metadata *_metadata, FIXTURE_DATA(pair) *self,
		  const FIXTURE_VARIANT(pair) *variant, const char *words,
		  int outcome, const struct mib *change)
{
	queue(_metadata, self, variant, 0);
	inject(_metadata, self, variant, words, outcome, change);
	EXPECT_EQ(TCP_ESTABLISHED, pair_server_state());
	self->peer = accept(self->listener, NULL, NULL);
	ASSERT_LE(0, self->peer);
	EXPECT_OUTCOME(OUTCOME_ALIVE(OUTCOME_READ), self->peer, OUTCOME_READ,
		       words);
}

TEST_F(pair, queued_rst_in_window)
{
	stays(_metadata, self, variant, "to local seq in-window",
	      RSTFAULT_OUTCOME_CHALLENGED, &change_challenged);
}

TEST_F(pair, queued_rst_before)
{
	stays(_metadata, self, variant, "to local seq -1",
	      RSTFAULT_OUTCOME_IGNORED, &change_none);
}

TEST_F(pair, queued_rst_out_of_window)
{
	stays(_metadata, self, variant, "to local seq out-of-window",
	      RSTFAULT_OUTCOME_IGNORED, &change_none);
}

/*
 * Who waits in accept() gets the connection before its RST can come. Here both
 * come at once: the ACK of the handshake is held until the RST stands behind it.
 */
static void wait_for_dead(struct __test_metadata *_metadata,
			  FIXTURE_DATA(pair) *self,
			  const FIXTURE_VARIANT(pair) *variant,
			  enum caller_way way)
{
	const char *missing = caller_missing(way);
	struct caller caller = {};

	if (missing)
		SKIP(return, "%s", missing);

	ASSERT_EQ(0, rules_add(&self->server, "name held in ack,rst delay 1h"));
	ASSERT_EQ(0, caller_start(&caller, way, CALLER_ACCEPT, self->listener));
	ASSERT_EQ(0, tcp_connect(self->fd, variant->family, SERVER,
				 TCP_PORT_OPEN));
	pair_abort_end(&self->fd);
	usleep(ARRIVES_MS * 1000);
	EXPECT_EQ(2, rule_fired(&self->server, "held"));
	EXPECT_EQ(2, rule_release(&self->server, "held"));

	ASSERT_EQ(0, caller_wait(&caller, RETURNS_MS));
	self->peer = caller.result;
	ASSERT_LE(0, self->peer);
	if (way == CALLER_POLL || way == CALLER_EPOLL)
		EXPECT_EQ(OUTCOME_IN, caller.bits);
	usleep(ARRIVES_MS * 1000);
	EXPECT_OUTCOME(OUTCOME_ENDED(ECONNRESET, OUTCOME_READ), self->peer,
		       OUTCOME_READ, caller_ways[way]);
}

TEST_CALLER(accepting_blocked_rst, wait_for_dead, CALLER_BLOCKED)
TEST_CALLER(accepting_poll_rst, wait_for_dead, CALLER_POLL)
TEST_CALLER(accepting_epoll_rst, wait_for_dead, CALLER_EPOLL)
TEST_CALLER(accepting_io_uring_rst, wait_for_dead, CALLER_URING)

/* With the listener goes what nobody has accepted, and each gets a RST. */
TEST_F(pair, queued_listener_closes)
{
	ASSERT_EQ(0, rules_add(&self->server, "name rsts out rst active pass"));
	queue(_metadata, self, variant, 0);
	ASSERT_EQ(0, close(self->listener));
	self->listener = -1;
	EXPECT_TRUE(tcp_readable(self->fd, ARRIVES_MS));
	EXPECT_EQ(1, rule_fired(&self->server, "rsts"));
	EXPECT_EQ(TCP_NO_SOCKET, pair_server_state());
	EXPECT_OUTCOME(OUTCOME_ENDED(ECONNRESET, OUTCOME_READ), self->fd,
		       OUTCOME_READ, "client");
}

/* That RST is lost: the client learns of it when it sends. */
TEST_F(pair, queued_listener_closes_rst_lost)
{
	ASSERT_EQ(0, rules_add(&self->client, "name lost in rst limit 1 drop"));
	queue(_metadata, self, variant, 0);
	ASSERT_EQ(0, close(self->listener));
	self->listener = -1;
	usleep(ARRIVES_MS * 1000);
	EXPECT_EQ(1, rule_fired(&self->client, "lost"));
	EXPECT_EQ(TCP_NO_SOCKET, pair_server_state());
	EXPECT_EQ(OUTCOME_OUT, outcome_poll(self->fd));
	EXPECT_EQ(1, outcome_do(self->fd, OUTCOME_WRITE, NULL));
	EXPECT_TRUE(tcp_readable(self->fd, ARRIVES_MS));
	EXPECT_EQ(-ECONNRESET, outcome_do(self->fd, OUTCOME_READ, NULL));
}

TEST_HARNESS_MAIN
