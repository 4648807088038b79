// SPDX-License-Identifier: GPL-2.0
/* Why the kernel said no: extended ack to words. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include "attr.h"
#include "err.h"
#include "field.h"
#include "nl.h"
#include "print.h"
#include "refusal.h"
#include "rule.h"

/**
 * struct refusal - what an extended ack says
 * @text: sentence, NULL if there is none
 * @offset: where in the request the offending attribute is, 0 if unknown
 * @missing: type of the attribute that is missing, 0 if none is
 * @nest: where in the request that attribute should be, 0 for the top level
 */
struct refusal {
	const char *text;
	__u32 offset;
	__u32 missing;
	__u32 nest;
};

/**
 * refusal_code() - the errno in a reply
 * @reply: a message of type NLMSG_ERROR or NLMSG_DONE
 *
 * Return: 0 for success, else a negative errno
 */
int refusal_code(const struct nlmsghdr *reply)
{
	const int *code = mnl_nlmsg_get_payload(reply);

	if (mnl_nlmsg_get_payload_len(reply) < sizeof(*code))
		return reply->nlmsg_type == NLMSG_DONE ? 0 : -EBADMSG;
	return *code > 0 ? -EBADMSG : *code;
}

static void decode(const struct nlmsghdr *reply, struct refusal *refusal)
{
	const struct nlmsgerr *error = mnl_nlmsg_get_payload(reply);
	size_t payload = mnl_nlmsg_get_payload_len(reply);
	size_t skip = sizeof(int);
	const struct nlattr *attr;

	if (!(reply->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	if (reply->nlmsg_type == NLMSG_ERROR) {
		skip = sizeof(*error);
		if (payload < skip)
			return;
		if (!(reply->nlmsg_flags & NLM_F_CAPPED)) {
			if (error->msg.nlmsg_len < sizeof(error->msg) ||
			    error->msg.nlmsg_len > payload)
				return;
			skip += error->msg.nlmsg_len - sizeof(error->msg);
		}
	}
	if (MNL_ALIGN(skip) > payload)
		return;
	mnl_attr_for_each(attr, reply, skip) {
		__u16 len = mnl_attr_get_payload_len(attr);
		const char *text = mnl_attr_get_payload(attr);

		switch (mnl_attr_get_type(attr)) {
		case NLMSGERR_ATTR_MSG:
			if (len && !text[len - 1] && *text)
				refusal->text = text;
			break;
		case NLMSGERR_ATTR_OFFS:
			if (len == sizeof(__u32))
				refusal->offset = mnl_attr_get_u32(attr);
			break;
		case NLMSGERR_ATTR_MISS_TYPE:
			if (len == sizeof(__u32))
				refusal->missing = mnl_attr_get_u32(attr);
			break;
		case NLMSGERR_ATTR_MISS_NEST:
			if (len == sizeof(__u32))
				refusal->nest = mnl_attr_get_u32(attr);
			break;
		}
	}
}

/**
 * struct place - where in a request something is
 * @index: of the rule, counted from 0; -1: it is in none
 * @top: the attribute of the request, NULL: it is in none
 * @set: the set that @top is, NULL: it is none
 * @attr: the attribute in @set, 0: @top itself
 * @nest: the set that @attr is, NULL: it is none
 * @sub: the attribute in @nest, 0: @attr itself
 */
struct place {
	int index;
	const struct nlattr *top;
	const struct field_set *set;
	unsigned int attr;
	const struct field_set *nest;
	unsigned int sub;
};

/* Does the attribute cover that offset of the message? */
static bool covers(const struct nlattr *attr, const struct nlmsghdr *message,
		   __u32 offset)
{
	size_t start = (const char *)attr - (const char *)message;

	return offset >= start && offset < start + attr->nla_len;
}

/* Find the attribute in a set that covers the offset; 0: the set itself. */
static const struct nlattr *locate_in(const struct nlattr *nest,
				      const struct nlmsghdr *request,
				      __u32 offset)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, nest) {
		if (covers(attr, request, offset))
			return attr;
	}
	return NULL;
}

static void locate(const struct nlmsghdr *request, __u32 offset,
		   struct place *place)
{
	const struct field *field;
	const struct nlattr *attr;
	int rules = 0;

