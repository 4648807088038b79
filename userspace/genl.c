// SPDX-License-Identifier: GPL-2.0
/* Generic netlink: find a family, send a request, collect what it answers. */

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/genetlink.h>

#include "err.h"
#include "genl.h"
#include "refusal.h"

/* Raises what is too small for a large ruleset; root may exceed the limits. */
#define SOCKET_BUFFER	(4 * 1024 * 1024)

static void raise_buffer(struct genl *genl, int forced, int unforced)
{
	int fd = mnl_socket_get_fd(genl->sock);
	int size = SOCKET_BUFFER;

	if (setsockopt(fd, SOL_SOCKET, forced, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, unforced, &size, sizeof(size));
}

static int send_request(struct genl *genl, const struct nlmsghdr *request)
{
	ssize_t sent;

	sent = mnl_socket_sendto(genl->sock, request, request->nlmsg_len);
	if (sent < 0 && errno == EMSGSIZE) {
		raise_buffer(genl, SO_SNDBUFFORCE, SO_SNDBUF);
		sent = mnl_socket_sendto(genl->sock, request,
					 request->nlmsg_len);
	}
	return sent < 0 ? -errno : 0;
}

static ssize_t receive(struct genl *genl)
{
	ssize_t len;

	do {
		len = mnl_socket_recvfrom(genl->sock, genl->reply,
					  sizeof(genl->reply));
	} while (len < 0 && errno == EINTR);
	return len < 0 ? -errno : len;
}

/**
 * genl_talk() - send a request and wait until it is answered
 * @genl: the socket
 * @request: the request; its flags and its sequence number are completed here
 * @reply: called for each message of the answer; NULL where none is expected
 * @data: for @reply
 * @err: where an error is returned
 *
 * Return: 0; -EINTR if a dump is not consistent, as what it lists was changed
 * meanwhile; else a negative errno. @err is set for all but the first.
 */
int genl_talk(struct genl *genl, struct nlmsghdr *request, genl_reply_t reply,
	      void *data, struct err *err)
{
	unsigned int portid = mnl_socket_get_portid(genl->sock);
	const struct nlmsghdr *message;
	bool interrupted = false;
	ssize_t got;
	int left, ret;

	request->nlmsg_flags |= NLM_F_REQUEST | NLM_F_ACK;
	request->nlmsg_seq = ++genl->seq;
	ret = send_request(genl, request);
	if (ret) {
		err_set(err, "cannot send to the kernel: %s", strerror(-ret));
		return ret;
	}
	for (;;) {
		got = receive(genl);
		if (got < 0) {
			err_set(err, "cannot receive from the kernel: %s",
				strerror(-got));
			return got;
		}
		left = got;
		message = (const struct nlmsghdr *)genl->reply;
		for (; mnl_nlmsg_ok(message, left);
		     message = mnl_nlmsg_next(message, &left)) {
			if (!mnl_nlmsg_seq_ok(message, request->nlmsg_seq) ||
			    !mnl_nlmsg_portid_ok(message, portid))
				continue;
			if (message->nlmsg_flags & NLM_F_DUMP_INTR)
				interrupted = true;
			if (message->nlmsg_type >= NLMSG_MIN_TYPE) {
				ret = reply ? reply(message, data) : 0;
				if (ret >= 0)
					continue;
				err_set(err, ret == -ENOMEM ?
					"out of memory" :
					"the answer of the module makes no sense; is its version that of rstctl?");
				return ret;
			}
			if (message->nlmsg_type != NLMSG_ERROR &&
			    message->nlmsg_type != NLMSG_DONE)
				continue;
			ret = refusal_code(message);
			if (ret) {
				refusal_explain(message, request, err);
				return ret;
			}
			if (interrupted) {
				err_set(err,
					"the ruleset was changed while it was read");
				return -EINTR;
			}
			return 0;
		}
	}
}

static int family_reply(const struct nlmsghdr *message, void *data)
{
	const struct nlattr *attr;
	__u16 *family = data;

	mnl_attr_for_each(attr, message, GENL_HDRLEN) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID &&
		    mnl_attr_get_payload_len(attr) == sizeof(*family))
			*family = mnl_attr_get_u16(attr);
	}
	return *family ? 0 : -EBADMSG;
}

static int find_family(struct genl *genl, const char *name, struct err *err)
{
	__u64 buf[128 / sizeof(__u64)];
	struct nlmsghdr *request = mnl_nlmsg_put_header(buf);
	struct genlmsghdr *genlh;
	int ret;

	request->nlmsg_type = GENL_ID_CTRL;
	genlh = mnl_nlmsg_put_extra_header(request, sizeof(*genlh));
	genlh->cmd = CTRL_CMD_GETFAMILY;
	genlh->version = 1;
	mnl_attr_put_strz(request, CTRL_ATTR_FAMILY_NAME, name);
	ret = genl_talk(genl, request, family_reply, &genl->family, err);
	if (ret == -ENOENT)
		err_set(err,
			"the kernel has no '%s' family: load the module first (modprobe %s)",
			name, name);
	return ret;
}

/**
 * genl_open() - open a socket in the network namespace of this process
 * @genl: what to initialize; on success genl_close() must follow
 * @family: name of the family to talk to
 * @err: where an error is returned
 *
 * Return: 0; -ENOENT if the kernel has no such family; else a negative errno
 */
int genl_open(struct genl *genl, const char *family, struct err *err)
{
	int on = 1, ret;

	genl->family = 0;
	genl->seq = 0;
	genl->sock = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!genl->sock || mnl_socket_bind(genl->sock, 0, MNL_SOCKET_AUTOPID)) {
		ret = -errno;
		err_set(err, "cannot open a netlink socket: %s",
			strerror(errno));
		goto fail;
	}
	/* All three only make answers better: an old kernel may lack them. */
	mnl_socket_setsockopt(genl->sock, NETLINK_EXT_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(genl->sock, NETLINK_CAP_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(genl->sock, NETLINK_GET_STRICT_CHK, &on,
			      sizeof(on));
	raise_buffer(genl, SO_RCVBUFFORCE, SO_RCVBUF);
	ret = find_family(genl, family, err);
	if (!ret)
		return 0;
fail:
	genl_close(genl);
	return ret;
}

/**
 * genl_close() - close the socket
 * @genl: what genl_open() initialized
 */
void genl_close(struct genl *genl)
{
	if (genl->sock)
		mnl_socket_close(genl->sock);
	genl->sock = NULL;
}
