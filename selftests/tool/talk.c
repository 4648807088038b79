// SPDX-License-Identifier: GPL-2.0
/*
 * How rstctl talks to the kernel: dumps that are interrupted, datagrams that
 * are not meant, sockets that fail. The kernel is played by the two functions
 * below, which come before those of libmnl.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/genetlink.h>

#include "nl.h"

#include "kselftest_harness.h"
#include "rules.h"

#define MAX_DATAGRAMS	40

/**
 * struct datagram - what the next receive returns
 * @buf: messages; their sequence numbers are relative to that of the request
 * @len: bytes in @buf
 * @error: errno instead of them
 */
struct datagram {
	__u64 buf[256];
	size_t len;
	int error;
};

static struct datagram datagrams[MAX_DATAGRAMS];
static unsigned int played, prepared, sent, send_errors;
static struct nlmsghdr last_request;
static unsigned int portid;

ssize_t mnl_socket_sendto(const struct mnl_socket *nl, const void *request,
			  size_t len)
{
	(void)nl;
	if (send_errors) {
		send_errors--;
		errno = EMSGSIZE;
		return -1;
	}
	memcpy(&last_request, request, sizeof(last_request));
	sent++;
	return len;
}

ssize_t mnl_socket_recvfrom(const struct mnl_socket *nl, void *buf, size_t size)
{
	struct datagram *datagram = &datagrams[played];
	struct nlmsghdr *message = buf;
	int left;

	(void)nl;
	if (played++ == prepared) {
		fprintf(stderr, "# nothing is left to receive\n");
		exit(1);
	}
	if (datagram->error) {
		errno = datagram->error;
		return -1;
	}
	memcpy(buf, datagram->buf, datagram->len < size ? datagram->len : size);
	left = datagram->len;
	for (; mnl_nlmsg_ok(message, left);
	     message = mnl_nlmsg_next(message, &left))
		message->nlmsg_seq += last_request.nlmsg_seq;
	return datagram->len;
}

static struct datagram *next_datagram(void)
{
	return &datagrams[prepared++];
}

static struct nlmsghdr *add_message(struct datagram *datagram, __u16 type,
				    __u16 flags)
{
	struct nlmsghdr *message;

	message = mnl_nlmsg_put_header((char *)datagram->buf + datagram->len);
	message->nlmsg_type = type;
	message->nlmsg_flags = flags;
	message->nlmsg_pid = portid;
	datagram->len += message->nlmsg_len;
	return message;
}

static struct nlmsghdr *add_code(struct datagram *datagram, __u16 type,
				 __u16 flags, int code)
{
	struct nlmsghdr *message = add_message(datagram, type, flags);
	struct nlmsgerr error = { .error = code };
	size_t size = type == NLMSG_DONE ? sizeof(code) : sizeof(error);

	memcpy(mnl_nlmsg_put_extra_header(message, size), &error, size);
	datagram->len = (char *)message - (char *)datagram->buf +
			message->nlmsg_len;
	return message;
}

static void add_rule(struct datagram *datagram, __u16 flags, const char *text)
{
	struct nlmsghdr *message = add_message(datagram, 33, flags);
	struct rule rule;
	struct err err;

	mnl_nlmsg_put_extra_header(message, GENL_HDRLEN);
	if (rules_parse(text, &rule, &err) ||
	    !nl_rule_put(message, 1024, &rule))
		exit(1);
	datagram->len = (char *)message - (char *)datagram->buf +
			message->nlmsg_len;
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
	self->genl.family = 33;
	portid = mnl_socket_get_portid(self->genl.sock);
}

FIXTURE_TEARDOWN(talk)
{
	EXPECT_EQ(prepared, played);
	free(self->rules.rule);
	genl_close(&self->genl);
}

TEST_F(talk, list)
{
	struct datagram *datagram = next_datagram();

	add_rule(datagram, NLM_F_MULTI, "in rst drop");
	add_rule(datagram, NLM_F_MULTI, "out rst drop");
	datagram = next_datagram();
	add_rule(datagram, NLM_F_MULTI, "input rst drop");
	datagram = next_datagram();
	add_code(datagram, NLMSG_DONE, NLM_F_MULTI, 0);
	ASSERT_EQ(0, nl_list(&self->genl, &self->rules, &self->err));
	ASSERT_EQ(3, self->rules.count);
	EXPECT_EQ(RSTFAULT_HOOK_INPUT, self->rules.rule[2].hook);
	EXPECT_EQ(1, sent);
	EXPECT_EQ(NLM_F_DUMP, last_request.nlmsg_flags & NLM_F_DUMP);
}

