// SPDX-License-Identifier: GPL-2.0
/*
 * Thousands of connections for minutes, whose data and RSTs are lost, late,
 * repeated and forged; those that break are made anew. At the end nothing is
 * missing from the counters, and nothing is left. RSTFAULT_ALL=1: ten thousand
 * for ten minutes, as "make check-load" does.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "lib/counters.h"
#include "lib/family.h"
#include "lib/host.h"
#include "lib/rules.h"
#include "lib/slow.h"
#include "lib/tcp.h"

/* Number of its address. */
#define SERVER 2

/* No delay is longer, all in all. */
#define LATE_MS 20000

/* Ends of connections that the other end knows nothing of. */
#define LEFT_BEHIND 4

FIXTURE(balance) {
	struct host client;
	struct host server;
	int listeners[2];
	int epoll;
	int *fds;
	unsigned int nr;
	unsigned int seconds;
	unsigned int bytes;	/* in each second, by one connection each */
	unsigned int broken;
};

/* RSTs or copies that a rule has to send each time that it acts: @count. */
struct row {
	const char *name;
	const char *rule;
	unsigned int count;
};

static const struct row client_rules[] = {
	{ "lost", "out data probability 3% seed 1 drop" },
	{ "late", "out data every 7 delay 2s jitter 1s" },
	{ "third", "out data nth 3 per connection delay 3s until next" },
	{ "wrong", "in ack every 31 forge seq out-of-window after 1s count 3 every 1s", 3 },
	{ "halfopen", "in rst every 3 drop" },
	{}
};

static const struct row server_rules[] = {
	{ "reset", "in data every 50 forge to both", 2 },
	{ "refused", "in syn every 40 forge and drop", 1 },
	{ "again", "in rst every 2 duplicate 2 every 1s", 2 },
	{ "laterst", "out rst every 2 delay 5s" },
	{ "twice", "in data every 11 duplicate 1", 1 },
	{}
};

FIXTURE_SETUP(balance)
{
	struct rlimit limit;
	int i;

	self->nr = getenv("RSTFAULT_ALL") ? 10000 : 500;
	self->seconds = getenv("RSTFAULT_ALL") ? 600 : 60;
	self->bytes = getenv("RSTFAULT_ALL") ? 200 : 50;
	limit.rlim_cur = LEFT_BEHIND * self->nr;
	limit.rlim_max = LEFT_BEHIND * self->nr;
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &limit));

	ASSERT_EQ(0, host_init(&self->client));
	ASSERT_EQ(0, host_init(&self->server));
	ASSERT_EQ(0, host_join(&self->client, &self->server));
	self->epoll = epoll_create1(EPOLL_CLOEXEC);
	ASSERT_LE(0, self->epoll);
	for (i = 0; i < 2; i++) {
		struct epoll_event event = { .events = EPOLLIN };

		self->listeners[i] = tcp_listen(&self->server,
						i ? AF_INET6 : AF_INET,
						TCP_PORT_OPEN + i);
		ASSERT_LE(0, self->listeners[i]);
		event.data.fd = self->listeners[i];
		ASSERT_EQ(0, epoll_ctl(self->epoll, EPOLL_CTL_ADD,
				       event.data.fd, &event));
	}
	self->fds = malloc(self->nr * sizeof(*self->fds));
	ASSERT_NE(NULL, self->fds);
}

FIXTURE_TEARDOWN(balance)
{
	free(self->fds);
	close(self->epoll);
	close(self->listeners[0]);
	close(self->listeners[1]);
	host_free(&self->client);
	host_free(&self->server);
}

/* Take a connection, or what has come by one that was taken. */
static void serve_one(const FIXTURE_DATA(balance) *self, int fd)
{
	struct epoll_event event = { .events = EPOLLIN };
	char buf[256];
	ssize_t len;

	if (fd != self->listeners[0] && fd != self->listeners[1]) {
		len = recv(fd, buf, sizeof(buf), MSG_DONTWAIT);
		if (!len || (len < 0 && errno != EAGAIN))
			close(fd);
		return;
	}
	event.data.fd = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
	if (event.data.fd >= 0)
		epoll_ctl(self->epoll, EPOLL_CTL_ADD, event.data.fd, &event);
}

/* Be the server for some time. */
static void serve(const FIXTURE_DATA(balance) *self, int ms)
{
	int64_t end = tcp_now_ms() + ms, left;
	struct epoll_event events[64];
	int i, nr;

	do {
		left = end - tcp_now_ms();
		nr = epoll_wait(self->epoll, events, 64, left > 0 ? left : 0);
		for (i = 0; i < nr; i++)
			serve_one(self, events[i].data.fd);
	} while (left > 0 || nr > 0);
}

