// SPDX-License-Identifier: GPL-2.0
/* A writer for JSON. Its output is valid UTF-8, whatever it is given. */

#include "json.h"
#include "utf8.h"

static void quoted(FILE *out, const char *text)
{
	putc('"', out);
	while (*text) {
		unsigned int len = utf8_len(text);

		if (!len) {
			fputs("\\ufffd", out);
			text++;
			continue;
		}
		if (utf8_is_control(text)) {
			/* Of two bytes, the second one is the number. */
			fprintf(out, "\\u%04x", (unsigned char)text[len - 1]);
		} else {
			if (*text == '"' || *text == '\\')
				putc('\\', out);
			fwrite(text, 1, len, out);
		}
		text += len;
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
