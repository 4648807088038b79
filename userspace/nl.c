// SPDX-License-Identifier: GPL-2.0
/* Model to netlink and back, and the requests made of it. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/genetlink.h>

#include "cmd.h"
#include "err.h"
#include "netns.h"
#include "nl.h"

/* How often a dump is repeated when the ruleset changes under it. */
#define DUMP_TRIES	16

/**
 * nl_request() - begin a request
 * @buf: room for it, NL_REQUEST_MAX bytes
 * @family: number of the family
 * @cmd: RSTFAULT_CMD_*
 *
 * Return: the request
 */
struct nlmsghdr *nl_request(void *buf, __u16 family, __u8 cmd)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(buf);
	struct genlmsghdr *genlh;

	message->nlmsg_type = family;
	genlh = mnl_nlmsg_put_extra_header(message, sizeof(*genlh));
	genlh->cmd = cmd;
	genlh->version = RSTFAULT_FAMILY_VERSION;
	return message;
}

static bool prefix_put(struct nlmsghdr *message, size_t size, __u16 addr4,
		       __u16 addr6, __u16 len,
		       const struct rule_prefix *prefix)
{
	bool is4 = prefix->family == AF_INET;

	if (!prefix->family)
		return true;
	return mnl_attr_put_check(message, size, is4 ? addr4 : addr6,
				  is4 ? 4 : 16, prefix->addr) &&
	       mnl_attr_put_u8_check(message, size, len, prefix->len);
}

static bool ports_put(struct nlmsghdr *message, size_t size, __u16 attr,
		      const struct rule_ports *ports)
{
	unsigned int i;

	for (i = 0; i < ports->count; i++) {
		const struct rule_range *range = &ports->range[i];
		struct nlattr *nest;

		nest = mnl_attr_nest_start_check(message, size, attr);
		if (!nest ||
		    !mnl_attr_put_u16_check(message, size,
					    RSTFAULT_A_PORT_RANGE_FIRST,
					    range->first) ||
		    !mnl_attr_put_u16_check(message, size,
					    RSTFAULT_A_PORT_RANGE_LAST,
					    range->last))
			return false;
		mnl_attr_nest_end(message, nest);
	}
	return true;
}

static bool string_put(struct nlmsghdr *message, size_t size, __u16 attr,
		       const char *string)
{
	return !*string || mnl_attr_put_strz_check(message, size, attr, string);
}

static bool u32_put(struct nlmsghdr *message, size_t size, __u16 attr,
		    __u32 value)
{
	return mnl_attr_put_u32_check(message, size, attr, value);
}

/**
 * nl_rule_put() - append a rule to a request
 * @message: the request
 * @size: room for the whole of it
 * @rule: the rule
 *
 * Return: false if it does not fit; @message is to be thrown away then
 */
bool nl_rule_put(struct nlmsghdr *message, size_t size,
		 const struct rule *rule)
{
	struct nlattr *nest;

	nest = mnl_attr_nest_start_check(message, size, RSTFAULT_A_RULE);
	if (!nest ||
	    !string_put(message, size, RSTFAULT_A_RULE_NAME, rule->name) ||
	    !u32_put(message, size, RSTFAULT_A_RULE_HOOK, rule->hook) ||
	    !u32_put(message, size, RSTFAULT_A_RULE_SEGMENT, rule->segment) ||
	    (rule->family &&
	     !mnl_attr_put_u16_check(message, size, RSTFAULT_A_RULE_FAMILY,
				     rule->family)) ||
	    !prefix_put(message, size, RSTFAULT_A_RULE_SADDR4,
			RSTFAULT_A_RULE_SADDR6, RSTFAULT_A_RULE_SADDR_PREFIX,
			&rule->saddr) ||
	    !prefix_put(message, size, RSTFAULT_A_RULE_DADDR4,
			RSTFAULT_A_RULE_DADDR6, RSTFAULT_A_RULE_DADDR_PREFIX,
			&rule->daddr) ||
	    !ports_put(message, size, RSTFAULT_A_RULE_SPORT, &rule->sport) ||
	    !ports_put(message, size, RSTFAULT_A_RULE_DPORT, &rule->dport) ||
	    !string_put(message, size, RSTFAULT_A_RULE_IIF, rule->iif) ||
	    !string_put(message, size, RSTFAULT_A_RULE_OIF, rule->oif) ||
	    !u32_put(message, size, RSTFAULT_A_RULE_ACTION, rule->action))
		return false;
	mnl_attr_nest_end(message, nest);
	return true;
}

