/* SPDX-License-Identifier: GPL-2.0 */

#ifndef ATTR_H
#define ATTR_H

#include <stdbool.h>
#include <stddef.h>

#include <libmnl/libmnl.h>

struct field_set;

bool attr_put_set(struct nlmsghdr *message, size_t size,
		  const struct field_set *set, const void *data);
bool attr_put_nest(struct nlmsghdr *message, size_t size, __u16 attr,
		   const struct field_set *set, const void *data);
int attr_get_set(const struct nlattr *nest, const struct field_set *set,
		 void *data, bool *incomplete);
bool attr_get(const struct nlattr *attr, void *value, size_t len);
bool attr_get_string(const struct nlattr *attr, char *string, size_t size);

#endif /* ATTR_H */
