/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What `rstctl play` promises, held against what is seen. Included once by a
 * test, behind lib/pair.h.
 */
#ifndef _PROMISE_H
#define _PROMISE_H

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "pair.h"

/* So long nothing may come where it is promised that nothing comes. */
#define QUIET_MS 1000

/* A state that nobody looked at. */
#define UNSEEN -1

/* A scenario while it is played, and what it said. */
struct playing {
	struct tool_child child;
	char said[8192];
};

/* What a call returned, and what state its socket was in. */
struct seen {
	const char *result;
	int64_t ms;
	int state;
	int diag;
};

/* The line by which it tells that its rules are in force. */
static bool read_line(struct playing *playing)
{
	size_t used = 0;
	char c = '\0';

	while (c != '\n' && read(playing->child.out, &c, 1) == 1)
		if (used + 1 < sizeof(playing->said))
			playing->said[used++] = c;
	playing->said[used] = '\0';
	return c == '\n';
}

/* How it has ended: its exit status, or the signal as a shell tells it. */
static int ended(struct playing *playing)
{
	int status;

	close(playing->child.out);
	if (waitpid(playing->child.pid, &status, 0) < 0)
		return -errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) :
				   128 + WTERMSIG(status);
}

/* By Ctrl-C. */
static int interrupt(struct playing *playing)
{
	kill(playing->child.pid, SIGINT);
	return ended(playing);
}

#define start_playing(playing, where, ...) do {				\
	ASSERT_EQ(0, tool_start(&(playing)->child, where,		\
				"-j play " __VA_ARGS__));		\
	ASSERT_TRUE(read_line(playing)) {				\
		TH_LOG("%s", (playing)->said);				\
	}								\
} while (0)

static const char *result_name(ssize_t result)
{
	return result < 0 ? strerrorname_np(errno) : "ok";
}

/* What recv() returns when there is something to return. */
static struct seen see_read(int fd, int64_t start, int64_t patience_ms)
{
	struct seen seen = { .result = "waits", .diag = UNSEEN };
	char c;

	if (tcp_readable(fd, patience_ms))
		seen.result = result_name(recv(fd, &c, 1, 0));
	seen.ms = tcp_now_ms() - start;
	seen.state = tcp_state(fd);
	return seen;
}

static struct seen see_write(int fd)
{
	int64_t start = tcp_now_ms();
	struct seen seen = { .diag = UNSEEN };

	seen.result = result_name(send(fd, "x", 1, MSG_NOSIGNAL));
	seen.ms = tcp_now_ms() - start;
	seen.state = tcp_state(fd);
	return seen;
}

static struct seen see_connect(int fd, int family)
{
	int64_t start = tcp_now_ms();
	struct seen seen = { .diag = UNSEEN };

	errno = -tcp_connect(fd, family, SERVER, TCP_PORT_OPEN);
	seen.result = result_name(-errno);
	seen.ms = tcp_now_ms() - start;
	seen.state = tcp_state(fd);
	return seen;
}

static struct seen see_accept(int listener)
{
	struct seen seen = { .diag = UNSEEN };

	seen.result = tcp_readable(listener, QUIET_MS) ? "ok" : "waits";
	seen.state = tcp_state(listener);
	return seen;
}

/* A word of the rule language. */
static int state_of(const char *word)
{
	static const struct {
		const char *word;
		int state;
	} states[] = {
		{ "established", TCP_ESTABLISHED }, { "closed", TCP_CLOSE },
		{ "fin-wait-1", TCP_FIN_WAIT1 }, { "listening", TCP_LISTEN },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(states); i++)
		if (!strcmp(states[i].word, word))
			return states[i].state;
	return UNSEEN;
}

/* What was promised of @call is what was seen. */
static void expect_kept(struct __test_metadata *_metadata,
			const struct playing *playing, const char *after,
			const char *end, const char *call,
			const struct seen *seen)
{
	long long from = -1, to = -1;
	char key[128], result[32], state[32];
	int want, fields;
	const char *at;

	snprintf(key, sizeof(key),
		 "{\"after\":\"%s\",\"end\":\"%s\",\"call\":\"%s\",", after,
		 end, call);
	at = strstr(playing->said, key);
	ASSERT_NE(NULL, at) {
		TH_LOG("no promise %s in %s", key, playing->said);
	}
	fields = sscanf(at + strlen(key),
			"\"result\":\"%31[^\"]\",\"state\":\"%31[^\"]\",\"from\":%lld,\"to\":%lld",
			result, state, &from, &to);
	ASSERT_EQ(strcmp(result, "waits") ? 4 : 2, fields);

	EXPECT_STREQ(result, seen->result) {
		TH_LOG("%s %s %s", after, end, call);
	}
	want = state_of(state);
	ASSERT_NE(UNSEEN, want);
	if (seen->state != UNSEEN)
		EXPECT_EQ(want, seen->state) {
			TH_LOG("%s %s %s", after, end, call);
		}
	/* Where sock_diag knows a closed socket, it was not destroyed. */
	if (seen->diag != UNSEEN)
		EXPECT_EQ(want == TCP_CLOSE ? TCP_NO_SOCKET : want, seen->diag) {
			TH_LOG("%s %s %s", after, end, call);
		}
	if (fields != 4)
		return;
	EXPECT_LE(from / 1000000, seen->ms) {
		TH_LOG("%s %s %s: too early", after, end, call);
	}
	EXPECT_GE(to / 1000000, seen->ms) {
		TH_LOG("%s %s %s: too late", after, end, call);
	}
}

#define kept(after, end, call, see) do {				\
	struct seen seen = see;						\
									\
	expect_kept(_metadata, &playing, after, end, call, &seen);	\
} while (0)

/* With what sock_diag says of that end of the connection. */
#define kept_diag(after, end, call, see, diag_state) do {		\
	struct seen seen = see;						\
									\
	seen.diag = diag_state;						\
	expect_kept(_metadata, &playing, after, end, call, &seen);	\
} while (0)

static int64_t rules_now(const struct host *host)
{
	struct family family;
	int64_t rules;

	if (family_open(&family, host))
		return -EIO;
	rules = family_info(&family, RSTFAULT_A_RULES);
	family_close(&family);
	return rules;
}

/* Rules go with their owner, which takes the kernel a moment. */
static int64_t rules_left(const struct host *host)
{
	int i;

	for (i = 0; i < 100 && rules_now(host) > 0; i++)
		usleep(10000);
	return rules_now(host);
}

#endif /* _PROMISE_H */
