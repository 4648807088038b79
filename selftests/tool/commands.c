// SPDX-License-Identifier: GPL-2.0
/*
 * Commands that talk to the kernel: what they send, what they make of the
 * answer, and with which status they end.
 */

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "child.h"
#include "commands.h"

/* A name is looked up, an id is not. */
TEST_F(commands, insert)
{
	struct datagram *datagram;
	struct nlmsghdr *message;
	struct nlattr *nest;
	struct rule rule;

	kernel_family();
	acknowledge();
	ASSERT_EQ(0, run(&cmd_insert, &self->options, "7 in rst drop",
			 &self->err));
	EXPECT_STREQ("7 1", request_types());
	EXPECT_EQ(7, mnl_attr_get_u32(mnl_nlmsg_get_payload_offset(kernel.request, GENL_HDRLEN)));

	kernel_family();
	datagram = kernel_next();
	message = kernel_message(datagram, KERNEL_FAMILY, 0);
	mnl_nlmsg_put_extra_header(message, GENL_HDRLEN);
	ASSERT_EQ(0, rules_parse("name a in rst drop", &rule, &self->err));
	rule.id = 12;
	ASSERT_TRUE(nl_rule_put(message, 1024, &rule));
	kernel_end(datagram, message);
	kernel_code(datagram, NLMSG_ERROR, NLM_F_CAPPED, 0);
	acknowledge();
	ASSERT_EQ(0, run(&cmd_insert, &self->options,
			 "name a name b in rst drop", &self->err));
	nest = mnl_nlmsg_get_payload_offset(kernel.request, GENL_HDRLEN);
	EXPECT_EQ(RSTFAULT_A_BEFORE, mnl_attr_get_type(nest));
	EXPECT_EQ(12, mnl_attr_get_u32(nest));

	kernel_family();
	kernel_refuse(-ENOENT, "no such rule", BEGIN);
	EXPECT_EQ(2, run(&cmd_insert, &self->options, "name a in rst drop",
			 &self->err));
	EXPECT_STREQ("name a: no such rule", self->err.text);
	EXPECT_EQ(1, run(&cmd_insert, &self->options, "", &self->err));
	EXPECT_EQ(1, run(&cmd_insert, &self->options, "7", &self->err));
	EXPECT_EQ(1, run(&cmd_insert, &self->options, "name", &self->err));
	EXPECT_EQ(1, run(&cmd_insert, &self->options, "in rst drop",
			 &self->err));
}

/* Only one rule, and its comma; a set has commas of its own. */
TEST_F(commands, run)
{
	static const struct {
		const char *in;
		int status;
	} ends[] = {
		{ "in rst drop -- true", 0 },
		{ "in rst drop , out rst drop -- false", 1 },
		{
		  "in rst dport { 80 , 443 } drop , out rst dport {1 , 2} drop -- sh -c 'exit 77'",
		  77
		},
		{ "in rst drop , in rst drop , in rst drop -- sh -c 'kill -9 $$'", 137 },
		{ "in rst drop -- sh -c 'kill -15 $$'", 143 },
		{ "in rst drop -- /no/such/program", 127 },
		{ "in rst drop -- /dev/null", 126 },
		/* what is meant for rstctl gets to the command */
		{
		  "in rst drop -- sh -c 'trap \"exit 5\" TERM; kill -15 $PPID; while :; do sleep 0.01; done'",
		  5
		},
		{
		  "in rst drop -- sh -c 'trap \"exit 6\" INT; kill -2 $PPID; while :; do sleep 0.01; done'",
		  6
		},
		/* a closed pipe ends it, as it ends everything */
		{ "in rst drop -- bash -c 'kill -13 $$'", 141 },
	};
	static const char *const types[] = {
		"10 1", "10 1 1", "10 1 1", "10 1 1 1",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ends); i++) {
		kernel_family();
		acknowledge();
		EXPECT_EQ(ends[i].status, run(&cmd_run, &self->options,
					      ends[i].in, &self->err)) {
			TH_LOG("%s: %s", ends[i].in, self->err.text);
		}
		if (i < ARRAY_SIZE(types))
			EXPECT_STREQ(types[i], request_types());
	}
}

/* The command ignores what rstctl was told to ignore, and nothing else. */
TEST_F(commands, run_ignores)
{
	/* SIGCHLD and SIGPIPE in the mask, then neither. */
	static const char *const both =
		"in rst drop -- grep -q 'SigIgn:.*[13579bdf][13579bdf]...$' /proc/self/status";
	static const char *const none =
		"in rst drop -- grep -q 'SigIgn:.*[02468ace][02468ace]...$' /proc/self/status";

	kernel_family();
	acknowledge();
	signal(SIGPIPE, SIG_DFL);
	signal(SIGCHLD, SIG_DFL);
	child_ignore_pipe();
	EXPECT_EQ(0, run(&cmd_run, &self->options, none, &self->err));

	kernel_family();
	acknowledge();
	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_IGN);
	child_ignore_pipe();
	EXPECT_EQ(0, run(&cmd_run, &self->options, both, &self->err));
	signal(SIGPIPE, SIG_DFL);
}

