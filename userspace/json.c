// SPDX-License-Identifier: GPL-2.0
/* A writer for JSON. Its output is valid UTF-8, whatever it is given. */

#include "json.h"

/*
 * Length of the well-formed UTF-8 character at @s, 0 if there is none: as in
 * table 3-7 of the Unicode standard, so no overlong form and no surrogate.
 */
static unsigned int utf8_len(const unsigned char *s)
{
	unsigned int len, i;

	if (s[0] < 0x80)
		return 1;
	if (s[0] < 0xc2 || s[0] > 0xf4)
		return 0;
	len = s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
	for (i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	}
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return len;
}

static void quoted(FILE *out, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;

	putc('"', out);
	while (*s) {
		unsigned int len = utf8_len(s);

		if (!len) {
			fputs("\\ufffd", out);
			s++;
			continue;
		}
		if (*s < 0x20 || *s == 0x7f) {
			fprintf(out, "\\u%04x", *s);
		} else {
			if (*s == '"' || *s == '\\')
				putc('\\', out);
			fwrite(s, 1, len, out);
		}
		s += len;
	}
	putc('"', out);
}

/* Everything but a closing bracket begins here. */
static void begin(struct json *json, const char *key)
{
	if (json->comma)
		putc(',', json->out);
	if (json->depth == 1 && !json->line)
		putc('\n', json->out);
	if (key) {
		quoted(json->out, key);
		putc(':', json->out);
	}
	json->comma = true;
}

/**
 * json_open() - begin an object or an array
 * @json: the text
 * @key: name of the member; NULL in an array and for the text as a whole
 * @bracket: '{' or '['
 */
void json_open(struct json *json, const char *key, char bracket)
{
	begin(json, key);
	putc(bracket, json->out);
	json->depth++;
	json->comma = false;
}

/**
 * json_close() - end the object or array that was begun last
 * @json: the text
 * @bracket: '}' or ']'
 */
void json_close(struct json *json, char bracket)
{
	json->depth--;
	if (!json->depth && json->comma && !json->line)
		putc('\n', json->out);
	putc(bracket, json->out);
	if (!json->depth)
		putc('\n', json->out);
	/* Another text may follow. */
	json->comma = json->depth;
}

/**
 * json_string() - write a string
 * @json: the text
 * @key: name of the member; NULL in an array
 * @value: the string; a byte that is no UTF-8 is written as U+FFFD
 */
void json_string(struct json *json, const char *key, const char *value)
{
	begin(json, key);
	quoted(json->out, value);
}

/**
 * json_number() - write a number
 * @json: the text
 * @key: name of the member; NULL in an array
 * @value: the number
 */
void json_number(struct json *json, const char *key, __u64 value)
{
	begin(json, key);
	fprintf(json->out, "%llu", value);
}

/**
 * json_true() - write the value true
 * @json: the text
 * @key: name of the member; NULL in an array
 */
void json_true(struct json *json, const char *key)
{
	begin(json, key);
	fputs("true", json->out);
}

/**
 * json_signed() - write a number that may be negative
 * @json: the text
 * @key: name of the member; NULL in an array
 * @value: the number
 */
void json_signed(struct json *json, const char *key, __s64 value)
{
	begin(json, key);
	fprintf(json->out, "%lld", value);
}
