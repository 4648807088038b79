// SPDX-License-Identifier: GPL-2.0
/* TCP sockets, as sock_diag knows them. */

#include <arpa/inet.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/inet_diag.h>
#include <linux/sock_diag.h>

#include "attr.h"
#include "diag.h"
#include "err.h"
#include "genl.h"

/* As the kernel counts states. */
#define LISTEN		10

/* A new connection before there is a socket of its own for it. */
#define NEW_SYN_RECV	12

/* The kernel counts states from 1; our bits have the same order. */
static __u32 diag_states(__u32 state)
{
	__u32 states = state << 1;

	if (state & RSTFAULT_STATE_SYN_RECV)
		states |= 1u << NEW_SYN_RECV;
	return states;
}

static __u32 mark_of(const struct nlmsghdr *message)
{
	const struct nlattr *attr;
	__u32 mark = 0;

	mnl_attr_for_each(attr, message, sizeof(struct inet_diag_msg)) {
		if (mnl_attr_get_type(attr) == INET_DIAG_MARK)
			attr_get(attr, &mark, sizeof(mark));
	}
	return mark;
}

static bool is_wanted(const struct rule *rule, const struct tuple *tuple,
		      const struct inet_diag_msg *msg,
		      const struct nlmsghdr *message)
{
	__u32 mask = UINT32_MAX;

	if (!tuple_matches(rule, tuple))
		return false;
	if (rule->has & RULE_BIT(RSTFAULT_A_RULE_UID) &&
	    msg->idiag_uid != rule->uid)
		return false;
	if (!(rule->has & RULE_BIT(RSTFAULT_A_RULE_MARK)))
		return true;
	if (rule->has & RULE_BIT(RSTFAULT_A_RULE_MARK_MASK))
		mask = rule->mark_mask;
	return (mark_of(message) & mask) == rule->mark;
}

/**
 * diag_reply() - take a socket of an answer
 * @message: the message
 * @data: struct diag
 *
 * Return: 0 or a negative errno
 */
int diag_reply(const struct nlmsghdr *message, void *data)
{
	const struct inet_diag_msg *msg = mnl_nlmsg_get_payload(message);
	struct rule_prefix local, peer;
	struct diag *diag = data;
	struct tuple tuple, *more;
	size_t room;

	if (mnl_nlmsg_get_payload_len(message) < sizeof(*msg) ||
	    (msg->idiag_family != AF_INET && msg->idiag_family != AF_INET6))
		return -EBADMSG;
	tuple_address(&local, msg->idiag_family, msg->id.idiag_src);
	tuple_address(&peer, msg->idiag_family, msg->id.idiag_dst);
	tuple_set(&tuple, &local, ntohs(msg->id.idiag_sport), &peer,
		  ntohs(msg->id.idiag_dport));
	if (!is_wanted(diag->rule, &tuple, msg, message))
		return 0;
	if (diag->count == diag->room) {
		room = diag->room ? 2 * diag->room : 64;
		more = reallocarray(diag->tuple, room, sizeof(*more));
		if (!more)
			return -ENOMEM;
		diag->tuple = more;
		diag->room = room;
	}
	diag->tuple[diag->count++] = tuple;
	return 0;
}

static int dump(struct genl *genl, __u8 family, struct diag *diag,
		struct err *err)
{
	__u64 buf[128 / sizeof(__u64)];
	struct nlmsghdr *request = mnl_nlmsg_put_header(buf);
	const struct rule *rule = diag->rule;
	struct inet_diag_req_v2 *req;
	__u32 state = RSTFAULT_STATE_ESTABLISHED;

	if (rule->has & RULE_BIT(RSTFAULT_A_RULE_STATE))
		state = rule->state;
	request->nlmsg_type = SOCK_DIAG_BY_FAMILY;
	request->nlmsg_flags = NLM_F_DUMP;
	req = mnl_nlmsg_put_extra_header(request, sizeof(*req));
	req->sdiag_family = family;
	req->sdiag_protocol = IPPROTO_TCP;
	req->idiag_states = diag_states(state);
	return genl_talk(genl, request, diag_reply, diag, err);
}

/**
 * diag_find() - find the TCP sockets of this network namespace
 * @diag: where they are returned; the caller frees @diag->tuple in any case
 * @rule: matches on family, addresses, ports, uid, mark and state; those that
 *	are not there match every socket, but only established ones
 * @err: where an error is returned
 *
 * Return: 0 or a negative errno
 */
int diag_find(struct diag *diag, const struct rule *rule, struct err *err)
{
	struct genl genl;
	int ret;

	memset(diag, 0, sizeof(*diag));
	diag->rule = rule;
	ret = genl_socket(&genl, NETLINK_SOCK_DIAG, err);
	if (ret)
		return ret;
	ret = dump(&genl, AF_INET, diag, err);
	if (ret == -ENOENT)
		err_set(err,
			"the kernel cannot list TCP sockets: it lacks tcp_diag (CONFIG_INET_TCP_DIAG)");
	if (!ret) {
		/* A connection over IPv4 may have a socket of IPv6. */
		ret = dump(&genl, AF_INET6, diag, err);
		/* Without IPv6 there is nobody to ask. */
		if (ret == -ENOENT || ret == -EAFNOSUPPORT)
			ret = 0;
	}
	genl_close(&genl);
	return ret;
}

static int state_reply(const struct nlmsghdr *message, void *data)
{
	const struct inet_diag_msg *msg = mnl_nlmsg_get_payload(message);
	__u32 *state = data;

	if (mnl_nlmsg_get_payload_len(message) < sizeof(*msg))
		return -EBADMSG;
	/* A listener is what is found where there is no connection. */
	if (msg->idiag_state == NEW_SYN_RECV)
		*state = RSTFAULT_STATE_SYN_RECV;
	else if (msg->idiag_state && msg->idiag_state != LISTEN)
		*state = 1u << (msg->idiag_state - 1);
	return 0;
}

/**
 * diag_state() - the state of one socket
 * @genl: a socket for that, see genl_socket()
 * @tuple: its connection, the source is the local end
 * @state: where enum rstfault_state is returned; closed, if there is no socket
 * @err: where an error is returned
 *
 * Return: 0 or a negative errno
 */
int diag_state(struct genl *genl, const struct tuple *tuple, __u32 *state,
	       struct err *err)
{
	__u64 buf[128 / sizeof(__u64)];
	struct nlmsghdr *request = mnl_nlmsg_put_header(buf);
	struct inet_diag_req_v2 *req;
	int ret;

	request->nlmsg_type = SOCK_DIAG_BY_FAMILY;
	req = mnl_nlmsg_put_extra_header(request, sizeof(*req));
	req->sdiag_family = tuple->family;
	req->sdiag_protocol = IPPROTO_TCP;
	req->idiag_states = ~0u;
	req->id.idiag_sport = htons(tuple->sport);
	req->id.idiag_dport = htons(tuple->dport);
	memcpy(req->id.idiag_src, tuple->saddr.addr,
	       sizeof(req->id.idiag_src));
	memcpy(req->id.idiag_dst, tuple->daddr.addr,
	       sizeof(req->id.idiag_dst));
	req->id.idiag_cookie[0] = INET_DIAG_NOCOOKIE;
	req->id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
	*state = RSTFAULT_STATE_CLOSED;
	ret = genl_talk(genl, request, state_reply, state, err);
	return ret == -ENOENT ? 0 : ret;
}
