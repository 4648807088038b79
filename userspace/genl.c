// SPDX-License-Identifier: GPL-2.0
/* Generic netlink: find a family, send a request, collect what it answers. */

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/genetlink.h>

#include "attr.h"
#include "err.h"
#include "genl.h"
#include "refusal.h"

/* Enough for what the kernel says at once, even of a large ruleset. */
#define RECEIVE_BUFFER	(4 * 1024 * 1024)

/* Events are sent whether somebody reads or not. */
#define EVENT_BUFFER	(32 * 1024 * 1024)

/* What the kernel adds to each message when it counts what a buffer holds. */
#define SEND_OVERHEAD	4096

/*
 * Raises what is too small for a large ruleset; root of the host may exceed the
 * limits. The kernel doubles what is set.
 */
static void raise_buffer(struct genl *genl, int forced, int unforced, int size)
{
	int fd = mnl_socket_get_fd(genl->sock);

	if (setsockopt(fd, SOL_SOCKET, forced, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, unforced, &size, sizeof(size));
}

static int send_request(struct genl *genl, const struct nlmsghdr *request)
{
	ssize_t sent;

	sent = mnl_socket_sendto(genl->sock, request, request->nlmsg_len);
	if (sent < 0 && errno == EMSGSIZE) {
		raise_buffer(genl, SO_SNDBUFFORCE, SO_SNDBUF,
			     request->nlmsg_len + SEND_OVERHEAD);
		sent = mnl_socket_sendto(genl->sock, request,
					 request->nlmsg_len);
	}
	return sent < 0 ? -errno : 0;
}

/* Root of a user namespace alone may not exceed the limit of the host. */
static void explain_send(const struct nlmsghdr *request, int code,
			 struct err *err)
{
	if (code == -EMSGSIZE)
		err_set(err,
			"the request is too large: it has %u bytes, which needs a net.core.wmem_max of %u; have root of the host raise that, or add fewer rules at once",
			request->nlmsg_len,
			(request->nlmsg_len + SEND_OVERHEAD) / 2);
	else
		err_set(err, "cannot send to the kernel: %s", strerror(-code));
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

	genl->refused = -1;
	request->nlmsg_flags |= NLM_F_REQUEST | NLM_F_ACK;
	request->nlmsg_seq = ++genl->seq;
	ret = send_request(genl, request);
	if (ret) {
		explain_send(request, ret, err);
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
				genl->refused = refusal_explain(message, request,
								err);
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

/**
 * struct group - a multicast group that is looked for
 * @name: its name
 * @id: its number, 0 if it was not found
 */
struct group {
	const char *name;
	__u32 id;
};

static void match_group(const struct nlattr *nest, struct group *group)
{
	const struct nlattr *attr;
	bool is_it = false;
	__u32 id = 0;

	mnl_attr_for_each_nested(attr, nest) {
		switch (mnl_attr_get_type(attr)) {
		case CTRL_ATTR_MCAST_GRP_NAME:
			is_it = !strncmp(mnl_attr_get_payload(attr),
					 group->name,
					 mnl_attr_get_payload_len(attr));
			break;
		case CTRL_ATTR_MCAST_GRP_ID:
			attr_get(attr, &id, sizeof(id));
			break;
		}
	}
	if (is_it)
		group->id = id;
}

static int group_reply(const struct nlmsghdr *message, void *data)
{
	const struct nlattr *attr, *nest;

	mnl_attr_for_each(attr, message, GENL_HDRLEN) {
		if (mnl_attr_get_type(attr) != CTRL_ATTR_MCAST_GROUPS)
			continue;
		mnl_attr_for_each_nested(nest, attr)
			match_group(nest, data);
	}
	return 0;
}

static int ask_family(struct genl *genl, const char *name, genl_reply_t reply,
		      void *data, struct err *err)
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
	ret = genl_talk(genl, request, reply, data, err);
	if (ret == -ENOENT)
		err_set(err,
			"the kernel has no '%s' family: load the module first (modprobe %s)",
			name, name);
	return ret;
}

static int find_family(struct genl *genl, const char *name, struct err *err)
{
	return ask_family(genl, name, family_reply, &genl->family, err);
}

/**
 * genl_socket() - open a socket in the network namespace of this process
 * @genl: what to initialize; on success genl_close() must follow
 * @bus: NETLINK_*
 * @err: where an error is returned
 *
 * Return: 0 or a negative errno
 */
int genl_socket(struct genl *genl, int bus, struct err *err)
{
	int on = 1, ret;

	genl->family = 0;
	genl->seq = 0;
	genl->sock = mnl_socket_open2(bus, SOCK_CLOEXEC);
	if (!genl->sock || mnl_socket_bind(genl->sock, 0, MNL_SOCKET_AUTOPID)) {
		ret = -errno;
		err_set(err, "cannot open a netlink socket: %s",
			strerror(errno));
		genl_close(genl);
		return ret;
	}
	/* All three only make answers better: an old kernel may lack them. */
	mnl_socket_setsockopt(genl->sock, NETLINK_EXT_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(genl->sock, NETLINK_CAP_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(genl->sock, NETLINK_GET_STRICT_CHK, &on,
			      sizeof(on));
	raise_buffer(genl, SO_RCVBUFFORCE, SO_RCVBUF, RECEIVE_BUFFER);
	return 0;
}

/**
 * genl_open() - open a socket to a family, in the network namespace of this
 *	process
 * @genl: what to initialize; on success genl_close() must follow
 * @family: name of the family to talk to
 * @err: where an error is returned
 *
 * Return: 0; -ENOENT if the kernel has no such family; else a negative errno
 */
int genl_open(struct genl *genl, const char *family, struct err *err)
{
	int ret = genl_socket(genl, NETLINK_GENERIC, err);

	if (ret)
		return ret;
	ret = find_family(genl, family, err);
	if (ret)
		genl_close(genl);
	return ret;
}

static int find_group(struct genl *genl, const char *family, struct group *group,
		      struct err *err)
{
	int ret = ask_family(genl, family, group_reply, group, err);

	if (ret || group->id)
		return ret;
	err_set(err, "the module has no group '%s': it is older than rstctl",
		group->name);
	return -ENOENT;
}

static int join_group(struct genl *genl, const struct group *group,
		      struct err *err)
{
	int ret;

	if (!mnl_socket_setsockopt(genl->sock, NETLINK_ADD_MEMBERSHIP,
				   (void *)&group->id, sizeof(group->id)))
		return 0;
	ret = -errno;
	if (ret == -EPERM)
		err_set(err,
			"not permitted: CAP_NET_ADMIN is needed in this network namespace");
	else
		err_set(err, "cannot join the group '%s': %s", group->name,
			strerror(errno));
	return ret;
}

/**
 * genl_join() - get what is sent to a multicast group, and be told when its
 *	family is removed
 * @genl: the socket; it can ask nothing from now on, as what is sent to the
 *	group would be taken for answers
 * @family: name of its family
 * @name: name of the group
 * @err: where an error is returned
 *
 * Return: 0 or a negative errno
 */
int genl_join(struct genl *genl, const char *family, const char *name,
	      struct err *err)
{
	struct group group = { .name = name };
	struct group control = { .name = "notify" };
	int ret;

	/* Without a family its groups are silent, but one says so. */
	ret = find_group(genl, "nlctrl", &control, err);
	if (!ret)
		ret = find_group(genl, family, &group, err);
	if (ret)
		return ret;
	raise_buffer(genl, SO_RCVBUFFORCE, SO_RCVBUF, EVENT_BUFFER);
	ret = join_group(genl, &group, err);
	return ret ? ret : join_group(genl, &control, err);
}

/**
 * genl_removed() - does a message say that the family was removed?
 * @genl: the socket, after genl_join()
 * @message: what it has received
 *
 * Return: true if it does
 */
bool genl_removed(const struct genl *genl, const struct nlmsghdr *message)
{
	const struct genlmsghdr *genlh = mnl_nlmsg_get_payload(message);
	const struct nlattr *attr;
	__u16 family = 0;

	if (message->nlmsg_type != GENL_ID_CTRL ||
	    mnl_nlmsg_get_payload_len(message) < sizeof(*genlh) ||
	    genlh->cmd != CTRL_CMD_DELFAMILY)
		return false;
	mnl_attr_for_each(attr, message, GENL_HDRLEN) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
			attr_get(attr, &family, sizeof(family));
	}
	return family == genl->family;
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
