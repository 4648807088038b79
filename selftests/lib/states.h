/* SPDX-License-Identifier: GPL-2.0 */
/*
 * States of the client's end of a pair, how it gets there, and what a RST of
 * each kind has to do to it there. Included once by a test, behind
 * kselftest_harness.h.
 */
#ifndef _STATES_H
#define _STATES_H

#include <errno.h>
#include <time.h>

#include "capture.h"
#include "expect.h"
#include "mib.h"
#include "outcome.h"
#include "pair.h"
#include "rules.h"

/* How long to wait for what must not come. */
#define NOTHING_MS 20

/**
 * struct kind - a kind of RST
 * @name: of it
 * @words: how it is made, as behind "rstctl inject to local"
 * @outcome: RSTFAULT_OUTCOME_*
 * @before: its number is the one before the exact one
 * @badsum: its checksum is wrong
 */
struct kind {
	const char *name;
	const char *words;
	int outcome;
	bool before;
	bool badsum;
};

enum {
	KIND_EXACT,
	KIND_EXACT_ACK,
	KIND_EXACT_NOACK,
	KIND_EXACT_BADACK,
	KIND_IN_WINDOW,
	KIND_FAR_IN_WINDOW,
	KIND_BEFORE,
	KIND_OUT_OF_WINDOW,
	KIND_BADSUM,
};

static const struct kind kinds[] = {
	[KIND_EXACT] = { "exact", "", RSTFAULT_OUTCOME_RESET },
	[KIND_EXACT_ACK] = { "exact ack", "ack", RSTFAULT_OUTCOME_RESET },
	[KIND_EXACT_NOACK] = { "exact noack", "noack", RSTFAULT_OUTCOME_RESET },
	[KIND_EXACT_BADACK] = {
		"exact badack", "badack", RSTFAULT_OUTCOME_RESET
	},
	[KIND_IN_WINDOW] = {
		"in-window", "seq in-window", RSTFAULT_OUTCOME_CHALLENGED
	},
	[KIND_FAR_IN_WINDOW] = {
		"in-window +10000", "seq +10000", RSTFAULT_OUTCOME_CHALLENGED
	},
	[KIND_BEFORE] = {
		"before", "seq -1", RSTFAULT_OUTCOME_IGNORED, .before = true
	},
	[KIND_OUT_OF_WINDOW] = {
		"out-of-window", "seq out-of-window", RSTFAULT_OUTCOME_IGNORED
	},
	[KIND_BADSUM] = {
		"badsum", "badsum", RSTFAULT_OUTCOME_IGNORED, .badsum = true
	},
};

/**
 * struct state - a state
 * @name: of it
 * @state: TCP_*
 * @peer: that of the server's end meanwhile
 * @eof: the peer has sent FIN: there will be nothing to read
 * @shut: the client has sent FIN: nothing can be written
 * @lost: no FIN of the client arrives
 * @last: which FIN was sent last, where both were: true: that of the client
 * @error: what a RST ends it by
 * @before: the number before the exact one ends it, too, as that is the number
 *	that a RST has which was sent before the peer's FIN
 * @counted: it counts as an established connection that was reset
 */
struct state {
	const char *name;
	int state;
	int peer;
	bool eof;
	bool shut;
	bool lost;
	bool last;
	int error;
	bool before;
	bool counted;
};

/* A FIN is acknowledged only when there was time for data to come with that. */
static inline void state_wait(struct __test_metadata *_metadata, int fd,
			      int state, const char *what)
{
	const struct timespec moment = { .tv_nsec = 1000000 };
	int i;

	for (i = 0; i < COMES_MS && tcp_state(fd) != state; i++)
		nanosleep(&moment, NULL);
	ASSERT_EQ(state, tcp_state(fd)) {
		TH_LOG("%s: %s instead of %s", what,
		       tcp_state_name(tcp_state(fd)), tcp_state_name(state));
	}
}

/* The state of the client's end, also where nobody has the socket. */
static inline int pair_state(const FIXTURE_DATA(pair) *self, int family)
{
	return tcp_diag(&self->client, family, CLIENT, self->port,
			TCP_PORT_OPEN);
}

/* Bring a new connection into a state. */
static inline void state_reach(struct __test_metadata *_metadata,
			       FIXTURE_DATA(pair) *self, int family,
			       const struct state *state)
{
	pair_connect(_metadata, self, family);
	if (state->lost)
		ASSERT_EQ(0, rules_add(&self->server, "in fin sport %d drop",
				       self->port));
	if (state->eof && state->last)
		ASSERT_EQ(0, shutdown(self->peer, SHUT_WR));
	if (state->shut)
		ASSERT_EQ(0, shutdown(self->fd, SHUT_WR));
	if (state->eof && !state->last)
		ASSERT_EQ(0, shutdown(self->peer, SHUT_WR));
	state_wait(_metadata, self->fd, state->state, state->name);
	state_wait(_metadata, self->peer, state->peer, state->name);
}

/* What has to be seen of it while it is not at its end. */
static inline struct outcome state_alive(const struct state *state,
					 enum outcome_call first)
{
	struct outcome want = {
		.state = state->state,
		.poll = OUTCOME_OUT,
		.read = state->eof ? 0 : -EAGAIN,
		.write = state->shut ? -EPIPE : 1,
		.sigpipe = state->shut,
	};

