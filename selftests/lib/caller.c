// SPDX-License-Identifier: GPL-2.0
/*
 * Applications that wait for a socket when something happens to it, in all the
 * ways that there are to wait.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "caller.h"
#include "outcome.h"

const char * const caller_ways[CALLER_WAYS] = {
	[CALLER_BLOCKED] = "blocked",
	[CALLER_POLL] = "poll",
	[CALLER_EPOLL] = "epoll",
	[CALLER_URING] = "io_uring",
};

const char * const caller_calls[CALLER_CALLS] = {
	[CALLER_READ] = "read",
	[CALLER_WRITE] = "write",
	[CALLER_CONNECT] = "connect",
	[CALLER_ACCEPT] = "accept",
};

/* How long to wait for a thread to begin its call. */
#define BEGINS_MS 10000

/* Make the call; a socket that it accepts is the result. */
static int make_call(struct caller *caller, int flags)
{
	int before = outcome_pipes(), ret = -1;
	char byte = 'x';

	switch (caller->call) {
	case CALLER_READ:
		ret = recv(caller->fd, &byte, 1, flags);
		break;
	case CALLER_WRITE:
		ret = send(caller->fd, &byte, 1, flags);
		break;
	case CALLER_CONNECT:
		ret = connect(caller->fd, (void *)&caller->addr, caller->len);
		break;
	case CALLER_ACCEPT:
		ret = accept4(caller->fd, NULL, NULL, SOCK_CLOEXEC);
		break;
	default:
		errno = EINVAL;
	}
	if (ret < 0)
		ret = -errno;
	caller->sigpipe = outcome_pipes() != before;

	return ret;
}

/* For calls that have no flag for it. */
static int set_nonblock(int fd, bool on)
{
	int flags = fcntl(fd, F_GETFL);

	return fcntl(fd, F_SETFL, on ? flags | O_NONBLOCK :
				       flags & ~O_NONBLOCK) ? -errno : 0;
}

static int call_nonblock(struct caller *caller)
{
	int ret = set_nonblock(caller->fd, true) ?:
		  make_call(caller, MSG_DONTWAIT);

	return set_nonblock(caller->fd, false) ?: ret;
}

/* Returns OUTCOME_* that have woken it, or a negative errno. */
static int wait_ready(const struct caller *caller)
{
	bool reads = caller->call == CALLER_READ ||
		     caller->call == CALLER_ACCEPT;
	struct pollfd pfd = {
		.fd = caller->fd,
		.events = reads ? POLLIN | POLLRDHUP : POLLOUT,
	};
	struct epoll_event event = { .events = pfd.events };
	int ep, ret;

	if (caller->way == CALLER_POLL)
		return poll(&pfd, 1, -1) < 0 ? -errno : pfd.revents;

	ep = epoll_create1(EPOLL_CLOEXEC);
	if (ep < 0)
		return -errno;
	if (epoll_ctl(ep, EPOLL_CTL_ADD, caller->fd, &event) ||
	    epoll_wait(ep, &event, 1, -1) < 0)
		ret = -errno;
	else
		ret = event.events;
	close(ep);

	return ret;
}

static void *run_thread(void *data)
{
	struct caller *caller = data;

	__atomic_store_n(&caller->tid, gettid(), __ATOMIC_RELEASE);
	if (caller->way == CALLER_BLOCKED) {
		caller->result = make_call(caller, 0);
	} else {
		caller->bits = wait_ready(caller);
		caller->result = caller->bits < 0 ? caller->bits :
						    call_nonblock(caller);
	}
	eventfd_write(caller->done, 1);
	return NULL;
}

/*
 * Does the thread wait for something that may never happen? Who waits for a page
 * or for a file of the host is in another state.
 */
