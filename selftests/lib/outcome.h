/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _OUTCOME_H
#define _OUTCOME_H

#include <stdbool.h>
#include <stdint.h>

/* What epoll says beside poll() has the same values. */
#define OUTCOME_IN 0x001
#define OUTCOME_OUT 0x004
#define OUTCOME_ERR 0x008
#define OUTCOME_HUP 0x010
#define OUTCOME_RDHUP 0x2000

/* A connection that is at its end, its error not yet told, and then told. */
#define OUTCOME_DEAD (OUTCOME_IN | OUTCOME_OUT | OUTCOME_ERR | OUTCOME_HUP | \
		      OUTCOME_RDHUP)
#define OUTCOME_TOLD (OUTCOME_DEAD & ~OUTCOME_ERR)

/**
 * enum outcome_call - a call that an application makes
 * @OUTCOME_SO_ERROR: getsockopt(SO_ERROR)
 * @OUTCOME_READ: recv() of one byte
 * @OUTCOME_WRITE: send() of one byte
 * @OUTCOME_ACCEPT: accept(); what comes of it is closed
 * @OUTCOME_NAME: getpeername()
 * @OUTCOME_CALLS: how many there are
 */
enum outcome_call {
	OUTCOME_SO_ERROR,
	OUTCOME_READ,
	OUTCOME_WRITE,
	OUTCOME_ACCEPT,
	OUTCOME_NAME,
	OUTCOME_CALLS
};

/**
 * struct outcome - what an application sees at a socket, in this order
 * @state: by TCP_INFO
 * @poll: OUTCOME_* by poll()
 * @epoll: OUTCOME_* by epoll
 * @first: what the call that is made first returns: its value or a negative
 *	errno; SO_ERROR: the errno, positive
 * @first_sigpipe: whether that sends SIGPIPE
 * @told: OUTCOME_* by poll() behind that
 * @error: SO_ERROR then
 * @read: recv() then, 1 byte; its value or a negative errno
 * @write: send() then, 1 byte; its value or a negative errno
 * @sigpipe: whether that sent SIGPIPE
 *
 * No call blocks: where it would, it says -EAGAIN.
 */
struct outcome {
	int state;
	int poll;
	int epoll;
	int first;
	bool first_sigpipe;
	int told;
	int error;
	int read;
	int write;
	bool sigpipe;
};

/* What is seen of a connection that is fine, and has nothing to read. */
#define OUTCOME_ALIVE(first_call)					\
	((struct outcome){						\
		.state = TCP_ESTABLISHED,				\
		.poll = OUTCOME_OUT, .epoll = OUTCOME_OUT,		\
		.first = (first_call) == OUTCOME_READ ? -EAGAIN :	\
			 (first_call) == OUTCOME_WRITE,			\
		.told = OUTCOME_OUT, .read = -EAGAIN, .write = 1,	\
	})

/* What is seen of one that has ended by this error. */
#define OUTCOME_ENDED(err, first_call)					\
	((struct outcome){						\
		.state = TCP_CLOSE,					\
		.poll = OUTCOME_DEAD, .epoll = OUTCOME_DEAD,		\
		.first = (first_call) == OUTCOME_SO_ERROR ? (err) : -(err), \
		.told = OUTCOME_TOLD, .write = -EPIPE, .sigpipe = true,	\
	})

int outcome_pipes(void);
int outcome_poll(int fd);
int outcome_epoll(int fd);
int outcome_do(int fd, enum outcome_call call, bool *sigpipe);
void outcome_take(int fd, enum outcome_call first, struct outcome *outcome);
const char *outcome_differs(const struct outcome *got,
			    const struct outcome *want);
int outcome_killed(int fd);

/* The outcome at a socket is this, if not, say of @what in what it differs. */
#define EXPECT_OUTCOME(want, fd, first, what)				\
do {									\
	struct outcome __got, __want = want;				\
	const char *__differs;						\
									\
	outcome_take(fd, first, &__got);				\
	__differs = outcome_differs(&__got, &__want);			\
	EXPECT_EQ(NULL, __differs) {					\
		TH_LOG("%s: %s", what, __differs);			\
	}								\
} while (0)

extern const char * const outcome_calls[OUTCOME_CALLS];

#endif /* _OUTCOME_H */
