// SPDX-License-Identifier: GPL-2.0
/*
 * Requests that follow from the tables of attributes: each with one attribute as
 * it may be, or wrong in one way, and what the kernel has to say of it.
 */
#include <errno.h>
#include <string.h>

#include "attribute.h"

#define TYPES_MAX 64
#define BYTES_MAX 2048

uint32_t known_id, known_generation;

const char * const fault_names[FAULTS] = {
	[FAULT_MISSING] = "missing",
	[FAULT_BELOW] = "below minimum",
	[FAULT_MINIMUM] = "minimum",
	[FAULT_MAXIMUM] = "maximum",
	[FAULT_ABOVE] = "above maximum",
	[FAULT_SHORT] = "too short",
	[FAULT_LONG] = "too long",
	[FAULT_EMPTY] = "empty",
	[FAULT_NESTING] = "wrong nesting",
};

/* A request, and where each attribute is in it, by level and type. */
struct request {
	struct nlmsghdr *nlh;
	uint32_t offset[LEVELS + 2][TYPES_MAX];
};

/**
 * place_depth() - how many nests are around a place
 * @place: the place
 */
unsigned int place_depth(const struct place *place)
{
	unsigned int depth = 0;

	while (depth < LEVELS && place->nests[depth])
		depth++;
	return depth;
}

/**
 * place_other() - the row that holds at a place
 * @place: the place
 * @row: a row of its set
 */
const struct attribute *place_other(const struct place *place,
				    const struct attribute *row)
{
	const struct attribute *other;

	for (other = place->other; other && other->type; other++)
		if (other->type == row->type)
			return other;
	return row;
}

/**
 * place_row() - the row of an attribute
 * @place: where it is
 * @type: its number
 *
 * Return: the row; NULL: there is none.
 */
const struct attribute *place_row(const struct place *place, uint16_t type)
{
	const struct attribute *row;

	for (row = place->set->rows; row->type; row++)
		if (row->type == type)
			return place_other(place, row);
	return NULL;
}

static void put(struct request *request, unsigned int level,
		const struct value *value)
{
	const struct value *inner;
	struct nlattr *nest;

	if (!value->len && !value->data)
		return;
	request->offset[level][value->type & NLA_TYPE_MASK] =
		request->nlh->nlmsg_len;
	if (value->len != VALUE_NEST) {
		put_value(request->nlh, value);
		return;
	}
	nest = mnl_attr_nest_start(request->nlh, value->type);
	for (inner = value->data; inner->type; inner++)
		put(request, level + 1, inner);
	mnl_attr_nest_end(request->nlh, nest);
}

static bool has(const struct value *values, uint16_t type)
{
	for (; values && values->type; values++)
		if (values->type == type)
			return true;
	return false;
}

/* What stands beside attribute @type: @with, and of @base what is not in it. */
static void put_beside(struct request *request, unsigned int level,
		       uint16_t type, const struct value *base,
		       const struct value *with)
{
	for (; base && base->type; base++)
		if (base->type != type && !has(with, base->type))
			put(request, level, base);
	for (; with && with->type; with++)
		if (with->type != type)
			put(request, level, with);
}

/* Where requests of a place differ from each other. */
struct change {
	uint16_t type;
	const struct value *with;
	const struct value *value;
};

static void build(struct request *request, const struct place *place,
		  const struct change *change)
{
	unsigned int depth = place_depth(place), level;
	struct nlattr *nest[LEVELS];

	for (level = 0; level < depth; level++) {
		put_beside(request, level, 0, place->around[level], NULL);
		request->offset[level][place->nests[level]] =
			request->nlh->nlmsg_len;
		nest[level] = mnl_attr_nest_start(request->nlh,
						  place->nests[level]);
	}
	put_beside(request, depth, change->type, place->set->base,
		   change->with);
	if (change->value)
		put(request, depth, change->value);
	while (level--)
		mnl_attr_nest_end(request->nlh, nest[level]);
}

/* From what is said at a place to the numbers in a request that is there. */
static void locate(struct expected *expected, const struct said *said,
		   const struct request *request, const struct place *place,
		   uint16_t type)
{
	unsigned int depth = place_depth(place);
	unsigned int level = depth + said->level;

	memset(expected, 0, sizeof(*expected));
	expected->err = said->err;
	expected->text = said->text ? said->text : "";
	if (said->attr == SAID_NEST)
		expected->offset =
			request->offset[depth - 1][place->nests[depth - 1]];
	else if (said->attr)
		expected->offset = request->offset[level][said->attr];
	expected->missing = said->missing;
	if (said->missing && level > 0)
		expected->nest = request->offset[level - 1][said->level > 0 ?
					type : place->nests[level - 1]];
}

