// SPDX-License-Identifier: GPL-2.0
/*
 * Forge to both ends, on every kind of device that a connection can run over:
 * neither end stays established. The trigger is data that the stack hands over
 * in one large piece, with its checksum left to the device.
 */
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/if_link.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "lib/family.h"
#include "lib/host.h"
#include "lib/link.h"
#include "lib/nft.h"
#include "lib/route.h"
#include "lib/tcp.h"
#include "lib/tool.h"

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

/* The last word of @fd: skips data. Returns 0 at its end, or a negative errno. */
static int last_word(int fd)
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

static int bind_device(int fd, const char *ifname)
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

static void do_connect_to(struct __test_metadata *_metadata,
			  FIXTURE_DATA(path) *self, int family, uint16_t port,
			  struct connection *connection)
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

static void do_close(const struct connection *connection)
{
	close(connection->peer);
	close(connection->fd);
	close(connection->listener);
}

static void try_spot(struct __test_metadata *_metadata,
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

	ASSERT_EQ(0, rule_flush(host));
	do_close(&connection);
}

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

TEST_F(path, cable)
{
	cable(&self->client, "eth0", &self->server, "eth0");
	address(&self->client, "eth0", CLIENT, 24);
	address(&self->server, "eth0", SERVER, 24);
	try_spots(ends);
}

/* Both ends are in one netns; the data leaves and arrives by lo. */
TEST_F(path, loopback)
{
	static const struct spot spots[] = {
		{ AT_SERVER, "output" }, { AT_SERVER, "out" },
		{ AT_SERVER, "in" }, { AT_SERVER, "input" },
	};

	host_free(&self->client);
	self->client.netns = dup(self->server.netns);
	self->dev = "lo";
	/* Else all data is one segment. */
	ASSERT_EQ(0, link_set(&self->server, "lo", IFLA_MTU, 1500));
	address(&self->server, "lo", SERVER, 0);
	try_spots(spots);
}

TEST_F(path, vlan)
{
	cable(&self->client, "eth0", &self->server, "eth0");
	ASSERT_EQ(0, link_add_vlan(&self->client, "vlan5", "eth0", 5));
	ASSERT_EQ(0, link_add_vlan(&self->server, "vlan5", "eth0", 5));
	self->dev = "vlan5";
	address(&self->client, "vlan5", CLIENT, 24);
	address(&self->server, "vlan5", SERVER, 24);
	try_spots(ends);
}

TEST_F(path, bridge)
{
	cable(&self->client, "eth0", &self->server, "eth0");
	ASSERT_EQ(0, link_add_bridge(&self->client, "br0", false));
	ASSERT_EQ(0, link_add_bridge(&self->server, "br0", false));
	ASSERT_EQ(0, link_set_master(&self->client, "eth0", "br0"));
	ASSERT_EQ(0, link_set_master(&self->server, "eth0", "br0"));
	self->dev = "br0";
	address(&self->client, "br0", CLIENT, 24);
	address(&self->server, "br0", SERVER, 24);
	try_spots(ends);
}

#define TABLE 10

/* From now on @ifname is in the VRF of @host. */
#define enslave(host, ifname)						\
do {									\
	if (!host_has(host, "vrf0"))					\
		ASSERT_EQ(0, link_add_vrf(host, "vrf0", TABLE));	\
	ASSERT_EQ(0, link_set_master(host, ifname, "vrf0"));		\
} while (0)

TEST_F(path, vrf)
{
	cable(&self->client, "eth0", &self->server, "eth0");
	enslave(&self->server, "eth0");
	address(&self->client, "eth0", CLIENT, 24);
	address(&self->server, "eth0", SERVER, 24);
	self->server_vrf = "vrf0";
	try_spots(ends);
}

