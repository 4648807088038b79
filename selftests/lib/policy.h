/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _POLICY_H
#define _POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include "family.h"

#define POLICIES_MAX 64
#define POLICY_TYPES_MAX 64
#define POLICY_NONE UINT32_MAX

/**
 * struct policy_attr - what the kernel says an attribute may be
 * @kind: NL_ATTR_TYPE_*; 0: there is no such attribute
 * @min: lowest number, if @bounded
 * @max: highest one
 * @mask: bits that may be set, or 0
 * @len: greatest length of text, without its end, or of bytes
 * @nested: number of the policy for what is in a nest
 * @bounded: there is @min and @max
 */
struct policy_attr {
	uint32_t kind;
	int64_t min;
	uint64_t max;
	uint64_t mask;
	uint32_t len;
	uint32_t nested;
	bool bounded;
};

/**
 * struct policies - the policies of the family
 * @attrs: by number of the policy and type
 * @doit: for each RSTFAULT_CMD_*, the number of its policy, or POLICY_NONE
 * @dump: the same for its dump
 */
struct policies {
	struct policy_attr attrs[POLICIES_MAX][POLICY_TYPES_MAX];
	uint32_t doit[RSTFAULT_CMD_MAX + 2];
	uint32_t dump[RSTFAULT_CMD_MAX + 2];
};

int policies_read(struct policies *policies, struct family *family);

#endif /* _POLICY_H */
