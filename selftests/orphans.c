// SPDX-License-Identifier: GPL-2.0
/*
 * RSTs where there is nobody to tell: sockets that were closed, and whose FIN is
 * on its way (FIN-WAIT-1, CLOSING, LAST-ACK), no socket at all (CLOSED), and a
 * listener (RFC 9293, sections 3.10.7.1 and 3.10.7.2).
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "lib/states.h"

/* What the client closes, and the server. No FIN of the client arrives. */
static const struct orphan {
	const char *name;
	int state;
	bool server_first;
	bool server_last;
} fin_wait1 = {
	"FIN-WAIT-1", TCP_FIN_WAIT1,
}, closing = {
	"CLOSING", TCP_CLOSING, .server_last = true,
}, last_ack = {
	"LAST-ACK", TCP_LAST_ACK, .server_first = true,
};

static void try_orphan(struct __test_metadata *_metadata,
		       FIXTURE_DATA(pair) *self, int family,
		       const struct orphan *orphan, const char *words,
		       int outcome)
{
	bool challenged = outcome == RSTFAULT_OUTCOME_CHALLENGED;
	int heard = capture_open(&self->server, family);
	struct mib before, change = {};

	ASSERT_LE(0, heard);
	pair_connect(_metadata, self, family);
	ASSERT_EQ(0, rules_add(&self->server, "in fin drop"));
	if (orphan->server_first) {
		ASSERT_EQ(0, shutdown(self->peer, SHUT_WR));
		state_wait(_metadata, self->fd, TCP_CLOSE_WAIT, "client");
	}
	close(self->fd);
	self->fd = -1;
	if (orphan->server_last)
		ASSERT_EQ(0, shutdown(self->peer, SHUT_WR));
	if (orphan->state != TCP_FIN_WAIT1)
		state_wait(_metadata, self->peer, TCP_FIN_WAIT2, "server");
	ASSERT_EQ(orphan->state, pair_state(self, family)) {
		TH_LOG("%s not reached", orphan->name);
	}
	capture_drain(heard);
	ASSERT_EQ(0, mib_read(&self->client, &before));

	inject(_metadata, self, family, words, outcome, orphan->name);
	change.value[MIB_CHALLENGE_ACK] = challenged;
	expect_mib(_metadata, &self->client, &before, &change, orphan->name);
	expect_answer(_metadata, heard, self->port, challenged, orphan->name);
	EXPECT_EQ(outcome == RSTFAULT_OUTCOME_RESET ? TCP_NO_SOCKET :
						      orphan->state,
		  pair_state(self, family));
	close(heard);
}

#define TEST_ORPHAN(orphan)						\
TEST_F(pair, orphan_##orphan##_exact)					\
{									\
	try_orphan(_metadata, self, variant->family, &(orphan), "",	\
		   RSTFAULT_OUTCOME_RESET);				\
}									\
TEST_F(pair, orphan_##orphan##_in_window)				\
{									\
	try_orphan(_metadata, self, variant->family, &(orphan),		\
		   "seq in-window", RSTFAULT_OUTCOME_CHALLENGED);	\
}

TEST_ORPHAN(fin_wait1)
TEST_ORPHAN(closing)
TEST_ORPHAN(last_ack)

/* The copy of a RST finds nobody any more. A RST is not answered by a RST. */
TEST_F(pair, closed_exact)
{
	int heard = capture_open(&self->server, variant->family);
	struct mib before, change = {};

	ASSERT_LE(0, heard);
	pair_establish();
	ASSERT_EQ(0, rules_add(&self->client, "name twice in rst duplicate 1"));
	capture_drain(heard);
	ASSERT_EQ(0, mib_read(&self->client, &before));

	pair_abort_end(&self->peer);
	ASSERT_TRUE(tcp_readable(self->fd, COMES_MS));
	EXPECT_EQ(ECONNRESET, tcp_error(self->fd));
	expect_answer(_metadata, heard, self->port, false, "CLOSED");
	expect_counters(_metadata, &self->client, "twice", 1, 1, "CLOSED");
	change.value[MIB_ESTAB_RESETS] = 1;
	expect_mib(_metadata, &self->client, &before, &change, "CLOSED");
	close(heard);
}

/* Here the copy finds the listener, which goes on to listen. */
TEST_F(pair, listen_exact)
{
	int heard = capture_open(&self->client, variant->family);
	struct mib before, change = {};

	ASSERT_LE(0, heard);
	pair_establish();
	ASSERT_EQ(0, rules_add(&self->server, "name twice in rst duplicate 1"));
	capture_drain(heard);
	ASSERT_EQ(0, mib_read(&self->server, &before));

	pair_abort_end(&self->fd);
	ASSERT_TRUE(tcp_readable(self->peer, COMES_MS));
	EXPECT_EQ(ECONNRESET, tcp_error(self->peer));
	expect_answer(_metadata, heard, TCP_PORT_OPEN, false, "LISTEN");
	expect_counters(_metadata, &self->server, "twice", 1, 1, "LISTEN");
	change.value[MIB_ESTAB_RESETS] = 1;
	expect_mib(_metadata, &self->server, &before, &change, "LISTEN");
	EXPECT_EQ(TCP_LISTEN, tcp_state(self->listener));
	EXPECT_EQ(0, tcp_error(self->listener));

	close(self->peer);
	pair_establish();
	close(heard);
}

TEST_HARNESS_MAIN
