// SPDX-License-Identifier: GPL-2.0
/*
 * RSTs for what is left of a connection: TIME-WAIT, which they may end too early
 * (RFC 1337), and FIN-WAIT-2 of a socket that was closed, which Linux keeps in
 * the same way. No process has these sockets, so the RST is forged behind the
 * segment that makes the state.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "lib/states.h"

struct row {
	const char *words;	/* of forge */
	bool gone;
	bool answered;
	bool badsum;
};

/* Wait until the RST is there, and see what the client has counted. */
static void expect_forged(struct __test_metadata *_metadata,
			  FIXTURE_DATA(pair) *self, const struct mib *before,
			  const struct row *row)
{
	const struct timespec moment = { .tv_nsec = 1000000 };
	struct mib change = {};
	int i;

	for (i = 0; i < COMES_MS && rule_counter(&self->client, "forge",
						 RSTFAULT_A_COUNTERS_SENT) < 1;
	     i++)
		nanosleep(&moment, NULL);
	expect_counters(_metadata, &self->client, "forge", 1, 1, row->words);

	change.value[MIB_IN_ERRS] = row->badsum;
	change.value[MIB_IN_CSUM_ERRORS] = row->badsum;
	expect_mib(_metadata, &self->client, before, &change, row->words);
}

/* The RST comes behind the server's FIN. */
static void try_time_wait(struct __test_metadata *_metadata,
			  FIXTURE_DATA(pair) *self, int family,
			  const struct row *row)
{
	int heard = capture_open(&self->server, family);
	struct mib before;

	ASSERT_LE(0, heard);
	pair_connect(_metadata, self, family);
	ASSERT_EQ(0, rules_add(&self->client,
			       "name forge in fin sport %d forge to receiver %s",
			       TCP_PORT_OPEN, row->words));
	close(self->fd);
	self->fd = -1;
	state_wait(_metadata, self->peer, TCP_CLOSE_WAIT, "TIME-WAIT");
	capture_drain(heard);
	ASSERT_EQ(0, mib_read(&self->client, &before));
	close(self->peer);
	self->peer = -1;

	expect_forged(_metadata, self, &before, row);
	/* The ACK is the one for the FIN. */
	expect_answer(_metadata, heard, self->port, true, row->words);
	EXPECT_EQ(row->gone ? TCP_NO_SOCKET : TCP_TIME_WAIT,
		  pair_state(self, family)) {
		TH_LOG("%s: %s", row->words,
		       tcp_state_name(pair_state(self, family)));
	}
	close(heard);
}

#define TEST_ROW(name, try, ...)					\
TEST_F(pair, name)							\
{									\
	const struct row row = { __VA_ARGS__ };				\
									\
	try(_metadata, self, variant->family, &row);			\
}

TEST_ROW(time_wait_exact, try_time_wait, "seq exact", .gone = true)
TEST_ROW(time_wait_in_window, try_time_wait, "seq +1")
TEST_ROW(time_wait_before, try_time_wait, "seq -1")
TEST_ROW(time_wait_out_of_window, try_time_wait, "seq out-of-window")
TEST_ROW(time_wait_badsum, try_time_wait, "badsum", .badsum = true)

/* With the protection of RFC 1337, no RST ends it. */
TEST_F(pair, time_wait_exact_rfc1337)
{
	const struct row row = { "seq exact" };

	ASSERT_EQ(0, host_sysctl(&self->client, "ipv4/tcp_rfc1337", "1"));
	try_time_wait(_metadata, self, variant->family, &row);
}

/* The client closes, its FIN is acknowledged, and the server does not close. */
static void reach_fin_wait2(struct __test_metadata *_metadata,
			    FIXTURE_DATA(pair) *self, int heard)
{
	struct capture fin;

	capture_drain(heard);
	close(self->fd);
	self->fd = -1;
	ASSERT_TRUE(capture_read(heard, &fin, COMES_MS));
	ASSERT_EQ(TH_FIN | TH_ACK, fin.packet.flags);
}

