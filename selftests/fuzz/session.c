// SPDX-License-Identifier: GPL-2.0
/*
 * What is asked of the module after each message: it answers, in the way that
 * netlink has, and every rule that it has taken can be said in words.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "batch.h"
#include "nl.h"
#include "parse.h"
#include "print.h"
#include "rulefile.h"

#include "lib/family.h"

#include "session.h"

/* Nothing may take as long as that, not even in a slow machine. */
#define PATIENCE_S 60

/**
 * wrong() - note what is wrong with the module
 * @session: gets it, if it is the first
 * @format: what it is
 *
 * Return: false.
 */
bool wrong(struct session *session, const char *format, ...)
{
	va_list args;

	if (*session->wrong)
		return false;
	va_start(args, format);
	vsnprintf(session->wrong, sizeof(session->wrong), format, args);
	va_end(args);
	return false;
}

/* What the module, and netlink for it, may say. */
static bool known_error(int err)
{
	static const int known[] = {
		0, EINVAL, ERANGE, ENOENT, ESTALE, ENOSPC, EEXIST, EAFNOSUPPORT,
		E2BIG, EOPNOTSUPP, ENOTDIR, ENOTCONN, ENODEV, EDESTADDRREQ,
		EPERM, EOVERFLOW, ENETUNREACH, EINTR, EMSGSIZE,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(known); i++) {
		if (err == -known[i])
			return true;
	}
	return false;
}

static bool open_socket(struct session *session, int socket)
{
	struct timeval patience = { .tv_sec = PATIENCE_S };
	int one = 1, err;

	err = host_enter(&session->host);
	if (err)
		return wrong(session, "no host: %s", strerror(-err));
	session->nl[socket] = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	err = host_leave();
	if (!session->nl[socket] || err ||
	    mnl_socket_bind(session->nl[socket], 0, MNL_SOCKET_AUTOPID) ||
	    mnl_socket_setsockopt(session->nl[socket], NETLINK_EXT_ACK, &one,
				  sizeof(one)) ||
	    setsockopt(mnl_socket_get_fd(session->nl[socket]), SOL_SOCKET,
		       SO_RCVTIMEO, &patience, sizeof(patience)))
		return wrong(session, "no socket: %s", strerror(errno));
	return true;
}

/**
 * session_open() - a new host, and sockets in it
 * @session: to be closed by session_close()
 *
 * Return: false: @session->wrong says why.
 */
bool session_open(struct session *session)
{
	struct family family;
	int i, err;

	memset(session, 0, sizeof(*session));
	err = host_init(&session->host);
	if (!err)
		err = family_open(&family, &session->host);
	if (err)
		return wrong(session, "cannot begin: %s", strerror(-err));
	session->family = family.id;
	family_close(&family);
	for (i = 0; i < SOCKETS; i++) {
		if (!open_socket(session, i))
			return false;
	}
	return true;
}

/**
 * session_close() - close what session_open() has opened
 * @session: the session
 */
void session_close(struct session *session)
{
	int i;

	for (i = 0; i < SOCKETS; i++) {
		if (session->nl[i])
			mnl_socket_close(session->nl[i]);
	}
	host_free(&session->host);
}

/**
 * session_reopen() - close a socket, and open another one
 * @session: the session
 * @socket: which one; rules that it owns go, and so does a dump of it
 *
 * Return: false: @session->wrong says why.
 */
bool session_reopen(struct session *session, int socket)
{
	mnl_socket_close(session->nl[socket]);
	session->nl[socket] = NULL;
	return open_socket(session, socket);
}

static bool read_ack(struct session *session, const struct nlmsghdr *ack,
		     struct answer *answer)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(ack);
	unsigned int len = sizeof(*err);
	const struct nlattr *attr;

	if (!known_error(err->error))
		return wrong(session, "errno %d (%s)", -err->error,
			     strerror(-err->error));
	if (!answer->replies++)
		answer->err = err->error;
	if (!(ack->nlmsg_flags & NLM_F_ACK_TLVS))
		return true;
	if (!(ack->nlmsg_flags & NLM_F_CAPPED))
		len += mnl_nlmsg_get_payload_len(&err->msg);
	mnl_attr_for_each(attr, ack, len) {
		if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG)
			snprintf(answer->text, sizeof(answer->text), "%s",
				 mnl_attr_get_str(attr));
		if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_OFFS &&
		    mnl_attr_get_u32(attr) >= err->msg.nlmsg_len)
			return wrong(session,
				     "the attribute to blame is at %u of %u",
				     mnl_attr_get_u32(attr),
				     err->msg.nlmsg_len);
	}
	return true;
}

