/* SPDX-License-Identifier: GPL-2.0 */

#ifndef BATCH_H
#define BATCH_H

#include <stddef.h>

#include <libmnl/libmnl.h>

struct err;
struct rule;

/**
 * struct batch - one request with many rules
 * @request: the request
 * @size: room for it
 * @line: for each rule, the line that it is from
 * @room: rules that fit into @line
 * @count: rules in the request
 */
struct batch {
	struct nlmsghdr *request;
	size_t size;
	unsigned int *line;
	size_t room;
	size_t count;
};

int batch_begin(struct batch *batch, struct err *err);
int batch_flag(struct batch *batch, __u16 attr, struct err *err);
int batch_add(struct batch *batch, const struct rule *rule, unsigned int line,
	      struct err *err);
void batch_free(struct batch *batch);

#endif /* BATCH_H */
