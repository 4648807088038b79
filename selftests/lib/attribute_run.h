/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ATTRIBUTE_RUN_H
#define _ATTRIBUTE_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "family.h"

/**
 * struct ruleset - what a network namespace has, to be compared
 * @generation: of its ruleset
 * @sum: of every byte in the list of its rules
 */
struct ruleset {
	int64_t generation;
	uint64_t sum;
};

/**
 * struct attribute_run - how to send the requests of the tables
 * @family: socket
 * @refused: those alone that change nothing, and as fast as may be
 * @err: what is said to each of them, without a word; 0: what the tables say
 * @sent: how many were sent
 * @wrong: how many were answered by something else; each of them is printed
 */
struct attribute_run {
	struct family *family;
	bool refused;
	int err;
	unsigned int sent;
	unsigned int wrong;
};

int ruleset_read(struct ruleset *ruleset, struct family *family);
int ruleset_prepare(struct family *family, unsigned int others);
void attribute_run(struct attribute_run *run);

#endif /* _ATTRIBUTE_RUN_H */
