/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _GROUP_H
#define _GROUP_H

#include <stdbool.h>

/**
 * struct group - what is measured together
 * @name: as on the command line
 * @what: one line for people
 * @real: in real time; the others want a warped clock
 * @run: measure, and enter the results
 */
struct group {
	const char *name;
	const char *what;
	bool real;
	void (*run)(void);
};

/* What is measured: IPv4, and IPv6 unless that was forbidden. */
extern const int families[2];
extern unsigned int nr_families;

extern const struct group group_path;
extern const struct group group_rules;
extern const struct group group_ranges;
extern const struct group group_flows;
extern const struct group group_forge;
extern const struct group group_held;
extern const struct group group_awaited;
extern const struct group group_memory;
extern const struct group group_late;

#endif /* _GROUP_H */