static bool is_inside(const struct caller *caller)
{
	int tid = __atomic_load_n(&caller->tid, __ATOMIC_ACQUIRE);
	char path[64], state = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", tid);
	file = tid ? fopen(path, "re") : NULL;
	if (!file)
		return false;
	if (fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
		state = 0;
	fclose(file);

	return state == 'S';
}

static int start_thread(struct caller *caller)
{
	const struct timespec moment = { .tv_nsec = 1000000 };
	struct pollfd pfd = { .events = POLLIN };
	int i, err;

	caller->done = eventfd(0, EFD_CLOEXEC);
	if (caller->done < 0)
		return -errno;
	err = pthread_create(&caller->thread, NULL, run_thread, caller);
	if (err) {
		close(caller->done);
		return -err;
	}

	pfd.fd = caller->done;
	for (i = 0; i < BEGINS_MS && !is_inside(caller); i++) {
		/* It did not wait at all. */
		if (poll(&pfd, 1, 0) > 0)
			return 0;
		nanosleep(&moment, NULL);
	}
	return i < BEGINS_MS ? 0 : -ETIMEDOUT;
}

static int start_uring(struct caller *caller)
{
	static char byte = 'x';
	struct io_uring_sqe sqe = {
		.fd = caller->fd, .addr = (uintptr_t)&byte, .len = 1,
	};
	int err;

	switch (caller->call) {
	case CALLER_READ:
		sqe.opcode = IORING_OP_RECV;
		break;
	case CALLER_WRITE:
		sqe.opcode = IORING_OP_SEND;
		break;
	case CALLER_CONNECT:
		sqe.opcode = IORING_OP_CONNECT;
		sqe.addr = (uintptr_t)&caller->addr;
		sqe.off = caller->len;
		sqe.len = 0;
		break;
	default:
		sqe.opcode = IORING_OP_ACCEPT;
		sqe.accept_flags = SOCK_CLOEXEC;
		sqe.addr = 0;
		sqe.len = 0;
	}

	err = uring_open(&caller->ring);
	if (err)
		return err;
	err = uring_submit(&caller->ring, &sqe);
	if (err)
		uring_close(&caller->ring);
	return err;
}

/**
 * caller_missing() - why this kernel has no such way to wait
 * @way: the way
 *
 * Return: NULL: it has.
 */
const char *caller_missing(enum caller_way way)
{
	struct uring ring;
	int err;

	if (way != CALLER_URING)
		return NULL;
	err = uring_open(&ring);
	if (!err)
		uring_close(&ring);
	return !err ? NULL :
	       err == -EPERM ? "io_uring is disabled (io_uring_disabled)" :
			       "the kernel has no io_uring";
}

/**
 * caller_start() - let an application wait
 * @caller: filled in; for CALLER_CONNECT, addr and len are there already
 * @way: how
 * @call: for what
 * @fd: at which socket
 *
 * Return: 0: it waits, or its call has returned already; caller_wait() has to
 *	follow. A negative errno: it does not; -EALREADY: as there was nothing to
 *	wait for, see caller->result.
 */
int caller_start(struct caller *caller, enum caller_way way,
		 enum caller_call call, int fd)
{
	caller->way = way;
	caller->call = call;
	caller->fd = fd;
	caller->result = 0;
	caller->bits = 0;
	caller->sigpipe = false;
	caller->tid = 0;

	if (way == CALLER_URING)
		return start_uring(caller);
	if (way != CALLER_BLOCKED) {
		/* What an application does before it waits. */
		caller->result = call_nonblock(caller);
		if (caller->result != -EAGAIN && caller->result != -EINPROGRESS)
			return -EALREADY;
	}
	return start_thread(caller);
}

/**
 * caller_wait() - wait until the call has returned
 * @caller: of caller_start()
 * @timeout_ms: how long
 *
 * Return: 0: caller->result and others are filled in. -ETIMEDOUT: it waits still;
 *	the socket is shut down to end that.
 */
int caller_wait(struct caller *caller, int timeout_ms)
{
	struct pollfd pfd = { .fd = caller->done, .events = POLLIN };
	int err = 0;

	if (caller->way == CALLER_URING) {
		err = uring_result(&caller->ring, timeout_ms, &caller->result);
		uring_close(&caller->ring);
		return err;
	}

	if (poll(&pfd, 1, timeout_ms) <= 0) {
		err = -ETIMEDOUT;
		shutdown(caller->fd, SHUT_RDWR);
	}
	pthread_join(caller->thread, NULL);
	close(caller->done);
	return err;
}

/**
 * caller_fill() - write until a further write has to wait
 * @fd: socket, whose data do not arrive: what is acknowledged makes room
 *
 * Return: 0 or a negative errno.
 */
int caller_fill(int fd)
{
	static const char bytes[16384];

	while (send(fd, bytes, sizeof(bytes), MSG_DONTWAIT | MSG_NOSIGNAL) > 0)
		;
	return errno == EAGAIN ? 0 : -errno;
}
