// SPDX-License-Identifier: GPL-2.0
/*
 * Which connections rstctl inject resets: those that are meant, and no others.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "lib/pair.h"
#include "lib/told.h"

#define OTHER_PORT 8080

/* The one of several connections that is to OTHER_PORT. */
#define BYSTANDER 1

/* Those alone that match. */
TEST_F(pair, matches)
{
	char said[512];

	pair_establish();
	EXPECT_EQ(2, tool_run(&self->client, said, sizeof(said),
			      "inject dport 81"));
	EXPECT_EQ(2, tool_run(&self->client, said, sizeof(said),
			      "inject sport 80"));
	EXPECT_EQ(2, tool_run(&self->client, said, sizeof(said),
			      "inject daddr %s", host_addr(variant->family, 1)));
	EXPECT_EQ(1, tool_run(&self->client, said, sizeof(said), "inject"));
	EXPECT_EQ(0, told(self->fd, false));
	EXPECT_EQ(0, tool_run(&self->client, said, sizeof(said),
			      "inject saddr %s daddr %s sport %d",
			      host_addr(variant->family, 1),
			      host_addr(variant->family, 2), self->port));
	EXPECT_EQ(ECONNRESET, told(self->fd, true));
	EXPECT_EQ(ECONNRESET, told(self->peer, true));
}

/* Of many connections, those alone that match: each by itself. */
TEST_F(pair, several)
{
	int fd[4], peer[4], other, lines = 0, i;
	char said[1024], *line;

	other = tcp_listen(&self->server, variant->family, OTHER_PORT);
	ASSERT_LE(0, other);
	for (i = 0; i < 4; i++) {
		int port = i == BYSTANDER ? OTHER_PORT : TCP_PORT_OPEN;

		fd[i] = tcp_socket(&self->client, variant->family);
		ASSERT_EQ(0, tcp_connect(fd[i], variant->family, SERVER, port));
		peer[i] = accept(i == BYSTANDER ? other : self->listener, NULL,
				 NULL);
		ASSERT_LE(0, peer[i]);
	}

	ASSERT_EQ(0, tool_run(&self->client, said, sizeof(said),
			      "inject dport 80"));
	for (line = strtok(said, "\n"); line; line = strtok(NULL, "\n")) {
		EXPECT_STREQ("local reset", line + strlen(line) - 11);
		lines++;
	}
	EXPECT_EQ(3, lines);
	for (i = 0; i < 4; i++) {
		int error = i == BYSTANDER ? 0 : ECONNRESET;

		EXPECT_EQ(error, told(fd[i], error)) {
			TH_LOG("connection %d", i);
		}
		EXPECT_EQ(error, told(peer[i], error)) {
			TH_LOG("peer %d", i);
		}
		close(fd[i]);
		close(peer[i]);
	}
	close(other);
}

/* What a socket is asked for beyond its addresses. */
TEST_F(pair, socket_matches)
{
	static const char * const others[] = {
		"uid 1", "mark 5", "mark 0x10/0xf0", "state close-wait",
		"state fin-wait-1,fin-wait-2", "ip6 uid 7", "ip uid 7",
	};
	static const char * const own[] = {
		"uid 7", "mark 6", "mark 4/4", "state established",
		"state close-wait,established",
	};
	char said[512];
	int mark = 6, i, j;

	for (i = 0; i < ARRAY_SIZE(own); i++) {
		ASSERT_EQ(0, fchown(self->fd, 7, -1));
		ASSERT_EQ(0, setsockopt(self->fd, SOL_SOCKET, SO_MARK, &mark,
					sizeof(mark)));
		pair_establish();
		for (j = 0; !i && j < ARRAY_SIZE(others); j++) {
			/* The family of the connection is one of the two. */
			if (!strncmp(others[j], variant->family == AF_INET ?
				     "ip " : "ip6", 3))
				continue;
			EXPECT_EQ(2, tool_run(&self->client, said, sizeof(said),
					      "inject %s", others[j])) {
				TH_LOG("%s: %s", others[j], said);
			}
		}
		EXPECT_EQ(0, told(self->fd, false));
		EXPECT_EQ(0, tool_run(&self->client, said, sizeof(said),
				      "inject %s", own[i])) {
			TH_LOG("%s: %s", own[i], said);
		}
		EXPECT_EQ(ECONNRESET, told(self->fd, true)) {
			TH_LOG("%s", own[i]);
		}
		close(self->peer);
		close(self->fd);
		self->fd = tcp_socket(&self->client, variant->family);
	}
}

/*
 * A socket that is bound to a device is found by that alone, and not the one that
 * listens at the same port.
 */
TEST_F(pair, bound_to_device)
{
	int one = 1, listener;
	char said[512];

	ASSERT_EQ(0, setsockopt(self->fd, SOL_SOCKET, SO_BINDTODEVICE, "eth0",
				sizeof("eth0")));
	ASSERT_EQ(0, setsockopt(self->fd, SOL_SOCKET, SO_REUSEADDR, &one,
				sizeof(one)));
	pair_establish();
	listener = tcp_listen(&self->client, variant->family, self->port);
	ASSERT_LE(0, listener);
	EXPECT_EQ(0, tool_run(&self->client, said, sizeof(said),
			      "inject dport 80"));
	EXPECT_NE(NULL, strstr(said, " local reset\n")) {
		TH_LOG("%s", said);
	}
	EXPECT_EQ(ECONNRESET, told(self->fd, true));
	EXPECT_EQ(ECONNRESET, told(self->peer, true));
	close(listener);
}

/* The SSH connection that rstctl is run from, and with it all others. */
TEST_F(pair, ssh)
{
	char said[512], connection[128];
	int second, peer;

	pair_establish();
	second = tcp_socket(&self->client, variant->family);
	ASSERT_EQ(0, tcp_connect(second, variant->family, SERVER,
				 TCP_PORT_OPEN));
	peer = accept(self->listener, NULL, NULL);
	ASSERT_LE(0, peer);
	snprintf(connection, sizeof(connection), "%s 80 %s %d",
		 host_addr(variant->family, SERVER),
		 host_addr(variant->family, CLIENT), self->port);
	setenv("SSH_CONNECTION", connection, 1);

	EXPECT_EQ(1, tool_run(&self->client, said, sizeof(said),
			      "inject dport 80"));
	EXPECT_NE(NULL, strstr(said, "SSH")) {
		TH_LOG("%s", said);
	}
	EXPECT_EQ(0, told(self->fd, false));
	EXPECT_EQ(0, told(second, false));

	/* Another connection is not meant. */
	EXPECT_EQ(0, tool_run(&self->client, said, sizeof(said),
			      "inject dport 80 sport %d", tcp_port(second)));
	EXPECT_EQ(ECONNRESET, told(second, true));
	EXPECT_EQ(0, told(self->fd, false));
	EXPECT_EQ(0, tool_run(&self->client, said, sizeof(said),
			      "inject dport 80 force"));
	EXPECT_EQ(ECONNRESET, told(self->fd, true));
	unsetenv("SSH_CONNECTION");
	close(second);
	close(peer);
}

TEST_HARNESS_MAIN
