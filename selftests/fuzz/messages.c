// SPDX-License-Identifier: GPL-2.0
/*
 * Requests of the family that are nearly right: the module answers each of them
 * in a way that is known, a request that is refused has changed nothing, and
 * what has been taken can be listed, loaded again, and flushed.
 *
 *	messages [-s SEED] [-c COUNT | -t SECONDS] [-n FIRST] [-v]
 *
 * Each round has a host of its own. To see case 1234 of a seed alone, say its
 * seed and -n 1234: the round is played from its beginning, and ends there.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "nl.h"

#include "lib/tcp.h"

#include "options.h"
#include "request.h"
#include "session.h"

#define ROUND 128

/**
 * struct round - what is known of the host of a round
 * @session: its sockets
 * @fuzz: what to do
 * @subject: what its requests are about; the case
 * @message: its request
 * @other: another one, that parts are taken from
 * @before: the ruleset in front of it
 * @expires: rules go by themselves, so numbers can change at any time
 * @listener: for connections of the host to itself
 * @fd: one of these
 */
struct round {
	struct session session;
	const struct fuzz *fuzz;
	struct subject subject;
	struct message message;
	struct message other;
	struct state before;
	bool expires;
	int listener;
	int fd;
};

static struct seen seen;
static uint64_t taken, refused;

/* How often an attribute is at the top of a request. */
static unsigned int count_top(const struct message *message, uint16_t type)
{
	unsigned int count = 0;
	int i;

	for (i = 0; i < message->nr_places; i++) {
		const struct place *place = &message->places[i];
		const struct nlattr *attr = (void *)(message->buf + place->offset);

		if (place->parent < 0 && mnl_attr_get_type(attr) == type)
			count++;
	}
	return count;
}

/* Could any rule of a request have a lifetime? */
static bool may_expire(const struct message *message)
{
	int i;

	for (i = 0; i < message->nr_places; i++) {
		const struct nlattr *attr =
			(void *)(message->buf + message->places[i].offset);

		if (mnl_attr_get_type(attr) == RSTFAULT_A_RULE_LIFETIME)
			return true;
	}
	return false;
}

/* What the request comes to, if it was taken: nothing else has changed. */
static bool judge_taken(struct round *round, const struct answer *answer,
			const struct state *after)
{
	const struct message *message = &round->message;
	const struct genlmsghdr *genl = (void *)(message->buf + NLMSG_HDRLEN);
	unsigned int rules = count_top(message, RSTFAULT_A_RULE);
	unsigned int expected = round->before.rules;
	struct session *session = &round->session;
	bool changes = false;

	switch (genl->cmd) {
	case RSTFAULT_CMD_RULE_ADD:
		changes = !count_top(message, RSTFAULT_A_CHECK);
		if (changes && count_top(message, RSTFAULT_A_REPLACE))
			expected = 0;
		expected += changes ? rules : 0;
		if (changes && (!answer->id ||
				answer->generation != after->generation))
			return wrong(session,
				     "rule-add tells id %u, generation %u of %u",
				     answer->id, answer->generation,
				     after->generation);
		break;
	case RSTFAULT_CMD_RULE_DEL:
		changes = true;
		expected--;
		break;
	case RSTFAULT_CMD_FLUSH:
		changes = true;
		expected = 0;
		break;
	}
	if (after->rules != expected)
		return wrong(session, "operation %u: %u rules, not %u",
			     genl->cmd, after->rules, expected);
	if (!changes && after->generation != round->before.generation)
		return wrong(session, "operation %u changes the generation",
			     genl->cmd);
	return true;
}

static bool judge(struct round *round, const struct answer *answer,
		  const struct state *after)
{
	const struct state *before = &round->before;
	const struct message *message = &round->message;

	if (answer->replies && answer->err)
		refused++;
	else if (answer->replies || answer->done)
		taken++;
	if (answer->id)
		round->subject.last_id = answer->id;
	seen_add(&seen, answer);

	if (message->len < NLMSG_HDRLEN + GENL_HDRLEN)
		return true;
	if (!answer->err && may_expire(message))
		round->expires = true;
	/* Bytes behind the end are a request of their own. */
	if (round->expires || message->len != message->nlh.nlmsg_len ||
	    !(message->nlh.nlmsg_flags & NLM_F_ACK))
		return true;
	if (answer->replies > 1)
		return wrong(&round->session, "%d acknowledgments",
			     answer->replies);
	/* What is no request is acknowledged, and that is all. */
	if (answer->replies && !answer->err &&
	    message->nlh.nlmsg_flags & NLM_F_REQUEST)
		return judge_taken(round, answer, after);
	if (after->rules != before->rules ||
	    after->generation != before->generation)
		return wrong(&round->session,
			     "nothing was done, but there were %u rules of generation %u, and are %u of %u",
			     before->rules, before->generation, after->rules,
			     after->generation);
	return true;
}

