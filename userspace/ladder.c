// SPDX-License-Identifier: GPL-2.0
/* Events to the steps of a sequence diagram, each segment once. */

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "event.h"
#include "ladder.h"
#include "ladder_note.h"
#include "words.h"

#define FLAG_SYN	0x02
#define FLAG_ACK	0x10

/* Events of one segment come within this time; in nanoseconds. */
#define TOGETHER	5000000ull

/**
 * ladder_init() - begin a sequence diagram
 * @ladder: what to initialize
 * @ops: how it is drawn; NULL: only keep track of connections
 * @data: for @ops
 */
void ladder_init(struct ladder *ladder, const struct ladder_ops *ops,
		 void *data)
{
	memset(ladder, 0, sizeof(*ladder));
	ladder->ops = ops;
	ladder->data = data;
}

static bool same_end(const struct rule_prefix *a, __u16 a_port,
		     const struct rule_prefix *b, __u16 b_port)
{
	return a->family == b->family && a_port == b_port &&
	       !memcmp(a->addr, b->addr, sizeof(a->addr));
}

static bool same_tuple(const struct tuple *a, const struct tuple *b)
{
	return same_end(&a->saddr, a->sport, &b->saddr, b->sport) &&
	       same_end(&a->daddr, a->dport, &b->daddr, b->dport);
}

static void turn(struct tuple *tuple)
{
	struct tuple old = *tuple;

	tuple_set(tuple, &old.daddr, old.dport, &old.saddr, old.sport);
}

/*
 * Who opens a connection is the client. Where nobody has seen that, ports of
 * servers are lower.
 */
static bool is_from_client(const struct event *event)
{
	if (event->flags & FLAG_SYN)
		return !(event->flags & FLAG_ACK);
	return event->tuple.sport >= event->tuple.dport;
}

static struct ladder_connection *find_connection(struct ladder *ladder,
						 const struct event *event,
						 enum ladder_end *from)
{
	struct ladder_connection *connection;
	struct tuple back = event->tuple;
	unsigned int i;

	turn(&back);
	for (i = 0; i < LADDER_CONNECTIONS && i < ladder->connections; i++) {
		connection = &ladder->connection[(ladder->connections - 1 - i) %
						 LADDER_CONNECTIONS];
		*from = LADDER_CLIENT;
		if (same_tuple(&connection->tuple, &event->tuple))
			return connection;
		*from = LADDER_SERVER;
		if (same_tuple(&connection->tuple, &back))
			return connection;
	}
	return NULL;
}

static struct ladder_connection *
add_connection(struct ladder *ladder, const struct event *event,
	       enum ladder_end *from)
{
	struct ladder_connection *connection;

	connection = &ladder->connection[ladder->connections++ %
					 LADDER_CONNECTIONS];
	memset(connection, 0, sizeof(*connection));
	connection->number = ladder->connections;
	connection->tuple = event->tuple;
	*from = LADDER_CLIENT;
	if (!is_from_client(event)) {
		*from = LADDER_SERVER;
		turn(&connection->tuple);
	}
	return connection;
}

static __u64 since_start(struct ladder *ladder, __u64 time)
{
	if (!ladder->begun)
		ladder->start = time;
	ladder->begun = true;
	return time > ladder->start ? time - ladder->start : 0;
}

static void draw_step(struct ladder *ladder, const struct ladder_step *step)
{
	struct ladder_connection *connection;

	if (!ladder->ops)
		return;
	connection = &ladder->connection[(step->connection - 1) %
					 LADDER_CONNECTIONS];
	if (connection->number == step->connection && !connection->shown)
		ladder->ops->connection(ladder, connection);
	connection->shown = true;
	ladder->ops->step(ladder, step);
}

static void draw(struct ladder *ladder, struct ladder_segment *segment)
{
	if (segment->drawn)
		return;
	segment->drawn = true;
	draw_step(ladder, &segment->step);
}

/* The segment that came @age before the last one. */
static struct ladder_segment *segment_at(struct ladder *ladder,
					 unsigned int age)
{
	return &ladder->segment[(ladder->segments - 1 - age) % LADDER_SEGMENTS];
}

static unsigned int segments(const struct ladder *ladder)
{
	return ladder->segments < LADDER_SEGMENTS ? ladder->segments :
						    LADDER_SEGMENTS;
}

/* Draw those of which nothing more is to be expected. */
static void draw_before(struct ladder *ladder, __u64 time)
{
	unsigned int age = segments(ladder);

	while (age--) {
		struct ladder_segment *segment = segment_at(ladder, age);

		if (!segment->drawn && segment->time + TOGETHER >= time)
			break;
		draw(ladder, segment);
	}
}

