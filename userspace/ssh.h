/* SPDX-License-Identifier: GPL-2.0 */

#ifndef SSH_H
#define SSH_H

#include <stdbool.h>

#include "tuple.h"

struct err;
struct options;

/* Two ends, and what is between them. */
#define SSH_NAME_MAX	160

/**
 * struct ssh - the SSH connection that rstctl is run from
 * @found: there is one, and the rules go where it is
 * @in: its segments from the client to the server
 * @out: its segments from the server to the client
 * @passed: hooks where a rule lets all of these go on, so that those behind it
 *	do not matter; a bit for each
 */
struct ssh {
	bool found;
	struct tuple in;
	struct tuple out;
	__u32 passed;
};

void ssh_find(struct ssh *ssh, const struct options *options);
bool ssh_parse(struct ssh *ssh, const char *connection);
bool ssh_cuts(struct ssh *ssh, const struct rule *rule);
void ssh_name(const struct ssh *ssh, char name[SSH_NAME_MAX]);
int ssh_check(struct ssh *ssh, const struct rule *rule, struct err *err);
bool ssh_is(const struct ssh *ssh, const struct tuple *tuple);

#endif /* SSH_H */
