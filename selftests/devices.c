// SPDX-License-Identifier: GPL-2.0
/*
 * Forge to both ends, on every kind of device that a connection can run over:
 * neither end stays established. The trigger is data that the stack hands over
 * in one large piece, with its checksum left to the device.
 */
#include <unistd.h>

#include "kselftest_harness.h"

#include "lib/path.h"

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
	move_client(self, "lo");
	address(&self->server, "lo", SERVER, 0);
	try_spots(within);
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

TEST_F(path, routed)
{
	connect_by_router(_metadata, self, false);
	try_spots(middle);
	try_spots(ends);
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
