/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The attributes of the protocol: what each is called, what it is made of, and
 * where in the model it is. Netlink and JSON follow from that alone.
 */

#ifndef FIELD_H
#define FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

struct word;

/**
 * enum field_type - what an attribute is made of
 * @FIELD_NONE: nothing; there is no such attribute, or it is padding
 * @FIELD_U8: a number
 * @FIELD_U16: a number
 * @FIELD_U32: a number
 * @FIELD_U64: a number
 * @FIELD_S32: a number with a sign
 * @FIELD_ID: a number that is not 0 where it is there
 * @FIELD_FAMILY: as FIELD_ID, of 16 bits
 * @FIELD_FLAG: nothing but that it is there
 * @FIELD_STRING: a string that is not empty where it is there
 * @FIELD_ADDR4: an IPv4 address; in the model a prefix
 * @FIELD_ADDR6: an IPv6 address; in the model a prefix
 * @FIELD_BITS: the length of that prefix
 * @FIELD_PORTS: one range of several; in the model all of them
 * @FIELD_NEST: a set of attributes
 */
enum field_type {
	FIELD_NONE,
	FIELD_U8,
	FIELD_U16,
	FIELD_U32,
	FIELD_U64,
	FIELD_S32,
	FIELD_ID,
	FIELD_FAMILY,
	FIELD_FLAG,
	FIELD_STRING,
	FIELD_ADDR4,
	FIELD_ADDR6,
	FIELD_BITS,
	FIELD_PORTS,
	FIELD_NEST,
};

/**
 * struct field - one attribute
 * @name: as in the specification; one name for what is one thing in the model
 * @type: what it is made of
 * @offset: where it is in the structure of the model
 * @room: of a string in the model, with its end
 * @words: words for its values
 * @is_union: a value is a union of these
 * @always: it is never absent
 * @nest: the set of attributes that it is
 */
struct field {
	const char *name;
	enum field_type type;
	size_t offset;
	size_t room;
	const struct word *words;
	bool is_union;
	bool always;
	const struct field_set *nest;
};

/**
 * struct field_set - a set of attributes
 * @field: by attribute
 * @max: highest attribute
 */
struct field_set {
	const struct field *field;
	unsigned int max;
};

extern const struct field_set gates_fields;
extern const struct field_set delay_fields;
extern const struct field_set forge_fields;
extern const struct field_set mangle_fields;
extern const struct field_set duplicate_fields;
extern const struct field_set counters_fields;
extern const struct field_set rule_fields;
extern const struct field_set tuple_fields;
extern const struct field_set event_fields;
extern const struct field_set stats_fields;

const struct field *field_find(const struct field_set *set, unsigned int attr);
bool field_present(const struct field *field, unsigned int attr,
		   const void *data);
const void *field_member(const struct field *field, const void *data);
__u64 field_number(const struct field *field, const void *data);

#endif /* FIELD_H */
