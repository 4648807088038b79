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
#include <sys/stat.h>
#include <unistd.h>

#include "cmd.h"
#include "err.h"
#include "netns.h"

#define NETNS_DIR	"/run/netns/"

/* Most characters of a name that an error text quotes. */
#define QUOTED		200

/* Why it cannot be opened: @option is how it was named. */
static int open_failed(const struct options *options, const char *option,
		       struct err *err)
{
	int status = errno == EACCES || errno == EPERM ? STATUS_REFUSED :
							 STATUS_USAGE;
	const char *netns = options->netns;

	if (errno == ENOENT && options->pid)
		err_set(err, "%s: there is no such process", option);
	else if (errno == ENOENT && strchr(netns, '/'))
		err_set(err, "%s: there is no such file", option);
	else if (errno == ENOENT)
		err_set(err,
			"%s: there is no network namespace of that name in " NETNS_DIR,
			option);
	else if (options->pid && status == STATUS_REFUSED)
		err_set(err,
			"%s: not permitted: CAP_SYS_PTRACE is needed to find the network namespace of a process of somebody else",
			option);
	else
		err_set(err, "%s: cannot open it: %s", option,
			strerror(errno));
	return status;
}

static int set_netns(int fd, const char *option, struct err *err)
{
	if (!setns(fd, CLONE_NEWNET))
		return STATUS_OK;
	if (errno == EINVAL) {
		err_set(err, "%s: not a network namespace", option);
		return STATUS_USAGE;
	}
	if (errno == EPERM)
		err_set(err,
			"%s: not permitted: CAP_SYS_ADMIN is needed to enter a network namespace",
			option);
	else
		err_set(err, "%s: cannot enter it: %s", option,
			strerror(errno));
	return STATUS_REFUSED;
}

/* How it was named, and where it is then. */
static int find(const struct options *options, char *path, size_t size,
		char *option, size_t option_size, struct err *err)
{
	const char *netns = options->netns;

	if (options->pid) {
		snprintf(option, option_size, "-p %u", options->pid);
		snprintf(path, size, "/proc/%u/ns/net", options->pid);
		return STATUS_OK;
	}
	snprintf(option, option_size, "-n %.*s", QUOTED, netns);
	if (!*netns || !strcmp(netns, ".") || !strcmp(netns, "..")) {
		err_set(err, "-n '%s': not the name of a network namespace",
			netns);
		return STATUS_USAGE;
	}
	if ((size_t)snprintf(path, size, "%s%s",
			     strchr(netns, '/') ? "" : NETNS_DIR,
			     netns) >= size) {
		err_set(err, "%s...: the name is too long", option);
		return STATUS_USAGE;
	}
	return STATUS_OK;
}

/**
 * netns_stat() - which network namespace is it?
 * @options: as for netns_enter()
 * @status: where the file that stands for it is described
 *
 * Return: 0, or -1 if that cannot be told
 */
int netns_stat(const struct options *options, struct stat *status)
{
	char path[PATH_MAX] = "/proc/self/ns/net", option[QUOTED + 8];
	struct err err;

	if ((options->netns || options->pid) &&
	    find(options, path, sizeof(path), option, sizeof(option), &err))
		return -1;
	return stat(path, status);
}

/**
 * netns_enter() - make a network namespace the one of this process
 * @options: which one: a name below /run/netns, a path, which has a '/' in it,
 *	or that of a process; or none, to stay where it is
 * @err: where an error is returned
 *
 * Sockets that are already open stay where they are.
 *
 * Return: enum status
 */
int netns_enter(const struct options *options, struct err *err)
{
	char path[PATH_MAX], option[QUOTED + 8];
	int fd, status;

	if (!options->netns && !options->pid)
		return STATUS_OK;
	status = find(options, path, sizeof(path), option, sizeof(option),
		      err);
	if (status)
		return status;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return open_failed(options, option, err);
	status = set_netns(fd, option, err);
	close(fd);
	return status;
}
