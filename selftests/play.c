// SPDX-License-Identifier: GPL-2.0
/*
 * What `rstctl play` promises is what sockets then show: the promises are taken
 * from what it prints, and held against errno, state and time of real
 * connections, on the host of either end, on a router and over loopback.
 */
#include "kselftest_harness.h"

#include "lib/counters.h"
#include "lib/link.h"
#include "lib/promise.h"
#include "lib/route.h"
#include "lib/slow.h"

#define play(where, ...) start_playing(&playing, where, __VA_ARGS__)

/* What is to be seen when a scenario is played on @where to what @match says. */
#define STORY(name)							\
static void name(struct __test_metadata *_metadata, FIXTURE_DATA(pair) *self, \
		 const FIXTURE_VARIANT(pair) *variant,			\
		 const struct host *where, const char *match)

/* How long recv() may take at most, if that is minutes. */
#define PATIENCE_MS (3600 * 1000)
#define client_read(start) see_read(self->fd, start, PATIENCE_MS)
#define server_read(start) see_read(self->peer, start, PATIENCE_MS)
#define client_waits() see_read(self->fd, tcp_now_ms(), QUIET_MS)

/* Another socket of the client, with its address, instead of the last one. */
#define another_socket() do {						\
	struct sockaddr_storage ss;					\
	socklen_t len = host_sockaddr(&ss, variant->family, CLIENT, 0);	\
									\
	close(self->fd);						\
	self->fd = tcp_socket(&self->client, variant->family);		\
	ASSERT_LE(0, self->fd);						\
	ASSERT_EQ(0, bind(self->fd, (void *)&ss, len));			\
} while (0)

#define another_connection() do {					\
	close(self->peer);						\
	self->peer = -1;						\
	another_socket();						\
	pair_establish();						\
} while (0)

/* The server ends the connection, by a RST or by a FIN. */
#define server_closes(after, by_reset) do {				\
	const struct linger linger = { .l_onoff = by_reset };		\
	struct seen closed = { .state = UNSEEN };			\
									\
	ASSERT_EQ(0, setsockopt(self->peer, SOL_SOCKET, SO_LINGER,	\
				&linger, sizeof(linger)));		\
	closed.ms = -tcp_now_ms();					\
	closed.result = result_name(close(self->peer));			\
	closed.ms += tcp_now_ms();					\
	self->peer = -1;						\
	kept_diag(after, "server", "close", closed,			\
		  pair_server_state());					\
} while (0)

/* It is stopped by Ctrl-C, and leaves nothing behind. */
#define stop() do {							\
	EXPECT_EQ(0, interrupt(&playing));				\
	EXPECT_EQ(0, rules_left(where));					\
} while (0)

/* Nobody can connect while that is played, and everybody afterwards. */
static void no_connection(struct __test_metadata *_metadata,
			  FIXTURE_DATA(pair) *self,
			  const FIXTURE_VARIANT(pair) *variant,
			  const struct host *where, const char *scenario,
			  const char *match)
{
	struct playing playing;

	another_socket();
	play(where, "%s %s", scenario, match);
	kept("client connects", "client", "connect",
	     see_connect(self->fd, variant->family));
	kept("client connects", "server", "accept", see_accept(self->listener));
	stop();
	another_socket();
	kept("it ends", "client", "connect",
	     see_connect(self->fd, variant->family));
	self->peer = accept(self->listener, NULL, NULL);
	EXPECT_LE(0, self->peer);
}

STORY(refused)
{
	no_connection(_metadata, self, variant, where, "refused", match);
}

STORY(filtered)
{
	no_connection(_metadata, self, variant, where, "filtered", match);
}

STORY(reset)
{
	struct playing playing;
	int64_t start;

	play(where, "reset %s", match);
	another_connection();
	start = tcp_now_ms();
	ASSERT_EQ(1, send(self->fd, "x", 1, MSG_NOSIGNAL));
	kept_diag("client writes", "client", "read", client_read(start),
		  pair_client_state());
	kept_diag("client writes", "server", "read", server_read(start),
		  pair_server_state());

	another_connection();
	start = tcp_now_ms();
	ASSERT_EQ(1, send(self->peer, "x", 1, MSG_NOSIGNAL));
	kept_diag("server writes", "client", "read", client_read(start),
		  pair_client_state());
	kept_diag("server writes", "server", "read", server_read(start),
		  pair_server_state());
	stop();
}

