// SPDX-License-Identifier: GPL-2.0
/*
 * What rules ask of the local socket of a segment: owner, control group, state,
 * and whether a RST comes from the socket itself.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "lib/cgroup.h"
#include "lib/expect.h"
#include "lib/tcp.h"
#include "lib/wired.h"

/* Owners of the sockets of the host: those that connect, and the listener. */
#define CLIENT_UID 1001
#define SERVER_UID 1002

/* Number of the host's address, and of that at the other end of wire0. */
#define HOST 1
#define NEAR 2

/* A host, and a socket that listens on TCP_PORT_OPEN. */
struct scene {
	FIXTURE_DATA(wired) *wired;
	int family;
	int listener;
};

static int open_listener(const struct host *host, int family, uint16_t port)
{
	int fd = tcp_listen(host, family, port);

	return fd >= 0 && fchown(fd, SERVER_UID, -1) ? -errno : fd;
}

/* A client's socket that is connected to the listener, by loopback. */
static int open_client(struct scene *scene, uint16_t port)
{
	int fd = tcp_socket(&scene->wired->host, scene->family), err;

	if (fd < 0 || fchown(fd, CLIENT_UID, -1))
		return -errno;
	err = tcp_connect(fd, scene->family, HOST, port);
	return err ?: fd;
}

/* Close a socket so that it sends a RST. */
static int reset(int fd)
{
	const struct linger linger = { .l_onoff = 1 };

	if (setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)))
		return -errno;
	return close(fd) ? -errno : 0;
}

/* Let a segment arrive by wire0. */
static int arrive(struct scene *scene, const char *saddr, uint16_t sport,
		  const char *daddr, uint16_t dport, uint8_t flags)
{
	struct packet packet = {
		.family = scene->family,
		.saddr = saddr,
		.daddr = daddr,
		.sport = sport,
		.dport = dport,
		.flags = flags,
		.ack = 0xdeadbeef,
	};

	packet_build(&packet);
	return wire_send(scene->wired->near, &packet);
}

/* The client of a connection aborts it. */
static int abort_client(struct scene *scene)
{
	int fd = open_client(scene, TCP_PORT_OPEN);

	return fd < 0 ? fd : reset(fd);
}

/* Nobody will accept the connection any more that waits for it. */
static int close_listener(struct scene *scene)
{
	int server = open_listener(&scene->wired->host, scene->family, 82);
	int fd = open_client(scene, 82);

	/* The ACK that makes it one to wait may come after connect() returns. */
	if (server < 0 || fd < 0 || !tcp_readable(server, COMES_MS))
		return -EIO;
	close(server);
	close(fd);
	return 0;
}

/* An ACK for the listener, which has said nothing yet. */
static int ack_listener(struct scene *scene)
{
	return arrive(scene, NEAR_ADDR(scene->family), 1000,
		      HOST_ADDR(scene->family), TCP_PORT_OPEN, TH_ACK);
}

/* A SYN where nobody listens. */
static int ask_nobody(struct scene *scene)
{
	return arrive(scene, NEAR_ADDR(scene->family), 1000,
		      HOST_ADDR(scene->family), TCP_PORT_CLOSED, TH_SYN);
}

/* For a client that connects, an acknowledgment of what it has not sent. */
static int wrong_ack(struct scene *scene)
{
	int fd = tcp_socket(&scene->wired->host, scene->family), err;

	if (fd < 0 || fchown(fd, CLIENT_UID, -1) ||
	    fcntl(fd, F_SETFL, O_NONBLOCK))
		return -errno;
	err = tcp_connect(fd, scene->family, NEAR, 2000);
	if (err == -EINPROGRESS)
		err = arrive(scene, NEAR_ADDR(scene->family), 2000,
			     HOST_ADDR(scene->family), tcp_port(fd),
			     TH_SYN | TH_ACK);
	close(fd);
	return err;
}

/* Passing through, with the ports of the listener at both ends. */
static int forward_rst(struct scene *scene)
{
	return arrive(scene, NEAR_ADDR(scene->family), TCP_PORT_OPEN,
		      FAR_ADDR(scene->family), TCP_PORT_OPEN, TH_RST);
}

