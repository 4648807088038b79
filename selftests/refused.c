// SPDX-License-Identifier: GPL-2.0
/*
 * Nobody listens on the port. The answer to the SYN is a RST, and connect()
 * returns ECONNREFUSED at once (RFC 9293, 3.10.7.1 and 3.10.7.3). Where that
 * RST is lost, the SYN is repeated until the client gives up: ETIMEDOUT.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>

#include "kselftest_harness.h"

#include "lib/pair.h"
#include "lib/slow.h"

/* A try to connect, and how many RSTs the server sent meanwhile. */
struct attempt {
	int64_t resets;
	int64_t elapsed_ms;
	int err;
};

static struct attempt attempt_connect(const struct host *server, int fd, int family)
{
	int64_t resets = host_mib(server, "Tcp", "OutRsts");
	int64_t start = tcp_now_ms();
	struct attempt attempt;

	attempt.err = tcp_connect(fd, family, SERVER, TCP_PORT_CLOSED);
	attempt.elapsed_ms = tcp_now_ms() - start;
	attempt.resets = host_mib(server, "Tcp", "OutRsts") - resets;
	return attempt;
}

TEST_F(pair, refused_without_a_rule)
{
	struct attempt attempt = attempt_connect(&self->server, self->fd,
						 variant->family);

	EXPECT_EQ(-ECONNREFUSED, attempt.err);
	EXPECT_EQ(1, attempt.resets);
	EXPECT_EQ(TCP_CLOSE, tcp_state(self->fd));
}

/* Wherever on its way the RST is lost, the client sees the same. */
static void lose(struct __test_metadata *_metadata, FIXTURE_DATA(pair) *self,
		 int family, const struct host *where, const char *hook)
{
	struct attempt attempt;

	ASSERT_EQ(0, host_sysctl(&self->client, "ipv4/tcp_syn_retries", "1"));
	ASSERT_EQ(0, tool(where, "add name lost %s rst sport %d drop", hook,
			  TCP_PORT_CLOSED));

	attempt = attempt_connect(&self->server, self->fd, family);
	EXPECT_EQ(-ETIMEDOUT, attempt.err);
	/* The SYN and its repetitions: one, on newer kernels more (linear). */
	EXPECT_LE(2, attempt.resets);
	EXPECT_EQ(attempt.resets, rule_fired(where, "lost"));
	EXPECT_LE(2900, attempt.elapsed_ms);
	EXPECT_EQ(TCP_CLOSE, tcp_state(self->fd));
}

TEST_F(pair, lost_in)
{
	lose(_metadata, self, variant->family, &self->client, "in");
}

TEST_F(pair, lost_input)
{
	lose(_metadata, self, variant->family, &self->client, "input");
}

TEST_F(pair, lost_output)
{
	lose(_metadata, self, variant->family, &self->server, "output");
}

TEST_F(pair, lost_out)
{
	lose(_metadata, self, variant->family, &self->server, "out");
}

/* Not this RST: another port, another hook, another netns, an exception. */
TEST_F(pair, refused_beside_other_rules)
{
	struct attempt attempt;

	ASSERT_EQ(0, tool(&self->client, "add in rst sport %d drop",
			  TCP_PORT_OPEN));
	ASSERT_EQ(0, tool(&self->client, "add out rst drop"));
	ASSERT_EQ(0, tool(&self->client, "add forward rst drop"));
	ASSERT_EQ(0, tool(&self->server, "add in rst drop"));
	ASSERT_EQ(0, tool(&self->client, "add name exception in rst pass"));
	ASSERT_EQ(0, tool(&self->client, "add name never in rst drop"));

	attempt = attempt_connect(&self->server, self->fd, variant->family);
	EXPECT_EQ(-ECONNREFUSED, attempt.err);
	EXPECT_EQ(1, attempt.resets);
	EXPECT_EQ(1, rule_fired(&self->client, "exception"));
	EXPECT_EQ(0, rule_fired(&self->client, "never"));
}

/* An open port answers with SYN+ACK, which a rule for RST lets pass. */
TEST_F(pair, open_port_with_a_rule)
{
	ASSERT_EQ(0, tool(&self->client, "add name lost in rst drop"));
	pair_establish();
	EXPECT_EQ(TCP_ESTABLISHED, tcp_state(self->fd));
	EXPECT_EQ(0, rule_fired(&self->client, "lost"));
}

/* With the default number of SYNs: the two minutes that a user waits. */
TEST_F_TIMEOUT(pair, default_retries, 3600)
{
	struct attempt attempt;
	int64_t start;
	int err;
	socklen_t len = sizeof(err);

	if (!slow_tests())
		SKIP(return, SLOW_REASON);

	ASSERT_EQ(0, tool(&self->client, "add name lost in rst drop"));
	ASSERT_EQ(0, fcntl(self->fd, F_SETFL, O_NONBLOCK));
	start = tcp_now_ms();
	attempt = attempt_connect(&self->server, self->fd, variant->family);
	ASSERT_EQ(-EINPROGRESS, attempt.err);
	self->port = tcp_port(self->fd);

	EXPECT_FALSE(tcp_readable(self->fd, 30000));
	EXPECT_EQ(TCP_SYN_SENT, tcp_state(self->fd));
	EXPECT_EQ(TCP_SYN_SENT,
		  tcp_diag(&self->client, variant->family, CLIENT, self->port,
			   TCP_PORT_CLOSED));

	EXPECT_TRUE(tcp_readable(self->fd, 600000));
	ASSERT_EQ(0, getsockopt(self->fd, SOL_SOCKET, SO_ERROR, &err, &len));
	EXPECT_EQ(ETIMEDOUT, err);
	/* 1 + 2 + 4 + ... + 64 s = 127 s; linear at first since 6.5. */
	EXPECT_LE(60000, tcp_now_ms() - start);
	EXPECT_GE(140000, tcp_now_ms() - start);
	EXPECT_LE(7, rule_fired(&self->client, "lost"));
	EXPECT_EQ(TCP_CLOSE, tcp_state(self->fd));
	EXPECT_EQ(TCP_NO_SOCKET,
		  tcp_diag(&self->client, variant->family, CLIENT, self->port,
			   TCP_PORT_CLOSED));
}

TEST_HARNESS_MAIN
