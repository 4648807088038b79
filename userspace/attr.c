// SPDX-License-Identifier: GPL-2.0
/* Sets of attributes: from the model to netlink and back. */

#include <string.h>
#include <sys/socket.h>

#include "attr.h"
#include "field.h"
#include "rule.h"
#include "words.h"

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

/* Bytes of a number; 0 for what is none. */
static size_t number_size(enum field_type type)
{
	switch (type) {
	case FIELD_U8:
		return sizeof(__u8);
	case FIELD_U16:
	case FIELD_FAMILY:
		return sizeof(__u16);
	case FIELD_U32:
	case FIELD_S32:
	case FIELD_ID:
		return sizeof(__u32);
	case FIELD_U64:
		return sizeof(__u64);
	default:
		return 0;
	}
}

static bool field_put(struct nlmsghdr *message, size_t size, __u16 attr,
		      const struct field *field, const void *data)
{
	const void *member = field_member(field, data);
	const struct rule_prefix *prefix = member;

	switch (field->type) {
	case FIELD_STRING:
		return mnl_attr_put_strz_check(message, size, attr, member);
	case FIELD_ADDR4:
		return mnl_attr_put_check(message, size, attr, 4, prefix->addr);
	case FIELD_ADDR6:
		return mnl_attr_put_check(message, size, attr, 16,
					  prefix->addr);
	case FIELD_BITS:
		return mnl_attr_put_u8_check(message, size, attr, prefix->len);
	case FIELD_PORTS:
		return ports_put(message, size, attr, member);
	case FIELD_NEST:
		return attr_put_nest(message, size, attr, field->nest, member);
	default:
		/* A flag has no bytes. */
		return mnl_attr_put_check(message, size, attr,
					  number_size(field->type), member);
	}
}

/**
 * attr_put_set() - append a set of attributes to a request
 * @message: the request
 * @size: room for the whole of it
 * @set: the set
 * @data: its structure in the model
 *
 * Return: false if it does not fit; @message is to be thrown away then
 */
bool attr_put_set(struct nlmsghdr *message, size_t size,
		  const struct field_set *set, const void *data)
{
	unsigned int attr;

	for (attr = 1; attr <= set->max; attr++) {
		const struct field *field = &set->field[attr];

		if (field_present(field, attr, data) &&
		    !field_put(message, size, attr, field, data))
			return false;
	}
	return true;
}

/**
 * attr_put_nest() - append an attribute that is a set of them
 * @message: the request
 * @size: room for the whole of it
 * @attr: the attribute
 * @set: the set
 * @data: its structure in the model
 *
 * Return: false if it does not fit; @message is to be thrown away then
 */
bool attr_put_nest(struct nlmsghdr *message, size_t size, __u16 attr,
		   const struct field_set *set, const void *data)
{
	struct nlattr *nest = mnl_attr_nest_start_check(message, size, attr);

	if (!nest || !attr_put_set(message, size, set, data))
		return false;
	mnl_attr_nest_end(message, nest);
	return true;
}

/**
 * attr_get() - the payload of an attribute
 * @attr: the attribute
 * @value: where it is returned
 * @len: how long it has to be
 *
 * Return: true if it is as long as that
 */
bool attr_get(const struct nlattr *attr, void *value, size_t len)
{
	if (mnl_attr_get_payload_len(attr) != len)
		return false;
	memcpy(value, mnl_attr_get_payload(attr), len);
	return true;
}

/**
 * attr_get_string() - the string in an attribute
 * @attr: the attribute
 * @string: where it is returned
 * @size: size of @string
 *
 * Return: true if it fits
 */
bool attr_get_string(const struct nlattr *attr, char *string, size_t size)
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
	return attr_get(attr, prefix->addr, family == AF_INET ? 4 : 16);
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
			first = attr_get(attr, &range.first,
					 sizeof(range.first));
			break;
		case RSTFAULT_A_PORT_RANGE_LAST:
			last = attr_get(attr, &range.last, sizeof(range.last));
			break;
		}
	}
	if (first && last)
		ports->range[ports->count++] = range;
	return first && last;
}

static bool field_get(const struct nlattr *attr, const struct field *field,
		      void *data, bool *incomplete)
{
	void *member = (char *)data + field->offset;
	struct rule_prefix *prefix = member;

	switch (field->type) {
	case FIELD_STRING:
		return attr_get_string(attr, member, field->room);
	case FIELD_ADDR4:
		return addr_get(attr, prefix, AF_INET);
	case FIELD_ADDR6:
		return addr_get(attr, prefix, AF_INET6);
	case FIELD_BITS:
		return attr_get(attr, &prefix->len, sizeof(prefix->len));
	case FIELD_PORTS:
		return range_get(attr, member);
	case FIELD_NEST:
		return !attr_get_set(attr, field->nest, member, incomplete);
	case FIELD_FLAG:
		return true;
	default:
		return attr_get(attr, member, number_size(field->type));
	}
}

/* Are there words for the value? */
static bool is_known(const struct field *field, const void *data)
{
	__u64 value = field_number(field, data);
	const struct word *word;

	if (!field->words)
		return true;
	if (!field->is_union)
		return word_name(field->words, value);
	for (word = field->words; word->name; word++)
		value &= ~(__u64)word->value;
	return !value;
}

/* A prefix has an address, and not more bits than that. */
static bool prefix_complete(struct rule_prefix *prefix, bool has_len)
{
	int bits = prefix->family == AF_INET ? 32 : 128;

	if (!prefix->family)
		return !has_len;
	if (!has_len)
		prefix->len = bits;
	return prefix->len <= bits;
}

/**
 * attr_get_set() - the set of attributes in an attribute
 * @nest: the attribute
 * @set: the set
 * @data: its structure in the model, all 0
 * @incomplete: set to true if there is more than this version understands
 *
 * Return: 0, or -1 if the attribute makes no sense
 */
int attr_get_set(const struct nlattr *nest, const struct field_set *set,
		 void *data, bool *incomplete)
{
	const struct field *field;
	const struct nlattr *attr;
	__u64 *has = data;
	unsigned int i;

	mnl_attr_for_each_nested(attr, nest) {
		i = mnl_attr_get_type(attr);
		field = field_find(set, i);
		if (!field) {
			/* Padding has no name, but a place. */
			if (!i || i > set->max)
				*incomplete = true;
			continue;
		}
		if (!field_get(attr, field, data, incomplete))
			return -1;
		*has |= RULE_BIT(i);
	}
	for (i = 1; i <= set->max; i++) {
		field = &set->field[i];
		if (field->always && !(*has & RULE_BIT(i)))
			return -1;
		if (field->type == FIELD_BITS &&
		    !prefix_complete((void *)field_member(field, data),
				     *has & RULE_BIT(i)))
			return -1;
		if (field_present(field, i, data) && !is_known(field, data))
			*incomplete = true;
	}
	return 0;
}
