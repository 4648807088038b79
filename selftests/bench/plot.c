// SPDX-License-Identifier: GPL-2.0
/*
 * Tables as pictures: SVG, in one file, without scripts and without fonts from
 * elsewhere, for light and for dark surroundings.
 */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "plot.h"
#include "table.h"

/* All in pixels, from the upper left corner. */
#define WIDTH 760
#define HEIGHT 400
#define LEFT 100
#define RIGHT 530
#define TOP 30
#define BOTTOM 340
#define LINE 16

const struct plot plots[] = {
	{ "rules", "address and port, IPv4 (instructions)",
	  "rules that differ in address and port", "instructions for a RST", {
		{ "rstfault: miss", PLOT_OURS },
		{ "rstfault: any", PLOT_OURS },
		{ "nft, a set: miss", PLOT_SET },
		{ "nft, a set: any", PLOT_SET },
		{ "nft, rules: any", PLOT_RULES },
		{ "iptables: any", PLOT_OTHER },
	} },
	{ "ranges", "prefixes and ranges, IPv4 (instructions)",
	  "rules of prefixes and ranges", "instructions for a RST", {
		{ "rstfault: miss", PLOT_OURS },
		{ "rstfault: any", PLOT_OURS },
		{ "nft, a set: miss", PLOT_SET },
		{ "nft, a set: any", PLOT_SET },
	} },
	{ "load", "to load address and port, IPv4 (million instructions)",
	  "rules that are loaded at once", "million instructions", {
		{ "rstfault", PLOT_OURS },
		{ "nft, a set", PLOT_SET },
		{ "nft, rules", PLOT_RULES },
		{ "iptables", PLOT_OTHER },
	} },
	{ "held", "held segments (instructions)",
	  "segments that are held", "instructions for a segment", {
		{ "rstfault, in order: insert", PLOT_OURS },
		{ "rstfault, in order: release", PLOT_OURS },
		{ "rstfault, jitter: insert", PLOT_OURS },
		{ "rstfault, jitter: release", PLOT_OURS },
		{ "netem, jitter: insert", PLOT_OTHER },
		{ "netem, jitter: release", PLOT_OTHER },
	} },
	{}
};

static const char * const classes[] = {
	[PLOT_OURS] = "ours",
	[PLOT_SET] = "set",
	[PLOT_RULES] = "rules",
	[PLOT_OTHER] = "other",
};

static const char style[] =
"svg{color:#1a1a1a;font:12px monospace}\n"
".paper{fill:#fff}\n"
"text{fill:currentColor}\n"
"path,circle{stroke:currentColor;stroke-width:1.5;fill:none}\n"
"circle{fill:currentColor}\n"
".grid{opacity:.2;stroke-width:1}\n"
".c{text-anchor:middle}.r{text-anchor:end}\n"
".ours{color:#b3261e}.ours path{stroke-width:2.5}\n"
".set{color:#00696f}.set path{stroke-dasharray:9 4}\n"
".rules{color:#7b2fb0}.rules path{stroke-dasharray:2 4}\n"
".other{color:#8a5a00}.other path{stroke-dasharray:12 3 2 3}\n"
"@media(prefers-color-scheme:dark){\n"
"svg{color:#e6e6e6}\n"
".paper{fill:#16181d}\n"
".ours{color:#ff8a80}.set{color:#5fd0d6}\n"
".rules{color:#d3a4ff}.other{color:#ffc55c}}\n";

/* Where a number is: powers of ten from @low to @high lie between two ends. */
struct axis {
	int low;
	int high;
	double begin;
	double end;
};

static double axis_at(const struct axis *axis, double value)
{
	return axis->begin + (log10(value) - axis->low) *
	       (axis->end - axis->begin) / (axis->high - axis->low);
}

static void axis_widen(struct axis *axis, double value)
{
	if (!(value > 0))
		return;
	if (floor(log10(value)) < axis->low)
		axis->low = floor(log10(value));
	if (ceil(log10(value)) > axis->high)
		axis->high = ceil(log10(value));
}

struct picture {
	FILE *out;
	const struct plot *plot;
	struct names columns;
	struct axis x;
	struct axis y;
};

static double value_of(const struct picture *pic, unsigned int line,
		       unsigned int column)
{
	return table_get(pic->plot->table, pic->plot->lines[line].row,
			 pic->columns.name[column]);
}

static unsigned int nr_lines(const struct plot *plot)
{
	unsigned int nr = 0;

	while (nr < PLOT_LINES && plot->lines[nr].row)
		nr++;
	return nr;
}

