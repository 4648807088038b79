// SPDX-License-Identifier: GPL-2.0
/*
 * Results as JSON. What is read is what was written here, a result a line.
 */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "table.h"

static void write_text(FILE *out, const char *name, const char *value)
{
	fprintf(out, "\"%s\": \"%s\", ", name, value);
}

/**
 * json_write() - write all results
 * @out: where to
 * @kernel: release of the kernel that was measured
 */
void json_write(FILE *out, const char *kernel)
{
	const struct result *result;
	unsigned int i;

	fprintf(out, "{\"kernel\": \"%s\", \"results\": [\n", kernel);
	for (i = 0; (result = table_result(i)); i++) {
		fputs("  {", out);
		write_text(out, "table", result->table);
		write_text(out, "row", result->row);
		write_text(out, "column", result->column);
		fprintf(out, "\"value\": %.2f", result->value[0]);
		if (!isnan(result->value[1]))
			fprintf(out, ", \"again\": %.2f", result->value[1]);
		fprintf(out, "}%s\n", table_result(i + 1) ? "," : "");
	}
	fputs("]}\n", out);
}

/* The value of a member, or NULL. */
static const char *find(const char *line, const char *name)
{
	char text[32];
	const char *at;

	snprintf(text, sizeof(text), "\"%s\": ", name);
	at = strstr(line, text);
	return at ? at + strlen(text) : NULL;
}

static bool read_text(const char *line, const char *name, char *value,
		      size_t size)
{
	const char *at = find(line, name);

	if (!at)
		return false;
	snprintf(value, size, "%.*s", (int)strcspn(at + 1, "\""), at + 1);
	return true;
}

/**
 * json_read() - read results that json_write() has written
 * @in: where from
 * @run: which run they are of, from 0
 * @kernel: gets the release of the kernel
 * @size: room there
 */
void json_read(FILE *in, unsigned int run, char *kernel, size_t size)
{
	char line[512], table[TABLE_NAME_MAX], row[TABLE_NAME_MAX];
	char column[TABLE_NAME_MAX];
	const char *value, *again;

	while (fgets(line, sizeof(line), in)) {
		read_text(line, "kernel", kernel, size);
		value = find(line, "value");
		if (!value || !read_text(line, "table", table, sizeof(table)) ||
		    !read_text(line, "row", row, sizeof(row)) ||
		    !read_text(line, "column", column, sizeof(column)))
			continue;
		table_enter(table, row, column, run, atof(value));
		again = find(line, "again");
		if (again)
			table_enter(table, row, column, 1, atof(again));
	}
}
