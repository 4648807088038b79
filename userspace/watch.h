/* SPDX-License-Identifier: GPL-2.0 */

#ifndef WATCH_H
#define WATCH_H

#include <stdbool.h>

#include "genl.h"
#include "ladder.h"
#include "rule.h"
#include "ssh.h"

struct err;
struct options;

/**
 * struct watch - connections of which every segment is to be an event
 * @genl: the socket that the rules for that live by
 * @diag: a socket that knows the states of sockets
 * @match: which connections, in either direction
 * @ssh: not this one: what is printed would be seen again
 * @rules: rules that there are for it
 * @generation: the ruleset that they were found in last
 * @due: when to look for them again, in milliseconds of CLOCK_MONOTONIC
 */
struct watch {
	struct genl genl;
	struct genl diag;
	struct rule match;
	struct ssh ssh;
	unsigned int rules;
	__u32 generation;
	__s64 due;
};

int watch_parse(struct watch *watch, int count, char *const *words,
		struct err *err);
int watch_open(struct watch *watch, const struct options *options,
	       struct err *err);
void watch_close(struct watch *watch);
bool watch_wants(const struct watch *watch, const struct tuple *tuple);
int watch_again(struct watch *watch, bool *replaced, struct err *err);
int watch_left(const struct watch *watch);
bool watch_state(struct watch *watch,
		 const struct ladder_connection *connection,
		 enum ladder_end end, struct event *event);

#endif /* WATCH_H */