static bool connect_self(struct round *round)
{
	struct sockaddr_in from, to = {
		.sin_family = AF_INET, .sin_port = htons(TCP_PORT_OPEN),
		.sin_addr = { htonl(INADDR_LOOPBACK) },
	};
	struct rule_prefix saddr, daddr;
	socklen_t len = sizeof(from);

	if (round->fd >= 0)
		close(round->fd);
	if (host_enter(&round->session.host))
		return wrong(&round->session, "no host");
	round->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
			   0);
	host_leave();
	if (round->fd < 0)
		return wrong(&round->session, "no socket");
	/* Rules may be in the way. */
	if (connect(round->fd, (void *)&to, sizeof(to)) &&
	    errno != EINPROGRESS && errno != ECONNREFUSED)
		return wrong(&round->session, "connect: %s", strerror(errno));
	if (getsockname(round->fd, (void *)&from, &len))
		return wrong(&round->session, "no address");
	tuple_address(&saddr, AF_INET, &from.sin_addr);
	tuple_address(&daddr, AF_INET, &to.sin_addr);
	tuple_set(&round->subject.tuple, &saddr, ntohs(from.sin_port), &daddr,
		  TCP_PORT_OPEN);
	return true;
}

/* A dump that is left open while the ruleset changes, or for ever. */
static bool interrupt(struct round *round, struct random *random)
{
	int socket = 1 + random_below(random, SOCKETS - 1);
	struct session *session = &round->session;
	struct state before = round->before, after;
	struct message *message = &round->message;
	struct answer answer;

	request_begin(&round->subject, message, RSTFAULT_CMD_RULE_GET);
	message->nlh.nlmsg_flags |= NLM_F_DUMP;
	if (!session_start(session, socket, message->buf,
			   message->nlh.nlmsg_len))
		return false;
	request_begin(&round->subject, message, RSTFAULT_CMD_RULE_ADD);
	request_add(&round->subject, random, message);
	message->len = message->nlh.nlmsg_len;
	message_map(message);
	round->expires |= may_expire(message);
	if (!session_talk(session, 0, message->buf, message->len, &answer,
			  &round->before))
		return false;
	if (random_one_in(random, 2)) {
		/* Owned rules of it go. */
		return session_reopen(session, socket) &&
		       session_state(session, &round->before);
	}
	if (!session_talk(session, socket, NULL, 0, &answer, &after))
		return false;
	if (!answer.done)
		return wrong(session, "a dump has no end");
	if (!answer.interrupted && answer.rules != before.rules &&
	    !round->expires)
		return wrong(session, "a dump of %u of %u rules", answer.rules,
			     before.rules);
	return true;
}

static bool play_case(struct round *round)
{
	int socket;
	struct session *session = &round->session;
	struct message *message = &round->message;
	struct random random;
	struct answer answer;
	struct state after;
	unsigned int count;

	random_begin(&random, round->fuzz->seed, round->subject.nr);
	socket = random_below(&random, SOCKETS);
	if (random_one_in(&random, 24) && !interrupt(round, &random))
		return false;
	if (random_one_in(&random, 12) && !connect_self(round))
		return false;

	round->subject.generation = round->before.generation;
	request_make(&round->subject, &random, message);
	request_make(&round->subject, &random, &round->other);
	if (!random_one_in(&random, 8))
		message_mutate(&random, message, &round->other);
	message_map(message);
	if (!session_talk(session, socket, message->buf, message->len, &answer,
			  &after))
		return false;
	if (round->fuzz->verbose)
		printf("# %llu: %zu bytes: %d %s\n",
		       (unsigned long long)round->subject.nr, message->len, answer.err,
		       answer.text);
	if (!judge(round, &answer, &after))
		return false;
	if (random_one_in(&random, 16) &&
	    !session_check_rules(session, &count))
		return false;
	/* A check, or time, may have changed it. */
	return session_state(session, &round->before);
}

