// SPDX-License-Identifier: GPL-2.0
/*
 * RSTs for what a listener has: requests, which wait for the last ACK of the
 * handshake, and the listener itself. No application is told of any.
 */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "kselftest_harness.h"

#include "lib/mib.h"
#include "lib/outcome.h"
#include "lib/pair.h"
#include "lib/rules.h"

/* How long a segment may be on its way. */
#define ARRIVES_MS 100

enum effect {
	GONE,		/* without an answer */
	CHALLENGED,	/* stays, and an ACK is sent; older kernels: gone */
	IGNORED,	/* stays */
};

/**
 * struct row - a RST for a request, in place of the last ACK of the handshake
 * @forge: how it differs from the right one
 * @effect: what becomes of the request
 */
struct row {
	const char *forge;
	enum effect effect;
};

static const struct mib change_gone = { .value = {
	[MIB_ATTEMPT_FAILS] = 1,
	[MIB_EMBRYONIC_RSTS] = 1,
} };

/* The request is still there: data, which have an ACK, make it a connection. */
static void expect_request(struct __test_metadata *_metadata,
			   FIXTURE_DATA(pair) *self)
{
	ASSERT_EQ(1, send(self->fd, "x", 1, MSG_NOSIGNAL));
	ASSERT_TRUE(tcp_readable(self->listener, ARRIVES_MS));
	self->peer = accept(self->listener, NULL, NULL);
	ASSERT_LE(0, self->peer);
	EXPECT_EQ(1, outcome_do(self->peer, OUTCOME_READ, NULL));
	EXPECT_EQ(-EAGAIN, outcome_do(self->fd, OUTCOME_READ, NULL));
}

/* It is not, and the client learns of that when it sends. */
static void expect_no_request(struct __test_metadata *_metadata,
			      FIXTURE_DATA(pair) *self)
{
	EXPECT_EQ(TCP_ESTABLISHED, tcp_state(self->fd));
	ASSERT_EQ(1, send(self->fd, "x", 1, MSG_NOSIGNAL));
	EXPECT_TRUE(tcp_readable(self->fd, ARRIVES_MS));
	EXPECT_EQ(-ECONNRESET, outcome_do(self->fd, OUTCOME_READ, NULL));
	EXPECT_FALSE(tcp_readable(self->listener, 0));
}

/* The client connects. The server sees no ACK without data, but counts its own. */
static void half_open(struct __test_metadata *_metadata,
		      FIXTURE_DATA(pair) *self, int family)
{
	ASSERT_EQ(0, rules_add(&self->server, "name acks out ack pass"));
	ASSERT_EQ(0, rules_add(&self->server, "name rsts out rst pass"));
	ASSERT_EQ(0, rules_add(&self->server, "in ack drop"));
	ASSERT_EQ(0, tcp_connect(self->fd, family, SERVER, TCP_PORT_OPEN));
	self->port = tcp_port(self->fd);
	usleep(ARRIVES_MS * 1000);
}

static void try_row(struct __test_metadata *_metadata, FIXTURE_DATA(pair) *self,
		    const FIXTURE_VARIANT(pair) *variant, const struct row *row)
{
	bool badsum = strstr(row->forge, "badsum");
	bool twice = strstr(row->forge, "count 2");
	bool stays = row->effect != GONE, challenged;
	struct mib change = {}, before;

	ASSERT_EQ(0, rules_add(&self->server,
			       "name rst in ack limit 1 forge to receiver %s and drop",
			       row->forge));
	ASSERT_EQ(0, mib_read(&self->server, &before));
	half_open(_metadata, self, variant->family);
	ASSERT_EQ(1, rule_fired(&self->server, "rst"));
	EXPECT_EQ(twice ? 2 : 1, rule_counter(&self->server, "rst",
					      RSTFAULT_A_COUNTERS_SENT));

	/* Newer kernels do as RFC 9293, 3.10.7.4, wants it. */
	if (row->effect == CHALLENGED && pair_server_state() == TCP_NO_SOCKET) {
		TH_LOG("this kernel does not challenge");
		stays = false;
	}
	challenged = stays && row->effect == CHALLENGED;
	if (!stays)
		change = change_gone;
	change.value[MIB_CHALLENGE_ACK] = challenged;
	change.value[MIB_SKIPPED_CHALLENGE] = challenged && twice;
	change.value[MIB_IN_ERRS] = badsum;
	change.value[MIB_IN_CSUM_ERRORS] = badsum;
	EXPECT_EQ(stays ? TCP_SYN_RECV : TCP_NO_SOCKET, pair_server_state());
	EXPECT_MIB(&change, &self->server, &before);
	EXPECT_EQ(challenged, rule_fired(&self->server, "acks"));
	EXPECT_EQ(0, rule_fired(&self->server, "rsts"));

	if (stays)
		expect_request(_metadata, self);
	else
		expect_no_request(_metadata, self);
}

/* A test for each row; both families run it. */
#define ROW(name, ...)							\
TEST_F(pair, name)							\
{									\
	const struct row row = { __VA_ARGS__ };				\
									\
	try_row(_metadata, self, variant, &row);			\
}

