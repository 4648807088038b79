// SPDX-License-Identifier: GPL-2.0
/*
 * The match of a rule in a message: attributes to struct rstf_match, and back.
 * What one attribute alone can be wrong in, the policy has refused already.
 */
#include <linux/inetdevice.h>
#include <linux/netdevice.h>
#include <net/ipv6.h>
#include <net/netlink.h>

#include "compat.h"
#include "match.h"
#include "netlink_gen.h"
#include "netlink_rule.h"

static int parse_family(u8 *family, const struct nlattr *attr,
			struct netlink_ext_ack *extack)
{
	u16 value;

	if (!attr)
		return 0;

	value = nla_get_u16(attr);
	if (value != AF_INET && value != AF_INET6) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "the family is neither IPv4 nor IPv6");
		return -EAFNOSUPPORT;
	}

	*family = value;
	return 0;
}

/* The attributes that make a prefix: at most one address, and its length. */
static int parse_prefix(struct rstf_prefix *prefix, u8 family,
			const struct nlattr *addr4, const struct nlattr *addr6,
			const struct nlattr *len, struct netlink_ext_ack *extack)
{
	const struct nlattr *addr = addr4 ? addr4 : addr6;
	unsigned int bits = addr4 ? 32 : 128;
	struct in6_addr ones;
	unsigned int i;

	if (!addr) {
		if (!len)
			return 0;
		NL_SET_ERR_MSG_ATTR(extack, len,
				    "a prefix length needs an address");
		return -EINVAL;
	}

	if (addr4 && family != AF_INET) {
		NL_SET_ERR_MSG_ATTR(extack, addr4,
				    "an IPv4 address needs family IPv4");
		return -EINVAL;
	}
	if (addr6 && family != AF_INET6) {
		NL_SET_ERR_MSG_ATTR(extack, addr6,
				    "an IPv6 address needs family IPv6");
		return -EINVAL;
	}

	prefix->len = len ? nla_get_u8(len) : bits;
	if (prefix->len > bits) {
		NL_SET_ERR_MSG_ATTR(extack, len,
				    "the prefix is longer than the address");
		return -ERANGE;
	}

	memcpy(&prefix->addr, nla_data(addr), nla_len(addr));
	memset(&ones, 0xff, sizeof(ones));
	if (addr4)
		prefix->mask.ip = inet_make_mask(prefix->len);
	else
		ipv6_addr_prefix(&prefix->mask.in6, &ones, prefix->len);

	for (i = 0; i < ARRAY_SIZE(prefix->addr.all); i++) {
		if (prefix->addr.all[i] & ~prefix->mask.all[i]) {
			NL_SET_ERR_MSG_ATTR(extack, addr,
					    "the address has bits set behind the prefix");
			return -EINVAL;
		}
	}

	prefix->named = true;
	return 0;
}

/* Every attribute of @type in @nest is one more range. */
static int parse_ports(struct rstf_ports *ports, const struct nlattr *nest,
		       int type, struct netlink_ext_ack *extack)
{
	struct nlattr *tb[RSTFAULT_A_PORT_RANGE_MAX + 1];
	const struct nlattr *attr;
	u16 first, last;
	int rem, err;

	nla_for_each_nested(attr, nest, rem) {
		if (nla_type(attr) != type)
			continue;

		if (ports->len == RSTFAULT_PORTS_MAX) {
			NL_SET_ERR_MSG_ATTR(extack, attr,
					    "too many ranges of ports");
			return -E2BIG;
		}

		err = nla_parse_nested(tb, RSTFAULT_A_PORT_RANGE_MAX, attr,
				       rstfault_port_range_nl_policy, extack);
		if (err)
			return err;
		if (NL_REQ_ATTR_CHECK(extack, attr, tb,
				      RSTFAULT_A_PORT_RANGE_FIRST) ||
		    NL_REQ_ATTR_CHECK(extack, attr, tb,
				      RSTFAULT_A_PORT_RANGE_LAST)) {
			NL_SET_ERR_MSG(extack,
				       "a range of ports needs both its ends");
			return -EINVAL;
		}

		first = nla_get_u16(tb[RSTFAULT_A_PORT_RANGE_FIRST]);
		last = nla_get_u16(tb[RSTFAULT_A_PORT_RANGE_LAST]);
		if (first > last) {
			NL_SET_ERR_MSG_ATTR(extack, attr,
					    "a range of ports ends before it begins");
			return -EINVAL;
		}

		ports->range[ports->len].first = first;
		ports->range[ports->len].last = last;
		ports->len++;
	}

	return 0;
}

