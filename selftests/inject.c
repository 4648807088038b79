// SPDX-License-Identifier: GPL-2.0
/*
 * rstctl inject: resets a connection that sends nothing, from the numbers of
 * the local socket.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "lib/busy.h"
#include "lib/counters.h"
#include "lib/events.h"
#include "lib/link.h"
#include "lib/nft.h"
#include "lib/pair.h"
#include "lib/told.h"

static const struct row {
	const char *words;	/* of inject, at the client */
	const char *says;	/* last word of what it says */
	int client;		/* errno */
	int server;
} rows[] = {
	{ "dport 80", "reset", ECONNRESET, ECONNRESET },
	{ "dport 80 to both", "reset", ECONNRESET, ECONNRESET },
	{ "dport 80 to local", "reset", ECONNRESET, 0 },
	{ "dport 80 to peer", "unknown", 0, ECONNRESET },
	{ "dport 80 to local ack", "reset", ECONNRESET, 0 },
	{ "dport 80 to local badack", "reset", ECONNRESET, 0 },
	{ "dport 80 to local seq +0", "reset", ECONNRESET, 0 },
	{ "dport 80 to local seq in-window", "challenged", 0, 0 },
	{ "dport 80 to local seq out-of-window", "ignored", 0, 0 },
	{ "dport 80 to local seq -1", "ignored", 0, 0 },
	{ "dport 80 to local badsum", "ignored", 0, 0 },
	{ "dport 80 to peer seq in-window", "unknown", 0, 0 },
	{ "dport 80 to peer seq out-of-window ttl 3", "unknown", 0, 0 },
};

TEST_F_TIMEOUT(pair, rows, 120)
{
	struct counters counters;
	const struct row *row;
	char said[512];

	for (row = rows; row < rows + ARRAY_SIZE(rows); row++) {
		pair_establish();
		ASSERT_EQ(0, tool_run(&self->client, said, sizeof(said),
				      "inject %s", row->words));
		said[strcspn(said, "\n")] = '\0';
		EXPECT_STREQ(row->says, strrchr(said, ' ') + 1) {
			TH_LOG("%s: %s", row->words, said);
		}
		EXPECT_EQ(row->client, told(self->fd, row->client)) {
			TH_LOG("%s", row->words);
		}
		EXPECT_EQ(row->server, told(self->peer, row->server)) {
			TH_LOG("%s", row->words);
		}

		close(self->peer);
		close(self->fd);
		self->fd = tcp_socket(&self->client, variant->family);
	}

	/* Two RSTs in the first rows, one in the others. */
	ASSERT_EQ(0, host_counters(&self->client, &counters));
	EXPECT_EQ(ARRAY_SIZE(rows) + 2, HOST_COUNT(&counters, SENT));
	EXPECT_EQ(0, HOST_COUNT(&counters, UNSENT));
}

/* Where the peer is a socket of the same host, what it does is known. */
static const struct row loop_rows[] = {
	{ "dport 80", "reset", ECONNRESET, ECONNRESET },
	{ "dport 80 to local", "reset", ECONNRESET, 0 },
	{ "dport 80 to peer", "reset", 0, ECONNRESET },
	{ "dport 80 to peer seq in-window", "challenged", 0, 0 },
	{ "dport 80 to peer seq out-of-window", "ignored", 0, 0 },
	{ "dport 80 to peer badsum", "ignored", 0, 0 },
	{ "dport 80 seq in-window", "challenged", 0, 0 },
};

static int outcome_of(const char *says)
{
	return !strcmp(says, "reset") ? RSTFAULT_OUTCOME_RESET :
	       !strcmp(says, "challenged") ? RSTFAULT_OUTCOME_CHALLENGED :
					     RSTFAULT_OUTCOME_IGNORED;
}

