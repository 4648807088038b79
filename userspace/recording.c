// SPDX-License-Identifier: GPL-2.0
/* Events as `rstctl -j monitor` has written them: one JSON object a line. */

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "event.h"
#include "field.h"
#include "json_read.h"
#include "ladder.h"
#include "recording.h"

/* Most characters of a file name that an error text quotes. */
#define QUOTED		200

/**
 * struct other - what a line may have that is not in an event
 * @lost: events that were lost
 */
struct other {
	unsigned long long lost;
};

static int read_other(struct json_read *in, const char *name, void *data)
{
	struct other *other = data;

	if (!strcmp(name, "lost"))
		return json_read_number(in, UINT64_MAX, &other->lost);
	return json_read_skip(in);
}

/* Enough for a ladder? */
static int check(const struct event *event, struct err *err)
{
	static const struct {
		unsigned int attr;
		__u64 for_types;
	} needed[] = {
		{ RSTFAULT_A_EVENT_TIME, ~0ull },
		{ RSTFAULT_A_EVENT_FLAGS, ~0ull },
		{ RSTFAULT_A_EVENT_SEQ, ~0ull },
		{
		  RSTFAULT_A_EVENT_HOOK,
		  RULE_BIT(RSTFAULT_EVENT_TYPE_FIRE) |
		  RULE_BIT(RSTFAULT_EVENT_TYPE_FAIL)
		},
		{
		  RSTFAULT_A_EVENT_ACTION,
		  RULE_BIT(RSTFAULT_EVENT_TYPE_FIRE) |
		  RULE_BIT(RSTFAULT_EVENT_TYPE_FAIL)
		},
		{
		  RSTFAULT_A_EVENT_FATE,
		  RULE_BIT(RSTFAULT_EVENT_TYPE_RELEASE)
		},
		{
		  RSTFAULT_A_EVENT_OUTCOME,
		  RULE_BIT(RSTFAULT_EVENT_TYPE_SENT)
		},
	};
	const struct tuple *tuple = &event->tuple;
	size_t i;

	if (!tuple->family || tuple->saddr.family != tuple->family ||
	    tuple->daddr.family != tuple->family)
		return err_set(err,
			       "an event has a tuple, with family, saddr and daddr");
	if (!(event->has & RULE_BIT(RSTFAULT_A_EVENT_TYPE))) {
		if (event->has & RULE_BIT(RSTFAULT_A_EVENT_SOCKET_STATE) &&
		    event->has & RULE_BIT(RSTFAULT_A_EVENT_TIME))
			return 0;
		return err_set(err,
			       "an event has a type, or a socket-state and a time");
	}
	for (i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		if (event->type < 64 &&
		    needed[i].for_types & RULE_BIT(event->type) &&
		    !(event->has & RULE_BIT(needed[i].attr)))
			return err_set(err, "this event has no %s",
				       field_find(&event_fields,
						  needed[i].attr)->name);
	}
	return 0;
}

/**
 * recording_line() - draw the event in a line
 * @line: the line
 * @ladder: where to
 * @err: where an error is returned
 *
 * Return: 0, or -1 with @err set
 */
int recording_line(const char *line, struct ladder *ladder, struct err *err)
{
	struct json_read in = { .begin = line, .at = line, .err = err };
	struct other other = {};
	struct event event = {};

	if (!line[strspn(line, " \t\r\n")])
		return 0;
	if (json_read_set(&in, &event_fields, &event, read_other, &other) ||
	    json_read_end(&in))
		return -1;
	if (other.lost)
		ladder_lost(ladder, other.lost);
	if (other.lost && !event.has)
		return 0;
	if (check(&event, err))
		return -1;
	ladder_event(ladder, &event);
	return 0;
}

static int draw_lines(FILE *in, const char *name, struct ladder *ladder,
		      struct err *err)
{
	unsigned int number = 0;
	struct err text;
	char *line = NULL;
	size_t room = 0;
	bool cut;
	int ret = 0;
	ssize_t len;

	while (!ret && !ladder->unread &&
	       (len = getline(&line, &room, in)) >= 0) {
		number++;
		cut = line[len - 1] != '\n';
		ret = strlen(line) == (size_t)len ?
		      recording_line(line, ladder, &text) :
		      err_set(&text, "there is a NUL byte in this line");
		/* Whoever recorded was killed while it wrote. */
		if (ret && cut) {
			ladder_remark(ladder,
				      "the recording ends within a line");
			ret = 0;
		}
		if (ret)
			err_set(err, "%.*s:%u: %s", QUOTED, name, number,
				text.text);
	}
	if (!ret && ferror(in))
		ret = err_set(err, "%.*s: cannot read it: %s", QUOTED, name,
			      strerror(errno));
	free(line);
	ladder_flush(ladder);
	return ret;
}

/**
 * recording_draw() - draw what was recorded
 * @name: the file; "-" is standard input
 * @ladder: where to
 * @err: where an error is returned
 *
 * Return: 0, or -1 with @err set; what was before the error is drawn
 */
int recording_draw(const char *name, struct ladder *ladder, struct err *err)
{
	FILE *in;
	int ret;

	if (!strcmp(name, "-"))
		return draw_lines(stdin, "standard input", ladder, err);
	in = fopen(name, "re");
	if (!in)
		return err_set(err, "%.*s: cannot open it: %s", QUOTED, name,
			       strerror(errno));
	ret = draw_lines(in, name, ladder, err);
	fclose(in);
	return ret;
}