static void find_axes(struct picture *pic)
{
	unsigned int i, j;

	pic->x = (struct axis){ 99, -99, LEFT, RIGHT };
	pic->y = (struct axis){ 99, -99, BOTTOM, TOP };
	for (j = 0; j < pic->columns.count; j++) {
		axis_widen(&pic->x, atof(pic->columns.name[j]));
		for (i = 0; i < nr_lines(pic->plot); i++)
			axis_widen(&pic->y, value_of(pic, i, j));
	}
	if (pic->x.low >= pic->x.high || pic->y.low >= pic->y.high)
		die("nothing to draw: %s", pic->plot->table);
}

static void draw_grid(const struct picture *pic)
{
	char text[32];
	double at;
	int power;

	for (power = pic->x.low; power <= pic->x.high; power++) {
		at = axis_at(&pic->x, pow(10, power));
		table_number(text, sizeof(text), pow(10, power));
		fprintf(pic->out, "<path class=\"grid\" d=\"M%.1f %dV%d\"/>\n"
			"<text class=\"c\" x=\"%.1f\" y=\"%d\">%s</text>\n",
			at, TOP, BOTTOM, at, BOTTOM + LINE + 2, text);
	}
	for (power = pic->y.low; power <= pic->y.high; power++) {
		at = axis_at(&pic->y, pow(10, power));
		table_number(text, sizeof(text), pow(10, power));
		fprintf(pic->out, "<path class=\"grid\" d=\"M%d %.1fH%d\"/>\n"
			"<text class=\"r\" x=\"%d\" y=\"%.1f\">%s</text>\n",
			LEFT, at, RIGHT, LEFT - 6, at + 4, text);
	}
	fprintf(pic->out, "<text class=\"c\" x=\"%d\" y=\"%d\">%s</text>\n",
		(LEFT + RIGHT) / 2, BOTTOM + 3 * LINE, pic->plot->across);
	fprintf(pic->out, "<text x=\"%d\" y=\"%d\">%s</text>\n", 10, TOP - LINE,
		pic->plot->up);
}

/* A name, to be written beside the end of its line. */
struct label {
	unsigned int line;
	double x;
	double y;
};

static int compare(const void *a, const void *b)
{
	double x = ((const struct label *)a)->y;
	double y = ((const struct label *)b)->y;

	return x < y ? -1 : x > y;
}

static bool draw_line(const struct picture *pic, unsigned int line,
		      struct label *label)
{
	bool begun = false;
	unsigned int j;
	double value;

	fputs("<path d=\"", pic->out);
	for (j = 0; j < pic->columns.count; j++) {
		value = value_of(pic, line, j);
		if (!(value > 0))
			continue;
		label->line = line;
		label->x = axis_at(&pic->x, atof(pic->columns.name[j]));
		label->y = axis_at(&pic->y, value);
		fprintf(pic->out, "%c%.1f %.1f", begun ? 'L' : 'M', label->x,
			label->y);
		begun = true;
	}
	fputs("\"/>\n", pic->out);
	for (j = 0; j < pic->columns.count; j++) {
		value = value_of(pic, line, j);
		if (value > 0)
			fprintf(pic->out,
				"<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\"/>\n",
				axis_at(&pic->x, atof(pic->columns.name[j])),
				axis_at(&pic->y, value));
	}

	return begun;
}

/* Names keep their distance from each other. */
static void draw_lines(const struct picture *pic)
{
	struct label labels[PLOT_LINES];
	unsigned int i, count = 0;
	const struct plot_line *line;
	double y = 0;

	for (i = 0; i < nr_lines(pic->plot); i++) {
		line = &pic->plot->lines[i];
		fprintf(pic->out, "<g class=\"%s\">\n", classes[line->style]);
		if (draw_line(pic, i, &labels[count]))
			count++;
		fputs("</g>\n", pic->out);
	}

	qsort(labels, count, sizeof(labels[0]), compare);
	for (i = 0; i < count; i++) {
		line = &pic->plot->lines[labels[i].line];
		y = labels[i].y + 4 > y + LINE - 3 ? labels[i].y + 4 :
						     y + LINE - 3;
		fprintf(pic->out,
			"<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>\n",
			classes[line->style], labels[i].x + 8, y, line->row);
	}
}

/**
 * plot_write() - draw a table
 * @out: where to
 * @plot: what of it, and how
 */
void plot_write(FILE *out, const struct plot *plot)
{
	struct picture pic = { .out = out, .plot = plot };
	struct names rows;

	table_rows(plot->table, &rows, &pic.columns);
	find_axes(&pic);
	fprintf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\"\n"
		"width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n"
		"<title>%s</title>\n<style>\n%s</style>\n"
		"<rect class=\"paper\" width=\"%d\" height=\"%d\"/>\n",
		WIDTH, HEIGHT, WIDTH, HEIGHT, plot->table, style, WIDTH,
		HEIGHT);
	draw_grid(&pic);
	draw_lines(&pic);
	fputs("</svg>\n", out);
}
