// SPDX-License-Identifier: GPL-2.0
/*
 * TCP Fast Open (RFC 7413): data in the SYN. A client may write before it is
 * told that it was refused, and a server may read before the handshake is at
 * its end.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdbool.h>

#include "kselftest_harness.h"

#include "lib/mib.h"
#include "lib/outcome.h"
#include "lib/pair.h"
#include "lib/rules.h"

/* How long a segment may be on its way. */
#define ARRIVES_MS 100

/* Both with data in the SYN that has no cookie; the server has a queue for it. */
static void enable(struct __test_metadata *_metadata, FIXTURE_DATA(pair) *self)
{
	int room = 5;

	ASSERT_EQ(0, host_sysctl(&self->client, "ipv4/tcp_fastopen", "5"));
	ASSERT_EQ(0, host_sysctl(&self->server, "ipv4/tcp_fastopen", "514"));
	ASSERT_EQ(0, setsockopt(self->listener, IPPROTO_TCP, TCP_FASTOPEN,
				&room, sizeof(room)));
}

/* Connect and send in one call. Returns what that does, or a negative errno. */
static int send_open(int fd, int family, uint16_t port, int flags)
{
	struct sockaddr_storage ss;
	socklen_t len = host_sockaddr(&ss, family, SERVER, port);
	ssize_t sent = sendto(fd, "1234567", 7, MSG_FASTOPEN | flags,
			      (void *)&ss, len);

	return sent < 0 ? -errno : sent;
}

static const struct mib change_failed = { .value = {
	[MIB_ATTEMPT_FAILS] = 1,
} };

/* The call that waits for the handshake is told. */
TEST_F(pair, fastopen_syn_sent_rst_blocking)
{
	struct mib before;

	enable(_metadata, self);
	ASSERT_EQ(0, mib_read(&self->client, &before));
	EXPECT_EQ(-ECONNREFUSED, send_open(self->fd, variant->family,
					   TCP_PORT_CLOSED, 0));
	EXPECT_MIB(&change_failed, &self->client, &before);
}

/* One that does not wait succeeds, and the next call is told. */
TEST_F(pair, fastopen_syn_sent_rst_nonblocking)
{
	enable(_metadata, self);
	ASSERT_EQ(0, rules_add(&self->server, "name syn in syn length 7 pass"));
	ASSERT_EQ(0, rules_add(&self->client, "name rst in rst delay 50ms"));
	EXPECT_EQ(7, send_open(self->fd, variant->family, TCP_PORT_CLOSED,
			       MSG_DONTWAIT));
	EXPECT_EQ(TCP_SYN_SENT, tcp_state(self->fd));
	usleep(ARRIVES_MS * 1000);
	EXPECT_EQ(1, rule_fired(&self->server, "syn"));
	EXPECT_EQ(1, rule_fired(&self->client, "rst"));
	EXPECT_OUTCOME(OUTCOME_ENDED(ECONNREFUSED, OUTCOME_READ), self->fd,
		       OUTCOME_READ, "refused");
}

/* With TCP_FASTOPEN_CONNECT it is connect() that succeeds, without a segment. */
TEST_F(pair, fastopen_connect_syn_sent_rst)
{
	int one = 1;

	enable(_metadata, self);
	ASSERT_EQ(0, setsockopt(self->fd, IPPROTO_TCP, TCP_FASTOPEN_CONNECT,
				&one, sizeof(one)));
	EXPECT_EQ(0, tcp_connect(self->fd, variant->family, SERVER,
				 TCP_PORT_CLOSED));
	EXPECT_EQ(0, tcp_error(self->fd));
	EXPECT_EQ(0, host_mib(&self->server, "Tcp", "OutRsts"));
	EXPECT_EQ(-1, send(self->fd, "x", 1, MSG_NOSIGNAL));
	EXPECT_EQ(ECONNREFUSED, errno);
	EXPECT_EQ(1, host_mib(&self->server, "Tcp", "OutRsts"));
}

/* The SYN's data are lost with the RST, and so is the connection, in the end. */
TEST_F(pair, fastopen_syn_sent_rst_lost)
{
	enable(_metadata, self);
	ASSERT_EQ(0, host_sysctl(&self->client, "ipv4/tcp_syn_retries", "1"));
	ASSERT_EQ(0, rules_add(&self->client, "name lost in rst drop"));
	EXPECT_EQ(-ETIMEDOUT, send_open(self->fd, variant->family,
					TCP_PORT_CLOSED, 0));
	EXPECT_LE(2, rule_fired(&self->client, "lost"));
}

/* The server has accepted what is in SYN-RECEIVED, and waits for the last ACK. */
static void accept_early(struct __test_metadata *_metadata,
			 FIXTURE_DATA(pair) *self,
			 const FIXTURE_VARIANT(pair) *variant)
{
	enable(_metadata, self);
	ASSERT_EQ(0, rules_add(&self->server, "name lost in ack drop"));
	ASSERT_EQ(0, rules_add(&self->server, "name acks out ack pass"));
	ASSERT_EQ(7, send_open(self->fd, variant->family, TCP_PORT_OPEN, 0));
	self->port = tcp_port(self->fd);
	self->peer = accept(self->listener, NULL, NULL);
	ASSERT_LE(0, self->peer);
	EXPECT_EQ(TCP_SYN_RECV, tcp_state(self->peer));
	EXPECT_EQ(0, rule_fired(&self->server, "acks"));
}

