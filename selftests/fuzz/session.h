/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_SESSION_H
#define _FUZZ_SESSION_H

#include "lib/host.h"

#include "message.h"

#define SOCKETS 3

/* Sentences and errnos that were seen, to tell how much of the module was. */
#define SEEN_MAX 512

struct rule;

/**
 * struct answer - what the module says of a request
 * @replies: errors and acknowledgments of it
 * @err: the first of them, a negative errno or 0
 * @done: a dump has come to its end
 * @interrupted: the ruleset was changed under it
 * @rules: rules in it
 * @id: of the first rule that was added, 0: none was
 * @generation: where it has one
 * @text: a sentence, or empty
 */
struct answer {
	int replies;
	int err;
	bool done;
	bool interrupted;
	unsigned int rules;
	uint32_t id;
	uint32_t generation;
	char text[128];
};

/**
 * struct state - the ruleset, in numbers
 * @rules: how many there are
 * @generation: of it
 * @waiting: RSTs and copies that are to be sent
 * @held: segments that wait
 * @flows: connections that gates remember
 */
struct state {
	uint32_t rules;
	uint32_t generation;
	uint64_t waiting;
	uint64_t held;
	uint64_t flows;
};

/**
 * struct session - sockets of the family in a host of their own
 * @host: the host
 * @family: number of the family
 * @nl: the sockets
 * @seq: number of the last request that is not of the fuzzer
 * @wrong: what is wrong with the module, or empty
 */
struct session {
	struct host host;
	uint16_t family;
	struct mnl_socket *nl[SOCKETS];
	uint32_t seq;
	char wrong[256];
};

/**
 * struct seen - what the module has said so far
 * @count: of different sentences, with their errno
 * @text: the sentences
 */
struct seen {
	int count;
	char text[SEEN_MAX][140];
};

bool session_open(struct session *session);
void session_close(struct session *session);
bool session_reopen(struct session *session, int socket);
bool session_talk(struct session *session, int socket, const void *bytes,
		  size_t len, struct answer *answer, struct state *state);
bool session_start(struct session *session, int socket, const void *bytes,
		   size_t len);
bool session_state(struct session *session, struct state *state);
bool session_check_rules(struct session *session, unsigned int *count);
bool wrong(struct session *session, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void seen_add(struct seen *seen, const struct answer *answer);

#endif /* _FUZZ_SESSION_H */