/* Of a terminal that is gone only rstctl is told, if it is all that runs there. */
TEST_F(commands, run_hangup)
{
	int terminal, status;
	char said[64] = {};
	pid_t pid;

	pid = forkpty(&terminal, NULL, NULL, NULL);
	ASSERT_LE(0, pid);
	if (!pid) {
		/* Who is started by nohup ignores it. */
		signal(SIGHUP, SIG_DFL);
		kernel_family();
		acknowledge();
		_exit(run(&cmd_run, &self->options,
			  "in rst drop -- sh -c 'echo here; exec sleep 20'",
			  &self->err));
	}
	EXPECT_LT(0, read(terminal, said, sizeof(said) - 1));
	EXPECT_EQ(0, strncmp("here", said, 4)) {
		TH_LOG("%s", said);
	}
	close(terminal);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_TRUE(WIFEXITED(status));
	EXPECT_EQ(128 + SIGHUP, WEXITSTATUS(status));
}

TEST_F(commands, run_refused)
{
	kernel_family();
	kernel_refuse(-EINVAL, "no", BEGIN + 4 + RULE_SIZE + 4);
	EXPECT_EQ(2, run(&cmd_run, &self->options,
			 "in rst drop , out rst drop -- false", &self->err));
	EXPECT_STREQ("rule 2: hook out: no", self->err.text);
	kernel_family();
	kernel_refuse(-EINVAL, "no", BEGIN + 4 + 4);
	EXPECT_EQ(2, run(&cmd_run, &self->options, "out rst drop -- false",
			 &self->err));
	EXPECT_STREQ("hook out: no", self->err.text);
}

TEST_F(commands, run_wrong)
{
	static const char *const wrong[] = {
		"", "--", "in rst drop", "in rst drop --", "-- true",
		"in rst drop , -- true", ", in rst drop -- true",
		"in rst dport { 80 , 443 drop -- true",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		EXPECT_EQ(1, run(&cmd_run, &self->options, wrong[i],
				 &self->err)) {
			TH_LOG("%s", wrong[i]);
		}
		EXPECT_NE('\0', self->err.text[0]);
	}
	EXPECT_EQ(0, kernel.sent);
}

/* A program that is run does not get the socket that the rules live by. */
TEST_F(commands, socket_is_closed)
{
	struct genl genl;

	ASSERT_EQ(0, genl_socket(&genl, NETLINK_GENERIC, &self->err));
	EXPECT_EQ(FD_CLOEXEC, fcntl(mnl_socket_get_fd(genl.sock), F_GETFD));
	genl_close(&genl);
}

TEST_F(commands, save)
{
	static const char want[] =
		"\nadd in rst drop\nadd out rst oif 'a*' delay 1s\n"
		"# 1 rule left out, which goes with the process that owns it\n";
	struct datagram *datagram;
	struct nlmsghdr *message;
	char text[512] = "", *body;
	struct rule rule;
	FILE *in;

	kernel_family();
	datagram = kernel_next();
	kernel_rule(datagram, NLM_F_MULTI, "in rst drop");
	kernel_rule(datagram, NLM_F_MULTI, "out rst oif a* delay 1s");
	message = kernel_message(datagram, KERNEL_FAMILY, NLM_F_MULTI);
	mnl_nlmsg_put_extra_header(message, GENL_HDRLEN);
	ASSERT_EQ(0, rules_parse("in rst drop", &rule, &self->err));
	rule.owner = 7;
	rule.has |= RULE_BIT(RSTFAULT_A_RULE_OWNER);
	ASSERT_TRUE(nl_rule_put(message, 1024, &rule));
	kernel_end(datagram, message);
	kernel_code(kernel_next(), NLMSG_DONE, NLM_F_MULTI, 0);
	ASSERT_EQ(0, run(&cmd_save, &self->options, self->file, &self->err));
	in = fopen(self->file, "r");
	ASSERT_NE(NULL, in);
	EXPECT_LT(0, fread(text, 1, sizeof(text) - 1, in));
	fclose(in);
	EXPECT_EQ('#', text[0]);
	body = strchr(text, '\n');
	ASSERT_NE(NULL, body);
	EXPECT_STREQ(want, body);
}

