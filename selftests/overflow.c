// SPDX-License-Identifier: GPL-2.0
/*
 * A connection that is complete for its client, while the listener has no room
 * for it: lost without a word, or with a RST (tcp_abort_on_overflow). And a
 * listener that keeps nothing until the handshake is complete (SYN cookies).
 */
#include <errno.h>
#include <stdbool.h>

#include "kselftest_harness.h"

#include "lib/counters.h"
#include "lib/mib.h"
#include "lib/outcome.h"
#include "lib/pair.h"
#include "lib/rules.h"

/* How long a segment may be on its way. */
#define ARRIVES_MS 100

/* In this time, a SYN+ACK has been repeated. */
#define REPEATED_MS 1500

/*
 * The last ACK of the first client is held until the second one has been let in,
 * and there is room for one no more. Returns the second one's socket.
 */
static int overflow(struct __test_metadata *_metadata, FIXTURE_DATA(pair) *self,
		    const FIXTURE_VARIANT(pair) *variant, const char *abort,
		    const char *cookies, struct mib *before)
{
	int second = tcp_socket(&self->client, variant->family);

	EXPECT_LE(0, second);
	EXPECT_EQ(0, host_sysctl(&self->server, "ipv4/tcp_abort_on_overflow",
				 abort));
	EXPECT_EQ(0, host_sysctl(&self->server, "ipv4/tcp_syncookies",
				 cookies));
	EXPECT_EQ(0, rules_add(&self->server,
			       "name held in ack limit 1 delay 1h"));
	EXPECT_EQ(0, rules_add(&self->server, "name rsts out rst pass"));

	EXPECT_EQ(0, tcp_connect(self->fd, variant->family, SERVER,
				 TCP_PORT_OPEN));
	self->port = tcp_port(self->fd);
	EXPECT_EQ(0, tcp_connect(second, variant->family, SERVER,
				 TCP_PORT_OPEN));
	usleep(ARRIVES_MS * 1000);
	EXPECT_TRUE(tcp_readable(self->listener, 0));
	EXPECT_EQ(0, listen(self->listener, 0));
	EXPECT_EQ(0, mib_read(&self->server, before));
	EXPECT_EQ(1, rule_release(&self->server, "held"));
	usleep(ARRIVES_MS * 1000);
	EXPECT_EQ(1, rule_fired(&self->server, "held"));
	return second;
}

static const struct mib change_dropped = { .value = {
	[MIB_LISTEN_OVERFLOWS] = 1,
	[MIB_LISTEN_DROPS] = 1,
} };

/* The client is let in when there is room and the SYN+ACK is repeated. */
TEST_F(pair, overflow_no_rst)
{
	struct mib before;
	int second = overflow(_metadata, self, variant, "0", "0", &before);

	EXPECT_MIB(&change_dropped, &self->server, &before);
	EXPECT_EQ(0, rule_fired(&self->server, "rsts"));
	EXPECT_EQ(TCP_SYN_RECV, pair_server_state());
	EXPECT_EQ(TCP_ESTABLISHED, tcp_state(self->fd));
	EXPECT_EQ(0, outcome_do(self->listener, OUTCOME_ACCEPT, NULL));
	usleep(REPEATED_MS * 1000);
	EXPECT_EQ(TCP_ESTABLISHED, pair_server_state());
	self->peer = accept(self->listener, NULL, NULL);
	EXPECT_OUTCOME(OUTCOME_ALIVE(OUTCOME_READ), self->peer, OUTCOME_READ,
		       "let in");
	close(second);
}

static const struct mib change_aborted = { .value = {
	[MIB_LISTEN_OVERFLOWS] = 1,
	[MIB_LISTEN_DROPS] = 1,
	[MIB_EMBRYONIC_RSTS] = 1,
	[MIB_OUT_RSTS] = 1,
} };

