/* SPDX-License-Identifier: GPL-2.0 */

#ifndef TUPLE_H
#define TUPLE_H

#include <stdbool.h>
#include <stdio.h>

#include "rule.h"

/**
 * struct tuple - a connection, as the segments of one direction have it
 * @has: bits of RSTFAULT_A_TUPLE_*
 * @family: AF_INET or AF_INET6
 * @saddr: source address, all of its bits
 * @daddr: destination address, all of its bits
 * @sport: source port
 * @dport: destination port
 */
struct tuple {
	__u64 has;
	__u16 family;
	struct rule_prefix saddr;
	struct rule_prefix daddr;
	__u16 sport;
	__u16 dport;
};

bool tuple_matches(const struct rule *rule, const struct tuple *tuple);
void tuple_set(struct tuple *tuple, const struct rule_prefix *saddr,
	       __u16 sport, const struct rule_prefix *daddr, __u16 dport);
void tuple_address(struct rule_prefix *prefix, __u16 family, const void *addr);
void tuple_print_end(FILE *out, const struct rule_prefix *addr, __u16 port);

#endif /* TUPLE_H */