static int reset_early(FIXTURE_DATA(pair) *self, int family, const char *words)
{
	return rules_inject(&self->server, family, SERVER, TCP_PORT_OPEN,
			    self->port, words);
}

static void read_early(struct __test_metadata *_metadata,
		       FIXTURE_DATA(pair) *self)
{
	char bytes[16];

	EXPECT_EQ(7, recv(self->peer, bytes, sizeof(bytes), MSG_DONTWAIT));
}

/* Twice counted: for the request and for the socket. */
static const struct mib change_early = { .value = {
	[MIB_ATTEMPT_FAILS] = 2,
} };

TEST_F(pair, fastopen_syn_recv_rst_exact)
{
	struct mib before;

	accept_early(_metadata, self, variant);
	ASSERT_EQ(0, mib_read(&self->server, &before));
	EXPECT_EQ(RSTFAULT_OUTCOME_RESET,
		  reset_early(self, variant->family, "to local"));
	EXPECT_MIB(&change_early, &self->server, &before);
	EXPECT_EQ(TCP_NO_SOCKET, pair_server_state());
	read_early(_metadata, self);
	EXPECT_OUTCOME(OUTCOME_ENDED(ECONNRESET, OUTCOME_READ), self->peer,
		       OUTCOME_READ, "behind the data");
}

/* The connection goes on, when the ACK comes with the next data. */
static void expect_goes_on(struct __test_metadata *_metadata,
			   FIXTURE_DATA(pair) *self)
{
	EXPECT_EQ(TCP_SYN_RECV, tcp_state(self->peer));
	read_early(_metadata, self);
	EXPECT_EQ(1, outcome_do(self->fd, OUTCOME_WRITE, NULL));
	usleep(ARRIVES_MS * 1000);
	EXPECT_EQ(TCP_ESTABLISHED, tcp_state(self->peer));
	EXPECT_EQ(1, outcome_do(self->peer, OUTCOME_READ, NULL));
}

static const struct mib change_challenged = { .value = {
	[MIB_CHALLENGE_ACK] = 1,
} };

TEST_F(pair, fastopen_syn_recv_rst_in_window)
{
	struct mib before;

	accept_early(_metadata, self, variant);
	ASSERT_EQ(0, mib_read(&self->server, &before));
	EXPECT_LE(0, reset_early(self, variant->family,
				 "to local seq in-window"));
	/* As for a request without data: older kernels reset it. */
	if (tcp_state(self->peer) == TCP_CLOSE) {
		TH_LOG("this kernel does not challenge");
		EXPECT_MIB(&change_early, &self->server, &before);
		return;
	}
	EXPECT_MIB(&change_challenged, &self->server, &before);
	EXPECT_EQ(1, rule_fired(&self->server, "acks"));
	expect_goes_on(_metadata, self);
}

static const struct mib change_none;

TEST_F(pair, fastopen_syn_recv_rst_out_of_window)
{
	struct mib before;

	accept_early(_metadata, self, variant);
	ASSERT_EQ(0, mib_read(&self->server, &before));
	EXPECT_EQ(RSTFAULT_OUTCOME_IGNORED,
		  reset_early(self, variant->family,
			      "to local seq out-of-window"));
	EXPECT_MIB(&change_none, &self->server, &before);
	EXPECT_EQ(0, rule_fired(&self->server, "acks"));
	expect_goes_on(_metadata, self);
}

/*
 * A RST that is not quite right may come from a firewall that knows no Fast
 * Open. If so told, the host does without for a while.
 */
TEST_F(pair, fastopen_established_rst_in_window)
{
	static const int in_syn[] = { 0, 1, 1 };
	int i;

	enable(_metadata, self);
	/* With a cookie, which the first connection gets. */
	ASSERT_EQ(0, host_sysctl(&self->client, "ipv4/tcp_fastopen", "1"));
	ASSERT_EQ(0, host_sysctl(&self->server, "ipv4/tcp_fastopen", "2"));
	ASSERT_EQ(0, host_sysctl(&self->client,
				 "ipv4/tcp_fastopen_blackhole_timeout_sec",
				 "60"));
	ASSERT_EQ(0, rules_add(&self->client, "name data out syn length 7 pass"));
	for (i = 0; i < ARRAY_SIZE(in_syn); i++) {
		ASSERT_EQ(7, send_open(self->fd, variant->family,
				       TCP_PORT_OPEN, 0));
		EXPECT_EQ(in_syn[i], rule_fired(&self->client, "data"));
		if (i == 1) {
			EXPECT_EQ(RSTFAULT_OUTCOME_CHALLENGED,
				  rules_inject(&self->client, variant->family,
					       CLIENT, tcp_port(self->fd),
					       TCP_PORT_OPEN,
					       "to local seq in-window"));
		}
		EXPECT_EQ(i > 0, host_mib(&self->client, "TcpExt",
					  "TCPFastOpenBlackhole"));
		pair_abort_end(&self->fd);
		self->fd = tcp_socket(&self->client, variant->family);
	}
}

TEST_HARNESS_MAIN