static void read_stats(const struct nlattr *nest, struct state *state)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, nest) {
		switch (mnl_attr_get_type(attr)) {
		case RSTFAULT_A_STATS_WAITING:
			state->waiting = mnl_attr_get_u64(attr);
			break;
		case RSTFAULT_A_STATS_HELD:
			state->held = mnl_attr_get_u64(attr);
			break;
		case RSTFAULT_A_STATS_FLOWS:
			state->flows = mnl_attr_get_u64(attr);
			break;
		}
	}
}

/* What the module sends as an answer; @state: to our own question. */
static void read_data(const struct nlmsghdr *nlh, struct answer *answer,
		      struct state *state)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, GENL_HDRLEN) {
		switch (mnl_attr_get_type(attr)) {
		case RSTFAULT_A_RULE:
			answer->rules++;
			break;
		case RSTFAULT_A_ID:
			answer->id = mnl_attr_get_u32(attr);
			break;
		case RSTFAULT_A_GENERATION:
			answer->generation = mnl_attr_get_u32(attr);
			if (state)
				state->generation = answer->generation;
			break;
		case RSTFAULT_A_RULES:
			if (state)
				state->rules = mnl_attr_get_u32(attr);
			break;
		case RSTFAULT_A_STATS:
			if (state)
				read_stats(attr, state);
			break;
		}
	}
}

static size_t put_question(struct session *session, char *buf)
{
	struct nlmsghdr *nlh = nl_request(buf, session->family,
					  RSTFAULT_CMD_INFO_GET);

	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	/* No request of the fuzzer has such a number. */
	nlh->nlmsg_seq = 0xf0000000 | session->seq++;
	return nlh->nlmsg_len;
}

/* Read until our own question is answered, and every dump has ended. */
static bool read_answers(struct session *session, int socket, uint32_t seq,
			 struct answer *answer, struct state *state)
{
	bool answered = false, dumping = false;
	struct answer own = {};
	struct nlmsghdr *nlh;
	char buf[65536];
	ssize_t got;
	int len;

	while (!answered || dumping) {
		got = mnl_socket_recvfrom(session->nl[socket], buf,
					  sizeof(buf));
		if (got < 0)
			return wrong(session, "no answer: %s",
				     strerror(errno));
		len = got;
		for (nlh = (void *)buf; mnl_nlmsg_ok(nlh, len);
		     nlh = mnl_nlmsg_next(nlh, &len)) {
			bool ours = nlh->nlmsg_seq == seq;

			if (nlh->nlmsg_flags & NLM_F_MULTI)
				dumping = nlh->nlmsg_type != NLMSG_DONE;
			if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
				answer->interrupted = true;
			if (nlh->nlmsg_type == NLMSG_ERROR) {
				if (!read_ack(session, nlh,
					      ours ? &own : answer))
					return false;
				answered |= ours;
			} else if (nlh->nlmsg_type == NLMSG_DONE) {
				answer->done = true;
			} else {
				read_data(nlh, ours ? &own : answer,
					  ours ? state : NULL);
			}
		}
	}
	if (own.err)
		return wrong(session, "info-get fails: %s",
			     strerror(-own.err));
	return true;
}

/**
 * session_start() - send a request, and do not read what is said to it
 * @session: the session
 * @socket: by which socket
 * @bytes: the request
 * @len: its bytes
 *
 * Return: false: @session->wrong says why.
 */
bool session_start(struct session *session, int socket, const void *bytes,
		   size_t len)
{
	if (mnl_socket_sendto(session->nl[socket], bytes, len) < 0)
		return wrong(session, "send: %s", strerror(errno));
	return true;
}

/**
 * session_talk() - send a request, and read what is said to it
 * @session: the session
 * @socket: by which socket
 * @bytes: the request, or whatever it is; its sequence number is below 2^31
 * @len: its bytes; 0: what session_start() has sent
 * @answer: gets what is said
 * @state: gets the state behind it
 *
 * Return: false: @session->wrong says why.
 */