STORY(late_reset)
{
	struct playing playing;
	int64_t start;

	another_connection();
	play(where, "late-reset %s delay 3s", match);
	start = tcp_now_ms();
	server_closes("server resets", true);
	kept_diag("server resets", "client", "write", see_write(self->fd),
		  pair_client_state());
	kept_diag("server resets", "client", "read", client_read(start),
		  pair_client_state());
	stop();
}

/* What is held goes on when it ends. */
STORY(late_reset_ends)
{
	struct playing playing;

	another_connection();
	play(where, "late-reset %s delay 1m", match);
	server_closes("server resets", true);
	EXPECT_FALSE(tcp_readable(self->fd, QUIET_MS));
	EXPECT_EQ(0, interrupt(&playing));
	kept_diag("it ends", "client", "read", client_read(tcp_now_ms()),
		  pair_client_state());
	EXPECT_EQ(0, rules_left(where));
}

STORY(lost_reset)
{
	struct playing playing;
	int64_t start;

	another_connection();
	play(where, "lost-reset %s", match);
	server_closes("server resets", true);
	kept_diag("server resets", "client", "read", client_waits(),
		  pair_client_state());
	start = tcp_now_ms();
	ASSERT_EQ(1, send(self->fd, "x", 1, MSG_NOSIGNAL));
	kept_diag("client writes", "client", "read", client_read(start),
		  pair_client_state());

	another_connection();
	server_closes("server resets", true);
	ASSERT_EQ(1, send(self->fd, "x", 1, MSG_NOSIGNAL));
	EXPECT_FALSE(tcp_readable(self->fd, 60 * QUIET_MS));
	EXPECT_EQ(0, interrupt(&playing));
	kept_diag("it ends", "client", "read", client_read(tcp_now_ms()),
		  pair_client_state());
	EXPECT_EQ(0, rules_left(where));
}

STORY(half_open)
{
	static const char * const after[] = {
		"server closes", "server resets",
	};
	struct counters before = {}, after_all = {};
	struct playing playing;
	int64_t start;
	int by_reset;

	play(where, "half-open %s", match);
	for (by_reset = 1; by_reset >= 0; by_reset--) {
		another_connection();
		ASSERT_EQ(0, host_counters(where, &before));
		server_closes(after[by_reset], by_reset);
		kept_diag(after[by_reset], "client", "read", client_waits(),
			  pair_client_state());
		start = tcp_now_ms();
		ASSERT_EQ(1, send(self->fd, "x", 1, MSG_NOSIGNAL));
		kept_diag("client writes", "client", "read",
			  client_read(start), pair_client_state());
		EXPECT_EQ(TCP_NO_SOCKET, pair_server_state());
		if (!by_reset)
			continue;
		/* Its first RST, and none of those behind it. */
		ASSERT_EQ(0, host_counters(where, &after_all));
		EXPECT_EQ(HOST_COUNT(&before, DROPPED) + 1,
			  HOST_COUNT(&after_all, DROPPED));
	}
	stop();
}

STORY(crash)
{
	struct playing playing;
	int64_t start;
	int fd;

	another_connection();
	play(where, "crash %s", match);
	kept_diag("client waits", "client", "read", client_waits(),
		  pair_client_state());
	start = tcp_now_ms();
	ASSERT_EQ(1, send(self->fd, "x", 1, MSG_NOSIGNAL));
	kept_diag("client writes", "server", "read", server_read(start),
		  pair_server_state());
	fd = tcp_socket(&self->client, variant->family);
	kept("client connects", "client", "connect",
	     see_connect(fd, variant->family));
	close(fd);
	kept_diag("client writes", "client", "read", client_read(start),
		  pair_client_state());
	stop();
}