	if (state->eof)
		want.poll |= OUTCOME_IN | OUTCOME_RDHUP;
	if (state->eof && state->shut)
		want.poll |= OUTCOME_HUP;
	want.epoll = want.poll;
	want.told = want.poll;
	if (first == OUTCOME_READ)
		want.first = want.read;
	if (first == OUTCOME_WRITE) {
		want.first = want.write;
		want.first_sigpipe = want.sigpipe;
	}
	return want;
}

/* What has to be seen of it behind a RST that ends it. */
static inline struct outcome state_ended(const struct state *state,
					 enum outcome_call first)
{
	struct outcome want = OUTCOME_ENDED(state->error, first);

	if (first == OUTCOME_WRITE && state->error == EPIPE)
		want.first_sigpipe = true;
	/* The end of what there is to read comes before an error. */
	if (first == OUTCOME_READ && state->eof) {
		want.first = 0;
		want.told = OUTCOME_DEAD;
		want.error = state->error;
	}
	return want;
}

/* What the peer hears: one ACK, or nothing. */
static inline void expect_answer(struct __test_metadata *_metadata, int heard,
				 uint16_t port, bool challenge,
				 const char *what)
{
	struct capture answer;

	if (challenge) {
		ASSERT_TRUE(capture_read(heard, &answer, COMES_MS)) {
			TH_LOG("%s: no challenge", what);
		}
		EXPECT_EQ(TH_ACK, answer.packet.flags) {
			TH_LOG("%s: answered by flags %#x", what,
			       answer.packet.flags);
		}
		EXPECT_EQ(0, answer.packet.payload);
		EXPECT_EQ(port, answer.packet.sport);
	}
	expect_none(_metadata, heard, NOTHING_MS, what);
}

/* The stack of the client has counted this since @before, and nothing else. */
static inline void expect_mib(struct __test_metadata *_metadata,
			      const struct host *host, const struct mib *before,
			      const struct mib *want, const char *what)
{
	struct mib after, change;
	const char *differs;

	ASSERT_EQ(0, mib_read(host, &after));
	mib_change(before, &after, &change);
	differs = mib_differs(&change, want);
	EXPECT_EQ(NULL, differs) {
		TH_LOG("%s: %s", what, differs);
	}
}

/* Send a RST to the client's end, and compare what the module says of it. */
static inline void inject(struct __test_metadata *_metadata,
			  FIXTURE_DATA(pair) *self, int family,
			  const char *options, int outcome, const char *what)
{
	char words[64];

	snprintf(words, sizeof(words), "to local %s", options);
	EXPECT_EQ(outcome, rules_inject(&self->client, family, CLIENT,
					self->port, TCP_PORT_OPEN, words)) {
		TH_LOG("%s", what);
	}
}

/*
 * A RST of a kind in a state: what it is answered by, what is counted, and what
 * the application sees, by this call first.
 */
static inline void try_reset(struct __test_metadata *_metadata,
			     FIXTURE_DATA(pair) *self, int family,
			     const struct state *state, const struct kind *kind,
			     enum outcome_call first)
{
	bool resets = kind->outcome == RSTFAULT_OUTCOME_RESET ||
		      (kind->before && state->before);
	bool challenged = kind->outcome == RSTFAULT_OUTCOME_CHALLENGED;
	int heard = capture_open(&self->server, family);
	struct mib before, change = {};
	char what[64];

	ASSERT_LE(0, heard);
	snprintf(what, sizeof(what), "%s, %s, %s", state->name, kind->name,
		 outcome_calls[first]);
	state_reach(_metadata, self, family, state);
	capture_drain(heard);
	ASSERT_EQ(0, mib_read(&self->client, &before));

	inject(_metadata, self, family, kind->words,
	       resets ? RSTFAULT_OUTCOME_RESET : kind->outcome, what);
	change.value[MIB_ESTAB_RESETS] = resets && state->counted;
	change.value[MIB_CHALLENGE_ACK] = challenged;
	change.value[MIB_IN_ERRS] = kind->badsum;
	change.value[MIB_IN_CSUM_ERRORS] = kind->badsum;
	expect_mib(_metadata, &self->client, &before, &change, what);
	expect_answer(_metadata, heard, self->port, challenged, what);
	EXPECT_OUTCOME(resets ? state_ended(state, first) :
				state_alive(state, first),
		       self->fd, first, what);
	EXPECT_EQ(resets ? TCP_NO_SOCKET : state->state,
		  pair_state(self, family)) {
		TH_LOG("%s", what);
	}

	pair_abort(self);
	close(heard);
}

#define TEST_RESET(name, state, kind, first)				\
TEST_F(pair, name)							\
{									\
	try_reset(_metadata, self, variant->family, &(state),		\
		  &kinds[kind], first);					\
}

/* A RST that ends the connection: the first call is told so. */
#define TEST_ENDS(state, name, kind)					\
	TEST_RESET(name##_so_error, state, kind, OUTCOME_SO_ERROR)	\
	TEST_RESET(name##_read, state, kind, OUTCOME_READ)		\
	TEST_RESET(name##_write, state, kind, OUTCOME_WRITE)

/* One that does not. */
#define TEST_LIVES(state, name, kind) \
	TEST_RESET(name, state, kind, OUTCOME_SO_ERROR)

#endif /* _STATES_H */
