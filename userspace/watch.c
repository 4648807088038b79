// SPDX-License-Identifier: GPL-2.0
/*
 * Have an event for every segment of some connections: by shadow rules, which
 * change nothing, and which go with our socket. They stand in front, as behind
 * a rule that decides no other one is asked.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "batch.h"
#include "diag.h"
#include "err.h"
#include "nl.h"
#include "parser.h"
#include "value.h"
#include "watch.h"
#include "words.h"

#define SECOND		1000000000ull

/* How often the first rule may vanish while ours are put in front of it. */
#define TRIES		3

/* Milliseconds after which to see whether our rules are still there. */
#define CHECK_MS	1000

/* What both directions of a connection have. */
static const struct word connection_words[] = {
	{ "ip", RSTFAULT_A_RULE_FAMILY },
	{ "ip6", RSTFAULT_A_RULE_FAMILY },
	{ "saddr", RSTFAULT_A_RULE_SADDR4 },
	{ "daddr", RSTFAULT_A_RULE_DADDR4 },
	{ "sport", RSTFAULT_A_RULE_SPORT },
	{ "dport", RSTFAULT_A_RULE_DPORT },
	{ NULL, 0 }
};

/**
 * watch_parse() - which connections are they?
 * @watch: what to initialize
 * @count: number of words
 * @words: matches
 * @err: where an error is returned
 *
 * Return: 0, or -1 with @err set
 */
int watch_parse(struct watch *watch, int count, char *const *words,
		struct err *err)
{
	struct parser p = {
		.word = words, .left = count, .rule = &watch->match, .err = err,
	};
	const struct word *found;
	const char *word;

	memset(watch, 0, sizeof(*watch));
	while ((word = parser_peek(&p))) {
		if (value_length(word, err))
			return -1;
		found = word_find(connection_words, word);
		if (!found)
			return parser_wrong(err, word,
					    "a match of connections",
					    connection_words, NULL);
		if (parse_match(&p, found))
			return -1;
	}
	return parse_matches_end(&p);
}

static void turn(struct rule *rule)
{
	struct rule_prefix addr = rule->saddr;
	struct rule_ports port = rule->sport;

	rule->saddr = rule->daddr;
	rule->daddr = addr;
	rule->sport = rule->dport;
	rule->dport = port;
}

static bool has_direction(const struct rule *rule)
{
	return rule->saddr.family || rule->daddr.family || rule->sport.count ||
	       rule->dport.count;
}

/*
 * At one hook, in one direction: a rule that asks for the socket, so that its
 * state is told, and one for segments without a socket.
 */
static int add_pair(struct batch *batch, const struct rule *match, __u32 hook,
		    struct err *err)
{
	struct rule rule = *match;
	const struct word *state;

	rule.hook = hook;
	rule.segment = RSTFAULT_SEGMENT_ANY;
	rule.action = RSTFAULT_ACTION_PASS;
	rule.has |= RULE_BIT(RSTFAULT_A_RULE_SHADOW) |
		    RULE_BIT(RSTFAULT_A_RULE_STATE);
	for (state = state_words; state->name; state++)
		rule.state |= state->value;
	if (batch_add(batch, &rule, 0, err))
		return -1;
	rule.has &= ~RULE_BIT(RSTFAULT_A_RULE_STATE);
	return batch_add(batch, &rule, 0, err);
}

static int add_all(struct batch *batch, const struct rule *match,
		   struct err *err)
{
	static const __u32 hooks[] = { RSTFAULT_HOOK_IN, RSTFAULT_HOOK_OUT };
	struct rule back = *match;
	size_t i;

	turn(&back);
	for (i = 0; i < sizeof(hooks) / sizeof(hooks[0]); i++) {
		if (add_pair(batch, match, hooks[i], err) ||
		    (has_direction(match) &&
		     add_pair(batch, &back, hooks[i], err)))
			return -1;
	}
	return 0;
}

/* The id of the first rule, 0 if there is none; how many are ours. */
static int look(struct watch *watch, __u32 *first, unsigned int *own,
		struct err *err)
{
	__u32 portid = mnl_socket_get_portid(watch->genl.sock);
	struct rules rules;
	struct rule rule;
	size_t pos = 0;
	int ret;

	*first = 0;
	*own = 0;
	ret = nl_list(&watch->genl, &rules, err);
	while (!ret && nl_rules_next(&rules, &pos, &rule)) {
		if (!*first)
			*first = rule.id;
		if (rule.has & RULE_BIT(RSTFAULT_A_RULE_OWNER) &&
		    rule.owner == portid)
			++*own;
	}
	free(rules.data);
	return ret;
}