/* The server is back, and has forgotten the connection. */
STORY(crash_ends)
{
	struct playing playing;
	int64_t start;

	another_connection();
	play(where, "crash %s", match);
	start = tcp_now_ms();
	ASSERT_EQ(1, send(self->peer, "x", 1, MSG_NOSIGNAL));
	kept_diag("server writes", "server", "read", server_read(start),
		  pair_server_state());
	ASSERT_EQ(1, send(self->fd, "x", 1, MSG_NOSIGNAL));
	EXPECT_FALSE(tcp_readable(self->fd, QUIET_MS));
	EXPECT_EQ(0, interrupt(&playing));
	kept_diag("it ends", "client", "read", client_read(tcp_now_ms()),
		  pair_client_state());
	EXPECT_EQ(0, rules_left(where));
	another_connection();
}

STORY(blind_reset)
{
	struct playing playing;
	int64_t start, client, server;

	another_connection();
	play(where, "blind-reset %s", match);
	client = host_mib(&self->client, "TcpExt", "TCPChallengeACK");
	server = host_mib(&self->server, "TcpExt", "TCPChallengeACK");
	start = tcp_now_ms();
	ASSERT_EQ(1, send(self->fd, "x", 1, MSG_NOSIGNAL));
	kept_diag("client writes", "server", "read", server_read(start),
		  pair_server_state());
	kept_diag("client writes", "client", "read", client_waits(),
		  pair_client_state());
	start = tcp_now_ms();
	ASSERT_EQ(1, send(self->peer, "x", 1, MSG_NOSIGNAL));
	kept_diag("server writes", "client", "read", client_read(start),
		  pair_client_state());
	/* One for each write, at either end. */
	EXPECT_LE(client + 2,
		  host_mib(&self->client, "TcpExt", "TCPChallengeACK"));
	EXPECT_LE(server + 2,
		  host_mib(&self->server, "TcpExt", "TCPChallengeACK"));
	stop();
}

/* IPv4 is played on the client's host, IPv6 on the server's. */
#define end_of() (variant->family == AF_INET ? &self->client : &self->server)

/* What most of them are played to. */
#define SERVICE "dport 80"

#define TEST_STORY(story)						\
TEST_F(pair, story)							\
{									\
	story(_metadata, self, variant, end_of(), SERVICE);		\
}

#define TEST_SLOW_STORY(story)						\
TEST_F_TIMEOUT(pair, story, 3600)					\
{									\
	if (!slow_tests())						\
		SKIP(return, SLOW_REASON);				\
	story(_metadata, self, variant, end_of(), SERVICE);		\
}

TEST_STORY(refused)
TEST_SLOW_STORY(filtered)
TEST_STORY(reset)
TEST_STORY(late_reset)
TEST_STORY(late_reset_ends)
TEST_SLOW_STORY(lost_reset)
TEST_STORY(half_open)
TEST_SLOW_STORY(crash)
TEST_STORY(crash_ends)
TEST_STORY(blind_reset)

/* Those that take seconds, where a segment passes two hooks of one host. */
static void two_hooks(struct __test_metadata *_metadata,
		      FIXTURE_DATA(pair) *self,
		      const FIXTURE_VARIANT(pair) *variant,
		      const struct host *where)
{
	refused(_metadata, self, variant, where, SERVICE);
	reset(_metadata, self, variant, where, SERVICE);
	late_reset(_metadata, self, variant, where, SERVICE);
	late_reset_ends(_metadata, self, variant, where, SERVICE);
	half_open(_metadata, self, variant, where, SERVICE);
	crash_ends(_metadata, self, variant, where, SERVICE);
	blind_reset(_metadata, self, variant, where, SERVICE);
}

/* Client and server are one host. */
TEST_F_TIMEOUT(pair, loopback, 120)
{
	struct host other = self->client;

	/* The cable stays as long as both of its ends. */
	self->client.netns = dup(self->server.netns);
	ASSERT_LE(0, self->client.netns);
	ASSERT_EQ(0, host_add_addr(&self->server, "lo",
				   host_addr(variant->family, CLIENT),
				   variant->family == AF_INET ? 32 : 128));
	two_hooks(_metadata, self, variant, &self->server);
	late_reset(_metadata, self, variant, &self->server, "iif lo");
	half_open(_metadata, self, variant, &self->server, "oif lo dport 80");
	host_free(&other);
}

