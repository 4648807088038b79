// SPDX-License-Identifier: GPL-2.0
/* A sequence diagram in 80 columns of ASCII. */

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "err.h"
#include "ladder.h"
#include "ladder_text.h"
#include "words.h"

#define COLUMNS		80

/* Columns of what is left of the client, from the left. */
#define TIME		11
#define STATE		11

/* Between the two ends. */
#define INNER		42

/* From an end to what is in the middle. */
#define MIDDLE		10

/* An address in brackets and a port. */
#define END_MAX		64

#define SECOND		1000000000ull

/* How an arrow begins, goes on and ends, and its colour. */
static const struct {
	char begin;
	char line;
	char end;
	const char *color;
} ways[LADDER_WAYS] = {
	[LADDER_PASSED] = { 0, '-', '>', NULL },
	[LADDER_CHANGED] = { 0, '~', '>', "36" },
	[LADDER_DROPPED] = { 0, '-', 'x', "31" },
	[LADDER_HELD] = { 0, '.', 'o', "33" },
	[LADDER_RELEASED] = { 'o', '.', '>', "33" },
	[LADDER_FREED] = { 'o', '.', 'x', "31" },
	[LADDER_FORGED] = { '*', '=', '>', "35" },
	[LADDER_UNSENT] = { '*', '=', 'x', "31" },
};

static void paint(const struct ladder_text *text, const char *color, bool on)
{
	if (text->color && color)
		fprintf(text->out, "\033[%sm", on ? color : "0");
}

/* The columns in front of the client. */
static void print_left(const struct ladder_text *text,
		       const struct ladder_step *step, bool first)
{
	char tag[16] = "", time[32] = "", state[32] = "";
	int digits = 6, room;

	if (first && text->connections > 1)
		snprintf(tag, sizeof(tag), "%u ", step->connection);
	room = TIME - (int)strlen(tag);
	if (first) {
		do {
			snprintf(time, sizeof(time), "%.*f", digits,
				 step->time / (double)SECOND);
		} while ((int)strlen(time) > room && digits--);
		ladder_state(step->state[LADDER_CLIENT], state, sizeof(state));
	}
	fprintf(text->out, "%s%*s %-*s |", tag, room, time, STATE, state);
}

static void print_right(const struct ladder_text *text,
			const struct ladder_step *step, bool first)
{
	char state[32] = "";

	if (first)
		ladder_state(step->state[LADDER_SERVER], state, sizeof(state));
	fprintf(text->out, "|%s%s\n", *state ? " " : "", state);
}

/**
 * struct rows - lines of text between the ends
 * @text: where to
 * @step: of which step
 * @color: how; NULL: as everything
 * @first: nothing of the step has been printed
 */
struct rows {
	const struct ladder_text *text;
	const struct ladder_step *step;
	const char *color;
	bool first;
};

static void print_row(const char *line, int len, void *data)
{
	struct rows *rows = data;
	int before = (INNER - len) / 2;

	print_left(rows->text, rows->step, rows->first);
	fprintf(rows->text->out, "%*s", before, "");
	paint(rows->text, rows->color, true);
	fwrite(line, 1, len, rows->text->out);
	paint(rows->text, rows->color, false);
	fprintf(rows->text->out, "%*s", INNER - len - before, "");
	print_right(rows->text, rows->step, rows->first);
	rows->first = false;
}

/* An arrow to the right, with its label in it if there is room. */
static int draw_arrow(char *buf, const struct ladder_step *step)
{
	char begin = ways[step->way].begin, end = ways[step->way].end;
	bool whole = !begin && end == '>';
	int length = whole ? INNER : INNER - MIDDLE;
	int start = begin ? MIDDLE : 0;
	int room = length - 6, len = strlen(step->label), at;

	/* What begins in the middle and ends there is short. */
	if (begin && end != '>') {
		length -= MIDDLE;
		room -= MIDDLE;
	}
	memset(buf, ' ', INNER);
	memset(buf + start, ways[step->way].line, length);
	if (begin)
		buf[start] = begin;
	buf[start + length - 1] = end;
	if (len > room)
		return -1;
	at = start + (length - len) / 2;
	buf[at - 1] = ' ';
	memcpy(buf + at, step->label, len);
	buf[at + len] = ' ';
	return at;
}

