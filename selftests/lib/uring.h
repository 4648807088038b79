/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _URING_H
#define _URING_H

#include <linux/io_uring.h>
#include <stdint.h>

/**
 * struct uring - a ring that has room for one call
 * @fd: the ring; readable when a call has returned
 * @params: as the kernel has filled them in
 * @rings: the memory of both queues
 * @size: of @rings
 * @sqes: the entries of the submission queue
 */
struct uring {
	int fd;
	struct io_uring_params params;
	uint8_t *rings;
	size_t size;
	struct io_uring_sqe *sqes;
};

int uring_open(struct uring *ring);
int uring_submit(struct uring *ring, const struct io_uring_sqe *sqe);
int uring_result(struct uring *ring, int timeout_ms, int *result);
void uring_close(struct uring *ring);

#endif /* _URING_H */
