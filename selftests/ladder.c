// SPDX-License-Identifier: GPL-2.0
/*
 * The sequence diagram of `rstctl monitor --ladder`, of real connections: each
 * segment once, what happened to it, and the state of the socket beside it.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "kselftest_harness.h"

#include "lib/pair.h"

#define COLUMNS 80

/* Rules that watch both directions at both hooks, with and without a socket. */
#define RULES 8

/* Longer than it takes rstctl to draw what there is, in milliseconds. */
#define DRAWN_MS 200

static char drawing[16384];

static void pause_ms(int ms)
{
	const struct timespec time = {
		ms / 1000, ms % 1000 * 1000000L
	};

	nanosleep(&time, NULL);
}

static int64_t rules(const struct host *host)
{
	struct family family;
	int64_t count;

	if (family_open(&family, host))
		return -1;
	count = family_info(&family, RSTFAULT_A_RULES);
	family_close(&family);
	return count;
}

/* Begin to draw what happens at @host, and be sure that it has begun. */
#define draw(child, host, ...)						\
do {									\
	int64_t _before = rules(host);					\
									\
	ASSERT_EQ(0, tool_start(child, host, __VA_ARGS__));		\
	while (rules(host) < _before + RULES)				\
		pause_ms(10);						\
} while (0)

/* End it; the rules that it needs go with it. */
#define drawn(child, host, left)					\
do {									\
	pause_ms(DRAWN_MS);						\
	ASSERT_EQ(0, tool_stop(child, drawing, sizeof(drawing)));	\
	EXPECT_EQ(left, rules(host));					\
} while (0)

/* A line without its time, and what is repeated in it once: "| - SYN - >|". */
static void squeeze(char *out, const char *line, size_t len)
{
	size_t i = 0;

	while (i < len && (line[i] == ' ' || line[i] == '.' ||
			   (line[i] >= '0' && line[i] <= '9')))
		i++;
	for (; i < len; i++) {
		if (strchr(" -=.", line[i]) && i + 1 < len &&
		    line[i + 1] == line[i])
			continue;
		*out++ = line[i];
	}
	*out = '\0';
}

/* The lines of the drawing, in that order, and no others between the ends. */
static void expect_lines(struct __test_metadata *_metadata,
			 const char *const *want)
{
	const char *line = drawing, *end;
	char got[256];

	for (; *line; line = end + 1) {
		end = strchrnul(line, '\n');
		EXPECT_GE(COLUMNS, end - line);
		if (!memchr(line, '|', end - line)) {
			if (!*end)
				break;
			continue;
		}
		squeeze(got, line, end - line);
		EXPECT_TRUE(*want && strstr(got, *want)) {
			TH_LOG("'%s' instead of '%s' in\n%s", got,
			       *want ? *want : "nothing", drawing);
			return;
		}
		want++;
		if (!*end)
			break;
	}
	EXPECT_EQ(NULL, *want) {
		TH_LOG("'%s' is missing in\n%s", *want, drawing);
	}
}

#define reset_by_server()						\
do {									\
	const struct linger linger = { .l_onoff = 1 };			\
									\
	ASSERT_EQ(0, setsockopt(self->peer, SOL_SOCKET, SO_LINGER,	\
				&linger, sizeof(linger)));		\
	ASSERT_EQ(0, close(self->peer));				\
	self->peer = -1;						\
} while (0)

#define HANDSHAKE							\
	"SYN-SENT |- SYN seq 0 ->|",					\
	"SYN-SENT |<- SYN,ACK seq 0 ack 1 -|",				\
	"ESTABLISHED |- ACK seq 1 ack 1 ->|"

/* Nobody listens. */
TEST_F(pair, refused)
{
	static const char *const want[] = {
		"SYN-SENT |- SYN seq 0 ->|",
		"SYN-SENT |<- RST,ACK seq 0 ack 1 -|",
		"CLOSED | |",
		NULL
	};
	struct tool_child child;

	draw(&child, &self->client, "monitor --ladder dport %d",
	     TCP_PORT_CLOSED);
	EXPECT_EQ(-ECONNREFUSED, tcp_connect(self->fd, variant->family, SERVER,
					     TCP_PORT_CLOSED));
	drawn(&child, &self->client, 0);
	expect_lines(_metadata, want);
}

