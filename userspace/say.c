// SPDX-License-Identifier: GPL-2.0
/* Values of the model as words, each kind in one way. */

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "duration.h"
#include "field.h"
#include "number.h"
#include "print.h"
#include "say.h"
#include "words.h"

static bool is_plain(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z') || (c && strchr("_-.:/@%+", c));
}

static bool is_ascii(char c)
{
	return c >= 0x20 && c < 0x7f;
}

/**
 * print_string() - print a string as one word of a rule
 * @out: where to
 * @string: the string
 *
 * It is quoted as a shell would have it, so that a printed rule can be pasted.
 */
void print_string(FILE *out, const char *string)
{
	bool plain = true, ascii = true;
	const char *s;

	for (s = string; *s; s++) {
		plain = plain && is_plain(*s);
		ascii = ascii && is_ascii(*s);
	}
	if (plain) {
		fputs(string, out);
		return;
	}
	fputs(ascii ? "'" : "$'", out);
	for (s = string; *s; s++) {
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

/**
 * print_address() - print an address without its prefix
 * @out: where to
 * @prefix: the address
 */
void print_address(FILE *out, const struct rule_prefix *prefix)
{
	char addr[INET6_ADDRSTRLEN] = "";

	inet_ntop(prefix->family, prefix->addr, addr, sizeof(addr));
	fputs(addr, out);
}

/**
 * say_string() - print a string, quoted where that is needed
 * @out: where to
 * @field: the attribute
 * @data: the structure of its set
 */
void say_string(FILE *out, const struct field *field, const void *data)
{
	print_string(out, field_member(field, data));
}

/**
 * say_number() - print a number
 * @out: where to
 * @field: the attribute
 * @data: the structure of its set
 */
void say_number(FILE *out, const struct field *field, const void *data)
{
	fprintf(out, "%llu", field_number(field, data));
}

/**
 * say_offset() - print a number to add, with its sign
 * @out: where to
 * @field: the attribute
 * @data: the structure of its set
 */
void say_offset(FILE *out, const struct field *field, const void *data)
{
	fprintf(out, "%+lld", (__s64)field_number(field, data));
}

/**
 * say_duration() - print a duration
 * @out: where to
 * @field: the attribute
 * @data: the structure of its set
 */
void say_duration(FILE *out, const struct field *field, const void *data)
{
	duration_print(out, field_number(field, data));
}

/**
 * say_word() - print a value that has a word
 * @out: where to
 * @field: the attribute
 * @data: the structure of its set
 */
void say_word(FILE *out, const struct field *field, const void *data)
{
	__u64 value = field_number(field, data);
	const char *name = word_name(field->words, value);

	if (name)
		fputs(name, out);
	else
		fprintf(out, "%llu", value);
}

static void list_words(FILE *out, const struct word *words, __u64 value,
		       const char *comma)
{
	const char *sep = "";

	for (; words->name; words++) {
		if (!(value & words->value))
			continue;
		fprintf(out, "%s%s", sep, words->name);
		value &= ~(__u64)words->value;
		sep = comma;
	}
	if (value)
		fprintf(out, "%s0x%llx", sep, value);
	else if (!*sep)
		fputs("none", out);
}

/**
 * say_union() - print a union of words, with commas
 * @out: where to
 * @field: the attribute
 * @data: the structure of its set
 */
void say_union(FILE *out, const struct field *field, const void *data)
{
	list_words(out, field->words, field_number(field, data), ",");
}

/**
 * print_union() - print a union as a list of its words
 * @out: where to
 * @set: the set of attributes that it belongs to
 * @attr: the attribute
 * @data: the structure of the set
 */
void print_union(FILE *out, const struct field_set *set, unsigned int attr,
		 const void *data)
{
	say_union(out, &set->field[attr], data);
}

/**
 * say_segment() - print kinds of segments, and the flags of one kind
 * @out: where to
 * @field: the attribute
 * @data: the structure of its set
 */
void say_segment(FILE *out, const struct field *field, const void *data)
{
	const struct rule *rule = data;

	list_words(out, field->words, rule->segment, ",");
	if (!(rule->segment & RSTFAULT_SEGMENT_FLAGS))
		return;
	putc(' ', out);
	list_words(out, flag_words, rule->flags_mask, ",");
	putc('/', out);
	list_words(out, flag_words, rule->flags_value, ",");
}

/**
 * say_prefix() - print an address and its prefix
 * @out: where to
 * @field: the attribute
 * @data: the structure of its set
 */
void say_prefix(FILE *out, const struct field *field, const void *data)
{
	const struct rule_prefix *prefix = field_member(field, data);

	print_address(out, prefix);
	if (prefix->len != (prefix->family == AF_INET ? 32 : 128))
		fprintf(out, "/%u", prefix->len);
}

/**
 * say_ports() - print ports
 * @out: where to
 * @field: the attribute
 * @data: the structure of its set
 */
void say_ports(FILE *out, const struct field *field, const void *data)
{
	const struct rule_ports *ports = field_member(field, data);
	bool set = ports->count > 1;
	unsigned int i;

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

/**
 * say_mark() - print a mark and its mask
 * @out: where to
 * @field: the attribute
 * @data: the structure of its set
 */
void say_mark(FILE *out, const struct field *field, const void *data)
{
	const struct rule *rule = data;

	(void)field;
	fprintf(out, "0x%x", rule->mark);
	if (rule->has & RULE_BIT(RSTFAULT_A_RULE_MARK_MASK) &&
	    rule->mark_mask != UINT32_MAX)
		fprintf(out, "/0x%x", rule->mark_mask);
}

/**
 * say_length() - print a range of lengths
 * @out: where to
 * @field: the attribute
 * @data: the structure of its set
 */
void say_length(FILE *out, const struct field *field, const void *data)
{
	const struct rule *rule = data;

	(void)field;
	fprintf(out, "%u", rule->length_from);
	if (!(rule->has & RULE_BIT(RSTFAULT_A_RULE_LENGTH_TO)))
		putc('-', out);
	else if (rule->length_from != rule->length_to)
		fprintf(out, "-%u", rule->length_to);
}

/**
 * say_origin() - print how a RST was made
 * @out: where to
 * @field: the attribute
 * @data: the structure of its set
 */
void say_origin(FILE *out, const struct field *field, const void *data)
{
	list_words(out, field->words, field_number(field, data), " ");
}

/**
 * say_percent() - print a probability
 * @out: where to
 * @field: the attribute
 * @data: the structure of its set
 */
void say_percent(FILE *out, const struct field *field, const void *data)
{
	__u64 value = field_number(field, data);
	__u64 one = NUMBER_CERTAIN / 100;
	__u64 part = value % one;

	fprintf(out, "%llu", value / one);
	if (part)
		putc('.', out);
	for (one /= 10; part; one /= 10) {
		fprintf(out, "%llu", part / one);
		part %= one;
	}
	putc('%', out);
}

/**
 * say_bytes() - print a range of bytes
 * @out: where to
 * @field: the attribute
 * @data: the structure of its set
 */
void say_bytes(FILE *out, const struct field *field, const void *data)
{
	const struct rule_gates *gates = data;

	(void)field;
	fprintf(out, "%llu..", gates->bytes_from);
	if (gates->has & RULE_BIT(RSTFAULT_A_GATES_BYTES_TO))
		fprintf(out, "%llu", gates->bytes_to);
}

/**
 * say_to() - print whom a RST is for
 * @out: where to
 * @field: the attribute
 * @data: the structure of its set
 */
void say_to(FILE *out, const struct field *field, const void *data)
{
	const char *name = word_name(target_words, field_number(field, data));

	if (name)
		fputs(name, out);
	else
		say_union(out, field, data);
}

/**
 * say_seq() - print a sequence number of a RST
 * @out: where to
 * @field: the attribute
 * @data: the structure of its set
 */
void say_seq(FILE *out, const struct field *field, const void *data)
{
	const struct rule_forge *forge = data;

	if (forge->seq == RSTFAULT_SEQ_OFFSET)
		fprintf(out, "%+d", forge->offset);
	else
		say_word(out, field, data);
}

/**
 * say_ack() - print whether a RST has an acknowledgment number
 * @out: where to
 * @field: the attribute
 * @data: the structure of its set
 */
void say_ack(FILE *out, const struct field *field, const void *data)
{
	static const char *const names[] = {
		[RSTFAULT_ACK_ALWAYS] = "ack",
		[RSTFAULT_ACK_NEVER] = "noack",
		[RSTFAULT_ACK_BAD] = "badack",
	};
	__u64 value = field_number(field, data);

	if (value <= RSTFAULT_ACK_MAX && names[value])
		fputs(names[value], out);
	else
		fprintf(out, "ack %llu", value);
}
