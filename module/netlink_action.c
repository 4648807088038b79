// SPDX-License-Identifier: GPL-2.0
/*
 * The action of a rule in a message: attributes to struct rstf_rule, and back.
 * What one attribute alone can be wrong in, the policy has refused already.
 */
#include <linux/time64.h>
#include <net/netlink.h>

#include "action.h"
#include "compat.h"
#include "netlink_gen.h"
#include "netlink_rule.h"
#include "rule.h"

#define DURATION_MAX ((u64)RSTFAULT_DAYS_MAX * 24 * 3600 * NSEC_PER_SEC)

/**
 * rstf_netlink_parse_duration() - read a duration
 * @duration: gets it, in nanoseconds; is left alone without @attr
 * @attr: the attribute, or NULL
 * @extack: gets a sentence and the attribute with every error
 *
 * Context: Any.
 * Return: 0 or -ERANGE.
 */
int rstf_netlink_parse_duration(u64 *duration, const struct nlattr *attr,
				struct netlink_ext_ack *extack)
{
	if (!attr)
		return 0;

	*duration = nla_get_u64(attr);
	if (*duration > DURATION_MAX) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "a duration is longer than a year");
		return -ERANGE;
	}

	return 0;
}

/* A number of RSTs or copies, from 1. */
static int parse_count(u32 *count, const struct nlattr *attr,
		       struct netlink_ext_ack *extack)
{
	if (!attr)
		return 0;

	*count = nla_get_u32(attr);
	if (*count < 1 || *count > RSTFAULT_REPEAT_MAX) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "a count is from 1 to 1000");
		return -ERANGE;
	}

	return 0;
}

static int parse_ttl(u8 *ttl, const struct nlattr *attr,
		     struct netlink_ext_ack *extack)
{
	if (!attr)
		return 0;

	*ttl = nla_get_u8(attr);
	if (!*ttl) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "a TTL of 0 goes nowhere");
		return -ERANGE;
	}

	return 0;
}

static int parse_delay(struct rstf_delay *delay, const struct nlattr *nest,
		       struct netlink_ext_ack *extack)
{
	struct nlattr *tb[RSTFAULT_A_DELAY_MAX + 1];
	int err;

	err = nla_parse_nested(tb, RSTFAULT_A_DELAY_MAX, nest,
			       rstfault_delay_nl_policy, extack);
	if (err)
		return err;

	if (NL_REQ_ATTR_CHECK(extack, nest, tb, RSTFAULT_A_DELAY_TIME)) {
		NL_SET_ERR_MSG(extack, "a delay needs a time");
		return -EINVAL;
	}

	delay->until_next = tb[RSTFAULT_A_DELAY_UNTIL_NEXT];
	err = rstf_netlink_parse_duration(&delay->time,
					  tb[RSTFAULT_A_DELAY_TIME], extack);
	if (err)
		return err;
	err = rstf_netlink_parse_duration(&delay->jitter,
					  tb[RSTFAULT_A_DELAY_JITTER], extack);
	if (err)
		return err;

	if (delay->jitter > delay->time) {
		NL_SET_ERR_MSG_ATTR(extack, tb[RSTFAULT_A_DELAY_JITTER],
				    "the jitter is above the time");
		return -EINVAL;
	}

	return 0;
}

/**
 * rstf_netlink_parse_forge() - read what RSTs are to be forged
 * @forge: gets it, zeroed
 * @nest: the attribute with it, or NULL: all as it is where nothing is said
 * @extack: gets a sentence and the offending attribute with every error
 *
 * Context: May sleep.
 * Return: 0; -EINVAL or -ERANGE: the request is wrong.
 */
int rstf_netlink_parse_forge(struct rstf_forge *forge,
			     const struct nlattr *nest,
			     struct netlink_ext_ack *extack)
{
	struct nlattr *tb[RSTFAULT_A_FORGE_MAX + 1] = {};
	int err;

	forge->to = RSTFAULT_END_SENDER;
	forge->count = 1;
	if (!nest)
		return 0;

