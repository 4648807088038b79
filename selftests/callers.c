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

static void reset(struct __test_metadata *_metadata, FIXTURE_DATA(pair) *self,
		  int family)
{
	EXPECT_EQ(RSTFAULT_OUTCOME_RESET,
		  rules_inject(&self->client, family, CLIENT, self->port,
			       TCP_PORT_OPEN, "to local"));
}

static void try_call(struct __test_metadata *_metadata,
		     FIXTURE_DATA(pair) *self, int family,
		     enum caller_way way, enum caller_call call)
{
	struct caller caller = {};

	pair_connect(_metadata, self, family);
	if (call == CALLER_WRITE)
		ASSERT_EQ(0, caller_fill(self->fd));
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

TEST_HARNESS_MAIN