/* On a router between them, which has the same address on either side. */
TEST_F_TIMEOUT(pair, router, 120)
{
	const struct host *hosts[] = { &self->client, &self->server };
	bool is4 = variant->family == AF_INET;
	const char *addr = is4 ? "198.51.100.1" : "fe80::1";
	struct host router;
	char port[8];
	int i;

	ASSERT_EQ(0, host_init(&router));
	ASSERT_EQ(0, host_sysctl(&router, "ipv4/ip_forward", "1"));
	ASSERT_EQ(0, host_sysctl(&router, "ipv6/conf/all/forwarding", "1"));
	ASSERT_EQ(0, link_del(&self->client, "eth0"));
	for (i = 0; i < 2; i++) {
		const char *end = host_addr(variant->family, i + 1);

		snprintf(port, sizeof(port), "port%d", i);
		ASSERT_EQ(0, link_cable(hosts[i], "eth0", &router, port));
		ASSERT_EQ(0, host_add_addr(hosts[i], "eth0", end,
					   is4 ? 32 : 128));
		ASSERT_EQ(0, host_add_addr(&router, port, addr, is4 ? 32 : 64));
		ASSERT_EQ(0, route_add(&router, &(struct route){
			.dst = end, .bits = is4 ? 32 : 128, .dev = port,
		}));
		ASSERT_EQ(0, route_add(hosts[i], &(struct route){
			.via = addr, .dev = "eth0", .onlink = true,
		}));
	}
	two_hooks(_metadata, self, variant, &router);
	late_reset(_metadata, self, variant, &router, "iif port0");
	half_open(_metadata, self, variant, &router, "oif port1");
	host_free(&router);
}

/* When its time has come, it ends by itself, and so do its rules. */
TEST_F(pair, lasts)
{
	struct playing playing;
	int64_t start = tcp_now_ms();

	play(end_of(), "refused dport 80 for 3s");
	EXPECT_NE(NULL, strstr(playing.said, "\"lifetime\":3000000000,"));
	EXPECT_EQ(-ECONNREFUSED, tcp_connect(self->fd, variant->family, SERVER,
					     TCP_PORT_OPEN));
	EXPECT_EQ(0, ended(&playing));
	EXPECT_LE(3000, tcp_now_ms() - start);
	EXPECT_GE(5000, tcp_now_ms() - start);
	EXPECT_EQ(0, rules_left(end_of()));
	another_connection();
}

/* Killed, it leaves nothing behind; two at a time need two names. */
TEST_F(pair, killed)
{
	struct playing playing, second;

	play(end_of(), "refused dport 80");
	EXPECT_EQ(2, tool_run(end_of(), second.said, sizeof(second.said),
			      "play refused dport 81"));
	EXPECT_NE(NULL, strstr(second.said, "'name'")) {
		TH_LOG("%s", second.said);
	}
	start_playing(&second, end_of(), "refused dport 81 name second");
	EXPECT_EQ(4, rules_now(end_of()));
	kill(second.child.pid, SIGTERM);
	EXPECT_EQ(0, ended(&second));
	EXPECT_EQ(-ECONNREFUSED, tcp_connect(self->fd, variant->family, SERVER,
					     TCP_PORT_OPEN));
	kill(playing.child.pid, SIGKILL);
	EXPECT_EQ(128 + SIGKILL, ended(&playing));
	EXPECT_EQ(0, rules_left(end_of()));
}

/* What is only shown changes nothing, and can be loaded. */
TEST_F(pair, dry_run)
{
	char rules[8192];

	ASSERT_EQ(0, tool_run(end_of(), rules, sizeof(rules),
			      "play crash dport 80 --dry-run"));
	EXPECT_EQ(0, rules_now(end_of()));
	ASSERT_EQ(0, tool_load(end_of(), rules));
	EXPECT_EQ(8, rules_now(end_of()));
}

TEST_HARNESS_MAIN
