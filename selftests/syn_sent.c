// SPDX-License-Identifier: GPL-2.0
/*
 * RSTs for a socket that connects (RFC 9293, 3.10.7.3). It has received nothing
 * yet, so no sequence number is wrong. What counts is that the RST acknowledges
 * the SYN, and nothing else: one that does not is ignored.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>

#include "kselftest_harness.h"

#include "lib/caller.h"
#include "lib/capture.h"
#include "lib/counters.h"
#include "lib/mib.h"
#include "lib/outcome.h"
#include "lib/pair.h"
#include "lib/rules.h"

enum effect {
	REFUSED,	/* at once */
	REPEATED,	/* ignored, but the SYN is repeated at once */
	IGNORED,	/* the SYN is repeated after a second */
};

/**
 * struct row - a RST that answers the first SYN; one to the second is right
 * @port: the server's
 * @segment: of a rule of the client
 * @action: of that, makes the RST
 * @effect: what it does
 */
struct row {
	uint16_t port;
	const char *segment;
	const char *action;
	enum effect effect;
};

/* How late an answer may be that comes at once. */
#define AT_ONCE_MS 200

static void try_row(struct __test_metadata *_metadata, FIXTURE_DATA(pair) *self,
		    const FIXTURE_VARIANT(pair) *variant, const struct row *row)
{
	bool opens = row->effect != REFUSED && row->port == TCP_PORT_OPEN;
	int64_t start = tcp_now_ms(), passed;
	bool badsum = strstr(row->action, "badsum");
	const struct mib change = { .value = {
		[MIB_ATTEMPT_FAILS] = !opens,
		[MIB_IN_ERRS] = badsum,
		[MIB_IN_CSUM_ERRORS] = badsum,
	} };
	struct mib before;

	ASSERT_EQ(0, rules_add(&self->client, "name rst %s limit 1 %s",
			       row->segment, row->action));
	ASSERT_EQ(0, mib_read(&self->client, &before));
	EXPECT_EQ(opens ? 0 : -ECONNREFUSED,
		  tcp_connect(self->fd, variant->family, SERVER, row->port));
	passed = tcp_now_ms() - start;
	EXPECT_EQ(1, rule_fired(&self->client, "rst"));
	if (strstr(row->action, "forge"))
		EXPECT_EQ(1, rule_counter(&self->client, "rst",
					  RSTFAULT_A_COUNTERS_SENT));

	EXPECT_EQ(row->effect == IGNORED, passed >= 900);
	EXPECT_EQ(row->effect != IGNORED, passed <= AT_ONCE_MS);
	EXPECT_MIB(&change, &self->client, &before);
	EXPECT_EQ(row->effect != REFUSED,
		  host_mib(&self->client, "Tcp", "RetransSegs"));
	EXPECT_EQ(opens ? TCP_ESTABLISHED : TCP_CLOSE, tcp_state(self->fd));
}

/* A test for each row; both families run it. */
#define ROW(name, ...)							\
TEST_F(pair, name)							\
{									\
	const struct row row = { __VA_ARGS__ };				\
									\
	try_row(_metadata, self, variant, &row);			\
}

#define CLOSED(name, action, effect) \
	ROW(name, TCP_PORT_CLOSED, "in rst", action, effect)
#define OPEN(name, segment, action, effect) \
	ROW(name, TCP_PORT_OPEN, segment, action, effect)

/* The stack's own RST, changed in flight. */
CLOSED(syn_sent_rst, "pass", REFUSED)
CLOSED(syn_sent_rst_seq_above, "mangle seq +1", REFUSED)
CLOSED(syn_sent_rst_seq_below, "mangle seq -1000", REFUSED)
CLOSED(syn_sent_rst_seq_far, "mangle seq +1000000000", REFUSED)
CLOSED(syn_sent_rst_ack_below, "mangle ack -1", REPEATED)
CLOSED(syn_sent_rst_ack_above, "mangle ack +1", REPEATED)
CLOSED(syn_sent_rst_badsum, "mangle badsum", IGNORED)
CLOSED(syn_sent_rst_lost, "drop", IGNORED)
CLOSED(syn_sent_rst_again, "duplicate 3", REFUSED)

/* A forged one: an open port looks closed. */
OPEN(syn_sent_forged, "out syn", "forge and drop", REFUSED)
OPEN(syn_sent_forged_seq, "out syn", "forge seq +5 and drop", REFUSED)
OPEN(syn_sent_forged_noack, "out syn", "forge noack and drop", IGNORED)
OPEN(syn_sent_forged_badack, "out syn", "forge badack and drop", REPEATED)
OPEN(syn_sent_forged_badsum, "out syn", "forge badsum and drop", IGNORED)
/* In place of the SYN+ACK, and with what that acknowledges. */
OPEN(syn_sent_forged_synack, "in synack", "forge to receiver and drop", REFUSED)

