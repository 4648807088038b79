/* SPDX-License-Identifier: GPL-2.0 */

#ifndef NETNS_H
#define NETNS_H

struct err;
struct options;
struct stat;

int netns_enter(const struct options *options, struct err *err);
int netns_stat(const struct options *options, struct stat *status);

#endif /* NETNS_H */