/**
 * ladder_flush() - draw everything that is known
 * @ladder: the diagram
 */
void ladder_flush(struct ladder *ladder)
{
	unsigned int age = segments(ladder);

	while (age--)
		draw(ladder, segment_at(ladder, age));
}

/* Has that rule told of the segment at that hook already? */
static bool is_marked(const struct ladder_segment *segment,
		      const struct event *event)
{
	unsigned int i;

	for (i = 0; i < segment->marks; i++) {
		if (segment->mark[i].hook == event->hook &&
		    segment->mark[i].rule == event->rule_id)
			return true;
	}
	return segment->marks == LADDER_MARKS;
}

static void mark(struct ladder_segment *segment, const struct event *event)
{
	if (segment->marks == LADDER_MARKS)
		return;
	segment->mark[segment->marks].hook = event->hook;
	segment->mark[segment->marks++].rule = event->rule_id;
}

/* What a rule sends may look like what made it do so. */
static bool is_trigger(const struct ladder_segment *segment,
		       const struct event *event)
{
	unsigned int i;

	for (i = 0; i < segment->marks; i++) {
		if (segment->mark[i].rule == event->rule_id)
			return true;
	}
	return false;
}

/*
 * A segment comes to several hooks, and at each of them to several rules. What
 * looks the same and comes to the same rule again is another segment: one that
 * was sent again.
 */
static bool is_about(const struct ladder_segment *segment,
		     const struct ladder_connection *connection,
		     enum ladder_end from, const struct event *event)
{
	const struct ladder_step *step = &segment->step;

	if (segment->single || step->connection != connection->number ||
	    step->from != from || segment->flags != event->flags ||
	    segment->seq != event->seq || segment->ack != event->ack ||
	    segment->length != event->length)
		return false;
	if (event->type == RSTFAULT_EVENT_TYPE_SENT)
		return !segment->sent && !segment->drawn &&
		       !is_trigger(segment, event);
	if (segment->drawn && step->way == LADDER_DROPPED)
		return false;
	return !is_marked(segment, event);
}

static struct ladder_segment *
find_segment(struct ladder *ladder, const struct ladder_connection *connection,
	     enum ladder_end from, const struct event *event)
{
	unsigned int age;

	for (age = 0; age < segments(ladder); age++) {
		struct ladder_segment *segment = segment_at(ladder, age);

		if (is_about(segment, connection, from, event))
			return segment;
	}
	return NULL;
}

static struct ladder_segment *
add_segment(struct ladder *ladder, struct ladder_connection *connection,
	    enum ladder_end from, const struct event *event)
{
	struct ladder_segment *segment;

	segment = &ladder->segment[ladder->segments % LADDER_SEGMENTS];
	if (ladder->segments >= LADDER_SEGMENTS)
		draw(ladder, segment);
	ladder->segments++;
	memset(segment, 0, sizeof(*segment));
	segment->flags = event->flags;
	segment->seq = event->seq;
	segment->ack = event->ack;
	segment->length = event->length;
	segment->time = event->time;
	segment->step.way = LADDER_PASSED;
	segment->step.from = from;
	segment->step.connection = connection->number;
	segment->step.time = since_start(ladder, event->time);
	ladder_label(connection, event, &segment->step);
	return segment;
}

/* Of which end an event tells the state: of the local one. */
static enum ladder_end told_end(const struct event *event,
				enum ladder_end from)
{
	if (!(event->has & RULE_BIT(RSTFAULT_A_EVENT_TYPE)))
		return from;
	if (event->type != RSTFAULT_EVENT_TYPE_SENT &&
	    (event->hook == RSTFAULT_HOOK_OUT ||
	     event->hook == RSTFAULT_HOOK_OUTPUT))
		return from;
	return !from;
}

static void take_segment(struct ladder *ladder,
			 struct ladder_connection *connection,
			 enum ladder_end from, const struct event *event)
{
	bool quiet = event->type == RSTFAULT_EVENT_TYPE_FIRE &&
		     (event->action == RSTFAULT_ACTION_PASS ||
		      event->has & RULE_BIT(RSTFAULT_A_EVENT_SHADOW));
	enum ladder_end end = told_end(event, from);
	struct ladder_segment *segment = NULL;

