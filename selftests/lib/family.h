/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FAMILY_H
#define _FAMILY_H

#include <stdbool.h>
#include <stdint.h>

#include <libmnl/libmnl.h>

#include "rstfault.h"

struct host;

/**
 * struct family - the generic netlink family, without rstctl in between
 * @nl: socket in a host
 * @id: number of the family
 * @buf: room for one request
 */
struct family {
	struct mnl_socket *nl;
	uint16_t id;
	char buf[65536];
};

/**
 * struct refusal - what the kernel says of a request
 * @err: 0 or a negative errno
 * @text: its sentence, or empty
 * @attr: type of the offending attribute, or 0
 * @offset: where it is in the request, in bytes
 * @missing: type of the attribute that is missing, or 0
 * @nest: where the attribute is that lacks it, in bytes; 0: the request itself
 * @policy: NL_ATTR_TYPE_* that the offending attribute should be of, or 0
 * @ended: it came with the end of a dump, where older kernels say less
 */
struct refusal {
	int err;
	char text[128];
	uint16_t attr;
	uint32_t offset;
	uint16_t missing;
	uint32_t nest;
	uint32_t policy;
	bool ended;
};

int family_open(struct family *family, const struct host *host);
void family_close(struct family *family);
struct nlmsghdr *family_request(struct family *family, uint8_t cmd,
				uint16_t flags);
int family_send(struct family *family, struct nlmsghdr *nlh, mnl_cb_t cb,
		void *data, struct refusal *refusal);
int family_sum(struct family *family, struct nlmsghdr *nlh, uint64_t *sum);
int64_t family_info(struct family *family, uint16_t attr);

int64_t rule_counter(const struct host *host, const char *name, uint16_t attr);
int64_t rule_fired(const struct host *host, const char *name);
int rule_flush(const struct host *host);

#endif /* _FAMILY_H */
