/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TABLE_H
#define _TABLE_H

#include <stdio.h>

/* Results are named by table, row and column; the texts must stay. */
void table_put(const char *table, const char *row, const char *column,
	       double value);
double table_get(const char *table, const char *row, const char *column);
void table_print(FILE *out);
void table_json(FILE *out);

#endif /* _TABLE_H */