	draw_before(ladder, event->time);
	if (event->type != RSTFAULT_EVENT_TYPE_RELEASE)
		segment = find_segment(ladder, connection, from, event);
	if (segment && segment->drawn && quiet) {
		mark(segment, event);
		return;
	}
	if (!segment || segment->drawn)
		segment = add_segment(ladder, connection, from, event);
	segment->single = event->type == RSTFAULT_EVENT_TYPE_RELEASE;
	if (event->type == RSTFAULT_EVENT_TYPE_SENT)
		segment->sent = true;
	else
		mark(segment, event);
	ladder_note(event, &segment->step);
	if (event->socket_state) {
		segment->step.state[end] = event->socket_state;
		connection->state[end] = event->socket_state;
	}
	connection->fresh = true;
}

static void take_state(struct ladder *ladder,
		       struct ladder_connection *connection,
		       enum ladder_end from, const struct event *event)
{
	struct ladder_step step = {
		.way = LADDER_STATE,
		.from = from,
		.connection = connection->number,
		.time = since_start(ladder, event->time),
	};

	ladder_flush(ladder);
	if (connection->state[from] == event->socket_state)
		return;
	connection->state[from] = event->socket_state;
	step.state[from] = event->socket_state;
	draw_step(ladder, &step);
}

/**
 * ladder_event() - something has happened
 * @ladder: the diagram
 * @event: what; one without a type tells the state of the socket at the source
 *	of its tuple
 */
void ladder_event(struct ladder *ladder, const struct event *event)
{
	struct ladder_connection *connection;
	enum ladder_end from;

	if (!event->tuple.saddr.family || !event->tuple.daddr.family ||
	    (event->has & RULE_BIT(RSTFAULT_A_EVENT_TYPE) &&
	     event->type > RSTFAULT_EVENT_TYPE_MAX))
		return;
	connection = find_connection(ladder, event, &from);
	if (event->has & RULE_BIT(RSTFAULT_A_EVENT_TYPE)) {
		if (!connection)
			connection = add_connection(ladder, event, &from);
		take_segment(ladder, connection, from, event);
	} else if (connection) {
		take_state(ladder, connection, from, event);
	}
}

/**
 * ladder_remark() - say something beside the arrows
 * @ladder: the diagram
 * @text: what
 */
void ladder_remark(struct ladder *ladder, const char *text)
{
	ladder_flush(ladder);
	if (ladder->ops)
		ladder->ops->remark(ladder, text);
}

/**
 * ladder_lost() - events are missing here
 * @ladder: the diagram
 * @count: how many
 */
void ladder_lost(struct ladder *ladder, __u64 count)
{
	char text[64];

	snprintf(text, sizeof(text), "lost %llu event%s: segments are missing",
		 count, count == 1 ? "" : "s");
	ladder_remark(ladder, text);
}

/**
 * ladder_state() - the name of a state, as RFC 9293 has it
 * @state: enum rstfault_state; 0: not known
 * @buf: where to
 * @size: its size
 *
 * Return: @buf
 */
const char *ladder_state(__u32 state, char *buf, size_t size)
{
	const char *name = word_name(state_words, state);
	char *c;

	snprintf(buf, size, "%s", state && name ? name : "");
	for (c = buf; *c; c++)
		*c = toupper((unsigned char)*c);
	return buf;
}

/**
 * ladder_end() - an address and a port
 * @tuple: the connection, from the client's side
 * @end: which end of it
 * @buf: where to
 * @size: its size
 *
 * Return: @buf
 */
const char *ladder_end(const struct tuple *tuple, enum ladder_end end,
		       char *buf, size_t size)
{
	FILE *out = fmemopen(buf, size, "w");

	*buf = '\0';
	if (!out)
		return buf;
	if (end == LADDER_CLIENT)
		tuple_print_end(out, &tuple->saddr, tuple->sport);
	else
		tuple_print_end(out, &tuple->daddr, tuple->dport);
	fclose(out);
	return buf;
}

/**
 * ladder_fold() - break a text into lines at its spaces
 * @text: the text
 * @width: columns that there are
 * @line: gets each line
 * @data: for @line
 *
 * Return: number of lines
 */
unsigned int ladder_fold(const char *text, int width, ladder_line_t line,
			 void *data)
{
	unsigned int lines = 0;
	int len, i;

	while (*text) {
		len = strlen(text);
		if (len > width) {
			for (len = width, i = 0; i <= width; i++) {
				if (text[i] == ' ')
					len = i;
			}
		}
		line(text, len, data);
		lines++;
		text += len;
		while (*text == ' ')
			text++;
	}
	return lines;
}
