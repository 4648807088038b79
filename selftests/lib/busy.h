/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _BUSY_H
#define _BUSY_H

#include <pthread.h>

/**
 * struct busy - a socket that a process has: what comes waits in its backlog
 * @fd: the socket
 * @uffd: holds the process up
 * @page: what the process is to send, and cannot read
 * @thread: the process
 */
struct busy {
	int fd;
	int uffd;
	void *page;
	pthread_t thread;
};

int busy_begin(struct busy *busy, int fd);
void busy_end(struct busy *busy);

#endif /* _BUSY_H */
