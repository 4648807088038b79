// SPDX-License-Identifier: GPL-2.0
/*
 * What comes of the runs of the benchmark: tables, JSON, whether limits are kept
 * and whether runs agree; and pages of them for the documentation.
 */
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "die.h"
#include "json.h"
#include "limits.h"
#include "pages.h"
#include "table.h"

/* Two runs agree within that. */
#define AGREE 0.01

static char kernel[80];

static void read_file(const char *path, unsigned int run)
{
	FILE *in = fopen(path, "re");

	if (!in)
		die("%s: %m", path);
	json_read(in, run, kernel, sizeof(kernel));
	fclose(in);
}

static void write_file(const char *path)
{
	FILE *out = fopen(path, "we");

	if (!out)
		die("%s: %m", path);
	json_write(out, kernel);
	if (fclose(out))
		die("%s: %m", path);
}

static unsigned int check_limits(void)
{
	unsigned int nr = 0, missed = 0;
	struct verdict verdict;
	const char *last = "";
	char measured[32], limit[32];

	printf("\n%-62s %11s %11s\n", "what was promised", "measured",
	       "limit");
	while (limits_next(&nr, &verdict)) {
		if (strcmp(last, verdict.promise))
			printf("%s\n", verdict.promise);
		last = verdict.promise;
		table_number(measured, sizeof(measured), verdict.measured);
		table_number(limit, sizeof(limit), verdict.limit);
		printf("%-6s %s, %s, %s: %s, limit %s\n",
		       verdict.kept ? "  ok" : "  MISS", verdict.table,
		       verdict.row, verdict.column, measured, limit);
		missed += !verdict.kept;
	}

	return missed;
}

/*
 * What a packet costs, unless a set of nftables is filled by chance, and what else
 * was promised. Others are told alone.
 */
static bool must_agree(const struct result *result)
{
	if (limits_about(result))
		return true;
	return strstr(result->table, "(instructions)") &&
	       !(strstr(result->row, "nft") && strstr(result->row, " set"));
}

static unsigned int check_agreement(void)
{
	unsigned int i, compared = 0, differ = 0;
	const struct result *result;
	double a, b;

	putchar('\n');

	for (i = 0; (result = table_result(i)); i++) {
		a = result->value[0];
		b = result->value[1];
		if (isnan(a) || isnan(b))
			continue;
		compared += must_agree(result);
		if (fabs(a - b) <= AGREE * fmax(fabs(a), fabs(b)))
			continue;
		printf("%s %s, %s, %s: %.2f and %.2f\n",
		       must_agree(result) ? "MISS two runs differ:" :
					    "two runs:",
		       result->table, result->row, result->column, a, b);
		differ += must_agree(result);
	}
	printf("\n%u of %u figures of two runs agree within 1 %%\n",
	       compared - differ, compared);

	return compared ? differ : 1;
}

int main(int argc, char **argv)
{
	unsigned int missed, differ;

	if (argc == 4 && !strcmp(argv[1], "-d")) {
		read_file(argv[2], 0);
		pages_write(argv[3], kernel);
		return 0;
	}
	if (argc != 5)
		die("usage: report OUT FIRST SECOND REAL | report -d IN DIR");

	read_file(argv[2], 0);
	read_file(argv[3], 1);
	read_file(argv[4], 0);
	write_file(argv[1]);
	table_print(stdout);
	differ = check_agreement();
	missed = check_limits();
	printf("\n%u limits are missed, %u figures differ between two runs\n",
	       missed, differ);

	return missed || differ;
}
