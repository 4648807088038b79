/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The fixture of connections over all kinds of devices: a client, a server, and
 * what may be in between, without any cable yet; and what forging to both ends
 * has to do there. Included once by a test, behind kselftest_harness.h.
 */
#ifndef _PATH_H
#define _PATH_H

#include <errno.h>
#include <linux/ethtool.h>
#include <linux/if_link.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "family.h"
#include "host.h"
#include "link.h"
#include "route.h"
#include "tcp.h"
#include "tool.h"

#define CLIENT 1
#define SERVER 2

/* More than one segment. */
#define DATA_LEN 20000
#define PATIENCE_MS 5000

FIXTURE(path) {
	struct host client;
	struct host middle;
	struct host server;
	/* What the client sends by. */
	const char *dev;
	/* What sockets are bound to, or NULL. */
	const char *client_vrf;
	const char *server_vrf;
};

FIXTURE_VARIANT(path) {
	int family;
};

FIXTURE_VARIANT_ADD(path, ipv4) {
	.family = AF_INET,
};

FIXTURE_VARIANT_ADD(path, ipv6) {
	.family = AF_INET6,
};

FIXTURE_SETUP(path)
{
	self->dev = "eth0";
	ASSERT_EQ(0, host_init(&self->client));
	ASSERT_EQ(0, host_init(&self->middle));
	ASSERT_EQ(0, host_init(&self->server));
}

FIXTURE_TEARDOWN(path)
{
	struct host *hosts[] = { &self->client, &self->middle, &self->server };
	unsigned int i;

	/*
	 * A VRF that goes takes its devices down and up again, which fails, and
	 * makes the kernel say so, where the other end of a cable is gone.
	 */
	for (i = 0; i < ARRAY_SIZE(hosts); i++)
		if (host_has(hosts[i], "vrf0"))
			EXPECT_EQ(0, link_del(hosts[i], "vrf0"));
	for (i = 0; i < ARRAY_SIZE(hosts); i++)
		host_free(hosts[i]);
}

#define cable(a, ifa, b, ifb) ASSERT_EQ(0, link_cable(a, ifa, b, ifb))

/* The address of host @nr on @ifname, alone in its network if @bits is 0. */
#define address(host, ifname, nr, bits)					\
do {									\
	ASSERT_EQ(0, host_add_addr(host, ifname, host_addr(AF_INET, nr), \
				   (bits) ? 24 : 32));			\
	ASSERT_EQ(0, host_add_addr(host, ifname, host_addr(AF_INET6, nr), \
				   (bits) ? 64 : 128));			\
} while (0)

/* Where a rule is, and at which hook: all that the client's data comes by. */
enum place {
	AT_CLIENT,
	AT_MIDDLE,
	AT_SERVER,
};

struct spot {
	enum place place;
	const char *hook;
};

static const struct spot ends[] = {
	{ AT_CLIENT, "output" }, { AT_CLIENT, "out" },
	{ AT_SERVER, "in" }, { AT_SERVER, "input" },
};

static const struct spot middle[] = {
	{ AT_MIDDLE, "in" }, { AT_MIDDLE, "forward" }, { AT_MIDDLE, "out" },
};

/* The last word of @fd, behind data. Returns 0 at its end, or a negative errno. */
static inline int last_word(int fd)
{
	char buf[4096];
	ssize_t got;

	do {
		if (!tcp_readable(fd, PATIENCE_MS))
			return -EAGAIN;
		got = recv(fd, buf, sizeof(buf), 0);
	} while (got > 0);

	return got < 0 ? -errno : 0;
}

static inline int bind_device(int fd, const char *ifname)
{
	if (!ifname)
		return 0;
	return setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, ifname,
			  strlen(ifname)) ? -errno : 0;
}

/* A connection from the client to the server. */
struct connection {
	int listener;
	int fd;
	int peer;
};

static inline void do_connect_to(struct __test_metadata *_metadata,
				 FIXTURE_DATA(path) *self, int family,
				 uint16_t port, struct connection *connection)
{
	connection->listener = tcp_listen(&self->server, family, TCP_PORT_OPEN);
	ASSERT_LE(0, connection->listener);
	ASSERT_EQ(0, bind_device(connection->listener, self->server_vrf));
	connection->fd = tcp_socket(&self->client, family);
	ASSERT_LE(0, connection->fd);
	ASSERT_EQ(0, bind_device(connection->fd, self->client_vrf));
	ASSERT_EQ(0, tcp_connect(connection->fd, family, SERVER, port));
	connection->peer = accept(connection->listener, NULL, NULL);
	ASSERT_LE(0, connection->peer);
}

#define do_connect(_metadata, self, family, connection)			\
	do_connect_to(_metadata, self, family, TCP_PORT_OPEN, connection)

static inline void do_close(const struct connection *connection)
{
	close(connection->peer);
	close(connection->fd);
	close(connection->listener);
}