TEST_F(talk, long_list)
{
	struct datagram *datagram;
	int i, j;

	for (i = 0; i < 30; i++) {
		datagram = next_datagram();
		for (j = 0; j < 10; j++)
			add_rule(datagram, NLM_F_MULTI, "in rst dport 80 drop");
	}
	add_code(next_datagram(), NLMSG_DONE, NLM_F_MULTI, 0);
	ASSERT_EQ(0, nl_list(&self->genl, &self->rules, &self->err));
	ASSERT_EQ(300, self->rules.count);
	EXPECT_EQ(80, self->rules.rule[299].dport.range[0].last);
}

/* What an interrupted dump has said is forgotten. */
TEST_F(talk, interrupted)
{
	struct datagram *datagram = next_datagram();

	add_rule(datagram, NLM_F_MULTI, "in rst drop");
	add_rule(datagram, NLM_F_MULTI | NLM_F_DUMP_INTR, "out rst drop");
	add_code(datagram, NLMSG_DONE, NLM_F_MULTI, 0);
	datagram = next_datagram();
	add_rule(datagram, NLM_F_MULTI, "out rst drop");
	add_code(datagram, NLMSG_DONE, NLM_F_MULTI | NLM_F_DUMP_INTR, 0);
	datagram = next_datagram();
	add_rule(datagram, NLM_F_MULTI, "forward rst drop");
	add_code(datagram, NLMSG_DONE, NLM_F_MULTI, 0);
	ASSERT_EQ(0, nl_list(&self->genl, &self->rules, &self->err));
	ASSERT_EQ(1, self->rules.count);
	EXPECT_EQ(RSTFAULT_HOOK_FORWARD, self->rules.rule[0].hook);
	EXPECT_EQ(3, sent);
}

TEST_F(talk, interrupted_for_ever)
{
	int i;

	for (i = 0; i < 16; i++)
		add_code(next_datagram(), NLMSG_DONE,
			 NLM_F_MULTI | NLM_F_DUMP_INTR, 0);
	ASSERT_EQ(-EINTR, nl_list(&self->genl, &self->rules, &self->err));
	EXPECT_STREQ("the ruleset was changed each of the 16 times that it was read; try again",
		     self->err.text);
}

TEST_F(talk, dump_ends_with_an_error)
{
	struct datagram *datagram = next_datagram();

	add_rule(datagram, NLM_F_MULTI, "in rst drop");
	add_code(datagram, NLMSG_DONE, NLM_F_MULTI, -EMSGSIZE);
	ASSERT_EQ(-EMSGSIZE, nl_list(&self->genl, &self->rules, &self->err));
	EXPECT_STREQ("Message too long", self->err.text);
}

/* A rule that has nothing, not even a hook. */
TEST_F(talk, no_rule)
{
	struct datagram *datagram = next_datagram();
	struct nlmsghdr *message = add_message(datagram, 33, 0);

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

	add_code(next_datagram(), NLMSG_ERROR, NLM_F_CAPPED,
		 -EPERM)->nlmsg_seq = 1;
	add_code(next_datagram(), NLMSG_ERROR, NLM_F_CAPPED,
		 -EPERM)->nlmsg_pid = portid + 1;
	datagram = next_datagram();
	add_message(datagram, NLMSG_NOOP, 0);
	add_code(datagram, NLMSG_ERROR, NLM_F_CAPPED, 0);
	EXPECT_EQ(0, nl_flush(&self->genl, &self->err));
}

TEST_F(talk, socket_fails)
{
	next_datagram()->error = EINTR;
	next_datagram()->error = ENOBUFS;
	EXPECT_EQ(-ENOBUFS, nl_flush(&self->genl, &self->err));
	EXPECT_STREQ("cannot receive from the kernel: No buffer space available",
		     self->err.text);
}

/* A larger send buffer is asked for once. */
TEST_F(talk, send_buffer)
{
	send_errors = 1;
	add_code(next_datagram(), NLMSG_ERROR, NLM_F_CAPPED, 0);
	EXPECT_EQ(0, nl_flush(&self->genl, &self->err));
	EXPECT_EQ(0, send_errors);
	send_errors = 2;
	EXPECT_EQ(-EMSGSIZE, nl_flush(&self->genl, &self->err));
	EXPECT_STREQ("cannot send to the kernel: Message too long",
		     self->err.text);
}

TEST_F(talk, version)
{
	struct datagram *datagram = next_datagram();
	struct nlmsghdr *message = add_message(datagram, 33, 0);
	char version[6];

	mnl_nlmsg_put_extra_header(message, GENL_HDRLEN);
	mnl_attr_put_strz(message, RSTFAULT_A_VERSION, "1.2.3");
	datagram->len = message->nlmsg_len;
	add_code(datagram, NLMSG_ERROR, NLM_F_CAPPED, 0);
	ASSERT_EQ(0, nl_version(&self->genl, version, sizeof(version),
				&self->err));
	EXPECT_STREQ("1.2.3", version);
}

TEST_HARNESS_MAIN
