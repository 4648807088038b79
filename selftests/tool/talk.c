// SPDX-License-Identifier: GPL-2.0
/*
 * How rstctl talks to the kernel: dumps that are interrupted, datagrams that
 * are not meant, sockets that fail.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/genetlink.h>

#include "nl.h"

#include "kernel.h"
#include "kselftest_harness.h"
#include "rules.h"

static struct rule nth_rule(const struct rules *rules, int n)
{
	struct rule rule = {};
	size_t pos = 0;

	do {
		if (!nl_rules_next(rules, &pos, &rule))
			exit(1);
	} while (n--);
	return rule;
}

FIXTURE(talk)
{
	struct genl genl;
	struct rules rules;
	struct err err;
};

FIXTURE_SETUP(talk)
{
	self->genl.sock = mnl_socket_open(NETLINK_GENERIC);
	ASSERT_NE(NULL, self->genl.sock);
	ASSERT_EQ(0, mnl_socket_bind(self->genl.sock, 0, MNL_SOCKET_AUTOPID));
	self->genl.family = KERNEL_FAMILY;
	kernel.portid = mnl_socket_get_portid(self->genl.sock);
}

FIXTURE_TEARDOWN(talk)
{
	EXPECT_EQ(kernel.prepared, kernel.played);
	free(self->rules.data);
	genl_close(&self->genl);
}

TEST_F(talk, list)
{
	struct datagram *datagram = kernel_next();

	kernel_rule(datagram, NLM_F_MULTI, "in rst drop");
	kernel_rule(datagram, NLM_F_MULTI, "out rst drop");
	datagram = kernel_next();
	kernel_rule(datagram, NLM_F_MULTI, "input rst drop");
	datagram = kernel_next();
	kernel_code(datagram, NLMSG_DONE, NLM_F_MULTI, 0);
	ASSERT_EQ(0, nl_list(&self->genl, &self->rules, &self->err));
	ASSERT_EQ(3, self->rules.count);
	EXPECT_EQ(RSTFAULT_HOOK_INPUT, nth_rule(&self->rules, 2).hook);
	EXPECT_EQ(1, kernel.sent);
	EXPECT_EQ(NLM_F_DUMP, kernel.request->nlmsg_flags & NLM_F_DUMP);
}

TEST_F(talk, long_list)
{
	struct datagram *datagram;
	int i, j;

	for (i = 0; i < 30; i++) {
		datagram = kernel_next();
		for (j = 0; j < 10; j++)
			kernel_rule(datagram, NLM_F_MULTI, "in rst dport 80 drop");
	}
	kernel_code(kernel_next(), NLMSG_DONE, NLM_F_MULTI, 0);
	ASSERT_EQ(0, nl_list(&self->genl, &self->rules, &self->err));
	ASSERT_EQ(300, self->rules.count);
	EXPECT_EQ(80, nth_rule(&self->rules, 299).dport.range[0].last);
}

/* What an interrupted dump has said is forgotten. */
TEST_F(talk, interrupted)
{
	struct datagram *datagram = kernel_next();

	kernel_rule(datagram, NLM_F_MULTI, "in rst drop");
	kernel_rule(datagram, NLM_F_MULTI | NLM_F_DUMP_INTR, "out rst drop");
	kernel_code(datagram, NLMSG_DONE, NLM_F_MULTI, 0);
	datagram = kernel_next();
	kernel_rule(datagram, NLM_F_MULTI, "out rst drop");
	kernel_code(datagram, NLMSG_DONE, NLM_F_MULTI | NLM_F_DUMP_INTR, 0);
	datagram = kernel_next();
	kernel_rule(datagram, NLM_F_MULTI, "forward rst drop");
	kernel_code(datagram, NLMSG_DONE, NLM_F_MULTI, 0);
	ASSERT_EQ(0, nl_list(&self->genl, &self->rules, &self->err));
	ASSERT_EQ(1, self->rules.count);
	EXPECT_EQ(RSTFAULT_HOOK_FORWARD, nth_rule(&self->rules, 0).hook);
	EXPECT_EQ(3, kernel.sent);
}

TEST_F(talk, interrupted_for_ever)
{
	int i;

	for (i = 0; i < 16; i++)
		kernel_code(kernel_next(), NLMSG_DONE,
			    NLM_F_MULTI | NLM_F_DUMP_INTR, 0);
	ASSERT_EQ(-EINTR, nl_list(&self->genl, &self->rules, &self->err));
	EXPECT_STREQ("the ruleset was changed each of the 16 times that it was read; try again",
		     self->err.text);
}

TEST_F(talk, dump_ends_with_an_error)
{
	struct datagram *datagram = kernel_next();

	kernel_rule(datagram, NLM_F_MULTI, "in rst drop");
	kernel_code(datagram, NLMSG_DONE, NLM_F_MULTI, -EMSGSIZE);
	ASSERT_EQ(-EMSGSIZE, nl_list(&self->genl, &self->rules, &self->err));
	EXPECT_STREQ("Message too long", self->err.text);
}

/* A rule that has nothing, not even a hook. */
TEST_F(talk, no_rule)
{
	struct datagram *datagram = kernel_next();
	struct nlmsghdr *message = kernel_message(datagram, KERNEL_FAMILY, 0);

	mnl_nlmsg_put_extra_header(message, GENL_HDRLEN);
	mnl_attr_nest_end(message,
			  mnl_attr_nest_start(message, RSTFAULT_A_RULE));
	datagram->len = message->nlmsg_len;
	ASSERT_EQ(-EBADMSG, nl_list(&self->genl, &self->rules, &self->err));
	EXPECT_STREQ("the answer of the module makes no sense; is its version that of rstctl?",
		     self->err.text);
}

