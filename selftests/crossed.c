// SPDX-License-Identifier: GPL-2.0
/*
 * Simultaneous open (RFC 9293, 3.5): both ends connect, and their SYNs cross. In
 * SYN-RECEIVED each is a socket of its own, unlike a request of a listener, and
 * its application waits in connect().
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>

#include "kselftest_harness.h"

#include "lib/capture.h"
#include "lib/counters.h"
#include "lib/mib.h"
#include "lib/outcome.h"
#include "lib/pair.h"
#include "lib/rules.h"

/* How long a segment may be on its way. */
#define ARRIVES_MS 100

/* Of both ends. */
#define PORT 7000

static int open_end(const struct host *host, int family, int nr)
{
	int fd = tcp_socket(host, family), err;
	struct sockaddr_storage ss;
	socklen_t len = host_sockaddr(&ss, family, nr, PORT);

	if (fd < 0)
		return fd;
	if (bind(fd, (void *)&ss, len) || fcntl(fd, F_SETFL, O_NONBLOCK))
		return -errno;
	err = tcp_connect(fd, family, 3 - nr, PORT);
	return err == -EINPROGRESS ? fd : err;
}

/*
 * The SYNs are held until both are on their way; the answers to them are held
 * in front of the client and of the server.
 */
static void cross(struct __test_metadata *_metadata, FIXTURE_DATA(pair) *self,
		  int family)
{
	const struct host *hosts[] = { &self->client, &self->server };
	int i;

	for (i = 0; i < 2; i++) {
		ASSERT_EQ(0, rules_add(hosts[i], "name syn in syn delay 1h"));
		ASSERT_EQ(0, rules_add(hosts[i],
				       "name synack in synack delay 1h"));
	}
	close(self->fd);
	self->fd = open_end(&self->client, family, CLIENT);
	ASSERT_LE(0, self->fd);
	self->peer = open_end(&self->server, family, SERVER);
	ASSERT_LE(0, self->peer);
	usleep(ARRIVES_MS * 1000);
	for (i = 0; i < 2; i++)
		EXPECT_EQ(1, rule_release(hosts[i], "syn"));
	usleep(ARRIVES_MS * 1000);
	EXPECT_EQ(TCP_SYN_RECV, tcp_state(self->fd));
	EXPECT_EQ(TCP_SYN_RECV, tcp_state(self->peer));
	EXPECT_EQ(0, outcome_poll(self->fd));
}

/* A RST for the client, with that outcome. */
static void inject(struct __test_metadata *_metadata, FIXTURE_DATA(pair) *self,
		   int family, const char *words, int outcome,
		   const struct mib *change)
{
	struct mib before;

	ASSERT_EQ(0, mib_read(&self->client, &before));
	EXPECT_EQ(outcome, rules_inject(&self->client, family, CLIENT, PORT,
					PORT, words));
	EXPECT_MIB(change, &self->client, &before);
}

/* What waits goes on, and both are connected. */
static void expect_open(struct __test_metadata *_metadata,
			FIXTURE_DATA(pair) *self)
{
	EXPECT_EQ(TCP_SYN_RECV, tcp_state(self->fd));
	EXPECT_LE(1, rule_release(&self->client, "synack"));
	EXPECT_LE(1, rule_release(&self->server, "synack"));
	usleep(ARRIVES_MS * 1000);
	EXPECT_OUTCOME(OUTCOME_ALIVE(OUTCOME_READ), self->fd, OUTCOME_READ,
		       "client");
	EXPECT_EQ(TCP_ESTABLISHED, tcp_state(self->peer));
	EXPECT_EQ(1, outcome_do(self->peer, OUTCOME_READ, NULL));
}

static const struct mib change_failed = { .value = {
	[MIB_ATTEMPT_FAILS] = 1,
} };

static const struct mib change_challenged = { .value = {
	[MIB_CHALLENGE_ACK] = 1,
} };

