// SPDX-License-Identifier: GPL-2.0
/* rstctl monitor */

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cmd.h"
#include "err.h"
#include "ladder.h"
#include "ladder_text.h"
#include "monitor.h"
#include "nl.h"
#include "outlet.h"
#include "watch.h"

/* Milliseconds without an event after which a segment is told of. */
#define SETTLE_MS	10

/* A file that can be read when it is to end; -1 on failure. */
static int catch_end(struct err *err)
{
	sigset_t end;
	int fd;

	sigemptyset(&end);
	sigaddset(&end, SIGINT);
	sigaddset(&end, SIGTERM);
	/* Blocked, and never read, it could not be ended by them. */
	fd = signalfd(-1, &end, SFD_CLOEXEC);
	if (fd < 0)
		return err_set(err, "cannot wait for signals: %s",
			       strerror(errno));
	sigprocmask(SIG_BLOCK, &end, NULL);
	return fd;
}

/*
 * Open the output, which the signals end even while nobody reads it. Returns NULL
 * on failure.
 */
static FILE *open_output(struct outlet *outlet, struct err *err)
{
	FILE *out;

	outlet->to = stdout;
	outlet->end = catch_end(err);
	if (outlet->end < 0)
		return NULL;
	out = outlet_open(outlet);
	if (!out) {
		err_set(err, "out of memory");
		close(outlet->end);
	}
	return out;
}

static void close_output(const struct outlet *outlet, FILE *out)
{
	fclose(out);
	close(outlet->end);
}

static int show_datagram(struct genl *genl, struct monitor *monitor,
			 ssize_t len, struct err *err)
{
	const struct nlmsghdr *message = (const void *)genl->reply;
	int left = len;

	for (; mnl_nlmsg_ok(message, left);
	     message = mnl_nlmsg_next(message, &left)) {
		if (genl_removed(genl, message))
			return err_set(err, "the module was removed");
		if (message->nlmsg_type == genl->family &&
		    monitor_event(monitor, message))
			return err_set(err,
				       "an event of the module makes no sense; is its version that of rstctl?");
	}
	return 0;
}

/* How many events there have been. */
static int ask_total(struct genl *asking, __u64 *total, struct err *err)
{
	struct info info;
	int ret = nl_info(asking, &info, err);

	*total = info.stats.count[RSTFAULT_A_STATS_EVENTS];
	return ret;
}

/* See that the rules of a ladder are there, whatever else happens. */
static int look_again(struct monitor *monitor, struct err *err)
{
	bool replaced;

	if (watch_again(monitor->watch, &replaced, err))
		return -1;
	if (replaced)
		monitor_remark(monitor,
			       "rules were replaced: segments may be missing");
	return 0;
}

/* Milliseconds to wait for an event, at most; -1: any time. */
static int most(const struct monitor *monitor, bool wait, bool settled)
{
	if (!wait)
		return 0;
	if (!monitor->ladder)
		return -1;
	return settled ? watch_left(monitor->watch) : SETTLE_MS;
}

/*
 * Wait for an event, or only look whether it is to end. Returns 1 if it is, and
 * -1 on failure. Without events, only poll() tells that its reader is gone.
 */
static int wait_for(struct monitor *monitor, int fd, int end, bool wait,
		    struct err *err)
{
	struct pollfd files[] = {
		{ .fd = end, .events = POLLIN },
		{ .fd = fd, .events = POLLIN },
		{ .fd = STDOUT_FILENO },
	};
	bool settled = false;

	for (;;) {
		if (monitor->ladder && !watch_left(monitor->watch) &&
		    look_again(monitor, err))
			return -1;
		if (poll(files, wait ? 3 : 1, most(monitor, wait, settled)) ||
		    !wait)
			return files[0].revents || files[2].revents;
		if (!settled)
			monitor_settle(monitor);
		settled = true;
	}
}

static int monitor_loop(struct genl *genl, struct genl *asking,
			struct monitor *monitor, int end, struct err *err)
{
	int fd = mnl_socket_get_fd(genl->sock);
	bool overrun = false;
	bool wait = false;
	__u64 total = 0;
	ssize_t len;
	int ret;

	for (;;) {
		ret = wait_for(monitor, fd, end, wait, err);
		if (ret || ferror(monitor->out))
			return ret < 0 ? ret : 0;
		wait = false;
		len = recv(fd, genl->reply, sizeof(genl->reply), MSG_DONTWAIT);
		if (len >= 0) {
			if (show_datagram(genl, monitor, len, err))
				return -1;
			continue;
		}
		if (errno == ENOBUFS) {
			overrun = true;
			continue;
		}
		if (errno != EAGAIN && errno != EINTR)
			return err_set(err,
				       "cannot receive from the kernel: %s",
				       strerror(errno));
		/* All that is queued has been shown: the rest is lost. */
		monitor_lost(monitor, total);
		/*
		 * If no event follows those that were lost, no gap would tell.
		 * The last ones before the answer may still be queued.
		 */
		total = 0;
		if (overrun && ask_total(asking, &total, err))
			return -1;
		wait = !overrun;
		overrun = false;
	}
}

