/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TRACKED_H
#define _TRACKED_H

#include <stdint.h>

struct host;

/**
 * struct tracked - what connection tracking has of a connection
 * @packets: of the direction of its first packet, and of the other one
 * @state: as it calls it
 */
struct tracked {
	long packets[2];
	char state[32];
};

int tracked_begin(const struct host *host);
int tracked_read(const struct host *host, uint16_t port,
		 struct tracked *tracked);
int64_t tracked_invalid(const struct host *host);

#endif /* _TRACKED_H */
