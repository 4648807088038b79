/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _GROUP_H
#define _GROUP_H

/**
 * struct group - what is measured together
 * @name: as on the command line
 * @what: one line for people
 * @run: measure, and enter the results
 */
struct group {
	const char *name;
	const char *what;
	void (*run)(void);
};

extern const struct group group_path;
extern const struct group group_rules;

#endif /* _GROUP_H */
