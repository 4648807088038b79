/* SPDX-License-Identifier: GPL-2.0 */
/* The one model of a rule: parser, printer and netlink know nothing else. */

#ifndef RULE_H
#define RULE_H

#include <stdbool.h>
#include <linux/types.h>

#include "rstfault.h"

/**
 * struct rule_prefix - addresses that begin with the same bits
 * @family: AF_INET or AF_INET6; 0 where the rule does not look at the address
 * @len: leading bits that count
 * @addr: the address in network byte order, the bits behind @len are 0
 */
struct rule_prefix {
	__u16 family;
	__u8 len;
	__u8 addr[16];
};

/**
 * struct rule_range - ports from @first to @last
 * @first: lowest port
 * @last: highest port
 */
struct rule_range {
	__u16 first;
	__u16 last;
};

/**
 * struct rule_ports - a union of ranges of ports
 * @count: ranges in use; 0 where the rule does not look at the port
 * @range: the ranges, in the order in which they were written
 */
struct rule_ports {
	unsigned int count;
	struct rule_range range[RSTFAULT_PORTS_MAX];
};

/**
 * struct rule - one rule
 * @id: number given by the kernel, 0 in a rule that it has not seen
 * @name: empty where the rule has none
 * @hook: enum rstfault_hook
 * @segment: union of enum rstfault_segment
 * @family: AF_INET or AF_INET6; 0 for both
 * @saddr: source address
 * @daddr: destination address
 * @sport: source port
 * @dport: destination port
 * @iif: interface that the segment came in by, empty for any
 * @oif: interface that the segment leaves by, empty for any
 * @action: enum rstfault_action
 * @fired: how often the action was carried out
 * @incomplete: the kernel said more than this version understands
 */
struct rule {
	__u32 id;
	char name[RSTFAULT_NAME_MAX + 1];
	__u32 hook;
	__u32 segment;
	__u32 family;
	struct rule_prefix saddr;
	struct rule_prefix daddr;
	struct rule_ports sport;
	struct rule_ports dport;
	char iif[RSTFAULT_IFNAME_MAX + 1];
	char oif[RSTFAULT_IFNAME_MAX + 1];
	__u32 action;
	__u64 fired;
	bool incomplete;
};

/**
 * struct rule_ref - names one rule of the ruleset
 * @id: its id, where @name is empty
 * @name: its name
 */
struct rule_ref {
	__u32 id;
	char name[RSTFAULT_NAME_MAX + 1];
};

#endif /* RULE_H */
