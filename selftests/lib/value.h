/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VALUE_H
#define _VALUE_H

#include <stddef.h>
#include <stdint.h>

#include <libmnl/libmnl.h>

/**
 * struct value - an attribute and what is in it
 * @type: of the attribute; 0: the end of a list of values
 * @len: of @data; or 1, 2, 4 or 8, the length of @number; or VALUE_NEST
 * @number: where there is no @data
 * @data: bytes; of a nest, a list of values
 *
 * Without length and data it is an attribute that is not there.
 */
struct value {
	uint16_t type;
	uint16_t len;
	uint64_t number;
	const void *data;
};

#define VALUE_NEST UINT16_MAX

#define U8(type, number) { type, 1, number, NULL }
#define U16(type, number) { type, 2, number, NULL }
#define U32(type, number) { type, 4, number, NULL }
#define U64(type, number) { type, 8, number, NULL }
#define STR(type, string) { type, sizeof(string), 0, string }
#define BYTES(type, string) { type, sizeof(string) - 1, 0, string }
#define FLAG(type) { type, 0, 0, "" }
#define NEST(type, values) { type, VALUE_NEST, 0, values }
#define NONE(type) { type, 0, 0, NULL }

void put_value(struct nlmsghdr *nlh, const struct value *value);

#endif /* _VALUE_H */
