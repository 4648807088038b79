/* SPDX-License-Identifier: GPL-2.0 */

#ifndef LADDER_TEXT_H
#define LADDER_TEXT_H

#include <stdbool.h>
#include <stdio.h>

#include "ladder.h"

/**
 * struct ladder_text - a sequence diagram for a terminal
 * @out: where to
 * @color: with colours
 * @connections: how many there have been
 * @first: the ends of the first of them
 */
struct ladder_text {
	FILE *out;
	bool color;
	unsigned int connections;
	struct tuple first;
};

extern const struct ladder_ops ladder_text;

int ladder_color(const char *when, FILE *out, bool *color, struct err *err);

#endif /* LADDER_TEXT_H */
