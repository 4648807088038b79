/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_MATCH_H
#define _RSTF_MATCH_H

#include <linux/bits.h>
#include <linux/if.h>
#include <linux/netfilter.h>
#include <linux/types.h>
#include <linux/uidgid.h>

#include "uapi/rstfault.h"

struct cgroup;
struct nf_hook_state;
struct rstf_segment;
struct sk_buff;

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
 * struct rstf_match_sock - what a rule asks of the local socket of a segment
 * @asks: a bit for each that it asks, 0: it does not look for the socket
 * @origin: union of enum rstfault_origin
 * @state: union of enum rstfault_state
 * @uid: owner
 * @cgroup: the socket's, or an ancestor of it, with a reference; or NULL
 * @path: of @cgroup, as the request has it; or NULL
 */
struct rstf_match_sock {
	u8 asks;
#define RSTF_ASKS_ORIGIN BIT(0)
#define RSTF_ASKS_STATE BIT(1)
#define RSTF_ASKS_UID BIT(2)
#define RSTF_ASKS_CGROUP BIT(3)
	u8 origin;
	u16 state;
	kuid_t uid;
	struct cgroup *cgroup;
	char *path;
};

/**
 * struct rstf_match - which segments a rule is about
 * @family: AF_INET, AF_INET6, or AF_UNSPEC for both
 * @hook: enum rstfault_hook
 * @kinds: union of enum rstfault_segment
 * @flags_mask: for RSTFAULT_SEGMENT_FLAGS, TCP flags that count; never 0 there
 * @flags_value: for RSTFAULT_SEGMENT_FLAGS, which of them are set
 * @mark: mark of the packet; no bits outside of @mark_mask
 * @mark_mask: bits of the mark that count; 0: the rule does not ask for it
 * @length_from: lowest length of the payload, 0 where absent
 * @length_to: highest length of the payload, U32_MAX where absent
 * @sport: source ports
 * @dport: destination ports
 * @saddr: source addresses
 * @daddr: destination addresses
 * @iif: interface that the segment came in by
 * @oif: interface that the segment leaves by
 * @sock: the local socket
 */
struct rstf_match {
	u8 family;
	u8 hook;
	u8 kinds;
	u8 flags_mask;
	u8 flags_value;
	u32 mark;
	u32 mark_mask;
	u32 length_from;
	u32 length_to;
	struct rstf_ports sport;
	struct rstf_ports dport;
	struct rstf_prefix saddr;
	struct rstf_prefix daddr;
	struct rstf_ifname iif;
	struct rstf_ifname oif;
	struct rstf_match_sock sock;
};

/**
 * rstf_match_ports() - whether a port is one that a rule is about
 * @ports: of the rule
 * @port: the port, host byte order
 *
 * Context: Any.
 * Return: true if it is.
 */
static inline bool rstf_match_ports(const struct rstf_ports *ports, u16 port)
{
	unsigned int i;

	if (!ports->len)
		return true;

	for (i = 0; i < ports->len; i++)
		if (port >= ports->range[i].first &&
		    port <= ports->range[i].last)
			return true;

	return false;
}

bool rstf_match_is_plain(const struct rstf_match *match);
bool rstf_match_narrows(const struct rstf_match *match);
bool rstf_match_segment(const struct rstf_match *match,
			const struct rstf_segment *seg,
			const struct sk_buff *skb,
			const struct nf_hook_state *state);

#endif /* _RSTF_MATCH_H */