	err = nla_parse_nested(tb, RSTFAULT_A_FORGE_MAX, nest,
			       rstfault_forge_nl_policy, extack);
	if (err)
		return err;

	if (tb[RSTFAULT_A_FORGE_TO])
		forge->to = nla_get_u32(tb[RSTFAULT_A_FORGE_TO]);
	if (!forge->to) {
		NL_SET_ERR_MSG_ATTR(extack, tb[RSTFAULT_A_FORGE_TO],
				    "a RST needs at least one target");
		return -EINVAL;
	}

	if (tb[RSTFAULT_A_FORGE_SEQ])
		forge->seq = nla_get_u32(tb[RSTFAULT_A_FORGE_SEQ]);
	if (tb[RSTFAULT_A_FORGE_OFFSET])
		forge->offset = nla_get_s32(tb[RSTFAULT_A_FORGE_OFFSET]);
	if (forge->seq == RSTFAULT_SEQ_OFFSET &&
	    NL_REQ_ATTR_CHECK(extack, nest, tb, RSTFAULT_A_FORGE_OFFSET)) {
		NL_SET_ERR_MSG(extack, "the offset is missing");
		return -EINVAL;
	}
	if (forge->seq != RSTFAULT_SEQ_OFFSET && tb[RSTFAULT_A_FORGE_OFFSET]) {
		NL_SET_ERR_MSG_ATTR(extack, tb[RSTFAULT_A_FORGE_OFFSET],
				    "an offset needs a sequence number of kind offset");
		return -EINVAL;
	}

	if (tb[RSTFAULT_A_FORGE_ACK])
		forge->ack = nla_get_u32(tb[RSTFAULT_A_FORGE_ACK]);
	forge->badsum = tb[RSTFAULT_A_FORGE_BADSUM];
	forge->drop = tb[RSTFAULT_A_FORGE_DROP];

	err = parse_ttl(&forge->ttl, tb[RSTFAULT_A_FORGE_TTL], extack);
	if (err)
		return err;
	err = parse_count(&forge->count, tb[RSTFAULT_A_FORGE_COUNT], extack);
	if (err)
		return err;
	err = rstf_netlink_parse_duration(&forge->every,
					  tb[RSTFAULT_A_FORGE_EVERY], extack);
	if (err)
		return err;

	return rstf_netlink_parse_duration(&forge->after,
					   tb[RSTFAULT_A_FORGE_AFTER], extack);
}

static int parse_mangle(struct rstf_mangle *mangle, const struct nlattr *nest,
			struct netlink_ext_ack *extack)
{
	struct nlattr *tb[RSTFAULT_A_MANGLE_MAX + 1];
	int err;

	err = nla_parse_nested(tb, RSTFAULT_A_MANGLE_MAX, nest,
			       rstfault_mangle_nl_policy, extack);
	if (err)
		return err;

	if (tb[RSTFAULT_A_MANGLE_SEQ])
		mangle->seq = nla_get_s32(tb[RSTFAULT_A_MANGLE_SEQ]);
	if (tb[RSTFAULT_A_MANGLE_ACK])
		mangle->ack = nla_get_s32(tb[RSTFAULT_A_MANGLE_ACK]);
	mangle->badsum = tb[RSTFAULT_A_MANGLE_BADSUM];
	err = parse_ttl(&mangle->ttl, tb[RSTFAULT_A_MANGLE_TTL], extack);
	if (err)
		return err;

	if (!mangle->seq && !mangle->ack && !mangle->ttl && !mangle->badsum) {
		NL_SET_ERR_MSG_ATTR(extack, nest, "mangle changes nothing");
		return -EINVAL;
	}

	return 0;
}

static int parse_duplicate(struct rstf_duplicate *duplicate,
			   const struct nlattr *nest,
			   struct netlink_ext_ack *extack)
{
	struct nlattr *tb[RSTFAULT_A_DUPLICATE_MAX + 1];
	int err;

	err = nla_parse_nested(tb, RSTFAULT_A_DUPLICATE_MAX, nest,
			       rstfault_duplicate_nl_policy, extack);
	if (err)
		return err;

