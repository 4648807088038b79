// SPDX-License-Identifier: GPL-2.0
/*
 * Attributes of requests as tests write them down.
 */
#include "value.h"

static void put_nest(struct nlmsghdr *nlh, const struct value *value)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, value->type);
	const struct value *inner;

	for (inner = value->data; inner->type; inner++)
		put_value(nlh, inner);
	mnl_attr_nest_end(nlh, nest);
}

/**
 * put_value() - append an attribute to a request
 * @nlh: the request
 * @value: the attribute
 */
void put_value(struct nlmsghdr *nlh, const struct value *value)
{
	if (value->len == VALUE_NEST)
		put_nest(nlh, value);
	else if (value->data)
		mnl_attr_put(nlh, value->type, value->len, value->data);
	else if (value->len == 1)
		mnl_attr_put_u8(nlh, value->type, value->number);
	else if (value->len == 2)
		mnl_attr_put_u16(nlh, value->type, value->number);
	else if (value->len == 4)
		mnl_attr_put_u32(nlh, value->type, value->number);
	else if (value->len == 8)
		mnl_attr_put_u64(nlh, value->type, value->number);
}