static void answer_one_rule(void)
{
	kernel_family();
	kernel_rule(kernel_next(), NLM_F_MULTI, "in rst drop");
	kernel_code(kernel_next(), NLMSG_DONE, NLM_F_MULTI, 0);
}

/* What is there keeps its owner, its mode, and what points to it. */
TEST_F(commands, save_over)
{
	char link[64], target[64];
	struct stat status;

	if (geteuid())
		SKIP(return, "needs root");
	ASSERT_EQ(0, chown(self->file, 65534, 65534));
	ASSERT_EQ(0, chmod(self->file, 0640));
	answer_one_rule();
	EXPECT_EQ(0, run(&cmd_save, &self->options, self->file, &self->err));
	ASSERT_EQ(0, stat(self->file, &status));
	EXPECT_LT(0, status.st_size);
	EXPECT_EQ(65534, status.st_uid);
	EXPECT_EQ(65534, status.st_gid);
	EXPECT_EQ(0640, status.st_mode & 07777);

	snprintf(link, sizeof(link), "%s-link", self->file);
	snprintf(target, sizeof(target), "%s-target", self->file);
	ASSERT_EQ(0, symlink(target, link));
	answer_one_rule();
	EXPECT_EQ(0, run(&cmd_save, &self->options, link, &self->err));
	EXPECT_EQ(0, lstat(link, &status));
	EXPECT_TRUE(S_ISLNK(status.st_mode));
	EXPECT_EQ(0, lstat(target, &status));
	unlink(link);
	unlink(target);
}

