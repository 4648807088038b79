/* SPDX-License-Identifier: GPL-2.0 */

#ifndef JSON_READ_H
#define JSON_READ_H

#include <stddef.h>

struct err;
struct field_set;

/**
 * struct json_read - a JSON text in one line being read
 * @begin: the text
 * @at: what comes next
 * @err: where errors go
 */
struct json_read {
	const char *begin;
	const char *at;
	struct err *err;
};

/* Takes a member that the set has not; returns 0, or -1 with the error set. */
typedef int (*json_other_t)(struct json_read *in, const char *name, void *data);

int json_read_number(struct json_read *in, unsigned long long max,
		     unsigned long long *number);
int json_read_skip(struct json_read *in);
int json_read_set(struct json_read *in, const struct field_set *set, void *data,
		  json_other_t other, void *other_data);
int json_read_end(struct json_read *in);

#endif /* JSON_READ_H */
