// SPDX-License-Identifier: GPL-2.0
/* Model to words: one table for each set says how its attributes are said. */

#include <stddef.h>

#include "field.h"
#include "print.h"
#include "say.h"

/**
 * struct phrase - an attribute in words
 * @key: keyword in front of the value, or all there is
 * @value: prints the value, given the structure of the set
 * @absent: the value that means the same as none
 * @has_absent: there is such a value
 * @of: the attribute that says this one as well; it is not printed by itself
 * @gate: the bit of enum rstfault_gate, for gates that count
 * @title: what a message says in front of a value that has no key; NULL: the
 *	name of the attribute
 */
struct phrase {
	const char *key;
	void (*value)(FILE *out, const struct field *field, const void *data);
	__u64 absent;
	bool has_absent;
	unsigned int of;
	__u32 gate;
	const char *title;
};

#define UNLESS(value)	.absent = (value), .has_absent = true
#define PER(name)	.gate = RSTFAULT_GATE_##name

static const struct phrase gates[RSTFAULT_A_GATES_MAX + 1] = {
	[RSTFAULT_A_GATES_PROBABILITY] = {
		.key = "probability", .value = say_percent, PER(PROBABILITY)
	},
	[RSTFAULT_A_GATES_SEED] = { .key = "seed", .value = say_number },
	[RSTFAULT_A_GATES_SKIP] = {
		.key = "skip", .value = say_number, PER(SKIP)
	},
	[RSTFAULT_A_GATES_EVERY] = {
		.key = "every", .value = say_number, PER(EVERY)
	},
	[RSTFAULT_A_GATES_LIMIT] = {
		.key = "limit", .value = say_number, PER(LIMIT)
	},
	[RSTFAULT_A_GATES_NTH] = {
		.key = "nth", .value = say_number, PER(NTH)
	},
	[RSTFAULT_A_GATES_BYTES_FROM] = {
		.key = "bytes", .value = say_bytes, PER(BYTES)
	},
	[RSTFAULT_A_GATES_BYTES_TO] = { .of = RSTFAULT_A_GATES_BYTES_FROM },
	[RSTFAULT_A_GATES_PER_CONNECTION] = { .key = "per connection" },
};

static const struct phrase delay[RSTFAULT_A_DELAY_MAX + 1] = {
	[RSTFAULT_A_DELAY_TIME] = {
		.value = say_duration, .title = "delay "
	},
	[RSTFAULT_A_DELAY_JITTER] = {
		.key = "jitter", .value = say_duration, UNLESS(0)
	},
	[RSTFAULT_A_DELAY_UNTIL_NEXT] = { .key = "until next" },
};

static const struct phrase forge[RSTFAULT_A_FORGE_MAX + 1] = {
	[RSTFAULT_A_FORGE_TO] = {
		.key = "to", .value = say_to, UNLESS(RSTFAULT_END_SENDER)
	},
	[RSTFAULT_A_FORGE_SEQ] = {
		.key = "seq", .value = say_seq, UNLESS(RSTFAULT_SEQ_EXACT)
	},
	[RSTFAULT_A_FORGE_OFFSET] = { .of = RSTFAULT_A_FORGE_SEQ },
	[RSTFAULT_A_FORGE_ACK] = {
		.value = say_ack, UNLESS(RSTFAULT_ACK_AUTO), .title = ""
	},
	[RSTFAULT_A_FORGE_COUNT] = {
		.key = "count", .value = say_number, UNLESS(1)
	},
	[RSTFAULT_A_FORGE_EVERY] = {
		.key = "every", .value = say_duration, UNLESS(0)
	},
	[RSTFAULT_A_FORGE_AFTER] = {
		.key = "after", .value = say_duration, UNLESS(0)
	},
	[RSTFAULT_A_FORGE_TTL] = { .key = "ttl", .value = say_number },
	[RSTFAULT_A_FORGE_BADSUM] = { .key = "badsum" },
	[RSTFAULT_A_FORGE_DROP] = { .key = "and drop" },
};

