// SPDX-License-Identifier: GPL-2.0
/*
 * The generic netlink family: requests on the ruleset of the sender's netns.
 * The protocol is Documentation/netlink/specs/rstfault.yaml.
 */
#include <net/genetlink.h>
#include <net/net_namespace.h>
#include <net/sock.h>

#include "compat.h"
#include "event.h"
#include "netlink.h"
#include "netlink_gen.h"
#include "netlink_rule.h"
#include "netns.h"
#include "owner.h"
#include "rule.h"
#include "rulelist.h"

/**
 * rstf_netlink_reply() - start the reply to a request
 * @info: the request
 * @hdr: gets what genlmsg_end() needs
 *
 * Context: May sleep.
 * Return: the message, or NULL, and the request has been told.
 */
struct sk_buff *rstf_netlink_reply(struct genl_info *info, void **hdr)
{
	struct sk_buff *msg;

	msg = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (msg) {
		*hdr = genlmsg_put_reply(msg, info, &rstf_netlink_family, 0,
					 info->genlhdr->cmd);
		if (*hdr)
			return msg;
		nlmsg_free(msg);
	}

	GENL_SET_ERR_MSG(info, "no memory for the reply");
	return NULL;
}

/**
 * rstf_netlink_check_generation() - is the ruleset the one of the request?
 * @rnet: the netns
 * @info: the request
 *
 * Context: Caller holds rstf_net.lock.
 * Return: 0; -ESTALE: the request was made for another state of the ruleset.
 */
int rstf_netlink_check_generation(const struct rstf_net *rnet,
				  struct genl_info *info)
{
	const struct nlattr *attr = info->attrs[RSTFAULT_A_GENERATION];

	lockdep_assert_held(&rnet->lock);

	if (!attr || nla_get_u32(attr) == rnet->generation)
		return 0;

	NL_SET_ERR_MSG_ATTR(info->extack, attr,
			    "the ruleset is of another generation");
	return -ESTALE;
}

/**
 * rstf_netlink_find_rule() - the rule that a request names
 * @rnet: the netns
 * @info: the request
 *
 * Context: Caller holds rstf_net.lock.
 * Return: the rule; -ENOENT: no such rule; -EINVAL: none or two are named.
 */
struct rstf_rule *rstf_netlink_find_rule(struct rstf_net *rnet,
					 struct genl_info *info)
{
	const struct nlattr *id = info->attrs[RSTFAULT_A_ID];
	const struct nlattr *name = info->attrs[RSTFAULT_A_NAME];
	char key[RSTFAULT_NAME_MAX + 1];
	struct rstf_rule *rule;

	if (!id == !name) {
		GENL_SET_ERR_MSG(info, "say either the id or the name of a rule");
		return ERR_PTR(-EINVAL);
	}

	if (id) {
		rule = rstf_rulelist_find_id(rnet, nla_get_u32(id));
	} else {
		strscpy_pad(key, nla_data(name), sizeof(key));
		rule = rstf_rulelist_find_name(rnet, key);
	}
	if (rule)
		return rule;

	NL_SET_ERR_MSG_ATTR(info->extack, id ? id : name, "no such rule");
	return ERR_PTR(-ENOENT);
}

/* Make rules of every RSTFAULT_A_RULE in a request, in their order. */
static int netlink_parse_rules(struct list_head *rules, struct sk_buff *skb,
			       struct genl_info *info)
{
	const struct nlattr *attr;
	struct rstf_rule *rule;
	int rem;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(attr) != RSTFAULT_A_RULE)
			continue;

		rule = rstf_netlink_parse_rule(attr, info->extack);
		if (IS_ERR(rule))
			return PTR_ERR(rule);
		if (info->attrs[RSTFAULT_A_OWN])
			rstf_owner_set(rule, NETLINK_CB(skb).sk,
				       info->snd_portid);
		list_add_tail(&rule->list, rules);
	}

	if (list_empty(rules) && !info->attrs[RSTFAULT_A_REPLACE]) {
		GENL_REQ_ATTR_CHECK(info, RSTFAULT_A_RULE);
		GENL_SET_ERR_MSG(info, "there is no rule to add");
		return -EINVAL;
	}

	return 0;
}

/* Point at the name of @taken, one of the @rules that a request is made of. */
static void netlink_blame_name(const struct list_head *rules,
			       const struct rstf_rule *taken,
			       struct genl_info *info)
{
	struct rstf_rule *rule = list_first_entry(rules, struct rstf_rule, list);
	const struct nlattr *attr;
	int rem;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(attr) != RSTFAULT_A_RULE)
			continue;
		if (rule == taken) {
			NL_SET_BAD_ATTR(info->extack,
					nla_find_nested(attr,
							RSTFAULT_A_RULE_NAME));
			return;
		}
		rule = list_next_entry(rule, list);
	}
}

