// SPDX-License-Identifier: GPL-2.0
/* Model to words, model to JSON: one table says how each attribute prints. */

#include <arpa/inet.h>
#include <stddef.h>
#include <string.h>

#include "json.h"
#include "print.h"
#include "words.h"

struct field;

/**
 * struct kind - how the attributes of one kind are printed
 * @has: does the rule have it? NULL: always
 * @words: print it in the rule language; NULL: it is no part of it
 * @json: print it as a member of an object
 *
 * Each gets the address of the member of struct rule.
 */
struct kind {
	bool (*has)(const void *member);
	void (*words)(FILE *out, const struct field *field, const void *member);
	void (*json)(struct json *json, const struct field *field,
		     const void *member);
};

/**
 * struct field - one attribute
 * @word: its name in messages and in JSON
 * @kind: how it is printed
 * @offset: where it is in struct rule
 * @table: words for its values
 * @keyed: @word precedes the value in the rule language
 * @part: belongs to an attribute before it and is printed with that
 */
struct field {
	const char *word;
	const struct kind *kind;
	size_t offset;
	const struct word *table;
	bool keyed;
	bool part;
};

static bool number_has(const void *member)
{
	return *(const __u32 *)member != 0;
}

static void number_json(struct json *json, const struct field *field,
			const void *member)
{
	json_number(json, field->word, *(const __u32 *)member);
}

static const struct kind number = {
	.has = number_has, .json = number_json,
};

static bool string_has(const void *member)
{
	return *(const char *)member != '\0';
}

static bool is_plain(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z') || (c && strchr("_-.:/@%+", c));
}

static bool is_ascii(char c)
{
	return c >= 0x20 && c < 0x7f;
}

/* Quoted as a shell would have it, so that a printed rule can be pasted. */
static void string_words(FILE *out, const struct field *field,
			 const void *member)
{
	const char *s = member;
	bool plain = true, ascii = true;

	(void)field;
	for (; *s; s++) {
		plain = plain && is_plain(*s);
		ascii = ascii && is_ascii(*s);
	}
	s = member;
	if (plain) {
		fputs(s, out);
		return;
	}
	fputs(ascii ? "'" : "$'", out);
	for (; *s; s++) {
		if (ascii && *s == '\'')
			fputs("'\\''", out);
		else if (!ascii && (*s == '\'' || *s == '\\'))
			fprintf(out, "\\%c", *s);
		else if (!is_ascii(*s))
			fprintf(out, "\\%03o", (unsigned char)*s);
		else
			putc(*s, out);
	}
	putc('\'', out);
}

static void string_json(struct json *json, const struct field *field,
			const void *member)
{
	json_string(json, field->word, member);
}

static const struct kind string = {
	.has = string_has, .words = string_words, .json = string_json,
};

static void word_words(FILE *out, const struct field *field,
		       const void *member)
{
	__u32 value = *(const __u32 *)member;
	const char *name = word_name(field->table, value);

	if (name)
		fputs(name, out);
	else
		fprintf(out, "%u", value);
}

static void word_json(struct json *json, const struct field *field,
		      const void *member)
{
	__u32 value = *(const __u32 *)member;
	const char *name = word_name(field->table, value);

	if (name)
		json_string(json, field->word, name);
	else
		json_number(json, field->word, value);
}

static const struct kind word = {
	.words = word_words, .json = word_json,
};

static const struct kind optional_word = {
	.has = number_has, .words = word_words, .json = word_json,
};

static void union_words(FILE *out, const struct field *field,
			const void *member)
{
	__u32 value = *(const __u32 *)member;
	const struct word *entry;
	const char *comma = "";

	for (entry = field->table; entry->name; entry++) {
		if (!(value & entry->value))
			continue;
		fprintf(out, "%s%s", comma, entry->name);
		value &= ~entry->value;
		comma = ",";
	}
	if (value)
		fprintf(out, "%s0x%x", comma, value);
}

static void union_json(struct json *json, const struct field *field,
		       const void *member)
{
	__u32 value = *(const __u32 *)member;
	const struct word *entry;

	json_open(json, field->word, '[');
	for (entry = field->table; entry->name; entry++) {
		if (value & entry->value)
			json_string(json, NULL, entry->name);
		value &= ~entry->value;
	}
	if (value)
		json_number(json, NULL, value);
	json_close(json, ']');
}

static const struct kind word_union = {
	.words = union_words, .json = union_json,
};

static bool prefix_has(const void *member)
{
	return ((const struct rule_prefix *)member)->family != 0;
}

static void prefix_words(FILE *out, const struct field *field,
			 const void *member)
{
	const struct rule_prefix *prefix = member;
	char addr[INET6_ADDRSTRLEN] = "";

	(void)field;
	inet_ntop(prefix->family, prefix->addr, addr, sizeof(addr));
	fputs(addr, out);
	if (prefix->len != (prefix->family == AF_INET ? 32 : 128))
		fprintf(out, "/%u", prefix->len);
}

static void prefix_json(struct json *json, const struct field *field,
			const void *member)
{
	const struct rule_prefix *prefix = member;
	char addr[INET6_ADDRSTRLEN] = "";

	inet_ntop(prefix->family, prefix->addr, addr, sizeof(addr));
	json_open(json, field->word, '{');
	json_string(json, "address", addr);
	json_number(json, "prefix", prefix->len);
	json_close(json, '}');
}

static const struct kind prefix = {
	.has = prefix_has, .words = prefix_words, .json = prefix_json,
};

static bool ports_has(const void *member)
{
	return ((const struct rule_ports *)member)->count != 0;
}

