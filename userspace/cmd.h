/* SPDX-License-Identifier: GPL-2.0 */
/* What a command is. Each cmd_*.c has one. */

#ifndef CMD_H
#define CMD_H

#include <stdbool.h>

struct err;

/**
 * enum status - exit status, as that of iproute2
 * @STATUS_OK: done
 * @STATUS_USAGE: the command line is wrong and nothing was sent to the kernel,
 *   or the output could not be written
 * @STATUS_REFUSED: refused by the kernel, or the module is not loaded
 */
enum status {
	STATUS_OK = 0,
	STATUS_USAGE = 1,
	STATUS_REFUSED = 2,
};

/**
 * struct options - the options in front of the command
 * @netns: network namespace to work in; NULL: the one of @pid
 * @pid: process whose network namespace to work in; 0: the one of this process
 * @json: write JSON
 */
struct options {
	const char *netns;
	unsigned int pid;
	bool json;
};

/**
 * struct command - a command
 * @name: the word that selects it
 * @syntax: what follows that word; NULL: nothing may follow it
 * @summary: what it does, in a few words
 * @help: example first, then all that there is to say; ends with a line end
 * @json: it can write JSON
 * @run: do it, given the words that follow @name; returns enum status, and
 *	if that is not STATUS_OK, an error text; or what another program returned
 */
struct command {
	const char *name;
	const char *syntax;
	const char *summary;
	const char *help;
	bool json;
	int (*run)(const struct options *options, int count,
		   char *const *words, struct err *err);
};

extern const struct command cmd_add;
extern const struct command cmd_insert;
extern const struct command cmd_del;
extern const struct command cmd_list;
extern const struct command cmd_flush;
extern const struct command cmd_load;
extern const struct command cmd_check;
extern const struct command cmd_save;
extern const struct command cmd_run;
extern const struct command cmd_play;
extern const struct command cmd_inject;
extern const struct command cmd_release;
extern const struct command cmd_stats;
extern const struct command cmd_monitor;
extern const struct command cmd_ladder;
extern const struct command cmd_version;

#endif /* CMD_H */