TEST_F(pair, loopback)
{
	int listener = tcp_listen(&self->client, variant->family,
				  TCP_PORT_OPEN);
	const struct row *row;
	struct mnl_socket *nl;
	struct event event;
	char said[512];
	int i, ends;

	ASSERT_LE(0, listener);
	ASSERT_EQ(0, events_open(&nl, &self->client));
	for (row = loop_rows; row < loop_rows + ARRAY_SIZE(loop_rows); row++) {
		ASSERT_EQ(0, tcp_connect(self->fd, variant->family, CLIENT,
					 TCP_PORT_OPEN));
		self->peer = accept(listener, NULL, NULL);
		ASSERT_LE(0, self->peer);
		ASSERT_EQ(0, tool_run(&self->client, said, sizeof(said),
				      "inject %s", row->words));
		said[strcspn(said, "\n")] = '\0';
		EXPECT_STREQ(row->says, strrchr(said, ' ') + 1) {
			TH_LOG("%s: %s", row->words, said);
		}
		EXPECT_EQ(!strstr(row->words, "to peer"),
			  !!strstr(said, " local ")) {
			TH_LOG("%s: %s", row->words, said);
		}
		EXPECT_EQ(row->client, told(self->fd, row->client)) {
			TH_LOG("%s", row->words);
		}
		EXPECT_EQ(row->server, told(self->peer, row->server)) {
			TH_LOG("%s", row->words);
		}

		ends = strstr(row->words, " to ") ? 1 : 2;
		for (i = 0; i < ends; i++) {
			ASSERT_EQ(0, events_read(nl, &event, PATIENCE_MS));
			EXPECT_EQ(RSTFAULT_EVENT_TYPE_SENT, event.type);
			EXPECT_EQ(0, event.rule_id);
			EXPECT_EQ(outcome_of(row->says), event.outcome) {
				TH_LOG("%s", row->words);
			}
			EXPECT_EQ(RSTFAULT_STATE_ESTABLISHED, event.state);
		}
		EXPECT_EQ(-EAGAIN, events_read(nl, &event, 0));

		close(self->peer);
		close(self->fd);
		self->fd = tcp_socket(&self->client, variant->family);
	}
	mnl_socket_close(nl);
	close(listener);
}

/* What a filter of the host drops, the stack has not taken. */
TEST_F(pair, unsent)
{
	static const struct {
		const char *words;
		unsigned int hook;
	} filtered[] = {
		{ "dport 80 to peer", NF_INET_LOCAL_OUT },
		{ "dport 80 to local", NF_INET_PRE_ROUTING },
	};
	struct counters counters;
	char said[512];
	int i;

	if (!nft_known(&self->client))
		SKIP(return, "needs nftables");

	pair_establish();
	for (i = 0; i < ARRAY_SIZE(filtered); i++) {
		ASSERT_EQ(0, nft_add_table(&self->client));
		ASSERT_EQ(0, nft_add_chain(&self->client, &(struct nft_chain){
			.name = "c",
			.hook = filtered[i].hook,
			.drop = true,
		}));
		ASSERT_EQ(0, tool_run(&self->client, said, sizeof(said),
				      "inject %s", filtered[i].words));
		said[strcspn(said, "\n")] = '\0';
		EXPECT_STREQ("unsent", strrchr(said, ' ') + 1) {
			TH_LOG("%s: %s", filtered[i].words, said);
		}
		ASSERT_EQ(0, nft_del_table(&self->client));
		ASSERT_EQ(0, host_counters(&self->client, &counters));
		EXPECT_EQ(0, HOST_COUNT(&counters, SENT));
		EXPECT_EQ(i + 1, HOST_COUNT(&counters, UNSENT));
	}
	EXPECT_EQ(0, told(self->fd, false));
	EXPECT_EQ(0, told(self->peer, false));
}

/* A process that waits in connect() is refused. */
TEST_F(pair, syn_sent)
{
	char said[512];

	ASSERT_EQ(0, tool(&self->server, "add in syn drop"));
	ASSERT_EQ(0, fcntl(self->fd, F_SETFL, O_NONBLOCK));
	ASSERT_EQ(-EINPROGRESS, tcp_connect(self->fd, variant->family, SERVER,
					    TCP_PORT_OPEN));
	EXPECT_EQ(2, tool_run(&self->client, said, sizeof(said),
			      "inject dport 80"));
	EXPECT_EQ(0, tool_run(&self->client, said, sizeof(said),
			      "inject dport 80 state syn-sent to local"));
	EXPECT_EQ(ECONNREFUSED, told(self->fd, true));
}

/* What a listener waits for is left, and those behind it are not. */
TEST_F(pair, half_open)
{
	char said[512];
	int fd;

	pair_establish();
	ASSERT_EQ(0, tool(&self->client, "add in synack drop"));
	fd = tcp_socket(&self->client, variant->family);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, fcntl(fd, F_SETFL, O_NONBLOCK));
	ASSERT_EQ(-EINPROGRESS, tcp_connect(fd, variant->family, SERVER,
					    TCP_PORT_OPEN));
	ASSERT_EQ(0, tool_run(&self->server, said, sizeof(said),
			      "inject sport 80 state established,syn-recv to local"));
	EXPECT_NE(NULL, strstr(said, " has no connection\n")) {
		TH_LOG("%s", said);
	}
	EXPECT_NE(NULL, strstr(said, " local reset\n")) {
		TH_LOG("%s", said);
	}
	EXPECT_EQ(ECONNRESET, told(self->peer, true));
	close(fd);
}

/* Ask for the connection from that port of the client to the server's port. */
static int inject_raw(struct family *family, int af, int sport, int dport,
		      struct refusal *refusal)
{
	struct nlmsghdr *nlh = family_request(family, RSTFAULT_CMD_INJECT, 0);
	struct nlattr *nest = mnl_attr_nest_start(nlh, RSTFAULT_A_TUPLE);
	bool ipv6 = af == AF_INET6;
	uint8_t addr[16];

