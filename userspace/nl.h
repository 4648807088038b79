/* SPDX-License-Identifier: GPL-2.0 */

#ifndef NL_H
#define NL_H

#include <stdbool.h>
#include <stddef.h>

#include <libmnl/libmnl.h>

#include "event.h"
#include "genl.h"
#include "rule.h"

struct batch;
struct err;
struct options;

/**
 * struct rules - rules in their order, as the kernel has sent them
 * @data: attributes of type RSTFAULT_A_RULE; the caller frees it
 * @len: bytes of them
 * @room: bytes that fit into @data
 * @count: how many rules
 */
struct rules {
	char *data;
	size_t len;
	size_t room;
	size_t count;
};

/**
 * struct info - what the module tells about itself
 * @version: its version
 * @generation: of the ruleset
 * @rules: how many there are
 * @stats: what it has counted
 */
struct info {
	char version[64];
	__u32 generation;
	__u32 rules;
	struct stats stats;
};

/* Enough for a request with one rule, whatever is in it. */
#define NL_REQUEST_MAX	4096

struct nlmsghdr *nl_request(void *buf, __u16 family, __u8 cmd);
bool nl_rule_put(struct nlmsghdr *message, size_t size,
		 const struct rule *rule);
int nl_rule_get(const struct nlattr *nest, struct rule *rule);
bool nl_rules_next(const struct rules *rules, size_t *pos, struct rule *rule);

int nl_open(struct genl *genl, const struct options *options, struct err *err);
int nl_add(struct genl *genl, const struct rule *rule, struct err *err);
int nl_insert(struct genl *genl, const struct rule_ref *before,
	      const struct rule *rule, struct err *err);
int nl_commit(struct genl *genl, struct batch *batch, struct err *err);
int nl_del(struct genl *genl, const struct rule_ref *ref, struct err *err);
int nl_flush(struct genl *genl, struct err *err);
int nl_list(struct genl *genl, struct rules *rules, struct err *err);
int nl_info(struct genl *genl, struct info *info, struct err *err);
int nl_release(struct genl *genl, const struct rule_ref *ref, __u32 *released,
	       struct err *err);
int nl_inject(struct genl *genl, const struct tuple *tuple,
	      const struct rule_forge *forge, __u32 *outcome, struct err *err);

#endif /* NL_H */
