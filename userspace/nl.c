// SPDX-License-Identifier: GPL-2.0
/* The requests of the protocol. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/genetlink.h>

#include "attr.h"
#include "batch.h"
#include "cmd.h"
#include "err.h"
#include "field.h"
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
	return attr_put_nest(message, size, RSTFAULT_A_RULE, &rule_fields,
			     rule);
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
	memset(rule, 0, sizeof(*rule));
	if (attr_get_set(nest, &rule_fields, rule, &rule->incomplete))
		return -1;
	/* In words, a range of lengths begins with its lowest. */
	if (rule->has & RULE_BIT(RSTFAULT_A_RULE_LENGTH_TO))
		rule->has |= RULE_BIT(RSTFAULT_A_RULE_LENGTH_FROM);
	return 0;
}

/**
 * nl_open() - talk to the module
 * @genl: what to initialize; on success genl_close() must follow
 * @options: which network namespace to enter first
 * @err: where an error is returned
 *
 * Return: enum status
 */
int nl_open(struct genl *genl, const struct options *options, struct err *err)
{
	int status = netns_enter(options, err);

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
	return nl_insert(genl, NULL, rule, err);
}

static void put_ref(struct nlmsghdr *request, const struct rule_ref *ref)
{
	if (*ref->name)
		mnl_attr_put_strz(request, RSTFAULT_A_NAME, ref->name);
	else
		mnl_attr_put_u32(request, RSTFAULT_A_ID, ref->id);
}

static int id_reply(const struct nlmsghdr *message, void *data)
{
	const struct nlattr *attr;
	struct rule rule;
	__u32 *id = data;

	mnl_attr_for_each(attr, message, GENL_HDRLEN) {
		if (mnl_attr_get_type(attr) != RSTFAULT_A_RULE)
			continue;
		if (nl_rule_get(attr, &rule))
			return -EBADMSG;
		*id = rule.id;
	}
	return *id ? 0 : -EBADMSG;
}

/* The id of a rule that is known by its name. */
static int find_id(struct genl *genl, const struct rule_ref *ref, __u32 *id,
		   struct err *err)
{
	__u64 buf[NL_REQUEST_MAX / sizeof(__u64)];
	struct nlmsghdr *request;

	*id = ref->id;
	if (!*ref->name)
		return 0;
	request = nl_request(buf, genl->family, RSTFAULT_CMD_RULE_GET);
	put_ref(request, ref);
	return genl_talk(genl, request, id_reply, id, err);
}

/**
 * nl_insert() - add a rule in front of another
 * @genl: the module
 * @before: that other; NULL: at the end
 * @rule: the rule
 * @err: where an error is returned
 *
 * Return: 0 or a negative errno
 */
int nl_insert(struct genl *genl, const struct rule_ref *before,
	      const struct rule *rule, struct err *err)
{
	__u64 buf[NL_REQUEST_MAX / sizeof(__u64)];
	struct nlmsghdr *request;
	__u32 id;
	int ret;

	if (before) {
		ret = find_id(genl, before, &id, err);
		if (ret)
			return ret;
	}
	request = nl_request(buf, genl->family, RSTFAULT_CMD_RULE_ADD);
	if (before)
		mnl_attr_put_u32(request, RSTFAULT_A_BEFORE, id);
	if (!nl_rule_put(request, sizeof(buf), rule)) {
		err_set(err, "the rule is too large");
		return -EMSGSIZE;
	}
	return genl_talk(genl, request, NULL, NULL, err);
}

/**
 * nl_commit() - send a request with many rules
 * @genl: the module; @genl->refused says which rule was refused
 * @batch: the request
 * @err: where an error is returned
 *
 * Return: 0 or a negative errno
 */