/* The rule that a request wants its rules to be in front of, or NULL. */
static struct rstf_rule *netlink_find_before(struct rstf_net *rnet,
					     struct genl_info *info)
{
	const struct nlattr *attr = info->attrs[RSTFAULT_A_BEFORE];
	struct rstf_rule *rule;

	if (!attr)
		return NULL;

	if (info->attrs[RSTFAULT_A_REPLACE]) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "replace leaves no rule to insert in front of");
		return ERR_PTR(-EINVAL);
	}

	rule = rstf_rulelist_find_id(rnet, nla_get_u32(attr));
	if (!rule) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "there is no rule of this id to insert in front of");
		return ERR_PTR(-ENOENT);
	}

	return rule;
}

/* Add rules as the request asks for it, or find out whether that can be. */
static int netlink_add_rules(struct rstf_net *rnet, struct list_head *rules,
			     struct genl_info *info)
{
	struct rstf_addition add = {
		.rules = rules,
		.replace = info->attrs[RSTFAULT_A_REPLACE],
		.check = info->attrs[RSTFAULT_A_CHECK],
	};
	int err;

	err = rstf_netlink_check_generation(rnet, info);
	if (err)
		return err;

	add.before = netlink_find_before(rnet, info);
	if (IS_ERR(add.before))
		return PTR_ERR(add.before);

	err = rstf_rulelist_add(rnet, &add, info->extack);
	if (err == -EEXIST)
		netlink_blame_name(rules, add.taken, info);

	return err;
}

/**
 * rstfault_nl_rule_add_doit() - RSTFAULT_CMD_RULE_ADD
 * @skb: the request
 * @info: the request
 *
 * Context: May sleep. Requests of different netns run side by side.
 * Return: 0; an error of rstf_netlink_parse_rule() or rstf_rulelist_add();
 *	-ESTALE: the generation is another one; -ENOENT: there is no rule to
 *	insert in front of; -ENOMEM.
 */
int rstfault_nl_rule_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct rstf_net *rnet = rstf_net(genl_info_net(info));
	struct sk_buff *msg;
	LIST_HEAD(rules);
	bool has_id;
	void *hdr;
	u32 id;
	int err;

	err = netlink_parse_rules(&rules, skb, info);
	if (err)
		goto out_rules;

	/* Before the commit: behind it nothing may fail. */
	err = -ENOMEM;
	msg = rstf_netlink_reply(info, &hdr);
	if (!msg)
		goto out_rules;

	has_id = !list_empty(&rules) && !info->attrs[RSTFAULT_A_CHECK];
	mutex_lock(&rnet->lock);
	id = rnet->last_id + 1;
	err = netlink_add_rules(rnet, &rules, info);
	if (!err)
		WARN_ON((has_id && nla_put_u32(msg, RSTFAULT_A_ID, id)) ||
			nla_put_u32(msg, RSTFAULT_A_GENERATION,
				    rnet->generation));
	mutex_unlock(&rnet->lock);
	if (err)
		goto out_msg;

	/* What was only checked is still here. */
	rstf_rule_free_list(&rules);
	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);

out_msg:
	nlmsg_free(msg);
out_rules:
	rstf_rule_free_list(&rules);
	return err;
}

/**
 * rstfault_nl_rule_del_doit() - RSTFAULT_CMD_RULE_DEL
 * @skb: the request
 * @info: the request
 *
 * Context: May sleep.
 * Return: 0; -ENOENT: no such rule; -EINVAL: none or two are named; -ESTALE:
 *	the generation is another one; -ENOMEM.
 */
int rstfault_nl_rule_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct rstf_net *rnet = rstf_net(genl_info_net(info));
	struct rstf_rule *rule;
	int err;

	mutex_lock(&rnet->lock);
	err = rstf_netlink_check_generation(rnet, info);
	if (err)
		goto out_unlock;

	rule = rstf_netlink_find_rule(rnet, info);
	if (IS_ERR(rule))
		err = PTR_ERR(rule);
	else
		err = rstf_rulelist_del(rnet, rule, info->extack);

out_unlock:
	mutex_unlock(&rnet->lock);
	return err;
}

/**
 * rstfault_nl_flush_doit() - RSTFAULT_CMD_FLUSH
 * @skb: the request
 * @info: the request
 *
 * Context: May sleep.
 * Return: 0; -ESTALE: the generation is another one.
 */
int rstfault_nl_flush_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct rstf_net *rnet = rstf_net(genl_info_net(info));
	int err;

	mutex_lock(&rnet->lock);
	err = rstf_netlink_check_generation(rnet, info);
	if (!err)
		rstf_rulelist_flush(rnet);
	mutex_unlock(&rnet->lock);

	return err;
}

