// SPDX-License-Identifier: GPL-2.0
/* rstctl play */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "batch.h"
#include "cmd.h"
#include "duration.h"
#include "err.h"
#include "json.h"
#include "nl.h"
#include "print.h"
#include "scenario.h"
#include "ssh.h"

#define SECOND	1000000000ull

/* "at once", "within 2m", "in 2s" or "in 15m to 17m" */
static void print_time(const struct scenario_promise *promise, __u64 delay)
{
	__u64 from = promise->from + delay, to = promise->to + delay;

	if (!promise->to) {
		printf("while it lasts");
	} else if (!from && to <= SECOND) {
		printf("at once");
	} else if (!from) {
		printf("within ");
		duration_print(stdout, to);
	} else {
		printf("in ");
		duration_print(stdout, from);
		if (to - from > SECOND) {
			printf(" to ");
			duration_print(stdout, to);
		}
	}
}

static void print_promises(const struct play *play)
{
	const struct scenario_promise *promise = play->scenario->promise;

	printf("# %-17s%-8s%-9s%-14s%-13s%s\n", "when", "end", "call",
	       "result", "socket then", "comes");
	for (; promise->call; promise++) {
		printf("# %-17s%-8s%-9s%-14s%-13s", promise->after,
		       promise->end, promise->call, promise->result,
		       promise->state);
		print_time(promise, promise->late ? play->delay : 0);
		putchar('\n');
	}
}

/* Lines of text, as comments of a rule file. */
static void print_note(const char *note)
{
	size_t len;

	for (; note && *note; note += len) {
		len = strcspn(note, "\n") + 1;
		printf("# %.*s", (int)len, note);
	}
}

/* What `load` accepts: rules, and all else as comments. */
static void show_words(const struct play *play, const struct rule *rules,
		       int count)
{
	int i;

	printf("# %s: %s.\n", play->scenario->name, play->scenario->summary);
	for (i = 0; i < count; i++) {
		printf("add ");
		print_rule(stdout, &rules[i]);
		putchar('\n');
	}
	print_promises(play);
	print_note(play->scenario->note);
	printf("# It lasts for ");
	duration_print(stdout, play->match.lifetime);
	printf(play->dry_run ? ".\n" : ", or until Ctrl-C.\n");
}

static void show_json(const struct play *play, const struct rule *rules,
		      int count)
{
	const struct scenario_promise *promise = play->scenario->promise;
	struct json json = { .out = stdout, .line = true };
	int i;

	json_open(&json, NULL, '{');
	json_string(&json, "scenario", play->scenario->name);
	json_number(&json, "lifetime", play->match.lifetime);
	json_open(&json, "rules", '[');
	for (i = 0; i < count; i++)
		print_rule_json(&json, &rules[i]);
	json_close(&json, ']');
	json_open(&json, "promises", '[');
	for (; promise->call; promise++) {
		__u64 delay = promise->late ? play->delay : 0;

		json_open(&json, NULL, '{');
		json_string(&json, "after", promise->after);
		json_string(&json, "end", promise->end);
		json_string(&json, "call", promise->call);
		json_string(&json, "result", promise->result);
		json_string(&json, "state", promise->state);
		if (promise->to) {
			json_number(&json, "from", promise->from + delay);
			json_number(&json, "to", promise->to + delay);
		}
		json_close(&json, '}');
	}
	json_close(&json, ']');
	json_close(&json, '}');
}

/* Returns false if it cannot be written: rstctl ends then, and says why. */
static bool show(const struct options *options, const struct play *play,
		 const struct rule *rules, int count)
{
	if (options->json)
		show_json(play, rules, count);
	else
		show_words(play, rules, count);
	/* Who reads it may wait for it. */
	return !fflush(stdout) && !ferror(stdout);
}

static int put_rules(struct batch *batch, const struct options *options,
		     const struct rule *rules, int count, struct err *err)
{
	struct ssh ssh;
	int i;

	ssh_find(&ssh, options);
	for (i = 0; i < count; i++) {
		if (ssh_check(&ssh, &rules[i], err) ||
		    batch_add(batch, &rules[i], i + 1, err))
			return -1;
	}
	return 0;
}

/* The signals that end it, blocked so that none is missed. */
static void block_end(sigset_t *end)
{
	sigemptyset(end);
	sigaddset(end, SIGINT);
	sigaddset(end, SIGTERM);
	sigprocmask(SIG_BLOCK, end, NULL);
}

