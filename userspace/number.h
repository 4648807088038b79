/* SPDX-License-Identifier: GPL-2.0 */

#ifndef NUMBER_H
#define NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

struct err;

/* All of it, in billionths. */
#define NUMBER_CERTAIN	1000000000u

bool number_parse(const char *text, __u64 max, __u64 *number);
const char *number_unpadded(const char *text, __u64 max);
int number_word(const char *key, const char *word, __u64 min, __u64 max,
		__u64 *number, struct err *err);
int number_offset(const char *key, const char *word, __s32 *number,
		  struct err *err);
bool number_hex(const char *text, __u32 max, __u32 *number);
int number_mark(const char *word, __u32 *mark, __u32 *mask, struct err *err);
int number_length(const char *word, __u32 *from, __u32 *to, bool *open,
		  struct err *err);
int number_bytes(const char *word, __u64 *from, __u64 *to, bool *open,
		 struct err *err);
int number_percent(const char *word, __u32 *billionths, struct err *err);

#endif /* NUMBER_H */