/* The RST comes late, and so does the refusal. */
TEST_F(pair, syn_sent_rst_late)
{
	int64_t start = tcp_now_ms(), passed;

	ASSERT_EQ(0, rules_add(&self->client, "name rst in rst delay 700ms"));
	EXPECT_EQ(-ECONNREFUSED, tcp_connect(self->fd, variant->family, SERVER,
					     TCP_PORT_CLOSED));
	passed = tcp_now_ms() - start;
	EXPECT_LE(700, passed);
	EXPECT_GE(700 + AT_ONCE_MS, passed);
	EXPECT_EQ(1, rule_fired(&self->client, "rst"));
}

/* As if it were filtered: ETIMEDOUT, when 1 + 2 + 4 s have passed. */
TEST_F(pair, syn_sent_rst_lost_always)
{
	int64_t start = tcp_now_ms(), passed;
	int err;

	ASSERT_EQ(0, host_sysctl(&self->client, "ipv4/tcp_syn_retries", "2"));
	/* Newer kernels repeat some at the same pace first. */
	err = host_sysctl(&self->client, "ipv4/tcp_syn_linear_timeouts", "0");
	ASSERT_TRUE(!err || err == -ENOENT);
	ASSERT_EQ(0, rules_add(&self->client, "name lost in rst drop"));
	EXPECT_EQ(-ETIMEDOUT, tcp_connect(self->fd, variant->family, SERVER,
					  TCP_PORT_CLOSED));
	passed = tcp_now_ms() - start;
	EXPECT_LE(7000, passed);
	EXPECT_GE(8000, passed);
	EXPECT_EQ(3, rule_fired(&self->client, "lost"));
	EXPECT_EQ(1, host_mib(&self->client, "Tcp", "AttemptFails"));
}

/* How long to wait for a call to return. */
#define RETURNS_MS 5000

/* However an application waits for its connect(). */
static void wait_refused(struct __test_metadata *_metadata,
			 FIXTURE_DATA(pair) *self,
			 const FIXTURE_VARIANT(pair) *variant,
			 enum caller_way way)
{
	const char *missing = caller_missing(way);
	struct caller caller = {};

	if (missing)
		SKIP(return, "%s", missing);

	ASSERT_EQ(0, rules_add(&self->client, "name held in rst delay 1h"));
	caller.len = host_sockaddr(&caller.addr, variant->family, SERVER,
				   TCP_PORT_CLOSED);
	ASSERT_EQ(0, caller_start(&caller, way, CALLER_CONNECT, self->fd));
	usleep(AT_ONCE_MS * 1000);
	EXPECT_EQ(TCP_SYN_SENT, tcp_state(self->fd));
	EXPECT_EQ(1, rule_release(&self->client, "held"));

	ASSERT_EQ(0, caller_wait(&caller, RETURNS_MS));
	EXPECT_EQ(-ECONNREFUSED, caller.result);
	EXPECT_FALSE(caller.sigpipe);
	if (way == CALLER_POLL || way == CALLER_EPOLL)
		EXPECT_EQ(OUTCOME_OUT | OUTCOME_ERR | OUTCOME_HUP, caller.bits);
	EXPECT_EQ(TCP_CLOSE, tcp_state(self->fd));
}

TEST_CALLER(syn_sent_rst_blocked_connect, wait_refused, CALLER_BLOCKED)
TEST_CALLER(syn_sent_rst_poll_connect, wait_refused, CALLER_POLL)
TEST_CALLER(syn_sent_rst_epoll_connect, wait_refused, CALLER_EPOLL)
TEST_CALLER(syn_sent_rst_io_uring_connect, wait_refused, CALLER_URING)

/* Refused while nobody waits in connect(). */
static void refuse(struct __test_metadata *_metadata, FIXTURE_DATA(pair) *self,
		   int family)
{
	ASSERT_EQ(0, fcntl(self->fd, F_SETFL, O_NONBLOCK));
	ASSERT_EQ(0, rules_add(&self->client, "name rst in rst delay 50ms"));
	ASSERT_EQ(-EINPROGRESS, tcp_connect(self->fd, family, SERVER,
					    TCP_PORT_CLOSED));
	EXPECT_EQ(TCP_SYN_SENT, tcp_state(self->fd));
	EXPECT_EQ(0, outcome_poll(self->fd));
	EXPECT_EQ(-EALREADY, tcp_connect(self->fd, family, SERVER,
					 TCP_PORT_CLOSED));
	EXPECT_TRUE(tcp_readable(self->fd, 1000));
}

/* What is told the error: each of these calls, if it is the first one. */
TEST_F(pair, syn_sent_rst_so_error)
{
	refuse(_metadata, self, variant->family);
	EXPECT_OUTCOME(OUTCOME_ENDED(ECONNREFUSED, OUTCOME_SO_ERROR), self->fd,
		       OUTCOME_SO_ERROR, "SO_ERROR");
}