	if (NL_REQ_ATTR_CHECK(extack, nest, tb, RSTFAULT_A_DUPLICATE_COUNT)) {
		NL_SET_ERR_MSG(extack, "duplicate needs a count");
		return -EINVAL;
	}

	err = parse_count(&duplicate->count, tb[RSTFAULT_A_DUPLICATE_COUNT],
			  extack);
	if (err)
		return err;

	return rstf_netlink_parse_duration(&duplicate->every,
					   tb[RSTFAULT_A_DUPLICATE_EVERY],
					   extack);
}

static const struct {
	int attr;
	u8 action;
	bool required;
} action_nests[] = {
	{ RSTFAULT_A_RULE_DELAY, RSTFAULT_ACTION_DELAY, true },
	{ RSTFAULT_A_RULE_FORGE, RSTFAULT_ACTION_FORGE, false },
	{ RSTFAULT_A_RULE_MANGLE, RSTFAULT_ACTION_MANGLE, true },
	{ RSTFAULT_A_RULE_DUPLICATE, RSTFAULT_ACTION_DUPLICATE, true },
};

/* Is there the nest that the action needs, and no other? */
static int check_nests(u8 action, const struct nlattr *nest,
		       struct nlattr **tb, struct netlink_ext_ack *extack)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(action_nests); i++) {
		int attr = action_nests[i].attr;

		if (action_nests[i].action != action) {
			if (!tb[attr])
				continue;
			NL_SET_ERR_MSG_ATTR(extack, tb[attr],
					    "this belongs to another action");
			return -EINVAL;
		}
		if (action_nests[i].required &&
		    NL_REQ_ATTR_CHECK(extack, nest, tb, attr)) {
			NL_SET_ERR_MSG(extack,
				       "the action lacks what it is to do");
			return -EINVAL;
		}
	}

	return 0;
}

/**
 * rstf_netlink_parse_action() - read the action of a rule
 * @rule: where to; has its match
 * @nest: attribute RSTFAULT_A_RULE of a request
 * @tb: what is in @nest; has an action
 * @extack: gets a sentence and the offending attribute with every error
 *
 * Context: May sleep.
 * Return: 0; -EINVAL or -ERANGE: the request is wrong.
 */
int rstf_netlink_parse_action(struct rstf_rule *rule, const struct nlattr *nest,
			      struct nlattr **tb,
			      struct netlink_ext_ack *extack)
{
	int err;

	rule->action = nla_get_u32(tb[RSTFAULT_A_RULE_ACTION]);
	err = check_nests(rule->action, nest, tb, extack);
	if (err)
		return err;

	switch (rule->action) {
	case RSTFAULT_ACTION_DELAY:
		return parse_delay(&rule->delay, tb[RSTFAULT_A_RULE_DELAY],
				   extack);
	case RSTFAULT_ACTION_FORGE:
		return rstf_netlink_parse_forge(&rule->forge,
						tb[RSTFAULT_A_RULE_FORGE],
						extack);
	case RSTFAULT_ACTION_MANGLE:
		if (rule->match.kinds != RSTFAULT_SEGMENT_RST) {
			NL_SET_ERR_MSG_ATTR(extack,
					    tb[RSTFAULT_A_RULE_SEGMENT],
					    "mangle is for RST segments alone");
			return -EINVAL;
		}
		return parse_mangle(&rule->mangle, tb[RSTFAULT_A_RULE_MANGLE],
				    extack);
	case RSTFAULT_ACTION_DUPLICATE:
		return parse_duplicate(&rule->duplicate,
				       tb[RSTFAULT_A_RULE_DUPLICATE], extack);
	default:
		return 0;
	}
}

static int put_u64(struct sk_buff *skb, int type, u64 value, int pad)
{
	return value ? nla_put_u64_64bit(skb, type, value, pad) : 0;
}

static int put_flag(struct sk_buff *skb, int type, bool value)
{
	return value ? nla_put_flag(skb, type) : 0;
}

