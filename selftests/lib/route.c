// SPDX-License-Identifier: GPL-2.0
/*
 * Routes of hosts, as ip(8) makes them, without starting it.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include <libmnl/libmnl.h>

#include "host.h"
#include "route.h"

static int put_addr(struct nlmsghdr *nlh, uint16_t type, int family,
		    const char *addr)
{
	struct in6_addr bytes;

	if (!addr)
		return 0;
	if (inet_pton(family, addr, &bytes) != 1)
		return -EINVAL;
	mnl_attr_put(nlh, type, family == AF_INET6 ? 16 : 4, &bytes);
	return 0;
}

static int change(const struct host *host, const struct route *route,
		  uint16_t type, uint16_t flags)
{
	char buf[256];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	const char *addr = route->dst ?: route->via;
	int family = strchr(addr, ':') ? AF_INET6 : AF_INET;
	struct rtmsg *rtm;

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = flags;
	rtm = mnl_nlmsg_put_extra_header(nlh, sizeof(*rtm));
	rtm->rtm_family = family;
	rtm->rtm_dst_len = route->bits;
	rtm->rtm_table = route->local ? RT_TABLE_LOCAL : RT_TABLE_MAIN;
	rtm->rtm_type = route->local ? RTN_LOCAL : RTN_UNICAST;
	rtm->rtm_scope = route->via ? RT_SCOPE_UNIVERSE :
			 route->local ? RT_SCOPE_HOST : RT_SCOPE_LINK;
	if (route->onlink)
		rtm->rtm_flags = RTNH_F_ONLINK;
	/* Not as it was set by the kernel, for one that it has set, too. */
	if (type == RTM_NEWROUTE)
		rtm->rtm_protocol = RTPROT_BOOT;
	if (route->table)
		mnl_attr_put_u32(nlh, RTA_TABLE, route->table);
	mnl_attr_put_u32(nlh, RTA_OIF, host_ifindex(host, route->dev));

	return put_addr(nlh, RTA_DST, family, route->dst) ?:
	       put_addr(nlh, RTA_GATEWAY, family, route->via) ?:
	       host_rtnl(host, nlh);
}

/**
 * route_add() - add a route
 * @host: where
 * @route: the route
 */
int route_add(const struct host *host, const struct route *route)
{
	/* The kernel may have added that of an address, or be about to. */
	return change(host, route, RTM_NEWROUTE, NLM_F_CREATE |
		      (route->local ? NLM_F_REPLACE : NLM_F_EXCL));
}

/**
 * route_del() - delete a route
 * @host: where
 * @route: the route, whoever has added it
 */
int route_del(const struct host *host, const struct route *route)
{
	return change(host, route, RTM_DELROUTE, 0);
}