static int parse_ifname(struct rstf_ifname *ifname, const struct nlattr *attr,
			struct netlink_ext_ack *extack)
{
	char name[IFNAMSIZ];
	size_t len;

	if (!attr)
		return 0;

	nla_strscpy(name, attr, sizeof(name));
	len = strlen(name);
	if (len && name[len - 1] == '*')
		name[--len] = '\0';
	else
		ifname->len = 1;

	if (!dev_valid_name(name)) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "no interface can have this name");
		return -EINVAL;
	}

	strscpy(ifname->name, name, sizeof(ifname->name));
	ifname->len += len;
	return 0;
}

/* An interface that segments at @hook do not have, or not yet, matches none. */
static int check_ifnames(u32 hook, const struct nlattr *iif,
			 const struct nlattr *oif,
			 struct netlink_ext_ack *extack)
{
	if (iif && (hook == RSTFAULT_HOOK_OUT || hook == RSTFAULT_HOOK_OUTPUT)) {
		NL_SET_ERR_MSG_ATTR(extack, iif,
				    "a leaving segment has no input interface");
		return -EINVAL;
	}
	if (oif && (hook == RSTFAULT_HOOK_IN || hook == RSTFAULT_HOOK_INPUT)) {
		NL_SET_ERR_MSG_ATTR(extack, oif,
				    "an arriving segment has no output interface");
		return -EINVAL;
	}

	return 0;
}

/* The kind flags, and what flags it is about. */
static int parse_flags(struct rstf_match *match, const struct nlattr *nest,
		       struct nlattr **tb, struct netlink_ext_ack *extack)
{
	const struct nlattr *mask = tb[RSTFAULT_A_RULE_FLAGS_MASK];
	const struct nlattr *value = tb[RSTFAULT_A_RULE_FLAGS_VALUE];

	if (!(match->kinds & RSTFAULT_SEGMENT_FLAGS)) {
		if (!mask && !value)
			return 0;
		NL_SET_ERR_MSG_ATTR(extack, mask ? mask : value,
				    "flags are for the kind of segment flags");
		return -EINVAL;
	}

	if (NL_REQ_ATTR_CHECK(extack, nest, tb, RSTFAULT_A_RULE_FLAGS_MASK) ||
	    NL_REQ_ATTR_CHECK(extack, nest, tb, RSTFAULT_A_RULE_FLAGS_VALUE)) {
		NL_SET_ERR_MSG(extack,
			       "the kind of segment flags needs a mask and a value");
		return -EINVAL;
	}

	match->flags_mask = nla_get_u8(mask);
	match->flags_value = nla_get_u8(value);
	if (!match->flags_mask) {
		NL_SET_ERR_MSG_ATTR(extack, mask,
				    "the mask has no bit that counts");
		return -EINVAL;
	}
	if (match->flags_value & ~match->flags_mask) {
		NL_SET_ERR_MSG_ATTR(extack, value,
				    "the value has bits set outside of the mask");
		return -EINVAL;
	}

	return 0;
}

static int parse_mark(struct rstf_match *match, const struct nlattr *mark,
		      const struct nlattr *mask, struct netlink_ext_ack *extack)
{
	if (!mark) {
		if (!mask)
			return 0;
		NL_SET_ERR_MSG_ATTR(extack, mask, "the mask needs a mark");
		return -EINVAL;
	}

	match->mark = nla_get_u32(mark);
	match->mark_mask = mask ? nla_get_u32(mask) : U32_MAX;
	if (!match->mark_mask) {
		NL_SET_ERR_MSG_ATTR(extack, mask,
				    "the mask has no bit that counts");
		return -EINVAL;
	}
	if (match->mark & ~match->mark_mask) {
		NL_SET_ERR_MSG_ATTR(extack, mark,
				    "the mark has bits set outside of the mask");
		return -EINVAL;
	}

	return 0;
}

