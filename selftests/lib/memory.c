// SPDX-License-Identifier: GPL-2.0
/*
 * Allocations that fail when a test wants it: Documentation/fault-injection in
 * the kernel.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "memory.h"

#define DEBUG "/sys/kernel/debug/"

/* What to set, and what it was before. */
static struct setting {
	const char *file;
	const char *value;
	char before[16];
} settings[] = {
	/* Also what may sleep. */
	{ DEBUG "failslab/ignore-gfp-wait", "N" },
	{ DEBUG "fail_page_alloc/ignore-gfp-wait", "N" },
	/* Without a word in the kernel log. */
	{ DEBUG "failslab/verbose", "0" },
	{ DEBUG "fail_page_alloc/verbose", "0" },
	/* None but those that are asked for. */
	{ DEBUG "failslab/probability", "0" },
	{ DEBUG "failslab/times", "0" },
	{ DEBUG "failslab/space", "0" },
	/* From which order on pages count; set by memory_begin(). */
	{ DEBUG "fail_page_alloc/min-order" },
};

#define NR_SETTINGS (sizeof(settings) / sizeof(*settings))
#define MIN_ORDER (NR_SETTINGS - 1)
#define MORE_THAN_MAX "100"

/* Open in advance: to open a file takes memory. */
static int fail_nth = -1, probability = -1;

static int read_file(const char *file, char *value, size_t size)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	ssize_t len;

	if (fd < 0)
		return -errno;
	len = read(fd, value, size - 1);
	close(fd);
	if (len < 0)
		return -EIO;
	value[len] = '\0';
	return 0;
}

static int write_file(const char *file, const char *value)
{
	int fd = open(file, O_WRONLY | O_CLOEXEC);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, value, strlen(value)) < 0)
		err = -errno;
	close(fd);
	return err;
}

/**
 * memory_begin() - prepare to let allocations of the calling thread fail
 * @pages: also those of two pages and more. Whether a slab needs new ones is
 *	chance: where there are few allocations, one of them may be the n-th instead
 *	of the one that would be
 *
 * Return: 0, and memory_end() has to follow; -ENOENT: this kernel cannot do it;
 *	or another negative errno.
 */
int memory_begin(bool pages)
{
	size_t i;
	int err;

	settings[MIN_ORDER].value = pages ? "1" : MORE_THAN_MAX;

	fail_nth = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	if (fail_nth < 0)
		return -errno;

	for (i = 0; i < NR_SETTINGS; i++) {
		err = read_file(settings[i].file, settings[i].before,
				sizeof(settings[i].before)) ?:
		      write_file(settings[i].file, settings[i].value);
		if (err)
			return err;
	}

	probability = open(DEBUG "failslab/probability", O_WRONLY | O_CLOEXEC);
	return probability < 0 ? -errno : 0;
}

/**
 * memory_end() - let no allocation fail any more
 */
void memory_end(void)
{
	size_t i;

	if (fail_nth < 0)
		return;

	memory_left();
	for (i = 0; i < NR_SETTINGS; i++)
		if (settings[i].before[0])
			write_file(settings[i].file, settings[i].before);
	close(probability);
	close(fail_nth);
	probability = -1;
	fail_nth = -1;
}

/**
 * memory_fail() - let one allocation fail
 * @nth: which one of those that the calling thread makes from now on, from 1;
 *	what interrupts it does not count
 */
void memory_fail(unsigned int nth)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", nth);

	if (pwrite(fail_nth, text, len, 0) != len)
		abort();
}

/**
 * memory_left() - let none fail any more
 *
 * Return: how many allocations memory_fail() was still waiting for; 0: one has
 *	failed.
 */
unsigned int memory_left(void)
{
	char text[16] = "";

	if (pread(fail_nth, text, sizeof(text) - 1, 0) <= 0)
		abort();
	memory_fail(0);
	return strtoul(text, NULL, 10);
}

/**
 * memory_fail_interrupts() - let one allocation fail, of whomever
 * @bytes: the first one once so many were allocated
 *
 * Timers and what else interrupts a thread has no number of its own. Until
 * memory_failed_interrupts(), the caller only sleeps.
 *
 * Return: 0 or a negative errno.
 */
int memory_fail_interrupts(unsigned int bytes)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", bytes);
	return write_file(DEBUG "failslab/space", text) ?:
	       write_file(DEBUG "failslab/times", "1") ?:
	       write(probability, "100", 3) == 3 ? 0 : -EIO;
}

/**
 * memory_failed_interrupts() - let none fail any more
 *
 * Return: whether one has failed since memory_fail_interrupts(); or a negative
 *	errno.
 */
int memory_failed_interrupts(void)
{
	char text[16];

	if (write(probability, "0", 1) != 1)
		return -EIO;
	return read_file(DEBUG "failslab/times", text, sizeof(text)) ?:
	       !atoi(text);
}
