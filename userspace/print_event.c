// SPDX-License-Identifier: GPL-2.0
/* Events as lines for people. */

#include <time.h>

#include "event.h"
#include "field.h"
#include "print.h"
#include "print_event.h"
#include "words.h"

#define SECOND	1000000000ull

static bool has(const struct event *event, unsigned int attr)
{
	return event->has & RULE_BIT(attr);
}

static void print_time(FILE *out, __u64 ns)
{
	time_t seconds = ns / SECOND;
	char text[16] = "";
	struct tm tm;

	if (localtime_r(&seconds, &tm))
		strftime(text, sizeof(text), "%H:%M:%S", &tm);
	fprintf(out, "%s.%06llu", text, ns % SECOND / 1000);
}

static void print_word(FILE *out, const struct word *table, __u32 value)
{
	const char *name = word_name(table, value);

	if (name)
		fprintf(out, " %s", name);
	else
		fprintf(out, " %u", value);
}

/* One letter for each flag, as tcpdump has it. */
static void print_flags(FILE *out, __u8 flags)
{
	static const char letters[] = "FSRP.UEW";
	unsigned int i;

	putc(' ', out);
	/* The acknowledgment number tells of that flag. */
	for (i = 0; letters[i]; i++) {
		if (flags & (1u << i) && letters[i] != '.')
			putc(letters[i], out);
	}
	if (!(flags & ~0x10))
		putc(flags ? '.' : '-', out);
}

static void print_cause(FILE *out, const struct event *event)
{
	if (has(event, RSTFAULT_A_EVENT_HOOK))
		print_word(out, hook_words, event->hook);
	if (event->rule_id)
		fprintf(out, " rule %u", event->rule_id);
	else
		fputs(" request", out);
	if (*event->rule_name)
		fprintf(out, " %s", event->rule_name);
	if (has(event, RSTFAULT_A_EVENT_ACTION))
		print_word(out, action_words, event->action);
	if (has(event, RSTFAULT_A_EVENT_DROP))
		fputs(" and drop", out);
	if (has(event, RSTFAULT_A_EVENT_SHADOW))
		fputs(" shadow", out);
}

static void print_segment(FILE *out, const struct event *event)
{
	const struct tuple *tuple = &event->tuple;

	if (tuple->saddr.family && tuple->daddr.family) {
		putc(' ', out);
		tuple_print_end(out, &tuple->saddr, tuple->sport);
		fputs(" > ", out);
		tuple_print_end(out, &tuple->daddr, tuple->dport);
	}
	if (has(event, RSTFAULT_A_EVENT_FLAGS))
		print_flags(out, event->flags);
	if (has(event, RSTFAULT_A_EVENT_SEQ))
		fprintf(out, " seq %u", event->seq);
	if (has(event, RSTFAULT_A_EVENT_ACK))
		fprintf(out, " ack %u", event->ack);
	if (has(event, RSTFAULT_A_EVENT_LENGTH))
		fprintf(out, " len %u", event->length);
}

static void print_result(FILE *out, const struct event *event)
{
	if (has(event, RSTFAULT_A_EVENT_HELD))
		fprintf(out, " held %llu.%03llums", event->held / 1000000,
			event->held / 1000 % 1000);
	if (has(event, RSTFAULT_A_EVENT_FATE))
		print_word(out, fate_words, event->fate);
	if (has(event, RSTFAULT_A_EVENT_OUTCOME))
		print_word(out, outcome_words, event->outcome);
	if (has(event, RSTFAULT_A_EVENT_SOCKET_STATE)) {
		fputs(" socket ", out);
		print_union(out, &event_fields,
			    RSTFAULT_A_EVENT_SOCKET_STATE, event);
	}
}

/**
 * print_event() - print an event as a line
 * @out: where to
 * @event: the event
 */
void print_event(FILE *out, const struct event *event)
{
	print_time(out, event->time);
	print_word(out, event_words, event->type);
	print_cause(out, event);
	print_segment(out, event);
	print_result(out, event);
	putc('\n', out);
}
