// SPDX-License-Identifier: GPL-2.0
/* What is written beside an arrow: the segment, and what happened to it. */

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "event.h"
#include "ladder.h"
#include "ladder_note.h"
#include "words.h"

#define FLAG_SYN	0x02
#define FLAG_RST	0x04
#define FLAG_ACK	0x10

#define MILLISECOND	1000000ull
#define SECOND		1000000000ull

static void append(char *buf, size_t size, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void append(char *buf, size_t size, const char *fmt, ...)
{
	size_t len = strlen(buf);
	va_list args;

	va_start(args, fmt);
	vsnprintf(buf + len, size - len, fmt, args);
	va_end(args);
}

/*
 * A number of a direction, relative to the first one. It may be before that, or
 * more than 32 bits behind: what counts is the way from the last one.
 */
static __s64 relative(struct ladder_base *base, __u32 number, __s64 first,
		      bool moves)
{
	__s64 result;

	if (!base->known) {
		base->known = true;
		base->number = number;
		base->relative = first;
	}
	result = base->relative + (__s32)(number - base->number);
	if (moves && result > base->relative) {
		base->number = number;
		base->relative = result;
	}
	return result;
}

/* A SYN begins the numbers of its direction; one without ACK, all of them. */
static void begin(struct ladder_connection *connection, enum ladder_end from,
		  const struct event *event)
{
	struct ladder_base *base = &connection->base[from];

	if (base->known && base->number == event->seq && !base->relative)
		return;
	if (!(event->flags & FLAG_ACK))
		connection->base[!from].known = false;
	base->known = true;
	base->number = event->seq;
	base->relative = 0;
}

static void name_flags(char *buf, size_t size, __u8 flags)
{
	static const char *const names[] = {
		"FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR",
	};
	unsigned int i;

	for (i = 0; i < 8; i++) {
		if (flags & (1u << i))
			append(buf, size, "%s%s", *buf ? "," : "", names[i]);
	}
	if (!flags)
		append(buf, size, "no flags");
}

/**
 * ladder_label() - write down which segment it is
 * @connection: its connection; @step->from is its end
 * @event: of the segment
 * @step: where to
 */
void ladder_label(struct ladder_connection *connection,
		  const struct event *event, struct ladder_step *step)
{
	struct ladder_base *own = &connection->base[step->from];
	struct ladder_base *other = &connection->base[!step->from];
	bool rst = event->flags & FLAG_RST;
	bool ack = event->has & RULE_BIT(RSTFAULT_A_EVENT_ACK);
	char *buf = step->label;
	size_t size = sizeof(step->label);

	*buf = '\0';
	if (event->flags & FLAG_SYN && !rst)
		begin(connection, step->from, event);
	name_flags(buf, size, event->flags);
	/* Who has no connection answers from 0 on. */
	append(buf, size, " seq %lld",
	       relative(own, event->seq, rst && ack && !event->seq ? 0 : 1,
			!rst));
	if (ack)
		append(buf, size, " ack %lld",
		       relative(other, event->ack, 1, !rst));
	if (event->length)
		append(buf, size, " len %u", event->length);
}

static void append_rule(char *buf, size_t size, const struct event *event)
{
	append(buf, size, "rule %u", event->rule_id);
	if (*event->rule_name)
		append(buf, size, " %s", event->rule_name);
}

static void append_time(char *buf, size_t size, __u64 ns)
{
	if (ns < SECOND)
		append(buf, size, "%llu.%03llums", ns / MILLISECOND,
		       ns / 1000 % 1000);
	else
		append(buf, size, "%llu.%03llus", ns / SECOND,
		       ns / MILLISECOND % 1000);
}

/* What a rule that is no shadow has done. */
static void note_action(const struct event *event, struct ladder_step *step)
{
	size_t size = sizeof(step->note);
	char *buf = step->note;

	switch (event->action) {
	case RSTFAULT_ACTION_DROP:
		step->way = step->way == LADDER_FORGED ? LADDER_UNSENT :
							 LADDER_DROPPED;
		append(buf, size, "dropped by ");
		break;
	case RSTFAULT_ACTION_DELAY:
		step->way = LADDER_HELD;
		append(buf, size, "held by ");
		break;
	case RSTFAULT_ACTION_FORGE:
		if (event->has & RULE_BIT(RSTFAULT_A_EVENT_DROP)) {
			step->way = LADDER_DROPPED;
			append(buf, size, "dropped, ");
		}
		append(buf, size, "triggers ");
		break;
	case RSTFAULT_ACTION_MANGLE:
		step->way = LADDER_CHANGED;
		append(buf, size, "changed by ");
		break;
	case RSTFAULT_ACTION_DUPLICATE:
		append(buf, size, "repeated by ");
		break;
	}
	append_rule(buf, size, event);
}

static void note_release(const struct event *event, struct ladder_step *step)
{
	size_t size = sizeof(step->note);
	char *buf = step->note;

	step->way = event->fate == RSTFAULT_FATE_DEVICE ||
		    event->fate == RSTFAULT_FATE_NETNS ? LADDER_FREED :
							 LADDER_RELEASED;
	append(buf, size, "%s after ",
	       step->way == LADDER_FREED ? "freed" : "released");
	append_time(buf, size, event->held);
	switch (event->fate) {
	case RSTFAULT_FATE_NEXT:
		append(buf, size, " by the next segment");
		break;
	case RSTFAULT_FATE_ASKED:
		append(buf, size, " as asked");
		break;
	case RSTFAULT_FATE_RULE:
		append(buf, size, " with its rule");
		break;
	case RSTFAULT_FATE_DEVICE:
		append(buf, size, " with its device");
		break;
	case RSTFAULT_FATE_NETNS:
		append(buf, size, " with its netns");
		break;
	}
}

/* It was sent before a rule could see it, but that is told later. */
static void note_sent(const struct event *event, struct ladder_step *step)
{
	bool copy = event->has & RULE_BIT(RSTFAULT_A_EVENT_ACTION) &&
		    event->action == RSTFAULT_ACTION_DUPLICATE;
	size_t size = sizeof(step->note);
	char later[LADDER_NOTE_MAX];
	char *buf = step->note;
	const char *outcome;

	if (event->outcome == RSTFAULT_OUTCOME_UNSENT ||
	    step->way == LADDER_DROPPED)
		step->way = LADDER_UNSENT;
	else if (step->way != LADDER_HELD)
		step->way = LADDER_FORGED;
	memcpy(later, buf, size);
	*buf = '\0';
	if (event->rule_id) {
		append(buf, size, copy ? "copy by " : "forged by ");
		append_rule(buf, size, event);
	} else {
		append(buf, size, "injected");
	}
	outcome = word_name(outcome_words, event->outcome);
	if (outcome && event->outcome != RSTFAULT_OUTCOME_UNKNOWN)
		append(buf, size, ": %s", outcome);
	if (*later)
		append(buf, size, "; %s", later);
}

/**
 * ladder_note() - write down what happened to a segment
 * @event: what happened
 * @step: where to, behind what is there already; its way is changed
 */
void ladder_note(const struct event *event, struct ladder_step *step)
{
	bool shadow = event->has & RULE_BIT(RSTFAULT_A_EVENT_SHADOW);
	const char *action = word_name(action_words, event->action);
	size_t size = sizeof(step->note);
	char *buf = step->note;

	if (event->action == RSTFAULT_ACTION_PASS &&
	    (event->type == RSTFAULT_EVENT_TYPE_FIRE ||
	     event->type == RSTFAULT_EVENT_TYPE_FAIL))
		return;
	if (*buf && event->type != RSTFAULT_EVENT_TYPE_SENT)
		append(buf, size, "; ");
	switch (event->type) {
	case RSTFAULT_EVENT_TYPE_FIRE:
		if (!shadow) {
			note_action(event, step);
			break;
		}
		append(buf, size, "shadow ");
		append_rule(buf, size, event);
		append(buf, size, ": %s", action ? action : "?");
		break;
	case RSTFAULT_EVENT_TYPE_FAIL:
		append_rule(buf, size, event);
		append(buf, size, ": %s failed", action ? action : "?");
		break;
	case RSTFAULT_EVENT_TYPE_RELEASE:
		note_release(event, step);
		break;
	case RSTFAULT_EVENT_TYPE_SENT:
		note_sent(event, step);
		break;
	}
}
