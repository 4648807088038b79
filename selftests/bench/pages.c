// SPDX-License-Identifier: GPL-2.0
/*
 * What the documentation includes: each table, the limits, the kernel, plots.
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "die.h"
#include "limits.h"
#include "pages.h"
#include "plot.h"
#include "table.h"

#define CELL 80

static FILE *open_page(const char *directory, const char *name,
		       const char *suffix)
{
	char path[512];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s.%s", directory, name, suffix);
	out = fopen(path, "we");
	if (!out)
		die("%s: %m", path);
	return out;
}

static void close_page(FILE *out)
{
	if (fclose(out))
		die("cannot write a page: %m");
}

/* The name of a table without its unit, as a file name. */
static void file_name(char *name, size_t size, const char *table)
{
	size_t at = 0;

	for (; *table && *table != '(' && at + 1 < size; table++) {
		if (isalnum((unsigned char)*table))
			name[at++] = tolower((unsigned char)*table);
		else if (at && name[at - 1] != '-')
			name[at++] = '-';
	}
	while (at && name[at - 1] == '-')
		at--;
	name[at] = 0;
}

/* The unit of a table: what is in parentheses. */
static void unit_of(char *unit, size_t size, const char *table)
{
	const char *begin = strchr(table, '(');

	snprintf(unit, size, "%s", begin ? begin + 1 : "");
	unit[strcspn(unit, ")")] = 0;
}

/* A table in reStructuredText, as wide as its cells. */
struct grid {
	FILE *out;
	unsigned int columns;
	int width[16];
};

static void grid_line(const struct grid *grid)
{
	unsigned int i;
	int j;

	for (i = 0; i < grid->columns; i++) {
		for (j = 0; j < grid->width[i]; j++)
			fputc('=', grid->out);
		fputs(i + 1 < grid->columns ? "  " : "\n", grid->out);
	}
}

static void grid_cell(const struct grid *grid, unsigned int column,
		      const char *text)
{
	if (column + 1 < grid->columns)
		fprintf(grid->out, "%-*s  ", grid->width[column], text);
	else
		fprintf(grid->out, "%s\n", text);
}

static void widen(int *width, const char *text)
{
	if (*width < (int)strlen(text))
		*width = strlen(text);
}

/* The name of a column that is a number, in groups of three. */
static void column_name(char *text, size_t size, const char *name)
{
	double number;
	char rest;

	if (sscanf(name, "%lf%c", &number, &rest) == 1)
		table_number(text, size, number);
	else
		snprintf(text, size, "%s", name);
}

static void cell_of(char *text, size_t size, const char *table,
		    const char *row, const char *column)
{
	table_number(text, size, table_get(table, row, column));
}

static void write_table(const char *directory, const char *table)
{
	char name[CELL], unit[CELL], text[CELL];
	struct names rows, columns;
	struct grid grid = {};
	unsigned int i, j;

	file_name(name, sizeof(name), table);
	unit_of(unit, sizeof(unit), table);
	table_rows(table, &rows, &columns);
	grid.out = open_page(directory, name, "txt");
	grid.columns = columns.count + 1;
	widen(&grid.width[0], unit);
	for (i = 0; i < rows.count; i++)
		widen(&grid.width[0], rows.name[i]);
	for (j = 0; j < columns.count; j++) {
		column_name(text, sizeof(text), columns.name[j]);
		widen(&grid.width[j + 1], text);
		for (i = 0; i < rows.count; i++) {
			cell_of(text, sizeof(text), table, rows.name[i],
				columns.name[j]);
			widen(&grid.width[j + 1], text);
		}
	}

	grid_line(&grid);
	grid_cell(&grid, 0, unit);
	for (j = 0; j < columns.count; j++) {
		column_name(text, sizeof(text), columns.name[j]);
		grid_cell(&grid, j + 1, text);
	}
	grid_line(&grid);
	for (i = 0; i < rows.count; i++) {
		grid_cell(&grid, 0, rows.name[i]);
		for (j = 0; j < columns.count; j++) {
			cell_of(text, sizeof(text), table, rows.name[i],
				columns.name[j]);
			grid_cell(&grid, j + 1, text);
		}
	}
	grid_line(&grid);
	close_page(grid.out);
}

/* Of the results that one promise is about, the one that comes nearest. */
static void write_limits(const char *directory)
{
	struct grid grid = { .columns = 4, .width = { 66, 8, 8, 4 } };
	static const char * const heads[] = {
		"promise", "measured", "limit", "kept"
	};
	struct verdict verdict, worst = {};
	char measured[CELL], limit[CELL];
	unsigned int nr = 0, i;
	bool more;

	grid.out = open_page(directory, "limits", "txt");
	grid_line(&grid);
	for (i = 0; i < 4; i++)
		grid_cell(&grid, i, heads[i]);
	grid_line(&grid);
	do {
		more = limits_next(&nr, &verdict);
		if (worst.promise &&
		    (!more || strcmp(verdict.promise, worst.promise))) {
			table_number(measured, sizeof(measured),
				     worst.measured);
			table_number(limit, sizeof(limit), worst.limit);
			grid_cell(&grid, 0, worst.promise);
			grid_cell(&grid, 1, measured);
			grid_cell(&grid, 2, limit);
			grid_cell(&grid, 3, worst.kept ? "yes" : "no");
			worst.promise = NULL;
		}
		if (more && (!worst.promise || !verdict.kept ||
			     (worst.kept && verdict.measured - verdict.limit >
			      worst.measured - worst.limit)))
			worst = verdict;
	} while (more);
	grid_line(&grid);
	close_page(grid.out);
}

/**
 * pages_write() - write what the documentation includes
 * @directory: where
 * @kernel: release of the kernel that was measured
 */
void pages_write(const char *directory, const char *kernel)
{
	struct names tables;
	unsigned int i;
	FILE *out;

	table_names(&tables);
	for (i = 0; i < tables.count; i++)
		write_table(directory, tables.name[i]);
	write_limits(directory);
	for (i = 0; plots[i].name; i++) {
		out = open_page(directory, plots[i].name, "svg");
		plot_write(out, &plots[i]);
		close_page(out);
	}
	out = open_page(directory, "kernel", "txt");
	fprintf(out, ".. |kernel| replace:: %s\n", kernel);
	close_page(out);
}
