/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RULES_H
#define _RULES_H

#include <stdint.h>

struct host;
struct nlmsghdr;

int rules_put(struct nlmsghdr *nlh, const char *text);
int rules_add(const struct host *host, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
int rules_inject(const struct host *host, int family, int nr, uint16_t sport,
		 uint16_t dport, const char *words);

#endif /* _RULES_H */
