// SPDX-License-Identifier: GPL-2.0
/* Model to JSON: a member for each attribute, named as in the specification. */

#include <arpa/inet.h>

#include "field.h"
#include "json.h"
#include "print.h"
#include "words.h"

static void union_json(struct json *json, const struct field *field,
		       __u64 value)
{
	const struct word *entry;

	json_open(json, field->name, '[');
	for (entry = field->words; entry->name; entry++) {
		if (value & entry->value)
			json_string(json, NULL, entry->name);
		value &= ~(__u64)entry->value;
	}
	if (value)
		json_number(json, NULL, value);
	json_close(json, ']');
}

static void number_json(struct json *json, const struct field *field,
			const void *data)
{
	__u64 value = field_number(field, data);
	const char *name = NULL;

	if (field->is_union) {
		union_json(json, field, value);
		return;
	}
	if (field->words)
		name = word_name(field->words, value);
	if (name)
		json_string(json, field->name, name);
	else if (field->type == FIELD_S32)
		json_signed(json, field->name, value);
	else
		json_number(json, field->name, value);
}

/* In a set without lengths of prefixes, addresses are meant in full. */
static bool has_bits(const struct field_set *set, const struct field *field)
{
	unsigned int attr;

	for (attr = 1; attr <= set->max; attr++) {
		if (set->field[attr].type == FIELD_BITS &&
		    set->field[attr].offset == field->offset)
			return true;
	}
	return false;
}

static void prefix_json(struct json *json, const struct field_set *set,
			const struct field *field,
			const struct rule_prefix *prefix)
{
	char addr[INET6_ADDRSTRLEN] = "";

	inet_ntop(prefix->family, prefix->addr, addr, sizeof(addr));
	if (!has_bits(set, field)) {
		json_string(json, field->name, addr);
		return;
	}
	json_open(json, field->name, '{');
	json_string(json, "address", addr);
	json_number(json, "prefix", prefix->len);
	json_close(json, '}');
}

static void ports_json(struct json *json, const struct field *field,
		       const struct rule_ports *ports)
{
	unsigned int i;

	json_open(json, field->name, '[');
	for (i = 0; i < ports->count; i++) {
		json_open(json, NULL, '{');
		json_number(json, "first", ports->range[i].first);
		json_number(json, "last", ports->range[i].last);
		json_close(json, '}');
	}
	json_close(json, ']');
}

static void members_json(struct json *json, const struct field_set *set,
			 const void *data)
{
	unsigned int attr;

	for (attr = 1; attr <= set->max; attr++) {
		const struct field *field = &set->field[attr];
		const void *member = field_member(field, data);

		if (!field_present(field, attr, data))
			continue;
		switch (field->type) {
		case FIELD_STRING:
			json_string(json, field->name, member);
			break;
		case FIELD_ADDR4:
		case FIELD_ADDR6:
			prefix_json(json, set, field, member);
			break;
		case FIELD_BITS:
			/* Printed with the address. */
			break;
		case FIELD_PORTS:
			ports_json(json, field, member);
			break;
		case FIELD_FLAG:
			json_true(json, field->name);
			break;
		case FIELD_NEST:
			print_set_json(json, field->name, field->nest, member);
			break;
		default:
			number_json(json, field, data);
		}
	}
}

/**
 * print_set_json() - print a set of attributes as a JSON object
 * @json: where to
 * @key: name of the member; NULL in an array and for the text as a whole
 * @set: the set
 * @data: its structure in the model
 */
void print_set_json(struct json *json, const char *key,
		    const struct field_set *set, const void *data)
{
	json_open(json, key, '{');
	members_json(json, set, data);
	json_close(json, '}');
}

/**
 * print_rule_json() - print a rule as a JSON object
 * @json: where to
 * @rule: the rule
 */
void print_rule_json(struct json *json, const struct rule *rule)
{
	json_open(json, NULL, '{');
	members_json(json, &rule_fields, rule);
	if (rule->incomplete)
		json_true(json, "incomplete");
	json_close(json, '}');
}
