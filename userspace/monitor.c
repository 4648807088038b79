// SPDX-License-Identifier: GPL-2.0
/* Events, one line each, and how many are missing between them. */

#include <errno.h>
#include <string.h>

#include <linux/genetlink.h>

#include "attr.h"
#include "field.h"
#include "genl.h"
#include "json.h"
#include "monitor.h"
#include "print.h"
#include "print_event.h"

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
	} else {
		fprintf(monitor->out, "lost %llu events\n",
			total - monitor->last);
	}
	monitor->last = total;
	fflush(monitor->out);
}

static void show(struct monitor *monitor, const struct event *event)
{
	struct json json = { .out = monitor->out, .line = true };

	if (event->number)
		monitor_lost(monitor, event->number - 1);
	if (monitor->json)
		print_set_json(&json, NULL, &event_fields, event);
	else
		print_event(monitor->out, event);
	/* Who reads it wants to know now. */
	fflush(monitor->out);
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