/* The RST is lost: the client goes on to believe in the connection. */
TEST_F(pair, dropped)
{
	static const char *const want[] = {
		HANDSHAKE,
		"ESTABLISHED |- PSH,ACK seq 1 ack 1 len 5 ->|",
		"ESTABLISHED |<- ACK seq 1 ack 6 -|",
		"ESTABLISHED | x- RST,ACK seq 1 ack 6 -|",
		"| dropped by rule 1 lost |",
		NULL
	};
	struct tool_child child;

	ASSERT_EQ(0, tool(&self->client, "add name lost in rst drop"));
	draw(&child, &self->client, "monitor --ladder dport %d", TCP_PORT_OPEN);
	pair_establish();
	EXPECT_EQ(5, send(self->fd, "hello", 5, 0));
	reset_by_server();
	drawn(&child, &self->client, 1);
	expect_lines(_metadata, want);
}

/* What is bound to a device is not taken to be closed at the end. */
TEST_F(pair, bound)
{
	static const char *const want[] = { HANDSHAKE, NULL };
	struct tool_child child;

	ASSERT_EQ(0, setsockopt(self->fd, SOL_SOCKET, SO_BINDTODEVICE, "eth0",
				sizeof("eth0")));
	draw(&child, &self->client, "monitor --ladder dport %d", TCP_PORT_OPEN);
	pair_establish();
	drawn(&child, &self->client, 0);
	expect_lines(_metadata, want);
}

/* The RST is late. The rule may also come later than the drawing. */
TEST_F(pair, held)
{
	static const char *const want[] = {
		HANDSHAKE,
		"ESTABLISHED | o. RST,ACK seq 1 ack 1 .|",
		"| held by rule 9 late |",
		"|<. RST,ACK seq 1 ack 1 .o |",
		"| released after 500.",
		"CLOSED | |",
		NULL
	};
	struct tool_child child;

	draw(&child, &self->client, "monitor --ladder dport %d", TCP_PORT_OPEN);
	ASSERT_EQ(0, tool(&self->client, "add name late in rst delay 500ms"));
	pair_establish();
	reset_by_server();
	EXPECT_TRUE(tcp_readable(self->fd, 5000));
	drawn(&child, &self->client, 1);
	expect_lines(_metadata, want);
}

/* Drawn where the server is, whose answer to the SYN does not get away. */
TEST_F(pair, forged)
{
	static const char *const want[] = {
		"|- SYN seq 0 ->| LISTENING",
		"| x- SYN,ACK seq 0 ack 1 -| SYN-RECV",
		"| dropped, triggers rule 1 f |",
		"|<= RST,ACK seq 0 ack 1 =* |",
		"| forged by rule 1 f |",
		"| *= RST seq 1 =>| SYN-RECV",
		"| forged by rule 1 f: reset |",
		"| | CLOSED",
		NULL
	};
	struct tool_child child;

	ASSERT_EQ(0, tool(&self->server,
			  "add name f out synack forge to both and drop"));
	draw(&child, &self->server, "monitor --ladder dport %d", TCP_PORT_OPEN);
	EXPECT_EQ(-ECONNREFUSED, tcp_connect(self->fd, variant->family, SERVER,
					     TCP_PORT_OPEN));
	drawn(&child, &self->server, 1);
	expect_lines(_metadata, want);
}

