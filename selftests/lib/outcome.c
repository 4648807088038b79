// SPDX-License-Identifier: GPL-2.0
/*
 * What an application sees at a socket: the calls that it can make, what it is
 * woken by, and the signal that ends it.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "outcome.h"
#include "tcp.h"

#define OUTCOME_BITS OUTCOME_DEAD

const char * const outcome_calls[OUTCOME_CALLS] = {
	[OUTCOME_SO_ERROR] = "SO_ERROR",
	[OUTCOME_READ] = "read",
	[OUTCOME_WRITE] = "write",
	[OUTCOME_ACCEPT] = "accept",
	[OUTCOME_NAME] = "getpeername",
};

/* The signal is for the thread that writes. */
static __thread int pipes;

static void count_pipe(int sig)
{
	__atomic_fetch_add(&pipes, 1, __ATOMIC_RELAXED);
}

/**
 * outcome_pipes() - how often this thread got SIGPIPE
 *
 * From the first call on, it kills nobody.
 */
int outcome_pipes(void)
{
	const struct sigaction act = { .sa_handler = count_pipe };

	sigaction(SIGPIPE, &act, NULL);
	return __atomic_load_n(&pipes, __ATOMIC_RELAXED);
}

/**
 * outcome_poll() - what poll() says of a socket now
 * @fd: the socket
 *
 * Return: OUTCOME_*, or a negative errno.
 */
int outcome_poll(int fd)
{
	struct pollfd pfd = { .fd = fd, .events = OUTCOME_BITS };

	return poll(&pfd, 1, 0) < 0 ? -errno : pfd.revents;
}

/**
 * outcome_epoll() - what epoll says of a socket now
 * @fd: the socket
 *
 * Return: OUTCOME_*, or a negative errno.
 */
int outcome_epoll(int fd)
{
	struct epoll_event event = { .events = OUTCOME_BITS }, got = {};
	int ep = epoll_create1(EPOLL_CLOEXEC), ret = -errno;

	if (ep < 0)
		return ret;
	if (epoll_ctl(ep, EPOLL_CTL_ADD, fd, &event) ||
	    epoll_wait(ep, &got, 1, 0) < 0)
		ret = -errno;
	else
		ret = got.events;
	close(ep);

	return ret;
}

static int do_accept(int fd)
{
	int got = accept4(fd, NULL, NULL, SOCK_CLOEXEC);

	if (got >= 0)
		close(got);
	return got < 0 ? got : 0;
}

static int do_name(int fd)
{
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);

	return getpeername(fd, (void *)&ss, &len);
}

/**
 * outcome_do() - make a call
 * @fd: socket; accept() wants that it does not block
 * @call: which call
 * @sigpipe: gets whether it sends SIGPIPE, which kills nobody; or NULL
 *
 * Return: what it returns, or a negative errno; of SO_ERROR the errno.
 */
int outcome_do(int fd, enum outcome_call call, bool *sigpipe)
{
	int before = outcome_pipes(), ret = -1;
	char byte = 'x';

	if (call == OUTCOME_SO_ERROR)
		return tcp_error(fd);

	switch (call) {
	case OUTCOME_READ:
		ret = recv(fd, &byte, 1, MSG_DONTWAIT);
		break;
	case OUTCOME_WRITE:
		ret = send(fd, &byte, 1, MSG_DONTWAIT);
		break;
	case OUTCOME_ACCEPT:
		ret = do_accept(fd);
		break;
	case OUTCOME_NAME:
		ret = do_name(fd);
		break;
	default:
		errno = EINVAL;
	}
	if (ret < 0)
		ret = -errno;
	if (sigpipe)
		*sigpipe = outcome_pipes() != before;

	return ret;
}

/**
 * outcome_take() - see all that an application can see
 * @fd: socket
 * @first: the call that is made first, and told the error
 * @outcome: gets it, in the order of its members
 */
void outcome_take(int fd, enum outcome_call first, struct outcome *outcome)
{
	memset(outcome, 0, sizeof(*outcome));
	outcome->state = tcp_state(fd);
	outcome->poll = outcome_poll(fd);
	outcome->epoll = outcome_epoll(fd);
	outcome->first = outcome_do(fd, first, &outcome->first_sigpipe);
	outcome->told = outcome_poll(fd);
	outcome->error = outcome_do(fd, OUTCOME_SO_ERROR, NULL);
	outcome->read = outcome_do(fd, OUTCOME_READ, NULL);
	outcome->write = outcome_do(fd, OUTCOME_WRITE, &outcome->sigpipe);
}

struct text {
	char bytes[512];
	size_t len;
};

static void differ(struct text *text, const char *name, const char *got,
		   const char *want)
{
	if (!strcmp(got, want) || text->len >= sizeof(text->bytes))
		return;
	text->len += snprintf(text->bytes + text->len,
			      sizeof(text->bytes) - text->len,
			      "%s%s: %s instead of %s", text->len ? ", " : "",
			      name, got, want);
}

/* Two at once are in use: of what is, and of what should be. */
static char *room(void)
{
	static char texts[2][64];
	static int next;

	return texts[next++ % 2];
}

static const char *say_result(int result)
{
	char *text = room();

	if (result < 0)
		snprintf(text, 64, "%s", strerrorname_np(-result));
	else
		snprintf(text, 64, "%d", result);
	return text;
}

static const char *say_bits(int bits)
{
	static const struct {
		int bit;
		const char *name;
	} names[] = {
		{ OUTCOME_IN, "IN" }, { OUTCOME_OUT, "OUT" },
		{ OUTCOME_ERR, "ERR" }, { OUTCOME_HUP, "HUP" },
		{ OUTCOME_RDHUP, "RDHUP" },
	};
	char *text = room();
	unsigned int i;

	if (bits < 0)
		return say_result(bits);
	text[0] = '\0';
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!(bits & names[i].bit))
			continue;
		strcat(text, text[0] ? "|" : "");
		strcat(text, names[i].name);
		bits &= ~names[i].bit;
	}
	if (bits)
		snprintf(text + strlen(text), 16, "|%#x", bits);
	return text[0] ? text : "nothing";
}

static const char *say_signal(bool sigpipe)
{
	return sigpipe ? "SIGPIPE" : "no signal";
}

/**
 * outcome_differs() - compare what was seen with what had to be
 * @got: what was seen
 * @want: what had to be, all of it
 *
 * Return: NULL: it is that. Else in what they differ, valid until the next call.
 */
const char *outcome_differs(const struct outcome *got,
			    const struct outcome *want)
{
	static struct text text;

	text.len = 0;
#define DIFFER(field, say) \
	differ(&text, #field, say(got->field), say(want->field))
	DIFFER(state, tcp_state_name);
	DIFFER(poll, say_bits);
	DIFFER(epoll, say_bits);
	DIFFER(first, say_result);
	DIFFER(first_sigpipe, say_signal);
	DIFFER(told, say_bits);
	DIFFER(error, say_result);
	DIFFER(read, say_result);
	DIFFER(write, say_result);
	DIFFER(sigpipe, say_signal);
#undef DIFFER

	return text.len ? text.bytes : NULL;
}

/**
 * outcome_killed() - whether a write ends a process that knows nothing of SIGPIPE
 * @fd: socket
 *
 * Return: the signal that killed it, 0: none, or a negative errno.
 */
int outcome_killed(int fd)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		signal(SIGPIPE, SIG_DFL);
		send(fd, "x", 1, 0);
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return -errno;

	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}
