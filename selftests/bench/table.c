// SPDX-License-Identifier: GPL-2.0
/*
 * All results: for people in tables, for programs in JSON.
 */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "table.h"

#define NAMES_MAX 64

struct entry {
	const char *table;
	const char *row;
	const char *column;
	double value;
};

static struct entry *entries;
static size_t nr_entries;

/* Names in the order in which they came first. */
struct names {
	const char *name[NAMES_MAX];
	size_t count;
};

static void names_add(struct names *names, const char *name)
{
	size_t i;

	for (i = 0; i < names->count; i++) {
		if (!strcmp(names->name[i], name))
			return;
	}
	if (names->count == NAMES_MAX)
		die("too many names: %s", name);
	names->name[names->count++] = name;
}

/**
 * table_put() - enter a result
 * @table: what is measured
 * @row: what is compared
 * @column: how much of it
 * @value: the result
 */
void table_put(const char *table, const char *row, const char *column,
	       double value)
{
	struct entry *entry;

	entries = reallocarray(entries, nr_entries + 1, sizeof(*entries));
	if (!entries)
		die("no memory");
	entry = &entries[nr_entries++];
	*entry = (struct entry){
		.table = strdup(table),
		.row = strdup(row),
		.column = strdup(column),
		.value = value,
	};
	fprintf(stderr, "%s, %s, %s: %.2f\n", table, row, column, value);
}

/**
 * table_get() - look up a result
 * @table: as for table_put()
 * @row: the same
 * @column: the same
 *
 * Return: the result; not a number if there is none.
 */
double table_get(const char *table, const char *row, const char *column)
{
	size_t i;

	for (i = 0; i < nr_entries; i++) {
		if (!strcmp(entries[i].table, table) &&
		    !strcmp(entries[i].row, row) &&
		    !strcmp(entries[i].column, column))
			return entries[i].value;
	}

	return NAN;
}

static void print_value(FILE *out, double value)
{
	if (isnan(value))
		fprintf(out, " %10s", "-");
	else if (value >= 100000)
		fprintf(out, " %10.0f", value);
	else
		fprintf(out, " %10.2f", value);
}

static void print_one(FILE *out, const char *table)
{
	struct names rows = {}, columns = {};
	size_t i, j;

	for (i = 0; i < nr_entries; i++) {
		if (!strcmp(entries[i].table, table)) {
			names_add(&rows, entries[i].row);
			names_add(&columns, entries[i].column);
		}
	}

	fprintf(out, "\n%-36s", table);
	for (i = 0; i < columns.count; i++)
		fprintf(out, " %10s", columns.name[i]);
	fputc('\n', out);
	for (i = 0; i < rows.count; i++) {
		fprintf(out, "%-36s", rows.name[i]);
		for (j = 0; j < columns.count; j++)
			print_value(out, table_get(table, rows.name[i],
						   columns.name[j]));
		fputc('\n', out);
	}
}

/**
 * table_print() - print all results as tables
 * @out: where to
 */
void table_print(FILE *out)
{
	struct names tables = {};
	size_t i;

	for (i = 0; i < nr_entries; i++)
		names_add(&tables, entries[i].table);
	for (i = 0; i < tables.count; i++)
		print_one(out, tables.name[i]);
}

/**
 * table_json() - print all results as a JSON array
 * @out: where to
 */
void table_json(FILE *out)
{
	size_t i;

	fputs("[\n", out);
	for (i = 0; i < nr_entries; i++) {
		const struct entry *entry = &entries[i];

		fprintf(out, "  {\"table\": \"%s\", \"row\": \"%s\", "
			"\"column\": \"%s\", \"value\": %.2f}%s\n",
			entry->table, entry->row, entry->column, entry->value,
			i + 1 < nr_entries ? "," : "");
	}
	fputs("]\n", out);
}
