// SPDX-License-Identifier: GPL-2.0
/*
 * What a rule asks of the local socket, in a message.
 */
#include <linux/cgroup.h>
#include <linux/cred.h>
#include <linux/slab.h>
#include <linux/uidgid.h>
#include <linux/user_namespace.h>
#include <net/netlink.h>

#include "match.h"
#include "netlink_gen.h"
#include "netlink_rule.h"

/* A socket at one end of a segment is local, but in passing none is. */
static int check_hook(u32 hook, struct nlattr **tb,
		      struct netlink_ext_ack *extack)
{
	static const u16 types[] = {
		RSTFAULT_A_RULE_UID, RSTFAULT_A_RULE_CGROUP,
		RSTFAULT_A_RULE_STATE,
	};
	unsigned int i;

	if (hook != RSTFAULT_HOOK_FORWARD)
		return 0;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		if (tb[types[i]]) {
			NL_SET_ERR_MSG_ATTR(extack, tb[types[i]],
					    "a forwarded segment has no local socket");
			return -EINVAL;
		}
	}

	return 0;
}

static int parse_uid(struct rstf_match_sock *match, const struct nlattr *attr,
		     struct netlink_ext_ack *extack)
{
	if (!attr)
		return 0;

	match->uid = make_kuid(current_user_ns(), nla_get_u32(attr));
	if (!uid_valid(match->uid)) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "your user namespace has no such user");
		return -EINVAL;
	}

	match->asks |= RSTF_ASKS_UID;
	return 0;
}

#ifdef CONFIG_SOCK_CGROUP_DATA
static int parse_cgroup(struct rstf_match_sock *match,
			const struct nlattr *attr,
			struct netlink_ext_ack *extack)
{
	struct cgroup *cgroup;

	if (!attr)
		return 0;

	if (!*(char *)nla_data(attr)) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "the path of a control group cannot be empty");
		return -EINVAL;
	}

	match->path = nla_strdup(attr, GFP_KERNEL_ACCOUNT);
	if (!match->path) {
		NL_SET_ERR_MSG(extack, "no memory for a rule");
		return -ENOMEM;
	}

	cgroup = cgroup_get_from_path(match->path);
	if (IS_ERR(cgroup)) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "no such control group");
		return PTR_ERR(cgroup);
	}

	match->cgroup = cgroup;
	match->asks |= RSTF_ASKS_CGROUP;
	return 0;
}
#else
static int parse_cgroup(struct rstf_match_sock *match,
			const struct nlattr *attr,
			struct netlink_ext_ack *extack)
{
	if (!attr)
		return 0;

	NL_SET_ERR_MSG_ATTR(extack, attr,
			    "this kernel does not know the control groups of sockets");
	return -EOPNOTSUPP;
}
#endif

static int parse_state(struct rstf_match_sock *match, const struct nlattr *attr,
		       struct netlink_ext_ack *extack)
{
	if (!attr)
		return 0;

	match->state = nla_get_u32(attr);
	if (!match->state) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "a rule for states needs at least one");
		return -EINVAL;
	}

	match->asks |= RSTF_ASKS_STATE;
	return 0;
}

static int parse_origin(struct rstf_match_sock *match, u32 hook, u32 kinds,
			const struct nlattr *attr,
			struct netlink_ext_ack *extack)
{
	if (!attr)
		return 0;

	match->origin = nla_get_u32(attr);
	if (!match->origin) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "a rule for origins needs at least one");
		return -EINVAL;
	}
	if (hook != RSTFAULT_HOOK_OUT && hook != RSTFAULT_HOOK_OUTPUT) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "only a leaving segment has an origin");
		return -EINVAL;
	}
	if (kinds != RSTFAULT_SEGMENT_RST) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "only a RST has an origin");
		return -EINVAL;
	}

	match->asks |= RSTF_ASKS_ORIGIN;
	return 0;
}

/**
 * rstf_netlink_parse_match_sock() - read what a rule asks of the local socket
 * @match: match of the rule, with hook and kinds; after an error too,
 *	rstf_match_sock_clean() frees what it has
 * @tb: attributes of the rule
 * @extack: gets a sentence and the offending attribute with every error
 *
 * Context: Process context of who makes the request. May sleep.
 * Return: 0; -EINVAL: the request is wrong; -ENOENT or -ENOTDIR: there is no
 *	such control group; -EOPNOTSUPP: the kernel knows none; -ENOMEM.
 */
int rstf_netlink_parse_match_sock(struct rstf_match *match, struct nlattr **tb,
				  struct netlink_ext_ack *extack)
{
	struct rstf_match_sock *sock = &match->sock;
	int err;

	err = check_hook(match->hook, tb, extack);
	if (err)
		return err;

	err = parse_uid(sock, tb[RSTFAULT_A_RULE_UID], extack);
	if (err)
		return err;

	err = parse_cgroup(sock, tb[RSTFAULT_A_RULE_CGROUP], extack);
	if (err)
		return err;

	err = parse_state(sock, tb[RSTFAULT_A_RULE_STATE], extack);
	if (err)
		return err;

	return parse_origin(sock, match->hook, match->kinds,
			    tb[RSTFAULT_A_RULE_ORIGIN], extack);
}

/**
 * rstf_netlink_put_match_sock() - append what a rule asks to its attribute
 * @skb: the message
 * @match: what it asks
 *
 * Context: Process context of who reads. User ids are as its user namespace
 *	has them; one that it does not know is (uid_t)-1, which is no user of
 *	it, so that a rule that is saved and loaded is not about another one.
 * Return: 0 or -EMSGSIZE.
 */
int rstf_netlink_put_match_sock(struct sk_buff *skb,
				const struct rstf_match_sock *match)
{
	if ((match->asks & RSTF_ASKS_UID &&
	     nla_put_u32(skb, RSTFAULT_A_RULE_UID,
			 from_kuid(current_user_ns(), match->uid))) ||
	    (match->asks & RSTF_ASKS_CGROUP &&
	     nla_put_string(skb, RSTFAULT_A_RULE_CGROUP, match->path)) ||
	    (match->asks & RSTF_ASKS_STATE &&
	     nla_put_u32(skb, RSTFAULT_A_RULE_STATE, match->state)) ||
	    (match->asks & RSTF_ASKS_ORIGIN &&
	     nla_put_u32(skb, RSTFAULT_A_RULE_ORIGIN, match->origin)))
		return -EMSGSIZE;

	return 0;
}
