// SPDX-License-Identifier: GPL-2.0
/*
 * What a segment keeps while it is held, and what it does not: others may take
 * its way, its network namespace and its socket away.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>

#include "kselftest_harness.h"

#include "lib/counters.h"
#include "lib/link.h"
#include "lib/module.h"
#include "lib/pair.h"

/* Wait for @cond, which is to come true in a moment. */
#define soon(cond)							\
({									\
	bool _true = cond;						\
	int _i;								\
									\
	for (_i = 0; _i < 500 && !_true; _i++) {			\
		usleep(10000);						\
		_true = cond;						\
	}								\
	_true;								\
})

/* Close @fd by a RST. */
static int reset(int fd)
{
	const struct linger linger = { .l_onoff = 1 };

	if (setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)))
		return -errno;
	return close(fd) ? -errno : 0;
}

/* On the wire a RST has no socket that would keep the end of its sender. */
TEST_F(pair, netns_of_the_socket)
{
	ASSERT_EQ(0, tool(&self->server, "add name held out rst delay 1h"));
	pair_establish();
	ASSERT_EQ(0, reset(self->peer));
	self->peer = -1;
	EXPECT_EQ(1, rule_fired(&self->server, "held"));
	EXPECT_EQ(1, host_stat(&self->server, RSTFAULT_A_STATS_HELD));

	ASSERT_EQ(0, close(self->listener));
	self->listener = -1;
	host_free(&self->server);
	/* With the namespace goes the other end of the cable. */
	EXPECT_TRUE(soon(!host_has(&self->client, "eth0")));
}

/*
 * Data is for a socket when it comes, and that is closed when it goes on: the
 * stack answers it as what it is then, for nobody. All that before the client
 * repeats it.
 */
TEST_F(pair, closed_socket)
{
	int64_t resets;

	ASSERT_EQ(0, tool(&self->client, "add in rst limit 1 drop"));
	ASSERT_EQ(0, tool(&self->server, "add name held input data delay 100ms"));
	pair_establish();
	ASSERT_EQ(1, send(self->fd, "x", 1, MSG_NOSIGNAL));
	ASSERT_TRUE(soon(rule_fired(&self->server, "held") == 1));
	ASSERT_EQ(0, reset(self->peer));
	self->peer = -1;
	EXPECT_EQ(1, host_stat(&self->server, RSTFAULT_A_STATS_HELD));

	resets = host_mib(&self->server, "Tcp", "OutRsts");
	EXPECT_TRUE(tcp_readable(self->fd, 5000));
	EXPECT_EQ(ECONNRESET, tcp_error(self->fd));
	EXPECT_EQ(resets + 1, host_mib(&self->server, "Tcp", "OutRsts"));
	EXPECT_EQ(1, rule_fired(&self->server, "held"));
}

FIXTURE(bridged) {
	struct host client;
	struct host bridge;
	struct host server;
};

FIXTURE_SETUP(bridged)
{
	static const char * const ports[] = { "port0", "port1" };
	struct host *hosts[] = { &self->client, &self->server };
	int i;

	ASSERT_EQ(0, host_init(&self->client));
	ASSERT_EQ(0, host_init(&self->bridge));
	ASSERT_EQ(0, host_init(&self->server));
	if (access("/sys/module/br_netfilter", F_OK) &&
	    host_run(&self->bridge, "modprobe -q br_netfilter"))
		SKIP(return, "needs br_netfilter");

	ASSERT_EQ(0, link_add_bridge(&self->bridge, "br0", true));
	for (i = 0; i < 2; i++) {
		ASSERT_EQ(0, link_cable(hosts[i], "eth0", &self->bridge,
					ports[i]));
		ASSERT_EQ(0, link_set_master(&self->bridge, ports[i], "br0"));
		ASSERT_EQ(0, host_add_addr(hosts[i], "eth0",
					   host_addr(AF_INET, i + 1), 24));
	}
}

FIXTURE_TEARDOWN(bridged)
{
	host_free(&self->client);
	host_free(&self->bridge);
	host_free(&self->server);
}

/*
 * What goes on by way of br_netfilter's code is freed with it, and so the
 * kernel lives on.
 */
TEST_F(bridged, module_unloaded)
{
	static const char * const hooks[] = { "in", "forward", "out" };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(hooks); i++)
		ASSERT_EQ(0, tool(&self->bridge,
				  "add name r%u %s syn dport %u delay 500ms", i,
				  hooks[i], TCP_PORT_CLOSED + i));
	for (i = 0; i < ARRAY_SIZE(hooks); i++) {
		int fd = tcp_socket(&self->client, AF_INET);
		char name[8];

		ASSERT_LE(0, fd);
		ASSERT_EQ(0, fcntl(fd, F_SETFL, O_NONBLOCK));
		ASSERT_EQ(-EINPROGRESS, tcp_connect(fd, AF_INET, SERVER,
						    TCP_PORT_CLOSED + i));
		snprintf(name, sizeof(name), "r%u", i);
		EXPECT_TRUE(soon(rule_fired(&self->bridge, name) == 1));
		/* No second SYN. */
		close(fd);
	}
	EXPECT_EQ(3, host_stat(&self->bridge, RSTFAULT_A_STATS_HELD));

	/* To read rmmod(8) may take longer than they are held. */
	ASSERT_EQ(0, module_unload("br_netfilter"));
	EXPECT_EQ(0, host_stat(&self->bridge, RSTFAULT_A_STATS_HELD));
	EXPECT_EQ(3, host_stat(&self->bridge, RSTFAULT_A_STATS_LOST));
	usleep(600000);
	EXPECT_EQ(0, host_imbalance(&self->bridge));
	EXPECT_EQ(0, host_stat(&self->bridge, RSTFAULT_A_STATS_RELEASED));
	EXPECT_EQ(0, host_mib(&self->server, "Tcp", "OutRsts"));
	ASSERT_EQ(0, host_run(&self->bridge, "modprobe -q br_netfilter"));
}

TEST_HARNESS_MAIN