static void ports_words(FILE *out, const struct field *field,
			const void *member)
{
	const struct rule_ports *ports = member;
	bool set = ports->count > 1;
	unsigned int i;

	(void)field;
	for (i = 0; i < ports->count; i++) {
		const struct rule_range *range = &ports->range[i];

		fputs(i ? ", " : set ? "{" : "", out);
		fprintf(out, "%u", range->first);
		if (range->last != range->first)
			fprintf(out, "-%u", range->last);
	}
	if (set)
		putc('}', out);
}

static void ports_json(struct json *json, const struct field *field,
		       const void *member)
{
	const struct rule_ports *ports = member;
	unsigned int i;

	json_open(json, field->word, '[');
	for (i = 0; i < ports->count; i++) {
		json_open(json, NULL, '{');
		json_number(json, "first", ports->range[i].first);
		json_number(json, "last", ports->range[i].last);
		json_close(json, '}');
	}
	json_close(json, ']');
}

static const struct kind ports = {
	.has = ports_has, .words = ports_words, .json = ports_json,
};

static void counters_json(struct json *json, const struct field *field,
			  const void *member)
{
	json_open(json, field->word, '{');
	json_number(json, "fired", *(const __u64 *)member);
	json_close(json, '}');
}

static const struct kind counters = {
	.json = counters_json,
};

#define AT(member)	.offset = offsetof(struct rule, member)

/* By attribute; their order is the canonical order of the words. */
static const struct field fields[RSTFAULT_A_RULE_MAX + 1] = {
	[RSTFAULT_A_RULE_ID] = { "id", &number, AT(id) },
	[RSTFAULT_A_RULE_NAME] = {
		"name", &string, AT(name), .keyed = true
	},
	[RSTFAULT_A_RULE_HOOK] = {
		"hook", &word, AT(hook), .table = hook_words
	},
	[RSTFAULT_A_RULE_SEGMENT] = {
		"segment", &word_union, AT(segment), .table = segment_words
	},
	[RSTFAULT_A_RULE_FAMILY] = {
		"family", &optional_word, AT(family), .table = family_words
	},
	[RSTFAULT_A_RULE_SADDR4] = {
		"saddr", &prefix, AT(saddr), .keyed = true
	},
	[RSTFAULT_A_RULE_SADDR6] = {
		"saddr", &prefix, AT(saddr), .keyed = true, .part = true
	},
	[RSTFAULT_A_RULE_SADDR_PREFIX] = {
		"saddr", &prefix, AT(saddr), .keyed = true, .part = true
	},
	[RSTFAULT_A_RULE_DADDR4] = {
		"daddr", &prefix, AT(daddr), .keyed = true
	},
	[RSTFAULT_A_RULE_DADDR6] = {
		"daddr", &prefix, AT(daddr), .keyed = true, .part = true
	},
	[RSTFAULT_A_RULE_DADDR_PREFIX] = {
		"daddr", &prefix, AT(daddr), .keyed = true, .part = true
	},
	[RSTFAULT_A_RULE_SPORT] = {
		"sport", &ports, AT(sport), .keyed = true
	},
	[RSTFAULT_A_RULE_DPORT] = {
		"dport", &ports, AT(dport), .keyed = true
	},
	[RSTFAULT_A_RULE_IIF] = { "iif", &string, AT(iif), .keyed = true },
	[RSTFAULT_A_RULE_OIF] = { "oif", &string, AT(oif), .keyed = true },
	[RSTFAULT_A_RULE_ACTION] = {
		"action", &word, AT(action), .table = action_words
	},
	[RSTFAULT_A_RULE_COUNTERS] = { "counters", &counters, AT(fired) },
};

/* Where the rule has the attribute: the member of struct rule, else NULL. */
static const void *field_member(const struct field *field,
				const struct rule *rule)
{
	const void *member = (const char *)rule + field->offset;

	if (!field->kind || (field->kind->has && !field->kind->has(member)))
		return NULL;
	return member;
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
	const char *space = "";
	unsigned int attr;

	for (attr = 0; attr <= RSTFAULT_A_RULE_MAX; attr++) {
		const struct field *field = &fields[attr];
		const void *member = field_member(field, rule);

		if (!member || field->part || !field->kind->words)
			continue;
		fputs(space, out);
		if (field->keyed)
			fprintf(out, "%s ", field->word);
		field->kind->words(out, field, member);
		space = " ";
	}
}

/**
 * print_rule_json() - print a rule as a JSON object
 * @json: where to
 * @rule: the rule
 */
void print_rule_json(struct json *json, const struct rule *rule)
{
	unsigned int attr;

	json_open(json, NULL, '{');
	for (attr = 0; attr <= RSTFAULT_A_RULE_MAX; attr++) {
		const struct field *field = &fields[attr];
		const void *member = field_member(field, rule);

		if (member && !field->part)
			field->kind->json(json, field, member);
	}
	if (rule->incomplete)
		json_true(json, "incomplete");
	json_close(json, '}');
}

/**
 * print_attr_word() - the name of an attribute for messages
 * @attr: RSTFAULT_A_RULE_*
 *
 * Return: the name, NULL if there is no such attribute
 */
const char *print_attr_word(unsigned int attr)
{
	return attr <= RSTFAULT_A_RULE_MAX ? fields[attr].word : NULL;
}

/**
 * print_attr() - print one attribute of a rule for messages
 * @out: where to
 * @rule: the rule
 * @attr: RSTFAULT_A_RULE_*
 *
 * Return: false if nothing was printed, as the rule has no such attribute
 */
bool print_attr(FILE *out, const struct rule *rule, unsigned int attr)
{
	const struct field *field;
	const void *member;

	if (!print_attr_word(attr))
		return false;
	field = &fields[attr];
	member = field_member(field, rule);
	if (!member || !field->kind->words)
		return false;
	fprintf(out, "%s ", field->word);
	field->kind->words(out, field, member);
	return true;
}