/* The payload, if it is as long as it has to be. */
static bool get(const struct nlattr *attr, void *value, size_t len)
{
	if (mnl_attr_get_payload_len(attr) != len)
		return false;
	memcpy(value, mnl_attr_get_payload(attr), len);
	return true;
}

static bool string_get(const struct nlattr *attr, char *string, size_t size)
{
	size_t len = mnl_attr_get_payload_len(attr);
	const char *text = mnl_attr_get_payload(attr);
	size_t used = strnlen(text, len);

	if (used >= size)
		return false;
	memcpy(string, text, used);
	string[used] = '\0';
	return true;
}

static bool addr_get(const struct nlattr *attr, struct rule_prefix *prefix,
		     __u16 family)
{
	prefix->family = family;
	return get(attr, prefix->addr, family == AF_INET ? 4 : 16);
}

static bool range_get(const struct nlattr *nest, struct rule_ports *ports)
{
	bool first = false, last = false;
	const struct nlattr *attr;
	struct rule_range range;

	if (ports->count == RSTFAULT_PORTS_MAX)
		return false;
	mnl_attr_for_each_nested(attr, nest) {
		switch (mnl_attr_get_type(attr)) {
		case RSTFAULT_A_PORT_RANGE_FIRST:
			first = get(attr, &range.first, sizeof(range.first));
			break;
		case RSTFAULT_A_PORT_RANGE_LAST:
			last = get(attr, &range.last, sizeof(range.last));
			break;
		}
	}
	if (first && last)
		ports->range[ports->count++] = range;
	return first && last;
}

static bool counters_get(const struct nlattr *nest, struct rule *rule)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, nest) {
		if (mnl_attr_get_type(attr) == RSTFAULT_A_COUNTERS_FIRED &&
		    !get(attr, &rule->fired, sizeof(rule->fired)))
			return false;
	}
	return true;
}

static bool rule_attr_get(const struct nlattr *attr, struct rule *rule,
			  int *saddr_len, int *daddr_len)
{
	__u16 family;
	__u8 len;

	switch (mnl_attr_get_type(attr)) {
	case RSTFAULT_A_RULE_ID:
		return get(attr, &rule->id, sizeof(rule->id));
	case RSTFAULT_A_RULE_NAME:
		return string_get(attr, rule->name, sizeof(rule->name));
	case RSTFAULT_A_RULE_HOOK:
		return get(attr, &rule->hook, sizeof(rule->hook));
	case RSTFAULT_A_RULE_SEGMENT:
		return get(attr, &rule->segment, sizeof(rule->segment));
	case RSTFAULT_A_RULE_FAMILY:
		if (!get(attr, &family, sizeof(family)))
			return false;
		rule->family = family;
		return true;
	case RSTFAULT_A_RULE_SADDR4:
		return addr_get(attr, &rule->saddr, AF_INET);
	case RSTFAULT_A_RULE_SADDR6:
		return addr_get(attr, &rule->saddr, AF_INET6);
	case RSTFAULT_A_RULE_SADDR_PREFIX:
		if (!get(attr, &len, sizeof(len)))
			return false;
		*saddr_len = len;
		return true;
	case RSTFAULT_A_RULE_DADDR4:
		return addr_get(attr, &rule->daddr, AF_INET);
	case RSTFAULT_A_RULE_DADDR6:
		return addr_get(attr, &rule->daddr, AF_INET6);
	case RSTFAULT_A_RULE_DADDR_PREFIX:
		if (!get(attr, &len, sizeof(len)))
			return false;
		*daddr_len = len;
		return true;
	case RSTFAULT_A_RULE_SPORT:
		return range_get(attr, &rule->sport);
	case RSTFAULT_A_RULE_DPORT:
		return range_get(attr, &rule->dport);
	case RSTFAULT_A_RULE_IIF:
		return string_get(attr, rule->iif, sizeof(rule->iif));
	case RSTFAULT_A_RULE_OIF:
		return string_get(attr, rule->oif, sizeof(rule->oif));
	case RSTFAULT_A_RULE_ACTION:
		return get(attr, &rule->action, sizeof(rule->action));
	case RSTFAULT_A_RULE_COUNTERS:
		return counters_get(attr, rule);
	default:
		rule->incomplete = true;
		return true;
	}
}

