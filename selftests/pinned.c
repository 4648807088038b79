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
#include "lib/expect.h"
#include "lib/link.h"
#include "lib/module.h"
#include "lib/nft.h"
#include "lib/pair.h"
#include "lib/slow.h"

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

/* Has @fd been told that pages which it has sent are its own again? */
static bool has_pages(int fd)
{
	struct msghdr msg = {};

	return !recvmsg(fd, &msg, MSG_ERRQUEUE | MSG_DONTWAIT);
}

/* Who sends without a copy gets his pages back though the segment is held. */
TEST_F(pair, pages_of_the_sender)
{
	static const char * const hooks[] = { "output", "out" };
	static char pages[2 * 4096], got[sizeof(pages)];
	const int on = 1;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(hooks); i++) {
		ASSERT_EQ(0, tool(&self->client,
				  "add name r %s data limit 1 delay 1h", hooks[i]));
		pair_establish();
		ASSERT_EQ(0, setsockopt(self->fd, SOL_SOCKET, SO_ZEROCOPY, &on,
					sizeof(on)));
		ASSERT_EQ(sizeof(pages), send(self->fd, pages, sizeof(pages),
					      MSG_NOSIGNAL | MSG_ZEROCOPY));
		/* Of which some is held, and sent once more. */
		ASSERT_EQ(sizeof(pages), recv(self->peer, got, sizeof(got),
					      MSG_WAITALL));
		EXPECT_EQ(1, host_stat(&self->client, RSTFAULT_A_STATS_HELD));
		EXPECT_TRUE(soon(has_pages(self->fd))) {
			TH_LOG("%s", hooks[i]);
		}
		pair_abort(self);
		ASSERT_EQ(0, rule_delete(&self->client, "r"));
	}
}

/* Data that have arrived are not kept by the socket that they are for. */
TEST_F(pair, netns_of_the_receiver)
{
	ASSERT_EQ(0, tool(&self->server, "add name held input data limit 1 delay 1h"));
	pair_establish();
	ASSERT_EQ(1, send(self->fd, "x", 1, MSG_NOSIGNAL));
	ASSERT_TRUE(soon(rule_fired(&self->server, "held") == 1));
	EXPECT_EQ(1, host_stat(&self->server, RSTFAULT_A_STATS_HELD));

	ASSERT_EQ(0, reset(self->peer));
	self->peer = -1;
	ASSERT_EQ(0, close(self->listener));
	self->listener = -1;
	host_free(&self->server);
	EXPECT_TRUE(soon(!host_has(&self->client, "eth0")));
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

	if (!warped())
		SKIP(return, "needs warped time: others may have the CPU meanwhile");

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

/* Behind our hook, count segments to the server that are of a socket. */
static int count_owned(const struct host *host, unsigned int hook)
{
	const struct nft_chain chain = {
		.name = "behind",
		.hook = hook,
		.priority = 10,
	};
	const struct nft_rule rule = {
		.chain = "behind",
		.dport = TCP_PORT_OPEN,
		.owned = true,
		.counter = "owned",
	};

	return nft_add_table(host) ?: nft_add_counter(host, "owned") ?:
	       nft_add_chain(host, &chain) ?: nft_add_rule(host, &rule);
}

/* Hooks behind ours see whose a segment is, and whose its copies are. */
TEST_F(pair, owner)
{
	static const struct {
		const char *action;
		int segments;
	} rows[] = {
		{ "delay 50ms", 1 },
		{ "duplicate 2", 3 },
		{ "duplicate 2 every 20ms", 3 },
		{ "forge to receiver count 2 every 20ms", 3 },
	};
	int64_t seen;
	int i;

	if (!nft_known(&self->client))
		SKIP(return, "needs nftables");
	ASSERT_EQ(0, count_owned(&self->client, NF_INET_LOCAL_OUT));

	pair_establish();
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		ASSERT_EQ(0, tool(&self->client,
				  "add name r output data limit 1 %s",
				  rows[i].action));
		seen = nft_count(&self->client, "owned");
		ASSERT_EQ(1, send(self->fd, "x", 1, MSG_NOSIGNAL));
		EXPECT_TRUE(soon(nft_count(&self->client, "owned") >=
				 seen + rows[i].segments)) {
			TH_LOG("%s: %lld", rows[i].action,
			       (long long)nft_count(&self->client, "owned") - seen);
		}
		EXPECT_EQ(1, rule_fired(&self->client, "r"));
		ASSERT_EQ(0, rule_flush(&self->client));
	}
}

