// SPDX-License-Identifier: GPL-2.0
/* The SSH connection that rstctl is run from: which rules could cut it. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cmd.h"
#include "ssh.h"

#include "kselftest_harness.h"
#include "rules.h"

#define V4	"192.0.2.1 5000 192.0.2.2 22"
#define V6	"2001:db8::1 5000 2001:db8::2 22"

static int check(struct ssh *ssh, const char *text, struct err *err)
{
	struct rule rule;

	if (rules_parse(text, &rule, err)) {
		fprintf(stderr, "# %s: %s\n", text, err->text);
		exit(1);
	}
	return ssh_check(ssh, &rule, err);
}

/* Rules, and whether they could cut the connection V4. */
static const struct {
	const char *rule;
	bool cuts;
} cases[] = {
	{ "in any drop", true },
	{ "in rst drop", false },
	{ "in data drop", true },
	{ "in rst,fin drop", true },
	{ "in flags ack/ack drop", true },
	{ "in flags rst,ack/ack drop", true },
	{ "in flags rst,ack/rst drop", false },
	{ "in flags rst/rst delay 1s", false },
	{ "in rst,flags rst/rst drop", false },
	{ "in fin,flags rst/rst drop", true },
	{ "in ack delay 1s", true },
	{ "in rst delay 1s", false },
	{ "in rst forge", true },
	{ "in any forge badsum", true },
	{ "in rst mangle badsum", false },
	{ "in any duplicate 3", false },
	{ "in any pass", false },
	{ "in any shadow drop", false },
	{ "in any force drop", false },
	{ "out any drop", true },
	{ "input any drop", true },
	{ "output any drop", true },
	{ "forward any drop", false },
	{ "in any ip drop", true },
	{ "in any ip6 drop", false },
	{ "in any saddr 192.0.2.1 drop", true },
	{ "in any saddr 192.0.2.0/24 drop", true },
	{ "in any saddr 192.0.2.2 drop", false },
	{ "in any saddr 192.0.2.2/31 drop", false },
	{ "in any saddr 192.0.2.0/31 drop", true },
	{ "in any saddr 0.0.0.0/0 drop", true },
	{ "in any daddr 192.0.2.2 drop", true },
	{ "in any daddr 192.0.2.1 drop", false },
	{ "in any dport 22 drop", true },
	{ "in any dport {80, 20-25} drop", true },
	{ "in any dport 5000 drop", false },
	{ "in any sport 5000 drop", true },
	{ "in any sport 22 drop", false },
	{ "out any sport 22 saddr 192.0.2.2 dport 5000 daddr 192.0.2.1 drop",
	  true },
	{ "out any dport 22 drop", false },
	{ "out any saddr 192.0.2.1 drop", false },
	{ "in any iif eth0 limit 1 drop", true },
};

#define REFUSED_V4 "this could cut the SSH connection that rstctl is run from, 192.0.2.1:5000 to 192.0.2.2:22; narrow the rule, or add 'force' to it"
#define REFUSED_V6 "this could cut the SSH connection that rstctl is run from, [2001:db8::1]:5000 to [2001:db8::2]:22; narrow the rule, or add 'force' to it"

TEST(rules)
{
	struct err err;
	struct ssh ssh;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		ASSERT_TRUE(ssh_parse(&ssh, V4));
		EXPECT_EQ(cases[i].cuts ? -1 : 0,
			  check(&ssh, cases[i].rule, &err)) {
			TH_LOG("%s", cases[i].rule);
		}
	}
	ASSERT_TRUE(ssh_parse(&ssh, V4));
	check(&ssh, "in any drop", &err);
	EXPECT_STREQ(REFUSED_V4, err.text);
	ASSERT_TRUE(ssh_parse(&ssh, V6));
	EXPECT_EQ(0, check(&ssh, "in any ip drop", &err));
	EXPECT_EQ(-1, check(&ssh, "in any saddr 2001:db8::/127 drop", &err));
	EXPECT_EQ(0, check(&ssh, "in any saddr 2001:db8::2/127 drop", &err));
	EXPECT_STREQ(REFUSED_V6, err.text);
}

