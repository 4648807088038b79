// SPDX-License-Identifier: GPL-2.0
/*
 * "Connection reset by peer", and "Broken pipe": a RST in the middle of a
 * connection, made by a rule, and what a program goes through that reads or
 * writes and knows nothing of it.
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/wait.h>

#include "kselftest_harness.h"

#include "lib/mib.h"
#include "lib/outcome.h"
#include "lib/pair.h"
#include "lib/rules.h"

/* How long a segment may be on its way. */
#define ARRIVES_MS 100

/* What the peer sends next becomes a RST. The peer does not know. */
TEST_F(pair, reset_by_peer)
{
	const struct mib change = { .value = { [MIB_ESTAB_RESETS] = 1 } };
	struct mib before;

	pair_establish();
	EXPECT_EQ(1, outcome_do(self->peer, OUTCOME_WRITE, NULL));
	EXPECT_TRUE(tcp_readable(self->fd, ARRIVES_MS));
	EXPECT_EQ(1, outcome_do(self->fd, OUTCOME_READ, NULL));

	ASSERT_EQ(0, rules_add(&self->client,
			       "name rst in data forge to receiver and drop"));
	ASSERT_EQ(0, mib_read(&self->client, &before));
	EXPECT_EQ(1, outcome_do(self->peer, OUTCOME_WRITE, NULL));
	EXPECT_TRUE(tcp_readable(self->fd, ARRIVES_MS));
	EXPECT_EQ(1, rule_fired(&self->client, "rst"));
	EXPECT_MIB(&change, &self->client, &before);
	EXPECT_EQ(TCP_ESTABLISHED, pair_server_state());
	EXPECT_OUTCOME(OUTCOME_ENDED(ECONNRESET, OUTCOME_READ), self->fd,
		       OUTCOME_READ, "client");
}

/* Both ends are told. */
TEST_F(pair, reset_by_peer_both)
{
	ASSERT_EQ(0, rules_add(&self->client,
			       "name rst in data forge to both and drop"));
	pair_establish();
	EXPECT_EQ(1, outcome_do(self->peer, OUTCOME_WRITE, NULL));
	EXPECT_TRUE(tcp_readable(self->fd, ARRIVES_MS));
	usleep(ARRIVES_MS * 1000);
	EXPECT_OUTCOME(OUTCOME_ENDED(ECONNRESET, OUTCOME_READ), self->fd,
		       OUTCOME_READ, "client");
	EXPECT_OUTCOME(OUTCOME_ENDED(ECONNRESET, OUTCOME_READ), self->peer,
		       OUTCOME_READ, "server");
}

/* The same RST comes late: what was sent before can be read. */
TEST_F(pair, reset_by_peer_late)
{
	ASSERT_EQ(0, rules_add(&self->client,
			       "name rst in data limit 1 forge to receiver after 300ms"));
	pair_establish();
	EXPECT_EQ(1, outcome_do(self->peer, OUTCOME_WRITE, NULL));
	EXPECT_TRUE(tcp_readable(self->fd, ARRIVES_MS));
	EXPECT_EQ(1, outcome_do(self->fd, OUTCOME_READ, NULL));
	EXPECT_FALSE(tcp_readable(self->fd, ARRIVES_MS));
	EXPECT_EQ(TCP_ESTABLISHED, tcp_state(self->fd));
	EXPECT_TRUE(tcp_readable(self->fd, 3 * ARRIVES_MS));
	EXPECT_OUTCOME(OUTCOME_ENDED(ECONNRESET, OUTCOME_READ), self->fd,
		       OUTCOME_READ, "client");
}

/* What became of a program that writes until it cannot. */
struct writer {
	int status;	/* of its process */
	int writes;	/* that have returned */
};

/* Where the program minds, it stops at EPIPE, and not at other errors. */
static int run_writer(int fd, struct writer *writer, bool minds)
{
	int pipefd[2];
	char byte;
	pid_t pid;

	if (pipe(pipefd))
		return -errno;
	pid = fork();
	if (!pid) {
		signal(SIGPIPE, minds ? SIG_IGN : SIG_DFL);
		while (write(fd, "x", 1) == 1 || errno != EPIPE) {
			if (write(pipefd[1], "x", 1) != 1)
				_exit(2);
			usleep(ARRIVES_MS * 1000);
		}
		_exit(1);
	}
	close(pipefd[1]);
	writer->writes = 0;
	while (pid > 0 && read(pipefd[0], &byte, 1) == 1)
		writer->writes++;
	close(pipefd[0]);
	if (pid < 0 || waitpid(pid, &writer->status, 0) != pid)
		return -errno;
	return 0;
}

/* Two good writes, ECONNRESET, and then the signal, of which the program dies. */
TEST_F(pair, broken_pipe)
{
	struct writer writer;

	ASSERT_EQ(0, rules_add(&self->client, "name rst out data nth 2 forge"));
	pair_establish();
	ASSERT_EQ(0, run_writer(self->fd, &writer, false));
	EXPECT_EQ(1, rule_fired(&self->client, "rst"));
	EXPECT_TRUE(WIFSIGNALED(writer.status));
	EXPECT_EQ(SIGPIPE, WTERMSIG(writer.status));
	EXPECT_EQ(3, writer.writes);
}

TEST_F(pair, broken_pipe_ignored)
{
	struct writer writer;

	ASSERT_EQ(0, rules_add(&self->client, "name rst out data nth 2 forge"));
	pair_establish();
	ASSERT_EQ(0, run_writer(self->fd, &writer, true));
	EXPECT_EQ(1, rule_fired(&self->client, "rst"));
	EXPECT_TRUE(WIFEXITED(writer.status));
	EXPECT_EQ(1, WEXITSTATUS(writer.status));
	EXPECT_EQ(3, writer.writes);
}

/* The peer has closed before: no ECONNRESET stands in front of the signal. */
TEST_F(pair, broken_pipe_after_fin)
{
	struct writer writer;

	pair_establish();
	ASSERT_EQ(0, close(self->peer));
	self->peer = -1;
	usleep(ARRIVES_MS * 1000);
	EXPECT_EQ(TCP_CLOSE_WAIT, tcp_state(self->fd));
	ASSERT_EQ(0, run_writer(self->fd, &writer, false));
	EXPECT_TRUE(WIFSIGNALED(writer.status));
	EXPECT_EQ(SIGPIPE, WTERMSIG(writer.status));
	EXPECT_EQ(1, writer.writes);
}

/* The RST for what is written then is lost: no signal, as nobody knows. */
TEST_F(pair, broken_pipe_after_fin_rst_lost)
{
	ASSERT_EQ(0, rules_add(&self->client, "name lost in rst drop"));
	pair_establish();
	ASSERT_EQ(0, close(self->peer));
	self->peer = -1;
	usleep(ARRIVES_MS * 1000);
	EXPECT_EQ(1, outcome_do(self->fd, OUTCOME_WRITE, NULL));
	usleep(ARRIVES_MS * 1000);
	EXPECT_LE(1, rule_fired(&self->client, "lost"));
	EXPECT_EQ(1, outcome_do(self->fd, OUTCOME_WRITE, NULL));
	EXPECT_EQ(TCP_CLOSE_WAIT, tcp_state(self->fd));
}

TEST_HARNESS_MAIN
