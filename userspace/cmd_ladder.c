// SPDX-License-Identifier: GPL-2.0
/* rstctl ladder */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "err.h"
#include "ladder.h"
#include "ladder_svg.h"
#include "ladder_text.h"
#include "recording.h"

/* The options, all in front of the file. */
struct drawing {
	bool svg;
	const char *color;
	const char *file;
};

static int parse(struct drawing *drawing, int count, char *const *words,
		 struct err *err)
{
	for (; count; count--, words++) {
		if (!strcmp(*words, "--svg"))
			drawing->svg = true;
		else if (!strncmp(*words, "--color=", 8))
			drawing->color = *words + 8;
		else if (**words == '-' && strcmp(*words, "-"))
			return err_set(err,
				       "'%.40s' is not an option of 'ladder'; one of: --svg, --color=WHEN",
				       *words);
		else
			break;
	}
	if (count)
		drawing->file = *words;
	if (count > 1)
		return err_set(err, "'%.40s' is too much: one file at a time",
			       words[1]);
	if (drawing->svg && drawing->color)
		return err_set(err,
			       "--color: a picture has the colours of its surroundings");
	return 0;
}

static int draw_text(const struct drawing *drawing, struct ladder *ladder,
		     struct err *err)
{
	struct ladder_text text = { .out = stdout };

	if (ladder_color(drawing->color, stdout, &text.color, err))
		return -1;
	ladder_init(ladder, &ladder_text, &text);
	return recording_draw(drawing->file, ladder, err);
}

/* Half a picture is none. */
static int draw_svg(const struct drawing *drawing, struct ladder *ladder,
		    struct err *err)
{
	struct ladder_svg svg;
	int ret;

	if (ladder_svg_begin(&svg, err))
		return -1;
	ladder_init(ladder, &ladder_svg, &svg);
	ret = recording_draw(drawing->file, ladder, err);
	if (ladder_svg_end(&svg, ret ? NULL : stdout, err))
		ret = -1;
	return ret;
}

static int run_ladder(const struct options *options, int count,
		      char *const *words, struct err *err)
{
	struct drawing drawing = { .file = "-" };
	struct ladder *ladder;
	int ret;

	(void)options;
	if (parse(&drawing, count, words, err))
		return STATUS_USAGE;
	ladder = malloc(sizeof(*ladder));
	if (!ladder) {
		err_set(err, "out of memory");
		return STATUS_USAGE;
	}
	ret = drawing.svg ? draw_svg(&drawing, ladder, err) :
			    draw_text(&drawing, ladder, err);
	free(ladder);
	return ret ? STATUS_USAGE : STATUS_OK;
}

const struct command cmd_ladder = {
	.name = "ladder",
	.syntax = "[--svg | --color=WHEN] [FILE]",
	.summary = "draw what `monitor` has recorded",
	.help =
"  rstctl -j monitor --ladder dport 80 >run\n"
"  rstctl ladder run\n"
"  rstctl ladder --svg run >run.svg\n"
"\n"
"The sequence diagram that `monitor --ladder` shows, of events that were\n"
"recorded by `rstctl -j monitor`; --svg makes a picture of it. Without --ladder\n"
"a recording has only the segments that rules acted on. Without FILE, or with\n"
"`-`, the recording is read from standard input.\n"
"\n"
"WHEN is always, never or auto, which is the default: colours on a terminal,\n"
"if NO_COLOR is not set.\n",
	.run = run_ladder,
};