	memset(place, 0, sizeof(*place));
	place->index = -1;
	mnl_attr_for_each(attr, request, GENL_HDRLEN) {
		if (covers(attr, request, offset)) {
			place->top = attr;
			break;
		}
		if (mnl_attr_get_type(attr) == RSTFAULT_A_RULE)
			rules++;
	}
	if (!place->top)
		return;
	if (mnl_attr_get_type(attr) == RSTFAULT_A_FORGE) {
		place->set = &forge_fields;
	} else if (mnl_attr_get_type(attr) == RSTFAULT_A_RULE) {
		place->set = &rule_fields;
		place->index = rules;
	}
	attr = place->set ? locate_in(attr, request, offset) : NULL;
	if (!attr)
		return;
	place->attr = mnl_attr_get_type(attr);
	field = field_find(place->set, place->attr);
	place->nest = field ? field->nest : NULL;
	attr = place->nest ? locate_in(attr, request, offset) : NULL;
	if (attr)
		place->sub = mnl_attr_get_type(attr);
}

/* An attribute of a rule, in its words. */
static bool print_in_rule(FILE *out, const struct place *place)
{
	const struct field *field;
	struct rule rule;

	if (!place->attr || nl_rule_get(place->top, &rule))
		return false;
	if (!place->sub)
		return print_attr(out, &rule_fields, &rule, place->attr);
	field = field_find(&rule_fields, place->attr);
	return print_attr(out, place->nest, field_member(field, &rule),
			  place->sub);
}

/* An attribute of a RST that belongs to no rule. */
static bool print_in_forge(FILE *out, const struct place *place)
{
	struct rule_forge forge = {};
	bool incomplete;

	/* There the words for it are others. */
	if (place->attr == RSTFAULT_A_FORGE_TO) {
		fputs("to", out);
		return true;
	}
	return place->attr &&
	       !attr_get_set(place->top, &forge_fields, &forge, &incomplete) &&
	       print_attr(out, &forge_fields, &forge, place->attr);
}

static bool print_offender(FILE *out, const struct place *place)
{
	if (!place->top)
		return false;
	switch (mnl_attr_get_type(place->top)) {
	case RSTFAULT_A_RULE:
		return print_in_rule(out, place);
	case RSTFAULT_A_FORGE:
		return print_in_forge(out, place);
	case RSTFAULT_A_ID:
	case RSTFAULT_A_BEFORE:
		fprintf(out, "id %u", mnl_attr_get_u32(place->top));
		return true;
	case RSTFAULT_A_NAME:
		fprintf(out, "name %s", mnl_attr_get_str(place->top));
		return true;
	default:
		return false;
	}
}

/* What is missing in the request itself has no word. */
static bool print_missing(FILE *out, const struct refusal *refusal,
			  const struct place *place)
{
	const struct field_set *set = place->attr ? place->nest : place->set;
	const char *word;

	if (!refusal->missing || !set)
		return false;
	word = print_attr_word(set, refusal->missing);
	if (word)
		fputs(word, out);
	return word;
}

static const char *errno_text(int code)
{
	switch (-code) {
	case EPERM:
		return "not permitted: CAP_NET_ADMIN is needed in this network namespace";
	/* All that the module does not find, it names. */
	case ENOENT:
		return "the module was removed";
	case EOPNOTSUPP:
		return "the module does not know this command: it is older than rstctl";
	default:
		return strerror(-code);
	}
}

/**
 * refusal_explain() - why the kernel refused a request
 * @reply: its reply, of type NLMSG_ERROR or NLMSG_DONE
 * @request: the request as it was sent
 * @err: where the explanation is returned
 *
 * Return: which rule of the request it is about, counted from 0; -1 if that is
 * not known
 */
int refusal_explain(const struct nlmsghdr *reply,
		    const struct nlmsghdr *request, struct err *err)
{
	int code = refusal_code(reply);
	struct refusal refusal = {};
	struct place place;
	char where[400] = "";
	bool known = false;
	FILE *out;

	decode(reply, &refusal);
	locate(request, refusal.offset ? refusal.offset : refusal.nest,
	       &place);
	out = fmemopen(where, sizeof(where), "w");
	if (out) {
		if (refusal.offset)
			known = print_offender(out, &place);
		else
			known = print_missing(out, &refusal, &place);
		fclose(out);
	}
	err_set(err, "%s%s%s%s", known ? where : "", known ? ": " : "",
		!refusal.text && refusal.missing && known ? "missing: " : "",
		refusal.text ? refusal.text : errno_text(code));
	return place.index;
}