TEST_F(pair, syn_sent_rst_read)
{
	refuse(_metadata, self, variant->family);
	EXPECT_OUTCOME(OUTCOME_ENDED(ECONNREFUSED, OUTCOME_READ), self->fd,
		       OUTCOME_READ, "read");
}

TEST_F(pair, syn_sent_rst_write)
{
	refuse(_metadata, self, variant->family);
	EXPECT_OUTCOME(OUTCOME_ENDED(ECONNREFUSED, OUTCOME_WRITE), self->fd,
		       OUTCOME_WRITE, "write");
}

/* A second connect() is told the error; the next one connects. */
TEST_F(pair, syn_sent_rst_connect)
{
	refuse(_metadata, self, variant->family);
	EXPECT_EQ(-ECONNREFUSED, tcp_connect(self->fd, variant->family, SERVER,
					     TCP_PORT_OPEN));
	EXPECT_EQ(-EINPROGRESS, tcp_connect(self->fd, variant->family, SERVER,
					    TCP_PORT_OPEN));
	usleep(AT_ONCE_MS * 1000);
	EXPECT_EQ(TCP_ESTABLISHED, tcp_state(self->fd));
	EXPECT_EQ(0, tcp_error(self->fd));
}

/* Where another call was told it, that is ECONNABORTED. */
TEST_F(pair, syn_sent_rst_so_error_connect)
{
	refuse(_metadata, self, variant->family);
	EXPECT_EQ(ECONNREFUSED, tcp_error(self->fd));
	EXPECT_EQ(-ECONNABORTED, tcp_connect(self->fd, variant->family, SERVER,
					     TCP_PORT_OPEN));
	EXPECT_EQ(-EINPROGRESS, tcp_connect(self->fd, variant->family, SERVER,
					    TCP_PORT_OPEN));
}

/* Behind a connect() that blocked, the socket is as if it had never tried. */
TEST_F(pair, syn_sent_rst_blocking)
{
	bool sigpipe;

	EXPECT_EQ(-ECONNREFUSED, tcp_connect(self->fd, variant->family, SERVER,
					     TCP_PORT_CLOSED));
	EXPECT_EQ(0, tcp_error(self->fd));
	EXPECT_EQ(OUTCOME_OUT | OUTCOME_HUP, outcome_poll(self->fd));
	EXPECT_EQ(-ENOTCONN, outcome_do(self->fd, OUTCOME_READ, NULL));
	EXPECT_EQ(-EPIPE, outcome_do(self->fd, OUTCOME_WRITE, &sigpipe));
	EXPECT_TRUE(sigpipe);
	EXPECT_EQ(0, tcp_connect(self->fd, variant->family, SERVER,
				 TCP_PORT_OPEN));
}

/*
 * What tells an open port from a closed one: the answer to a SYN. Returns its
 * flags, or 0 if there is none.
 */
static int probe(struct __test_metadata *_metadata, FIXTURE_DATA(pair) *self,
		 int family, uint16_t port)
{
	int asked = capture_open(&self->server, family);
	int answered = capture_open(&self->client, family);
	struct capture syn, answer;
	int flags = 0;

	EXPECT_LE(0, asked);
	EXPECT_LE(0, answered);
	EXPECT_EQ(0, fcntl(self->fd, F_SETFL, O_NONBLOCK));
	EXPECT_EQ(-EINPROGRESS, tcp_connect(self->fd, family, SERVER, port));
	if (capture_read(answered, &answer, AT_ONCE_MS)) {
		flags = answer.packet.flags;
		EXPECT_EQ(port, answer.packet.sport);
		EXPECT_TRUE(capture_read(asked, &syn, 0));
		EXPECT_EQ(syn.packet.seq + 1, answer.packet.ack);
		if (flags & TH_RST)
			EXPECT_EQ(0, answer.packet.seq);
	}
	close(asked);
	close(answered);
	return flags;
}

TEST_F(pair, probe_open)
{
	EXPECT_EQ(TH_SYN | TH_ACK, probe(_metadata, self, variant->family,
					 TCP_PORT_OPEN));
}

TEST_F(pair, probe_closed)
{
	EXPECT_EQ(TH_RST | TH_ACK, probe(_metadata, self, variant->family,
					 TCP_PORT_CLOSED));
}

/* Behind a forged RST an open port looks closed, and behind a lost one filtered. */
TEST_F(pair, probe_open_forged)
{
	ASSERT_EQ(0, rules_add(&self->server, "in syn forge"));
	EXPECT_EQ(TH_RST | TH_ACK, probe(_metadata, self, variant->family,
					 TCP_PORT_OPEN));
}

TEST_F(pair, probe_closed_lost)
{
	ASSERT_EQ(0, rules_add(&self->server, "out rst drop"));
	EXPECT_EQ(0, probe(_metadata, self, variant->family, TCP_PORT_CLOSED));
}

TEST_HARNESS_MAIN
