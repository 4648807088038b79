/* SPDX-License-Identifier: GPL-2.0 */

#ifndef OUTLET_H
#define OUTLET_H

#include <stdio.h>

/**
 * struct outlet - a stream, and what ends that it is written to
 * @to: where to
 * @end: a file that can be read when it is to end
 */
struct outlet {
	FILE *to;
	int end;
};

FILE *outlet_open(struct outlet *outlet);

#endif /* OUTLET_H */
