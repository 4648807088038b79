// SPDX-License-Identifier: GPL-2.0
/* Errors as text: made where they are found, printed in one place. */

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "err.h"
#include "utf8.h"

/**
 * err_set() - write down why something failed
 * @err: where to
 * @fmt: format as for printf, followed by its arguments
 *
 * What a user typed may end up in the text: control characters, and what is no
 * UTF-8, become '?', so that it stays one line and cannot steer a terminal.
 *
 * Return: -1, so that a caller can hand it on
 */
int err_set(struct err *err, const char *fmt, ...)
{
	va_list args;
	unsigned int len;
	char *from, *to;

	va_start(args, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, args);
	va_end(args);
	for (from = to = err->text; *from; from += len ? len : 1) {
		len = utf8_len(from);
		if (!len || utf8_is_control(from)) {
			*to++ = '?';
			continue;
		}
		memmove(to, from, len);
		to += len;
	}
	*to = '\0';
	return -1;
}

/**
 * err_print() - tell the user
 * @err: the error
 */
void err_print(const struct err *err)
{
	fprintf(stderr, "rstctl: %s\n", err->text);
}
