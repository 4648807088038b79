/* SPDX-License-Identifier: GPL-2.0 */

#ifndef DIAG_H
#define DIAG_H

#include <stddef.h>

#include "tuple.h"

struct err;
struct genl;
struct nlmsghdr;

/**
 * struct diag - sockets of this network namespace
 * @tuple: their connections, the source is the local end; the caller frees it
 * @count: how many
 * @room: how many fit into @tuple
 * @rule: matches that they are to have
 */
struct diag {
	struct tuple *tuple;
	size_t count;
	size_t room;
	const struct rule *rule;
};

int diag_find(struct diag *diag, const struct rule *rule, struct err *err);
int diag_state(struct genl *genl, const struct tuple *tuple, __u32 *state,
	       struct err *err);
int diag_reply(const struct nlmsghdr *message, void *data);

#endif /* DIAG_H */
