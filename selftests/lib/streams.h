/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _STREAMS_H
#define _STREAMS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define STREAMS 4

struct host;

/**
 * struct streams - connections that carry data without end
 * @pids: the process of each, which has both of its ends
 * @carried: bytes that have arrived by each, shared with the processes
 */
struct streams {
	pid_t pids[STREAMS];
	uint64_t *carried;
};

/* Functions return 0 or a negative errno. */
int streams_start(struct streams *streams, const struct host *client,
		  const struct host *server);
int streams_go_on(const struct streams *streams, int timeout_ms);
int streams_end(struct streams *streams);

#endif /* _STREAMS_H */