static bool prefix_complete(struct rule_prefix *prefix, int len)
{
	int bits = prefix->family == AF_INET ? 32 : 128;

	if (!prefix->family)
		return len < 0;
	prefix->len = len < 0 ? bits : len;
	return len <= bits;
}

/**
 * nl_rule_get() - the rule in a message
 * @nest: the attribute RSTFAULT_A_RULE
 * @rule: where the rule is returned
 *
 * What a newer module has and this version does not know is no error; it is
 * remembered in @rule->incomplete.
 *
 * Return: 0, or -1 if the attribute makes no sense
 */
int nl_rule_get(const struct nlattr *nest, struct rule *rule)
{
	bool seen[RSTFAULT_A_RULE_MAX + 1] = {};
	int saddr_len = -1, daddr_len = -1;
	const struct nlattr *attr;

	memset(rule, 0, sizeof(*rule));
	mnl_attr_for_each_nested(attr, nest) {
		if (!rule_attr_get(attr, rule, &saddr_len, &daddr_len))
			return -1;
		if (mnl_attr_get_type(attr) <= RSTFAULT_A_RULE_MAX)
			seen[mnl_attr_get_type(attr)] = true;
	}
	if (!seen[RSTFAULT_A_RULE_HOOK] || !seen[RSTFAULT_A_RULE_SEGMENT] ||
	    !seen[RSTFAULT_A_RULE_ACTION] ||
	    !prefix_complete(&rule->saddr, saddr_len) ||
	    !prefix_complete(&rule->daddr, daddr_len))
		return -1;
	if (rule->hook > RSTFAULT_HOOK_MAX ||
	    rule->segment & ~RSTFAULT_SEGMENT_MASK ||
	    (rule->family && rule->family != AF_INET &&
	     rule->family != AF_INET6) ||
	    rule->action > RSTFAULT_ACTION_MAX)
		rule->incomplete = true;
	return 0;
}

/**
 * nl_open() - talk to the module
 * @genl: what to initialize; on success genl_close() must follow
 * @netns: network namespace to enter first, or NULL
 * @err: where an error is returned
 *
 * Return: enum status
 */
int nl_open(struct genl *genl, const char *netns, struct err *err)
{
	int status = netns ? netns_enter(netns, err) : STATUS_OK;

	if (status == STATUS_OK &&
	    genl_open(genl, RSTFAULT_FAMILY_NAME, err))
		status = STATUS_REFUSED;
	return status;
}

/**
 * nl_add() - append a rule to the ruleset
 * @genl: the module
 * @rule: the rule
 * @err: where an error is returned
 *
 * Return: 0 or a negative errno
 */
int nl_add(struct genl *genl, const struct rule *rule, struct err *err)
{
	__u64 buf[NL_REQUEST_MAX / sizeof(__u64)];
	struct nlmsghdr *request;

	request = nl_request(buf, genl->family, RSTFAULT_CMD_RULE_ADD);
	if (!nl_rule_put(request, sizeof(buf), rule)) {
		err_set(err, "the rule is too large");
		return -EMSGSIZE;
	}
	return genl_talk(genl, request, NULL, NULL, err);
}

/**
 * nl_del() - delete a rule
 * @genl: the module
 * @ref: which one
 * @err: where an error is returned
 *
 * Return: 0 or a negative errno
 */
