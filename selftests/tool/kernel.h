/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A kernel that is played: what it is sent is kept, and it answers what was
 * prepared. Its functions come before those of libmnl.
 */

#ifndef KERNEL_H
#define KERNEL_H

#include <libmnl/libmnl.h>

#define KERNEL_FAMILY	33

/**
 * struct datagram - what the next receive returns
 * @buf: messages; their sequence numbers are relative to that of the request
 * @len: bytes in @buf
 * @error: errno instead of them
 */
struct datagram {
	__u64 buf[256];
	size_t len;
	int error;
};

/**
 * struct kernel - the kernel that is played
 * @portid: whom it answers; 0: everybody
 * @prepared: datagrams that it is to answer
 * @played: those that it has
 * @sent: requests that it got
 * @send_errors: how often it still refuses one as too long
 * @request: the last request
 */
struct kernel {
	unsigned int portid;
	unsigned int prepared;
	unsigned int played;
	unsigned int sent;
	unsigned int send_errors;
	struct nlmsghdr *request;
};

extern struct kernel kernel;

struct datagram *kernel_next(void);
struct nlmsghdr *kernel_message(struct datagram *datagram, __u16 type,
				__u16 flags);
struct nlmsghdr *kernel_code(struct datagram *datagram, __u16 type,
			     __u16 flags, int code);
void kernel_end(struct datagram *datagram, const struct nlmsghdr *message);
void kernel_rule(struct datagram *datagram, __u16 flags, const char *text);
void kernel_family(void);
void kernel_refuse(int code, const char *text, __u32 offset);

#endif /* KERNEL_H */
