/* SPDX-License-Identifier: GPL-2.0 */

#ifndef DURATION_H
#define DURATION_H

#include <stdio.h>
#include <linux/types.h>

struct err;

int duration_parse(const char *key, const char *word, __u64 *ns,
		   struct err *err);
void duration_print(FILE *out, __u64 ns);

#endif /* DURATION_H */
