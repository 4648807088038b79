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

/**
 * struct search - a socket that is looked for
 * @tuple: its connection, the source is the local end
 * @state: enum rstfault_state; closed until it is found
 */
struct search {
	const struct tuple *tuple;
	__u32 state;
};

static int state_reply(const struct nlmsghdr *message, void *data)
{
	const struct inet_diag_msg *msg = mnl_nlmsg_get_payload(message);
	struct rule_prefix local, peer;
	struct search *search = data;

	if (mnl_nlmsg_get_payload_len(message) < sizeof(*msg) ||
	    (msg->idiag_family != AF_INET && msg->idiag_family != AF_INET6))
		return -EBADMSG;
	tuple_address(&local, msg->idiag_family, msg->id.idiag_src);
	tuple_address(&peer, msg->idiag_family, msg->id.idiag_dst);
	/* A dump may have others that are between the same ports. */
	if (memcmp(local.addr, search->tuple->saddr.addr, sizeof(local.addr)) ||
	    memcmp(peer.addr, search->tuple->daddr.addr, sizeof(peer.addr)))
		return 0;
	/* A listener is what is found where there is no connection. */
	if (msg->idiag_state == NEW_SYN_RECV)
		search->state = RSTFAULT_STATE_SYN_RECV;
	else if (msg->idiag_state && msg->idiag_state != LISTEN)
		search->state = 1u << (msg->idiag_state - 1);
	return 0;
}

static struct nlmsghdr *put_search(void *buf, __u8 family,
				   const struct tuple *tuple)
{
	struct nlmsghdr *request = mnl_nlmsg_put_header(buf);
	struct inet_diag_req_v2 *req;

	request->nlmsg_type = SOCK_DIAG_BY_FAMILY;
	req = mnl_nlmsg_put_extra_header(request, sizeof(*req));
	req->sdiag_family = family;
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
	return request;
}

/* Among all of a family, of which the kernel compares the ports only. */
static int search_all(struct genl *genl, __u8 family, struct search *search,
		      struct err *err)
{
	__u64 buf[128 / sizeof(__u64)];
	struct nlmsghdr *request = put_search(buf, family, search->tuple);

	request->nlmsg_flags = NLM_F_DUMP;
	return genl_talk(genl, request, state_reply, search, err);
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
	struct search search = {
		.tuple = tuple, .state = RSTFAULT_STATE_CLOSED,
	};
	__u64 buf[128 / sizeof(__u64)];
	int ret;

	ret = genl_talk(genl, put_search(buf, tuple->family, tuple),
			state_reply, &search, err);
	/*
	 * One that is bound to a device, by itself, by a VRF or by a link-local
	 * address, is not found so, as it is not known which device that is.
	 */
	if ((!ret || ret == -ENOENT) && search.state == RSTFAULT_STATE_CLOSED)
		ret = search_all(genl, tuple->family, &search, err);
	/* A connection over IPv4 may have a socket of IPv6. */
	if (!ret && search.state == RSTFAULT_STATE_CLOSED &&
	    tuple->family == AF_INET)
		ret = search_all(genl, AF_INET6, &search, err);
	*state = search.state;
	/* Without IPv6 there is nobody to ask. */
	return ret == -ENOENT || ret == -EAFNOSUPPORT ? 0 : ret;
}