TEST_F(path, vrf_of_sender)
{
	cable(&self->client, "eth0", &self->server, "eth0");
	enslave(&self->client, "eth0");
	address(&self->client, "eth0", CLIENT, 24);
	address(&self->server, "eth0", SERVER, 24);
	self->client_vrf = "vrf0";
	try_spots(ends);
}

/* Through a third host, which forwards it; all of them in VRFs, or none. */
static void connect_by_router(struct __test_metadata *_metadata,
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

TEST_F(path, routed)
{
	connect_by_router(_metadata, self, false);
	try_spots(middle);
	try_spots(ends);
}

TEST_F(path, vrf_routed)
{
	connect_by_router(_metadata, self, true);
	try_spots(middle);
	try_spots(ends);
}

/*
 * What the kernel shows to some hooks by the device and by the VRF, rules see
 * once. The VRF is the interface of what has arrived for it and goes on to a
 * socket or is forwarded; elsewhere it is the device.
 */
static const struct sight {
	enum place place;
	const char *hook;
	const char *segment;
	const char *seen;
	const char *other;
} sights[] = {
	{ AT_CLIENT, "output", "syn", "oif eth0", "oif vrf0" },
	{ AT_CLIENT, "out", "syn", "oif eth0", "oif vrf0" },
	{ AT_MIDDLE, "in", "syn", "iif r0", "iif vrf0" },
	{ AT_MIDDLE, "forward", "syn", "iif vrf0 oif r1", "iif r0" },
	{ AT_MIDDLE, "out", "syn", "oif r1", "oif vrf0" },
	{ AT_SERVER, "in", "syn", "iif eth0", "iif vrf0" },
	{ AT_SERVER, "input", "syn", "iif vrf0", "iif eth0" },
	{ AT_SERVER, "output", "synack", "oif eth0", "oif vrf0" },
	{ AT_SERVER, "out", "synack", "oif eth0", "oif vrf0" },
	{ AT_CLIENT, "in", "synack", "iif eth0", "iif vrf0" },
	{ AT_CLIENT, "input", "synack", "iif vrf0", "iif eth0" },
};

static void try_sights(struct __test_metadata *_metadata,
		       FIXTURE_DATA(path) *self, int family, bool routed)
{
	struct host *hosts[] = { &self->client, &self->middle, &self->server };
	struct connection connection;
	const struct sight *sight;
	struct host *host;

	for (sight = sights; sight < sights + ARRAY_SIZE(sights); sight++) {
		if (sight->place == AT_MIDDLE && !routed)
			continue;
		host = hosts[sight->place];
		ASSERT_EQ(0, tool(host, "add name other %s %s %s pass",
				  sight->hook, sight->segment, sight->other));
		ASSERT_EQ(0, tool(host, "add name seen %s %s %s pass",
				  sight->hook, sight->segment, sight->seen));
		ASSERT_EQ(0, tool(host, "add name any %s %s pass",
				  sight->hook, sight->segment));
		do_connect(_metadata, self, family, &connection);
		EXPECT_EQ(1, rule_fired(host, "seen")) {
			TH_LOG("%s %s at %d", sight->hook, sight->segment,
			       sight->place);
		}
		EXPECT_EQ(0, rule_fired(host, "other")) {
			TH_LOG("%s %s at %d, %s", sight->hook, sight->segment,
			       sight->place, sight->other);
		}
		EXPECT_EQ(0, rule_fired(host, "any")) {
			TH_LOG("%s %s at %d", sight->hook, sight->segment,
			       sight->place);
		}
		ASSERT_EQ(0, rule_flush(host));
		do_close(&connection);
	}
}

TEST_F(path, vrf_seen_once)
{
	connect_by_router(_metadata, self, true);
	try_sights(_metadata, self, variant->family, true);
}

/* With a queue of its own the VRF sends, and then the device sends. */
TEST_F(path, vrf_with_queue)
{
	cable(&self->client, "eth0", &self->server, "eth0");
	enslave(&self->client, "eth0");
	enslave(&self->server, "eth0");
	ASSERT_EQ(0, link_add_qdisc(&self->client, "vrf0", "pfifo"));
	ASSERT_EQ(0, link_add_qdisc(&self->server, "vrf0", "pfifo"));
	address(&self->client, "eth0", CLIENT, 24);
	address(&self->server, "eth0", SERVER, 24);
	self->client_vrf = "vrf0";
	self->server_vrf = "vrf0";
	try_sights(_metadata, self, variant->family, false);
	try_spots(ends);
}

#define NAT_PORT 8080

static const char *nat_addr(int family)
{
	return family == AF_INET6 ? "2001:db8:1::1" : "198.51.100.1";
}

/*
 * What the router makes of a connection of the client to NAT_PORT: one from an
 * address of its own to the server's port.
 */
static void translate(struct __test_metadata *_metadata,
		      FIXTURE_DATA(path) *self)
{
	static const int families[] = { AF_INET, AF_INET6 };
	unsigned int i;

	ASSERT_EQ(0, host_add_addr(&self->middle, "r1", "2001:db8:1::1", 128));
	ASSERT_EQ(0, nft_add_table(&self->middle));
	ASSERT_EQ(0, nft_add_chain(&self->middle, &(struct nft_chain){
		.name = "pre",
		.hook = NF_INET_PRE_ROUTING,
		.priority = -100,
		.nat = true,
	}));
	ASSERT_EQ(0, nft_add_chain(&self->middle, &(struct nft_chain){
		.name = "post",
		.hook = NF_INET_POST_ROUTING,
		.priority = 100,
		.nat = true,
	}));
	for (i = 0; i < ARRAY_SIZE(families); i++) {
		ASSERT_EQ(0, nft_add_rule(&self->middle, &(struct nft_rule){
			.chain = "pre",
			.dport = NAT_PORT,
			.dnat = host_addr(families[i], SERVER),
			.dnat_port = TCP_PORT_OPEN,
		}));
		ASSERT_EQ(0, nft_add_rule(&self->middle, &(struct nft_rule){
			.chain = "post",
			.oif = "r1",
			.snat = nat_addr(families[i]),
		}));
	}
}

/* In front of NAT the addresses and ports are others than behind it. */
TEST_F(path, nat)
{
	const char *client = host_addr(variant->family, CLIENT);
	const char *nat = nat_addr(variant->family);
	static const char * const rests[] = { "", " and drop" };
	const struct {
		const char *hook;
		const char *saddr;
		uint16_t dport;
	} views[] = {
		{ "in", client, NAT_PORT },
		{ "forward", client, TCP_PORT_OPEN },
		{ "out", nat, TCP_PORT_OPEN },
	};
	struct connection connection;
	unsigned int i, j;

	if (!nft_known(&self->middle))
		SKIP(return, "needs nftables");
	connect_by_router(_metadata, self, false);
	translate(_metadata, self);

	for (i = 0; i < ARRAY_SIZE(views); i++) {
		ASSERT_EQ(0, tool(&self->middle, "add name seen %s syn saddr %s dport %d pass",
				  views[i].hook, views[i].saddr,
				  views[i].dport));
		ASSERT_EQ(0, tool(&self->middle, "add name other %s syn pass",
				  views[i].hook));
		do_connect_to(_metadata, self, variant->family, NAT_PORT,
			      &connection);
		EXPECT_EQ(1, rule_fired(&self->middle, "seen")) {
			TH_LOG("%s", views[i].hook);
		}
		EXPECT_EQ(0, rule_fired(&self->middle, "other")) {
			TH_LOG("%s", views[i].hook);
		}
		ASSERT_EQ(0, rule_flush(&self->middle));
		do_close(&connection);

		/* A RST to either end is translated as the trigger is. */
		for (j = 0; j < ARRAY_SIZE(rests); j++) {
			do_connect_to(_metadata, self, variant->family,
				      NAT_PORT, &connection);
			ASSERT_EQ(0, tool(&self->middle,
					  "add name both %s data saddr %s limit 1 forge to both%s",
					  views[i].hook, views[i].saddr,
					  rests[j]));
			ASSERT_EQ(4, send(connection.fd, "data", 4,
					  MSG_NOSIGNAL));
			EXPECT_EQ(-ECONNRESET, last_word(connection.peer)) {
				TH_LOG("server, %s%s", views[i].hook,
				       rests[j]);
			}
			EXPECT_EQ(-ECONNRESET, last_word(connection.fd)) {
				TH_LOG("client, %s%s", views[i].hook,
				       rests[j]);
			}
			EXPECT_EQ(1, rule_fired(&self->middle, "both"));
			ASSERT_EQ(0, rule_flush(&self->middle));
			do_close(&connection);
		}
	}
}

/* Whether connection tracking has a connection from @port in @state. */
static bool tracked(const struct host *host, uint16_t port, const char *state)
{
	char line[512], sport[16];
	bool found = false;
	FILE *file;

	if (host_enter(host))
		return false;
	snprintf(sport, sizeof(sport), " sport=%u ", port);
	file = fopen("/proc/net/nf_conntrack", "re");
	while (file && fgets(line, sizeof(line), file))
		found |= strstr(line, sport) && strstr(line, state);
	if (file)
		fclose(file);
	return !host_leave() && found;
}

/* The RST that a router loses is one that its connection tracking ... */
static const struct loss {
	const char *hook;
	const char *state;
} losses[] = {
	/* ... has not seen. */
	{ "in", " ESTABLISHED " },
	/* ... has seen. */
	{ "forward", " CLOSE " },
	{ "out", " CLOSE " },
};

TEST_F(path, nat_tracks)
{
	const struct linger linger = { .l_onoff = 1 };
	struct connection connection;
	const struct loss *loss;
	int port;

	if (!nft_known(&self->middle))
		SKIP(return, "needs nftables");
	connect_by_router(_metadata, self, false);
	translate(_metadata, self);

	for (loss = losses; loss < losses + ARRAY_SIZE(losses); loss++) {
		ASSERT_EQ(0, tool(&self->middle, "add name r %s rst drop",
				  loss->hook));
		do_connect_to(_metadata, self, variant->family, NAT_PORT,
			      &connection);
		port = tcp_port(connection.fd);
		EXPECT_TRUE(tracked(&self->middle, port, " ESTABLISHED "));

		ASSERT_EQ(0, setsockopt(connection.fd, SOL_SOCKET, SO_LINGER,
					&linger, sizeof(linger)));
		close(connection.fd);
		connection.fd = -1;
		EXPECT_FALSE(tcp_readable(connection.peer, 100));
		EXPECT_EQ(1, rule_fired(&self->middle, "r"));
		EXPECT_TRUE(tracked(&self->middle, port, loss->state)) {
			TH_LOG("lost at %s", loss->hook);
		}
		ASSERT_EQ(0, rule_flush(&self->middle));
		do_close(&connection);
	}
}

/* A bridge in between that shows its frames to the hooks of IP. */
TEST_F(path, bridged)
{
	if (access("/sys/module/br_netfilter", F_OK) &&
	    host_run(&self->middle, "modprobe -q br_netfilter"))
		SKIP(return, "needs br_netfilter");

	cable(&self->client, "eth0", &self->middle, "port0");
	cable(&self->server, "eth0", &self->middle, "port1");
	ASSERT_EQ(0, link_add_bridge(&self->middle, "br0", true));
	ASSERT_EQ(0, link_set_master(&self->middle, "port0", "br0"));
	ASSERT_EQ(0, link_set_master(&self->middle, "port1", "br0"));
	address(&self->client, "eth0", CLIENT, 24);
	address(&self->server, "eth0", SERVER, 24);
	try_spots(middle);
}

TEST_HARNESS_MAIN
