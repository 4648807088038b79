/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINK_H
#define _LINK_H

#include <stdbool.h>
#include <stdint.h>

struct host;

/* Functions return 0 or a negative errno. Interfaces that are made are up. */
int link_cable(const struct host *a, const char *ifa, const struct host *b,
	       const char *ifb);
int link_add_vlan(const struct host *host, const char *ifname,
		  const char *lower, uint16_t id);
int link_add_bridge(const struct host *host, const char *ifname, bool hooks);
int link_add_vrf(const struct host *host, const char *ifname, uint32_t table);
int link_add_qdisc(const struct host *host, const char *ifname,
		   const char *kind);
int link_set(const struct host *host, const char *ifname, uint16_t attr,
	     uint32_t value);
int link_set_master(const struct host *host, const char *ifname,
		    const char *master);
int link_down(const struct host *host, const char *ifname);
int link_promisc(const struct host *host, const char *ifname);
int link_del(const struct host *host, const char *ifname);

#endif /* _LINK_H */