static unsigned int number_len(uint32_t kind)
{
	switch (kind) {
	case NL_ATTR_TYPE_U8:
		return 1;
	case NL_ATTR_TYPE_U16:
		return 2;
	case NL_ATTR_TYPE_U32:
	case NL_ATTR_TYPE_S32:
		return 4;
	case NL_ATTR_TYPE_U64:
		return 8;
	default:
		return 0;
	}
}

static int64_t number_min(uint32_t kind)
{
	return kind == NL_ATTR_TYPE_S32 ? INT32_MIN : 0;
}

static uint64_t number_max(uint32_t kind)
{
	if (kind == NL_ATTR_TYPE_S32)
		return INT32_MAX;
	if (kind == NL_ATTR_TYPE_U64)
		return UINT64_MAX;
	return (1ULL << (8 * number_len(kind))) - 1;
}

/* What netlink itself says of an attribute that is not as its policy wants. */
static bool policy(struct said *said, const struct attribute *row, int err,
		   const char *text)
{
	*said = (struct said){ err, text, row->type };
	return true;
}

static const char malformed[] = "Attribute failed policy validation";

static bool number_fault(struct value *value, const struct attribute *row,
			 enum fault fault, struct said *said, bool *by_policy)
{
	unsigned int len = number_len(row->kind);

	*value = (struct value){ row->type, len, row->min };
	if (row->refers)
		value->number = *row->refers;
	switch (fault) {
	case FAULT_BELOW:
		if (!row->refers && row->min == number_min(row->kind))
			return false;
		value->number--;
		*said = row->below;
		return true;
	case FAULT_MINIMUM:
		return true;
	case FAULT_MAXIMUM:
		if (!row->refers)
			value->number = row->max;
		return true;
	case FAULT_ABOVE:
		if (row->mask) {
			value->number = row->mask + 1;
			return policy(said, row, -EINVAL, "reserved bit set");
		}
		if (!row->refers && row->max == number_max(row->kind))
			return false;
		value->number = row->refers ? *row->refers + 1 : row->max + 1;
		*said = row->above;
		*by_policy = !strcmp(said->text ? said->text : "",
				     "integer out of range");
		return true;
	case FAULT_SHORT:
	case FAULT_LONG:
		value->data = "\0\0\0\0\0\0\0\0";
		value->len = fault == FAULT_SHORT ? len - 1 : len + 1;
		*by_policy = policy(said, row, -EINVAL,
				    "invalid attribute length");
		return true;
	default:
		return false;
	}
}

static bool text_fault(struct value *value, const struct attribute *row,
		       enum fault fault, struct said *said, bool *by_policy)
{
	static char text[BYTES_MAX];
	size_t len = row->max;

	memset(text, row->fill, sizeof(text));
	if (row->text && fault != FAULT_MAXIMUM && fault != FAULT_ABOVE) {
		len = strlen(row->text);
		memcpy(text, row->text, len);
	}
	switch (fault) {
	case FAULT_BELOW:
		len = 0;
		*said = row->below;
		break;
	case FAULT_MINIMUM:
	case FAULT_MAXIMUM:
		break;
	case FAULT_ABOVE:
	case FAULT_LONG:
		len = row->max + 1;
		/* Behind as much as there may be, its end is no help. */
		memset(text, row->fill, len);
		*by_policy = policy(said, row, -EINVAL, malformed);
		break;
	case FAULT_SHORT:
		/* Without its end. */
		*value = (struct value){ row->type, len, 0, text };
		*by_policy = policy(said, row, -EINVAL, malformed);
		return true;
	case FAULT_EMPTY:
		*value = (struct value)FLAG(row->type);
		*by_policy = policy(said, row, -EINVAL, malformed);
		return true;
	default:
		return false;
	}
	text[len] = '\0';
	*value = (struct value){ row->type,
				 len + (fault != FAULT_LONG), 0, text };
	return true;
}

static bool bytes_fault(struct value *value, const struct attribute *row,
			enum fault fault, struct said *said, bool *by_policy)
{
	static char bytes[BYTES_MAX];

	memset(bytes, 0xff, sizeof(bytes));
	if (fault != FAULT_MAXIMUM)
		memcpy(bytes, row->bytes, row->max);
	*value = (struct value){ row->type, row->max, 0, bytes };
	switch (fault) {
	case FAULT_MINIMUM:
	case FAULT_MAXIMUM:
		return true;
	case FAULT_SHORT:
	case FAULT_LONG:
		value->len += fault == FAULT_SHORT ? -1 : 1;
		*by_policy = policy(said, row, -ERANGE,
				    "binary attribute size out of range");
		return true;
	default:
		return false;
	}
}

static bool flag_fault(struct value *value, const struct attribute *row,
		       enum fault fault, struct said *said, bool *by_policy)
{
	*value = (struct value)FLAG(row->type);
	switch (fault) {
	case FAULT_MINIMUM:
		return true;
	case FAULT_LONG:
		value->len = 1;
		*by_policy = policy(said, row, -ERANGE, malformed);
		return true;
	default:
		return false;
	}
}