/* The RST comes behind the ACK of the client's FIN. */
static void try_fin_wait2(struct __test_metadata *_metadata,
			  FIXTURE_DATA(pair) *self, int family,
			  const struct row *row)
{
	int heard = capture_open(&self->server, family);
	struct mib before;

	ASSERT_LE(0, heard);
	pair_connect(_metadata, self, family);
	ASSERT_EQ(0, rules_add(&self->client,
			       "name forge in ack sport %d forge to receiver %s",
			       TCP_PORT_OPEN, row->words));
	ASSERT_EQ(0, mib_read(&self->client, &before));
	reach_fin_wait2(_metadata, self, heard);

	expect_forged(_metadata, self, &before, row);
	expect_answer(_metadata, heard, self->port, row->answered, row->words);
	EXPECT_EQ(row->gone ? TCP_NO_SOCKET : TCP_FIN_WAIT2,
		  pair_state(self, family)) {
		TH_LOG("%s: %s", row->words,
		       tcp_state_name(pair_state(self, family)));
	}
	close(heard);
}

TEST_ROW(orphan_fin_wait2_exact, try_fin_wait2, "seq exact", .gone = true)
TEST_ROW(orphan_fin_wait2_in_window, try_fin_wait2, "seq +1", .gone = true)
TEST_ROW(orphan_fin_wait2_before, try_fin_wait2, "seq -1", .answered = true)
TEST_ROW(orphan_fin_wait2_out_of_window, try_fin_wait2, "seq out-of-window",
	 .answered = true)
TEST_ROW(orphan_fin_wait2_badsum, try_fin_wait2, "badsum", .badsum = true)

/* Nobody could read data that come there: a RST is the answer. */
TEST_F(pair, orphan_fin_wait2_data)
{
	int heard = capture_open(&self->server, variant->family);
	struct mib before, change = {};
	struct capture rst;

	ASSERT_LE(0, heard);
	pair_establish();
	reach_fin_wait2(_metadata, self, heard);
	state_wait(_metadata, self->peer, TCP_CLOSE_WAIT, "server");
	sleep(1);
	ASSERT_EQ(TCP_FIN_WAIT2, pair_state(self, variant->family));
	ASSERT_EQ(0, mib_read(&self->client, &before));

	ASSERT_EQ(1, send(self->peer, "x", 1, 0));
	ASSERT_TRUE(capture_read(heard, &rst, COMES_MS));
	EXPECT_EQ(TH_RST, rst.packet.flags & TH_RST);
	change.value[MIB_OUT_RSTS] = 1;
	expect_mib(_metadata, &self->client, &before, &change, "data");
	EXPECT_EQ(TCP_NO_SOCKET, pair_state(self, variant->family));
	EXPECT_EQ(EPIPE, tcp_error(self->peer));
	EXPECT_EQ(TCP_CLOSE, tcp_state(self->peer));
	close(heard);
}

/* The same, but the RST is lost: the server does not come to know. */
TEST_F(pair, orphan_fin_wait2_data_lost)
{
	int heard = capture_open(&self->server, variant->family);

	ASSERT_LE(0, heard);
	pair_establish();
	ASSERT_EQ(0, rules_add(&self->server, "name lost in rst drop"));
	reach_fin_wait2(_metadata, self, heard);
	state_wait(_metadata, self->peer, TCP_CLOSE_WAIT, "server");
	sleep(1);
	ASSERT_EQ(TCP_FIN_WAIT2, pair_state(self, variant->family));

	ASSERT_EQ(1, send(self->peer, "x", 1, 0));
	sleep(1);
	/* For the data, and each time that they are repeated. */
	EXPECT_LE(2, rule_fired(&self->server, "lost"));
	EXPECT_EQ(0, tcp_error(self->peer));
	EXPECT_EQ(TCP_CLOSE_WAIT, tcp_state(self->peer));
	close(heard);
}

TEST_HARNESS_MAIN
