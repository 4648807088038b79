/* SPDX-License-Identifier: GPL-2.0 */

#ifndef REFUSAL_H
#define REFUSAL_H

#include <linux/netlink.h>

struct err;

int refusal_code(const struct nlmsghdr *reply);
int refusal_explain(const struct nlmsghdr *reply,
		    const struct nlmsghdr *request, struct err *err);

#endif /* REFUSAL_H */
