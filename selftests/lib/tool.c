// SPDX-License-Identifier: GPL-2.0
/*
 * rstctl, as its users run it: words as arguments.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host.h"
#include "tool.h"

#define WORDS_MAX 64

/* The one beside the test is of its version. */
static void exec_tool(char **argv)
{
	char path[PATH_MAX + sizeof("/rstctl")] = "";
	char *slash;

	if (readlink("/proc/self/exe", path, PATH_MAX) > 0) {
		slash = strrchr(path, '/');
		strcpy(slash, "/rstctl");
		execv(path, argv);
	}
	execvp(argv[0], argv);
}

static int start(const struct host *host, bool piped, const char *format,
		 va_list args, struct tool_child *child)
{
	char line[1024], *argv[WORDS_MAX + 1], *word, *save;
	int pipefd[2] = { -1, -1 }, argc = 0;

	strcpy(line, "rstctl ");
	vsnprintf(line + strlen(line), sizeof(line) - strlen(line), format,
		  args);
	for (word = strtok_r(line, " ", &save); word && argc < WORDS_MAX;
	     word = strtok_r(NULL, " ", &save))
		argv[argc++] = word;
	argv[argc] = NULL;

	if (piped && pipe2(pipefd, O_CLOEXEC))
		return -errno;

	child->pid = fork();
	if (child->pid < 0)
		return -errno;
	if (!child->pid) {
		if (piped) {
			dup2(pipefd[1], STDOUT_FILENO);
			dup2(pipefd[1], STDERR_FILENO);
		}
		if (!host_enter(host))
			exec_tool(argv);
		perror(argv[0]);
		_exit(127);
	}

	child->out = pipefd[0];
	if (piped)
		close(pipefd[1]);
	return 0;
}

/* Everything that it still says, cut and ended by NUL. */
static void read_all(int fd, char *out, size_t len)
{
	size_t used = 0;
	char rest[256];
	ssize_t got;

	do {
		if (used + 1 < len)
			got = read(fd, out + used, len - used - 1);
		else
			got = read(fd, rest, sizeof(rest));
		if (got > 0 && used + 1 < len)
			used += got;
	} while (got > 0);
	out[used] = '\0';
	close(fd);
}

static int wait_for(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) < 0)
		return -errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -EINTR;
}

/**
 * tool_run() - run rstctl in a host
 * @host: whose rules
 * @out: gets standard output and standard error, cut and ended by NUL; NULL:
 *	they go to those of the caller
 * @len: room in @out
 * @format: the words behind "rstctl", parted by one space each
 *
 * Return: exit status, or a negative errno.
 */
int tool_run(const struct host *host, char *out, size_t len, const char *format,
	     ...)
{
	struct tool_child child;
	va_list args;
	int err;

	va_start(args, format);
	err = start(host, out, format, args, &child);
	va_end(args);
	if (err)
		return err;

	if (out)
		read_all(child.out, out, len);
	return wait_for(child.pid);
}

/**
 * tool_start() - have rstctl run in a host, beside the caller
 * @child: what to initialize; tool_stop() must follow
 * @host: whose rules
 * @format: the words behind "rstctl", parted by one space each
 *
 * Return: 0 or a negative errno.
 */
int tool_start(struct tool_child *child, const struct host *host,
	       const char *format, ...)
{
	va_list args;
	int err;

	va_start(args, format);
	err = start(host, true, format, args, child);
	va_end(args);

	return err;
}

/**
 * tool_stop() - end it
 * @child: what tool_start() has begun
 * @out: gets its standard output and standard error, cut and ended by NUL
 * @len: room in @out
 *
 * Return: exit status, or a negative errno.
 */
int tool_stop(struct tool_child *child, char *out, size_t len)
{
	kill(child->pid, SIGTERM);
	read_all(child->out, out, len);
	return wait_for(child->pid);
}

/**
 * tool_load() - let rstctl load a file of rules
 * @host: whose rules; those that there are go
 * @rules: the file
 *
 * Return: exit status, or a negative errno.
 */
int tool_load(const struct host *host, const char *rules)
{
	int fd = memfd_create("rules", MFD_CLOEXEC), err = 0;
	size_t len = strlen(rules);

	if (fd < 0)
		return -errno;
	if (write(fd, rules, len) != (ssize_t)len)
		err = -EIO;
	if (!err)
		err = tool(host, "load /proc/%d/fd/%d", getpid(), fd);
	close(fd);

	return err;
}