/* The bytes of a nest, and one more that belongs to none of its attributes. */
static void nest_bytes(struct value *value, const struct attribute *row,
		       unsigned int more)
{
	static char buf[BYTES_MAX];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	const struct value *inner;

	for (inner = row->inside; inner->type; inner++)
		put_value(nlh, inner);
	*value = (struct value){ row->type | (more ? NLA_F_NESTED : 0),
				 mnl_nlmsg_get_payload_len(nlh) + more, 0,
				 mnl_nlmsg_get_payload(nlh) };
}

static bool nest_fault(struct value *value, const struct attribute *row,
		       enum fault fault, struct said *said, bool *by_policy)
{
	*value = (struct value)NEST(row->type, row->inside);
	switch (fault) {
	case FAULT_MINIMUM:
		return true;
	case FAULT_EMPTY:
		*value = (struct value)FLAG(row->type | NLA_F_NESTED);
		if (row->empty.err)
			*said = row->empty;
		return true;
	case FAULT_SHORT:
		*value = (struct value)BYTES(row->type | NLA_F_NESTED, "\0\0");
		*by_policy = policy(said, row, -ERANGE, malformed);
		return true;
	case FAULT_LONG:
		nest_bytes(value, row, 1);
		*said = (struct said){
			-EINVAL, "bytes leftover after parsing attributes" };
		return true;
	case FAULT_NESTING:
		nest_bytes(value, row, 0);
		*by_policy = policy(said, row, -EINVAL,
				    "NLA_F_NESTED is missing");
		return true;
	default:
		return false;
	}
}

static bool make_fault(struct value *value, const struct attribute *row,
		       enum fault fault, struct said *said, bool *by_policy)
{
	/* What is no nest, but says so. */
	if (fault == FAULT_NESTING && row->kind != NL_ATTR_TYPE_NESTED &&
	    row->kind != NL_ATTR_TYPE_INVALID) {
		make_fault(value, row, FAULT_MINIMUM, said, by_policy);
		value->type |= NLA_F_NESTED;
		*by_policy = policy(said, row, -EINVAL,
				    "NLA_F_NESTED not expected");
		return true;
	}

	switch (row->kind) {
	case NL_ATTR_TYPE_INVALID:
		*value = (struct value)FLAG(row->type);
		policy(said, row, -EINVAL, "Unsupported attribute");
		return fault == FAULT_MINIMUM;
	case NL_ATTR_TYPE_NUL_STRING:
		return text_fault(value, row, fault, said, by_policy);
	case NL_ATTR_TYPE_BINARY:
		return bytes_fault(value, row, fault, said, by_policy);
	case NL_ATTR_TYPE_FLAG:
		return flag_fault(value, row, fault, said, by_policy);
	case NL_ATTR_TYPE_NESTED:
		return nest_fault(value, row, fault, said, by_policy);
	default:
		return number_fault(value, row, fault, said, by_policy);
	}
}

/**
 * attribute_request() - a request with an attribute that is right or wrong
 * @nlh: a request with nothing in it
 * @place: where the attribute is
 * @row: the attribute
 * @fault: what it is like
 * @expected: what the kernel has to say
 *
 * Return: false: attributes of this kind cannot be so.
 */
bool attribute_request(struct nlmsghdr *nlh, const struct place *place,
		       const struct attribute *row, enum fault fault,
		       struct expected *expected)
{
	struct said said = row->always.err ? row->always : place->accepted;
	struct request request = { .nlh = nlh };
	bool by_policy = false;
	struct value value;
	struct change change = {
		.type = row->type,
		.with = fault == FAULT_MAXIMUM && row->with_max ?
			row->with_max : row->with,
	};

	if (fault == FAULT_MISSING) {
		said = row->missing.err ? row->missing : place->accepted;
	} else {
		if (!make_fault(&value, row, fault, &said, &by_policy))
			return false;
		change.value = &value;
	}

	build(&request, place, &change);
	locate(expected, &said, &request, place, row->type);
	if (by_policy)
		expected->policy = row->kind;
	return true;
}

/**
 * unknown_request() - a request with an attribute that its place does not have
 * @nlh: a request with nothing in it
 * @place: where the attribute is
 * @type: number without a row there
 * @expected: what the kernel has to say
 */
void unknown_request(struct nlmsghdr *nlh, const struct place *place,
		     uint16_t type, struct expected *expected)
{
	const struct value value = U32(type, 1);
	const struct change change = { .type = type, .value = &value };
	struct request request = { .nlh = nlh };
	struct said said = { -EINVAL, "Unknown attribute type" };
	const struct attribute *row;

	/* Between attributes that it has, the policy has room for it. */
	for (row = place->set->rows; row->type; row++)
		if (type && row->type > type)
			said.text = "Unsupported attribute";
	build(&request, place, &change);
	locate(expected, &said, &request, place, type);
	expected->offset = request.offset[place_depth(place)][type];
}
