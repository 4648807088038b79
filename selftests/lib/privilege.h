/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _PRIVILEGE_H
#define _PRIVILEGE_H

int drop_net_admin(void);

#endif /* _PRIVILEGE_H */
