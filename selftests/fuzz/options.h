/* SPDX-License-Identifier: GPL-2.0 */
/* What the fuzzers of the module are told, and what they tell. */
#ifndef _FUZZ_OPTIONS_H
#define _FUZZ_OPTIONS_H

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "kselftest.h"

#include "random.h"

/**
 * struct fuzz - what to do
 * @seed: what all cases follow from
 * @count: how many cases
 * @first: the one to begin with
 * @seconds: how long; 0: @count says
 * @end: when these are over
 * @verbose: tell of each case
 */
struct fuzz {
	uint64_t seed;
	uint64_t count;
	uint64_t first;
	unsigned int seconds;
	time_t end;
	bool verbose;
};

static inline uint64_t fuzz_number(const char *text)
{
	char *end;
	uint64_t number = strtoull(text, &end, 0);

	if (!*text || *end) {
		fprintf(stderr, "'%s' is not a number\n", text);
		exit(2);
	}
	return number;
}

static inline void fuzz_options(struct fuzz *fuzz, int argc, char **argv)
{
	struct timespec now;
	int opt;

	while ((opt = getopt(argc, argv, "s:c:n:t:v")) != -1) {
		switch (opt) {
		case 's':
			fuzz->seed = fuzz_number(optarg);
			break;
		case 'c':
			fuzz->count = fuzz_number(optarg);
			break;
		case 'n':
			fuzz->first = fuzz_number(optarg);
			break;
		case 't':
			fuzz->seconds = fuzz_number(optarg);
			break;
		case 'v':
			fuzz->verbose = true;
			break;
		default:
			fprintf(stderr,
				"usage: %s [-s SEED] [-c COUNT | -t SECONDS] [-n FIRST] [-v]\n",
				argv[0]);
			exit(2);
		}
	}
	clock_gettime(CLOCK_MONOTONIC, &now);
	fuzz->end = now.tv_sec + fuzz->seconds;
}

/* Is there another case behind @nr? */
static inline bool fuzz_goes_on(const struct fuzz *fuzz, uint64_t nr)
{
	struct timespec now;

	if (!fuzz->seconds)
		return nr < fuzz->first + fuzz->count;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec < fuzz->end;
}

#endif /* _FUZZ_OPTIONS_H */
