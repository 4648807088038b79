/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_HOOK_H
#define _RSTF_HOOK_H

#include <linux/netfilter.h>
#include <linux/types.h>

struct rstf_match;
struct rstf_net;

/*
 * A point is a netfilter hook in one family: where a packet meets the ruleset.
 */
#define RSTF_POINTS (2 * NF_INET_NUMHOOKS)

/**
 * rstf_point() - number of a point
 * @hooknum: enum nf_inet_hooks, below NF_INET_NUMHOOKS
 * @family: AF_INET or AF_INET6
 *
 * Return: 0 to RSTF_POINTS - 1.
 */
static inline unsigned int rstf_point(unsigned int hooknum, u8 family)
{
	return 2 * hooknum + (family == AF_INET6);
}

/**
 * rstf_point_family() - family of a point
 * @point: rstf_point()
 *
 * Return: AF_INET or AF_INET6.
 */
static inline u8 rstf_point_family(unsigned int point)
{
	return point & 1 ? AF_INET6 : AF_INET;
}

/**
 * rstf_hook_is_leaving() - whether packets at a hook are on their way out
 * @hooknum: enum nf_inet_hooks
 *
 * Return: true at output, and at out, also for what is forwarded.
 */
static inline bool rstf_hook_is_leaving(unsigned int hooknum)
{
	return hooknum == NF_INET_LOCAL_OUT || hooknum == NF_INET_POST_ROUTING;
}

u32 rstf_hook_points(const struct rstf_match *match);
void rstf_hook_init(struct rstf_net *rnet);
int rstf_hook_register(struct rstf_net *rnet, u32 points);
void rstf_hook_unregister(struct rstf_net *rnet, u32 points);

#endif /* _RSTF_HOOK_H */
