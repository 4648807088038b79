// SPDX-License-Identifier: GPL-2.0
/* Connections: which rule is about them, and how they are printed. */

#include <string.h>
#include <sys/socket.h>

#include "print.h"
#include "tuple.h"

/* Do the first bits agree? No prefix agrees with everything. */
static bool prefix_matches(const struct rule_prefix *prefix,
			   const struct rule_prefix *addr)
{
	unsigned int whole = prefix->len / 8, rest = prefix->len % 8;
	__u8 mask = 0xff00 >> rest;

	if (!prefix->family)
		return true;
	if (prefix->family != addr->family ||
	    memcmp(prefix->addr, addr->addr, whole))
		return false;
	return !rest || !((prefix->addr[whole] ^ addr->addr[whole]) & mask);
}

static bool ports_match(const struct rule_ports *ports, __u16 port)
{
	unsigned int i;

	for (i = 0; i < ports->count; i++) {
		if (port >= ports->range[i].first &&
		    port <= ports->range[i].last)
			return true;
	}
	return !ports->count;
}

/**
 * tuple_matches() - do addresses and ports of a rule match a connection?
 * @rule: the rule; nothing else in it is looked at
 * @tuple: the connection
 *
 * Return: true if they do
 */
bool tuple_matches(const struct rule *rule, const struct tuple *tuple)
{
	return (!rule->family || rule->family == tuple->family) &&
	       prefix_matches(&rule->saddr, &tuple->saddr) &&
	       prefix_matches(&rule->daddr, &tuple->daddr) &&
	       ports_match(&rule->sport, tuple->sport) &&
	       ports_match(&rule->dport, tuple->dport);
}

/**
 * tuple_set() - fill in a connection
 * @tuple: where to
 * @saddr: source address
 * @sport: source port
 * @daddr: destination address, of the same family
 * @dport: destination port
 */
void tuple_set(struct tuple *tuple, const struct rule_prefix *saddr,
	       __u16 sport, const struct rule_prefix *daddr, __u16 dport)
{
	memset(tuple, 0, sizeof(*tuple));
	tuple->has = RULE_BIT(RSTFAULT_A_TUPLE_SPORT) |
		     RULE_BIT(RSTFAULT_A_TUPLE_DPORT);
	tuple->family = saddr->family;
	tuple->saddr = *saddr;
	tuple->daddr = *daddr;
	tuple->sport = sport;
	tuple->dport = dport;
}

/**
 * tuple_address() - an address; IPv4 in IPv6 is IPv4
 * @prefix: where it is returned, with all of its bits
 * @family: AF_INET or AF_INET6
 * @addr: its bytes
 */
void tuple_address(struct rule_prefix *prefix, __u16 family, const void *addr)
{
	static const __u8 mapped[12] = { [10] = 0xff, [11] = 0xff };

	memset(prefix, 0, sizeof(*prefix));
	if (family == AF_INET6 && !memcmp(addr, mapped, sizeof(mapped))) {
		family = AF_INET;
		addr = (const __u8 *)addr + sizeof(mapped);
	}
	prefix->family = family;
	prefix->len = family == AF_INET ? 32 : 128;
	memcpy(prefix->addr, addr, prefix->len / 8);
}

/**
 * tuple_print_end() - print an address and a port
 * @out: where to
 * @addr: the address
 * @port: the port
 */
void tuple_print_end(FILE *out, const struct rule_prefix *addr, __u16 port)
{
	bool is6 = addr->family == AF_INET6;

	fputs(is6 ? "[" : "", out);
	print_address(out, addr);
	fprintf(out, "%s:%u", is6 ? "]" : "", port);
}
