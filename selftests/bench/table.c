// SPDX-License-Identifier: GPL-2.0
/*
 * All results, in tables.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "table.h"

static struct result *results;
static unsigned int nr_results;

static void names_add(struct names *names, const char *name)
{
	unsigned int i;

	for (i = 0; i < names->count; i++) {
		if (!strcmp(names->name[i], name))
			return;
	}
	if (names->count == sizeof(names->name) / sizeof(names->name[0]))
		die("too many names: %s", name);
	names->name[names->count++] = name;
}

static struct result *find(const char *table, const char *row,
			   const char *column)
{
	unsigned int i;

	for (i = 0; i < nr_results; i++) {
		if (!strcmp(results[i].table, table) &&
		    !strcmp(results[i].row, row) &&
		    !strcmp(results[i].column, column))
			return &results[i];
	}

	return NULL;
}

/**
 * table_enter() - enter a result
 * @table: what it is about
 * @row: what is compared
 * @column: how much of it
 * @run: which run has measured it, from 0
 * @value: the result
 */
void table_enter(const char *table, const char *row, const char *column,
		 unsigned int run, double value)
{
	struct result *result = find(table, row, column);

	if (!result) {
		results = reallocarray(results, nr_results + 1,
				       sizeof(*results));
		if (!results)
			die("no memory");
		result = &results[nr_results++];
		*result = (struct result){ .value = { NAN, NAN } };
		snprintf(result->table, sizeof(result->table), "%s", table);
		snprintf(result->row, sizeof(result->row), "%s", row);
		snprintf(result->column, sizeof(result->column), "%s", column);
	}
	result->value[run] = value;
}

/**
 * table_put() - enter a result of this run, and tell that it is there
 * @table: what it is about
 * @row: what is compared
 * @column: how much of it
 * @value: the result
 */
void table_put(const char *table, const char *row, const char *column,
	       double value)
{
	table_enter(table, row, column, 0, value);
	fprintf(stderr, "%s, %s, %s: %.2f\n", table, row, column, value);
}

/**
 * table_get() - look up a result of the first run
 * @table: as for table_put()
 * @row: the same
 * @column: the same
 *
 * Return: the result; not a number if there is none.
 */
double table_get(const char *table, const char *row, const char *column)
{
	const struct result *result = find(table, row, column);

	return result ? result->value[0] : NAN;
}

/**
 * table_result() - look at all results
 * @nr: number of a result, from 0
 *
 * Return: the result, or NULL behind the last one.
 */
const struct result *table_result(unsigned int nr)
{
	return nr < nr_results ? &results[nr] : NULL;
}

/**
 * table_names() - which tables there are
 * @tables: gets their names
 */
void table_names(struct names *tables)
{
	unsigned int i;

	tables->count = 0;
	for (i = 0; i < nr_results; i++)
		names_add(tables, results[i].table);
}

/**
 * table_rows() - what there is in a table
 * @table: the table
 * @rows: gets the names of its rows
 * @columns: and those of its columns
 */
void table_rows(const char *table, struct names *rows, struct names *columns)
{
	unsigned int i;

	rows->count = 0;
	columns->count = 0;
	for (i = 0; i < nr_results; i++) {
		if (!strcmp(results[i].table, table)) {
			names_add(rows, results[i].row);
			names_add(columns, results[i].column);
		}
	}
}

/**
 * table_number() - write a number as people read it
 * @text: gets it
 * @size: room there
 * @value: the number; not a number is a dash
 */
void table_number(char *text, size_t size, double value)
{
	char digits[32];
	size_t len, i, at = 0;

	if (isnan(value)) {
		snprintf(text, size, "-");
		return;
	}
	if (fabs(value) < 100 && fabs(value - round(value)) > 0.005) {
		snprintf(text, size, "%.1f", value);
		return;
	}

	/* In groups of three. */
	snprintf(digits, sizeof(digits), "%.0f", fabs(value) + 0.0);
	if (value <= -0.5)
		text[at++] = '-';
	len = strlen(digits);
	for (i = 0; i < len && at + 2 < size; i++) {
		if (i && !((len - i) % 3))
			text[at++] = ',';
		text[at++] = digits[i];
	}
	text[at] = 0;
}

static void print_one(FILE *out, const char *table)
{
	struct names rows, columns;
	unsigned int i, j;
	char text[32];

	table_rows(table, &rows, &columns);
	fprintf(out, "\n%s\n%-40s", table, "");
	for (i = 0; i < columns.count; i++)
		fprintf(out, " %11s", columns.name[i]);
	fputc('\n', out);
	for (i = 0; i < rows.count; i++) {
		fprintf(out, "%-40s", rows.name[i]);
		for (j = 0; j < columns.count; j++) {
			table_number(text, sizeof(text),
				     table_get(table, rows.name[i],
					       columns.name[j]));
			fprintf(out, " %11s", text);
		}
		fputc('\n', out);
	}
}

/**
 * table_print() - print all results of the first run
 * @out: where to
 */
void table_print(FILE *out)
{
	struct names tables;
	unsigned int i;

	table_names(&tables);
	for (i = 0; i < tables.count; i++)
		print_one(out, tables.name[i]);
}