/* And whom one is for, also if the stack had to look for that again. */
TEST_F(pair, receiver)
{
	int64_t seen;

	if (!nft_known(&self->server))
		SKIP(return, "needs nftables");
	ASSERT_EQ(0, count_owned(&self->server, NF_INET_LOCAL_IN));

	pair_establish();
	ASSERT_EQ(0, tool(&self->server, "add name r input data delay 50ms"));
	seen = nft_count(&self->server, "owned");
	ASSERT_EQ(1, send(self->fd, "x", 1, MSG_NOSIGNAL));
	EXPECT_TRUE(tcp_readable(self->peer, 5000));
	EXPECT_EQ(rule_fired(&self->server, "r"),
		  nft_count(&self->server, "owned") - seen);
}

/*
 * A queue that paces sorts by socket: the trigger waits there, and its RST waits
 * behind it. In front of it the RST would be one for another number. The first
 * ten segments of a connection are not paced.
 */
TEST_F(pair, paced)
{
	static const char * const resets[] = {
		"add output data nth 20 limit 1 forge to receiver",
		"add out data nth 20 limit 1 forge to receiver",
		"add out data nth 20 limit 1 forge to receiver count 2",
		"inject dport 80 to peer",
	};
	unsigned int rate = 1000000;
	static char data[100000];
	char buf[4096];
	ssize_t got;
	int i;

	if (link_add_qdisc(&self->client, "eth0", "fq"))
		SKIP(return, "needs a kernel with fq");
	/* Small packets, however close the server is. */
	ASSERT_EQ(0, host_sysctl(&self->client, "ipv4/tcp_tso_rtt_log", "0"));

	for (i = 0; i < ARRAY_SIZE(resets); i++) {
		bool rule = !strncmp(resets[i], "add", 3);

		pair_establish();
		ASSERT_EQ(0, setsockopt(self->fd, SOL_SOCKET,
					SO_MAX_PACING_RATE, &rate,
					sizeof(rate)));
		if (rule)
			ASSERT_EQ(0, tool(&self->client, "%s", resets[i]));
		ASSERT_EQ(sizeof(data), send(self->fd, data, sizeof(data),
					     MSG_NOSIGNAL));
		if (!rule)
			ASSERT_EQ(0, tool(&self->client, "%s", resets[i]));
		do {
			got = tcp_readable(self->peer, 5000) ?
			      recv(self->peer, buf, sizeof(buf), 0) : 0;
		} while (got > 0);
		EXPECT_EQ(-1, got) {
			TH_LOG("%s: not reset", resets[i]);
		}
		ASSERT_EQ(0, rule_flush(&self->client));
		pair_abort(self);
	}
}

/* How it was made is still to be seen, also of copies. */
TEST_F(pair, origin)
{
	static const char * const actions[] = {
		"delay 20ms", "duplicate 1", "duplicate 1 every 10ms"
	};
	int i, fd, before = 0;

	ASSERT_EQ(0, tool(&self->client, "add name active out rst active pass"));
	ASSERT_EQ(0, tool(&self->client, "add name passive out rst passive pass"));
	for (i = 0; i < ARRAY_SIZE(actions); i++) {
		ASSERT_EQ(0, tool(&self->client, "add name r output rst %s",
				  actions[i]));
		before += i ? 2 : 1;
		pair_establish();
		ASSERT_EQ(0, reset(self->fd));
		self->fd = -1;
		EXPECT_TRUE(soon(rule_fired(&self->client, "active") == before)) {
			TH_LOG("%s, active", actions[i]);
		}
		/* Nobody listens at the client. */
		fd = tcp_socket(&self->server, variant->family);
		ASSERT_LE(0, fd);
		EXPECT_EQ(-ECONNREFUSED, tcp_connect(fd, variant->family, CLIENT,
						     TCP_PORT_CLOSED));
		close(fd);
		EXPECT_TRUE(soon(rule_fired(&self->client, "passive") == before)) {
			TH_LOG("%s, passive", actions[i]);
		}
		close(self->peer);
		ASSERT_EQ(0, rule_delete(&self->client, "r"));
	}
}

#define ESP_NULL "enc ecb\\(cipher_null\\) '' auth digest_null ''"

/* Protect what @host sends to @to, and accept that of @to alone, by ESP. */
static int encrypt(const struct host *host, int family, int own, int to)
{
	static const char null[] = "proto esp mode transport " ESP_NULL;
	static const char template[] = "tmpl proto esp mode transport";
	const char *a = host_addr(family, own), *b = host_addr(family, to);

	return host_run(host, "ip xfrm state add src %s dst %s spi %d %s", a, b,
			own, null) ?:
	       host_run(host, "ip xfrm state add src %s dst %s spi %d %s", b, a,
			to, null) ?:
	       host_run(host, "ip xfrm policy add src %s dst %s dir out %s", a,
			b, template) ?:
	       host_run(host, "ip xfrm policy add src %s dst %s dir in %s", b,
			a, template);
}

