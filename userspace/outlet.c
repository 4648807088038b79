// SPDX-License-Identifier: GPL-2.0
/*
 * Output that can be ended while nobody reads the pipe. Signals that are blocked,
 * to be taken where all is in order, do not wake a process that writes to a full
 * one. A terminal may say that it can be written to with little room, and wait.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <limits.h>
#include <poll.h>
#include <stdbool.h>

#include "outlet.h"

/* Wait until a write does not. Returns false if it is to end before that. */
static bool writable(const struct outlet *outlet)
{
	struct pollfd files[] = {
		{ .fd = outlet->end, .events = POLLIN },
		{ .fd = fileno(outlet->to), .events = POLLOUT },
	};

	while (poll(files, 2, -1) < 0)
		;
	return files[1].revents;
}

/* As fopencookie(3) wants it: how much has been written, 0 on failure. */
static ssize_t outlet_write(void *cookie, const char *text, size_t len)
{
	const struct outlet *outlet = cookie;
	size_t done = 0, part;

	while (done < len) {
		/* So much fits into a pipe that can be written to. */
		part = len - done < PIPE_BUF ? len - done : PIPE_BUF;
		if (!writable(outlet) ||
		    fwrite(text + done, 1, part, outlet->to) != part ||
		    fflush(outlet->to))
			break;
		done += part;
	}
	return done;
}

/**
 * outlet_open() - open a stream that writes to another one
 * @outlet: that one, and what ends it; stays until the stream is closed
 *
 * Once it is to end, what does not fit any more is an error of the new stream
 * alone.
 *
 * Return: the stream, NULL if there is no memory
 */
FILE *outlet_open(struct outlet *outlet)
{
	return fopencookie(outlet, "w", (cookie_io_functions_t){
		.write = outlet_write,
	});
}