bool session_talk(struct session *session, int socket, const void *bytes,
		  size_t len, struct answer *answer, struct state *state)
{
	char question[MNL_SOCKET_BUFFER_SIZE];
	uint32_t seq;

	memset(answer, 0, sizeof(*answer));
	memset(state, 0, sizeof(*state));
	if (len && !session_start(session, socket, bytes, len))
		return false;
	len = put_question(session, question);
	seq = ((struct nlmsghdr *)question)->nlmsg_seq;
	return session_start(session, socket, question, len) &&
	       read_answers(session, socket, seq, answer, state);
}

/**
 * session_state() - the ruleset, in numbers
 * @session: the session
 * @state: gets them
 *
 * Return: false: @session->wrong says why.
 */
bool session_state(struct session *session, struct state *state)
{
	struct answer answer;

	return session_talk(session, 0, NULL, 0, &answer, state);
}

/* A rule of the module is one of rstctl, which would add it as it is. */
static bool check_rule(struct session *session, const struct rule *rule,
		       struct batch *batch)
{
	struct rulefile file = { .name = "list" };
	char *text = NULL, *second = NULL;
	struct err err = {};
	struct rule again;
	size_t len;
	FILE *out;

	if (rule->incomplete)
		return wrong(session, "rstctl does not understand rule %u",
			     rule->id);
	out = open_memstream(&text, &len);
	if (!out)
		return wrong(session, "no memory");
	print_rule(out, rule);
	fclose(out);

	file.in = fmemopen(text, len, "r");
	if (rulefile_next(&file, &again, &err) != RULEFILE_RULE) {
		wrong(session, "'%s' is listed, and refused: %s", text,
		      err.text);
	} else {
		out = open_memstream(&second, &len);
		print_rule(out, &again);
		fclose(out);
		if (strcmp(text, second))
			wrong(session, "'%s' is read as '%s'", text, second);
		else if (batch_add(batch, &again, 0, &err))
			wrong(session, "%s", err.text);
	}
	rulefile_close(&file);
	free(second);
	free(text);
	return !*session->wrong;
}

/* Each rule of the list, and whether all of them could be loaded again. */
static void check_rules(struct session *session, struct genl *genl,
			const struct rules *rules)
{
	struct batch batch;
	struct rule rule;
	struct err err;
	size_t pos = 0;

	if (batch_begin(&batch, &err) ||
	    batch_flag(&batch, RSTFAULT_A_REPLACE, &err) ||
	    batch_flag(&batch, RSTFAULT_A_CHECK, &err))
		wrong(session, "%s", err.text);
	while (!*session->wrong && nl_rules_next(rules, &pos, &rule))
		check_rule(session, &rule, &batch);
	if (!*session->wrong && pos < rules->len)
		wrong(session, "a rule in the list makes no sense");
	if (!*session->wrong && batch.count &&
	    nl_commit(genl, &batch, &err))
		wrong(session, "what is listed cannot be loaded: rule %d: %s",
		      genl->refused, err.text);
	batch_free(&batch);
}

/**
 * session_check_rules() - list the rules as rstctl does, and try each
 * @session: the session
 * @count: gets their number
 *
 * Return: false: @session->wrong says why.
 */
bool session_check_rules(struct session *session, unsigned int *count)
{
	struct rules rules = {};
	struct err err = {};
	struct genl genl;
	int ret;

	ret = host_enter(&session->host);
	if (ret)
		return wrong(session, "no host: %s", strerror(-ret));
	ret = genl_open(&genl, RSTFAULT_FAMILY_NAME, &err);
	host_leave();
	if (ret)
		return wrong(session, "%s", err.text);
	if (nl_list(&genl, &rules, &err))
		wrong(session, "the list: %s", err.text);
	else
		check_rules(session, &genl, &rules);
	genl_close(&genl);
	*count = rules.count;
	free(rules.data);
	return !*session->wrong;
}

/**
 * seen_add() - note what the module has said
 * @seen: what it has said so far
 * @answer: what it says now
 */
void seen_add(struct seen *seen, const struct answer *answer)
{
	char text[sizeof(seen->text[0])];
	int i;

	if (!answer->replies || !answer->err)
		return;
	snprintf(text, sizeof(text), "%d %s", -answer->err, answer->text);
	for (i = 0; i < seen->count; i++) {
		if (!strcmp(seen->text[i], text))
			return;
	}
	if (seen->count < SEEN_MAX)
		strcpy(seen->text[seen->count++], text);
}