static const struct phrase mangle[RSTFAULT_A_MANGLE_MAX + 1] = {
	[RSTFAULT_A_MANGLE_SEQ] = { .key = "seq", .value = say_offset },
	[RSTFAULT_A_MANGLE_ACK] = { .key = "ack", .value = say_offset },
	[RSTFAULT_A_MANGLE_TTL] = { .key = "ttl", .value = say_number },
	[RSTFAULT_A_MANGLE_BADSUM] = { .key = "badsum" },
};

static const struct phrase duplicate[RSTFAULT_A_DUPLICATE_MAX + 1] = {
	[RSTFAULT_A_DUPLICATE_COUNT] = {
		.value = say_number, .title = "duplicate "
	},
	[RSTFAULT_A_DUPLICATE_EVERY] = {
		.key = "every", .value = say_duration, UNLESS(0)
	},
};

static void print_phrases(FILE *out, const struct field_set *set,
			  const void *data);

static void nest_words(FILE *out, const struct field *field, const void *data)
{
	print_phrases(out, field->nest, field_member(field, data));
}

/* What has neither a key nor a value is no part of the language. */
static const struct phrase rule_phrases[RSTFAULT_A_RULE_MAX + 1] = {
	[RSTFAULT_A_RULE_NAME] = { .key = "name", .value = say_string },
	[RSTFAULT_A_RULE_HOOK] = { .value = say_word },
	[RSTFAULT_A_RULE_SEGMENT] = { .value = say_segment },
	[RSTFAULT_A_RULE_FAMILY] = { .value = say_word },
	[RSTFAULT_A_RULE_SADDR4] = { .key = "saddr", .value = say_prefix },
	[RSTFAULT_A_RULE_SADDR6] = { .key = "saddr", .value = say_prefix },
	[RSTFAULT_A_RULE_SADDR_PREFIX] = {
		.key = "saddr", .value = say_prefix,
		.of = RSTFAULT_A_RULE_SADDR4
	},
	[RSTFAULT_A_RULE_DADDR4] = { .key = "daddr", .value = say_prefix },
	[RSTFAULT_A_RULE_DADDR6] = { .key = "daddr", .value = say_prefix },
	[RSTFAULT_A_RULE_DADDR_PREFIX] = {
		.key = "daddr", .value = say_prefix,
		.of = RSTFAULT_A_RULE_DADDR4
	},
	[RSTFAULT_A_RULE_SPORT] = { .key = "sport", .value = say_ports },
	[RSTFAULT_A_RULE_DPORT] = { .key = "dport", .value = say_ports },
	[RSTFAULT_A_RULE_IIF] = { .key = "iif", .value = say_string },
	[RSTFAULT_A_RULE_OIF] = { .key = "oif", .value = say_string },
	[RSTFAULT_A_RULE_FLAGS_MASK] = { .of = RSTFAULT_A_RULE_SEGMENT },
	[RSTFAULT_A_RULE_FLAGS_VALUE] = { .of = RSTFAULT_A_RULE_SEGMENT },
	[RSTFAULT_A_RULE_MARK] = { .key = "mark", .value = say_mark },
	[RSTFAULT_A_RULE_MARK_MASK] = { .of = RSTFAULT_A_RULE_MARK },
	[RSTFAULT_A_RULE_LENGTH_FROM] = {
		.key = "length", .value = say_length
	},
	[RSTFAULT_A_RULE_LENGTH_TO] = { .of = RSTFAULT_A_RULE_LENGTH_FROM },
	[RSTFAULT_A_RULE_UID] = { .key = "uid", .value = say_number },
	[RSTFAULT_A_RULE_CGROUP] = { .key = "cgroup", .value = say_string },
	[RSTFAULT_A_RULE_STATE] = { .key = "state", .value = say_union },
	[RSTFAULT_A_RULE_ORIGIN] = { .value = say_origin, .title = "" },
	[RSTFAULT_A_RULE_GATES] = { .value = nest_words },
	[RSTFAULT_A_RULE_LIFETIME] = { .key = "for", .value = say_duration },
	[RSTFAULT_A_RULE_SHADOW] = { .key = "shadow" },
	[RSTFAULT_A_RULE_FORCE] = { .key = "force" },
	[RSTFAULT_A_RULE_ACTION] = { .value = say_word },
	[RSTFAULT_A_RULE_DELAY] = { .value = nest_words },
	[RSTFAULT_A_RULE_FORGE] = { .value = nest_words },
	[RSTFAULT_A_RULE_MANGLE] = { .value = nest_words },
	[RSTFAULT_A_RULE_DUPLICATE] = { .value = nest_words },
};

