/* SPDX-License-Identifier: GPL-2.0 */

#ifndef LADDER_SVG_H
#define LADDER_SVG_H

#include <stdio.h>

#include "ladder.h"

struct err;

/**
 * struct ladder_svg - a sequence diagram as a picture
 * @body: what has been drawn, without what depends on its height
 * @text: the text of @body
 * @size: its length
 * @y: where it has come to
 * @connections: how many there have been
 * @first: the ends of the first of them
 * @count: steps, by their way
 */
struct ladder_svg {
	FILE *body;
	char *text;
	size_t size;
	int y;
	unsigned int connections;
	struct tuple first;
	unsigned int count[LADDER_WAYS];
};

extern const struct ladder_ops ladder_svg;

int ladder_svg_begin(struct ladder_svg *svg, struct err *err);
int ladder_svg_end(struct ladder_svg *svg, FILE *out, struct err *err);

#endif /* LADDER_SVG_H */
