// SPDX-License-Identifier: GPL-2.0
/* Errors as text: made where they are found, printed in one place. */

#include <stdarg.h>
#include <stdio.h>

#include "err.h"

/**
 * err_set() - write down why something failed
 * @err: where to
 * @fmt: format as for printf, followed by its arguments
 *
 * What a user typed may end up in the text: control characters become '?', so
 * that the text stays one line and cannot steer a terminal.
 *
 * Return: -1, so that a caller can hand it on
 */
int err_set(struct err *err, const char *fmt, ...)
{
	va_list args;
	char *c;

	va_start(args, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, args);
	va_end(args);
	for (c = err->text; *c; c++) {
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = '?';
	}
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
