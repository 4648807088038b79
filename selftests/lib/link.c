// SPDX-License-Identifier: GPL-2.0
/*
 * Interfaces of all kinds, as ip(8) and tc(8) make them, without starting
 * those.
 */
#include <errno.h>
#include <linux/if_link.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>

#include <libmnl/libmnl.h>

#include "host.h"
#include "link.h"

/* A request about @ifname, or about one that is to be made if that is NULL. */
static struct nlmsghdr *put_request(char *buf, uint16_t type,
				    const struct host *host, const char *ifname)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct ifinfomsg *ifi;

	nlh->nlmsg_type = type;
	ifi = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifi));
	if (ifname) {
		ifi->ifi_index = host_ifindex(host, ifname);
	} else {
		nlh->nlmsg_flags = NLM_F_CREATE | NLM_F_EXCL;
		ifi->ifi_flags = IFF_UP;
		ifi->ifi_change = IFF_UP;
	}

	return nlh;
}

/* What a new interface is: its kind, and what is said of that kind alone. */
struct info {
	struct nlattr *info;
	struct nlattr *data;
};

static struct info info_begin(struct nlmsghdr *nlh, const char *ifname,
			      const char *kind)
{
	struct info info;

	mnl_attr_put_strz(nlh, IFLA_IFNAME, ifname);
	info.info = mnl_attr_nest_start(nlh, IFLA_LINKINFO);
	mnl_attr_put_strz(nlh, IFLA_INFO_KIND, kind);
	info.data = mnl_attr_nest_start(nlh, IFLA_INFO_DATA);
	return info;
}

static void info_end(struct nlmsghdr *nlh, const struct info *info)
{
	mnl_attr_nest_end(nlh, info->data);
	mnl_attr_nest_end(nlh, info->info);
}

/**
 * link_cable() - lay a cable between two hosts
 * @a: the one host
 * @ifa: name of its interface
 * @b: the other host
 * @ifb: name of its interface
 */
int link_cable(const struct host *a, const char *ifa, const struct host *b,
	       const char *ifb)
{
	char buf[1024];
	struct nlmsghdr *nlh = put_request(buf, RTM_NEWLINK, a, NULL);
	struct info info = info_begin(nlh, ifa, "veth");
	struct nlattr *peer;

	peer = mnl_attr_nest_start(nlh, VETH_INFO_PEER);
	mnl_nlmsg_put_extra_header(nlh, sizeof(struct ifinfomsg));
	mnl_attr_put_strz(nlh, IFLA_IFNAME, ifb);
	mnl_attr_put_u32(nlh, IFLA_NET_NS_FD, b->netns);
	mnl_attr_nest_end(nlh, peer);
	info_end(nlh, &info);

	return host_rtnl(a, nlh) ?: host_set_up(b, ifb);
}

/**
 * link_add_vlan() - make an interface that is a VLAN of another
 * @host: where
 * @ifname: name of the new interface
 * @lower: name of the other one
 * @id: number of the VLAN
 */
int link_add_vlan(const struct host *host, const char *ifname,
		  const char *lower, uint16_t id)
{
	char buf[512];
	struct nlmsghdr *nlh = put_request(buf, RTM_NEWLINK, host, NULL);
	struct info info = info_begin(nlh, ifname, "vlan");

	mnl_attr_put_u16(nlh, IFLA_VLAN_ID, id);
	info_end(nlh, &info);
	mnl_attr_put_u32(nlh, IFLA_LINK, host_ifindex(host, lower));

	return host_rtnl(host, nlh);
}

/**
 * link_add_bridge() - make a bridge
 * @host: where
 * @ifname: name of the bridge
 * @hooks: the hooks of IP see what it bridges, by br_netfilter
 */
