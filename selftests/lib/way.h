/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WAY_H
#define _WAY_H

#include <stdbool.h>

#include "capture.h"

struct host;
struct packet;

/* The hooks, by RSTFAULT_HOOK_*. */
#define HOOKS 5

enum {
	WAY_IN,		/* from a wire to a socket of the host */
	WAY_OUT,	/* from a socket of the host to a wire */
	WAY_THROUGH,	/* from a wire to another one */
	WAYS
};

/**
 * struct way - a way that a segment can take, and the one back
 * @name: for messages
 * @family: AF_INET or AF_INET6
 * @from: where it begins: a wire or a raw socket
 * @to: where it arrives, for capture_read()
 * @back: where arrives what is sent to its sender, for capture_read()
 * @raw: @from is a raw socket
 * @hops: routers on the way
 * @saddr: address of its sender
 * @daddr: address of its receiver
 */
struct way {
	const char *name;
	int family;
	int from;
	int to;
	int back;
	bool raw;
	int hops;
	const char *saddr;
	const char *daddr;
};

extern const char * const way_hooks[HOOKS];

int way_open(struct way ways[WAYS], const struct host *host, int family,
	     int near, int far);
void way_close(struct way ways[WAYS]);
bool way_passes(int way, unsigned int hook);
size_t way_rules(char *text, size_t size, const char *segment,
		 const char *action, uint16_t port);
int way_send(const struct way *way, const struct packet *packet);
int way_send_home(const struct way *way, const struct packet *packet);
void way_answer(const struct packet *packet, struct packet *rst);

#endif /* _WAY_H */
