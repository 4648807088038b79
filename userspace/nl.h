/* SPDX-License-Identifier: GPL-2.0 */

#ifndef NL_H
#define NL_H

#include <stdbool.h>
#include <stddef.h>

#include <libmnl/libmnl.h>

#include "genl.h"
#include "rule.h"

struct err;

/**
 * struct rules - rules in their order
 * @rule: the rules; the caller frees it
 * @count: how many
 * @room: how many fit into @rule
 */
struct rules {
	struct rule *rule;
	size_t count;
	size_t room;
};

/* Enough for a request with one rule, whatever is in it. */
#define NL_REQUEST_MAX	4096

struct nlmsghdr *nl_request(void *buf, __u16 family, __u8 cmd);
bool nl_rule_put(struct nlmsghdr *message, size_t size,
		 const struct rule *rule);
int nl_rule_get(const struct nlattr *nest, struct rule *rule);

int nl_open(struct genl *genl, const char *netns, struct err *err);
int nl_add(struct genl *genl, const struct rule *rule, struct err *err);
int nl_del(struct genl *genl, const struct rule_ref *ref, struct err *err);
int nl_flush(struct genl *genl, struct err *err);
int nl_list(struct genl *genl, struct rules *rules, struct err *err);
int nl_version(struct genl *genl, char *version, size_t size, struct err *err);

#endif /* NL_H */