/* Answers to something else, or to somebody else, are no answers. */
TEST_F(talk, not_meant)
{
	struct datagram *datagram;

	kernel_code(kernel_next(), NLMSG_ERROR, NLM_F_CAPPED,
		    -EPERM)->nlmsg_seq = 1;
	kernel_code(kernel_next(), NLMSG_ERROR, NLM_F_CAPPED,
		    -EPERM)->nlmsg_pid = kernel.portid + 1;
	datagram = kernel_next();
	kernel_message(datagram, NLMSG_NOOP, 0);
	kernel_code(datagram, NLMSG_ERROR, NLM_F_CAPPED, 0);
	EXPECT_EQ(0, nl_flush(&self->genl, &self->err));
}

TEST_F(talk, socket_fails)
{
	kernel_next()->error = EINTR;
	kernel_next()->error = ENOBUFS;
	EXPECT_EQ(-ENOBUFS, nl_flush(&self->genl, &self->err));
	EXPECT_STREQ("cannot receive from the kernel: No buffer space available",
		     self->err.text);
}

/* A larger send buffer is asked for once. */
TEST_F(talk, send_buffer)
{
	kernel.send_errors = 1;
	kernel_code(kernel_next(), NLMSG_ERROR, NLM_F_CAPPED, 0);
	EXPECT_EQ(0, nl_flush(&self->genl, &self->err));
	EXPECT_EQ(0, kernel.send_errors);
	kernel.send_errors = 2;
	EXPECT_EQ(-EMSGSIZE, nl_flush(&self->genl, &self->err));
	EXPECT_NE(NULL, strstr(self->err.text,
			       "the request is too large: it has 20 bytes, "));
	EXPECT_NE(NULL, strstr(self->err.text,
			       "needs a net.core.wmem_max of 2058; "));
}

TEST_F(talk, version)
{
	struct datagram *datagram = kernel_next();
	struct nlmsghdr *message = kernel_message(datagram, KERNEL_FAMILY, 0);
	struct info info;

	mnl_nlmsg_put_extra_header(message, GENL_HDRLEN);
	mnl_attr_put_strz(message, RSTFAULT_A_VERSION, "1.2.3");
	datagram->len = message->nlmsg_len;
	kernel_code(datagram, NLMSG_ERROR, NLM_F_CAPPED, 0);
	ASSERT_EQ(0, nl_info(&self->genl, &info, &self->err));
	EXPECT_STREQ("1.2.3", info.version);
}

/*
 * Families tell which groups they have; here they have a group of the kernel's.
 * One is asked for that tells of families.
 */
TEST_F(talk, join)
{
	struct datagram *datagram;
	struct nlmsghdr *message;
	struct nlattr *all, *one;
	int i;

	for (i = 0; i < 4; i++) {
		datagram = kernel_next();
		message = kernel_message(datagram, GENL_ID_CTRL, 0);
		mnl_nlmsg_put_extra_header(message, GENL_HDRLEN);
		all = mnl_attr_nest_start(message, CTRL_ATTR_MCAST_GROUPS);
		one = mnl_attr_nest_start(message, 1);
		mnl_attr_put_strz(message, CTRL_ATTR_MCAST_GRP_NAME, "event");
		mnl_attr_put_u32(message, CTRL_ATTR_MCAST_GRP_ID, 999999);
		mnl_attr_nest_end(message, one);
		one = mnl_attr_nest_start(message, 2);
		mnl_attr_put_u32(message, CTRL_ATTR_MCAST_GRP_ID, 16);
		mnl_attr_put_strz(message, CTRL_ATTR_MCAST_GRP_NAME,
				  i % 2 ? "events" : "notify");
		mnl_attr_nest_end(message, one);
		mnl_attr_nest_end(message, all);
		kernel_end(datagram, message);
		kernel_code(datagram, NLMSG_ERROR, NLM_F_CAPPED, 0);
	}
	EXPECT_EQ(0, genl_join(&self->genl, "rstfault", "events", &self->err)) {
		TH_LOG("%s", self->err.text);
	}
	EXPECT_EQ(-ENOENT, genl_join(&self->genl, "rstfault", "others",
				     &self->err));
	EXPECT_STREQ("the module has no group 'others': it is older than rstctl",
		     self->err.text);
}

/* Only the end of the family itself is that. */
TEST_F(talk, removed)
{
	static const struct {
		__u16 type;
		__u8 cmd;
		__u16 family;
		bool removed;
	} cases[] = {
		{ GENL_ID_CTRL, CTRL_CMD_DELFAMILY, KERNEL_FAMILY, true },
		{ GENL_ID_CTRL, CTRL_CMD_DELFAMILY, KERNEL_FAMILY + 1, false },
		{ GENL_ID_CTRL, CTRL_CMD_NEWFAMILY, KERNEL_FAMILY, false },
		{ KERNEL_FAMILY, CTRL_CMD_DELFAMILY, KERNEL_FAMILY, false },
	};
	__u64 buf[16];
	struct nlmsghdr *message;
	struct genlmsghdr *genlh;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		message = mnl_nlmsg_put_header(buf);
		message->nlmsg_type = cases[i].type;
		EXPECT_FALSE(genl_removed(&self->genl, message));
		genlh = mnl_nlmsg_put_extra_header(message, GENL_HDRLEN);
		genlh->cmd = cases[i].cmd;
		EXPECT_FALSE(genl_removed(&self->genl, message));
		mnl_attr_put_u16(message, CTRL_ATTR_FAMILY_ID,
				 cases[i].family);
		EXPECT_EQ(cases[i].removed,
			  genl_removed(&self->genl, message));
	}
}

TEST_HARNESS_MAIN