/* Over loopback, each hook sees both directions. */
TEST(loopback)
{
	struct err err;
	struct ssh ssh;

	ASSERT_TRUE(ssh_parse(&ssh, "127.0.0.1 5000 127.0.0.2 22"));
	EXPECT_EQ(-1, check(&ssh, "in any sport 22 drop", &err));
	EXPECT_EQ(-1, check(&ssh, "out any dport 22 drop", &err));
	ASSERT_TRUE(ssh_parse(&ssh, "::1 5000 ::1 22"));
	EXPECT_EQ(-1, check(&ssh, "out any dport 22 drop", &err));
}

/* A rule in front that lets all of it go on makes those behind it harmless. */
TEST(exceptions)
{
	static const char *const none[] = {
		"out any pass", "in rst pass", "in data pass",
		"in any dport 80 pass", "in any iif eth0 pass",
		"in any limit 5 pass", "in any mark 1 pass",
		"in any for 1m pass", "in any shadow pass",
		"in any state established pass", "in any length 0 pass",
		"in any uid 0 pass", "in any cgroup a pass", "in any duplicate 1",
	};
	struct err err;
	struct ssh ssh;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(none); i++) {
		ASSERT_TRUE(ssh_parse(&ssh, V4));
		EXPECT_EQ(0, check(&ssh, none[i], &err));
		EXPECT_EQ(-1, check(&ssh, "in any drop", &err)) {
			TH_LOG("%s", none[i]);
		}
	}
	ASSERT_TRUE(ssh_parse(&ssh, V4));
	EXPECT_EQ(0, check(&ssh, "in any saddr 192.0.2.1 dport 22 pass", &err));
	EXPECT_EQ(0, check(&ssh, "in any drop", &err));
	EXPECT_EQ(-1, check(&ssh, "out any drop", &err));
}

TEST(variable)
{
	static const char *const wrong[] = {
		"", "192.0.2.1", "192.0.2.1 1 192.0.2.2", "a 1 b 2",
		"192.0.2.1 1 2001:db8::1 22", "192.0.2.1 x 192.0.2.2 22",
		"192.0.2.1 1 192.0.2.2 65536", "192.0.2.1 -1 192.0.2.2 22",
	};
	struct ssh ssh;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		EXPECT_FALSE(ssh_parse(&ssh, wrong[i])) {
			TH_LOG("number %zu", i);
		}
	EXPECT_TRUE(ssh_parse(&ssh, "fe80::1%eth0 1 fe80::2%eth0 22"));
	EXPECT_TRUE(ssh_parse(&ssh, "::ffff:192.0.2.1 1 ::ffff:192.0.2.2 22"));
	EXPECT_EQ(AF_INET, ssh.in.family);
	EXPECT_EQ(192, ssh.in.saddr.addr[0]);
}

/* In the own environment, or in that of a process above. */
TEST(find)
{
	struct options options = {};
	struct ssh ssh;

	setenv("SSH_CONNECTION", V4, 1);
	ssh_find(&ssh, &options);
	EXPECT_TRUE(ssh.found);
	EXPECT_EQ(22, ssh.in.dport);
	/* Another network namespace, here: something that is not this one. */
	options.netns = "/proc/self/ns/uts";
	ssh_find(&ssh, &options);
	EXPECT_FALSE(ssh.found);
	options.netns = "/proc/self/ns/net";
	ssh_find(&ssh, &options);
	EXPECT_TRUE(ssh.found);
	options.netns = NULL;
	options.pid = getpid();
	ssh_find(&ssh, &options);
	EXPECT_TRUE(ssh.found);
}

/*
 * This program again, below a shell that has the variable, but without it: a
 * process shows to others what it had when it began.
 */
