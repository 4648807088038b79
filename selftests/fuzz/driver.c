// SPDX-License-Identifier: GPL-2.0
/*
 * What rules.c needs where there is no libFuzzer: a main() that changes seeds by
 * chance. It knows nothing of the code that it tests but its words.
 *
 *	driver [-s SEED] [-c COUNT] SEEDS	a folder
 *	driver -d				print a dictionary for libFuzzer
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "words.h"

#include "driver.h"
#include "random.h"

#define INPUT_MAX	1024
#define SEEDS_MAX	4096
#define COUNT		20000

/**
 * struct input - bytes to try
 * @len: how many
 * @bytes: the bytes
 */
struct input {
	size_t len;
	uint8_t bytes[INPUT_MAX];
};

static const struct word *const tables[] = {
	hook_words, segment_words, family_words, match_words, gate_words,
	term_words, per_words, action_words, flag_words, state_words,
	origin_words, end_words, target_words, seq_words, ack_words,
	delay_words, forge_words, mangle_words, duplicate_words, inject_words,
};

/* What no table has. */
static const char *const others[] = {
	"add ", "name ", "next", "connection", "and pass", "..", "-", "/", "{",
	"}", ", ", "0x", "%", "us", "ms", "s", "$'\\001'", "'", "\\", "#", "\n",
	"\r\n", "::ffff:192.0.2.1", "2001:db8::/32", "192.0.2.0/24", "4294967295",
	"65535", "18446744073709551615", "0.000000001%", "365d",
};

static struct input *seeds;
static size_t nr_seeds;

/* What is being tried, should it be the last. */
static unsigned long current;
static uint64_t seed = 1;

void __asan_on_error(void)
{
	fprintf(stderr, "driver: case %lu of seed %llu\n", current,
		(unsigned long long)seed);
}

static void read_seed(const char *folder, const char *name)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "re");
	if (!file || nr_seeds == SEEDS_MAX) {
		perror(path);
		exit(2);
	}
	seeds[nr_seeds].len = fread(seeds[nr_seeds].bytes, 1, INPUT_MAX, file);
	nr_seeds++;
	fclose(file);
}

static void read_seeds(const char *folder)
{
	struct dirent **names;
	int count, i;

	seeds = calloc(SEEDS_MAX, sizeof(*seeds));
	/* In an order that does not depend on the file system. */
	count = scandir(folder, &names, NULL, alphasort);
	if (!seeds || count < 0) {
		perror(folder);
		exit(2);
	}
	for (i = 0; i < count; i++) {
		if (names[i]->d_name[0] != '.')
			read_seed(folder, names[i]->d_name);
		free(names[i]);
	}
	free(names);
}

static void insert(struct input *input, size_t at, const void *bytes,
		   size_t len)
{
	if (len > INPUT_MAX - input->len)
		return;
	memmove(input->bytes + at + len, input->bytes + at, input->len - at);
	memcpy(input->bytes + at, bytes, len);
	input->len += len;
}

static void cut(struct input *input, size_t at, size_t len)
{
	memmove(input->bytes + at, input->bytes + at + len,
		input->len - at - len);
	input->len -= len;
}

static void insert_word(struct random *random, struct input *input, size_t at)
{
	const struct word *table;
	size_t count = 0;
	char text[80];

	if (random_one_in(random, 3)) {
		snprintf(text, sizeof(text), "%s",
			 others[random_below(random, ARRAY_SIZE(others))]);
	} else if (random_one_in(random, 4)) {
		snprintf(text, sizeof(text), "%llu",
			 (unsigned long long)random_number(random));
	} else {
		table = tables[random_below(random, ARRAY_SIZE(tables))];
		while (table[count].name)
			count++;
		snprintf(text, sizeof(text), " %s ",
			 table[random_below(random, count)].name);
	}
	insert(input, at, text, strlen(text));
}

static void mutate(struct random *random, struct input *input)
{
	const struct input *other = &seeds[random_below(random, nr_seeds)];
	size_t at = random_below(random, input->len + 1);
	size_t left = input->len - at, len;
	uint8_t byte = random_next(random);

	switch (random_below(random, 6)) {
	case 0:
		if (left)
			input->bytes[at] ^= 1 << random_below(random, 8);
		break;
	case 1:
		insert(input, at, &byte, 1);
		break;
	case 2:
		cut(input, at, random_below(random, (left < 16 ? left : 16) + 1));
		break;
	case 3:
	case 4:
		insert_word(random, input, at);
		break;
	default:
		len = random_below(random, other->len + 1);
		insert(input, at, other->bytes + other->len - len, len);
	}
}

static void print_dictionary(void)
{
	const struct word *word;
	const char *c;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(tables); i++) {
		for (word = tables[i]; word->name; word++)
			printf("\"%s\"\n", word->name);
	}
	for (i = 0; i < ARRAY_SIZE(others); i++) {
		putchar('"');
		for (c = others[i]; *c; c++)
			printf("\\x%02x", (unsigned char)*c);
		puts("\"");
	}
}

static unsigned long read_number(const char *text)
{
	char *end;
	unsigned long value = strtoul(text, &end, 0);

	if (!*text || *end) {
		fprintf(stderr, "driver: '%s' is not a number\n", text);
		exit(2);
	}
	return value;
}

int main(int argc, char **argv)
{
	unsigned long count = COUNT, i;
	struct random random;
	struct input input;
	int opt, changes;

	while ((opt = getopt(argc, argv, "s:c:d")) != -1) {
		switch (opt) {
		case 's':
			seed = read_number(optarg);
			break;
		case 'c':
			count = read_number(optarg);
			break;
		case 'd':
			print_dictionary();
			return 0;
		default:
			return 2;
		}
	}
	if (optind != argc - 1) {
		fprintf(stderr, "usage: driver [-s SEED] [-c COUNT] SEEDS | -d\n");
		return 2;
	}
	read_seeds(argv[optind]);
	if (!nr_seeds) {
		fprintf(stderr, "driver: there is nothing in %s\n", argv[optind]);
		return 2;
	}

	for (i = 0; i < nr_seeds; i++)
		LLVMFuzzerTestOneInput(seeds[i].bytes, seeds[i].len);
	for (current = 1; current <= count; current++) {
		random_begin(&random, seed, current);
		input = seeds[random_below(&random, nr_seeds)];
		for (changes = 1 + random_below(&random, 4); changes; changes--)
			mutate(&random, &input);
		LLVMFuzzerTestOneInput(input.bytes, input.len);
	}
	printf("%zu seeds, %lu cases, seed %llu\n", nr_seeds, count,
	       (unsigned long long)seed);
	free(seeds);
	return 0;
}