/* The same to the left. */
static void mirror(char *buf, const struct ladder_step *step, int label)
{
	int len = strlen(step->label), i;
	char c;

	for (i = 0; i < INNER / 2; i++) {
		c = buf[i];
		buf[i] = buf[INNER - 1 - i];
		buf[INNER - 1 - i] = c;
	}
	for (i = 0; i < INNER; i++) {
		if (buf[i] == '>')
			buf[i] = '<';
	}
	/* Only now, as it has to be read from left to right. */
	if (label >= 0)
		memcpy(buf + INNER - label - len, step->label, len);
}

static void print_arrow(struct rows *rows)
{
	const struct ladder_step *step = rows->step;
	char buf[INNER];
	int label;

	label = draw_arrow(buf, step);
	if (label < 0)
		ladder_fold(step->label, INNER - 2, print_row, rows);
	if (step->from == LADDER_SERVER)
		mirror(buf, step, label);
	print_row(buf, INNER, rows);
}

/* Who reads it wants to see it now. */
static void show(struct ladder *ladder, const struct ladder_text *text)
{
	ladder->unread = fflush(text->out) || ferror(text->out);
}

static void text_step(struct ladder *ladder, const struct ladder_step *step)
{
	const struct ladder_text *text = ladder->data;
	struct rows rows = {
		.text = text, .step = step, .color = ways[step->way].color,
		.first = true,
	};

	if (step->way == LADDER_STATE)
		print_row("", 0, &rows);
	else
		print_arrow(&rows);
	ladder_fold(step->note, INNER - 2, print_row, &rows);
	show(ladder, text);
}

/* Both ends in one line, or each in its own. */
static void print_ends(const struct ladder_text *text, unsigned int number,
		       const struct tuple *tuple)
{
	char client[END_MAX], server[END_MAX], tag[16] = "";
	int len;

	if (text->connections > 1)
		snprintf(tag, sizeof(tag), "%u ", number);
	ladder_end(tuple, LADDER_CLIENT, client, sizeof(client));
	ladder_end(tuple, LADDER_SERVER, server, sizeof(server));
	len = strlen(tag) + strlen("client , server ") + strlen(client) +
	      strlen(server);
	if (len <= COLUMNS)
		fprintf(text->out, "%sclient %s, server %s\n", tag, client,
			server);
	else
		fprintf(text->out, "%sclient %s\n%*sserver %s\n", tag, client,
			(int)strlen(tag), "", server);
}

static void text_connection(struct ladder *ladder,
			    const struct ladder_connection *connection)
{
	struct ladder_text *text = ladder->data;

	text->connections = connection->number;
	/* Only now does it need a number. */
	if (connection->number == 2)
		print_ends(text, 1, &text->first);
	print_ends(text, connection->number, &connection->tuple);
	if (connection->number > 1)
		return;
	text->first = connection->tuple;
	fprintf(text->out, "%*s %*s%*s\n", TIME, "seconds", STATE + 4, "client",
		INNER + 1, "server");
}

static void text_remark(struct ladder *ladder, const char *remark)
{
	const struct ladder_text *text = ladder->data;

	fprintf(text->out, "%*s%s\n", TIME + 1, "", remark);
	show(ladder, text);
}

const struct ladder_ops ladder_text = {
	.connection = text_connection,
	.step = text_step,
	.remark = text_remark,
};

/**
 * ladder_color() - is there to be colour?
 * @when: always, never or auto; NULL is auto
 * @out: where to
 * @color: where the answer is returned
 * @err: where an error is returned
 *
 * Return: 0, or -1 with @err set
 */
int ladder_color(const char *when, FILE *out, bool *color, struct err *err)
{
	static const struct word words[] = {
		{ "auto", 0 }, { "always", 1 }, { "never", 2 }, { NULL, 0 }
	};
	const char *none = getenv("NO_COLOR");
	const struct word *word = word_find(words, when ? when : "auto");

	if (!word)
		return err_set(err,
			       "--color=%.40s: this is one of always, never, auto",
			       when);
	*color = word->value == 1 ||
		 (!word->value && !(none && *none) && isatty(fileno(out)));
	return 0;
}