static inline void try_spot(struct __test_metadata *_metadata,
			    FIXTURE_DATA(path) *self, int family,
			    const struct spot *spot, const char *rest)
{
	struct host *hosts[] = { &self->client, &self->middle, &self->server };
	struct host *host = hosts[spot->place];
	struct connection connection;
	static char data[DATA_LEN];
	socklen_t len = sizeof(int);
	int mss;

	ASSERT_EQ(1, host_ethtool(&self->client, self->dev, ETHTOOL_GTXCSUM));
	ASSERT_EQ(1, host_ethtool(&self->client, self->dev, ETHTOOL_GTSO));
	do_connect(_metadata, self, family, &connection);
	ASSERT_EQ(0, getsockopt(connection.fd, IPPROTO_TCP, TCP_MAXSEG, &mss,
				&len));
	ASSERT_GT(DATA_LEN / 2, mss);

	/* For more than one segment in one packet alone. */
	ASSERT_EQ(0, tool(host, "add name both %s data dport %d length %d- limit 1 forge to both%s",
			  spot->hook, TCP_PORT_OPEN, mss + 1, rest));
	ASSERT_LT(0, send(connection.fd, data, sizeof(data), MSG_NOSIGNAL));
	EXPECT_EQ(-ECONNRESET, last_word(connection.peer)) {
		TH_LOG("server, %s at %d%s", spot->hook, spot->place, rest);
	}
	EXPECT_EQ(-ECONNRESET, last_word(connection.fd)) {
		TH_LOG("client, %s at %d%s", spot->hook, spot->place, rest);
	}
	EXPECT_EQ(1, rule_fired(host, "both")) {
		TH_LOG("%s at %d%s", spot->hook, spot->place, rest);
	}
	/* Where one is not sent, a later segment may be answered by a stack. */
	EXPECT_EQ(2, rule_counter(host, "both", RSTFAULT_A_COUNTERS_SENT)) {
		TH_LOG("%s at %d%s", spot->hook, spot->place, rest);
	}

	ASSERT_EQ(0, rule_flush(host));
	do_close(&connection);
}

/* All that connections within one host come by. */
static const struct spot within[] = {
	{ AT_SERVER, "output" }, { AT_SERVER, "out" },
	{ AT_SERVER, "in" }, { AT_SERVER, "input" },
};

/* From now on the client is the server's host, and sends by @ifname. */
#define move_client(self, ifname)					\
do {									\
	host_free(&(self)->client);					\
	(self)->client.netns = dup((self)->server.netns);		\
	(self)->dev = ifname;						\
	/* Else all data is one segment. */				\
	ASSERT_EQ(0, link_set(&(self)->server, ifname, IFLA_MTU, 1500)); \
} while (0)

#define try_spots(spots)						\
do {									\
	unsigned int _i;						\
									\
	for (_i = 0; _i < ARRAY_SIZE(spots); _i++) {			\
		try_spot(_metadata, self, variant->family, &(spots)[_i], ""); \
		try_spot(_metadata, self, variant->family, &(spots)[_i], \
			 " and drop");					\
	}								\
} while (0)

#define TABLE 10

/* From now on @ifname is in the VRF of @host. */
#define enslave(host, ifname)						\
do {									\
	if (!host_has(host, "vrf0"))					\
		ASSERT_EQ(0, link_add_vrf(host, "vrf0", TABLE));	\
	ASSERT_EQ(0, link_set_master(host, ifname, "vrf0"));		\
} while (0)

/* Through a third host, which forwards it; all of them in VRFs, or none. */
static inline void connect_by_router(struct __test_metadata *_metadata,
				     FIXTURE_DATA(path) *self, bool vrf)
{
	static const char * const sides[] = { "r0", "r1" };
	struct host *hosts[] = { &self->client, &self->server };
	uint32_t table = vrf ? TABLE : 0;
	int i;

#define route(host, ...)						\
	ASSERT_EQ(0, route_add(host, &(struct route){			\
		.table = table, __VA_ARGS__ }))

	cable(&self->client, "eth0", &self->middle, "r0");
	cable(&self->server, "eth0", &self->middle, "r1");
	ASSERT_EQ(0, host_sysctl(&self->middle, "ipv4/ip_forward", "1"));
	ASSERT_EQ(0, host_sysctl(&self->middle, "ipv6/conf/all/forwarding",
				 "1"));
	for (i = 0; i < 2; i++) {
		if (vrf) {
			enslave(hosts[i], "eth0");
			enslave(&self->middle, sides[i]);
		}
		address(hosts[i], "eth0", i + 1, 0);
		ASSERT_EQ(0, host_add_addr(&self->middle, sides[i], "fe80::1",
					   64));
		ASSERT_EQ(0, host_add_addr(&self->middle, sides[i],
					   "198.51.100.1", 32));
		route(&self->middle, .dst = host_addr(AF_INET, i + 1),
		      .bits = 32, .dev = sides[i]);
		route(&self->middle, .dst = host_addr(AF_INET6, i + 1),
		      .bits = 128, .dev = sides[i]);
		route(hosts[i], .dst = "198.51.100.1", .bits = 32,
		      .dev = "eth0");
		route(hosts[i], .via = "198.51.100.1", .dev = "eth0");
		route(hosts[i], .via = "fe80::1", .dev = "eth0");
	}
	if (vrf) {
		self->client_vrf = "vrf0";
		self->server_vrf = "vrf0";
	}
#undef route
}

#endif /* _PATH_H */
