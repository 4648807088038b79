/* SPDX-License-Identifier: GPL-2.0 */

#ifndef RULEFILE_H
#define RULEFILE_H

#include <stddef.h>
#include <stdio.h>

struct err;
struct rule;

/**
 * struct rulefile - a file with rules, being read
 * @name: what errors call it
 * @in: the file
 * @line: number of the line that was read last
 * @text: that line
 * @size: room in @text
 * @word: its words
 * @count: how many
 * @room: words that fit into @word
 */
struct rulefile {
	const char *name;
	FILE *in;
	unsigned int line;
	char *text;
	size_t size;
	char **word;
	int count;
	int room;
};

/**
 * enum rulefile_result - what a line of a file is
 * @RULEFILE_END: none is left
 * @RULEFILE_RULE: a rule
 * @RULEFILE_WRONG: wrong; reading can go on behind it
 * @RULEFILE_FAILED: it could not be read
 */
enum rulefile_result {
	RULEFILE_END,
	RULEFILE_RULE,
	RULEFILE_WRONG,
	RULEFILE_FAILED,
};

int rulefile_open(struct rulefile *file, const char *name, struct err *err);
enum rulefile_result rulefile_next(struct rulefile *file, struct rule *rule,
				   struct err *err);
void rulefile_blame(const struct rulefile *file, unsigned int line,
		    struct err *err);
void rulefile_close(struct rulefile *file);

#endif /* RULEFILE_H */
