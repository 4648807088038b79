// SPDX-License-Identifier: GPL-2.0
/*
 * What becomes of data when a RST comes: those that are there can still be read,
 * those that were sent are lost. And of a process that writes on: SIGPIPE.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "lib/states.h"

#define DATA "12345"

/* How long to see that nothing is repeated: several times as long as data are. */
#define REPEATED_MS 3000

static int read_all(int fd)
{
	char bytes[64];
	int len = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT);

	return len < 0 ? -errno : len;
}

/* Data have come, and behind them the RST. */
static void leave_unread(struct __test_metadata *_metadata,
			 FIXTURE_DATA(pair) *self, int family)
{
	pair_connect(_metadata, self, family);
	ASSERT_EQ(strlen(DATA), send(self->peer, DATA, strlen(DATA), 0));
	ASSERT_TRUE(tcp_readable(self->fd, COMES_MS));
	inject(_metadata, self, family, "", RSTFAULT_OUTCOME_RESET, "unread");
	EXPECT_EQ(TCP_CLOSE, tcp_state(self->fd));
	EXPECT_EQ(OUTCOME_DEAD, outcome_poll(self->fd));
	EXPECT_EQ(OUTCOME_DEAD, outcome_epoll(self->fd));
}

/* They are read first, then the error, then the end. */
TEST_F(pair, unread_read)
{
	leave_unread(_metadata, self, variant->family);
	EXPECT_EQ(strlen(DATA), read_all(self->fd));
	EXPECT_EQ(OUTCOME_DEAD, outcome_poll(self->fd));
	EXPECT_EQ(-ECONNRESET, read_all(self->fd));
	EXPECT_EQ(OUTCOME_TOLD, outcome_poll(self->fd));
	EXPECT_EQ(0, read_all(self->fd));
}

/* A read that could take more than there is does not wait, and says no error. */
TEST_F(pair, unread_waitall)
{
	char bytes[64];

	leave_unread(_metadata, self, variant->family);
	EXPECT_EQ(strlen(DATA), recv(self->fd, bytes, sizeof(bytes),
				     MSG_WAITALL));
	EXPECT_EQ(-ECONNRESET, read_all(self->fd));
	EXPECT_EQ(0, read_all(self->fd));
}

/* Whoever is told the error by another call can read them nevertheless. */
TEST_F(pair, unread_so_error)
{
	leave_unread(_metadata, self, variant->family);
	EXPECT_EQ(ECONNRESET, tcp_error(self->fd));
	EXPECT_EQ(OUTCOME_TOLD, outcome_poll(self->fd));
	EXPECT_EQ(strlen(DATA), read_all(self->fd));
	EXPECT_EQ(0, read_all(self->fd));
}

TEST_F(pair, unread_write)
{
	bool sigpipe;

	leave_unread(_metadata, self, variant->family);
	EXPECT_EQ(-ECONNRESET, outcome_do(self->fd, OUTCOME_WRITE, &sigpipe));
	EXPECT_FALSE(sigpipe);
	EXPECT_EQ(-EPIPE, outcome_do(self->fd, OUTCOME_WRITE, &sigpipe));
	EXPECT_TRUE(sigpipe);
	EXPECT_EQ(strlen(DATA), read_all(self->fd));
	EXPECT_EQ(0, read_all(self->fd));
}

/* What was sent and not acknowledged is lost, and not sent again. */
TEST_F(pair, unacked)
{
	int64_t lost;

	pair_establish();
	ASSERT_EQ(0, rules_add(&self->server, "name lost in data drop"));
	ASSERT_EQ(strlen(DATA), send(self->fd, DATA, strlen(DATA), 0));
	inject(_metadata, self, variant->family, "", RSTFAULT_OUTCOME_RESET,
	       "unacked");
	lost = rule_fired(&self->server, "lost");
	EXPECT_LE(1, lost);
	poll(NULL, 0, REPEATED_MS);
	EXPECT_EQ(lost, rule_fired(&self->server, "lost"));
	EXPECT_EQ(-EAGAIN, read_all(self->peer));
	EXPECT_EQ(TCP_ESTABLISHED, tcp_state(self->peer));
	EXPECT_OUTCOME(OUTCOME_ENDED(ECONNRESET, OUTCOME_WRITE), self->fd,
		       OUTCOME_WRITE, "unacked");
}

static void end(struct __test_metadata *_metadata, FIXTURE_DATA(pair) *self,
		int family)
{
	pair_connect(_metadata, self, family);
	inject(_metadata, self, family, "", RSTFAULT_OUTCOME_RESET, "SIGPIPE");
}

/* Not the first write, which says ECONNRESET: the next one kills. */
TEST_F(pair, sigpipe_default)
{
	end(_metadata, self, variant->family);
	EXPECT_EQ(0, outcome_killed(self->fd));
	EXPECT_EQ(SIGPIPE, outcome_killed(self->fd));
	EXPECT_EQ(SIGPIPE, outcome_killed(self->fd));
}

/* Where the peer has sent FIN, the first write kills. */
TEST_F(pair, sigpipe_default_close_wait)
{
	pair_establish();
	ASSERT_EQ(0, shutdown(self->peer, SHUT_WR));
	state_wait(_metadata, self->fd, TCP_CLOSE_WAIT, "client");
	inject(_metadata, self, variant->family, "", RSTFAULT_OUTCOME_RESET,
	       "CLOSE-WAIT");
	EXPECT_EQ(SIGPIPE, outcome_killed(self->fd));
}

/* No signal comes of reading, nor of asking. */
TEST_F(pair, sigpipe_not_by_read)
{
	int before;

	end(_metadata, self, variant->family);
	before = outcome_pipes();
	EXPECT_EQ(-ECONNRESET, read_all(self->fd));
	EXPECT_EQ(0, read_all(self->fd));
	EXPECT_EQ(0, tcp_error(self->fd));
	EXPECT_EQ(before, outcome_pipes());
}

TEST_F(pair, sigpipe_nosignal)
{
	int before;

	end(_metadata, self, variant->family);
	EXPECT_EQ(ECONNRESET, tcp_error(self->fd));
	before = outcome_pipes();
	EXPECT_EQ(-1, send(self->fd, "x", 1, MSG_NOSIGNAL));
	EXPECT_EQ(EPIPE, errno);
	EXPECT_EQ(before, outcome_pipes());
}

TEST_F(pair, sigpipe_ignored)
{
	end(_metadata, self, variant->family);
	EXPECT_EQ(ECONNRESET, tcp_error(self->fd));
	signal(SIGPIPE, SIG_IGN);
	EXPECT_EQ(-1, write(self->fd, "x", 1));
	EXPECT_EQ(EPIPE, errno);
}

TEST_HARNESS_MAIN