	mnl_attr_put_u16(nlh, RSTFAULT_A_TUPLE_FAMILY, af);
	inet_pton(af, host_addr(af, CLIENT), addr);
	mnl_attr_put(nlh, ipv6 ? RSTFAULT_A_TUPLE_SADDR6 :
				 RSTFAULT_A_TUPLE_SADDR4, ipv6 ? 16 : 4, addr);
	inet_pton(af, host_addr(af, SERVER), addr);
	mnl_attr_put(nlh, ipv6 ? RSTFAULT_A_TUPLE_DADDR6 :
				 RSTFAULT_A_TUPLE_DADDR4, ipv6 ? 16 : 4, addr);
	mnl_attr_put_u16(nlh, RSTFAULT_A_TUPLE_SPORT, sport);
	mnl_attr_put_u16(nlh, RSTFAULT_A_TUPLE_DPORT, dport);
	mnl_attr_nest_end(nlh, nest);
	return family_send(family, nlh, NULL, NULL, refusal);
}

/* What only waits for old segments to die is left alone, and so is nobody. */
TEST_F(pair, time_wait)
{
	struct counters counters;
	struct refusal refusal;
	struct family family;
	char said[512];

	pair_establish();
	ASSERT_EQ(0, shutdown(self->fd, SHUT_WR));
	ASSERT_TRUE(tcp_readable(self->peer, PATIENCE_MS));
	ASSERT_EQ(0, shutdown(self->peer, SHUT_WR));
	ASSERT_TRUE(tcp_readable(self->fd, PATIENCE_MS));
	ASSERT_EQ(TCP_TIME_WAIT, pair_client_state());

	EXPECT_EQ(1, tool_run(&self->client, said, sizeof(said),
			      "inject dport 80 state time-wait"));
	ASSERT_EQ(0, family_open(&family, &self->client));
	EXPECT_EQ(-ENOTCONN, inject_raw(&family, variant->family, self->port,
					TCP_PORT_OPEN, &refusal));
	EXPECT_STREQ("this socket has no connection to reset", refusal.text);
	EXPECT_EQ(RSTFAULT_A_TUPLE, refusal.attr);
	EXPECT_EQ(-ENOENT, inject_raw(&family, variant->family, self->port,
				      TCP_PORT_CLOSED, &refusal));
	EXPECT_STREQ("there is no such connection", refusal.text);
	EXPECT_EQ(RSTFAULT_A_TUPLE, refusal.attr);
	family_close(&family);

	EXPECT_EQ(TCP_TIME_WAIT, pair_client_state());
	ASSERT_EQ(0, host_counters(&self->client, &counters));
	EXPECT_EQ(0, HOST_COUNT(&counters, SENT));
	EXPECT_EQ(0, HOST_COUNT(&counters, UNSENT));
}

/* A socket that a process has is reset as soon as that lets go of it. */
TEST_F(pair, busy)
{
	struct busy busy;
	int err, status;
	char said[512];
	pid_t pid;

	pair_establish();
	err = busy_begin(&busy, self->fd);
	if (err == -EOPNOTSUPP)
		SKIP(return, "needs userfaultfd");
	ASSERT_EQ(0, err);
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid)
		_exit(tool_run(&self->client, said, sizeof(said),
			       "inject dport 80 to local") ||
		      !strstr(said, " local reset\n"));

	EXPECT_EQ(0, told(self->fd, false));
	EXPECT_EQ(0, waitpid(pid, &status, WNOHANG));
	busy_end(&busy);
	EXPECT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_EQ(ECONNRESET, told(self->fd, true));
}

/* The connection of a socket may end while others wait for its process. */
TEST_F(pair, ended_meanwhile)
{
	struct refusal refusal;
	struct family family;
	struct busy busy;
	char said[512];
	int err, status;
	pid_t pid;

	pair_establish();
	err = busy_begin(&busy, self->fd);
	if (err == -EOPNOTSUPP)
		SKIP(return, "needs userfaultfd");
	ASSERT_EQ(0, err);
	ASSERT_EQ(0, tool_run(&self->server, said, sizeof(said),
			      "inject sport 80 to peer"));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		if (family_open(&family, &self->client))
			_exit(1);
		err = inject_raw(&family, variant->family, self->port,
				 TCP_PORT_OPEN, &refusal);
		_exit(err != -ENOTCONN ||
		      strcmp(refusal.text,
			     "this socket has no connection to reset"));
	}

	EXPECT_EQ(0, told(self->peer, false));
	EXPECT_EQ(0, waitpid(pid, &status, WNOHANG));
	busy_end(&busy);
	EXPECT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_EQ(ECONNRESET, told(self->fd, true));
	/* The byte that the process was sending, and no RST behind it. */
	EXPECT_EQ(-1, told(self->peer, true));
	EXPECT_EQ(0, told(self->peer, false));
}

