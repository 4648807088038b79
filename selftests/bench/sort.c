// SPDX-License-Identifier: GPL-2.0
/* Numbers in their order. */
#include <stdlib.h>

#include "sort.h"

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/**
 * sort_numbers() - sort numbers, the least first
 * @numbers: the numbers
 * @count: how many there are
 */
void sort_numbers(double *numbers, size_t count)
{
	qsort(numbers, count, sizeof(*numbers), compare);
}
