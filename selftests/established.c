// SPDX-License-Identifier: GPL-2.0
/*
 * RSTs of every kind for a connection that is established (RFC 9293, section
 * 3.10.7.4, and RFC 5961, section 3): which of them end it, what the socket
 * answers, and what each call returns.
 */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "lib/states.h"

/* When nothing is left to be acknowledged. */
#define SETTLED_MS 500

static const struct state established = {
	"ESTABLISHED", TCP_ESTABLISHED, TCP_ESTABLISHED,
	.error = ECONNRESET, .counted = true,
};

TEST_ENDS(established, exact, KIND_EXACT)
TEST_ENDS(established, exact_ack, KIND_EXACT_ACK)
TEST_ENDS(established, exact_noack, KIND_EXACT_NOACK)
TEST_ENDS(established, exact_badack, KIND_EXACT_BADACK)
TEST_LIVES(established, in_window, KIND_IN_WINDOW)
TEST_LIVES(established, far_in_window, KIND_FAR_IN_WINDOW)
TEST_LIVES(established, before, KIND_BEFORE)
TEST_LIVES(established, out_of_window, KIND_OUT_OF_WINDOW)
TEST_LIVES(established, badsum, KIND_BADSUM)

/* A number that was exact before the last data came. */
TEST_F(pair, old)
{
	struct outcome want = state_alive(&established, OUTCOME_SO_ERROR);
	int heard = capture_open(&self->server, variant->family);
	struct mib before, change = {};

	ASSERT_LE(0, heard);
	pair_establish();
	ASSERT_EQ(1, send(self->peer, "x", 1, 0));
	ASSERT_TRUE(tcp_readable(self->fd, COMES_MS));
	ASSERT_EQ(1, send(self->peer, "y", 1, 0));
	poll(NULL, 0, SETTLED_MS);
	capture_drain(heard);
	ASSERT_EQ(0, mib_read(&self->client, &before));
	inject(_metadata, self, variant->family, "seq -2",
	       RSTFAULT_OUTCOME_IGNORED, "old");
	expect_mib(_metadata, &self->client, &before, &change, "old");
	expect_answer(_metadata, heard, self->port, false, "old");

	/* One of the two bytes is read here. */
	want.poll |= OUTCOME_IN;
	want.epoll |= OUTCOME_IN;
	want.told |= OUTCOME_IN;
	want.read = 1;
	EXPECT_OUTCOME(want, self->fd, OUTCOME_SO_ERROR, "old");
	close(heard);
}

TEST_HARNESS_MAIN