/* A socket forgets its route where an option that may change it is set. */
TEST_F(pair, options_set)
{
	bool ipv6 = variant->family == AF_INET6;
	const struct {
		int level;
		int name;
	} options[] = {
		{ ipv6 ? IPPROTO_IPV6 : IPPROTO_IP,
		  ipv6 ? IPV6_TCLASS : IP_TOS },
		{ SOL_SOCKET, SO_MARK },
	};
	int value = 0x10, i;
	char said[512];

	for (i = 0; i < ARRAY_SIZE(options); i++) {
		pair_establish();
		ASSERT_EQ(0, setsockopt(self->fd, options[i].level,
					options[i].name, &value,
					sizeof(value)));
		EXPECT_EQ(0, tool_run(&self->client, said, sizeof(said),
				      "inject dport 80")) {
			TH_LOG("option %d: %s", options[i].name, said);
		}
		EXPECT_EQ(ECONNRESET, told(self->fd, true));
		EXPECT_EQ(ECONNRESET, told(self->peer, true));
		close(self->peer);
		close(self->fd);
		self->fd = tcp_socket(&self->client, variant->family);
	}
}

/* Routes, and rules of others, may go by the mark of the socket. */
TEST_F(pair, marked)
{
	char said[512];
	int mark = 6;

	ASSERT_EQ(0, setsockopt(self->fd, SOL_SOCKET, SO_MARK, &mark,
				sizeof(mark)));
	pair_establish();
	ASSERT_EQ(0, tool(&self->client, "add name marked out rst mark 6 pass"));
	EXPECT_EQ(0, tool_run(&self->client, said, sizeof(said),
			      "inject dport 80 to peer"));
	EXPECT_EQ(ECONNRESET, told(self->peer, true));
	EXPECT_EQ(1, rule_fired(&self->client, "marked"));
}

/* A socket that has lost its route does not know how its RST would leave. */
TEST_F(pair, no_route)
{
	char said[512];
	int i;

	pair_establish();
	ASSERT_EQ(0, link_down(&self->client, "eth0"));
	/* Once with the old route, once without any, which data shows. */
	for (i = 0; i < 2; i++) {
		EXPECT_EQ(2, tool_run(&self->client, said, sizeof(said),
				      "inject dport 80"));
		EXPECT_NE(NULL, strstr(said, " has no route\n")) {
			TH_LOG("%s", said);
		}
		/* Nothing was sent: the application is told of nothing. */
		if (!i)
			EXPECT_EQ(0, tcp_error(self->fd));
		ASSERT_EQ(1, send(self->fd, "x", 1, 0));
	}
	EXPECT_EQ(0, told(self->fd, false));
}

/* The others are reset all the same. */
TEST_F(pair, one_without_route)
{
	int listener, fd;
	char said[512];

	pair_establish();
	ASSERT_EQ(0, host_add_addr(&self->client, "lo",
				   host_addr(variant->family, 3),
				   variant->family == AF_INET ? 32 : 128));
	listener = tcp_listen(&self->client, variant->family, TCP_PORT_OPEN);
	ASSERT_LE(0, listener);
	fd = tcp_socket(&self->client, variant->family);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, tcp_connect(fd, variant->family, 3, TCP_PORT_OPEN));
	ASSERT_EQ(0, link_down(&self->client, "eth0"));
	EXPECT_EQ(2, tool_run(&self->client, said, sizeof(said),
			      "inject dport 80"));
	EXPECT_NE(NULL, strstr(said, " has no route\n")) {
		TH_LOG("%s", said);
	}
	EXPECT_NE(NULL, strstr(said, " local reset\n")) {
		TH_LOG("%s", said);
	}
	EXPECT_NE(NULL, strstr(said, "1 of 2 connections have no route\n")) {
		TH_LOG("%s", said);
	}
	EXPECT_EQ(ECONNRESET, told(fd, true));
	EXPECT_EQ(0, told(self->fd, false));
	close(fd);
	close(listener);
}

/* Data that the application has not read yet is not lost with the connection. */
TEST_F(pair, unread_data)
{
	char said[512], bytes[8];

	pair_establish();
	ASSERT_EQ(3, send(self->peer, "abc", 3, 0));
	ASSERT_TRUE(tcp_readable(self->fd, PATIENCE_MS));
	ASSERT_EQ(0, tool_run(&self->client, said, sizeof(said),
			      "inject dport 80"));
	EXPECT_EQ(3, recv(self->fd, bytes, sizeof(bytes), 0));
	EXPECT_EQ(ECONNRESET, told(self->fd, true));
}

TEST_HARNESS_MAIN