/**
 * rstfault_nl_rule_get_doit() - RSTFAULT_CMD_RULE_GET for one rule
 * @skb: the request
 * @info: the request
 *
 * Context: May sleep.
 * Return: 0; -ENOENT: no such rule; -EINVAL: none or two are named; -ENOMEM.
 */
int rstfault_nl_rule_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct rstf_net *rnet = rstf_net(genl_info_net(info));
	struct rstf_rule *rule;
	struct sk_buff *msg;
	void *hdr;
	int err;

	msg = rstf_netlink_reply(info, &hdr);
	if (!msg)
		return -ENOMEM;

	mutex_lock(&rnet->lock);
	rule = rstf_netlink_find_rule(rnet, info);
	err = PTR_ERR_OR_ZERO(rule);
	if (!err)
		err = rstf_netlink_put_rule(msg, rule);
	mutex_unlock(&rnet->lock);
	if (err) {
		nlmsg_free(msg);
		return err;
	}

	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);
}

/**
 * struct netlink_dump - where a dump of the rules goes on
 * @rule: next rule; valid while the ruleset is of @generation
 * @generation: of the ruleset when the dump began
 * @begun: the first part has been written
 */
struct netlink_dump {
	struct rstf_rule *rule;
	u32 generation;
	bool begun;
};

/**
 * rstfault_nl_rule_get_dumpit() - RSTFAULT_CMD_RULE_GET for all rules
 * @skb: room for the next part of the reply
 * @cb: the request, and where its dump goes on
 *
 * A dump that a commit falls into ends at once, and NLM_F_DUMP_INTR tells the
 * reader to begin again: half of one ruleset and half of another is no answer.
 *
 * Context: May sleep.
 * Return: length of the part, 0 at the end; -EINVAL: the request names a rule;
 *	-EMSGSIZE: there is no room for one rule.
 */
int rstfault_nl_rule_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb)
{
	struct rstf_net *rnet = rstf_net(sock_net(skb->sk));
	struct nlattr **attrs = rstf_genl_dump_attrs(cb);
	struct netlink_dump *dump = (void *)cb->ctx;
	const struct nlattr *attr;
	void *hdr;
	int err = 0;

	BUILD_BUG_ON(sizeof(*dump) > sizeof(cb->ctx));

	attr = attrs[RSTFAULT_A_ID] ?: attrs[RSTFAULT_A_NAME];
	if (attr) {
		NL_SET_ERR_MSG_ATTR(cb->extack, attr,
				    "a list has all rules; ask for one without a dump");
		return -EINVAL;
	}

	mutex_lock(&rnet->lock);
	cb->seq = rnet->generation;
	if (!dump->begun) {
		dump->rule = list_first_entry(&rnet->rules, struct rstf_rule,
					      list);
		dump->generation = rnet->generation;
		dump->begun = true;
	} else if (dump->generation != rnet->generation) {
		goto out;
	}

	list_for_each_entry_from(dump->rule, &rnet->rules, list) {
		hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid,
				  cb->nlh->nlmsg_seq, &rstf_netlink_family,
				  NLM_F_MULTI, RSTFAULT_CMD_RULE_GET);
		if (!hdr)
			break;

		genl_dump_check_consistent(cb, hdr);
		err = rstf_netlink_put_rule(skb, dump->rule);
		if (err) {
			genlmsg_cancel(skb, hdr);
			break;
		}
		genlmsg_end(skb, hdr);
	}
out:
	mutex_unlock(&rnet->lock);
	return skb->len ? skb->len : err;
}

static const struct genl_multicast_group netlink_groups[] = {
	[RSTFAULT_NLGRP_EVENTS] = {
		.name = RSTFAULT_MCGRP_EVENTS,
		.flags = GENL_MCAST_CAP_NET_ADMIN,
	},
};

struct genl_family rstf_netlink_family __ro_after_init = {
	.name = RSTFAULT_FAMILY_NAME,
	.version = RSTFAULT_FAMILY_VERSION,
	.netnsok = true,
	.parallel_ops = true,
	.module = THIS_MODULE,
	.ops = rstfault_nl_ops,
	.n_ops = ARRAY_SIZE(rstfault_nl_ops),
	.mcgrps = netlink_groups,
	.n_mcgrps = ARRAY_SIZE(netlink_groups),
};

/**
 * rstf_netlink_setup() - let requests come
 *
 * Context: Module init, with everything that requests need.
 * Return: 0 or an error of genl_register_family().
 */
int __init rstf_netlink_setup(void)
{
	if (!rstf_genl_on_bind(&rstf_netlink_family, rstf_event_join))
		rstf_event_join(RSTFAULT_NLGRP_EVENTS);

	return genl_register_family(&rstf_netlink_family);
}

/**
 * rstf_netlink_teardown() - let no further request come
 *
 * Context: Module exit. Waits for requests that are being served.
 */
void rstf_netlink_teardown(void)
{
	genl_unregister_family(&rstf_netlink_family);
}