static bool begin_round(struct round *round)
{
	round->subject.last_id = 0;
	round->expires = false;
	round->listener = -1;
	round->fd = -1;
	if (!session_open(&round->session))
		return false;
	round->listener = tcp_listen(&round->session.host, AF_INET,
				     TCP_PORT_OPEN);
	if (round->listener < 0)
		return wrong(&round->session, "no listener");
	round->subject.family = round->session.family;
	/* Nothing is sure of numbers that time changes. */
	round->subject.mortal = round->subject.nr / ROUND % 4 == 3;
	return connect_self(round) &&
	       session_state(&round->session, &round->before);
}

/* Nothing remains of it. */
static bool end_round(struct round *round)
{
	struct session *session = &round->session;
	struct message *message = &round->message;
	struct answer answer;
	struct state state;
	unsigned int count;
	int tries;

	if (!session_check_rules(session, &count))
		return false;
	request_begin(&round->subject, message, RSTFAULT_CMD_FLUSH);
	if (!session_talk(session, 0, message->buf, message->nlh.nlmsg_len,
			  &answer, &state))
		return false;
	if (answer.err)
		return wrong(session, "flush: %s", strerror(-answer.err));
	/* What was held is on its way. */
	for (tries = 0; tries < 1000 && (state.held || state.waiting ||
					 state.flows); tries++) {
		host_settle();
		if (!session_state(session, &state))
			return false;
	}
	if (state.rules || state.held || state.waiting || state.flows)
		return wrong(session,
			     "behind flush: %u rules, %llu held, %llu waiting, %llu flows",
			     state.rules, (unsigned long long)state.held,
			     (unsigned long long)state.waiting,
			     (unsigned long long)state.flows);
	return true;
}

static void close_round(struct round *round)
{
	if (round->fd >= 0)
		close(round->fd);
	if (round->listener >= 0)
		close(round->listener);
	session_close(&round->session);
}

static void tell(const struct round *round)
{
	const struct message *message = &round->message;
	size_t i;

	printf("# case %llu: %s\n", (unsigned long long)round->subject.nr,
	       round->session.wrong);
	printf("# again: messages -s %llu -n %llu -c 1\n# ",
	       (unsigned long long)round->fuzz->seed,
	       (unsigned long long)round->subject.nr);
	for (i = 0; i < message->len; i++)
		printf("%02x", message->buf[i]);
	puts("");
}

/* Play cases up to the end of a round, or of all. */
static bool play_round(struct round *round)
{
	bool good = begin_round(round);

	do {
		good = good && play_case(round);
		round->subject.nr += good;
	} while (good && round->subject.nr % ROUND &&
		 fuzz_goes_on(round->fuzz, round->subject.nr));
	good = good && end_round(round);
	if (!good)
		tell(round);
	close_round(round);
	return good;
}

int main(int argc, char **argv)
{
	struct fuzz fuzz = { .seed = 1, .count = 1000 };
	static struct round round;
	bool good = true;
	uint64_t first;
	int i;

	fuzz_options(&fuzz, argc, argv);
	round.fuzz = &fuzz;
	first = fuzz.first - fuzz.first % ROUND;
	round.subject.nr = first;

	ksft_print_header();
	ksft_set_plan(1);
	while (good && fuzz_goes_on(&fuzz, round.subject.nr))
		good = play_round(&round);
	if (fuzz.verbose) {
		for (i = 0; i < seen.count; i++)
			printf("# %s\n", seen.text[i]);
	}
	printf("# %llu messages fuzzed: up to %llu of seed %llu;\n",
	       (unsigned long long)(round.subject.nr - first),
	       (unsigned long long)round.subject.nr,
	       (unsigned long long)fuzz.seed);
	printf("# %llu taken, %llu refused in %d ways\n",
	       (unsigned long long)taken, (unsigned long long)refused,
	       seen.count);
	ksft_test_result(good, "messages\n");
	ksft_finished();
}