/* The same by a device that does it, through a tunnel between other addresses. */
static int encrypt_by_device(const struct host *host, int family, int own,
			     int to)
{
	static const char null[] = "proto esp mode tunnel if_id 1 flag af-unspec " ESP_NULL;
	static const char state[] =
		"ip xfrm state add src %s dst %s spi %d %s";
	static const char policy[] =
		"ip xfrm policy add src %s dst %s dir %s tmpl src %s dst %s %s";
	static const char template[] = "proto esp mode tunnel if_id 1";
	static const char * const outer[] = {
		[CLIENT] = "198.51.100.1", [SERVER] = "198.51.100.2",
	};
	const char *a = host_addr(family, own), *b = host_addr(family, to);

	return host_run(host, "ip addr add %s/24 dev eth0", outer[own]) ?:
	       host_run(host, "ip link add xfrm0 type xfrm dev eth0 if_id 1") ?:
	       host_run(host, "ip link set xfrm0 up") ?:
	       host_run(host, state, outer[own], outer[to], own, null) ?:
	       host_run(host, state, outer[to], outer[own], to, null) ?:
	       host_run(host, policy, a, b, "out", outer[own], outer[to],
			template) ?:
	       host_run(host, policy, b, a, "in", outer[to], outer[own],
			template) ?:
	       host_run(host, "ip -%d route add %s dev xfrm0 src %s",
			family == AF_INET6 ? 6 : 4, b, a);
}

/* IPsec has owners pay for what it appends. They are still to go away. */
static void send_encrypted(struct __test_metadata *_metadata,
			   FIXTURE_DATA(pair) *self, int family)
{
	char bytes[1000] = {};
	int i;

	pair_connect(_metadata, self, family);
	ASSERT_EQ(0, tool(&self->client, "add output data duplicate 2"));
	for (i = 0; i < 5; i++) {
		ASSERT_EQ(sizeof(bytes), send(self->fd, bytes, sizeof(bytes),
					      MSG_NOSIGNAL));
		ASSERT_EQ(sizeof(bytes), recv(self->peer, bytes, sizeof(bytes),
					      MSG_WAITALL));
	}
	ASSERT_EQ(0, reset(self->fd));
	self->fd = -1;
	host_free(&self->client);
	EXPECT_TRUE(soon(!host_has(&self->server, "eth0")));
}

TEST_F(pair, encrypted)
{
	if (encrypt(&self->client, variant->family, CLIENT, SERVER) ||
	    encrypt(&self->server, variant->family, SERVER, CLIENT))
		SKIP(return, "needs ip, and a kernel with ESP");

	send_encrypted(_metadata, self, variant->family);
}

TEST_F(pair, encrypted_by_device)
{
	if (encrypt_by_device(&self->client, variant->family, CLIENT, SERVER) ||
	    encrypt_by_device(&self->server, variant->family, SERVER, CLIENT))
		SKIP(return, "needs ip, and a kernel with XFRM interfaces");

	send_encrypted(_metadata, self, variant->family);
}

/* It has no part of what its socket may send, which goes on meanwhile. */
TEST_F(pair, sent_again)
{
	static const char * const hooks[] = { "output", "out" };
	char byte;
	int i;

	pair_establish();
	for (i = 0; i < ARRAY_SIZE(hooks); i++) {
		ASSERT_EQ(0, tool(&self->client,
				  "add name held %s data limit 1 delay 1h",
				  hooks[i]));
		ASSERT_EQ(1, send(self->fd, "x", 1, MSG_NOSIGNAL));
		EXPECT_TRUE(tcp_readable(self->peer, 5000)) {
			TH_LOG("%s", hooks[i]);
		}
		EXPECT_EQ(1, recv(self->peer, &byte, 1, MSG_DONTWAIT));
		EXPECT_EQ(1, host_stat(&self->client, RSTFAULT_A_STATS_HELD));
		ASSERT_EQ(0, rule_flush(&self->client));
	}
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
				  "add name r%u %s syn dport %u delay 2s", i,
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
	usleep(2100000);
	EXPECT_EQ(0, host_imbalance(&self->bridge));
	EXPECT_EQ(0, host_stat(&self->bridge, RSTFAULT_A_STATS_RELEASED));
	EXPECT_EQ(0, host_mib(&self->server, "Tcp", "OutRsts"));
	ASSERT_EQ(0, host_run(&self->bridge, "modprobe -q br_netfilter"));
}

