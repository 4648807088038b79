// SPDX-License-Identifier: GPL-2.0
/*
 * Connections between two hosts that carry data for as long as a test wants,
 * half of them over IPv6. Each byte is compared with what was sent.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host.h"
#include "streams.h"
#include "tcp.h"

/* So much at once, and then a break: others want the processor, too. */
#define PIECE 1000
#define BREAK_US 5000

/* How long a connection may stand still. */
#define STALLED_MS 60000

/* No number that divides the size of a buffer. */
static uint8_t byte_at(uint64_t position)
{
	return position % 251;
}

static bool send_piece(int fd, uint64_t *sent)
{
	uint8_t buf[PIECE];
	ssize_t len;
	int i;

	for (i = 0; i < PIECE; i++)
		buf[i] = byte_at(*sent + i);
	len = send(fd, buf, sizeof(buf), MSG_NOSIGNAL);
	if (len > 0)
		*sent += len;
	return len > 0;
}

static bool read_until(int fd, uint64_t end, uint64_t *carried)
{
	uint8_t buf[PIECE];
	ssize_t len, i;

	while (*carried < end) {
		if (!tcp_readable(fd, STALLED_MS))
			return false;
		len = recv(fd, buf, sizeof(buf), 0);
		if (len <= 0)
			return false;
		for (i = 0; i < len; i++)
			if (buf[i] != byte_at(*carried + i))
				return false;
		__atomic_add_fetch(carried, len, __ATOMIC_RELAXED);
	}
	return true;
}

static void carry(int client, int server, uint64_t *carried)
{
	uint64_t sent = 0;

	while (send_piece(client, &sent) && read_until(server, sent, carried))
		usleep(BREAK_US);
}

/* A connection. Returns 0 or a negative errno. */
static int connect_both(const struct host *client, const struct host *server,
			int family, int *fd, int *peer)
{
	int listener = tcp_listen(server, family, TCP_PORT_OPEN), err;

	if (listener < 0)
		return listener;
	*fd = tcp_socket(client, family);
	err = *fd < 0 ? *fd : tcp_connect(*fd, family, 2, TCP_PORT_OPEN);
	if (!err) {
		*peer = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		err = *peer < 0 ? -errno : 0;
	}
	if (err && *fd >= 0)
		close(*fd);
	close(listener);

	return err;
}

static pid_t start(const struct host *client, const struct host *server,
		   int family, uint64_t *carried)
{
	int fd, peer, err;
	pid_t pid;

	err = connect_both(client, server, family, &fd, &peer);
	if (err)
		return err;
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		carry(fd, peer, carried);
		_exit(1);
	}
	close(fd);
	close(peer);

	return pid < 0 ? -errno : pid;
}

/**
 * streams_start() - begin to carry data from a host to another
 * @streams: to be ended by streams_end(), also if this fails
 * @client: host with the first address of host_join()
 * @server: host with the second
 */
int streams_start(struct streams *streams, const struct host *client,
		  const struct host *server)
{
	int i;

	memset(streams, 0, sizeof(*streams));
	streams->carried = mmap(NULL, STREAMS * sizeof(uint64_t),
				PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (streams->carried == MAP_FAILED)
		return -errno;
	for (i = 0; i < STREAMS; i++) {
		streams->pids[i] = start(client, server,
					 i % 2 ? AF_INET6 : AF_INET,
					 &streams->carried[i]);
		if (streams->pids[i] < 0)
			return streams->pids[i];
	}

	return 0;
}

static uint64_t carried_by(const struct streams *streams, int i)
{
	return __atomic_load_n(&streams->carried[i], __ATOMIC_RELAXED);
}

/**
 * streams_go_on() - wait until each of them has carried some more
 * @streams: connections of streams_start()
 * @timeout_ms: how long
 */
int streams_go_on(const struct streams *streams, int timeout_ms)
{
	int64_t end = tcp_now_ms() + timeout_ms;
	uint64_t before[STREAMS];
	int i;

	for (i = 0; i < STREAMS; i++)
		before[i] = carried_by(streams, i);
	for (i = 0; i < STREAMS; i++) {
		/* What was sent before came by itself; the rest is new. */
		while (carried_by(streams, i) <= before[i] + PIECE) {
			if (tcp_now_ms() > end)
				return -ETIMEDOUT;
			usleep(BREAK_US);
		}
	}

	return 0;
}

/**
 * streams_end() - end the connections, with data on their way
 * @streams: connections of streams_start()
 *
 * Return: 0; -EPIPE: one of them had ended, or what came was not what was sent.
 */
int streams_end(struct streams *streams)
{
	int i, status, err = 0;

	for (i = 0; i < STREAMS; i++) {
		if (streams->pids[i] <= 0)
			continue;
		kill(streams->pids[i], SIGKILL);
		if (waitpid(streams->pids[i], &status, 0) < 0 ||
		    !WIFSIGNALED(status))
			err = -EPIPE;
	}
	munmap(streams->carried, STREAMS * sizeof(uint64_t));

	return err;
}
