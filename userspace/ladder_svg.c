// SPDX-License-Identifier: GPL-2.0
/*
 * A sequence diagram as SVG: one file, without scripts and without fonts from
 * elsewhere, for light and for dark surroundings.
 */

#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "ladder.h"
#include "ladder_svg.h"

/* All in pixels, from the upper left corner. */
#define WIDTH		760
#define TIME_X		78
#define CLIENT_X	190
#define SERVER_X	640
#define CENTER_X	((CLIENT_X + SERVER_X) / 2)
#define STATE_GAP	10
#define MIDDLE		110
#define LINE		16
#define HEAD		9
#define MARGIN		20

/* Characters of text that fit between the ends. */
#define INNER		54

/* An address in brackets and a port. */
#define END_MAX		64

#define SECOND		1000000000ull

/*
 * How an arrow looks: the class of its line, and what is drawn at its begin and
 * at its end, so that nothing is told by colour alone.
 */
static const struct {
	const char *class;
	char begin;
	char end;
	const char *name;
} ways[LADDER_WAYS] = {
	[LADDER_STATE] = { "passed", 0, 0, NULL },
	[LADDER_PASSED] = { "passed", 0, '>', NULL },
	[LADDER_CHANGED] = { "changed", 0, '>', "changed" },
	[LADDER_DROPPED] = { "dropped", 0, 'x', "dropped" },
	[LADDER_HELD] = { "held", 0, 'o', "held" },
	[LADDER_RELEASED] = { "held", 'o', '>', "released" },
	[LADDER_FREED] = { "held", 'o', 'x', "freed while held" },
	[LADDER_FORGED] = { "forged", '*', '>', "forged or copied" },
	[LADDER_UNSENT] = { "forged", '*', 'x', "forged and lost" },
};

static const char style[] =
"svg{color:#1a1a1a;font:13px monospace}\n"
".paper{fill:#fff}\n"
"text{fill:currentColor}\n"
"path,line,circle{stroke:currentColor;stroke-width:1.5;fill:none}\n"
".end{stroke-width:2}\n"
".life{opacity:.5}\n"
".small{font-size:12px}\n"
".l{text-anchor:start}.c{text-anchor:middle}.r{text-anchor:end}\n"
".b{font-weight:bold}\n"
".head{fill:currentColor}\n"
".time{opacity:.7}\n"
".changed{color:#00696f}\n"
".changed .line{stroke-dasharray:12 3 2 3}\n"
".dropped{color:#b3261e}\n"
".held{color:#8a5a00}\n"
".held .line{stroke-dasharray:2 4}\n"
".forged{color:#7b2fb0}\n"
".forged .line{stroke-dasharray:9 4;stroke-width:2.5}\n"
"@media(prefers-color-scheme:dark){\n"
"svg{color:#e6e6e6}\n"
".paper{fill:#16181d}\n"
".changed{color:#5fd0d6}.dropped{color:#ff8a80}\n"
".held{color:#ffc55c}.forged{color:#d3a4ff}}\n";

static void put_text(FILE *out, const char *text, int len)
{
	for (; len--; text++) {
		switch (*text) {
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '&':
			fputs("&amp;", out);
			break;
		default:
			putc(*text, out);
		}
	}
}

static void put_at(struct ladder_svg *svg, int x, const char *class,
		   const char *text, int len)
{
	fprintf(svg->body, "<text x=\"%d\" y=\"%d\" class=\"%s\">", x, svg->y,
		class);
	put_text(svg->body, text, len);
	fputs("</text>\n", svg->body);
}

static void put_line(const char *line, int len, void *data)
{
	struct ladder_svg *svg = data;

	put_at(svg, CENTER_X, "c small", line, len);
	svg->y += LINE;
}

/* What is at an end of an arrow; @to is -1 or 1, the direction. */
static void put_mark(struct ladder_svg *svg, char mark, int x, int y, int to)
{
	FILE *out = svg->body;

	switch (mark) {
	case '>':
		fprintf(out,
			"<path class=\"head\" d=\"M%d %dl%d -5v10z\"/>\n",
			x, y, -to * HEAD);
		break;
	case 'x':
		fprintf(out,
			"<path class=\"end\" d=\"M%d %dl12 12m0 -12l-12 12\"/>\n",
			x - 6, y - 6);
		break;
	case 'o':
		fprintf(out, "<circle cx=\"%d\" cy=\"%d\" r=\"5\"/>\n", x, y);
		break;
	case '*':
		fprintf(out,
			"<path class=\"end\" d=\"M%d %dv14m-6 -10.5l12 7m0 -7l-12 7\"/>\n",
			x, y - 7);
		break;
	}
}

static void put_arrow(struct ladder_svg *svg, const struct ladder_step *step)
{
	char begin = ways[step->way].begin, end = ways[step->way].end;
	int to = step->from == LADDER_CLIENT ? 1 : -1;
	int x1 = step->from == LADDER_CLIENT ? CLIENT_X : SERVER_X;
	int x2 = step->from == LADDER_CLIENT ? SERVER_X : CLIENT_X;
	int y = svg->y - LINE / 2 + 2;

	if (begin)
		x1 += to * MIDDLE;
	if (end != '>')
		x2 -= to * MIDDLE;
	fprintf(svg->body,
		"<line class=\"line\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>\n",
		x1 + (begin == 'o' ? to * 5 : 0), y,
		x2 - (end == 'x' ? 0 : to * 5), y);
	put_mark(svg, begin, x1, y, to);
	put_mark(svg, end, x2, y, to);
	svg->y += LINE;
}