/* Made by hand, on the host itself. */
static int raw_rst(struct scene *scene)
{
	struct packet rst = {
		.family = scene->family,
		.saddr = HOST_ADDR(scene->family),
		.daddr = NEAR_ADDR(scene->family),
		.sport = 3000,
		.dport = 2000,
		.flags = TH_RST,
	};
	struct sockaddr_storage to;
	socklen_t len = host_sockaddr(&to, scene->family, NEAR, 0);
	int fd, err = 0;

	packet_build(&rst);
	if (host_enter(&scene->wired->host))
		return -EIO;
	fd = socket(scene->family, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	if (host_leave() || fd < 0)
		return -EIO;
	if (sendto(fd, rst.bytes, rst.len, 0, (void *)&to, len) < 0)
		err = -errno;
	close(fd);
	return err;
}

/* A connection ends in good order, by the client first; then one more comes. */
static int close_both(struct scene *scene)
{
	int fd = open_client(scene, TCP_PORT_OPEN), port, peer;

	peer = accept(scene->listener, NULL, NULL);
	if (fd < 0 || peer < 0)
		return -EIO;
	port = tcp_port(fd);
	close(fd);
	/* The FIN is not acknowledged at once. */
	usleep(200000);
	close(peer);
	/* Not from the loopback interface, but at in nobody minds yet. */
	return arrive(scene, HOST_ADDR(scene->family), TCP_PORT_OPEN,
		      HOST_ADDR(scene->family), port, TH_PSH);
}

/* Something that happens, a rule for segments of it, and how often it fires. */
struct row {
	int (*event)(struct scene *scene);
	const char *rule;
	const char *asks;
	int fires;
};

static const struct row rows[] = {
	/* RSTs that leave */
	{ abort_client, "out rst", "active", 1 },
	{ abort_client, "output rst", "active", 1 },
	{ abort_client, "out rst", "passive", 0 },
	{ abort_client, "output rst", "passive", 0 },
	{ abort_client, "out rst", "active passive", 1 },
	{ abort_client, "out rst", "uid 1001", 1 },
	{ abort_client, "output rst", "uid 1001", 1 },
	{ abort_client, "out rst", "uid 1002", 0 },
	{ abort_client, "out rst", "uid 0", 0 },
	{ abort_client, "out rst", "state closed", 1 },
	{ abort_client, "out rst", "state established,listening", 0 },
	{ abort_client, "out rst", "active uid 1001 state closed", 1 },
	{ abort_client, "out rst", "active uid 1002 state closed", 0 },
	{ close_listener, "out rst sport 82", "active", 1 },
	{ close_listener, "out rst sport 82", "passive", 0 },
	{ close_listener, "out rst sport 82", "uid 1002 state closed", 1 },

	{ ack_listener, "out rst", "passive", 1 },
	{ ack_listener, "output rst", "passive", 1 },
	{ ack_listener, "out rst", "active", 0 },
	{ ack_listener, "output rst", "active", 0 },
	{ ack_listener, "out rst", "active passive", 1 },
	{ ack_listener, "out rst", "passive uid 1002 state listening", 1 },
	{ ack_listener, "output rst", "passive uid 1002 state listening", 1 },
	{ ack_listener, "out rst", "uid 0", 0 },
	{ ack_listener, "out rst", "state established,closed", 0 },

	{ ask_nobody, "out rst", "passive", 1 },
	{ ask_nobody, "output rst", "passive", 1 },
	{ ask_nobody, "out rst", "active", 0 },
	{ ask_nobody, "out rst", "uid 0", 0 },
	{ ask_nobody, "out rst", "uid 1002", 0 },
	{ ask_nobody, "out rst", "state closed,listening", 0 },

	{ wrong_ack, "out rst", "passive uid 1001 state syn-sent", 1 },
	{ wrong_ack, "output rst", "passive uid 1001 state syn-sent", 1 },
	{ wrong_ack, "out rst", "active", 0 },
	{ wrong_ack, "out rst", "uid 1002", 0 },

	{ forward_rst, "out rst", "passive", 0 },
	{ forward_rst, "out rst", "active", 0 },
	{ forward_rst, "out rst", "active passive", 0 },
	{ forward_rst, "out rst", "uid 1002", 0 },
	{ forward_rst, "out rst", "state listening", 0 },
	{ forward_rst, "out rst", "", 1 },
	{ forward_rst, "in rst", "uid 1002", 0 },
	{ forward_rst, "in rst", "state listening", 0 },
	{ forward_rst, "in rst", "", 1 },

	{ raw_rst, "out rst", "active", 0 },
	{ raw_rst, "output rst", "passive", 0 },
	{ raw_rst, "out rst", "active passive", 0 },
	{ raw_rst, "out rst", "", 1 },

	/* segments that arrive */
	{ ack_listener, "in ack", "uid 1002 state listening", 1 },
	{ ack_listener, "input ack", "uid 1002 state listening", 1 },
	{ ack_listener, "in ack", "uid 1001", 0 },
	{ ask_nobody, "in syn", "uid 0", 0 },
	{ ask_nobody, "in syn", "state listening", 0 },
	{ wrong_ack, "in synack", "uid 1001 state syn-sent", 1 },
	{ wrong_ack, "input synack", "uid 1001 state syn-sent", 1 },
	{ abort_client, "in rst dport 80", "uid 1002 state established", 1 },
	{ abort_client, "in rst dport 80", "uid 1001", 0 },

	/* both ends of a connection */
	{ abort_client, "out syn", "uid 1001 state syn-sent", 1 },
	{ abort_client, "in syn", "uid 1002 state listening", 1 },
	{ abort_client, "out synack", "uid 1002 state syn-recv", 1 },
	{ abort_client, "output synack", "uid 1002 state syn-recv", 1 },
	{ abort_client, "out synack", "state listening", 0 },
	{ abort_client, "out synack", "uid 1001", 0 },
	{ abort_client, "in synack", "uid 1001 state syn-sent", 1 },
	{ abort_client, "out ack dport 80", "uid 1001 state established", 1 },
	{ abort_client, "in ack dport 80", "uid 1002 state syn-recv", 1 },
	{ abort_client, "in ack dport 80", "uid 1001", 0 },
	{ close_both, "out fin dport 80", "uid 1001 state fin-wait-1", 1 },
	{ close_both, "in fin dport 80", "state established", 1 },
	{ close_both, "out fin sport 80", "state last-ack", 1 },
	{ close_both, "in fin sport 80", "state fin-wait-2", 1 },
	{ close_both, "in fin sport 80", "state time-wait", 0 },
	{ close_both, "in fin sport 80", "uid 1001", 0 },
	{ close_both, "in ack dport 80", "state last-ack", 1 },
	{ close_both, "in flags psh/psh", "state time-wait", 1 },
	{ close_both, "in flags psh/psh", "state fin-wait-2,closed", 0 },
	{ close_both, "in flags psh/psh", "uid 1001", 0 },
};

/* Number of sockets that a host has, of all protocols. */
static int count_sockets(const struct host *host)
{
	int count = -EIO;
	FILE *file;

	if (host_enter(host))
		return -EIO;
	file = fopen("/proc/net/sockstat", "re");
	if (!file || fscanf(file, "sockets: used %d", &count) != 1)
		count = -EIO;
	if (file)
		fclose(file);
	return host_leave() ?: count;
}

/* Some sockets are freed a while after they were closed. */
static bool has_sockets(const struct host *host, int count)
{
	int tries;

	for (tries = 0; tries < 100; tries++) {
		if (count_sockets(host) == count)
			return true;
		usleep(50000);
	}
	return false;
}

TEST_F_TIMEOUT(wired, rows, 300)
{
	struct scene scene = { self, variant->family };
	const struct row *row;
	int sockets;

	scene.listener = open_listener(&self->host, scene.family,
				       TCP_PORT_OPEN);
	ASSERT_LE(0, scene.listener);
	usleep(1000000);
	sockets = count_sockets(&self->host);

	for (row = rows; row < rows + ARRAY_SIZE(rows); row++) {
		ASSERT_EQ(0, tool(&self->host, "add name r %s %s pass",
				  row->rule, row->asks));
		EXPECT_EQ(0, row->event(&scene)) {
			TH_LOG("%s %s", row->rule, row->asks);
		}
		EXPECT_EQ(row->fires, rule_fired(&self->host, "r")) {
			TH_LOG("%s %s", row->rule, row->asks);
		}
		ASSERT_EQ(0, rule_flush(&self->host));
		/* What was aborted may still wait to be accepted. */
		fcntl(scene.listener, F_SETFL, O_NONBLOCK);
		close(accept(scene.listener, NULL, NULL));
		fcntl(scene.listener, F_SETFL, 0);
	}

	/* No rule has kept a socket. */
	EXPECT_LE(0, sockets);
	EXPECT_TRUE(has_sockets(&self->host, sockets));
	close(scene.listener);
}

/* Many rules that ask about one segment get one answer. */
TEST_F(wired, many_ask)
{
	struct scene scene = { self, variant->family };
	int sockets;

	scene.listener = open_listener(&self->host, scene.family,
				       TCP_PORT_OPEN);
	ASSERT_LE(0, scene.listener);
	usleep(1000000);
	sockets = count_sockets(&self->host);
	EXPECT_LT(0, sockets);
	ASSERT_EQ(0, tool(&self->host, "add in any uid 1 drop"));
	ASSERT_EQ(0, tool(&self->host, "add in any state closed drop"));
	ASSERT_EQ(0, tool(&self->host, "add in any uid 1002 state closed drop"));
	ASSERT_EQ(0, tool(&self->host, "add name r in any uid 1002 drop"));
	ASSERT_EQ(0, tool(&self->host, "add name last in any pass"));
	ASSERT_EQ(0, ack_listener(&scene));
	EXPECT_EQ(1, rule_fired(&self->host, "r"));
	EXPECT_EQ(0, rule_fired(&self->host, "last"));
	ASSERT_EQ(0, ask_nobody(&scene));
	EXPECT_EQ(1, rule_fired(&self->host, "r"));
	EXPECT_EQ(1, rule_fired(&self->host, "last"));

	/* And none of them keeps the socket. */
	close(scene.listener);
	EXPECT_TRUE(has_sockets(&self->host, sockets - 1));
}

/* Control groups of a test, below where cgroup2 is mounted for it. */
#define TOP "rstfault-test"

/* Open a socket as a process in a control group would. */
static int client_in(struct scene *scene, const char *dir, const char *group)
{
	int *fd = mmap(NULL, sizeof(*fd), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int got = -EIO;
	pid_t pid;

	if (fd == MAP_FAILED)
		return -errno;
	*fd = -EIO;
	/* fork() but for the file descriptors, which are those of the parent. */
	pid = syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0);
	if (!pid) {
		*fd = cgroup_enter(dir, group) ?:
		      open_client(scene, TCP_PORT_OPEN);
		_exit(0);
	}
	if (pid > 0 && waitpid(pid, NULL, 0) == pid)
		got = *fd;
	munmap(fd, sizeof(*fd));
	return got;
}

static const struct {
	const char *asks;
	bool fires;
} groups[] = {
	{ "cgroup /" TOP, true },
	{ "cgroup " TOP "/a", true },
	{ "cgroup /" TOP "/a/b", true },
	{ "cgroup /" TOP "/a/b uid 1001", true },
	{ "cgroup /" TOP "/a/b uid 1002", false },
	{ "cgroup /" TOP "/a/b/c", false },
	{ "cgroup /" TOP "/b", false },
};

TEST_F(wired, control_groups)
{
	static const char * const dirs[] = {
		TOP, TOP "/a", TOP "/a/b", TOP "/a/b/c", TOP "/b",
	};
	struct scene scene = { self, variant->family };
	char mounted[CGROUP_DIR_MAX];
	int i, fd;

	scene.listener = open_listener(&self->host, scene.family,
				       TCP_PORT_OPEN);
	ASSERT_LE(0, scene.listener);
	ASSERT_EQ(0, cgroup_mount(mounted));
	for (i = 0; i < ARRAY_SIZE(dirs); i++)
		EXPECT_EQ(0, cgroup_make(mounted, dirs[i]));

	for (i = 0; i < ARRAY_SIZE(groups); i++) {
		EXPECT_EQ(0, tool(&self->host, "add name r out rst %s pass",
				  groups[i].asks));
		fd = client_in(&scene, mounted, TOP "/a/b");
		EXPECT_LE(0, fd);
		EXPECT_EQ(0, reset(fd));
		EXPECT_EQ(groups[i].fires, rule_fired(&self->host, "r")) {
			TH_LOG("%s", groups[i].asks);
		}
		EXPECT_EQ(0, rule_flush(&self->host));
	}

	/* A rule does not keep a control group; one of its name is another. */
	EXPECT_EQ(0, tool(&self->host, "add name r out rst cgroup %s pass",
			  TOP "/b"));
	EXPECT_EQ(0, cgroup_remove(mounted, TOP "/b"));
	EXPECT_EQ(0, cgroup_make(mounted, TOP "/b"));
	fd = client_in(&scene, mounted, TOP "/b");
	EXPECT_EQ(0, reset(fd));
	EXPECT_EQ(0, rule_fired(&self->host, "r"));
	EXPECT_EQ(0, rule_flush(&self->host));

	for (i = ARRAY_SIZE(dirs) - 1; i >= 0; i--)
		EXPECT_EQ(0, cgroup_remove(mounted, dirs[i]));
	EXPECT_EQ(0, cgroup_unmount(mounted));
	close(scene.listener);
}

TEST_HARNESS_MAIN
