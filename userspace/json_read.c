// SPDX-License-Identifier: GPL-2.0
/* A reader for the JSON that rstctl writes: a set of attributes in a line. */

#include <arpa/inet.h>
#include <stdint.h>
#include <string.h>

#include "err.h"
#include "field.h"
#include "json_read.h"
#include "rule.h"
#include "value.h"
#include "words.h"

/* Longer than any name and any value that has a meaning. */
#define STRING_MAX	256

/* Deeper than anything that has a meaning. */
#define DEPTH_MAX	16

static int wrong(struct json_read *in, const char *what)
{
	return err_set(in->err, "column %u: %s is expected",
		       (unsigned int)(in->at - in->begin) + 1, what);
}

static void skip_blanks(struct json_read *in)
{
	while (*in->at && strchr(" \t\r\n", *in->at))
		in->at++;
}

/* Is this next? Then it is read. */
static bool take(struct json_read *in, const char *token)
{
	size_t len = strlen(token);

	skip_blanks(in);
	if (strncmp(in->at, token, len))
		return false;
	in->at += len;
	return true;
}

static int expect(struct json_read *in, const char *token, const char *what)
{
	return take(in, token) ? 0 : wrong(in, what);
}

/* What is escaped is in none of our words, and too long a text is none. */
static int read_string(struct json_read *in, char *buf, size_t size)
{
	size_t len = 0;
	char c;

	if (expect(in, "\"", "a string"))
		return -1;
	while (*in->at != '"') {
		c = *in->at;
		if ((unsigned char)c < ' ')
			return wrong(in, "the end of the string");
		if (c == '\\') {
			c = '?';
			if (!*++in->at)
				return wrong(in, "the end of the string");
		}
		in->at++;
		if (len + 1 < size)
			buf[len++] = c;
	}
	in->at++;
	buf[len] = '\0';
	return 0;
}

/**
 * json_read_number() - read a number that is whole and not negative
 * @in: the text
 * @max: the highest that there is
 * @number: where it is returned
 *
 * Return: 0, or -1 with the error set
 */
int json_read_number(struct json_read *in, unsigned long long max,
		     unsigned long long *number)
{
	unsigned long long result = 0, digit;
	const char *begin;

	skip_blanks(in);
	begin = in->at;
	while (*in->at >= '0' && *in->at <= '9') {
		digit = *in->at - '0';
		if (result > (max - digit) / 10) {
			in->at = begin;
			return err_set(in->err,
				       "column %u: the number is above %llu",
				       (unsigned int)(begin - in->begin) + 1,
				       max);
		}
		result = 10 * result + digit;
		in->at++;
	}
	if (in->at == begin || (*in->at && strchr(".eE", *in->at)))
		return wrong(in, "a whole number");
	*number = result;
	return 0;
}

static int skip(struct json_read *in, unsigned int depth)
{
	bool object = take(in, "{");
	char ignored[2];

	if (object || take(in, "[")) {
		const char *end = object ? "}" : "]";

		if (!depth)
			return wrong(in, "something less deep");
		if (take(in, end))
			return 0;
		do {
			if (object &&
			    (read_string(in, ignored, sizeof(ignored)) ||
			     expect(in, ":", "':'")))
				return -1;
			if (skip(in, depth - 1))
				return -1;
		} while (take(in, ","));
		return expect(in, end, object ? "',' or '}'" : "',' or ']'");
	}
	if (*in->at == '"')
		return read_string(in, ignored, sizeof(ignored));
	if (take(in, "true") || take(in, "false") || take(in, "null"))
		return 0;
	if (!*in->at || !strchr("-0123456789", *in->at))
		return wrong(in, "a value");
	in->at += strspn(in->at, "-+.0123456789eE");
	return 0;
}

/**
 * json_read_skip() - read a value of which nothing is known
 * @in: the text
 *
 * Return: 0, or -1 with the error set
 */
int json_read_skip(struct json_read *in)
{
	return skip(in, DEPTH_MAX);
}

static int read_word(struct json_read *in, const struct field *field,
		     __u32 *value)
{
	const struct word *word;
	char text[STRING_MAX];

	if (read_string(in, text, sizeof(text)))
		return -1;
	word = word_find(field->words, text);
	if (!word)
		return err_set(in->err, "%s: '%.40s' is not a word for it",
			       field->name, text);
	*value = word->value;
	return 0;
}

