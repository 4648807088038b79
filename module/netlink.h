/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_NETLINK_H
#define _RSTF_NETLINK_H

int rstf_netlink_setup(void);
void rstf_netlink_teardown(void);

#endif /* _RSTF_NETLINK_H */
