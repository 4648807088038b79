/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIMITS_H
#define _LIMITS_H

#include <stdbool.h>
#include <stdio.h>

struct result;

/**
 * struct limit - what a result may be
 * @promise: what was promised
 * @table: where the result is; "%c" is 4 and 6, for both families
 * @row: the same
 * @column: the same
 * @limit: the most that it may be
 * @factor: and so many times another result
 * @other_row: where that is; NULL: in the same row
 * @other_column: the same
 * @at_least: it is not the most, but the least
 */
struct limit {
	const char *promise;
	const char *table;
	const char *row;
	const char *column;
	double limit;
	double factor;
	const char *other_row;
	const char *other_column;
	bool at_least;
};

/**
 * struct verdict - whether a limit is kept
 * @promise: what was promised
 * @table: where the result is
 * @row: the same
 * @column: the same
 * @measured: the result; not a number if it was not measured
 * @limit: what it may be
 * @kept: it is
 */
struct verdict {
	const char *promise;
	char table[80];
	const char *row;
	const char *column;
	double measured;
	double limit;
	bool kept;
};

bool limits_about(const struct result *result);
bool limits_next(unsigned int *nr, struct verdict *verdict);

#endif /* _LIMITS_H */