TEST_F(pair, overflow_rst)
{
	struct mib before;
	int second = overflow(_metadata, self, variant, "1", "0", &before);

	EXPECT_MIB(&change_aborted, &self->server, &before);
	EXPECT_EQ(1, rule_fired(&self->server, "rsts"));
	EXPECT_EQ(TCP_NO_SOCKET, pair_server_state());
	EXPECT_OUTCOME(OUTCOME_ENDED(ECONNRESET, OUTCOME_READ), self->fd,
		       OUTCOME_READ, "client");
	EXPECT_EQ(0, tcp_error(second));
	close(second);
}

/* That RST is lost: the client learns of it when it sends. */
TEST_F(pair, overflow_rst_lost)
{
	struct mib before;
	int second;

	ASSERT_EQ(0, rules_add(&self->client, "name lost in rst limit 1 drop"));
	second = overflow(_metadata, self, variant, "1", "0", &before);
	EXPECT_EQ(1, rule_fired(&self->client, "lost"));
	EXPECT_EQ(TCP_NO_SOCKET, pair_server_state());
	/* Nothing is sent again. */
	usleep(REPEATED_MS * 1000);
	EXPECT_EQ(TCP_ESTABLISHED, tcp_state(self->fd));
	EXPECT_EQ(1, outcome_do(self->fd, OUTCOME_WRITE, NULL));
	EXPECT_TRUE(tcp_readable(self->fd, ARRIVES_MS));
	EXPECT_EQ(-ECONNRESET, outcome_do(self->fd, OUTCOME_READ, NULL));
	close(second);
}

/* Without a request there is nothing to repeat, and no RST in any case. */
TEST_F(pair, overflow_cookies_no_rst)
{
	struct mib change = change_dropped, before;
	int second = overflow(_metadata, self, variant, "1", "2", &before);

	change.value[MIB_SYNCOOKIES_RECV] = 1;
	EXPECT_MIB(&change, &self->server, &before);
	EXPECT_EQ(0, rule_fired(&self->server, "rsts"));
	EXPECT_EQ(TCP_NO_SOCKET, pair_server_state());
	usleep(REPEATED_MS * 1000);
	EXPECT_EQ(TCP_ESTABLISHED, tcp_state(self->fd));
	EXPECT_EQ(0, tcp_error(self->fd));
	close(second);
}

static const struct mib change_cookie = { .value = {
	[MIB_SYNCOOKIES_SENT] = 1,
	[MIB_REQ_Q_FULL_COOKIES] = 1,
} };

/* A RST in place of the last ACK finds nothing that it could end. */
TEST_F(pair, cookies_rst)
{
	struct mib before;

	ASSERT_EQ(0, host_sysctl(&self->server, "ipv4/tcp_syncookies", "2"));
	ASSERT_EQ(0, rules_add(&self->server,
			       "name rst in ack limit 1 forge to receiver and drop"));
	ASSERT_EQ(0, rules_add(&self->server, "name rsts out rst pass"));
	ASSERT_EQ(0, mib_read(&self->server, &before));
	ASSERT_EQ(0, tcp_connect(self->fd, variant->family, SERVER,
				 TCP_PORT_OPEN));
	usleep(ARRIVES_MS * 1000);
	EXPECT_EQ(1, rule_counter(&self->server, "rst",
				  RSTFAULT_A_COUNTERS_SENT));
	EXPECT_MIB(&change_cookie, &self->server, &before);

	/* The cookie is as good as before. */
	EXPECT_EQ(1, outcome_do(self->fd, OUTCOME_WRITE, NULL));
	EXPECT_TRUE(tcp_readable(self->listener, ARRIVES_MS));
	self->peer = accept(self->listener, NULL, NULL);
	EXPECT_EQ(1, outcome_do(self->peer, OUTCOME_READ, NULL));
	EXPECT_EQ(0, rule_fired(&self->server, "rsts"));
}

TEST_HARNESS_MAIN
