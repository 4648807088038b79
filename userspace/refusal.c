// SPDX-License-Identifier: GPL-2.0
/* Why the kernel said no: extended ack to words. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include "err.h"
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

/* Does the attribute cover that offset of the message? */
static bool covers(const struct nlattr *attr, const struct nlmsghdr *message,
		   __u32 offset)
{
	size_t start = (const char *)attr - (const char *)message;

	return offset >= start && offset < start + attr->nla_len;
}

/* The attribute of a rule that covers the offset, with the rule's value. */
static bool print_offender_in_rule(FILE *out, const struct nlattr *nest,
				   const struct nlmsghdr *request,
				   __u32 offset)
{
	const struct nlattr *attr;
	struct rule rule;

	mnl_attr_for_each_nested(attr, nest) {
		if (!covers(attr, request, offset))
			continue;
		return !nl_rule_get(nest, &rule) &&
		       print_attr(out, &rule, mnl_attr_get_type(attr));
	}
	return false;
}

static bool print_offender(FILE *out, const struct nlmsghdr *request,
			   __u32 offset)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, request, GENL_HDRLEN) {
		if (!covers(attr, request, offset))
			continue;
		switch (mnl_attr_get_type(attr)) {
		case RSTFAULT_A_RULE:
			return print_offender_in_rule(out, attr, request,
						      offset);
		case RSTFAULT_A_ID:
			fprintf(out, "id %u", mnl_attr_get_u32(attr));
			return true;
		case RSTFAULT_A_NAME:
			fprintf(out, "name %s", mnl_attr_get_str(attr));
			return true;
		}
	}
	return false;
}

/* Only rules have attributes that are always needed. */
static bool print_missing(FILE *out, const struct refusal *refusal)
{
	const char *word = print_attr_word(refusal->missing);

	if (!refusal->missing || !refusal->nest || !word)
		return false;
	fputs(word, out);
	return true;
}

static const char *errno_text(int code)
{
	switch (-code) {
	case EPERM:
		return "not permitted: CAP_NET_ADMIN is needed in this network namespace";
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
 */
void refusal_explain(const struct nlmsghdr *reply,
		     const struct nlmsghdr *request, struct err *err)
{
	int code = refusal_code(reply);
	struct refusal refusal = {};
	char where[400] = "";
	bool known = false;
	FILE *out;

	decode(reply, &refusal);
	out = fmemopen(where, sizeof(where), "w");
	if (out) {
		if (refusal.offset)
			known = print_offender(out, request, refusal.offset);
		else
			known = print_missing(out, &refusal);
		fclose(out);
	}
	err_set(err, "%s%s%s%s", known ? where : "", known ? ": " : "",
		!refusal.text && refusal.missing && known ? "missing: " : "",
		refusal.text ? refusal.text : errno_text(code));
}
