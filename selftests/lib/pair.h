/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The fixture of the stories: a client and a server on one cable, for each
 * family. Included once by a test, behind kselftest_harness.h.
 */
#ifndef _PAIR_H
#define _PAIR_H

#include <errno.h>
#include <netinet/in.h>
#include <unistd.h>

#include "family.h"
#include "host.h"
#include "tcp.h"
#include "tool.h"

/* Numbers of the addresses. */
#define CLIENT 1
#define SERVER 2

FIXTURE(pair) {
	struct host client;
	struct host server;
	int listener;
	int fd;
	int peer;
	int port;
};

FIXTURE_VARIANT(pair) {
	int family;
};

FIXTURE_VARIANT_ADD(pair, ipv4) {
	.family = AF_INET,
};

FIXTURE_VARIANT_ADD(pair, ipv6) {
	.family = AF_INET6,
};

FIXTURE_SETUP(pair)
{
	self->fd = -1;
	self->peer = -1;
	ASSERT_EQ(0, host_init(&self->client));
	ASSERT_EQ(0, host_init(&self->server));
	ASSERT_EQ(0, host_join(&self->client, &self->server));
	self->listener = tcp_listen(&self->server, variant->family,
				    TCP_PORT_OPEN);
	ASSERT_LE(0, self->listener);
	self->fd = tcp_socket(&self->client, variant->family);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(pair)
{
	close(self->peer);
	close(self->fd);
	close(self->listener);
	host_free(&self->client);
	host_free(&self->server);
}

/*
 * Connect self->fd to the listener; self->peer is the server's end. Behind
 * pair_abort() with a new socket.
 */
static inline void pair_connect(struct __test_metadata *_metadata,
				FIXTURE_DATA(pair) *self, int family)
{
	if (self->fd < 0)
		self->fd = tcp_socket(&self->client, family);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, tcp_connect(self->fd, family, SERVER, TCP_PORT_OPEN));
	/* Not for a rstctl that runs meanwhile. */
	self->peer = accept4(self->listener, NULL, NULL, SOCK_CLOEXEC);
	ASSERT_LE(0, self->peer);
	self->port = tcp_port(self->fd);
	ASSERT_LT(0, self->port);
}

#define pair_establish() pair_connect(_metadata, self, variant->family)

static inline void pair_abort_end(int *fd)
{
	const struct linger linger = { .l_onoff = 1 };

	setsockopt(*fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	close(*fd);
	*fd = -1;
}

/* An end is gone without a word, as if its host had lost power. */
static inline int pair_vanish_end(int *fd)
{
	int one = 1, err;

	if (setsockopt(*fd, IPPROTO_TCP, TCP_REPAIR, &one, sizeof(one)))
		return -errno;
	err = close(*fd) ? -errno : 0;
	*fd = -1;
	return err;
}

/* End both ends of a connection, so that nothing is left of it. */
static inline void pair_abort(FIXTURE_DATA(pair) *self)
{
	pair_abort_end(&self->fd);
	pair_abort_end(&self->peer);
}

/* The state of either end by sock_diag. */
#define pair_client_state()						\
	tcp_diag(&self->client, variant->family, CLIENT, self->port,	\
		 TCP_PORT_OPEN)
#define pair_server_state()						\
	tcp_diag(&self->server, variant->family, SERVER, TCP_PORT_OPEN,	\
		 self->port)

#endif /* _PAIR_H */
