// SPDX-License-Identifier: GPL-2.0
/* rstctl inject */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd.h"
#include "diag.h"
#include "err.h"
#include "field.h"
#include "json.h"
#include "nl.h"
#include "parse.h"
#include "print.h"
#include "ssh.h"
#include "words.h"

/* Why a connection was not reset, as JSON and in words. */
struct obstacle {
	int code;
	const char *key;
	const char *text;
};

static const struct obstacle obstacles[] = {
	{ -ENOENT, "gone", "gone meanwhile" },
	{ -ENOTCONN, "unconnected", "has no connection" },
	{ -ENETUNREACH, "unreachable", "has no route" },
	{ }
};

/* NULL: none that is of this one connection, so the others would meet it, too. */
static const struct obstacle *find_obstacle(int code)
{
	const struct obstacle *obstacle;

	for (obstacle = obstacles; obstacle->code; obstacle++) {
		if (obstacle->code == code)
			return obstacle;
	}
	return NULL;
}

/* What became of one connection, or why nothing did. */
static void print_outcome(const struct options *options,
			  const struct tuple *tuple,
			  const struct rule_forge *forge, const char *outcome,
			  const struct obstacle *obstacle)
{
	struct json json = { .out = stdout, .line = true };

	if (options->json) {
		json_open(&json, NULL, '{');
		print_set_json(&json, "tuple", &tuple_fields, tuple);
		if (obstacle)
			json_true(&json, obstacle->key);
		else
			json_string(&json, "outcome", outcome);
		json_close(&json, '}');
		return;
	}
	tuple_print_end(stdout, &tuple->saddr, tuple->sport);
	putchar(' ');
	tuple_print_end(stdout, &tuple->daddr, tuple->dport);
	if (obstacle)
		printf(" %s\n", obstacle->text);
	else
		printf(" %s %s\n",
		       forge->to & RSTFAULT_END_SENDER ? "local" : "peer",
		       outcome);
}

/* Returns 0, or a negative errno with @err set. */
static int inject_one(struct genl *genl, const struct options *options,
		      const struct tuple *tuple,
		      const struct rule_forge *forge, struct err *err)
{
	const struct obstacle *obstacle;
	const char *name = NULL;
	char number[16];
	__u32 outcome;
	int ret;

	ret = nl_inject(genl, tuple, forge, &outcome, err);
	obstacle = find_obstacle(ret);
	if (!ret) {
		name = word_name(outcome_words, outcome);
		snprintf(number, sizeof(number), "%u", outcome);
		if (!name)
			name = number;
	}
	if (!ret || obstacle)
		print_outcome(options, tuple, forge, name, obstacle);
	return ret;
}

/*
 * One of them may have ended after it was found, or be half-open; that one has no
 * route is for the user to mend. The others are still to be reset.
 */
static int inject_each(struct genl *genl, const struct options *options,
		       const struct diag *diag, const struct rule_forge *forge,
		       struct err *err)
{
	size_t i, unreachable = 0;
	int ret;

	for (i = 0; i < diag->count; i++) {
		ret = inject_one(genl, options, &diag->tuple[i], forge, err);
		if (ret == -ENETUNREACH)
			unreachable++;
		else if (ret && !find_obstacle(ret))
			return ret;
	}
	if (unreachable)
		return err_set(err, "%zu of %zu connections have no route",
			       unreachable, diag->count);
	return 0;
}

/* The connection that rstctl is run from is not among them. */
static int check_ssh(const struct diag *diag, const struct options *options,
		     struct err *err)
{
	struct ssh ssh;
	size_t i;

	ssh_find(&ssh, options);
	for (i = 0; i < diag->count; i++) {
		if (ssh_is(&ssh, &diag->tuple[i]))
			return err_set(err,
				       "this would reset the SSH connection that rstctl is run from, to port %u; match less, or add 'force'",
				       ssh.in.dport);
	}
	return 0;
}

static int inject_all(struct genl *genl, const struct options *options,
		      const struct rule *rule, const struct rule_forge *forge,
		      struct err *err)
{
	int status = STATUS_OK;
	struct diag diag;

	if (diag_find(&diag, rule, err)) {
		status = STATUS_REFUSED;
	} else if (!diag.count) {
		err_set(err, "no connection matches");
		status = STATUS_REFUSED;
	} else if (!(rule->has & RULE_BIT(RSTFAULT_A_RULE_FORCE)) &&
		   check_ssh(&diag, options, err)) {
		status = STATUS_USAGE;
	} else if (inject_each(genl, options, &diag, forge, err)) {
		status = STATUS_REFUSED;
	}
	free(diag.tuple);
	return status;
}

static int run_inject(const struct options *options, int count,
		      char *const *words, struct err *err)
{
	struct rule_forge forge;
	struct rule rule;
	struct genl genl;
	int status;

	if (parse_inject(count, words, &rule, &forge, err))
		return STATUS_USAGE;
	status = nl_open(&genl, options, err);
	if (status)
		return status;
	status = inject_all(&genl, options, &rule, &forge, err);
	genl_close(&genl);
	return status;
}

const struct command cmd_inject = {
	.name = "inject",
	.syntax = "[MATCH...] [to local|peer|both] [OPTION...]",
	.summary = "reset connections of local sockets now",
	.help =
"  rstctl inject dport 5432\n"
"  192.0.2.1:40312 192.0.2.7:5432 local reset\n"
"  rstctl inject sport 80 daddr 192.0.2.0/24 to peer seq in-window\n"
"\n"
"Each line has the local end, the peer, and what became of the local end, or\n"
"of the peer if the RST was for that alone: reset, challenged, ignored, unsent\n"
"or unknown, as that of a peer on another host is. A half-open connection, which\n"
"a listener has not accepted yet, `has no connection`, and is left. Where one\n"
"`has no route` the others are reset, and the exit status is 2.\n"
"\n"
"MATCH   ip | ip6, saddr PREFIX (local), daddr PREFIX (of the peer),\n"
"        sport PORTS (local), dport PORTS (of the peer), uid U, mark V[/M],\n"
"        state S[,S...]: established unless it says otherwise\n"
"OPTION  seq exact|+N|-N|in-window|out-of-window, ack|noack|badack, ttl N,\n"
"        badsum: as for forge, see rstctl help add\n"
"        force  without any match: every connection, even that of SSH\n",
	.json = true,
	.run = run_inject,
};
