/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_REQUEST_H
#define _FUZZ_REQUEST_H

#include "tuple.h"

#include "message.h"

/**
 * struct subject - what requests are about
 * @family: number of the family
 * @nr: the case, which their sequence number follows from
 * @generation: of the ruleset
 * @mortal: rules may have a lifetime
 * @last_id: of a rule that was added
 * @tuple: of a connection
 */
struct subject {
	uint16_t family;
	uint64_t nr;
	uint32_t generation;
	bool mortal;
	uint32_t last_id;
	struct tuple tuple;
};

void request_begin(const struct subject *subject, struct message *message,
		   uint8_t cmd);
void request_add(const struct subject *subject, struct random *random,
		 struct message *message);
void request_make(const struct subject *subject, struct random *random,
		  struct message *message);

#endif /* _FUZZ_REQUEST_H */