static int parse_length(struct rstf_match *match, const struct nlattr *from,
			const struct nlattr *to, struct netlink_ext_ack *extack)
{
	match->length_from = from ? nla_get_u32(from) : 0;
	match->length_to = to ? nla_get_u32(to) : U32_MAX;
	if (match->length_from > match->length_to) {
		NL_SET_ERR_MSG_ATTR(extack, to,
				    "a range of lengths ends before it begins");
		return -EINVAL;
	}

	return 0;
}

/**
 * rstf_netlink_parse_match() - read the match of a rule
 * @match: where to, zeroed
 * @nest: attribute RSTFAULT_A_RULE of a request
 * @tb: what is in @nest; has hook and segment
 * @extack: gets a sentence and the offending attribute with every error
 *
 * Context: Process context of who makes the request. May sleep.
 * Return: 0; -EINVAL, -ERANGE, -EAFNOSUPPORT or -E2BIG: the request is wrong;
 *	an error of rstf_netlink_parse_match_sock().
 */
int rstf_netlink_parse_match(struct rstf_match *match,
			     const struct nlattr *nest, struct nlattr **tb,
			     struct netlink_ext_ack *extack)
{
	int err;

	match->hook = nla_get_u32(tb[RSTFAULT_A_RULE_HOOK]);
	match->kinds = nla_get_u32(tb[RSTFAULT_A_RULE_SEGMENT]);
	if (!match->kinds) {
		NL_SET_ERR_MSG_ATTR(extack, tb[RSTFAULT_A_RULE_SEGMENT],
				    "a rule needs at least one kind of segment");
		return -EINVAL;
	}

	err = parse_flags(match, nest, tb, extack);
	if (err)
		return err;

	err = parse_family(&match->family, tb[RSTFAULT_A_RULE_FAMILY], extack);
	if (err)
		return err;

	err = parse_prefix(&match->saddr, match->family,
			   tb[RSTFAULT_A_RULE_SADDR4],
			   tb[RSTFAULT_A_RULE_SADDR6],
			   tb[RSTFAULT_A_RULE_SADDR_PREFIX], extack);
	if (err)
		return err;

	err = parse_prefix(&match->daddr, match->family,
			   tb[RSTFAULT_A_RULE_DADDR4],
			   tb[RSTFAULT_A_RULE_DADDR6],
			   tb[RSTFAULT_A_RULE_DADDR_PREFIX], extack);
	if (err)
		return err;

	err = parse_ports(&match->sport, nest, RSTFAULT_A_RULE_SPORT, extack);
	if (err)
		return err;

	err = parse_ports(&match->dport, nest, RSTFAULT_A_RULE_DPORT, extack);
	if (err)
		return err;

	err = check_ifnames(match->hook, tb[RSTFAULT_A_RULE_IIF],
			    tb[RSTFAULT_A_RULE_OIF], extack);
	if (err)
		return err;

	err = parse_ifname(&match->iif, tb[RSTFAULT_A_RULE_IIF], extack);
	if (err)
		return err;

	err = parse_ifname(&match->oif, tb[RSTFAULT_A_RULE_OIF], extack);
	if (err)
		return err;

	err = parse_mark(match, tb[RSTFAULT_A_RULE_MARK],
			 tb[RSTFAULT_A_RULE_MARK_MASK], extack);
	if (err)
		return err;

	err = parse_length(match, tb[RSTFAULT_A_RULE_LENGTH_FROM],
			   tb[RSTFAULT_A_RULE_LENGTH_TO], extack);
	if (err)
		return err;

	return rstf_netlink_parse_match_sock(match, tb, extack);
}

static int put_prefix(struct sk_buff *skb, const struct rstf_prefix *prefix,
		      u8 family, int addr4, int addr6, int len)
{
	if (!prefix->named)
		return 0;

	if (family == AF_INET ?
	    nla_put_in_addr(skb, addr4, prefix->addr.ip) :
	    nla_put_in6_addr(skb, addr6, &prefix->addr.in6))
		return -EMSGSIZE;

	return nla_put_u8(skb, len, prefix->len);
}