int nl_del(struct genl *genl, const struct rule_ref *ref, struct err *err)
{
	__u64 buf[NL_REQUEST_MAX / sizeof(__u64)];
	struct nlmsghdr *request;

	request = nl_request(buf, genl->family, RSTFAULT_CMD_RULE_DEL);
	if (*ref->name)
		mnl_attr_put_strz(request, RSTFAULT_A_NAME, ref->name);
	else
		mnl_attr_put_u32(request, RSTFAULT_A_ID, ref->id);
	return genl_talk(genl, request, NULL, NULL, err);
}

/**
 * nl_flush() - delete every rule
 * @genl: the module
 * @err: where an error is returned
 *
 * Return: 0 or a negative errno
 */
int nl_flush(struct genl *genl, struct err *err)
{
	__u64 buf[NL_REQUEST_MAX / sizeof(__u64)];

	return genl_talk(genl, nl_request(buf, genl->family,
					  RSTFAULT_CMD_FLUSH),
			 NULL, NULL, err);
}

static struct rule *rules_append(struct rules *rules)
{
	size_t room = rules->room ? 2 * rules->room : 64;
	struct rule *rule;

	if (rules->count == rules->room) {
		rule = reallocarray(rules->rule, room, sizeof(*rule));
		if (!rule)
			return NULL;
		rules->rule = rule;
		rules->room = room;
	}
	return &rules->rule[rules->count++];
}

static int list_reply(const struct nlmsghdr *message, void *data)
{
	const struct nlattr *attr;
	struct rule *rule;

	mnl_attr_for_each(attr, message, GENL_HDRLEN) {
		if (mnl_attr_get_type(attr) != RSTFAULT_A_RULE)
			continue;
		rule = rules_append(data);
		if (!rule)
			return -ENOMEM;
		if (nl_rule_get(attr, rule))
			return -EBADMSG;
	}
	return 0;
}

/**
 * nl_list() - every rule in its order
 * @genl: the module
 * @rules: where they are returned; the caller frees @rules->rule in any case
 * @err: where an error is returned
 *
 * Return: 0 or a negative errno
 */
int nl_list(struct genl *genl, struct rules *rules, struct err *err)
{
	__u64 buf[NL_REQUEST_MAX / sizeof(__u64)];
	struct nlmsghdr *request;
	int tries, ret = -EINTR;

	memset(rules, 0, sizeof(*rules));
	for (tries = 0; tries < DUMP_TRIES && ret == -EINTR; tries++) {
		rules->count = 0;
		request = nl_request(buf, genl->family, RSTFAULT_CMD_RULE_GET);
		request->nlmsg_flags |= NLM_F_DUMP;
		ret = genl_talk(genl, request, list_reply, rules, err);
	}
	if (ret == -EINTR)
		err_set(err,
			"the ruleset was changed each of the %u times that it was read; try again",
			DUMP_TRIES);
	return ret;
}

/**
 * struct version - where version_reply() puts the version
 * @text: the version
 * @size: size of @text
 */
struct version {
	char *text;
	size_t size;
};

static int version_reply(const struct nlmsghdr *message, void *data)
{
	struct version *version = data;
	const struct nlattr *attr;

	mnl_attr_for_each(attr, message, GENL_HDRLEN) {
		if (mnl_attr_get_type(attr) == RSTFAULT_A_VERSION &&
		    !string_get(attr, version->text, version->size))
			return -EBADMSG;
	}
	return *version->text ? 0 : -EBADMSG;
}

/**
 * nl_version() - the version of the module
 * @genl: the module
 * @version: where it is returned
 * @size: size of @version
 * @err: where an error is returned
 *
 * Return: 0 or a negative errno
 */
int nl_version(struct genl *genl, char *version, size_t size, struct err *err)
{
	__u64 buf[NL_REQUEST_MAX / sizeof(__u64)];
	struct version text = { version, size };

	version[0] = '\0';
	return genl_talk(genl, nl_request(buf, genl->family,
					  RSTFAULT_CMD_INFO_GET),
			 version_reply, &text, err);
}
