/* SPDX-License-Identifier: GPL-2.0 */

#ifndef SAY_H
#define SAY_H

#include <stdio.h>

struct field;

void say_string(FILE *out, const struct field *field, const void *data);
void say_number(FILE *out, const struct field *field, const void *data);
void say_offset(FILE *out, const struct field *field, const void *data);
void say_duration(FILE *out, const struct field *field, const void *data);
void say_word(FILE *out, const struct field *field, const void *data);
void say_union(FILE *out, const struct field *field, const void *data);
void say_segment(FILE *out, const struct field *field, const void *data);
void say_prefix(FILE *out, const struct field *field, const void *data);
void say_ports(FILE *out, const struct field *field, const void *data);
void say_mark(FILE *out, const struct field *field, const void *data);
void say_length(FILE *out, const struct field *field, const void *data);
void say_origin(FILE *out, const struct field *field, const void *data);
void say_percent(FILE *out, const struct field *field, const void *data);
void say_bytes(FILE *out, const struct field *field, const void *data);
void say_to(FILE *out, const struct field *field, const void *data);
void say_seq(FILE *out, const struct field *field, const void *data);
void say_ack(FILE *out, const struct field *field, const void *data);

#endif /* SAY_H */
