/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TOOL_H
#define _TOOL_H

#include <stddef.h>

struct host;

int tool_run(const struct host *host, char *out, size_t len, const char *format,
	     ...) __attribute__((format(printf, 4, 5)));
int tool_load(const struct host *host, const char *rules);

/* Run rstctl on the rules of @host; what it says goes to our own output. */
#define tool(host, ...) tool_run(host, NULL, 0, __VA_ARGS__)

#endif /* _TOOL_H */
