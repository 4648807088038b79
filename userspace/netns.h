/* SPDX-License-Identifier: GPL-2.0 */

#ifndef NETNS_H
#define NETNS_H

struct err;

int netns_enter(const char *netns, struct err *err);

#endif /* NETNS_H */
