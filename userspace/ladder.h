/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Events as a sequence diagram: two ends, and an arrow for each segment. What
 * is drawn is decided here, how is decided by ladder_text.c and ladder_svg.c.
 */

#ifndef LADDER_H
#define LADDER_H

#include <stdbool.h>
#include <stddef.h>

#include "event.h"

/* Connections that are remembered, and segments that more can come of. */
#define LADDER_CONNECTIONS	256
#define LADDER_SEGMENTS		64

/* How many rules may have something to say of one segment. */
#define LADDER_MARKS		16

#define LADDER_LABEL_MAX	96
#define LADDER_NOTE_MAX		256

/**
 * enum ladder_end - an end of a connection
 * @LADDER_CLIENT: who has opened it, on the left
 * @LADDER_SERVER: on the right
 * @LADDER_ENDS: how many there are
 */
enum ladder_end {
	LADDER_CLIENT,
	LADDER_SERVER,
	LADDER_ENDS,
};

/**
 * enum ladder_way - where an arrow begins and ends
 * @LADDER_STATE: there is none, only a socket has another state
 * @LADDER_PASSED: from end to end
 * @LADDER_CHANGED: from end to end, with other numbers
 * @LADDER_DROPPED: ends in the middle
 * @LADDER_HELD: stops in the middle
 * @LADDER_RELEASED: goes on from the middle
 * @LADDER_FREED: was held in the middle, and gets no further
 * @LADDER_FORGED: begins in the middle
 * @LADDER_UNSENT: begins in the middle, and gets no further
 * @LADDER_WAYS: how many there are
 */
enum ladder_way {
	LADDER_STATE,
	LADDER_PASSED,
	LADDER_CHANGED,
	LADDER_DROPPED,
	LADDER_HELD,
	LADDER_RELEASED,
	LADDER_FREED,
	LADDER_FORGED,
	LADDER_UNSENT,
	LADDER_WAYS,
};

/**
 * struct ladder_step - one step of the diagram
 * @way: where its arrow begins and ends
 * @from: the end that the segment is from
 * @connection: number of the connection, counted from 1
 * @time: nanoseconds since the first step
 * @label: flags and numbers of the segment
 * @note: what happened to it, or empty
 * @state: of the socket at each end, enum rstfault_state; 0: not known
 */
struct ladder_step {
	enum ladder_way way;
	enum ladder_end from;
	unsigned int connection;
	__u64 time;
	char label[LADDER_LABEL_MAX];
	char note[LADDER_NOTE_MAX];
	__u32 state[LADDER_ENDS];
};

/**
 * struct ladder_base - what the numbers of a direction are relative to
 * @known: there is something
 * @number: a sequence number of that direction
 * @relative: what it is called
 */
struct ladder_base {
	bool known;
	__u32 number;
	__s64 relative;
};

/**
 * struct ladder_connection - a connection
 * @number: counted from 1; 0: none yet
 * @tuple: its source is the client
 * @base: of the segments from each end
 * @state: of the socket at each end, as it was shown last; 0: never
 * @shown: it was told that there is this connection
 * @fresh: something has happened since that was asked for
 */
struct ladder_connection {
	unsigned int number;
	struct tuple tuple;
	struct ladder_base base[LADDER_ENDS];
	__u32 state[LADDER_ENDS];
	bool shown;
	bool fresh;
};

/**
 * struct ladder_segment - a segment that more events may tell of
 * @drawn: its step has been drawn
 * @single: no further event is about it
 * @sent: it is a RST or a copy that was sent
 * @flags: its TCP flags
 * @seq: its sequence number
 * @ack: its acknowledgment number, or 0
 * @length: its payload
 * @time: of the first event
 * @marks: how many there are
 * @mark: which rules at which hooks have told of it
 * @step: how it is drawn
 */
struct ladder_segment {
	bool drawn;
	bool single;
	bool sent;
	__u8 flags;
	__u32 seq;
	__u32 ack;
	__u32 length;
	__u64 time;
	unsigned int marks;
	struct {
		__u32 hook;
		__u32 rule;
	} mark[LADDER_MARKS];
	struct ladder_step step;
};

struct ladder;

/**
 * struct ladder_ops - how a ladder is drawn
 * @connection: a connection begins; its first step follows
 * @step: the next step
 * @remark: something about all of it
 */
struct ladder_ops {
	void (*connection)(struct ladder *ladder,
			   const struct ladder_connection *connection);
	void (*step)(struct ladder *ladder, const struct ladder_step *step);
	void (*remark)(struct ladder *ladder, const char *text);
};

/**
 * struct ladder - a sequence diagram being drawn
 * @ops: how; NULL: not at all
 * @data: for @ops
 * @begun: there was a step
 * @start: its time
 * @connections: how many there have been
 * @connection: the last of them
 * @segments: how many there have been
 * @segment: the last of them
 * @unread: what is drawn cannot be written, so that there is no point in more
 */
struct ladder {
	const struct ladder_ops *ops;
	void *data;
	bool begun;
	__u64 start;
	unsigned int connections;
	struct ladder_connection connection[LADDER_CONNECTIONS];
	unsigned int segments;
	struct ladder_segment segment[LADDER_SEGMENTS];
	bool unread;
};

/* Takes one line of a text that is folded. */
typedef void (*ladder_line_t)(const char *line, int len, void *data);

void ladder_init(struct ladder *ladder, const struct ladder_ops *ops,
		 void *data);
void ladder_event(struct ladder *ladder, const struct event *event);
void ladder_lost(struct ladder *ladder, __u64 count);
void ladder_remark(struct ladder *ladder, const char *text);
void ladder_flush(struct ladder *ladder);

const char *ladder_state(__u32 state, char *buf, size_t size);
const char *ladder_end(const struct tuple *tuple, enum ladder_end end,
		       char *buf, size_t size);
unsigned int ladder_fold(const char *text, int width, ladder_line_t line,
			 void *data);

#endif /* LADDER_H */
