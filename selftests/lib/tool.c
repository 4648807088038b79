// SPDX-License-Identifier: GPL-2.0
/*
 * rstctl, as its users run it: found in PATH, words as arguments.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host.h"
#include "tool.h"

#define WORDS_MAX 64

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
	char line[1024], *argv[WORDS_MAX + 1], *word, *save;
	int pipefd[2], status, argc = 0;
	size_t used = 0;
	va_list args;
	char rest[256];
	ssize_t got;
	pid_t pid;

	strcpy(line, "rstctl ");
	va_start(args, format);
	vsnprintf(line + strlen(line), sizeof(line) - strlen(line), format,
		  args);
	va_end(args);
	for (word = strtok_r(line, " ", &save); word && argc < WORDS_MAX;
	     word = strtok_r(NULL, " ", &save))
		argv[argc++] = word;
	argv[argc] = NULL;

	if (out && pipe(pipefd))
		return -errno;

	pid = fork();
	if (pid < 0)
		return -errno;
	if (!pid) {
		if (out) {
			dup2(pipefd[1], STDOUT_FILENO);
			dup2(pipefd[1], STDERR_FILENO);
		}
		if (!host_enter(host))
			execvp(argv[0], argv);
		perror(argv[0]);
		_exit(127);
	}

	if (out) {
		close(pipefd[1]);
		do {
			if (used + 1 < len)
				got = read(pipefd[0], out + used,
					   len - used - 1);
			else
				got = read(pipefd[0], rest, sizeof(rest));
			if (got > 0 && used + 1 < len)
				used += got;
		} while (got > 0);
		out[used] = '\0';
		close(pipefd[0]);
	}

	if (waitpid(pid, &status, 0) < 0)
		return -errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -EINTR;
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
