/* SPDX-License-Identifier: GPL-2.0 */

#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <linux/types.h>
#include <stdio.h>

/**
 * struct json - a JSON text being written
 * @out: where to
 * @depth: objects and arrays that are open
 * @line: each text is one line
 * @comma: something precedes at this depth
 */
struct json {
	FILE *out;
	unsigned int depth;
	bool line;
	bool comma;
};

void json_open(struct json *json, const char *key, char bracket);
void json_close(struct json *json, char bracket);
void json_string(struct json *json, const char *key, const char *value);
void json_number(struct json *json, const char *key, __u64 value);
void json_signed(struct json *json, const char *key, __s64 value);
void json_true(struct json *json, const char *key);

#endif /* JSON_H */