static int add_before(struct watch *watch, __u32 first, struct err *err)
{
	struct batch batch;
	int ret = -EINVAL;

	if (!batch_begin(&batch, err) &&
	    !batch_flag(&batch, RSTFAULT_A_OWN, err)) {
		if (first)
			mnl_attr_put_u32(batch.request, RSTFAULT_A_BEFORE,
					 first);
		if (!add_all(&batch, &watch->match, err))
			ret = nl_commit(&watch->genl, &batch, err);
		watch->rules = batch.count;
	}
	batch_free(&batch);
	return ret;
}

/* Which ruleset it is now; what is changed behind that is found later. */
static int ask_generation(struct watch *watch, __u32 *generation,
			  struct err *err)
{
	struct info info;
	int ret = nl_info(&watch->genl, &info, err);

	*generation = info.generation;
	return ret;
}

static __s64 now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000ll + now.tv_nsec / 1000000;
}

/**
 * watch_left() - how long until watch_again() has to look
 * @watch: the connections
 *
 * Return: milliseconds; 0 if it is time
 */
int watch_left(const struct watch *watch)
{
	__s64 left = watch->due - now_ms();

	return left > 0 ? left : 0;
}

/**
 * watch_again() - see that our rules are still there, and add them if not
 * @watch: the connections
 * @replaced: where it is returned whether they were not
 * @err: where an error is returned
 *
 * Return: 0 or a negative errno
 */
int watch_again(struct watch *watch, bool *replaced, struct err *err)
{
	unsigned int own, tries;
	__u32 generation, first;
	int ret;

	*replaced = false;
	watch->due = now_ms() + CHECK_MS;
	ret = ask_generation(watch, &generation, err);
	if (ret || (watch->rules && generation == watch->generation))
		return ret;
	for (tries = 0; tries < TRIES; tries++) {
		ret = look(watch, &first, &own, err);
		if (ret || (watch->rules && own >= watch->rules))
			break;
		*replaced = watch->rules;
		ret = add_before(watch, first, err);
		if (ret != -ENOENT)
			break;
	}
	watch->generation = generation;
	return ret;
}

/**
 * watch_open() - begin to watch
 * @watch: the connections, in the network namespace of this process;
 *	watch_close() must follow
 * @options: where rules go
 * @err: where an error is returned
 *
 * Return: 0 or a negative errno
 */
int watch_open(struct watch *watch, const struct options *options,
	       struct err *err)
{
	bool replaced;
	int ret;

	ssh_find(&watch->ssh, options);
	ret = genl_open(&watch->genl, RSTFAULT_FAMILY_NAME, err);
	if (!ret)
		ret = genl_socket(&watch->diag, NETLINK_SOCK_DIAG, err);
	return ret ? ret : watch_again(watch, &replaced, err);
}

/**
 * watch_close() - watch no longer
 * @watch: the connections
 */
void watch_close(struct watch *watch)
{
	genl_close(&watch->genl);
	genl_close(&watch->diag);
}

/**
 * watch_wants() - is that one of the connections?
 * @watch: the connections
 * @tuple: of either direction
 *
 * Return: true if it is
 */
bool watch_wants(const struct watch *watch, const struct tuple *tuple)
{
	struct rule back = watch->match;

	turn(&back);
	return !ssh_is(&watch->ssh, tuple) &&
	       (tuple_matches(&watch->match, tuple) ||
		tuple_matches(&back, tuple));
}

/**
 * watch_state() - has a socket another state now?
 * @watch: the connections
 * @connection: its connection
 * @end: at which end
 * @event: where that is returned
 *
 * Return: true if it has; false also where there never was a socket
 */
bool watch_state(struct watch *watch,
		 const struct ladder_connection *connection,
		 enum ladder_end end, struct event *event)
{
	const struct tuple *tuple = &connection->tuple;
	struct timespec now;
	struct err err;

	memset(event, 0, sizeof(*event));
	event->tuple = *tuple;
	if (end == LADDER_SERVER)
		tuple_set(&event->tuple, &tuple->daddr, tuple->dport,
			  &tuple->saddr, tuple->sport);
	if (!connection->state[end] ||
	    diag_state(&watch->diag, &event->tuple, &event->socket_state,
		       &err) ||
	    event->socket_state == connection->state[end])
		return false;
	clock_gettime(CLOCK_REALTIME, &now);
	event->time = now.tv_sec * SECOND + now.tv_nsec;
	event->has = RULE_BIT(RSTFAULT_A_EVENT_TIME) |
		     RULE_BIT(RSTFAULT_A_EVENT_SOCKET_STATE);
	return true;
}
