// SPDX-License-Identifier: GPL-2.0
/*
 * A listener to the events of a host.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "events.h"
#include "family.h"

struct group {
	const char *name;
	uint32_t id;
};

static int group_attr(const struct nlattr *attr, void *data)
{
	struct group *group = data;

	if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_NAME)
		group->name = mnl_attr_get_str(attr);
	if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_ID)
		group->id = mnl_attr_get_u32(attr);
	return MNL_CB_OK;
}

static int group_top(const struct nlattr *attr, void *data)
{
	const struct nlattr *nest;
	uint32_t *id = data;

	if (mnl_attr_get_type(attr) != CTRL_ATTR_MCAST_GROUPS)
		return MNL_CB_OK;

	mnl_attr_for_each_nested(nest, attr) {
		struct group group = { .name = "" };

		mnl_attr_parse_nested(nest, group_attr, &group);
		if (!strcmp(group.name, RSTFAULT_MCGRP_EVENTS))
			*id = group.id;
	}
	return MNL_CB_OK;
}

static int group_message(const struct nlmsghdr *nlh, void *data)
{
	return mnl_attr_parse(nlh, sizeof(struct genlmsghdr), group_top, data);
}

/**
 * events_open() - begin to listen
 * @nl: gets a socket, for mnl_socket_close() if the function returns 0
 * @host: where; NULL: where the caller is
 *
 * Return: 0 or a negative errno; -EPERM: the caller is not allowed to.
 */
int events_open(struct mnl_socket **nl, const struct host *host)
{
	struct refusal refusal;
	struct nlmsghdr *nlh;
	struct family family;
	uint32_t id = 0;
	int err;

	err = family_open(&family, host);
	if (err)
		return err;

	nlh = family_request(&family, CTRL_CMD_GETFAMILY, 0);
	nlh->nlmsg_type = GENL_ID_CTRL;
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, RSTFAULT_FAMILY_NAME);
	err = family_send(&family, nlh, group_message, &id, &refusal);
	if (!err && mnl_socket_setsockopt(family.nl, NETLINK_ADD_MEMBERSHIP,
					  &id, sizeof(id)))
		err = -errno;
	if (err) {
		family_close(&family);
		return err;
	}

	*nl = family.nl;
	return 0;
}

static int tuple_attr(const struct nlattr *attr, void *data)
{
	struct event *event = data;
	const void *payload = mnl_attr_get_payload(attr);

	switch (mnl_attr_get_type(attr)) {
	case RSTFAULT_A_TUPLE_FAMILY:
		event->family = mnl_attr_get_u16(attr);
		break;
	case RSTFAULT_A_TUPLE_SADDR4:
		inet_ntop(AF_INET, payload, event->saddr, INET6_ADDRSTRLEN);
		break;
	case RSTFAULT_A_TUPLE_SADDR6:
		inet_ntop(AF_INET6, payload, event->saddr, INET6_ADDRSTRLEN);
		break;
	case RSTFAULT_A_TUPLE_DADDR4:
		inet_ntop(AF_INET, payload, event->daddr, INET6_ADDRSTRLEN);
		break;
	case RSTFAULT_A_TUPLE_DADDR6:
		inet_ntop(AF_INET6, payload, event->daddr, INET6_ADDRSTRLEN);
		break;
	case RSTFAULT_A_TUPLE_SPORT:
		event->sport = mnl_attr_get_u16(attr);
		break;
	case RSTFAULT_A_TUPLE_DPORT:
		event->dport = mnl_attr_get_u16(attr);
		break;
	}
	return MNL_CB_OK;
}