static void put_states(struct ladder_svg *svg, const struct ladder_step *step)
{
	char state[32];

	ladder_state(step->state[LADDER_CLIENT], state, sizeof(state));
	if (*state)
		put_at(svg, CLIENT_X - STATE_GAP, "r small", state,
		       strlen(state));
	ladder_state(step->state[LADDER_SERVER], state, sizeof(state));
	if (*state)
		put_at(svg, SERVER_X + STATE_GAP, "l small", state,
		       strlen(state));
}

static void svg_step(struct ladder *ladder, const struct ladder_step *step)
{
	struct ladder_svg *svg = ladder->data;
	int y = svg->y;
	char text[48];

	svg->count[step->way]++;
	svg->y += LINE / 2;
	fprintf(svg->body, "<g class=\"%s\">\n", ways[step->way].class);
	if (step->way != LADDER_STATE)
		ladder_fold(step->label, INNER, put_line, svg);
	if (svg->connections > 1)
		snprintf(text, sizeof(text), "%u: %.3f", step->connection,
			 step->time / (double)SECOND);
	else
		snprintf(text, sizeof(text), "%.3f",
			 step->time / (double)SECOND);
	put_at(svg, TIME_X, "r small time", text, strlen(text));
	put_states(svg, step);
	if (step->way == LADDER_STATE)
		svg->y += LINE;
	else
		put_arrow(svg, step);
	ladder_fold(step->note, INNER, put_line, svg);
	fprintf(svg->body,
		"</g>\n<path class=\"life\" d=\"M%d %dV%dM%d %dV%d\"/>\n",
		CLIENT_X, y, svg->y, SERVER_X, y, svg->y);
}

/* Both ends of a connection, from @y on. */
static void put_ends(FILE *out, const struct tuple *tuple, int y,
		     unsigned int number)
{
	static const char *const names[] = { "client", "server" };
	char end[END_MAX];
	int i;

	for (i = 0; i < LADDER_ENDS; i++) {
		y += LINE;
		fprintf(out, "<text x=\"%d\" y=\"%d\" class=\"l small b\">",
			MARGIN, y);
		if (number)
			fprintf(out, "%u: ", number);
		fprintf(out, "%s %s</text>\n", names[i],
			ladder_end(tuple, i, end, sizeof(end)));
	}
}

static void svg_connection(struct ladder *ladder,
			   const struct ladder_connection *connection)
{
	struct ladder_svg *svg = ladder->data;

	/* Whether it needs a number is known at the end. */
	if (connection->number == 1)
		svg->first = connection->tuple;
	else
		put_ends(svg->body, &connection->tuple, svg->y,
			 connection->number);
	svg->connections = connection->number;
	svg->y += LADDER_ENDS * LINE + LINE / 2;
	if (connection->number > 1)
		return;
	svg->y += LINE;
	put_at(svg, TIME_X, "r small time", "seconds", strlen("seconds"));
	put_at(svg, CLIENT_X, "c b", "client", strlen("client"));
	put_at(svg, SERVER_X, "c b", "server", strlen("server"));
	svg->y += LINE;
}

static void svg_remark(struct ladder *ladder, const char *text)
{
	struct ladder_svg *svg = ladder->data;

	svg->y += LINE / 2;
	put_line(text, strlen(text), svg);
}

const struct ladder_ops ladder_svg = {
	.connection = svg_connection,
	.step = svg_step,
	.remark = svg_remark,
};

/**
 * ladder_svg_begin() - begin a picture
 * @svg: what to initialize; ladder_svg_end() must follow
 * @err: where an error is returned
 *
 * Return: 0, or -1 with @err set
 */
int ladder_svg_begin(struct ladder_svg *svg, struct err *err)
{
	memset(svg, 0, sizeof(*svg));
	svg->y = MARGIN / 2;
	svg->body = open_memstream(&svg->text, &svg->size);
	return svg->body ? 0 : err_set(err, "out of memory");
}

/* What the picture shows, for those who do not see it. */
static void describe(const struct ladder_svg *svg, FILE *out)
{
	unsigned int all = 0, way;

	for (way = LADDER_PASSED; way < LADDER_WAYS; way++)
		all += svg->count[way];
	fprintf(out, "<desc id=\"d\">Sequence diagram, client left, server right: %u arrows",
		all);
	for (way = LADDER_PASSED; way < LADDER_WAYS; way++) {
		if (svg->count[way] && ways[way].name)
			fprintf(out, ", %u %s", svg->count[way],
				ways[way].name);
	}
	fputs(".</desc>\n", out);
}

/**
 * ladder_svg_end() - write the picture
 * @svg: the picture
 * @out: where to; NULL: it is not wanted any more
 * @err: where an error is returned
 *
 * Return: 0, or -1 with @err set
 */
int ladder_svg_end(struct ladder_svg *svg, FILE *out, struct err *err)
{
	char client[END_MAX], server[END_MAX];
	int height = svg->y + MARGIN;

	if (fclose(svg->body)) {
		free(svg->text);
		return err_set(err, "out of memory");
	}
	if (!out || !svg->connections) {
		free(svg->text);
		return out ? err_set(err, "there is no segment to be drawn") : 0;
	}
	fprintf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"t d\">\n",
		WIDTH, height, WIDTH, height);
	fprintf(out, "<title id=\"t\">TCP from %s to %s</title>\n",
		ladder_end(&svg->first, LADDER_CLIENT, client, sizeof(client)),
		ladder_end(&svg->first, LADDER_SERVER, server, sizeof(server)));
	describe(svg, out);
	fprintf(out, "<style>\n%s</style>\n", style);
	fprintf(out, "<rect class=\"paper\" width=\"%d\" height=\"%d\"/>\n",
		WIDTH, height);
	put_ends(out, &svg->first, MARGIN / 2, svg->connections > 1);
	fputs(svg->text, out);
	fputs("</svg>\n", out);
	free(svg->text);
	return 0;
}
