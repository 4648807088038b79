// SPDX-License-Identifier: GPL-2.0
/*
 * Applications that wait for a connection when a RST ends it, in every way to
 * wait: a call that blocks, poll(), epoll and io_uring.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "lib/caller.h"
#include "lib/outcome.h"
#include "lib/pair.h"
#include "lib/rules.h"

/* How long to wait for a call to return. */
#define RETURNS_MS 5000
/* For one that has not to. */
#define WAITS_MS 3000

static void reset(struct __test_metadata *_metadata, FIXTURE_DATA(pair) *self,
		  int family)
{
	EXPECT_EQ(RSTFAULT_OUTCOME_RESET,
		  rules_inject(&self->client, family, CLIENT, self->port,
			       TCP_PORT_OPEN, "to local"));
}

/* Have a write wait, however fast the server is: nothing gets to it. */
static void fill(struct __test_metadata *_metadata, FIXTURE_DATA(pair) *self)
{
	ASSERT_EQ(0, rules_add(&self->server, "in data drop"));
	ASSERT_EQ(0, caller_fill(self->fd));
}

static void try_call(struct __test_metadata *_metadata,
		     FIXTURE_DATA(pair) *self, int family,
		     enum caller_way way, enum caller_call call)
{
	struct caller caller = {};

	pair_connect(_metadata, self, family);
	if (call == CALLER_WRITE)
		fill(_metadata, self);
	ASSERT_EQ(0, caller_start(&caller, way, call, self->fd));
	reset(_metadata, self, family);
	ASSERT_EQ(0, caller_wait(&caller, RETURNS_MS));
	EXPECT_EQ(-ECONNRESET, caller.result);
	EXPECT_FALSE(caller.sigpipe);
	if (way == CALLER_POLL || way == CALLER_EPOLL)
		EXPECT_EQ(call == CALLER_READ ?
			  OUTCOME_IN | OUTCOME_ERR | OUTCOME_HUP | OUTCOME_RDHUP :
			  OUTCOME_OUT | OUTCOME_ERR | OUTCOME_HUP, caller.bits);
	EXPECT_EQ(TCP_CLOSE, tcp_state(self->fd));
	pair_abort(self);
}

#define TEST_CALL(name, way, call)					\
TEST_F(pair, name)							\
{									\
	const char *missing = caller_missing(way);			\
									\
	if (missing)							\
		SKIP(return, "%s", missing);				\
	try_call(_metadata, self, variant->family, way, call);		\
}

TEST_CALL(blocked_read, CALLER_BLOCKED, CALLER_READ)
TEST_CALL(blocked_write, CALLER_BLOCKED, CALLER_WRITE)
TEST_CALL(poll_read, CALLER_POLL, CALLER_READ)
TEST_CALL(poll_write, CALLER_POLL, CALLER_WRITE)
TEST_CALL(epoll_read, CALLER_EPOLL, CALLER_READ)
TEST_CALL(epoll_write, CALLER_EPOLL, CALLER_WRITE)
TEST_CALL(io_uring_read, CALLER_URING, CALLER_READ)
TEST_CALL(io_uring_write, CALLER_URING, CALLER_WRITE)

/* Who waits to write when the peer has sent FIN is told EPIPE, with SIGPIPE. */
static void try_pipe(struct __test_metadata *_metadata,
		     FIXTURE_DATA(pair) *self, int family, enum caller_way way)
{
	struct caller caller = {};

	pair_connect(_metadata, self, family);
	ASSERT_EQ(0, shutdown(self->peer, SHUT_WR));
	ASSERT_TRUE(tcp_readable(self->fd, RETURNS_MS));
	ASSERT_EQ(TCP_CLOSE_WAIT, tcp_state(self->fd));
	fill(_metadata, self);
	ASSERT_EQ(0, caller_start(&caller, way, CALLER_WRITE, self->fd));
	reset(_metadata, self, family);
	ASSERT_EQ(0, caller_wait(&caller, RETURNS_MS));
	EXPECT_EQ(-EPIPE, caller.result);
	/* io_uring knows of no signals. */
	EXPECT_EQ(way != CALLER_URING, caller.sigpipe);
}

TEST_F(pair, blocked_write_close_wait)
{
	try_pipe(_metadata, self, variant->family, CALLER_BLOCKED);
}

TEST_F(pair, poll_write_close_wait)
{
	try_pipe(_metadata, self, variant->family, CALLER_POLL);
}

TEST_F(pair, epoll_write_close_wait)
{
	try_pipe(_metadata, self, variant->family, CALLER_EPOLL);
}

TEST_F(pair, io_uring_write_close_wait)
{
	const char *missing = caller_missing(CALLER_URING);

	if (missing)
		SKIP(return, "%s", missing);
	try_pipe(_metadata, self, variant->family, CALLER_URING);
}

/* Two that wait at one socket: both are woken, but only one gets the error. */
TEST_F(pair, blocked_read_and_write)
{
	struct caller reader = {}, writer = {};

	pair_establish();
	fill(_metadata, self);
	ASSERT_EQ(0, caller_start(&reader, CALLER_BLOCKED, CALLER_READ,
				  self->fd));
	ASSERT_EQ(0, caller_start(&writer, CALLER_BLOCKED, CALLER_WRITE,
				  self->fd));
	reset(_metadata, self, variant->family);
	ASSERT_EQ(0, caller_wait(&reader, RETURNS_MS));
	ASSERT_EQ(0, caller_wait(&writer, RETURNS_MS));
	if (reader.result == -ECONNRESET) {
		EXPECT_EQ(-EPIPE, writer.result);
		EXPECT_TRUE(writer.sigpipe);
	} else {
		EXPECT_EQ(0, reader.result);
		EXPECT_EQ(-ECONNRESET, writer.result);
		EXPECT_FALSE(writer.sigpipe);
	}
}

/* The RST is lost: whoever waits to read, waits on. */
TEST_F(pair, blocked_read_lost)
{
	struct caller caller = {};

	pair_establish();
	ASSERT_EQ(0, rules_add(&self->client, "name lost in rst drop"));
	ASSERT_EQ(0, caller_start(&caller, CALLER_BLOCKED, CALLER_READ,
				  self->fd));
	pair_abort_end(&self->peer);
	EXPECT_EQ(-ETIMEDOUT, caller_wait(&caller, WAITS_MS));
	EXPECT_LE(1, rule_fired(&self->client, "lost"));
}

TEST_HARNESS_MAIN