/* Begin to connect number @nr; its first byte tells what has come of that. */
static int begin(const FIXTURE_DATA(balance) *self, unsigned int nr)
{
	int family = nr % 2 ? AF_INET6 : AF_INET, err;
	int fd = tcp_socket(&self->client, family);

	if (fd < 0)
		return fd;
	self->fds[nr] = fd;
	if (fcntl(fd, F_SETFL, O_NONBLOCK))
		return -errno;
	err = tcp_connect(fd, family, SERVER, TCP_PORT_OPEN + nr % 2);
	return err == -EINPROGRESS ? 0 : err;
}

/* Send a byte by number @nr. If it is broken, connect anew. */
static int send_byte(FIXTURE_DATA(balance) *self, unsigned int nr)
{
	if (send(self->fds[nr], "", 1, MSG_NOSIGNAL) == 1 || errno == EAGAIN)
		return 0;
	self->broken++;
	close(self->fds[nr]);
	return begin(self, nr);
}

static int add_rules(const struct host *host, const struct row *row)
{
	int err = 0;

	for (; row->name && !err; row++)
		err = rules_add(host, "name %s %s", row->name, row->rule);
	return err;
}

/* Each rule has acted; and of what it had to send, nothing is missing. */
static void expect_rules(struct __test_metadata *_metadata,
			 const struct host *host, const struct row *row)
{
	struct counters counters;

	for (; row->name; row++) {
		ASSERT_EQ(0, rule_counters(host, row->name, &counters));
		EXPECT_LT(0, RULE_COUNT(&counters, FIRED)) {
			TH_LOG("%s", row->name);
		}
		EXPECT_EQ(RULE_COUNT(&counters, MATCHED),
			  RULE_COUNT(&counters, GATED) +
			  RULE_COUNT(&counters, FIRED) +
			  RULE_COUNT(&counters, FAILED)) {
			TH_LOG("%s", row->name);
		}
		EXPECT_EQ(row->count * RULE_COUNT(&counters, FIRED),
			  RULE_COUNT(&counters, SENT) +
			  RULE_COUNT(&counters, UNSENT)) {
			TH_LOG("%s", row->name);
		}
		EXPECT_EQ(0, RULE_COUNT(&counters, HELD)) {
			TH_LOG("%s", row->name);
		}
	}
}

TEST_F_TIMEOUT(balance, minutes, 7200)
{
	const struct host *hosts[] = { &self->client, &self->server };
	unsigned int i, second, next = 0;
	struct counters counters;

	if (!slow_tests())
		SKIP(return, SLOW_REASON);

	ASSERT_EQ(0, add_rules(&self->client, client_rules));
	ASSERT_EQ(0, add_rules(&self->server, server_rules));
	for (i = 0; i < self->nr; i++) {
		ASSERT_EQ(0, begin(self, i));
		serve(self, 0);
	}
	for (second = 0; second < self->seconds; second++) {
		for (i = 0; i < self->bytes; i++, next++) {
			ASSERT_EQ(0, send_byte(self, next % self->nr));
			serve(self, 0);
		}
		serve(self, 1000);
	}
	for (i = 0; i < self->nr; i++)
		close(self->fds[i]);
	/* What is still to come comes. */
	serve(self, LATE_MS);

	expect_rules(_metadata, &self->client, client_rules);
	expect_rules(_metadata, &self->server, server_rules);
	EXPECT_LT(0, self->broken);
	printf("# %u connections, %u seconds, %u broken and made anew\n",
	       self->nr, self->seconds, self->broken);
	for (i = 0; i < 2; i++) {
		EXPECT_EQ(0, host_imbalance(hosts[i]));
		ASSERT_EQ(0, host_counters(hosts[i], &counters));
		EXPECT_EQ(0, HOST_COUNT(&counters, HELD));
		EXPECT_EQ(0, HOST_COUNT(&counters, WAITING));
		printf("# %llu segments, %llu dropped, %llu released, %llu sent\n",
		       (unsigned long long)HOST_COUNT(&counters, SEEN),
		       (unsigned long long)HOST_COUNT(&counters, DROPPED),
		       (unsigned long long)HOST_COUNT(&counters, RELEASED),
		       (unsigned long long)HOST_COUNT(&counters, SENT));
		EXPECT_EQ(0, rule_flush(hosts[i]));
		EXPECT_EQ(0, host_stat(hosts[i], RSTFAULT_A_STATS_FLOWS));
	}
}

TEST_HARNESS_MAIN
