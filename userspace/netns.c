// SPDX-License-Identifier: GPL-2.0
/* Network namespaces, as `ip netns` names them. */

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "err.h"
#include "netns.h"

#define NETNS_DIR	"/run/netns/"

/* Most characters of a name that an error text quotes. */
#define QUOTED		200

/**
 * netns_enter() - make a network namespace the one of this process
 * @netns: a name below /run/netns, or a path, which has a '/' in it
 * @err: where an error is returned
 *
 * Sockets that are already open stay where they are.
 *
 * Return: enum status
 */
int netns_enter(const char *netns, struct err *err)
{
	bool is_path = strchr(netns, '/');
	int status = STATUS_OK;
	char path[PATH_MAX];
	int fd;

	if (!*netns || !strcmp(netns, ".") || !strcmp(netns, "..")) {
		err_set(err, "-n '%s': not the name of a network namespace",
			netns);
		return STATUS_USAGE;
	}
	if ((size_t)snprintf(path, sizeof(path), "%s%s",
			     is_path ? "" : NETNS_DIR, netns) >= sizeof(path)) {
		err_set(err, "-n %.*s...: the name is too long", QUOTED, netns);
		return STATUS_USAGE;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 && errno == ENOENT) {
		if (is_path)
			err_set(err, "-n %.*s: there is no such file", QUOTED,
				netns);
		else
			err_set(err,
				"-n %.*s: there is no network namespace of that name in " NETNS_DIR,
				QUOTED, netns);
		return STATUS_USAGE;
	}
	if (fd < 0) {
		status = errno == EACCES ? STATUS_REFUSED : STATUS_USAGE;
		err_set(err, "-n %.*s: cannot open it: %s", QUOTED, netns,
			strerror(errno));
		return status;
	}
	if (setns(fd, CLONE_NEWNET)) {
		if (errno == EINVAL) {
			status = STATUS_USAGE;
			err_set(err, "-n %.*s: not a network namespace",
				QUOTED, netns);
		} else if (errno == EPERM) {
			status = STATUS_REFUSED;
			err_set(err,
				"-n %.*s: not permitted: CAP_SYS_ADMIN is needed to enter a network namespace",
				QUOTED, netns);
		} else {
			status = STATUS_REFUSED;
			err_set(err, "-n %.*s: cannot enter it: %s", QUOTED,
				netns, strerror(errno));
		}
	}
	close(fd);
	return status;
}