/* What goes on by itself has a header of the link layer, too: it gets there. */
TEST_F(bridged, sent_again)
{
	static const char * const hooks[] = { "in", "forward", "out" };
	static const char * const actions[] = {
		"duplicate 3",
		"duplicate 3 every 10ms",
		"forge to receiver count 3",
		"forge to receiver count 3 every 10ms",
	};
	unsigned int hook, action;
	int64_t seen;
	int fd;

	/* It sees all packets, and drops those that are for others. */
	ASSERT_EQ(0, link_promisc(&self->bridge, "br0"));
	for (hook = 0; hook < ARRAY_SIZE(hooks); hook++) {
		for (action = 0; action < ARRAY_SIZE(actions); action++) {
			ASSERT_EQ(0, tool(&self->bridge, "add name r %s syn %s",
					  hooks[hook], actions[action]));
			seen = host_mib(&self->server, "Tcp", "InSegs");
			fd = tcp_socket(&self->client, AF_INET);
			ASSERT_LE(0, fd);
			ASSERT_EQ(-ECONNREFUSED,
				  tcp_connect(fd, AF_INET, SERVER,
					      TCP_PORT_CLOSED));
			close(fd);
			EXPECT_TRUE(soon(host_mib(&self->server, "Tcp",
						  "InSegs") >= seen + 4)) {
				TH_LOG("%s %s", hooks[hook], actions[action]);
			}
			EXPECT_EQ(1, rule_fired(&self->bridge, "r"));
			ASSERT_EQ(0, rule_flush(&self->bridge));
		}
	}
	/* None of them was for the bridge itself. */
	EXPECT_EQ(0, host_mib(&self->bridge, "Ip", "InReceives"));
}

/*
 * Enough that some of them are on their way at any time, and no more than can be
 * sent. A kernel that looks for bugs sends fewer, and they have to last longer.
 */
static int nr_series(void)
{
	return slow_kernel() ? 4 : 20;
}

static const char *copies(void)
{
	return slow_kernel() ? "syn duplicate 1000 every 10ms" :
			       "syn duplicate 1000 every 1ms";
}

/* It sends copies, or asks for what becomes of them, one at a time. */
#define ONE_PROCESSOR "needs two processors"

/* Begin so many series of copies of SYNs, on their way by @host. */
static int begin_series(const struct host *client, const struct host *host,
			int family, const char *hook)
{
	int i, fd, err = tool(host, "add name r %s %s", hook, copies());

	for (i = 0; i < nr_series() && !err; i++) {
		fd = tcp_socket(client, family);
		if (fd < 0 || fcntl(fd, F_SETFL, O_NONBLOCK))
			return -errno;
		err = tcp_connect(fd, family, SERVER, TCP_PORT_CLOSED);
		/* Refused by a copy already, for all we know. */
		if (err == -EINPROGRESS || err == -ECONNREFUSED)
			err = 0;
		close(fd);
	}
	return err;
}

/* A copy that waits is freed, and so is what is just on its way. */
TEST_F(bridged, series_unloaded)
{
	if (sysconf(_SC_NPROCESSORS_ONLN) < 2)
		SKIP(return, ONE_PROCESSOR);

	ASSERT_EQ(0, begin_series(&self->client, &self->bridge, AF_INET, "in"));
	EXPECT_TRUE(soon(rule_fired(&self->bridge, "r") == nr_series()));
	EXPECT_LT(0, host_stat(&self->bridge, RSTFAULT_A_STATS_WAITING));
	ASSERT_EQ(0, module_unload("br_netfilter"));
	EXPECT_EQ(0, host_stat(&self->bridge, RSTFAULT_A_STATS_WAITING));
	ASSERT_EQ(0, host_run(&self->bridge, "modprobe -q br_netfilter"));
}

/* The same with a device that goes down. */
TEST_F(pair, series_down)
{
	if (sysconf(_SC_NPROCESSORS_ONLN) < 2)
		SKIP(return, ONE_PROCESSOR);

	ASSERT_EQ(0, begin_series(&self->client, &self->server,
				  variant->family, "in"));
	EXPECT_TRUE(soon(rule_fired(&self->server, "r") == nr_series()));
	EXPECT_LT(0, host_stat(&self->server, RSTFAULT_A_STATS_WAITING));
	ASSERT_EQ(0, link_down(&self->server, "eth0"));
	/* Long before they would have been sent. */
	usleep(100000);
	EXPECT_EQ(0, host_stat(&self->server, RSTFAULT_A_STATS_WAITING));
}

TEST_HARNESS_MAIN