static void wait_for_end(const sigset_t *end, __u64 lifetime)
{
	struct timespec now, until, left;

	clock_gettime(CLOCK_MONOTONIC, &now);
	until.tv_sec = now.tv_sec + lifetime / SECOND;
	until.tv_nsec = now.tv_nsec + lifetime % SECOND;
	do {
		clock_gettime(CLOCK_MONOTONIC, &now);
		left.tv_sec = until.tv_sec - now.tv_sec;
		left.tv_nsec = until.tv_nsec - now.tv_nsec;
		for (; left.tv_nsec < 0; left.tv_nsec += SECOND)
			left.tv_sec--;
		for (; left.tv_nsec >= (long)SECOND; left.tv_nsec -= SECOND)
			left.tv_sec++;
		if (left.tv_sec < 0)
			return;
		/* Stopped and continued, it goes on waiting. */
	} while (sigtimedwait(end, NULL, &left) < 0 && errno == EINTR);
}

/* Where a name is taken, that is most likely by this scenario itself. */
static void explain(const struct play *play, int code, struct err *err)
{
	struct err text = *err;

	if (code == -EEXIST)
		err_set(err,
			"%s; if '%s' is being played already, give this one another 'name'",
			text.text, play->scenario->name);
}

static int play_rules(const struct options *options, const struct play *play,
		      struct batch *batch, const struct rule *rules, int count,
		      struct err *err)
{
	struct genl genl;
	int status, ret;
	sigset_t end;

	status = nl_open(&genl, options, err);
	if (status)
		return status;
	block_end(&end);
	ret = nl_commit(&genl, batch, err);
	if (ret) {
		explain(play, ret, err);
		status = STATUS_REFUSED;
	} else if (show(options, play, rules, count)) {
		/* The rules live as long as the socket. */
		wait_for_end(&end, play->match.lifetime);
	}
	genl_close(&genl);
	return status;
}

/* Leaves out the option, wherever it stands; returns what is left. */
static int take_dry_run(int count, char *const *words, char **rest,
			bool *dry_run)
{
	int left = 0, i;

	*dry_run = false;
	for (i = 0; i < count; i++) {
		if (!strcmp(words[i], "--dry-run"))
			*dry_run = true;
		else
			rest[left++] = words[i];
	}
	return left;
}

static int run_play(const struct options *options, int count,
		    char *const *words, struct err *err)
{
	static struct rule rules[SCENARIO_RULES_MAX];
	int status = STATUS_USAGE, nr_rules;
	char *rest[count + 1];
	struct batch batch;
	struct play play;
	bool dry_run;

	count = take_dry_run(count, words, rest, &dry_run);
	if (parse_play(count, rest, &play, err))
		return STATUS_USAGE;
	play.dry_run = dry_run;
	nr_rules = scenario_rules(&play, rules, err);
	if (nr_rules < 0)
		return STATUS_USAGE;
	if (!batch_begin(&batch, err) &&
	    !batch_flag(&batch, RSTFAULT_A_OWN, err) &&
	    !put_rules(&batch, options, rules, nr_rules, err)) {
		status = STATUS_OK;
		if (dry_run)
			show(options, &play, rules, nr_rules);
		else
			status = play_rules(options, &play, &batch, rules,
					    nr_rules, err);
	}
	batch_free(&batch);
	return status;
}

const struct command cmd_play = {
	.name = "play",
	.syntax = "SCENARIO MATCH... [for DURATION] [delay T] [name N] [force] [--dry-run]",
	.summary = "have connections fail as they do in real life",
	.help =
"  rstctl play refused dport 5432\n"
"      for five minutes or until Ctrl-C, nobody seems to listen on port 5432\n"
"  rstctl play crash daddr 192.0.2.7 for 1h\n"
"      for an hour, that server has no power\n"
"  rstctl play late-reset dport 80 delay 30s --dry-run\n"
"      show the rules, and what both ends of a connection see; change nothing\n"
"\n"
"SCENARIO  refused      nobody seems to listen: connect() is ECONNREFUSED\n"
"          filtered     a firewall swallows SYNs: ETIMEDOUT after 2 minutes\n"
"          reset        data reset their connection: ECONNRESET at both ends\n"
"          late-reset   each RST comes late; `delay T`: so late, or 2s\n"
"          lost-reset   each RST is lost: ETIMEDOUT 15 minutes after a write\n"
"          half-open    the server is gone, the client learns when it writes\n"
"          crash        the server has no power, and is back at the end\n"
"          blind-reset  RSTs that are almost right: nothing happens\n"
"MATCH     as for add, for the segments that the client sends: saddr and sport\n"
"          are the client, daddr and dport the server. The same words do on the\n"
"          client's host, on the server's and on a router between.\n"
"for       how long: 5m unless it takes longer; shown each time\n"
"name      what the names of the rules begin with: play-SCENARIO unless told\n"
"force     yes, every connection, even that of SSH\n"
"\n"
"It prints its rules, what calls return, and how long that takes with the\n"
"usual settings. Then it waits; the rules go when it ends, whatever ends it.\n"
"What --dry-run shows is a file that `rstctl load` accepts. -j: as JSON.\n",
	.json = true,
	.run = run_play,
};