static int put_delay(struct sk_buff *skb, const struct rstf_delay *delay)
{
	return nla_put_u64_64bit(skb, RSTFAULT_A_DELAY_TIME, delay->time,
				 RSTFAULT_A_DELAY_PAD) ||
	       put_u64(skb, RSTFAULT_A_DELAY_JITTER, delay->jitter,
		       RSTFAULT_A_DELAY_PAD) ||
	       put_flag(skb, RSTFAULT_A_DELAY_UNTIL_NEXT, delay->until_next);
}

static int put_forge(struct sk_buff *skb, const struct rstf_forge *forge)
{
	return nla_put_u32(skb, RSTFAULT_A_FORGE_TO, forge->to) ||
	       nla_put_u32(skb, RSTFAULT_A_FORGE_SEQ, forge->seq) ||
	       (forge->seq == RSTFAULT_SEQ_OFFSET &&
		nla_put_s32(skb, RSTFAULT_A_FORGE_OFFSET, forge->offset)) ||
	       nla_put_u32(skb, RSTFAULT_A_FORGE_ACK, forge->ack) ||
	       nla_put_u32(skb, RSTFAULT_A_FORGE_COUNT, forge->count) ||
	       put_u64(skb, RSTFAULT_A_FORGE_EVERY, forge->every,
		       RSTFAULT_A_FORGE_PAD) ||
	       put_u64(skb, RSTFAULT_A_FORGE_AFTER, forge->after,
		       RSTFAULT_A_FORGE_PAD) ||
	       (forge->ttl &&
		nla_put_u8(skb, RSTFAULT_A_FORGE_TTL, forge->ttl)) ||
	       put_flag(skb, RSTFAULT_A_FORGE_BADSUM, forge->badsum) ||
	       put_flag(skb, RSTFAULT_A_FORGE_DROP, forge->drop);
}

static int put_mangle(struct sk_buff *skb, const struct rstf_mangle *mangle)
{
	return (mangle->seq &&
		nla_put_s32(skb, RSTFAULT_A_MANGLE_SEQ, mangle->seq)) ||
	       (mangle->ack &&
		nla_put_s32(skb, RSTFAULT_A_MANGLE_ACK, mangle->ack)) ||
	       (mangle->ttl &&
		nla_put_u8(skb, RSTFAULT_A_MANGLE_TTL, mangle->ttl)) ||
	       put_flag(skb, RSTFAULT_A_MANGLE_BADSUM, mangle->badsum);
}

static int put_duplicate(struct sk_buff *skb,
			 const struct rstf_duplicate *duplicate)
{
	return nla_put_u32(skb, RSTFAULT_A_DUPLICATE_COUNT, duplicate->count) ||
	       put_u64(skb, RSTFAULT_A_DUPLICATE_EVERY, duplicate->every,
		       RSTFAULT_A_DUPLICATE_PAD);
}

/**
 * rstf_netlink_put_action() - append the action of a rule to its attribute
 * @skb: the message
 * @rule: the rule
 *
 * Context: Any.
 * Return: 0 or -EMSGSIZE.
 */
int rstf_netlink_put_action(struct sk_buff *skb, const struct rstf_rule *rule)
{
	struct nlattr *nest;
	unsigned int i;
	int err = 0;

	if (nla_put_u32(skb, RSTFAULT_A_RULE_ACTION, rule->action))
		return -EMSGSIZE;

	for (i = 0; i < ARRAY_SIZE(action_nests); i++) {
		if (action_nests[i].action != rule->action)
			continue;

		nest = nla_nest_start(skb, action_nests[i].attr);
		if (!nest)
			return -EMSGSIZE;
		switch (rule->action) {
		case RSTFAULT_ACTION_DELAY:
			err = put_delay(skb, &rule->delay);
			break;
		case RSTFAULT_ACTION_FORGE:
			err = put_forge(skb, &rule->forge);
			break;
		case RSTFAULT_ACTION_MANGLE:
			err = put_mangle(skb, &rule->mangle);
			break;
		case RSTFAULT_ACTION_DUPLICATE:
			err = put_duplicate(skb, &rule->duplicate);
			break;
		}
		if (err)
			return -EMSGSIZE;
		nla_nest_end(skb, nest);
	}

	return 0;
}
