// SPDX-License-Identifier: GPL-2.0
/*
 * How an application comes to send a RST (RFC 9293, 3.10.4 and 3.10.5, and RFC
 * 2525, 2.17): what is on the wire, what either end is told, and what is left
 * if the RST is lost.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/wait.h>

#include "kselftest_harness.h"

#include "lib/capture.h"
#include "lib/mib.h"
#include "lib/outcome.h"
#include "lib/pair.h"
#include "lib/rules.h"

/* How long a segment may be on its way. */
#define ARRIVES_MS 100

/* Ways of the server to end its connection. */
enum way {
	UNREAD_CLOSE,	/* close() with data that it has not read */
	UNREAD_KILLED,	/* its process is killed, with such data */
	LINGER_CLOSE,	/* close() with SO_LINGER {1, 0} */
	UNSPEC,		/* connect(AF_UNSPEC) */
	DESTROY,	/* ss -K */
};

static bool has_unread(enum way way)
{
	return way == UNREAD_CLOSE || way == UNREAD_KILLED;
}

static int close_end(int *fd)
{
	int err = close(*fd) ? -errno : 0;

	*fd = -1;
	return err;
}

/* The process is the only one that has the socket. */
static int kill_owner(int *fd)
{
	pid_t pid = fork();
	int err;

	if (!pid) {
		pause();
		_exit(0);
	}
	err = pid < 0 ? -errno : close_end(fd);
	if (!err && (kill(pid, SIGKILL) || waitpid(pid, NULL, 0) != pid))
		err = -errno;
	return err;
}

static int disconnect(int fd)
{
	const struct sockaddr sa = { .sa_family = AF_UNSPEC };

	return connect(fd, &sa, sizeof(sa)) ? -errno : 0;
}

static int abort_by(FIXTURE_DATA(pair) *self, int family, enum way way)
{
	switch (way) {
	case UNREAD_CLOSE:
		return close_end(&self->peer);
	case UNREAD_KILLED:
		return kill_owner(&self->peer);
	case UNSPEC:
		return disconnect(self->peer);
	case DESTROY:
		return tcp_destroy(&self->server, family, SERVER,
				   TCP_PORT_OPEN, self->port);
	default:
		pair_abort_end(&self->peer);
		return 0;
	}
}

/* There is one RST at the client, with the numbers that it expects. */
static void expect_rst(struct __test_metadata *_metadata, int heard)
{
	uint32_t seq = 0, ack = 0;
	struct capture capture;
	int resets = 0;

	while (capture_read(heard, &capture, resets ? 0 : ARRIVES_MS)) {
		if (!(capture.packet.flags & TH_RST)) {
			seq = capture.packet.seq + capture.packet.payload +
			      !!(capture.packet.flags & (TH_SYN | TH_FIN));
			ack = capture.packet.ack;
			continue;
		}
		resets++;
		EXPECT_EQ(TH_RST | TH_ACK, capture.packet.flags);
		EXPECT_EQ(seq, capture.packet.seq);
		EXPECT_EQ(ack, capture.packet.ack);
		EXPECT_EQ(0, capture.packet.payload);
	}
	EXPECT_EQ(1, resets);
}

static void begin(struct __test_metadata *_metadata, FIXTURE_DATA(pair) *self,
		  int family, enum way way)
{
	pair_connect(_metadata, self, family);
	if (has_unread(way))
		ASSERT_EQ(7, send(self->fd, "1234567", 7, 0));
	usleep(ARRIVES_MS * 1000);
}

/* What is left of the server's end. */
static void expect_server(struct __test_metadata *_metadata,
			  FIXTURE_DATA(pair) *self,
			  const FIXTURE_VARIANT(pair) *variant, enum way way)
{
	EXPECT_EQ(TCP_NO_SOCKET, pair_server_state());
	if (way == DESTROY)
		EXPECT_OUTCOME(OUTCOME_ENDED(ECONNABORTED, OUTCOME_READ),
			       self->peer, OUTCOME_READ, "destroyed");
	if (way == UNSPEC) {
		/* As good as new, once the error has been told. */
		EXPECT_EQ(TCP_CLOSE, tcp_state(self->peer));
		EXPECT_EQ(ECONNRESET, tcp_error(self->peer));
		EXPECT_EQ(-ENOTCONN, outcome_do(self->peer, OUTCOME_READ,
						NULL));
	}
}

