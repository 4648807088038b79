/* SPDX-License-Identifier: GPL-2.0 */

#ifndef LADDER_NOTE_H
#define LADDER_NOTE_H

struct event;
struct ladder_connection;
struct ladder_step;

void ladder_label(struct ladder_connection *connection,
		  const struct event *event, struct ladder_step *step);
void ladder_note(const struct event *event, struct ladder_step *step);

#endif /* LADDER_NOTE_H */