int link_add_bridge(const struct host *host, const char *ifname, bool hooks)
{
	char buf[512];
	struct nlmsghdr *nlh = put_request(buf, RTM_NEWLINK, host, NULL);
	struct info info = info_begin(nlh, ifname, "bridge");

	mnl_attr_put_u8(nlh, IFLA_BR_NF_CALL_IPTABLES, hooks);
	mnl_attr_put_u8(nlh, IFLA_BR_NF_CALL_IP6TABLES, hooks);
	info_end(nlh, &info);

	return host_rtnl(host, nlh);
}

/**
 * link_add_vrf() - make a VRF
 * @host: where
 * @ifname: name of its interface
 * @table: number of its routing table
 */
int link_add_vrf(const struct host *host, const char *ifname, uint32_t table)
{
	char buf[512];
	struct nlmsghdr *nlh = put_request(buf, RTM_NEWLINK, host, NULL);
	struct info info = info_begin(nlh, ifname, "vrf");

	mnl_attr_put_u32(nlh, IFLA_VRF_TABLE, table);
	info_end(nlh, &info);

	return host_rtnl(host, nlh);
}

/**
 * link_add_qdisc() - give an interface a queue
 * @host: where
 * @ifname: name of the interface
 * @kind: as tc knows it
 */
int link_add_qdisc(const struct host *host, const char *ifname,
		   const char *kind)
{
	char buf[256];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct tcmsg *tc;

	nlh->nlmsg_type = RTM_NEWQDISC;
	nlh->nlmsg_flags = NLM_F_CREATE | NLM_F_EXCL;
	tc = mnl_nlmsg_put_extra_header(nlh, sizeof(*tc));
	tc->tcm_ifindex = host_ifindex(host, ifname);
	tc->tcm_parent = TC_H_ROOT;
	mnl_attr_put_strz(nlh, TCA_KIND, kind);

	return host_rtnl(host, nlh);
}

/**
 * link_set() - change what one number says of an interface
 * @host: where
 * @ifname: name of the interface
 * @attr: IFLA_MTU, IFLA_TXQLEN, IFLA_MASTER
 * @value: the number
 */
int link_set(const struct host *host, const char *ifname, uint16_t attr,
	     uint32_t value)
{
	char buf[256];
	struct nlmsghdr *nlh = put_request(buf, RTM_NEWLINK, host, ifname);

	mnl_attr_put_u32(nlh, attr, value);
	return host_rtnl(host, nlh);
}

/**
 * link_set_master() - make an interface part of a bridge or a VRF
 * @host: where
 * @ifname: name of the interface
 * @master: name of the bridge or the VRF
 */
int link_set_master(const struct host *host, const char *ifname,
		    const char *master)
{
	return link_set(host, ifname, IFLA_MASTER, host_ifindex(host, master));
}

/**
 * link_down() - set an interface down
 * @host: where
 * @ifname: its name
 */
int link_down(const struct host *host, const char *ifname)
{
	char buf[256];
	struct nlmsghdr *nlh = put_request(buf, RTM_NEWLINK, host, ifname);
	struct ifinfomsg *ifi = mnl_nlmsg_get_payload(nlh);

	ifi->ifi_change = IFF_UP;
	return host_rtnl(host, nlh);
}

/**
 * link_promisc() - have an interface take the packets for others, too
 * @host: where
 * @ifname: its name
 */
int link_promisc(const struct host *host, const char *ifname)
{
	char buf[256];
	struct nlmsghdr *nlh = put_request(buf, RTM_NEWLINK, host, ifname);
	struct ifinfomsg *ifi = mnl_nlmsg_get_payload(nlh);

	ifi->ifi_change = IFF_PROMISC;
	ifi->ifi_flags = IFF_PROMISC;
	return host_rtnl(host, nlh);
}

/**
 * link_del() - delete an interface
 * @host: where
 * @ifname: its name
 */
int link_del(const struct host *host, const char *ifname)
{
	char buf[256];

	return host_rtnl(host, put_request(buf, RTM_DELLINK, host, ifname));
}
