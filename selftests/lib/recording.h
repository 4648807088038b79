/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RECORDING_H
#define _RECORDING_H

#include <stdint.h>

#include "tool.h"

struct host;

/**
 * struct recording - what two hosts see of their connections
 * @child: `rstctl monitor` in each of them
 */
struct recording {
	struct tool_child child[2];
};

int recording_start(struct recording *recording, const struct host *a,
		    const struct host *b, uint16_t port);
int recording_draw(struct recording *recording, const char *path);

#endif /* _RECORDING_H */
