// SPDX-License-Identifier: GPL-2.0
/*
 * RSTs and connections of MPTCP (RFC 8684): a RST ends a subflow, and the
 * application is not told; what ends the connection is MP_FASTCLOSE, which
 * comes in a RST (section 3.5).
 */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "lib/states.h"

/* Of linux/mptcp.h, which is at odds with netinet/in.h. */
#define SOL_MPTCP_LEVEL 284
#define MPTCP_INFO_OPTION 1

#define SAID "said"

static int mptcp_socket(const struct host *host, int family)
{
	int fd, err;

	err = host_enter(host);
	if (err)
		return err;
	fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_MPTCP);
	if (fd < 0)
		err = -errno;
	return host_leave() ?: err ?: fd;
}

/* Put sockets of MPTCP in place of those of TCP, and connect them. */
static int mptcp_connect(FIXTURE_DATA(pair) *self, int family)
{
	struct sockaddr_storage ss;
	int err;

	close(self->listener);
	close(self->fd);
	self->listener = mptcp_socket(&self->server, family);
	self->fd = mptcp_socket(&self->client, family);
	if (self->listener < 0 || self->fd < 0)
		return self->fd < 0 ? self->fd : self->listener;

	if (bind(self->listener, (void *)&ss,
		 host_sockaddr(&ss, family, 0, TCP_PORT_OPEN)) ||
	    listen(self->listener, 1))
		return -errno;
	/* Not from an address that another subflow is to have. */
	if (bind(self->fd, (void *)&ss, host_sockaddr(&ss, family, CLIENT, 0)))
		return -errno;
	err = tcp_connect(self->fd, family, SERVER, TCP_PORT_OPEN);
	if (err)
		return err;
	self->peer = accept(self->listener, NULL, NULL);
	self->port = tcp_port(self->fd);
	return self->peer < 0 ? -errno : 0;
}

/* Subflows beside the first one. Their number is what the structure begins by. */
static int subflows(int fd)
{
	uint8_t info[256] = {};
	socklen_t len = sizeof(info);

	if (getsockopt(fd, SOL_MPTCP_LEVEL, MPTCP_INFO_OPTION, info, &len))
		return -errno;
	return info[0];
}

/* What one end says gets to the other one. */
static void talk(struct __test_metadata *_metadata, int from, int to,
		 const char *what)
{
	char bytes[16];

	ASSERT_EQ(strlen(SAID), send(from, SAID, strlen(SAID), 0)) {
		TH_LOG("%s", what);
	}
	ASSERT_TRUE(tcp_readable(to, COMES_MS)) {
		TH_LOG("%s: not heard", what);
	}
	EXPECT_EQ(strlen(SAID), recv(to, bytes, sizeof(bytes), 0)) {
		TH_LOG("%s", what);
	}
}

#define mptcp_begin()							\
do {									\
	int __err = mptcp_connect(self, variant->family);		\
									\
	if (__err == -EPROTONOSUPPORT || __err == -ENOPROTOOPT)		\
		SKIP(return, "the kernel has no MPTCP");		\
	ASSERT_EQ(0, __err);						\
	talk(_metadata, self->fd, self->peer, "client");		\
	talk(_metadata, self->peer, self->fd, "server");		\
} while (0)

/* One of two subflows ends: the application talks on by the other one. */
TEST_F(pair, subflow_exact)
{
	struct outcome want = OUTCOME_ALIVE(OUTCOME_READ);
	const char *addr = variant->family == AF_INET6 ? "2001:db8::3" :
							 "192.0.2.3";
	int i;

	ASSERT_EQ(0, host_add_addr(&self->client, "eth0", addr,
				   variant->family == AF_INET6 ? 64 : 24));
	if (host_run(&self->client,
		     "ip mptcp limits set subflow 1 && ip mptcp endpoint add %s dev eth0 subflow",
		     addr) ||
	    host_run(&self->server, "ip mptcp limits set subflow 1"))
		SKIP(return, "needs ip mptcp, and MPTCP in the kernel");
	mptcp_begin();
	for (i = 0; i < COMES_MS && (subflows(self->fd) < 1 ||
				     subflows(self->peer) < 1); i++)
		poll(NULL, 0, 1);
	ASSERT_EQ(1, subflows(self->fd));

	inject(_metadata, self, variant->family, "", RSTFAULT_OUTCOME_RESET,
	       "first subflow");
	EXPECT_EQ(TCP_NO_SOCKET, pair_state(self, variant->family));
	EXPECT_FALSE(tcp_readable(self->fd, NOTHING_MS));
	/* The state that TCP_INFO tells is that of the first subflow. */
	want.state = TCP_CLOSE;
	EXPECT_OUTCOME(want, self->fd, OUTCOME_READ, "client");
	talk(_metadata, self->peer, self->fd, "server");
}

/* The only subflow ends: no error, but nothing is heard any more either. */
TEST_F(pair, only_subflow_exact)
{
	mptcp_begin();
	inject(_metadata, self, variant->family, "", RSTFAULT_OUTCOME_RESET,
	       "only subflow");
	EXPECT_EQ(TCP_NO_SOCKET, pair_state(self, variant->family));
	EXPECT_FALSE(tcp_readable(self->fd, 1000));
	EXPECT_EQ(0, tcp_error(self->fd));
	EXPECT_EQ(-EAGAIN, outcome_do(self->fd, OUTCOME_READ, NULL));
}

/* The server closes with data unread: MP_FASTCLOSE, as RST is for TCP. */
TEST_F(pair, fastclose)
{
	mptcp_begin();
	ASSERT_EQ(1, send(self->fd, "x", 1, 0));
	ASSERT_TRUE(tcp_readable(self->peer, COMES_MS));
	close(self->peer);
	self->peer = -1;
	ASSERT_TRUE(tcp_readable(self->fd, COMES_MS));
	EXPECT_OUTCOME(OUTCOME_ENDED(ECONNRESET, OUTCOME_READ), self->fd,
		       OUTCOME_READ, "fastclose");
}

TEST_F(pair, fastclose_lost)
{
	mptcp_begin();
	ASSERT_EQ(0, rules_add(&self->client, "name lost in rst drop"));
	ASSERT_EQ(1, send(self->fd, "x", 1, 0));
	ASSERT_TRUE(tcp_readable(self->peer, COMES_MS));
	close(self->peer);
	self->peer = -1;
	EXPECT_FALSE(tcp_readable(self->fd, 1000));
	EXPECT_LE(1, rule_fired(&self->client, "lost"));
	EXPECT_EQ(0, tcp_error(self->fd));
}

TEST_HARNESS_MAIN