static int event_attr(const struct nlattr *attr, void *data)
{
	struct event *event = data;

	switch (mnl_attr_get_type(attr)) {
	case RSTFAULT_A_EVENT_TYPE:
		event->type = mnl_attr_get_u32(attr);
		break;
	case RSTFAULT_A_EVENT_NUMBER:
		event->number = mnl_attr_get_u64(attr);
		break;
	case RSTFAULT_A_EVENT_TIME:
		event->time = mnl_attr_get_u64(attr);
		break;
	case RSTFAULT_A_EVENT_RULE_ID:
		event->rule_id = mnl_attr_get_u32(attr);
		break;
	case RSTFAULT_A_EVENT_RULE_NAME:
		strncpy(event->rule_name, mnl_attr_get_str(attr),
			RSTFAULT_NAME_MAX);
		break;
	case RSTFAULT_A_EVENT_HOOK:
		event->hook = mnl_attr_get_u32(attr);
		break;
	case RSTFAULT_A_EVENT_DROP:
		event->drop = true;
		break;
	case RSTFAULT_A_EVENT_ACTION:
		event->action = mnl_attr_get_u32(attr);
		break;
	case RSTFAULT_A_EVENT_SHADOW:
		event->shadow = true;
		break;
	case RSTFAULT_A_EVENT_TUPLE:
		mnl_attr_parse_nested(attr, tuple_attr, event);
		break;
	case RSTFAULT_A_EVENT_FLAGS:
		event->flags = mnl_attr_get_u8(attr);
		break;
	case RSTFAULT_A_EVENT_SEQ:
		event->seq = mnl_attr_get_u32(attr);
		break;
	case RSTFAULT_A_EVENT_ACK:
		event->ack = mnl_attr_get_u32(attr);
		event->has_ack = true;
		break;
	case RSTFAULT_A_EVENT_LENGTH:
		event->length = mnl_attr_get_u32(attr);
		break;
	case RSTFAULT_A_EVENT_HELD:
		event->held = mnl_attr_get_u64(attr);
		break;
	case RSTFAULT_A_EVENT_FATE:
		event->fate = mnl_attr_get_u32(attr);
		break;
	case RSTFAULT_A_EVENT_OUTCOME:
		event->outcome = mnl_attr_get_u32(attr);
		break;
	case RSTFAULT_A_EVENT_SOCKET_STATE:
		event->state = mnl_attr_get_u32(attr);
		break;
	}
	return MNL_CB_OK;
}

static int event_top(const struct nlattr *attr, void *data)
{
	if (mnl_attr_get_type(attr) == RSTFAULT_A_EVENT)
		mnl_attr_parse_nested(attr, event_attr, data);
	return MNL_CB_OK;
}

/**
 * events_read() - wait for an event
 * @nl: socket of events_open()
 * @event: what has happened
 * @timeout_ms: how long to wait for it
 *
 * Return: 0; -EAGAIN: nothing has happened; -ENOBUFS: something has that was
 *	lost; or another negative errno.
 */
int events_read(struct mnl_socket *nl, struct event *event, int timeout_ms)
{
	struct pollfd pfd = {
		.fd = mnl_socket_get_fd(nl),
		.events = POLLIN,
	};
	char buf[8192];
	ssize_t len;

	if (poll(&pfd, 1, timeout_ms) <= 0)
		return -EAGAIN;
	len = mnl_socket_recvfrom(nl, buf, sizeof(buf));
	if (len < 0)
		return -errno;

	memset(event, 0, sizeof(*event));
	event->fate = -1;
	event->outcome = -1;
	mnl_attr_parse((struct nlmsghdr *)buf, sizeof(struct genlmsghdr),
		       event_top, event);
	return 0;
}

/**
 * events_wait() - wait for an event of a type
 * @nl: socket of events_open()
 * @event: what has happened
 * @type: enum rstfault_event_type; others in front of it are read and left out
 * @timeout_ms: how long to wait for each
 *
 * Return: as events_read().
 */
int events_wait(struct mnl_socket *nl, struct event *event, uint32_t type,
		int timeout_ms)
{
	int err;

	do {
		err = events_read(nl, event, timeout_ms);
	} while (!err && event->type != type);

	return err;
}