static const struct mib change_badsum = { .value = {
	[MIB_IN_ERRS] = 1,
	[MIB_IN_CSUM_ERRORS] = 1,
} };

static const struct mib change_none;

/* Without a rule that ends it. */
TEST_F(pair, syn_recv_crossed)
{
	cross(_metadata, self, variant->family);
	expect_open(_metadata, self);
}

/* RFC 9293, 3.10.7.4, wants "connection refused" here. */
static void reset(struct __test_metadata *_metadata, FIXTURE_DATA(pair) *self,
		  int family, enum outcome_call first)
{
	cross(_metadata, self, family);
	inject(_metadata, self, family, "to local", RSTFAULT_OUTCOME_RESET,
	       &change_failed);
	EXPECT_OUTCOME(OUTCOME_ENDED(ECONNRESET, first), self->fd, first,
		       outcome_calls[first]);
	EXPECT_EQ(TCP_NO_SOCKET, tcp_diag(&self->client, family, CLIENT, PORT,
					  PORT));
}

TEST_F(pair, syn_recv_crossed_rst_exact_so_error)
{
	reset(_metadata, self, variant->family, OUTCOME_SO_ERROR);
}

TEST_F(pair, syn_recv_crossed_rst_exact_read)
{
	reset(_metadata, self, variant->family, OUTCOME_READ);
}

TEST_F(pair, syn_recv_crossed_rst_exact_write)
{
	reset(_metadata, self, variant->family, OUTCOME_WRITE);
}

TEST_F(pair, syn_recv_crossed_rst_exact_connect)
{
	cross(_metadata, self, variant->family);
	inject(_metadata, self, variant->family, "to local",
	       RSTFAULT_OUTCOME_RESET, &change_failed);
	EXPECT_EQ(-ECONNRESET, tcp_connect(self->fd, variant->family, SERVER,
					   PORT));
}

/* An in-window RST is answered with what the socket has and expects. */
TEST_F(pair, syn_recv_crossed_rst_in_window)
{
	int heard = capture_open(&self->server, variant->family);
	struct capture syn = {}, answer = {};

	ASSERT_LE(0, heard);
	cross(_metadata, self, variant->family);
	ASSERT_TRUE(capture_read(heard, &syn, 0));
	inject(_metadata, self, variant->family, "to local seq in-window",
	       RSTFAULT_OUTCOME_CHALLENGED, &change_challenged);
	ASSERT_TRUE(capture_read(heard, &answer, ARRIVES_MS));
	EXPECT_EQ(TH_ACK, answer.packet.flags);
	EXPECT_EQ(syn.packet.seq + 1, answer.packet.seq);
	EXPECT_FALSE(capture_read(heard, &answer, 0));
	/* For the server that ACK is the end of the handshake. */
	EXPECT_EQ(TCP_ESTABLISHED, tcp_state(self->peer));
	EXPECT_EQ(1, rule_release(&self->client, "synack"));
	usleep(ARRIVES_MS * 1000);
	EXPECT_EQ(TCP_ESTABLISHED, tcp_state(self->fd));
	close(heard);
}

TEST_F(pair, syn_recv_crossed_rst_before)
{
	cross(_metadata, self, variant->family);
	inject(_metadata, self, variant->family, "to local seq -1",
	       RSTFAULT_OUTCOME_IGNORED, &change_none);
	expect_open(_metadata, self);
}

TEST_F(pair, syn_recv_crossed_rst_out_of_window)
{
	cross(_metadata, self, variant->family);
	inject(_metadata, self, variant->family, "to local seq out-of-window",
	       RSTFAULT_OUTCOME_IGNORED, &change_none);
	expect_open(_metadata, self);
}

TEST_F(pair, syn_recv_crossed_rst_badsum)
{
	cross(_metadata, self, variant->family);
	inject(_metadata, self, variant->family, "to local badsum",
	       RSTFAULT_OUTCOME_IGNORED, &change_badsum);
	expect_open(_metadata, self);
}

TEST_HARNESS_MAIN
