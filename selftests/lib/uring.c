// SPDX-License-Identifier: GPL-2.0
/*
 * io_uring by its system calls, for one call at a time.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "uring.h"

static size_t max(size_t a, size_t b)
{
	return a > b ? a : b;
}

static void *map(struct uring *ring, size_t size, off_t what)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_POPULATE, ring->fd, what);

	return at == MAP_FAILED ? NULL : at;
}

/**
 * uring_open() - make a ring
 * @ring: filled in; to be given back by uring_close()
 *
 * Return: 0 or a negative errno; -ENOSYS and -EPERM: this kernel has none, or
 *	none for us.
 */
int uring_open(struct uring *ring)
{
	struct io_uring_params *params = &ring->params;
	int err = -ENOMEM;

	memset(ring, 0, sizeof(*ring));
	ring->fd = syscall(__NR_io_uring_setup, 1, params);
	if (ring->fd < 0)
		return -errno;

	/* Both queues are in one mapping since Linux 5.4. */
	ring->size = max(params->sq_off.array +
			 params->sq_entries * sizeof(uint32_t),
			 params->cq_off.cqes +
			 params->cq_entries * sizeof(struct io_uring_cqe));
	ring->rings = map(ring, ring->size, IORING_OFF_SQ_RING);
	ring->sqes = map(ring, params->sq_entries * sizeof(*ring->sqes),
			 IORING_OFF_SQES);
	if (ring->rings && ring->sqes)
		return 0;

	uring_close(ring);
	return err;
}

static uint32_t *at(struct uring *ring, uint32_t offset)
{
	return (uint32_t *)(ring->rings + offset);
}

/**
 * uring_submit() - hand a call to the kernel
 * @ring: the ring, which has no other call
 * @sqe: the call
 *
 * Return: 0 or a negative errno.
 */
int uring_submit(struct uring *ring, const struct io_uring_sqe *sqe)
{
	const struct io_sqring_offsets *off = &ring->params.sq_off;
	uint32_t *tail = at(ring, off->tail);
	uint32_t slot = *tail & *at(ring, off->ring_mask);

	ring->sqes[slot] = *sqe;
	at(ring, off->array)[slot] = slot;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);

	switch (syscall(__NR_io_uring_enter, ring->fd, 1, 0, 0, NULL, 0)) {
	case 1:
		return 0;
	case 0:
		return -EAGAIN;
	default:
		return -errno;
	}
}

/**
 * uring_result() - wait until a call has returned
 * @ring: the ring
 * @timeout_ms: how long
 * @result: gets its value or a negative errno
 *
 * Return: 0; -ETIMEDOUT: it has not returned; or another negative errno.
 */
int uring_result(struct uring *ring, int timeout_ms, int *result)
{
	const struct io_cqring_offsets *off = &ring->params.cq_off;
	struct pollfd pfd = { .fd = ring->fd, .events = POLLIN };
	uint32_t *head = at(ring, off->head);
	struct io_uring_cqe *cqes = (void *)(ring->rings + off->cqes);

	if (poll(&pfd, 1, timeout_ms) < 0)
		return -errno;
	/* What has yet to be done for it is done when this task asks. */
	if (syscall(__NR_io_uring_enter, ring->fd, 0, 0, IORING_ENTER_GETEVENTS,
		    NULL, 0) < 0)
		return -errno;
	if (__atomic_load_n(at(ring, off->tail), __ATOMIC_ACQUIRE) == *head)
		return -ETIMEDOUT;

	*result = cqes[*head & *at(ring, off->ring_mask)].res;
	__atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
	return 0;
}

/**
 * uring_close() - give a ring back; a call that has not returned is cancelled
 * @ring: the ring
 */
void uring_close(struct uring *ring)
{
	if (ring->rings)
		munmap(ring->rings, ring->size);
	if (ring->sqes)
		munmap(ring->sqes,
		       ring->params.sq_entries * sizeof(*ring->sqes));
	close(ring->fd);
}
