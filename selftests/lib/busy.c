// SPDX-License-Identifier: GPL-2.0
/*
 * A process that has a socket for as long as the test wants. It sends a byte of a
 * page that is not there yet, and whoever sends has the lock of the socket while
 * his memory is read.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "busy.h"

/* How long it takes to begin, on a machine that is slow. */
#define BEGINS_MS 5000

static void *send_byte(void *data)
{
	const struct busy *busy = data;

	send(busy->fd, busy->page, 1, MSG_NOSIGNAL);
	return NULL;
}

static int hold_up(struct busy *busy, size_t size)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register missing = {
		.range = { (uintptr_t)busy->page, size },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	struct pollfd pfd = { .fd = busy->uffd, .events = POLLIN };
	int err;

	if (ioctl(busy->uffd, UFFDIO_API, &api) ||
	    ioctl(busy->uffd, UFFDIO_REGISTER, &missing))
		return -errno;
	err = pthread_create(&busy->thread, NULL, send_byte, busy);
	if (err)
		return -err;

	if (poll(&pfd, 1, BEGINS_MS) > 0)
		return 0;
	busy_end(busy);
	return -ETIMEDOUT;
}

/**
 * busy_begin() - let a process have a socket
 * @busy: filled in
 * @fd: the socket, which is connected
 *
 * Return: 0: it has, until busy_end(). A negative errno: it has not; -EOPNOTSUPP:
 *	there is no userfaultfd.
 */
int busy_begin(struct busy *busy, int fd)
{
	size_t size = sysconf(_SC_PAGESIZE);
	int err;

	busy->fd = fd;
	busy->uffd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
	if (busy->uffd < 0)
		return -EOPNOTSUPP;
	busy->page = mmap(NULL, size, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	err = busy->page == MAP_FAILED ? -errno : hold_up(busy, size);
	if (err && err != -ETIMEDOUT)
		close(busy->uffd);

	return err;
}

/**
 * busy_end() - let the process send its byte, and go
 * @busy: of busy_begin()
 */
void busy_end(struct busy *busy)
{
	size_t size = sysconf(_SC_PAGESIZE);
	struct uffdio_range range = { (uintptr_t)busy->page, size };

	/* Nobody is asked for the page any more; a child may have a copy of uffd. */
	ioctl(busy->uffd, UFFDIO_UNREGISTER, &range);
	close(busy->uffd);
	pthread_join(busy->thread, NULL);
	munmap(busy->page, size);
}
