// SPDX-License-Identifier: GPL-2.0
/*
 * A rule in a message: attributes to struct rstf_rule, and back. What one
 * attribute alone can be wrong in, the policy has refused already.
 */
#include <linux/ctype.h>
#include <net/netlink.h>

#include "compat.h"
#include "expiry.h"
#include "netlink_gen.h"
#include "netlink_rule.h"
#include "rule.h"

static int parse_name(char name[RSTFAULT_NAME_MAX + 1],
		      const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	bool number = true;
	const char *p;

	if (!attr)
		return 0;

	/* A name is a key: nothing of what may stand behind its end. */
	strscpy_pad(name, nla_data(attr), RSTFAULT_NAME_MAX + 1);
	if (*name == '-') {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "a name cannot begin like an option, with '-'");
		return -EINVAL;
	}
	for (p = name; *p; p++) {
		if (!isascii(*p) || (!isalnum(*p) && !strchr("_-.", *p))) {
			NL_SET_ERR_MSG_ATTR(extack, attr,
					    "a name has letters, digits, '_', '-' and '.' only");
			return -EINVAL;
		}
		number = number && isdigit(*p);
	}
	if (number) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "a name cannot be empty or a number");
		return -EINVAL;
	}

	return 0;
}

/* The attributes that are in replies only. */
static int refuse_reply(struct nlattr **tb, struct netlink_ext_ack *extack)
{
	if (tb[RSTFAULT_A_RULE_ID]) {
		NL_SET_ERR_MSG_ATTR(extack, tb[RSTFAULT_A_RULE_ID],
				    "the kernel chooses the id of a rule");
		return -EINVAL;
	}
	if (tb[RSTFAULT_A_RULE_COUNTERS]) {
		NL_SET_ERR_MSG_ATTR(extack, tb[RSTFAULT_A_RULE_COUNTERS],
				    "the counters of a rule begin at 0");
		return -EINVAL;
	}
	if (tb[RSTFAULT_A_RULE_REMAINING]) {
		NL_SET_ERR_MSG_ATTR(extack, tb[RSTFAULT_A_RULE_REMAINING],
				    "all of its lifetime remains to a new rule");
		return -EINVAL;
	}
	if (tb[RSTFAULT_A_RULE_OWNER]) {
		NL_SET_ERR_MSG_ATTR(extack, tb[RSTFAULT_A_RULE_OWNER],
				    "the owner of a rule is the socket that adds it");
		return -EINVAL;
	}

	return 0;
}

static int parse_lifetime(u64 *lifetime, const struct nlattr *attr,
			  struct netlink_ext_ack *extack)
{
	const u64 max = RSTFAULT_DAYS_MAX * 86400ULL * NSEC_PER_SEC;

	if (!attr)
		return 0;

	*lifetime = nla_get_u64(attr);
	if (!*lifetime || *lifetime > max) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "a lifetime is more than 0, and at most 365 days");
		return -ERANGE;
	}

	return 0;
}

/* Nobody should cut off a host from the network by a rule that is too short. */
static int check_force(const struct rstf_rule *rule, const struct nlattr *nest,
		       struct netlink_ext_ack *extack)
{
	if (rule->force || rule->shadow ||
	    rule->action == RSTFAULT_ACTION_PASS ||
	    rstf_match_narrows(&rule->match))
		return 0;

	NL_SET_ERR_MSG(extack,
		       "this rule is about every segment; narrow it, or say force");
	NL_SET_ERR_ATTR_MISS(extack, nest, RSTFAULT_A_RULE_FORCE);
	return -EDESTADDRREQ;
}

static int parse_rule(struct rstf_rule *rule, const struct nlattr *nest,
		      struct netlink_ext_ack *extack)
{
	struct nlattr *tb[RSTFAULT_A_RULE_MAX + 1];
	int err;

	err = nla_parse_nested(tb, RSTFAULT_A_RULE_MAX, nest,
			       rstfault_rule_nl_policy, extack);
	if (err)
		return err;

	err = refuse_reply(tb, extack);
	if (err)
		return err;

	if (NL_REQ_ATTR_CHECK(extack, nest, tb, RSTFAULT_A_RULE_HOOK)) {
		NL_SET_ERR_MSG(extack, "a rule needs a hook");
		return -EINVAL;
	}
	if (NL_REQ_ATTR_CHECK(extack, nest, tb, RSTFAULT_A_RULE_SEGMENT)) {
		NL_SET_ERR_MSG(extack,
			       "a rule needs at least one kind of segment");
		return -EINVAL;
	}
	if (NL_REQ_ATTR_CHECK(extack, nest, tb, RSTFAULT_A_RULE_ACTION)) {
		NL_SET_ERR_MSG(extack, "a rule needs an action");
		return -EINVAL;
	}

	rule->shadow = nla_get_flag(tb[RSTFAULT_A_RULE_SHADOW]);
	rule->force = nla_get_flag(tb[RSTFAULT_A_RULE_FORCE]);

	err = parse_name(rule->name, tb[RSTFAULT_A_RULE_NAME], extack);
	if (err)
		return err;

	err = parse_lifetime(&rule->lifetime, tb[RSTFAULT_A_RULE_LIFETIME],
			     extack);
	if (err)
		return err;

	err = rstf_netlink_parse_match(&rule->match, nest, tb, extack);
	if (err)
		return err;

