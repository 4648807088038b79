// SPDX-License-Identifier: GPL-2.0
/* A kernel that is played. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/genetlink.h>

#include "kernel.h"
#include "nl.h"
#include "rules.h"

#define MAX_DATAGRAMS	40

struct kernel kernel;

static struct datagram datagrams[MAX_DATAGRAMS];

ssize_t mnl_socket_sendto(const struct mnl_socket *nl, const void *request,
			  size_t len)
{
	(void)nl;
	if (kernel.send_errors) {
		kernel.send_errors--;
		errno = EMSGSIZE;
		return -1;
	}
	kernel.request = realloc(kernel.request, len);
	if (!kernel.request)
		exit(1);
	memcpy(kernel.request, request, len);
	kernel.sent++;
	return len;
}

ssize_t mnl_socket_recvfrom(const struct mnl_socket *nl, void *buf, size_t size)
{
	struct datagram *datagram = &datagrams[kernel.played];
	struct nlmsghdr *message = buf;
	int left;

	(void)nl;
	if (kernel.played++ == kernel.prepared) {
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
		message->nlmsg_seq += kernel.request->nlmsg_seq;
	return datagram->len;
}

struct datagram *kernel_next(void)
{
	return &datagrams[kernel.prepared++];
}

struct nlmsghdr *kernel_message(struct datagram *datagram, __u16 type,
				__u16 flags)
{
	struct nlmsghdr *message;

	message = mnl_nlmsg_put_header((char *)datagram->buf + datagram->len);
	message->nlmsg_type = type;
	message->nlmsg_flags = flags;
	message->nlmsg_pid = kernel.portid;
	datagram->len += message->nlmsg_len;
	return message;
}

/* The message was the last of its datagram, and has grown. */
void kernel_end(struct datagram *datagram, const struct nlmsghdr *message)
{
	datagram->len = (char *)message - (char *)datagram->buf +
			message->nlmsg_len;
}

struct nlmsghdr *kernel_code(struct datagram *datagram, __u16 type,
			     __u16 flags, int code)
{
	struct nlmsghdr *message = kernel_message(datagram, type, flags);
	struct nlmsgerr error = { .error = code };
	size_t size = type == NLMSG_DONE ? sizeof(code) : sizeof(error);

	memcpy(mnl_nlmsg_put_extra_header(message, size), &error, size);
	kernel_end(datagram, message);
	return message;
}

void kernel_rule(struct datagram *datagram, __u16 flags, const char *text)
{
	struct nlmsghdr *message;
	struct rule rule;
	struct err err;

	message = kernel_message(datagram, KERNEL_FAMILY, flags);
	mnl_nlmsg_put_extra_header(message, GENL_HDRLEN);
	if (rules_parse(text, &rule, &err) ||
	    !nl_rule_put(message, 1024, &rule))
		exit(1);
	kernel_end(datagram, message);
}

/* The answer to who asks for the family. */
void kernel_family(void)
{
	struct datagram *datagram = kernel_next();
	struct nlmsghdr *message = kernel_message(datagram, GENL_ID_CTRL, 0);

	mnl_nlmsg_put_extra_header(message, GENL_HDRLEN);
	mnl_attr_put_u16(message, CTRL_ATTR_FAMILY_ID, KERNEL_FAMILY);
	kernel_end(datagram, message);
	kernel_code(datagram, NLMSG_ERROR, NLM_F_CAPPED, 0);
}

void kernel_refuse(int code, const char *text, __u32 offset)
{
	struct datagram *datagram = kernel_next();
	struct nlmsghdr *message;

	message = kernel_code(datagram, NLMSG_ERROR,
			      NLM_F_CAPPED | NLM_F_ACK_TLVS, code);
	mnl_attr_put_strz(message, NLMSGERR_ATTR_MSG, text);
	if (offset)
		mnl_attr_put_u32(message, NLMSGERR_ATTR_OFFS, offset);
	kernel_end(datagram, message);
}
