// SPDX-License-Identifier: GPL-2.0
/*
 * Forged RSTs where both ends are sockets of the same host, and where the end
 * that they are for is only about to become a connection.
 */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/socket.h>

#include "kselftest_harness.h"

#include "lib/expect.h"
#include "lib/tcp.h"
#include "lib/wired.h"

#define PORT 2000

/* Numbers of a client that is the test. */
#define ISS 0x10000000

/* Send a segment from the wire to a listener. */
static int send_listener(const struct way *way, int port, uint8_t flags,
			 uint32_t seq, uint32_t ack)
{
	struct packet packet = {
		.family = way->family,
		.saddr = way->saddr,
		.daddr = way->daddr,
		.sport = port,
		.dport = port,
		.flags = flags,
		.seq = seq,
		.ack = ack,
		.payload = flags & TH_PSH ? 7 : 0,
	};

	packet_build(&packet);
	return way_send(way, &packet);
}

/*
 * A half-open connection of a listener is gone: what was to complete it finds
 * nobody. The rule's segment is the SYN, the answer to it, or, in the last row
 * but one, data with an old number.
 */
TEST_F(wired, half_open)
{
	static const struct {
		const char *segment;
		const char *action;
		int way;
		bool gone;
	} rows[] = {
		{ "syn", "forge to receiver", WAY_IN, true },
		{ "synack", "forge", WAY_OUT, true },
		{ "data", "forge to receiver and drop", WAY_IN, true },
		{ "synack", "pass", WAY_OUT, false },
	};
	const struct way *way = &self->way[WAY_IN];
	struct capture synack, answer;
	char text[512], what[64];
	unsigned int i;
	int hook, fd;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		ASSERT_EQ(0, rule_flush(&self->host));
		way_rules(text, sizeof(text), rows[i].segment, rows[i].action,
			  PORT);
		ASSERT_EQ(0, tool_load(&self->host, text));
		for (hook = 0; hook < HOOKS; hook++) {
			int port = PORT + hook;

			if (!way_passes(rows[i].way, hook))
				continue;
			snprintf(what, sizeof(what), "%s %s %s",
				 way_hooks[hook], rows[i].segment,
				 rows[i].action);
			fd = tcp_listen(&self->host, variant->family, port);
			ASSERT_LE(0, fd);
			ASSERT_EQ(0, send_listener(way, port, TH_SYN, ISS, 0));
			ASSERT_TRUE(capture_read(self->near, &synack,
						 COMES_MS)) {
				TH_LOG("%s", what);
			}
			EXPECT_EQ(TH_SYN | TH_ACK, synack.packet.flags);
			expect_none(_metadata, self->near, 0, what);

			if (!strcmp(rows[i].segment, "data"))
				ASSERT_EQ(0, send_listener(way, port,
							   TH_ACK | TH_PSH,
							   ISS - 1000,
							   synack.packet.seq +
							   1));
			ASSERT_EQ(0, send_listener(way, port, TH_ACK, ISS + 1,
						   synack.packet.seq + 1));
			EXPECT_EQ(rows[i].gone,
				  capture_read(self->near, &answer, 0)) {
				TH_LOG("%s", what);
			}
			if (rows[i].gone)
				EXPECT_EQ(TH_RST, answer.packet.flags);
			EXPECT_EQ(!rows[i].gone, tcp_readable(fd, 0)) {
				TH_LOG("%s", what);
			}
			close(fd);
			capture_drain(self->near);
		}
	}
}

/* A connection from the host to itself. */
struct loop {
	int listener;
	int fd;
	int peer;
};

static int loop_open(struct loop *loop, const struct host *host, int family,
		     int port)
{
	int err;

	loop->peer = -1;
	loop->listener = tcp_listen(host, family, port);
	loop->fd = tcp_socket(host, family);
	if (loop->listener < 0 || loop->fd < 0)
		return -EIO;
	err = tcp_connect(loop->fd, family, 1, port);
	if (!err)
		loop->peer = accept(loop->listener, NULL, NULL);
	return err;
}

static void loop_close(struct loop *loop)
{
	close(loop->listener);
	close(loop->fd);
	close(loop->peer);
}

TEST_F(wired, loopback)
{
	static const struct {
		const char *action;
		int error;
		int peer_error;
	} rows[] = {
		{ "forge", ECONNRESET, 0 },
		{ "forge and drop", ECONNRESET, 0 },
		{ "forge to receiver", 0, ECONNRESET },
		{ "forge to receiver and drop", 0, ECONNRESET },
		{ "forge to both", ECONNRESET, ECONNRESET },
		{ "forge to both and drop", ECONNRESET, ECONNRESET },
		{ "forge to both seq out-of-window", 0, 0 },
	};
	char text[ARRAY_SIZE(rows) * HOOKS * 128], name[16], what[64];
	struct loop loop;
	unsigned int i;
	size_t len = 0;
	int hook;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		len += way_rules(text + len, sizeof(text) - len, "data",
				 rows[i].action, PORT + i * HOOKS);
	ASSERT_EQ(0, tool_load(&self->host, text));

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		for (hook = 0; hook < RSTFAULT_HOOK_FORWARD; hook++) {
			int port = PORT + i * HOOKS + hook;

			snprintf(what, sizeof(what), "%s %s", way_hooks[hook],
				 rows[i].action);
			ASSERT_EQ(0, loop_open(&loop, &self->host,
					       variant->family, port));
			ASSERT_EQ(1, send(loop.fd, "x", 1, 0));
			EXPECT_EQ(rows[i].error, tcp_error(loop.fd)) {
				TH_LOG("%s", what);
			}
			EXPECT_EQ(rows[i].peer_error, tcp_error(loop.peer)) {
				TH_LOG("%s", what);
			}
			loop_close(&loop);
			snprintf(name, sizeof(name), "r%d", port);
			expect_counters(_metadata, &self->host, name, 1,
					strstr(rows[i].action, "both") ? 2 : 1,
					what);
		}
	}
}