	err = rstf_netlink_parse_action(rule, nest, tb, extack);
	if (err)
		return err;

	err = rstf_netlink_parse_gates(&rule->gates, tb[RSTFAULT_A_RULE_GATES],
				       extack);
	if (err)
		return err;

	return check_force(rule, nest, extack);
}

/**
 * rstf_netlink_parse_rule() - make a rule of an attribute
 * @nest: attribute RSTFAULT_A_RULE of a request
 * @extack: gets a sentence and the offending attribute with every error
 *
 * Context: May sleep.
 * Return: a rule, to be given back by rstf_rule_free(); -EINVAL, -ERANGE,
 *	-EAFNOSUPPORT, -E2BIG, -ENOENT or -ENOTDIR: the request is wrong;
 *	-EDESTADDRREQ: the rule needs force; -EOPNOTSUPP: the kernel cannot do
 *	it; -ENOMEM.
 */
struct rstf_rule *rstf_netlink_parse_rule(const struct nlattr *nest,
					  struct netlink_ext_ack *extack)
{
	struct rstf_rule *rule;
	int err;

	rule = rstf_rule_alloc();
	if (!rule) {
		NL_SET_ERR_MSG(extack, "no memory for a rule");
		return ERR_PTR(-ENOMEM);
	}

	err = parse_rule(rule, nest, extack);
	if (err)
		goto err_rule;

	err = rstf_rule_prepare(rule);
	if (err) {
		NL_SET_ERR_MSG(extack, "no memory for a rule");
		goto err_rule;
	}

	return rule;

err_rule:
	rstf_rule_free(rule);
	return ERR_PTR(err);
}

static int put_counters(struct sk_buff *skb, const struct rstf_rule *rule)
{
	struct nlattr *nest = nla_nest_start(skb, RSTFAULT_A_RULE_COUNTERS);
	struct rstf_counters sum;

	rstf_rule_sum(rule, &sum);
	if (!nest ||
	    nla_put_u64_64bit(skb, RSTFAULT_A_COUNTERS_FIRED, sum.fired,
			      RSTFAULT_A_COUNTERS_PAD) ||
	    nla_put_u64_64bit(skb, RSTFAULT_A_COUNTERS_MATCHED,
			      sum.fired + sum.gated + sum.failed,
			      RSTFAULT_A_COUNTERS_PAD) ||
	    nla_put_u64_64bit(skb, RSTFAULT_A_COUNTERS_GATED, sum.gated,
			      RSTFAULT_A_COUNTERS_PAD) ||
	    nla_put_u64_64bit(skb, RSTFAULT_A_COUNTERS_FAILED, sum.failed,
			      RSTFAULT_A_COUNTERS_PAD) ||
	    nla_put_u64_64bit(skb, RSTFAULT_A_COUNTERS_SENT, sum.sent,
			      RSTFAULT_A_COUNTERS_PAD) ||
	    nla_put_u64_64bit(skb, RSTFAULT_A_COUNTERS_UNSENT, sum.unsent,
			      RSTFAULT_A_COUNTERS_PAD) ||
	    nla_put_u32(skb, RSTFAULT_A_COUNTERS_HELD,
			atomic_read(&rule->held)))
		return -EMSGSIZE;

	nla_nest_end(skb, nest);
	return 0;
}

/* What a rule says besides match, gates and action. */
static int put_terms(struct sk_buff *skb, const struct rstf_rule *rule)
{
	if (rule->lifetime &&
	    (nla_put_u64_64bit(skb, RSTFAULT_A_RULE_LIFETIME, rule->lifetime,
			       RSTFAULT_A_RULE_PAD) ||
	     nla_put_u64_64bit(skb, RSTFAULT_A_RULE_REMAINING,
			       rstf_expiry_remaining(rule),
			       RSTFAULT_A_RULE_PAD)))
		return -EMSGSIZE;

	if ((rule->shadow && nla_put_flag(skb, RSTFAULT_A_RULE_SHADOW)) ||
	    (rule->force && nla_put_flag(skb, RSTFAULT_A_RULE_FORCE)) ||
	    (rule->owner &&
	     nla_put_u32(skb, RSTFAULT_A_RULE_OWNER, rule->owner)))
		return -EMSGSIZE;

	return 0;
}

/**
 * rstf_netlink_put_rule() - append a rule to a message
 * @skb: the message
 * @rule: rule, with id and counters
 *
 * Context: Any; the caller keeps @rule in its ruleset.
 * Return: 0; or -EMSGSIZE, and the message is as it was.
 */
int rstf_netlink_put_rule(struct sk_buff *skb, const struct rstf_rule *rule)
{
	struct nlattr *nest = nla_nest_start(skb, RSTFAULT_A_RULE);

	if (!nest)
		return -EMSGSIZE;

	if (nla_put_u32(skb, RSTFAULT_A_RULE_ID, rule->id) ||
	    (rule->name[0] &&
	     nla_put_string(skb, RSTFAULT_A_RULE_NAME, rule->name)) ||
	    rstf_netlink_put_match(skb, &rule->match) ||
	    rstf_netlink_put_gates(skb, &rule->gates) ||
	    put_terms(skb, rule) ||
	    rstf_netlink_put_action(skb, rule) ||
	    put_counters(skb, rule)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}

	nla_nest_end(skb, nest);
	return 0;
}