/* Both ends are here, so each segment comes to both hooks. */
TEST_F(pair, both_ends)
{
	static const char *const want[] = {
		"SYN-SENT |- SYN seq 0 ->| LISTENING",
		"SYN-SENT |<- SYN,ACK seq 0 ack 1 -| SYN-RECV",
		"ESTABLISHED |- ACK seq 1 ack 1 ->| SYN-RECV",
		"ESTABLISHED | x- RST,ACK seq 1 ack 1 -| CLOSED",
		"| dropped by rule 1 lost |",
		NULL
	};
	struct tool_child child;
	int fd;

	fd = tcp_socket(&self->server, variant->family);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, tool(&self->server, "add name lost in rst drop"));
	draw(&child, &self->server, "monitor --ladder dport %d", TCP_PORT_OPEN);
	ASSERT_EQ(0, tcp_connect(fd, variant->family, SERVER, TCP_PORT_OPEN));
	self->peer = accept(self->listener, NULL, NULL);
	ASSERT_LE(0, self->peer);
	reset_by_server();
	drawn(&child, &self->server, 1);
	close(fd);
	expect_lines(_metadata, want);
}

/* What is recorded is drawn as what is seen. */
TEST_F(pair, recorded)
{
	struct tool_child live, record;
	char seen[sizeof(drawing)], file[64];
	int fd;

	draw(&live, &self->client, "monitor --ladder dport %d", TCP_PORT_OPEN);
	draw(&record, &self->client, "-j monitor --ladder dport %d",
	     TCP_PORT_OPEN);
	ASSERT_EQ(0, tool(&self->client, "add name late in rst delay 20ms"));
	pair_establish();
	EXPECT_EQ(5, send(self->fd, "hello", 5, 0));
	reset_by_server();
	EXPECT_TRUE(tcp_readable(self->fd, 5000));
	drawn(&live, &self->client, RULES + 1);
	strcpy(seen, drawing);
	drawn(&record, &self->client, 1);

	fd = memfd_create("recording", MFD_CLOEXEC);
	ASSERT_LE(0, fd);
	ASSERT_EQ(strlen(drawing), write(fd, drawing, strlen(drawing)));
	sprintf(file, "/proc/%d/fd/%d", getpid(), fd);
	ASSERT_EQ(0, tool_run(&self->client, drawing, sizeof(drawing),
			      "ladder %s", file));
	EXPECT_NE(NULL, strstr(seen, "released after 20."));
	/* Both ask for the last state, each in its own time. */
	*strrchr(seen, '.') = '\0';
	*strrchr(drawing, '.') = '\0';
	EXPECT_STREQ(seen, drawing);
	close(fd);
}

/* Who loads rules takes those away that watch: they are added again. */
TEST_F(pair, replaced)
{
	struct tool_child child;

	draw(&child, &self->client, "monitor --ladder dport %d", TCP_PORT_OPEN);
	ASSERT_EQ(0, tool_load(&self->client, "in rst drop\n"));
	EXPECT_EQ(1, rules(&self->client));
	pause_ms(1500);
	EXPECT_EQ(1 + RULES, rules(&self->client));
	/* Once is enough. */
	pause_ms(2500);
	EXPECT_EQ(1 + RULES, rules(&self->client));
	pair_establish();
	drawn(&child, &self->client, 1);
	EXPECT_NE(NULL, strstr(drawing, "rules were replaced"));
	EXPECT_NE(NULL, strstr(drawing, " SYN,ACK seq 0 ack 1 "));
}

/*
 * So it is under traffic that other rules tell of all the time. In warped time
 * a pause lets time pass.
 */
TEST_F(pair, replaced_under_traffic)
{
	struct tool_child child;
	int i;

	draw(&child, &self->client, "monitor --ladder dport %d",
	     TCP_PORT_CLOSED);
	ASSERT_EQ(0, tool_load(&self->client, "out data pass\n"));
	EXPECT_EQ(1, rules(&self->client));
	pair_establish();
	for (i = 0; i < 10; i++) {
		EXPECT_EQ(1, send(self->fd, "x", 1, 0));
		pause_ms(200);
	}
	EXPECT_EQ(1 + RULES, rules(&self->client));
	drawn(&child, &self->client, 1);
	EXPECT_NE(NULL, strstr(drawing, "rules were replaced"));
}

TEST_HARNESS_MAIN
