// SPDX-License-Identifier: GPL-2.0
/* Events, one line each, and how many are missing between them. */

#include <errno.h>
#include <string.h>

#include <linux/genetlink.h>

#include "attr.h"
#include "field.h"
#include "genl.h"
#include "json.h"
#include "ladder.h"
#include "monitor.h"
#include "print.h"
#include "print_event.h"
#include "watch.h"

/**
 * monitor_lost() - tell of events that are known not to come any more
 * @monitor: what is shown
 * @total: number of the last of them
 */
void monitor_lost(struct monitor *monitor, __u64 total)
{
	struct json json = { .out = monitor->out, .line = true };

	if (!monitor->begun || total <= monitor->last)
		return;
	if (monitor->json) {
		json_open(&json, NULL, '{');
		json_number(&json, "lost", total - monitor->last);
		json_close(&json, '}');
	} else if (monitor->ladder) {
		ladder_lost(monitor->ladder, total - monitor->last);
	} else {
		fprintf(monitor->out, "lost %llu events\n",
			total - monitor->last);
	}
	monitor->last = total;
	fflush(monitor->out);
}

static void show_event(struct monitor *monitor, const struct event *event)
{
	struct json json = { .out = monitor->out, .line = true };

	if (monitor->watch && !watch_wants(monitor->watch, &event->tuple))
		return;
	if (monitor->ladder)
		ladder_event(monitor->ladder, event);
	if (monitor->json)
		print_set_json(&json, NULL, &event_fields, event);
	else if (!monitor->ladder)
		print_event(monitor->out, event);
	/* Who reads it wants to know now. */
	fflush(monitor->out);
}

static void show(struct monitor *monitor, const struct event *event)
{
	if (event->number)
		monitor_lost(monitor, event->number - 1);
	show_event(monitor, event);
	if (!monitor->begun || event->number > monitor->last)
		monitor->last = event->number;
	monitor->begun = true;
}

/**
 * monitor_event() - show a message with an event
 * @monitor: what is shown
 * @message: the message
 *
 * Return: 0 or a negative errno
 */
int monitor_event(struct monitor *monitor, const struct nlmsghdr *message)
{
	const struct genlmsghdr *genlh = mnl_nlmsg_get_payload(message);
	const struct nlattr *attr;
	struct event event;

	if (mnl_nlmsg_get_payload_len(message) < sizeof(*genlh) ||
	    genlh->cmd != RSTFAULT_CMD_EVENT)
		return 0;
	mnl_attr_for_each(attr, message, GENL_HDRLEN) {
		if (mnl_attr_get_type(attr) != RSTFAULT_A_EVENT)
			continue;
		memset(&event, 0, sizeof(event));
		if (attr_get_set(attr, &event_fields, &event,
				 &event.incomplete))
			return -EBADMSG;
		show(monitor, &event);
	}
	return 0;
}

/**
 * monitor_settle() - show what has become of the sockets
 * @monitor: what is shown, with a ladder, after all events so far
 */
void monitor_settle(struct monitor *monitor)
{
	struct ladder *ladder = monitor->ladder;
	unsigned int i, end;
	struct event event;

	ladder_flush(ladder);
	for (i = 0; i < LADDER_CONNECTIONS && i < ladder->connections; i++) {
		struct ladder_connection *connection = &ladder->connection[i];

		if (!connection->fresh)
			continue;
		connection->fresh = false;
		for (end = 0; end < LADDER_ENDS; end++) {
			if (watch_state(monitor->watch, connection, end,
					&event))
				show_event(monitor, &event);
		}
	}
}

/**
 * monitor_remark() - say something beside the events
 * @monitor: what is shown, with a ladder
 * @text: what; not for JSON
 */
void monitor_remark(struct monitor *monitor, const char *text)
{
	if (!monitor->json)
		ladder_remark(monitor->ladder, text);
}