static int put_ports(struct sk_buff *skb, const struct rstf_ports *ports,
		     int type)
{
	struct nlattr *nest;
	unsigned int i;

	for (i = 0; i < ports->len; i++) {
		nest = nla_nest_start(skb, type);
		if (!nest ||
		    nla_put_u16(skb, RSTFAULT_A_PORT_RANGE_FIRST,
				ports->range[i].first) ||
		    nla_put_u16(skb, RSTFAULT_A_PORT_RANGE_LAST,
				ports->range[i].last))
			return -EMSGSIZE;
		nla_nest_end(skb, nest);
	}

	return 0;
}

static int put_ifname(struct sk_buff *skb, const struct rstf_ifname *ifname,
		      int type)
{
	char name[IFNAMSIZ + 1];

	if (!ifname->len)
		return 0;

	snprintf(name, sizeof(name), "%s%s", ifname->name,
		 strlen(ifname->name) == ifname->len ? "*" : "");
	return nla_put_string(skb, type, name);
}

static int put_flags(struct sk_buff *skb, const struct rstf_match *match)
{
	if (!match->flags_mask)
		return 0;
	if (nla_put_u8(skb, RSTFAULT_A_RULE_FLAGS_MASK, match->flags_mask))
		return -EMSGSIZE;

	return nla_put_u8(skb, RSTFAULT_A_RULE_FLAGS_VALUE, match->flags_value);
}

static int put_mark(struct sk_buff *skb, const struct rstf_match *match)
{
	if (!match->mark_mask)
		return 0;
	if (nla_put_u32(skb, RSTFAULT_A_RULE_MARK, match->mark))
		return -EMSGSIZE;
	if (match->mark_mask == U32_MAX)
		return 0;

	return nla_put_u32(skb, RSTFAULT_A_RULE_MARK_MASK, match->mark_mask);
}

static int put_length(struct sk_buff *skb, const struct rstf_match *match)
{
	if ((match->length_from || match->length_to != U32_MAX) &&
	    nla_put_u32(skb, RSTFAULT_A_RULE_LENGTH_FROM, match->length_from))
		return -EMSGSIZE;
	if (match->length_to == U32_MAX)
		return 0;

	return nla_put_u32(skb, RSTFAULT_A_RULE_LENGTH_TO, match->length_to);
}

/**
 * rstf_netlink_put_match() - append the match of a rule to its attribute
 * @skb: the message
 * @match: the match
 *
 * Context: Process context of who reads.
 * Return: 0 or -EMSGSIZE.
 */
int rstf_netlink_put_match(struct sk_buff *skb, const struct rstf_match *match)
{
	if (nla_put_u32(skb, RSTFAULT_A_RULE_HOOK, match->hook) ||
	    nla_put_u32(skb, RSTFAULT_A_RULE_SEGMENT, match->kinds) ||
	    (match->family &&
	     nla_put_u16(skb, RSTFAULT_A_RULE_FAMILY, match->family)) ||
	    put_prefix(skb, &match->saddr, match->family,
		       RSTFAULT_A_RULE_SADDR4, RSTFAULT_A_RULE_SADDR6,
		       RSTFAULT_A_RULE_SADDR_PREFIX) ||
	    put_prefix(skb, &match->daddr, match->family,
		       RSTFAULT_A_RULE_DADDR4, RSTFAULT_A_RULE_DADDR6,
		       RSTFAULT_A_RULE_DADDR_PREFIX) ||
	    put_ports(skb, &match->sport, RSTFAULT_A_RULE_SPORT) ||
	    put_ports(skb, &match->dport, RSTFAULT_A_RULE_DPORT) ||
	    put_ifname(skb, &match->iif, RSTFAULT_A_RULE_IIF) ||
	    put_ifname(skb, &match->oif, RSTFAULT_A_RULE_OIF) ||
	    put_flags(skb, match) ||
	    put_mark(skb, match) ||
	    put_length(skb, match) ||
	    rstf_netlink_put_match_sock(skb, &match->sock))
		return -EMSGSIZE;

	return 0;
}
