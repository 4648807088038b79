/* SPDX-License-Identifier: GPL-2.0 */
/* What a connection tells its process. */
#ifndef _TOLD_H
#define _TOLD_H

#include <errno.h>
#include <stdbool.h>
#include <sys/socket.h>

#include "tcp.h"

/* How long to wait for what has to come, and for what must not. */
#define PATIENCE_MS 5000
#define GLANCE_MS 100

/* What recv() on @fd says: 0 while there is nothing to say. */
static inline int told(int fd, bool expected)
{
	char byte;

	if (!tcp_readable(fd, expected ? PATIENCE_MS : GLANCE_MS))
		return 0;
	return recv(fd, &byte, 1, 0) < 0 ? errno : -1;
}

#endif /* _TOLD_H */
