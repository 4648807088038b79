// SPDX-License-Identifier: GPL-2.0
/*
 * The gates of a rule in a message: attributes to struct rstf_gates, and back.
 */
#include <linux/random.h>
#include <net/netlink.h>

#include "gate.h"
#include "netlink_gen.h"
#include "netlink_rule.h"

static int parse_probability(struct rstf_gates *gates, struct nlattr **tb,
			     struct netlink_ext_ack *extack)
{
	const struct nlattr *attr = tb[RSTFAULT_A_GATES_PROBABILITY];
	const struct nlattr *seed = tb[RSTFAULT_A_GATES_SEED];

	if (!attr) {
		if (!seed)
			return 0;
		NL_SET_ERR_MSG_ATTR(extack, seed,
				    "a seed needs a probability");
		return -EINVAL;
	}

	gates->given |= RSTFAULT_GATE_PROBABILITY;
	gates->probability = nla_get_u32(attr);
	gates->seed = seed ? nla_get_u32(seed) : get_random_u32();
	if (gates->probability > RSTF_PROBABILITY_MAX) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "no probability is above 1000000000 billionths");
		return -ERANGE;
	}

	return 0;
}

/* A gate that is one number, at least @min. */
static int parse_number(u32 *number, struct rstf_gates *gates, u32 gate,
			u32 min, const struct nlattr *attr,
			struct netlink_ext_ack *extack)
{
	if (!attr)
		return 0;

	gates->given |= gate;
	*number = nla_get_u32(attr);
	if (*number < min) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "a gate that counts begins at 1");
		return -ERANGE;
	}

	return 0;
}

static int parse_bytes(struct rstf_gates *gates, struct nlattr **tb,
		       struct netlink_ext_ack *extack)
{
	const struct nlattr *from = tb[RSTFAULT_A_GATES_BYTES_FROM];
	const struct nlattr *to = tb[RSTFAULT_A_GATES_BYTES_TO];

	if (!from) {
		if (!to)
			return 0;
		NL_SET_ERR_MSG_ATTR(extack, to,
				    "an end of bytes needs their beginning");
		return -EINVAL;
	}

	gates->given |= RSTFAULT_GATE_BYTES;
	gates->bytes_from = nla_get_u64(from);
	gates->bytes_to = to ? nla_get_u64(to) : U64_MAX;
	if (gates->bytes_to < gates->bytes_from) {
		NL_SET_ERR_MSG_ATTR(extack, to,
				    "the bytes end before they begin");
		return -EINVAL;
	}

	return 0;
}

static int parse_per_connection(struct rstf_gates *gates,
				const struct nlattr *attr,
				struct netlink_ext_ack *extack)
{
	if (!attr)
		return 0;

	gates->per_connection = nla_get_u32(attr);
	if (gates->per_connection & ~gates->given) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "a gate per connection is not there");
		return -EINVAL;
	}

	return 0;
}

/**
 * rstf_netlink_parse_gates() - read the gates of a rule
 * @gates: where to, zeroed
 * @nest: attribute RSTFAULT_A_RULE_GATES, or NULL
 * @extack: gets a sentence and the offending attribute with every error
 *
 * Context: May sleep.
 * Return: 0; -EINVAL or -ERANGE: the request is wrong.
 */
int rstf_netlink_parse_gates(struct rstf_gates *gates,
			     const struct nlattr *nest,
			     struct netlink_ext_ack *extack)
{
	struct nlattr *tb[RSTFAULT_A_GATES_MAX + 1];
	int err;

	if (!nest)
		return 0;

	err = nla_parse_nested(tb, RSTFAULT_A_GATES_MAX, nest,
			       rstfault_gates_nl_policy, extack);
	if (err)
		return err;

	err = parse_probability(gates, tb, extack);
	if (err)
		return err;

	err = parse_number(&gates->skip, gates, RSTFAULT_GATE_SKIP, 0,
			   tb[RSTFAULT_A_GATES_SKIP], extack);
	if (err)
		return err;

	err = parse_number(&gates->every, gates, RSTFAULT_GATE_EVERY, 1,
			   tb[RSTFAULT_A_GATES_EVERY], extack);
	if (err)
		return err;

	err = parse_number(&gates->limit, gates, RSTFAULT_GATE_LIMIT, 1,
			   tb[RSTFAULT_A_GATES_LIMIT], extack);
	if (err)
		return err;

	err = parse_number(&gates->nth, gates, RSTFAULT_GATE_NTH, 1,
			   tb[RSTFAULT_A_GATES_NTH], extack);
	if (err)
		return err;

	err = parse_bytes(gates, tb, extack);
	if (err)
		return err;

	err = parse_per_connection(gates, tb[RSTFAULT_A_GATES_PER_CONNECTION],
				   extack);
	if (err)
		return err;

	if (!gates->given) {
		NL_SET_ERR_MSG_ATTR(extack, nest, "there is no gate in gates");
		return -EINVAL;
	}

	return 0;
}

static int put_number(struct sk_buff *skb, const struct rstf_gates *gates,
		      u32 gate, int type, u32 number)
{
	return gates->given & gate ? nla_put_u32(skb, type, number) : 0;
}

static int put_bytes(struct sk_buff *skb, const struct rstf_gates *gates)
{
	if (!(gates->given & RSTFAULT_GATE_BYTES))
		return 0;
	if (nla_put_u64_64bit(skb, RSTFAULT_A_GATES_BYTES_FROM,
			      gates->bytes_from, RSTFAULT_A_GATES_PAD))
		return -EMSGSIZE;
	if (gates->bytes_to == U64_MAX)
		return 0;

	return nla_put_u64_64bit(skb, RSTFAULT_A_GATES_BYTES_TO,
				 gates->bytes_to, RSTFAULT_A_GATES_PAD);
}

/**
 * rstf_netlink_put_gates() - append the gates of a rule to its attribute
 * @skb: the message
 * @gates: the gates, if any
 *
 * Context: Any.
 * Return: 0 or -EMSGSIZE.
 */
int rstf_netlink_put_gates(struct sk_buff *skb, const struct rstf_gates *gates)
{
	struct nlattr *nest;

	if (!gates->given)
		return 0;

	nest = nla_nest_start(skb, RSTFAULT_A_RULE_GATES);
	if (!nest ||
	    put_number(skb, gates, RSTFAULT_GATE_PROBABILITY,
		       RSTFAULT_A_GATES_PROBABILITY, gates->probability) ||
	    put_number(skb, gates, RSTFAULT_GATE_PROBABILITY,
		       RSTFAULT_A_GATES_SEED, gates->seed) ||
	    put_number(skb, gates, RSTFAULT_GATE_SKIP,
		       RSTFAULT_A_GATES_SKIP, gates->skip) ||
	    put_number(skb, gates, RSTFAULT_GATE_EVERY,
		       RSTFAULT_A_GATES_EVERY, gates->every) ||
	    put_number(skb, gates, RSTFAULT_GATE_LIMIT,
		       RSTFAULT_A_GATES_LIMIT, gates->limit) ||
	    put_number(skb, gates, RSTFAULT_GATE_NTH,
		       RSTFAULT_A_GATES_NTH, gates->nth) ||
	    put_bytes(skb, gates) ||
	    (gates->per_connection &&
	     nla_put_u32(skb, RSTFAULT_A_GATES_PER_CONNECTION,
			 gates->per_connection)))
		return -EMSGSIZE;

	nla_nest_end(skb, nest);
	return 0;
}
