/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_MATCH_H
#define _RSTF_MATCH_H

#include <linux/if.h>
#include <linux/netfilter.h>
#include <linux/types.h>

#include "uapi/rstfault.h"

struct rstf_segment;

/**
 * struct rstf_prefix - addresses that begin with the same bits
 * @addr: the address; bits behind the prefix are 0
 * @mask: ones where @addr counts; all 0, which every address matches, where
 *	the rule names no prefix
 * @len: number of ones in @mask
 * @named: the rule names a prefix, if only one of length 0
 */
struct rstf_prefix {
	union nf_inet_addr addr;
	union nf_inet_addr mask;
	u8 len;
	bool named;
};

/**
 * struct rstf_ports - union of ranges of ports
 * @range: first and last port of each range, host byte order
 * @len: number of ranges; none of them: every port
 */
struct rstf_ports {
	struct {
		u16 first;
		u16 last;
	} range[RSTFAULT_PORTS_MAX];
	u8 len;
};

/**
 * struct rstf_ifname - name of an interface, or how it begins
 * @name: without the trailing '*' of a pattern
 * @len: bytes of @name that count; for a name the NUL counts, for a pattern it
 *	does not. 0: every interface
 */
struct rstf_ifname {
	char name[IFNAMSIZ];
	u8 len;
};

/**
 * struct rstf_match - which segments a rule is about
 * @family: AF_INET, AF_INET6, or AF_UNSPEC for both
 * @hook: enum rstfault_hook
 * @kinds: union of enum rstfault_segment
 * @sport: source ports
 * @dport: destination ports
 * @saddr: source addresses
 * @daddr: destination addresses
 * @iif: interface that the segment came in by
 * @oif: interface that the segment leaves by
 */
struct rstf_match {
	u8 family;
	u8 hook;
	u8 kinds;
	struct rstf_ports sport;
	struct rstf_ports dport;
	struct rstf_prefix saddr;
	struct rstf_prefix daddr;
	struct rstf_ifname iif;
	struct rstf_ifname oif;
};

bool rstf_match_segment(const struct rstf_match *match,
			const struct rstf_segment *seg,
			const struct nf_hook_state *state);

#endif /* _RSTF_MATCH_H */