TEST(ancestor)
{
	struct options options = {};
	char self_path[256] = "";
	struct ssh ssh;
	int status;
	pid_t pid;

	if (getenv("BELOW_A_SHELL")) {
		ssh_find(&ssh, &options);
		EXPECT_TRUE(ssh.found);
		EXPECT_EQ(2222, ssh.in.dport);
		return;
	}
	ASSERT_LT(0, readlink("/proc/self/exe", self_path,
			      sizeof(self_path) - 1));
	pid = fork();
	if (!pid) {
		setenv("BELOW_A_SHELL", "1", 1);
		setenv("SSH_CONNECTION", "2001:db8::1 1 2001:db8::2 2222", 1);
		execl("/bin/sh", "sh", "-c",
		      "env -u SSH_CONNECTION \"$0\" -t ancestor >/dev/null; exit $?",
		      self_path, NULL);
		_exit(1);
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
}

/*
 * This program again, below @script, in a network namespace of its own: the
 * connection is not there, but where the process above is.
 */
static int check_below(const char *test, const char *script)
{
	char self_path[256] = "", dir[] = "/tmp/rstctl-XXXXXX", link[32];
	char above[16];
	int status = 1;
	pid_t pid;

	if (readlink("/proc/self/exe", self_path, sizeof(self_path) - 1) < 0 ||
	    !mkdtemp(dir))
		return -1;
	snprintf(link, sizeof(link), "%s/sshd", dir);
	if (symlink("/bin/sh", link))
		return -1;
	snprintf(above, sizeof(above), "%d", getpid());
	pid = fork();
	if (!pid) {
		setenv("ABOVE", above, 1);
		unsetenv("SSH_CONNECTION");
		setenv("BELOW", V4, 1);
		execl("/bin/sh", "sh", "-c", script, self_path, test, link,
		      NULL);
		_exit(1);
	}
	waitpid(pid, &status, 0);
	unlink(link);
	rmdir(dir);
	return status;
}

static bool may_unshare(void)
{
	return !system("unshare -n true 2>/dev/null");
}

#define expect_above()							\
do {									\
	struct options options = {};					\
	struct ssh ssh;							\
									\
	ssh_find(&ssh, &options);					\
	EXPECT_FALSE(ssh.found);					\
	options.pid = atoi(getenv("ABOVE"));			\
	ssh_find(&ssh, &options);					\
	EXPECT_TRUE(ssh.found);						\
	EXPECT_EQ(22, ssh.in.dport);					\
} while (0)

/* As by `ip netns exec`, of which the shell above knows nothing. */
TEST(netns_below_shell)
{
	if (getenv("BELOW")) {
		expect_above();
		return;
	}
	if (!may_unshare())
		SKIP(return, "may not make a network namespace");
	EXPECT_EQ(0, check_below("netns_below_shell",
				 "export SSH_CONNECTION=\"$BELOW\"\n"
				 "sh -c 'unshare -n \"$0\" -t $1 >/dev/null; exit $?' \"$0\" $1\n"
				 "exit $?"));
}

/* sshd has no such variable itself, and need not have run a shell. */
TEST(netns_below_sshd)
{
	if (getenv("BELOW")) {
		expect_above();
		return;
	}
	if (!may_unshare())
		SKIP(return, "may not make a network namespace");
	EXPECT_EQ(0, check_below("netns_below_sshd",
				 "\"$2\" -c 'SSH_CONNECTION=\"$BELOW\" unshare -n \"$0\" -t $1 >/dev/null\n"
				 "exit $?' \"$0\" $1\n"
				 "exit $?"));
}

TEST(same)
{
	struct ssh ssh, other;

	ASSERT_TRUE(ssh_parse(&ssh, V4));
	ASSERT_TRUE(ssh_parse(&other, V4));
	EXPECT_TRUE(ssh_is(&ssh, &other.in));
	EXPECT_TRUE(ssh_is(&ssh, &other.out));
	ASSERT_TRUE(ssh_parse(&other, "192.0.2.1 5001 192.0.2.2 22"));
	EXPECT_FALSE(ssh_is(&ssh, &other.in));
	EXPECT_FALSE(ssh_is(&ssh, &other.out));
	ssh.found = false;
	EXPECT_FALSE(ssh_is(&ssh, &ssh.in));
}

TEST_HARNESS_MAIN