/* However it ends, a ladder shows all that was seen. */
static int monitor_to_end(struct genl *genl, struct genl *asking,
			  struct monitor *monitor, int end, struct err *err)
{
	int ret = monitor_loop(genl, asking, monitor, end, err);

	if (monitor->ladder)
		monitor_settle(monitor);
	return ret;
}

/* What comes behind the last event so far is what is to be shown. */
static int begin(struct genl *asking, struct monitor *monitor, struct err *err)
{
	struct info info;
	int ret = nl_info(asking, &info, err);

	monitor->last = info.stats.count[RSTFAULT_A_STATS_EVENTS];
	monitor->begun = info.stats.has & RULE_BIT(RSTFAULT_A_STATS_EVENTS);
	return ret;
}

static int run_events(const struct options *options, struct monitor *monitor,
		      int end, struct err *err)
{
	struct genl genl, asking;
	int status;

	status = nl_open(&genl, options, err);
	if (status)
		return status;
	if (genl_open(&asking, RSTFAULT_FAMILY_NAME, err)) {
		genl_close(&genl);
		return STATUS_REFUSED;
	}
	if (genl_join(&genl, RSTFAULT_FAMILY_NAME, RSTFAULT_MCGRP_EVENTS,
		      err) ||
	    begin(&asking, monitor, err) ||
	    (monitor->watch && watch_open(monitor->watch, options, err)) ||
	    monitor_to_end(&genl, &asking, monitor, end, err))
		status = STATUS_REFUSED;
	if (monitor->watch)
		watch_close(monitor->watch);
	genl_close(&asking);
	genl_close(&genl);
	return status;
}

static int run_ladder(const struct options *options, int count,
		      char *const *words, struct err *err)
{
	struct ladder_text text = {};
	struct watch watch;
	struct monitor monitor = { .json = options->json, .watch = &watch };
	int status = STATUS_REFUSED;
	const char *when = NULL;
	struct outlet outlet;

	if (count && !strncmp(*words, "--color=", 8)) {
		when = *words + 8;
		count--;
		words++;
	}
	if (ladder_color(when, stdout, &text.color, err) ||
	    watch_parse(&watch, count, words, err))
		return STATUS_USAGE;
	monitor.ladder = malloc(sizeof(*monitor.ladder));
	if (!monitor.ladder) {
		err_set(err, "out of memory");
		return STATUS_USAGE;
	}
	ladder_init(monitor.ladder, options->json ? NULL : &ladder_text, &text);
	monitor.out = open_output(&outlet, err);
	if (monitor.out) {
		text.out = monitor.out;
		status = run_events(options, &monitor, outlet.end, err);
		close_output(&outlet, monitor.out);
	}
	free(monitor.ladder);
	return status;
}

static int run_monitor(const struct options *options, int count,
		       char *const *words, struct err *err)
{
	struct monitor monitor = { .json = options->json };
	struct outlet outlet;
	int status;

	if (count && !strcmp(*words, "--ladder"))
		return run_ladder(options, count - 1, words + 1, err);
	if (count) {
		err_set(err,
			"'%.40s' is too much: only --ladder and its matches follow 'monitor'",
			*words);
		return STATUS_USAGE;
	}
	monitor.out = open_output(&outlet, err);
	if (!monitor.out)
		return STATUS_REFUSED;
	status = run_events(options, &monitor, outlet.end, err);
	close_output(&outlet, monitor.out);
	return status;
}

const struct command cmd_monitor = {
	.name = "monitor",
	.syntax = "[--ladder [--color=WHEN] [MATCH...]]",
	.summary = "show what happens, as it happens",
	.help =
"  rstctl monitor\n"
"  12:00:01.123456 fire in rule 3 lost drop 192.0.2.2:80 > 192.0.2.1:5000 R seq 1 len 0\n"
"\n"
"A line has the time, what has happened (fire, fail, release or sent), the\n"
"hook, the rule with its name, the action, the connection, and the flags and\n"
"numbers of the segment. Behind a release follows how long it was held, and\n"
"why it went on; behind a RST that was sent, what it did to a local socket.\n"
"`lost N events` stands where events came faster than they could be read.\n"
"\n"
"  rstctl -j monitor\n"
"      each event as a JSON object in a line of its own\n"
"\n"
"  rstctl monitor --ladder dport 80\n"
"   0.000000 SYN-SENT    |--------------- SYN seq 0 --------------->|\n"
"   0.000031 SYN-SENT    |          x----- RST,ACK seq 0 ack 1 -----|\n"
"                        |          dropped by rule 3 lost          |\n"
"\n"
"A sequence diagram: every segment of the connections that match, in either\n"
"direction, and what happens to it. An x is where one was dropped, an o where\n"
"one is held, and a * where one was forged. Beside it stands the state that the\n"
"local socket has as the segment passes: before it takes what arrives. A match\n"
"is one of ip, ip6, saddr, daddr, sport, dport. For as long as it runs there are\n"
"rules that see these segments, and change nothing. WHEN is always, never or\n"
"auto. With -j the events are written, for `rstctl ladder`.\n",
	.json = true,
	.run = run_monitor,
};