static int read_union(struct json_read *in, const struct field *field,
		      __u32 *value)
{
	__u32 one;

	*value = 0;
	if (expect(in, "[", "'['"))
		return -1;
	if (take(in, "]"))
		return 0;
	do {
		if (read_word(in, field, &one))
			return -1;
		*value |= one;
	} while (take(in, ","));
	return expect(in, "]", "',' or ']'");
}

static unsigned long long highest(enum field_type type)
{
	switch (type) {
	case FIELD_U8:
		return UINT8_MAX;
	case FIELD_U16:
	case FIELD_FAMILY:
		return UINT16_MAX;
	case FIELD_U64:
		return UINT64_MAX;
	default:
		return UINT32_MAX;
	}
}

static void store(const struct field *field, void *member, __u64 number)
{
	switch (field->type) {
	case FIELD_U8:
		*(__u8 *)member = number;
		break;
	case FIELD_U16:
	case FIELD_FAMILY:
		*(__u16 *)member = number;
		break;
	case FIELD_U64:
		*(__u64 *)member = number;
		break;
	default:
		*(__u32 *)member = number;
	}
}

static int read_value(struct json_read *in, const struct field *field,
		      void *member)
{
	unsigned long long number;
	__u32 value;

	skip_blanks(in);
	if (field->is_union ? *in->at == '[' : field->words && *in->at == '"') {
		if (field->is_union ? read_union(in, field, &value) :
				      read_word(in, field, &value))
			return -1;
		number = value;
	} else if (json_read_number(in, highest(field->type), &number)) {
		return -1;
	}
	store(field, member, number);
	return 0;
}

static int read_address(struct json_read *in, const struct field *field,
			struct rule_prefix *addr)
{
	char text[STRING_MAX];

	if (read_string(in, text, sizeof(text)))
		return -1;
	memset(addr, 0, sizeof(*addr));
	addr->family = strchr(text, ':') ? AF_INET6 : AF_INET;
	addr->len = addr->family == AF_INET ? 32 : 128;
	if (inet_pton(addr->family, text, addr->addr) != 1)
		return err_set(in->err, "%s: '%.60s' is not an address",
			       field->name, text);
	return 0;
}

static int read_member(struct json_read *in, const struct field *field,
		       unsigned int attr, void *data)
{
	void *member = (char *)data + field->offset;
	char text[STRING_MAX];

	switch (field->type) {
	case FIELD_FLAG:
		if (expect(in, "true", "true"))
			return -1;
		break;
	case FIELD_STRING:
		if (read_string(in, text, sizeof(text)) ||
		    value_name(text, member, in->err))
			return -1;
		break;
	case FIELD_ADDR4:
	case FIELD_ADDR6:
		if (read_address(in, field, member))
			return -1;
		break;
	case FIELD_NEST:
		if (json_read_set(in, field->nest, member, NULL, NULL))
			return -1;
		break;
	default:
		if (read_value(in, field, member))
			return -1;
	}
	*(__u64 *)data |= RULE_BIT(attr);
	return 0;
}

static int read_pair(struct json_read *in, const struct field_set *set,
		     void *data, json_other_t other, void *other_data)
{
	char name[STRING_MAX];
	unsigned int attr;

	if (read_string(in, name, sizeof(name)) || expect(in, ":", "':'"))
		return -1;
	for (attr = 1; attr <= set->max; attr++) {
		const struct field *field = field_find(set, attr);

		if (field && !strcmp(field->name, name))
			return read_member(in, field, attr, data);
	}
	return other ? other(in, name, other_data) : json_read_skip(in);
}

/**
 * json_read_set() - read a set of attributes
 * @in: the text
 * @set: the set; it may have no ports, prefixes and signed numbers
 * @data: its structure in the model, zeroed
 * @other: gets what is not in the set; NULL: it is skipped
 * @other_data: for @other
 *
 * Return: 0, or -1 with the error set
 */
int json_read_set(struct json_read *in, const struct field_set *set, void *data,
		  json_other_t other, void *other_data)
{
	if (expect(in, "{", "'{'"))
		return -1;
	if (take(in, "}"))
		return 0;
	do {
		if (read_pair(in, set, data, other, other_data))
			return -1;
	} while (take(in, ","));
	return expect(in, "}", "',' or '}'");
}

/**
 * json_read_end() - see that nothing follows
 * @in: the text
 *
 * Return: 0, or -1 with the error set
 */
int json_read_end(struct json_read *in)
{
	skip_blanks(in);
	return *in->at ? wrong(in, "the end of the line") : 0;
}