static const struct phrase *find_phrase(const struct field_set *set,
					unsigned int attr)
{
	static const struct {
		const struct field_set *set;
		const struct phrase *phrases;
	} tables[] = {
		{ &rule_fields, rule_phrases }, { &gates_fields, gates },
		{ &delay_fields, delay }, { &forge_fields, forge },
		{ &mangle_fields, mangle }, { &duplicate_fields, duplicate },
	};
	size_t i;

	for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		if (tables[i].set == set && attr <= set->max)
			return &tables[i].phrases[attr];
	}
	return NULL;
}

/* Is it said at all, and by itself? */
static bool is_said(const struct phrase *phrase, const struct field *field,
		    unsigned int attr, const void *data)
{
	if (!field_present(field, attr, data) ||
	    (!phrase->value && !phrase->key) || phrase->of)
		return false;
	if (phrase->has_absent &&
	    field_number(field, data) == phrase->absent)
		return false;
	if (field->type == FIELD_NEST) {
		const struct field_set *nest = field->nest;
		unsigned int i;

		for (i = 1; i <= nest->max; i++) {
			if (is_said(find_phrase(nest, i), &nest->field[i], i,
				    field_member(field, data)))
				return true;
		}
		return false;
	}
	/* The bit stands behind the gate that it is about. */
	return phrase->value || field->type == FIELD_FLAG;
}

static void print_phrase(FILE *out, const struct phrase *phrase,
			 const struct field *field, const void *data)
{
	const struct rule_gates *gates_data = data;

	if (phrase->key)
		fprintf(out, "%s%s", phrase->key, phrase->value ? " " : "");
	if (phrase->value)
		phrase->value(out, field, data);
	if (phrase->gate && gates_data->per_connection & phrase->gate)
		fputs(" per connection", out);
}

static void print_phrases(FILE *out, const struct field_set *set,
			  const void *data)
{
	const char *space = "";
	unsigned int attr;

	for (attr = 1; attr <= set->max; attr++) {
		const struct phrase *phrase = find_phrase(set, attr);

		if (!is_said(phrase, &set->field[attr], attr, data))
			continue;
		fputs(space, out);
		print_phrase(out, phrase, &set->field[attr], data);
		space = " ";
	}
}

/**
 * print_rule() - print a rule in the rule language
 * @out: where to
 * @rule: the rule
 *
 * The result is one line without its end. It begins with the word behind
 * `add` and has no comment.
 */
void print_rule(FILE *out, const struct rule *rule)
{
	print_phrases(out, &rule_fields, rule);
}

/**
 * print_attr_word() - the name of an attribute for messages
 * @set: the set of attributes that it belongs to
 * @attr: the attribute
 *
 * Return: the name, NULL if there is no such attribute
 */
const char *print_attr_word(const struct field_set *set, unsigned int attr)
{
	const struct field *field = field_find(set, attr);
	const struct phrase *phrase = find_phrase(set, attr);

	if (!field)
		return NULL;
	return phrase && phrase->key ? phrase->key : field->name;
}

/**
 * print_attr() - print one attribute for messages
 * @out: where to
 * @set: the set of attributes that it belongs to
 * @data: the structure of the set
 * @attr: the attribute
 *
 * Return: false if nothing was printed, as there is no such attribute
 */
bool print_attr(FILE *out, const struct field_set *set, const void *data,
		unsigned int attr)
{
	const struct phrase *phrase = find_phrase(set, attr);
	const struct field *field = field_find(set, attr);

	if (!phrase || !field || !field_present(field, attr, data))
		return false;
	if (phrase->of && !phrase->value)
		return print_attr(out, set, data, phrase->of);
	if (!phrase->value && !phrase->key)
		return false;
	if (!phrase->key && phrase->title)
		fputs(phrase->title, out);
	else if (!phrase->key)
		fprintf(out, "%s ", field->name);
	print_phrase(out, phrase, field, data);
	return true;
}
