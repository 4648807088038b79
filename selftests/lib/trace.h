/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the tracepoints of the module say, in a tracing instance of the test's
 * own. Included once by a test, behind kselftest_harness.h.
 */
#ifndef _TRACE_H
#define _TRACE_H

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "packet.h"

#define TRACING "/sys/kernel/tracing"

/* Write @text to a file of the instance. */
static inline int trace_write(const char *name, const char *text)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), TRACING "/instances/rstfault-%d/%s",
		 getpid(), name);
	file = fopen(path, "we");
	if (!file)
		return -errno;
	fputs(text, file);
	return fclose(file) ? -errno : 0;
}

/*
 * Begin to trace; trace_enable() is next. Returns false where the kernel has no
 * tracing instances.
 */
static inline bool trace_begin(void)
{
	char path[256];

	mount("tracefs", TRACING, "tracefs", 0, NULL);
	snprintf(path, sizeof(path), TRACING "/instances/rstfault-%d",
		 getpid());
	return !mkdir(path, 0700);
}

/* Returns 0, or a negative errno: the module has no events. */
static inline int trace_enable(void)
{
	return trace_write("events/rstfault/enable", "1");
}

/* Read what was said so far. */
static inline FILE *trace_open(void)
{
	char path[256];

	snprintf(path, sizeof(path), TRACING "/instances/rstfault-%d/trace",
		 getpid());
	return fopen(path, "re");
}

static inline void trace_end(void)
{
	char path[256];

	trace_write("events/rstfault/enable", "0");
	snprintf(path, sizeof(path), TRACING "/instances/rstfault-%d",
		 getpid());
	rmdir(path);
}

/* The next line about an event of this type. Returns false if there is none. */
static inline bool trace_next(FILE *file, const char *type, char *line,
			      size_t len)
{
	char place[64];

	snprintf(place, sizeof(place), ": rstfault_%s: netns=", type);
	while (fgets(line, len, file))
		if (strstr(line, place))
			return true;
	return false;
}

/*
 * The next line about an event of this type says @rule, then all of @packet,
 * and ends in @rest. For a segment that was held, stands in between how long.
 */
static inline void expect_trace(struct __test_metadata *_metadata, FILE *file,
				const char *type, const char *rule,
				const struct packet *packet, const char *rest)
{
	bool ipv6 = packet->family == AF_INET6;
	char line[1024], text[512], *said;
	unsigned long long held = 1;
	int len = 0;

	ASSERT_TRUE(trace_next(file, type, line, sizeof(line))) {
		TH_LOG("%s: not traced", type);
	}
	said = strstr(line, " rule=");
	ASSERT_NE(NULL, said);
	snprintf(text, sizeof(text),
		 " rule=%s src=%s%s%s:%u dst=%s%s%s:%u flags=0x%02x seq=%u ack=%u len=%zu",
		 rule, ipv6 ? "[" : "", packet->saddr, ipv6 ? "]" : "",
		 packet->sport, ipv6 ? "[" : "", packet->daddr,
		 ipv6 ? "]" : "", packet->dport, packet->flags, packet->seq,
		 packet->ack, packet->payload);
	EXPECT_EQ(0, strncmp(text, said, strlen(text))) {
		TH_LOG("%s: expected%s, said%s", type, text, said);
	}
	if (strncmp(text, said, strlen(text)))
		return;
	said += strlen(text);
	if (sscanf(said, " held=%llu%n", &held, &len) != 1)
		len = 0;
	EXPECT_LT(0, held);
	EXPECT_STREQ(rest, said + len);
}

#endif /* _TRACE_H */
