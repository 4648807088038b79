/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DIE_H
#define _DIE_H

#include <stdio.h>
#include <stdlib.h>

/* What cannot be measured ends the program. The format knows %m. */
#define die(format, ...)						\
do {									\
	fprintf(stderr, "bench: " format "\n", ##__VA_ARGS__);		\
	exit(1);							\
} while (0)

#endif /* _DIE_H */
