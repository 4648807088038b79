// SPDX-License-Identifier: GPL-2.0
/*
 * A picture of what happens between two hosts. Each of them sees the state of
 * its own socket, so both are watched, and what they have seen is put together.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "rstfault.h"

#include "family.h"
#include "host.h"
#include "recording.h"

/* Rules that `rstctl monitor --ladder` has for one match. */
#define RULES 8

/* Longer than it takes rstctl to ask for the last state, in milliseconds. */
#define SEEN_MS 300

/* So that a tick is never at the same time as what is recorded. */
#define BEHIND_TICK_NS 1000000

/* Times are cut to this, as microseconds are not the same each time. */
#define CUT_NS 10000000

#define TIME "\"time\":"
#define RULE_ID "\"rule-id\":"

/* What it may have to say, before anybody reads it. */
#define ROOM 1048576

static void pause_ms(int ms)
{
	const struct timespec time = { .tv_nsec = ms * 1000000L };

	nanosleep(&time, NULL);
}

static int64_t count_rules(const struct host *host)
{
	struct family family;
	int64_t count;
	int err = family_open(&family, host);

	if (err)
		return err;
	count = family_info(&family, RSTFAULT_A_RULES);
	family_close(&family);
	return count;
}

static int watch(struct tool_child *child, const struct host *host,
		 uint16_t port)
{
	int64_t before = count_rules(host), now;
	int err;

	if (before < 0)
		return before;
	err = tool_start(child, host, "-j monitor --ladder dport %u", port);
	if (err)
		return err;
	fcntl(child->out, F_SETPIPE_SZ, ROOM);
	do {
		pause_ms(10);
		now = count_rules(host);
	} while (now >= 0 && now < before + RULES);
	return now < 0 ? now : 0;
}

/*
 * The longer a timer of the kernel runs, the coarser it is: those of TCP end
 * where the time since the boot is a multiple of up to 2.048 s. Begin at such a
 * time, and they take as long each time.
 */
static void wait_for_round_time(void)
{
	const int64_t round = 65536000000, second = 1000000000;
	struct timespec time;
	int64_t begin;

	clock_gettime(CLOCK_MONOTONIC, &time);
	begin = time.tv_sec * second + time.tv_nsec;
	begin += round - begin % round + BEHIND_TICK_NS;
	time.tv_sec = begin / second;
	time.tv_nsec = begin % second;
	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL);
}

/**
 * recording_start() - begin to record
 * @recording: what to initialize; recording_draw() must follow
 * @a: a host
 * @b: another one
 * @port: of the server, host byte order
 *
 * Return: 0 or a negative errno.
 */
int recording_start(struct recording *recording, const struct host *a,
		    const struct host *b, uint16_t port)
{
	int err = watch(&recording->child[0], a, port) ?:
		  watch(&recording->child[1], b, port);

	if (!err)
		wait_for_round_time();
	return err;
}

/* When the event in a line was. */
static uint64_t line_time(const char *line)
{
	const char *time = strstr(line, TIME);

	return time ? strtoull(time + strlen(TIME), NULL, 10) : UINT64_MAX;
}

/*
 * Write one line, and return the next one. Its time, since @start, is cut. Rules
 * of both hosts have the same ids; those of the second one are given others.
 */
static const char *put_line(FILE *out, const char *line, int host,
			    uint64_t start)
{
	const char *end = strchrnul(line, '\n'), *time, *rule;
	uint64_t since = line_time(line) - start;

	time = strstr(line, TIME);
	if (time && time < end) {
		time += strlen(TIME);
		fprintf(out, "%.*s%llu", (int)(time - line), line,
			(unsigned long long)(start + since - since % CUT_NS));
		line = time + strspn(time, "0123456789");
	}
	rule = strstr(line, RULE_ID);
	if (host && rule && rule < end) {
		rule += strlen(RULE_ID);
		fprintf(out, "%.*s9", (int)(rule - line), line);
		line = rule;
	}
	fprintf(out, "%.*s\n", (int)(end - line), line);
	return *end ? end + 1 : end;
}

/* Put what both have seen into one file, in the order of time. */
static int merge(const char *a, const char *b)
{
	int fd = memfd_create("recording", MFD_CLOEXEC);
	FILE *out = fd < 0 ? NULL : fdopen(dup(fd), "w");
	uint64_t start = line_time(a);

	if (!out)
		return -errno;
	if (line_time(b) < start)
		start = line_time(b);
	while (*a || *b) {
		if (line_time(a) <= line_time(b) && *a)
			a = put_line(out, a, 0, start);
		else
			b = put_line(out, b, 1, start);
	}
	if (fclose(out))
		return -errno;
	return fd;
}

static int write_file(const char *path, const char *text)
{
	FILE *out = fopen(path, "w");

	if (!out)
		return -errno;
	fputs(text, out);
	return fclose(out) ? -errno : 0;
}

/**
 * recording_draw() - end it, and draw a picture of it
 * @recording: from recording_start()
 * @path: the file for the picture, SVG; NULL: print it, as text
 *
 * Return: 0, a negative errno, or the exit status of rstctl.
 */
int recording_draw(struct recording *recording, const char *path)
{
	static char seen[2][ROOM], picture[ROOM];
	struct host here;
	int i, fd, err;

	pause_ms(SEEN_MS);
	for (i = 0; i < 2; i++) {
		err = tool_stop(&recording->child[i], seen[i], sizeof(seen[i]));
		if (err)
			return err;
	}
	fd = merge(seen[0], seen[1]);
	if (fd < 0)
		return fd;
	err = host_init(&here);
	if (!err) {
		err = tool_run(&here, picture, sizeof(picture),
			       "ladder %s /proc/%d/fd/%d",
			       path ? "--svg" : "", getpid(), fd);
		host_free(&here);
	}
	close(fd);
	if (err)
		return err;
	if (path)
		return write_file(path, picture);
	return printf("%s", picture) < 0 ? -EIO : 0;
}
