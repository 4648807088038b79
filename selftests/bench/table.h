/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TABLE_H
#define _TABLE_H

#include <stdio.h>

/* Two runs are compared. */
#define TABLE_RUNS 2

#define TABLE_NAME_MAX 80

/**
 * struct result - what was measured
 * @table: what it is about; the unit is in parentheses
 * @row: what is compared
 * @column: how much of it
 * @value: in each run; not a number if it was not measured
 */
struct result {
	char table[TABLE_NAME_MAX];
	char row[TABLE_NAME_MAX];
	char column[TABLE_NAME_MAX];
	double value[TABLE_RUNS];
};

/**
 * struct names - different names, in the order in which they came
 * @name: the names
 * @count: how many there are
 */
struct names {
	const char *name[64];
	unsigned int count;
};

void table_enter(const char *table, const char *row, const char *column,
		 unsigned int run, double value);
void table_put(const char *table, const char *row, const char *column,
	       double value);
double table_get(const char *table, const char *row, const char *column);
const struct result *table_result(unsigned int nr);
void table_names(struct names *tables);
void table_rows(const char *table, struct names *rows, struct names *columns);

void table_print(FILE *out);
void table_number(char *text, size_t size, double value);

#endif /* _TABLE_H */