/* The address of a device, which is of no use without saying of which one. */
static int loop_open_link(struct loop *loop, const struct host *host, int port)
{
	struct sockaddr_in6 sin6 = {
		.sin6_family = AF_INET6,
		.sin6_port = htons(port),
		.sin6_addr.s6_addr = { 0xfe, 0x80, [15] = 1 },
	};

	loop->peer = -1;
	loop->listener = tcp_listen(host, AF_INET6, port);
	loop->fd = tcp_socket(host, AF_INET6);
	if (loop->listener < 0 || loop->fd < 0 || host_enter(host))
		return -EIO;
	sin6.sin6_scope_id = if_nametoindex("wire0");
	if (host_leave())
		return -EIO;
	if (connect(loop->fd, (void *)&sin6, sizeof(sin6)))
		return -errno;
	loop->peer = accept(loop->listener, NULL, NULL);
	return 0;
}

TEST_F(wired, link_local)
{
	struct loop loop;
	char text[512];
	int hook;

	if (variant->family != AF_INET6)
		SKIP(return, "IPv4 addresses need no device");

	ASSERT_EQ(0, host_add_addr(&self->host, "wire0", "fe80::1", 64));
	way_rules(text, sizeof(text), "data", "forge to both and drop", PORT);
	ASSERT_EQ(0, tool_load(&self->host, text));
	for (hook = 0; hook < RSTFAULT_HOOK_FORWARD; hook++) {
		ASSERT_EQ(0, loop_open_link(&loop, &self->host, PORT + hook)) {
			TH_LOG("%s", way_hooks[hook]);
		}
		ASSERT_EQ(1, send(loop.fd, "x", 1, 0));
		EXPECT_EQ(ECONNRESET, tcp_error(loop.fd)) {
			TH_LOG("%s", way_hooks[hook]);
		}
		EXPECT_EQ(ECONNRESET, tcp_error(loop.peer)) {
			TH_LOG("%s", way_hooks[hook]);
		}
		loop_close(&loop);
	}
}

TEST_F(wired, loopback_syn)
{
	static const struct {
		const char *action;
		int error[HOOKS];
	} rows[] = {
		{ "forge", { [RSTFAULT_HOOK_IN] = ECONNREFUSED,
			     [RSTFAULT_HOOK_INPUT] = ECONNREFUSED,
			     [RSTFAULT_HOOK_OUTPUT] = ECONNREFUSED,
			     [RSTFAULT_HOOK_OUT] = ECONNREFUSED } },
		{ "forge and drop", { [RSTFAULT_HOOK_IN] = ECONNREFUSED,
				      [RSTFAULT_HOOK_INPUT] = ECONNREFUSED,
				      [RSTFAULT_HOOK_OUTPUT] = ECONNREFUSED,
				      [RSTFAULT_HOOK_OUT] = ECONNREFUSED } },
		{ "delay 2s" },
		{ "duplicate 2" },
	};
	char text[ARRAY_SIZE(rows) * HOOKS * 128], what[64];
	struct loop loop;
	int error;
	int64_t start;
	unsigned int i;
	size_t len = 0;
	int hook;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		len += way_rules(text + len, sizeof(text) - len, "syn",
				 rows[i].action, PORT + i * HOOKS);
	ASSERT_EQ(0, tool_load(&self->host, text));

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		for (hook = 0; hook < RSTFAULT_HOOK_FORWARD; hook++) {
			snprintf(what, sizeof(what), "%s %s", way_hooks[hook],
				 rows[i].action);
			start = tcp_now_ms();
			error = -loop_open(&loop, &self->host, variant->family,
					   PORT + i * HOOKS + hook);
			EXPECT_EQ(rows[i].error[hook],
				  error ?: tcp_error(loop.fd)) {
				TH_LOG("%s", what);
			}
			EXPECT_LE(strstr(rows[i].action, "delay") ? 2000 : 0,
				  tcp_now_ms() - start) {
				TH_LOG("%s", what);
			}
			loop_close(&loop);
		}
	}
}

/* A RST that comes back by loopback meets its own rule again: once is enough. */
TEST_F(wired, no_end)
{
	static const char * const hooks[] = { "in", "input", "out", "output" };
	struct counters counters;
	struct loop loop;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(hooks); i++) {
		ASSERT_EQ(0, tool(&self->host, "add name r %s rst forge to both",
				  hooks[i]));
		/* Nobody listens there. */
		loop.fd = tcp_socket(&self->host, variant->family);
		EXPECT_EQ(-ECONNREFUSED, tcp_connect(loop.fd, variant->family,
						     1, PORT));
		close(loop.fd);
		usleep(100000);
		ASSERT_EQ(0, rule_counters(&self->host, "r", &counters));
		EXPECT_EQ(1, RULE_COUNT(&counters, FIRED)) {
			TH_LOG("%s", hooks[i]);
		}
		ASSERT_EQ(0, rule_flush(&self->host));
	}
}

TEST_HARNESS_MAIN