static void try_arrives(struct __test_metadata *_metadata,
			FIXTURE_DATA(pair) *self,
			const FIXTURE_VARIANT(pair) *variant, enum way way,
			const struct mib *change)
{
	int heard = capture_open(&self->client, variant->family);
	struct mib before;

	ASSERT_LE(0, heard);
	begin(_metadata, self, variant->family, way);
	ASSERT_EQ(0, mib_read(&self->server, &before));
	ASSERT_EQ(0, abort_by(self, variant->family, way));
	EXPECT_TRUE(tcp_readable(self->fd, ARRIVES_MS));
	EXPECT_MIB(change, &self->server, &before);
	expect_rst(_metadata, heard);
	expect_server(_metadata, self, variant, way);
	EXPECT_OUTCOME(OUTCOME_ENDED(ECONNRESET, OUTCOME_READ), self->fd,
		       OUTCOME_READ, "client");
	close(heard);
}

/* The client knows nothing, until it sends. */
static void try_lost(struct __test_metadata *_metadata,
		     FIXTURE_DATA(pair) *self,
		     const FIXTURE_VARIANT(pair) *variant, enum way way)
{
	ASSERT_EQ(0, rules_add(&self->client, "name lost in rst limit 1 drop"));
	begin(_metadata, self, variant->family, way);
	ASSERT_EQ(0, abort_by(self, variant->family, way));
	usleep(ARRIVES_MS * 1000);
	EXPECT_EQ(1, rule_fired(&self->client, "lost"));
	expect_server(_metadata, self, variant, way);
	EXPECT_EQ(TCP_ESTABLISHED, pair_client_state());
	EXPECT_EQ(OUTCOME_OUT, outcome_poll(self->fd));
	EXPECT_EQ(1, outcome_do(self->fd, OUTCOME_WRITE, NULL));
	EXPECT_TRUE(tcp_readable(self->fd, ARRIVES_MS));
	EXPECT_OUTCOME(OUTCOME_ENDED(ECONNRESET, OUTCOME_READ), self->fd,
		       OUTCOME_READ, "client, late");
}

/* A way, with the RST and without it, and what the server counts for it. */
#define WAY(name, lost, way, ...)					\
TEST_F(pair, name)							\
{									\
	const struct mib change = { .value = {				\
		[MIB_OUT_RSTS] = 1, [MIB_ESTAB_RESETS] = 1,		\
		__VA_ARGS__						\
	} };								\
									\
	try_arrives(_metadata, self, variant, way, &change);		\
}									\
									\
TEST_F(pair, lost)							\
{									\
	try_lost(_metadata, self, variant, way);			\
}

WAY(close_unread, close_unread_lost, UNREAD_CLOSE, [MIB_ABORT_ON_CLOSE] = 1)
WAY(killed_unread, killed_unread_lost, UNREAD_KILLED, [MIB_ABORT_ON_CLOSE] = 1)
WAY(linger_close, linger_close_lost, LINGER_CLOSE, [MIB_ABORT_ON_DATA] = 1)
WAY(connect_unspec, connect_unspec_lost, UNSPEC)
WAY(sock_destroy, sock_destroy_lost, DESTROY)

/* What waits to be sent is discarded, what has arrived can be read. */
TEST_F(pair, linger_close_unsent)
{
	static char bytes[65536];
	ssize_t sent = 0, got = 0, len;

	pair_establish();
	while ((len = send(self->peer, bytes, sizeof(bytes), MSG_DONTWAIT)) > 0)
		sent += len;
	usleep(ARRIVES_MS * 1000);
	pair_abort_end(&self->peer);
	usleep(ARRIVES_MS * 1000);
	EXPECT_EQ(TCP_CLOSE, tcp_state(self->fd));
	while ((len = recv(self->fd, bytes, sizeof(bytes), MSG_DONTWAIT)) > 0)
		got += len;
	EXPECT_EQ(-1, len);
	EXPECT_EQ(ECONNRESET, errno);
	EXPECT_LT(0, got);
	EXPECT_LT(got, sent);
}

/* The client has got a FIN, so a RST is EPIPE, and read() does not tell it. */
static void expect_broken(struct __test_metadata *_metadata,
			  FIXTURE_DATA(pair) *self)
{
	EXPECT_OUTCOME(OUTCOME_ENDED(EPIPE, OUTCOME_SO_ERROR), self->fd,
		       OUTCOME_SO_ERROR, "client");
}

