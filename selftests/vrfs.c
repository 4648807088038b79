// SPDX-License-Identifier: GPL-2.0
/*
 * Rules and forged RSTs where devices are part of a VRF, which shows segments
 * to hooks by two interfaces.
 */
#include <unistd.h>

#include "kselftest_harness.h"

#include "lib/path.h"

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

/* The data leaves and arrives by the VRF alone. */
static void stay_within(struct __test_metadata *_metadata,
			FIXTURE_DATA(path) *self)
{
	cable(&self->middle, "eth0", &self->server, "eth0");
	enslave(&self->server, "eth0");
	address(&self->server, "eth0", SERVER, 24);
	self->client_vrf = "vrf0";
	self->server_vrf = "vrf0";
	move_client(self, "vrf0");
}

TEST_F(path, vrf_within)
{
	stay_within(_metadata, self);
	try_spots(within);
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

/*
 * Where a bridge is in the VRF, or a VLAN on top of it, and br_netfilter shows
 * what comes by it.
 */
static void try_bridge(struct __test_metadata *_metadata,
		       FIXTURE_DATA(path) *self, int family, bool vlan)
{
	const char *to = vlan ? "br0.5" : "br0";
	struct connection connection;

	if (access("/sys/module/br_netfilter", F_OK) &&
	    host_run(&self->server, "modprobe -q br_netfilter"))
		SKIP(return, "needs br_netfilter");

	cable(&self->client, "eth0", &self->server, "eth0");
	ASSERT_EQ(0, link_add_bridge(&self->server, "br0", true));
	ASSERT_EQ(0, link_set_master(&self->server, "eth0", "br0"));
	if (vlan) {
		ASSERT_EQ(0, host_sysctl(&self->server,
					 "bridge/bridge-nf-filter-vlan-tagged",
					 "1"));
		ASSERT_EQ(0, link_add_vlan(&self->server, to, "br0", 5));
		self->dev = "eth0.5";
		ASSERT_EQ(0, link_add_vlan(&self->client, self->dev, "eth0",
					   5));
	}
	enslave(&self->server, to);
	address(&self->client, self->dev, CLIENT, 24);
	address(&self->server, to, SERVER, 24);
	self->server_vrf = "vrf0";

	ASSERT_EQ(0, tool(&self->server, "add name by_bridge in syn iif br0 pass"));
	ASSERT_EQ(0, tool(&self->server, "add name by_vrf in syn pass"));
	do_connect(_metadata, self, family, &connection);
	EXPECT_EQ(1, rule_fired(&self->server, "by_bridge"));
	EXPECT_EQ(0, rule_fired(&self->server, "by_vrf"));
	ASSERT_EQ(0, rule_flush(&self->server));
	do_close(&connection);
}

TEST_F(path, vrf_bridge_seen_once)
{
	try_bridge(_metadata, self, variant->family, false);
	try_spots(ends);
}

TEST_F(path, vrf_bridge_vlan_seen_once)
{
	try_bridge(_metadata, self, variant->family, true);
}

/* What stays in the VRF is seen by it alone, once. */
TEST_F(path, vrf_within_seen_once)
{
	struct connection connection;
	const struct spot *spot;

	stay_within(_metadata, self);
	for (spot = within; spot < within + ARRAY_SIZE(within); spot++) {
		ASSERT_EQ(0, tool(&self->server,
				  "add name seen %s syn %s vrf0 pass",
				  spot->hook, spot->hook[0] == 'o' ? "oif" :
								     "iif"));
		ASSERT_EQ(0, tool(&self->server, "add name any %s syn pass",
				  spot->hook));
		do_connect(_metadata, self, variant->family, &connection);
		EXPECT_EQ(1, rule_fired(&self->server, "seen")) {
			TH_LOG("%s", spot->hook);
		}
		EXPECT_EQ(0, rule_fired(&self->server, "any")) {
			TH_LOG("%s", spot->hook);
		}
		ASSERT_EQ(0, rule_flush(&self->server));
		do_close(&connection);
	}
}

/* Both devices are in a VRF, and sockets are bound to @ifname. */
static void connect_bound(struct __test_metadata *_metadata,
			  FIXTURE_DATA(path) *self, const char *ifname)
{
	cable(&self->client, "eth0", &self->server, "eth0");
	enslave(&self->client, "eth0");
	enslave(&self->server, "eth0");
	address(&self->client, "eth0", CLIENT, 24);
	address(&self->server, "eth0", SERVER, 24);
	self->client_vrf = ifname;
	self->server_vrf = ifname;
}

/* Is the socket that data belongs to known everywhere? */
static void try_sockets(struct __test_metadata *_metadata,
			FIXTURE_DATA(path) *self, int family)
{
	struct host *hosts[] = { &self->client, &self->middle, &self->server };
	struct connection connection;
	const struct spot *spot;
	struct host *host;

	for (spot = ends; spot < ends + ARRAY_SIZE(ends); spot++) {
		host = hosts[spot->place];
		ASSERT_EQ(0, tool(host, "add name seen %s data dport %d state established pass",
				  spot->hook, TCP_PORT_OPEN));
		do_connect(_metadata, self, family, &connection);
		ASSERT_EQ(1, send(connection.fd, "x", 1, MSG_NOSIGNAL));
		ASSERT_TRUE(tcp_readable(connection.peer, PATIENCE_MS));
		EXPECT_EQ(1, rule_fired(host, "seen")) {
			TH_LOG("%s at %d", spot->hook, spot->place);
		}
		ASSERT_EQ(0, rule_flush(host));
		do_close(&connection);
	}
}

/* The socket of a segment is one that is bound to the VRF. */
TEST_F(path, vrf_sockets)
{
	connect_bound(_metadata, self, "vrf0");
	try_sockets(_metadata, self, variant->family);
}

/* Or one that is bound to a device in it. */
TEST_F(path, vrf_device_sockets)
{
	connect_bound(_metadata, self, "eth0");
	try_sockets(_metadata, self, variant->family);
	try_spots(ends);
}

/* What listens at such a device is known, too, where segments come to it. */
TEST_F(path, vrf_device_listens)
{
	static const char * const hooks[] = { "in", "input" };
	struct connection connection;
	int i;

	connect_bound(_metadata, self, "eth0");
	for (i = 0; i < ARRAY_SIZE(hooks); i++) {
		ASSERT_EQ(0, tool(&self->server, "add name seen %s syn state listening pass",
				  hooks[i]));
		do_connect(_metadata, self, variant->family, &connection);
		EXPECT_EQ(1, rule_fired(&self->server, "seen")) {
			TH_LOG("%s", hooks[i]);
		}
		ASSERT_EQ(0, rule_flush(&self->server));
		do_close(&connection);
	}
}

/* In the place of what comes behind a loss, a RST is still what is expected. */
TEST_F(path, vrf_device_numbers)
{
	struct connection connection;
	int one = 1;

	connect_bound(_metadata, self, "eth0");
	do_connect(_metadata, self, variant->family, &connection);
	ASSERT_EQ(0, setsockopt(connection.fd, IPPROTO_TCP, TCP_NODELAY, &one,
				sizeof(one)));
	ASSERT_EQ(0, tool(&self->server, "add in data limit 1 drop"));
	ASSERT_EQ(0, tool(&self->server,
			  "add name rst input data limit 1 forge to receiver and drop"));
	ASSERT_EQ(1, send(connection.fd, "x", 1, MSG_NOSIGNAL));
	ASSERT_EQ(1, send(connection.fd, "x", 1, MSG_NOSIGNAL));
	EXPECT_EQ(-ECONNRESET, last_word(connection.peer));
	EXPECT_EQ(1, rule_fired(&self->server, "rst"));
	do_close(&connection);
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

TEST_HARNESS_MAIN