/* As in a container: it can be written to, but not be replaced. */
TEST_F(commands, save_mounted)
{
	if (unshare(CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount(self->file, self->file, NULL, MS_BIND, NULL))
		SKIP(return, "may not mount");
	answer_one_rule();
	EXPECT_EQ(1, run(&cmd_save, &self->options, self->file, &self->err));
	EXPECT_NE(NULL, strstr(self->err.text, "`rstctl save >FILE`")) {
		TH_LOG("%s", self->err.text);
	}
	EXPECT_EQ(0, umount(self->file));
}

#define LISTED \
	"add in rst for 5m forge # id 3 fired 2 matched 9 gated 6 failed 1 " \
	"sent 4 held 5 owned remaining 299s\n" \
	"add in rst drop # id 0 fired 0\n"

/* Counters, in the order of the specification; those that are 0 are not shown. */
TEST_F(commands, list)
{
	struct datagram *datagram;
	struct nlmsghdr *message;
	struct rule rule;

	kernel_family();
	datagram = kernel_next();
	message = kernel_message(datagram, KERNEL_FAMILY, NLM_F_MULTI);
	mnl_nlmsg_put_extra_header(message, GENL_HDRLEN);
	ASSERT_EQ(0, rules_parse("in rst for 5m forge", &rule, &self->err));
	rule.id = 3;
	rule.owner = 7;
	rule.remaining = 298123456789ull;
	rule.has |= RULE_BIT(RSTFAULT_A_RULE_OWNER) |
		    RULE_BIT(RSTFAULT_A_RULE_REMAINING);
	rule.counters.fired = 2;
	rule.counters.matched = 9;
	rule.counters.gated = 6;
	rule.counters.failed = 1;
	rule.counters.sent = 4;
	rule.counters.held = 5;
	rule.counters.has = ~0u;
	ASSERT_TRUE(nl_rule_put(message, 1024, &rule));
	kernel_end(datagram, message);
	kernel_rule(datagram, NLM_F_MULTI, "in rst drop");
	kernel_code(kernel_next(), NLMSG_DONE, NLM_F_MULTI, 0);
	EXPECT_STREQ(LISTED,
		     output_of(&cmd_list, &self->options, "", self->file));
}

#define COUNTED \
	"seen 2\npassed 3\nmangled 4\ndropped 5\nheld 6\nreleased 7\nlost 8\n" \
	"sent 9\nunsent 10\nwaiting 11\nfailed 12\nflows 13\nevicted 14\n" \
	"events 15\ngeneration 16\nbalance -31\n"

TEST_F(commands, stats)
{
	struct datagram *datagram;
	struct nlmsghdr *message;
	struct nlattr *nest;
	__u16 attr;
	int i;

	for (i = 0; i < 2; i++) {
		kernel_family();
		datagram = kernel_next();
		message = kernel_message(datagram, KERNEL_FAMILY, 0);
		mnl_nlmsg_put_extra_header(message, GENL_HDRLEN);
		mnl_attr_put_strz(message, RSTFAULT_A_VERSION, "1");
		mnl_attr_put_u32(message, RSTFAULT_A_GENERATION, 16);
		nest = mnl_attr_nest_start(message, RSTFAULT_A_STATS);
		/* seen 2, passed 3 and so on, so that the balance is not 0 */
		for (attr = RSTFAULT_A_STATS_SEEN;
		     attr <= RSTFAULT_A_STATS_MAX; attr++)
			mnl_attr_put_u64(message, attr, attr);
		mnl_attr_nest_end(message, nest);
		kernel_end(datagram, message);
		kernel_code(datagram, NLMSG_ERROR, NLM_F_CAPPED, 0);
	}
	EXPECT_STREQ(COUNTED,
		     output_of(&cmd_stats, &self->options, "", self->file));
	self->options.json = true;
	EXPECT_NE(NULL, strstr(output_of(&cmd_stats, &self->options, "",
					 self->file),
			       "\"events\":15,\n\"generation\":16,\n\"balance\":-31\n}"));
}

TEST_F(commands, release)
{
	struct datagram *datagram;
	struct nlmsghdr *message;
	int i;

	for (i = 0; i < 2; i++) {
		kernel_family();
		datagram = kernel_next();
		message = kernel_message(datagram, KERNEL_FAMILY, 0);
		mnl_nlmsg_put_extra_header(message, GENL_HDRLEN);
		mnl_attr_put_u32(message, RSTFAULT_A_RELEASED, 5);
		kernel_end(datagram, message);
		kernel_code(datagram, NLMSG_ERROR, NLM_F_CAPPED, 0);
		EXPECT_EQ(0, run(&cmd_release, &self->options,
				 i ? "name a" : "", &self->err));
		EXPECT_EQ(RSTFAULT_CMD_RELEASE, request_cmd());
		EXPECT_STREQ(i ? "3" : "", request_types());
	}
	/* an answer without the number is none */
	kernel_family();
	datagram = kernel_next();
	message = kernel_message(datagram, KERNEL_FAMILY, 0);
	mnl_nlmsg_put_extra_header(message, GENL_HDRLEN);
	kernel_end(datagram, message);
	EXPECT_EQ(2, run(&cmd_release, &self->options, "", &self->err));
}

/* Who is connected by SSH does not cut himself off. */
TEST_F(commands, ssh)
{
	setenv("SSH_CONNECTION", "192.0.2.1 5000 192.0.2.2 22", 1);
	EXPECT_EQ(1, run(&cmd_add, &self->options, "in any drop", &self->err));
	EXPECT_EQ(1, run(&cmd_insert, &self->options, "1 in any drop",
			 &self->err));
	EXPECT_EQ(1, run(&cmd_run, &self->options, "in any drop -- true",
			 &self->err));
	write_file(self->file, "in any drop\n");
	EXPECT_EQ(1, run(&cmd_load, &self->options, self->file, &self->err));
	EXPECT_EQ(1, run(&cmd_check, &self->options, self->file, &self->err));
	EXPECT_EQ(0, kernel.sent);
	kernel_family();
	acknowledge();
	EXPECT_EQ(0, run(&cmd_add, &self->options, "in any force drop",
			 &self->err));
}

static void answer_rules(const char *const *text)
{
	struct datagram *datagram = kernel_next();
	struct nlmsghdr *message;
	struct rule rule;
	struct err err;
	__u32 id;

	for (id = 1; *text; text++, id++) {
		message = kernel_message(datagram, KERNEL_FAMILY, NLM_F_MULTI);
		mnl_nlmsg_put_extra_header(message, GENL_HDRLEN);
		if (rules_parse(*text, &rule, &err))
			exit(1);
		rule.id = id;
		if (!nl_rule_put(message, 1024, &rule))
			exit(1);
		kernel_end(datagram, message);
	}
	kernel_code(kernel_next(), NLMSG_DONE, NLM_F_MULTI, 0);
}

/* A rule that could cut it already does not make another one harmless. */
TEST_F(commands, del_ssh)
{
	static const char *const rules[] = {
		"out any dport 5000 drop", "in any dport 22 pass",
		"in any dport 20-25 drop", NULL
	};
	static const char *const which[] = { "1", "3", "2 force" };
	size_t i;

	setenv("SSH_CONNECTION", "192.0.2.1 5000 192.0.2.2 22", 1);
	kernel_family();
	answer_rules(rules);
	EXPECT_EQ(1, run(&cmd_del, &self->options, "2", &self->err));
	EXPECT_NE(NULL, strstr(self->err.text, "rule 3 could cut")) {
		TH_LOG("%s", self->err.text);
	}
	for (i = 0; i < ARRAY_SIZE(which); i++) {
		kernel_family();
		if (i < 2)
			answer_rules(rules);
		acknowledge();
		EXPECT_EQ(0, run(&cmd_del, &self->options, which[i],
				 &self->err)) {
			TH_LOG("%s: %s", which[i], self->err.text);
		}
	}
}

TEST_HARNESS_MAIN