int nl_commit(struct genl *genl, struct batch *batch, struct err *err)
{
	batch->request->nlmsg_type = genl->family;
	return genl_talk(genl, batch->request, NULL, NULL, err);
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
	put_ref(request, ref);
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

static int rules_append(struct rules *rules, const struct nlattr *attr)
{
	size_t len = MNL_ALIGN(attr->nla_len);
	size_t room = rules->room ? 2 * rules->room : GENL_REPLY_MAX;
	char *data;

	if (rules->room - rules->len < len) {
		/* No attribute is longer than what is added here. */
		data = realloc(rules->data, room + GENL_REPLY_MAX);
		if (!data)
			return -ENOMEM;
		rules->data = data;
		rules->room = room + GENL_REPLY_MAX;
	}
	memcpy(rules->data + rules->len, attr, attr->nla_len);
	rules->len += len;
	rules->count++;
	return 0;
}

static int list_reply(const struct nlmsghdr *message, void *data)
{
	const struct nlattr *attr;
	struct rule rule;
	int ret;

	mnl_attr_for_each(attr, message, GENL_HDRLEN) {
		if (mnl_attr_get_type(attr) != RSTFAULT_A_RULE)
			continue;
		if (nl_rule_get(attr, &rule))
			return -EBADMSG;
		ret = rules_append(data, attr);
		if (ret)
			return ret;
	}
	return 0;
}

/**
 * nl_list() - every rule in its order
 * @genl: the module
 * @rules: where they are returned; the caller frees @rules->data in any case
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
		rules->len = 0;
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
 * nl_rules_next() - the next rule of a list
 * @rules: what nl_list() returned
 * @pos: where it is, 0 at first; moved to the one behind it
 * @rule: where it is returned
 *
 * Return: false behind the last one
 */
bool nl_rules_next(const struct rules *rules, size_t *pos, struct rule *rule)
{
	const struct nlattr *attr;

	if (*pos >= rules->len)
		return false;
	attr = (const struct nlattr *)(rules->data + *pos);
	*pos += MNL_ALIGN(attr->nla_len);
	return !nl_rule_get(attr, rule);
}

static int info_reply(const struct nlmsghdr *message, void *data)
{
	const struct nlattr *attr;
	struct info *info = data;
	bool more = false;
	bool right = true;

	mnl_attr_for_each(attr, message, GENL_HDRLEN) {
		switch (mnl_attr_get_type(attr)) {
		case RSTFAULT_A_VERSION:
			right = attr_get_string(attr, info->version,
						sizeof(info->version));
			break;
		case RSTFAULT_A_GENERATION:
			right = attr_get(attr, &info->generation,
					 sizeof(info->generation));
			break;
		case RSTFAULT_A_RULES:
			right = attr_get(attr, &info->rules,
					 sizeof(info->rules));
			break;
		case RSTFAULT_A_STATS:
			right = !attr_get_set(attr, &stats_fields,
					      &info->stats, &more);
			break;
		}
		if (!right)
			return -EBADMSG;
	}
	return *info->version ? 0 : -EBADMSG;
}

/**
 * nl_info() - what the module tells about itself
 * @genl: the module
 * @info: where it is returned
 * @err: where an error is returned
 *
 * Return: 0 or a negative errno
 */
int nl_info(struct genl *genl, struct info *info, struct err *err)
{
	__u64 buf[NL_REQUEST_MAX / sizeof(__u64)];

	memset(info, 0, sizeof(*info));
	return genl_talk(genl, nl_request(buf, genl->family,
					  RSTFAULT_CMD_INFO_GET),
			 info_reply, info, err);
}

/**
 * struct number - a number in a reply
 * @attr: its attribute
 * @value: the number
 * @found: it was there
 */
struct number {
	__u16 attr;
	__u32 value;
	bool found;
};

static int number_reply(const struct nlmsghdr *message, void *data)
{
	const struct nlattr *attr;
	struct number *number = data;

	mnl_attr_for_each(attr, message, GENL_HDRLEN) {
		if (mnl_attr_get_type(attr) == number->attr)
			number->found = attr_get(attr, &number->value,
						 sizeof(number->value));
	}
	return number->found ? 0 : -EBADMSG;
}

/**
 * nl_release() - let held segments go on
 * @genl: the module
 * @ref: those of which rule; NULL: of all
 * @released: where their number is returned
 * @err: where an error is returned
 *
 * Return: 0 or a negative errno
 */
int nl_release(struct genl *genl, const struct rule_ref *ref, __u32 *released,
	       struct err *err)
{
	__u64 buf[NL_REQUEST_MAX / sizeof(__u64)];
	struct number number = { .attr = RSTFAULT_A_RELEASED };
	struct nlmsghdr *request;
	int ret;

	request = nl_request(buf, genl->family, RSTFAULT_CMD_RELEASE);
	if (ref)
		put_ref(request, ref);
	ret = genl_talk(genl, request, number_reply, &number, err);
	*released = number.value;
	return ret;
}

/**
 * nl_inject() - reset a connection of a local socket
 * @genl: the module
 * @tuple: the connection, its source is the local end
 * @forge: how
 * @outcome: where enum rstfault_outcome is returned
 * @err: where an error is returned
 *
 * Return: 0 or a negative errno
 */
int nl_inject(struct genl *genl, const struct tuple *tuple,
	      const struct rule_forge *forge, __u32 *outcome, struct err *err)
{
	__u64 buf[NL_REQUEST_MAX / sizeof(__u64)];
	struct number number = { .attr = RSTFAULT_A_OUTCOME };
	struct nlmsghdr *request;
	int ret;

	request = nl_request(buf, genl->family, RSTFAULT_CMD_INJECT);
	if (!attr_put_nest(request, sizeof(buf), RSTFAULT_A_TUPLE,
			   &tuple_fields, tuple) ||
	    (forge->has && !attr_put_nest(request, sizeof(buf),
					  RSTFAULT_A_FORGE, &forge_fields,
					  forge))) {
		err_set(err, "the request is too large");
		return -EMSGSIZE;
	}
	ret = genl_talk(genl, request, number_reply, &number, err);
	*outcome = number.value;
	return ret;
}
