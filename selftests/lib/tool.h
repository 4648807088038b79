/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TOOL_H
#define _TOOL_H

#include <stddef.h>
#include <sys/types.h>

struct host;

/**
 * struct tool_child - rstctl, running
 * @pid: its process
 * @out: what it says
 */
struct tool_child {
	pid_t pid;
	int out;
};

int tool_run(const struct host *host, char *out, size_t len, const char *format,
	     ...) __attribute__((format(printf, 4, 5)));
int tool_start(struct tool_child *child, const struct host *host,
	       const char *format, ...) __attribute__((format(printf, 3, 4)));
int tool_stop(struct tool_child *child, char *out, size_t len);
int tool_load(const struct host *host, const char *rules);

/* Run rstctl on the rules of @host; what it says goes to our own output. */
#define tool(host, ...) tool_run(host, NULL, 0, __VA_ARGS__)

#endif /* _TOOL_H */
