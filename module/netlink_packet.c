// SPDX-License-Identifier: GPL-2.0
/*
 * Requests on packets: let those that are held go on, and inject RSTs.
 */
#include <net/genetlink.h>
#include <net/net_namespace.h>

#include "action.h"
#include "compat.h"
#include "inject.h"
#include "netlink.h"
#include "netlink_gen.h"
#include "netlink_rule.h"
#include "netns.h"
#include "queue.h"
#include "segment.h"

/**
 * rstfault_nl_release_doit() - RSTFAULT_CMD_RELEASE
 * @skb: the request
 * @info: the request
 *
 * Context: May sleep.
 * Return: 0; -ENOENT: no such rule; -EINVAL: two are named; -ENOMEM.
 */
int rstfault_nl_release_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct rstf_net *rnet = rstf_net(genl_info_net(info));
	struct rstf_rule *rule = NULL;
	struct sk_buff *msg;
	void *hdr;
	int err;

	msg = rstf_netlink_reply(info, &hdr);
	if (!msg)
		return -ENOMEM;

	mutex_lock(&rnet->lock);
	if (info->attrs[RSTFAULT_A_ID] || info->attrs[RSTFAULT_A_NAME])
		rule = rstf_netlink_find_rule(rnet, info);
	err = PTR_ERR_OR_ZERO(rule);
	if (!err)
		err = nla_put_u32(msg, RSTFAULT_A_RELEASED,
				  rstf_queue_release(rnet, rule));
	mutex_unlock(&rnet->lock);
	if (err) {
		nlmsg_free(msg);
		return err;
	}

	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);
}

/* Both addresses of a family, as @tuple has them. */
static int parse_addresses(struct rstf_segment *seg, const struct nlattr *nest,
			   struct nlattr **tb, struct netlink_ext_ack *extack)
{
	bool ipv6 = seg->family == AF_INET6;
	int src = ipv6 ? RSTFAULT_A_TUPLE_SADDR6 : RSTFAULT_A_TUPLE_SADDR4;
	int dst = ipv6 ? RSTFAULT_A_TUPLE_DADDR6 : RSTFAULT_A_TUPLE_DADDR4;
	const struct nlattr *other;

	if (NL_REQ_ATTR_CHECK(extack, nest, tb, src) ||
	    NL_REQ_ATTR_CHECK(extack, nest, tb, dst)) {
		NL_SET_ERR_MSG(extack, "a connection has two addresses");
		return -EINVAL;
	}

	other = ipv6 ? tb[RSTFAULT_A_TUPLE_SADDR4] ?:
		       tb[RSTFAULT_A_TUPLE_DADDR4] :
		       tb[RSTFAULT_A_TUPLE_SADDR6] ?:
		       tb[RSTFAULT_A_TUPLE_DADDR6];
	if (other) {
		NL_SET_ERR_MSG_ATTR(extack, other,
				    "an address of another family");
		return -EINVAL;
	}

	memcpy(&seg->saddr, nla_data(tb[src]), nla_len(tb[src]));
	memcpy(&seg->daddr, nla_data(tb[dst]), nla_len(tb[dst]));
	return 0;
}

static int parse_tuple(struct rstf_segment *seg, const struct nlattr *nest,
		       struct netlink_ext_ack *extack)
{
	struct nlattr *tb[RSTFAULT_A_TUPLE_MAX + 1];
	int err;

	err = nla_parse_nested(tb, RSTFAULT_A_TUPLE_MAX, nest,
			       rstfault_tuple_nl_policy, extack);
	if (err)
		return err;

	if (NL_REQ_ATTR_CHECK(extack, nest, tb, RSTFAULT_A_TUPLE_FAMILY)) {
		NL_SET_ERR_MSG(extack, "a connection has a family");
		return -EINVAL;
	}
	seg->family = nla_get_u16(tb[RSTFAULT_A_TUPLE_FAMILY]);
	if (nla_get_u16(tb[RSTFAULT_A_TUPLE_FAMILY]) != AF_INET &&
	    nla_get_u16(tb[RSTFAULT_A_TUPLE_FAMILY]) != AF_INET6) {
		NL_SET_ERR_MSG_ATTR(extack, tb[RSTFAULT_A_TUPLE_FAMILY],
				    "the family is neither IPv4 nor IPv6");
		return -EAFNOSUPPORT;
	}

	err = parse_addresses(seg, nest, tb, extack);
	if (err)
		return err;

	if (NL_REQ_ATTR_CHECK(extack, nest, tb, RSTFAULT_A_TUPLE_SPORT) ||
	    NL_REQ_ATTR_CHECK(extack, nest, tb, RSTFAULT_A_TUPLE_DPORT)) {
		NL_SET_ERR_MSG(extack, "a connection has two ports");
		return -EINVAL;
	}
	seg->sport = nla_get_u16(tb[RSTFAULT_A_TUPLE_SPORT]);
	seg->dport = nla_get_u16(tb[RSTFAULT_A_TUPLE_DPORT]);

	return 0;
}

/* RSTs now, and one to each end: the rest of forge is for rules. */
static int parse_forge(struct rstf_forge *forge, const struct nlattr *nest,
		       struct netlink_ext_ack *extack)
{
	int err;

	err = rstf_netlink_parse_forge(forge, nest, extack);
	if (err)
		return err;

	if (forge->count != 1 || forge->every || forge->after || forge->drop) {
		NL_SET_ERR_MSG_ATTR(extack, nest,
				    "count, every, after and drop are for rules");
		return -EINVAL;
	}
	if (!nest || !nla_find_nested(nest, RSTFAULT_A_FORGE_TO))
		forge->to = RSTFAULT_END_SENDER | RSTFAULT_END_RECEIVER;

	return 0;
}

/**
 * rstfault_nl_inject_doit() - RSTFAULT_CMD_INJECT
 * @skb: the request
 * @info: the request
 *
 * Context: May sleep.
 * Return: 0; -EINVAL, -ERANGE or -EAFNOSUPPORT: the request is wrong; an error
 *	of rstf_inject(); -ENOMEM.
 */
int rstfault_nl_inject_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct rstf_net *rnet = rstf_net(genl_info_net(info));
	struct nlattr *tuple = info->attrs[RSTFAULT_A_TUPLE];
	struct rstf_segment seg = {};
	struct rstf_forge forge = {};
	struct sk_buff *msg;
	u8 outcome;
	void *hdr;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, RSTFAULT_A_TUPLE)) {
		GENL_SET_ERR_MSG(info, "which connection is to be reset?");
		return -EINVAL;
	}

	err = parse_tuple(&seg, tuple, info->extack);
	if (err)
		return err;
	err = parse_forge(&forge, info->attrs[RSTFAULT_A_FORGE], info->extack);
	if (err)
		return err;

	msg = rstf_netlink_reply(info, &hdr);
	if (!msg)
		return -ENOMEM;

	err = rstf_inject(rnet, &seg, &forge, &outcome, info->extack);
	if (err) {
		NL_SET_BAD_ATTR(info->extack, tuple);
		nlmsg_free(msg);
		return err;
	}

	WARN_ON(nla_put_u32(msg, RSTFAULT_A_OUTCOME, outcome));
	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);
}
