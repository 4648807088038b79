/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the protocol promises about each attribute of its requests, as tables,
 * and the requests that follow from them, right and wrong.
 */
#ifndef _ATTRIBUTE_H
#define _ATTRIBUTE_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stdint.h>

#include "value.h"

#define SAID_NEST UINT16_MAX

/**
 * struct said - what the kernel says of a request
 * @err: 0 or a negative errno
 * @text: its sentence
 * @attr: the attribute to blame, SAID_NEST for the nest that it is in, or 0
 * @missing: the attribute that is missing, or 0
 * @level: where they are: 0: beside the attribute that the row is about, 1: in
 *	it, -1: around it
 */
struct said {
	int err;
	const char *text;
	uint16_t attr;
	uint16_t missing;
	int level;
};

/**
 * struct attribute - an attribute, and what is said where it is wrong
 * @type: its number
 * @name: as the specification has it
 * @kind: NL_ATTR_TYPE_*; NL_ATTR_TYPE_INVALID: only fills up
 * @min: lowest number that is accepted
 * @max: highest one; of text and bytes the greatest length
 * @mask: bits that may be set, where the policy has a mask
 * @range: in words, where @min and @max depend on what is beside it
 * @refers: the only number that is accepted, known when the test runs
 * @text: text that is accepted; where absent, the longest one
 * @fill: the longest text is this letter, as often as it may be
 * @bytes: bytes that are accepted, @max of them
 * @inside: what is in a nest that is accepted
 * @with: what must be beside it, besides what is there anyway
 * @with_max: instead of @with, with the highest number
 * @missing: said if it is not there
 * @below: said of a lower number, or of text without a letter
 * @above: said of a higher number
 * @empty: said of a nest with nothing in it
 * @always: said wherever it is there
 */
struct attribute {
	uint16_t type;
	const char *name;
	uint32_t kind;
	int64_t min;
	uint64_t max;
	uint64_t mask;
	const char *range;
	const uint32_t *refers;
	const char *text;
	char fill;
	const char *bytes;
	const struct value *inside;
	const struct value *with;
	const struct value *with_max;
	struct said missing;
	struct said below;
	struct said above;
	struct said empty;
	struct said always;
};

/**
 * struct set - attributes that stand side by side
 * @rows: them, up to one of type 0
 * @base: what is there anyway, a list of values
 */
struct set {
	const struct attribute *rows;
	const struct value *base;
};

#define LEVELS 3

/**
 * struct place - where a set of attributes is in requests
 * @name: operation and nests, parted by slashes
 * @cmd: RSTFAULT_CMD_*
 * @flags: NLM_F_DUMP or 0
 * @nests: types of the nests on the way to it, outermost first
 * @around: what is beside these nests
 * @set: the attributes
 * @other: rows instead of those of the set, where this place differs, or NULL
 * @accepted: what is said where nothing is wrong with any attribute
 */
struct place {
	const char *name;
	uint8_t cmd;
	uint16_t flags;
	uint16_t nests[LEVELS];
	const struct value *around[LEVELS];
	const struct set *set;
	const struct attribute *other;
	struct said accepted;
};

/* What an attribute is like in a request. */
enum fault {
	FAULT_MISSING,
	FAULT_BELOW,
	FAULT_MINIMUM,
	FAULT_MAXIMUM,
	FAULT_ABOVE,
	FAULT_SHORT,
	FAULT_LONG,
	FAULT_EMPTY,
	FAULT_NESTING,
	FAULTS
};

/**
 * struct expected - what is said of one request, in numbers
 * @err: 0 or a negative errno
 * @text: the sentence, or empty
 * @offset: of the attribute to blame, or 0
 * @policy: what it should be, NL_ATTR_TYPE_* or 0
 * @missing: type of the attribute that is missing, or 0
 * @nest: offset of the attribute that lacks it, or 0
 */
struct expected {
	int err;
	const char *text;
	uint32_t offset;
	uint32_t policy;
	uint16_t missing;
	uint32_t nest;
};

/* The rule that requests refer to, named as long as may be, and its ruleset. */
#define KNOWN_LETTER 'k'
#define KNOWN_NAME "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"
extern uint32_t known_id, known_generation;

extern const struct place places[];
extern const unsigned int nr_places;
extern const char * const fault_names[FAULTS];

extern const struct set rule_attrs, port_range_attrs, gates_attrs, counters_attrs;
extern const struct set delay_attrs, forge_attrs, mangle_attrs, duplicate_attrs;
extern const struct set tuple_attrs;
extern const struct value minimal_rule[], connection[];

unsigned int place_depth(const struct place *place);
const struct attribute *place_row(const struct place *place, uint16_t type);
const struct attribute *place_other(const struct place *place,
				    const struct attribute *row);
bool attribute_request(struct nlmsghdr *nlh, const struct place *place,
		       const struct attribute *row, enum fault fault,
		       struct expected *expected);
void unknown_request(struct nlmsghdr *nlh, const struct place *place,
		     uint16_t type, struct expected *expected);

#endif /* _ATTRIBUTE_H */