/* Nobody will read what comes now: who sends it is told. */
TEST_F(pair, shutdown_both_data)
{
	const struct mib change = { .value = {
		[MIB_OUT_RSTS] = 1, [MIB_ABORT_ON_DATA] = 1,
	} };
	struct mib before;

	pair_establish();
	ASSERT_EQ(0, mib_read(&self->server, &before));
	ASSERT_EQ(0, shutdown(self->peer, SHUT_RDWR));
	usleep(ARRIVES_MS * 1000);
	EXPECT_EQ(TCP_CLOSE_WAIT, tcp_state(self->fd));
	EXPECT_EQ(1, outcome_do(self->fd, OUTCOME_WRITE, NULL));
	usleep(ARRIVES_MS * 1000);
	EXPECT_MIB(&change, &self->server, &before);
	expect_broken(_metadata, self);
	EXPECT_OUTCOME(OUTCOME_ENDED(ECONNRESET, OUTCOME_SO_ERROR), self->peer,
		       OUTCOME_SO_ERROR, "server");
}

/* Linux does not mean it like that for reading alone. */
TEST_F(pair, shutdown_read_data)
{
	pair_establish();
	ASSERT_EQ(0, shutdown(self->peer, SHUT_RD));
	EXPECT_EQ(1, outcome_do(self->fd, OUTCOME_WRITE, NULL));
	usleep(ARRIVES_MS * 1000);
	EXPECT_EQ(0, host_mib(&self->server, "Tcp", "OutRsts"));
	EXPECT_EQ(1, outcome_do(self->peer, OUTCOME_READ, NULL));
	EXPECT_EQ(0, outcome_do(self->peer, OUTCOME_READ, NULL));
	EXPECT_EQ(TCP_ESTABLISHED, tcp_state(self->fd));
}

/* TCP_LINGER2 < 0: no waiting for the peer's FIN. */
static void linger2(struct __test_metadata *_metadata,
		    FIXTURE_DATA(pair) *self,
		    const FIXTURE_VARIANT(pair) *variant, bool waits,
		    const struct mib *change)
{
	struct mib before;
	int none = -1;

	pair_establish();
	ASSERT_EQ(0, setsockopt(self->peer, IPPROTO_TCP, TCP_LINGER2, &none,
				sizeof(none)));
	ASSERT_EQ(0, rules_add(&self->server, "name fins out fin pass"));
	ASSERT_EQ(0, mib_read(&self->server, &before));
	if (waits) {
		ASSERT_EQ(0, shutdown(self->peer, SHUT_WR));
		usleep(ARRIVES_MS * 1000);
		EXPECT_EQ(TCP_FIN_WAIT2, tcp_state(self->peer));
	}
	ASSERT_EQ(0, close_end(&self->peer));
	usleep(ARRIVES_MS * 1000);
	EXPECT_EQ(1, rule_fired(&self->server, "fins"));
	EXPECT_MIB(change, &self->server, &before);
	EXPECT_EQ(TCP_NO_SOCKET, pair_server_state());
	expect_broken(_metadata, self);
}

TEST_F(pair, linger2_close)
{
	const struct mib change = { .value = {
		[MIB_OUT_RSTS] = 1, [MIB_ABORT_ON_DATA] = 1,
	} };

	linger2(_metadata, self, variant, false, &change);
}

TEST_F(pair, linger2_close_in_fin_wait_2)
{
	const struct mib change = { .value = {
		[MIB_OUT_RSTS] = 1, [MIB_ABORT_ON_LINGER] = 1,
	} };

	linger2(_metadata, self, variant, true, &change);
}

/* There is nobody yet who could get a RST. */
TEST_F(pair, sock_destroy_syn_sent)
{
	ASSERT_EQ(0, rules_add(&self->server, "in syn drop"));
	ASSERT_EQ(0, fcntl(self->fd, F_SETFL, O_NONBLOCK));
	ASSERT_EQ(-EINPROGRESS, tcp_connect(self->fd, variant->family, SERVER,
					    TCP_PORT_OPEN));
	ASSERT_EQ(0, tcp_destroy(&self->client, variant->family, CLIENT,
				 tcp_port(self->fd), TCP_PORT_OPEN));
	EXPECT_OUTCOME(OUTCOME_ENDED(ECONNABORTED, OUTCOME_SO_ERROR), self->fd,
		       OUTCOME_SO_ERROR, "client");
	EXPECT_EQ(0, host_mib(&self->client, "Tcp", "OutRsts"));
}

TEST_HARNESS_MAIN
