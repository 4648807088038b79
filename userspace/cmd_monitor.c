// SPDX-License-Identifier: GPL-2.0
/* rstctl monitor */

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cmd.h"
#include "err.h"
#include "monitor.h"
#include "nl.h"

/* A file that can be read when it is to end; -1 on failure. */
static int catch_end(void)
{
	sigset_t end;

	sigemptyset(&end);
	sigaddset(&end, SIGINT);
	sigaddset(&end, SIGTERM);
	sigprocmask(SIG_BLOCK, &end, NULL);
	return signalfd(-1, &end, SFD_CLOEXEC);
}

static int show_datagram(struct genl *genl, struct monitor *monitor,
			 ssize_t len)
{
	const struct nlmsghdr *message = (const void *)genl->reply;
	int left = len, ret = 0;

	for (; mnl_nlmsg_ok(message, left) && !ret;
	     message = mnl_nlmsg_next(message, &left)) {
		if (message->nlmsg_type == genl->family)
			ret = monitor_event(monitor, message);
	}
	return ret;
}

/* How many events there have been; 0 if that cannot be told. */
static __u64 ask_total(struct genl *asking)
{
	struct info info;
	struct err err;

	if (nl_info(asking, &info, &err))
		return 0;
	return info.stats.count[RSTFAULT_A_STATS_EVENTS];
}

/* Wait for an event, or only look whether it is to end; false if it is. */
static bool go_on(int fd, int end, bool wait)
{
	struct pollfd files[] = {
		{ .fd = end, .events = POLLIN },
		{ .fd = fd, .events = POLLIN },
	};

	poll(files, wait ? 2 : 1, wait ? -1 : 0);
	return !files[0].revents;
}

static int monitor_loop(struct genl *genl, struct genl *asking,
			struct monitor *monitor, int end, struct err *err)
{
	int fd = mnl_socket_get_fd(genl->sock);
	bool overrun = false;
	bool wait = false;
	__u64 total = 0;
	ssize_t len;

	while (go_on(fd, end, wait) && !ferror(monitor->out)) {
		wait = false;
		len = recv(fd, genl->reply, sizeof(genl->reply), MSG_DONTWAIT);
		if (len >= 0 && show_datagram(genl, monitor, len))
			return err_set(err,
				       "an event of the module makes no sense; is its version that of rstctl?");
		if (len >= 0)
			continue;
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
		total = overrun ? ask_total(asking) : 0;
		wait = !overrun;
		overrun = false;
	}
	return 0;
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

static int run_monitor(const struct options *options, int count,
		       char *const *words, struct err *err)
{
	struct monitor monitor = { .out = stdout, .json = options->json };
	struct genl genl, asking;
	int status, end;

	(void)count;
	(void)words;
	status = nl_open(&genl, options, err);
	if (status)
		return status;
	if (genl_open(&asking, RSTFAULT_FAMILY_NAME, err)) {
		genl_close(&genl);
		return STATUS_REFUSED;
	}
	end = catch_end();
	if (genl_join(&genl, RSTFAULT_FAMILY_NAME, RSTFAULT_MCGRP_EVENTS,
		      err) ||
	    begin(&asking, &monitor, err) ||
	    monitor_loop(&genl, &asking, &monitor, end, err))
		status = STATUS_REFUSED;
	close(end);
	genl_close(&asking);
	genl_close(&genl);
	return status;
}

const struct command cmd_monitor = {
	.name = "monitor",
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
"      each event as a JSON object in a line of its own\n",
	.json = true,
	.run = run_monitor,
};