ROW(request_rst_exact, "seq exact", GONE)
ROW(request_rst_exact_ack, "seq exact ack", GONE)
ROW(request_rst_exact_noack, "seq exact noack", GONE)
ROW(request_rst_exact_badack, "seq exact badack", GONE)
ROW(request_rst_in_window, "seq in-window", CHALLENGED)
ROW(request_rst_in_window_far, "seq +1000", CHALLENGED)
ROW(request_rst_in_window_twice, "seq in-window count 2", CHALLENGED)
ROW(request_rst_before, "seq -1", IGNORED)
ROW(request_rst_out_of_window, "seq out-of-window", IGNORED)
ROW(request_rst_badsum, "badsum", IGNORED)

/* No forged one, but that of a client that gives up. */
TEST_F(pair, request_rst_of_client)
{
	struct mib before;

	half_open(_metadata, self, variant->family);
	EXPECT_EQ(TCP_SYN_RECV, pair_server_state());
	ASSERT_EQ(0, mib_read(&self->server, &before));
	pair_abort_end(&self->fd);
	usleep(ARRIVES_MS * 1000);
	EXPECT_MIB(&change_gone, &self->server, &before);
	EXPECT_EQ(TCP_NO_SOCKET, pair_server_state());
	EXPECT_EQ(0, rule_fired(&self->server, "acks"));
	EXPECT_EQ(0, rule_fired(&self->server, "rsts"));
	EXPECT_FALSE(tcp_readable(self->listener, 0));
}

/*
 * That RST is lost: the request stays until it has repeated its SYN+ACK often
 * enough. Each draws a RST, as the client has no such connection.
 */
TEST_F(pair, request_rst_lost)
{
	ASSERT_EQ(0, host_sysctl(&self->server, "ipv4/tcp_synack_retries",
				 "2"));
	ASSERT_EQ(0, rules_add(&self->server, "name synacks out synack pass"));
	ASSERT_EQ(0, rules_add(&self->server, "name lost in rst drop"));
	half_open(_metadata, self, variant->family);
	pair_abort_end(&self->fd);
	usleep(ARRIVES_MS * 1000);
	EXPECT_EQ(1, rule_fired(&self->server, "lost"));
	EXPECT_EQ(TCP_SYN_RECV, pair_server_state());

	/* 1 + 2 + 4 s, and what a timer may be late. */
	usleep(6500 * 1000);
	EXPECT_EQ(TCP_SYN_RECV, pair_server_state());
	usleep(1500 * 1000);
	EXPECT_EQ(TCP_NO_SOCKET, pair_server_state());
	EXPECT_EQ(3, rule_fired(&self->server, "synacks"));
	EXPECT_EQ(3, rule_fired(&self->server, "lost"));
	EXPECT_EQ(0, host_mib(&self->server, "TcpExt", "EmbryonicRsts"));
}

/* What comes in place of the SYN, there is nothing that it could reset. */
static void reset_listener(struct __test_metadata *_metadata,
			   FIXTURE_DATA(pair) *self, int family,
			   const char *forge)
{
	struct mib before;

	ASSERT_EQ(0, rules_add(&self->server, "name rsts out rst pass"));
	ASSERT_EQ(0, rules_add(&self->server,
			       "name rst in syn limit 1 forge to receiver %s and drop",
			       forge));
	ASSERT_EQ(0, mib_read(&self->server, &before));
	/* By its second SYN. */
	EXPECT_EQ(0, tcp_connect(self->fd, family, SERVER, TCP_PORT_OPEN));
	EXPECT_EQ(1, rule_counter(&self->server, "rst",
				  RSTFAULT_A_COUNTERS_SENT));
	EXPECT_MIB(&(struct mib){}, &self->server, &before);
	EXPECT_EQ(0, rule_fired(&self->server, "rsts"));
	EXPECT_EQ(TCP_LISTEN, tcp_state(self->listener));
	EXPECT_EQ(0, tcp_error(self->listener));
}

TEST_F(pair, listen_rst)
{
	reset_listener(_metadata, self, variant->family, "noack");
}

/* Its ACK draws no RST, as any other would. */
TEST_F(pair, listen_rst_ack)
{
	reset_listener(_metadata, self, variant->family, "ack");
}

/* Nor where nobody listens. */
TEST_F(pair, closed_rst)
{
	ASSERT_EQ(0, rules_add(&self->server, "name rsts out rst pass"));
	ASSERT_EQ(0, rules_add(&self->server,
			       "name rst in syn limit 1 forge to receiver and drop"));
	EXPECT_EQ(-ECONNREFUSED, tcp_connect(self->fd, variant->family, SERVER,
					     TCP_PORT_CLOSED));
	EXPECT_EQ(1, rule_counter(&self->server, "rst",
				  RSTFAULT_A_COUNTERS_SENT));
	/* To the second SYN. */
	EXPECT_EQ(1, rule_fired(&self->server, "rsts"));
}

TEST_HARNESS_MAIN
