/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _PLOT_H
#define _PLOT_H

#include <stdio.h>

#define PLOT_LINES 8

/**
 * enum plot_style - how a line looks
 * @PLOT_OURS: rstfault
 * @PLOT_SET: a set of nftables
 * @PLOT_RULES: rules of nftables
 * @PLOT_OTHER: something else
 */
enum plot_style {
	PLOT_OURS,
	PLOT_SET,
	PLOT_RULES,
	PLOT_OTHER,
};

/**
 * struct plot_line - a row of a table as a line
 * @row: name of the row
 * @style: how it looks
 */
struct plot_line {
	const char *row;
	enum plot_style style;
};

/**
 * struct plot - a table as a picture; both axes are logarithmic
 * @name: of the file, without .svg
 * @table: the table; its columns are numbers
 * @across: what the numbers of its columns are
 * @up: what its results are
 * @lines: its rows
 */
struct plot {
	const char *name;
	const char *table;
	const char *across;
	const char *up;
	struct plot_line lines[PLOT_LINES];
};

/* All plots; the last has no name. */
extern const struct plot plots[];

void plot_write(FILE *out, const struct plot *plot);

#endif /* _PLOT_H */
