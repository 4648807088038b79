/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CALLER_H
#define _CALLER_H

#include <pthread.h>
#include <sys/socket.h>

#include "uring.h"

/**
 * enum caller_way - how an application waits
 * @CALLER_BLOCKED: a thread sits in the call
 * @CALLER_POLL: in poll(); then it makes the call, which does not block
 * @CALLER_EPOLL: in epoll_wait(); then it makes the call
 * @CALLER_URING: the call is with io_uring
 * @CALLER_WAYS: how many there are
 */
enum caller_way {
	CALLER_BLOCKED,
	CALLER_POLL,
	CALLER_EPOLL,
	CALLER_URING,
	CALLER_WAYS
};

/* Calls that can wait. */
enum caller_call {
	CALLER_READ,
	CALLER_WRITE,
	CALLER_CONNECT,
	CALLER_ACCEPT,
	CALLER_CALLS
};

/**
 * struct caller - an application that waits for a socket
 * @way: how
 * @call: for what
 * @fd: the socket; it blocks, which is how sockets are made
 * @addr: for connect()
 * @len: of @addr
 * @result: what the call has returned: its value or a negative errno
 * @bits: OUTCOME_* that woke it; 0 where nothing tells them
 * @sigpipe: whether it got SIGPIPE
 * @thread: where @way is CALLER_BLOCKED
 * @tid: of that
 * @done: an event, when the call has returned
 * @ring: where @way is CALLER_URING
 */
struct caller {
	enum caller_way way;
	enum caller_call call;
	int fd;
	struct sockaddr_storage addr;
	socklen_t len;
	int result;
	int bits;
	bool sigpipe;
	pthread_t thread;
	int tid;
	int done;
	struct uring ring;
};

/* A test of the fixture pair: what @function sees if the call is made that way. */
#define TEST_CALLER(name, function, way)				\
TEST_F(pair, name)							\
{									\
	function(_metadata, self, variant, way);			\
}

extern const char * const caller_ways[CALLER_WAYS];
extern const char * const caller_calls[CALLER_CALLS];

const char *caller_missing(enum caller_way way);
int caller_start(struct caller *caller, enum caller_way way,
		 enum caller_call call, int fd);
int caller_wait(struct caller *caller, int timeout_ms);
int caller_fill(int fd);

#endif /* _CALLER_H */
