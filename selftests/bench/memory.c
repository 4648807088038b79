// SPDX-License-Identifier: GPL-2.0
/*
 * What the kernel has taken for its own objects.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "die.h"
#include "memory.h"

static FILE *open_file(const char *path)
{
	FILE *file = fopen(path, "re");

	if (!file)
		die("%s: %m", path);
	return file;
}

/* Whole pages. Large pieces of kmalloc() are counted under Slab, too. */
static double pages(void)
{
	static const char * const kinds[] = {
		"Slab:", "Percpu:", "VmallocUsed:"
	};
	FILE *file = open_file("/proc/meminfo");
	char line[128], name[64];
	double sum = 0, value;
	unsigned int i;

	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%63s %lf", name, &value) != 2)
			continue;
		for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
			if (!strcmp(name, kinds[i]))
				sum += value * 1024;
		}
	}
	fclose(file);

	return sum;
}

/* What of the pages of small objects is free for others of their kind. */
static double unused(void)
{
	unsigned long active, size, per_slab, slabs;
	const char *rest;
	FILE *file = open_file("/proc/slabinfo");
	double sum = 0, page = getpagesize();
	char line[512];

	while (fgets(line, sizeof(line), file)) {
		rest = strstr(line, ": slabdata");
		if (rest && sscanf(line, "%*s %lu %*u %lu %*u %lu", &active,
				   &size, &per_slab) == 3 &&
		    sscanf(rest, ": slabdata %*u %lu", &slabs) == 1)
			sum += slabs * per_slab * page - (double)active * size;
	}
	fclose(file);

	return sum;
}

/**
 * memory_used() - memory that the kernel has for its own objects
 *
 * Waits a moment before, so that what was freed is.
 *
 * Return: bytes.
 */
double memory_used(void)
{
	const struct timespec moment = { .tv_nsec = 200000000 };

	nanosleep(&moment, NULL);
	return pages() - unused();
}
