/* SPDX-License-Identifier: GPL-2.0 */

#ifndef GENL_H
#define GENL_H

#include <stdbool.h>

#include <linux/types.h>

#include <libmnl/libmnl.h>

struct err;

/* The kernel never puts more than 32 KiB into one datagram of a dump. */
#define GENL_REPLY_MAX	65536

/**
 * struct genl - a socket that talks to one generic netlink family
 * @sock: the socket
 * @family: number of the family, 0 while it is not known
 * @seq: sequence number of the last request
 * @refused: rule of the last request that was refused, counted from 0; -1: it
 *	is not known which, or none was
 * @reply: room for one datagram
 */
struct genl {
	struct mnl_socket *sock;
	__u16 family;
	__u32 seq;
	int refused;
	__u64 reply[GENL_REPLY_MAX / sizeof(__u64)];
};

/* Takes one message of an answer; returns 0 or a negative errno. */
typedef int (*genl_reply_t)(const struct nlmsghdr *message, void *data);

int genl_socket(struct genl *genl, int bus, struct err *err);
int genl_open(struct genl *genl, const char *family, struct err *err);
void genl_close(struct genl *genl);
int genl_join(struct genl *genl, const char *family, const char *name,
	      struct err *err);
bool genl_removed(const struct genl *genl, const struct nlmsghdr *message);
int genl_talk(struct genl *genl, struct nlmsghdr *request, genl_reply_t reply,
	      void *data, struct err *err);

#endif /* GENL_H */
