// SPDX-License-Identifier: GPL-2.0
/*
 * The policies of the family, as the kernel itself tells them.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <string.h>

#include "policy.h"

static int read_attr(const struct nlattr *attr, void *data)
{
	struct policy_attr *policy = data;

	switch (mnl_attr_get_type(attr)) {
	case NL_POLICY_TYPE_ATTR_TYPE:
		policy->kind = mnl_attr_get_u32(attr);
		break;
	case NL_POLICY_TYPE_ATTR_MIN_VALUE_U:
	case NL_POLICY_TYPE_ATTR_MIN_VALUE_S:
		policy->min = mnl_attr_get_u64(attr);
		break;
	case NL_POLICY_TYPE_ATTR_MAX_VALUE_U:
	case NL_POLICY_TYPE_ATTR_MAX_VALUE_S:
		policy->max = mnl_attr_get_u64(attr);
		policy->bounded = true;
		break;
	case NL_POLICY_TYPE_ATTR_MASK:
		policy->mask = mnl_attr_get_u64(attr);
		break;
	case NL_POLICY_TYPE_ATTR_MAX_LENGTH:
		policy->len = mnl_attr_get_u32(attr);
		break;
	case NL_POLICY_TYPE_ATTR_POLICY_IDX:
		policy->nested = mnl_attr_get_u32(attr);
		break;
	}
	return MNL_CB_OK;
}

static int read_policy(const struct nlattr *policy, void *data)
{
	struct policies *policies = data;
	unsigned int number = mnl_attr_get_type(policy), type;
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, policy) {
		type = mnl_attr_get_type(attr);
		if (number >= POLICIES_MAX || type >= POLICY_TYPES_MAX)
			return MNL_CB_ERROR;
		mnl_attr_parse_nested(attr, read_attr,
				      &policies->attrs[number][type]);
	}
	return MNL_CB_OK;
}

static int read_op(const struct nlattr *op, void *data)
{
	struct policies *policies = data;
	unsigned int cmd = mnl_attr_get_type(op);
	const struct nlattr *attr;

	if (cmd >= sizeof(policies->doit) / sizeof(*policies->doit))
		return MNL_CB_ERROR;
	mnl_attr_for_each_nested(attr, op) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_POLICY_DO)
			policies->doit[cmd] = mnl_attr_get_u32(attr);
		if (mnl_attr_get_type(attr) == CTRL_ATTR_POLICY_DUMP)
			policies->dump[cmd] = mnl_attr_get_u32(attr);
	}
	return MNL_CB_OK;
}

struct reading {
	struct policies *policies;
	int err;
};

static int read_message(const struct nlmsghdr *nlh, void *data)
{
	struct reading *reading = data;
	const struct nlattr *attr;
	int done = MNL_CB_OK;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_POLICY)
			done = mnl_attr_parse_nested(attr, read_policy,
						     reading->policies);
		if (mnl_attr_get_type(attr) == CTRL_ATTR_OP_POLICY)
			done = mnl_attr_parse_nested(attr, read_op,
						     reading->policies);
		if (done < 0)
			reading->err = -E2BIG;
	}
	return MNL_CB_OK;
}

/**
 * policies_read() - ask for the policies of the family
 * @policies: gets them
 * @family: socket
 *
 * Return: 0 or a negative errno; -E2BIG: there are more than fit.
 */
int policies_read(struct policies *policies, struct family *family)
{
	struct reading reading = { .policies = policies };
	struct refusal refusal;
	struct nlmsghdr *nlh;
	int err;

	memset(policies, 0, sizeof(*policies));
	memset(policies->doit, 0xff, sizeof(policies->doit));
	memset(policies->dump, 0xff, sizeof(policies->dump));

	nlh = family_request(family, CTRL_CMD_GETPOLICY, NLM_F_DUMP);
	nlh->nlmsg_type = GENL_ID_CTRL;
	mnl_attr_put_u16(nlh, CTRL_ATTR_FAMILY_ID, family->id);
	err = family_send(family, nlh, read_message, &reading, &refusal);

	return err ?: reading.err;
}
