/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a test demands of the segments that arrive. Included once by a test,
 * behind kselftest_harness.h.
 */
#ifndef _EXPECT_H
#define _EXPECT_H

#include <stdlib.h>

#include "capture.h"
#include "counters.h"

/* How long to wait for a segment that has to come. */
#define COMES_MS 5000

/* Is what passes until we are told all ours? Elsewhere others have the CPU. */
#define warped() (!!getenv("RSTFAULT_WARP"))

/* How late it may come. */
#define LATE_MS (warped() ? 20 : 2000)

/* The next segment at @fd is @want in every field; if not, say it of @what. */
static inline void expect_packet(struct __test_metadata *_metadata, int fd,
				 const struct packet *want, const char *what)
{
	struct capture capture;
	const char *differs;

	if (!capture_read(fd, &capture, COMES_MS)) {
		EXPECT_TRUE(false) {
			TH_LOG("%s: does not come", what);
		}
		return;
	}

	differs = capture_differs(&capture, want);
	EXPECT_EQ(NULL, differs) {
		TH_LOG("%s: %s", what, differs);
	}
}

/*
 * The next segment at @fd is @want, and it comes when so many milliseconds have
 * passed since @start: not earlier, and not much later.
 */
static inline void expect_packet_at(struct __test_metadata *_metadata, int fd,
				    const struct packet *want, int64_t start,
				    int ms, const char *what)
{
	int64_t passed;

	expect_packet(_metadata, fd, want, what);
	passed = capture_now() - start;
	EXPECT_LE(ms * 1000000LL, passed) {
		TH_LOG("%s: too early", what);
	}
	EXPECT_GE((ms + LATE_MS) * 1000000LL, passed) {
		TH_LOG("%s: too late", what);
	}
}

/* No segment comes to @fd within so many milliseconds. */
static inline void expect_none(struct __test_metadata *_metadata, int fd,
			       int timeout_ms, const char *what)
{
	struct capture capture;

	EXPECT_FALSE(capture_read(fd, &capture, timeout_ms)) {
		TH_LOG("%s: one too many: flags %#x seq %#x ack %#x", what,
		       capture.packet.flags, capture.packet.seq,
		       capture.packet.ack);
	}
}

/* What counts has gone from @before to @now by @change, and nothing else. */
static inline void expect_counted(struct __test_metadata *_metadata,
				  const struct counters *before,
				  const struct counters *now,
				  const struct counters *change,
				  const char * const *names, size_t nr_names,
				  const char *what)
{
	size_t i;

	for (i = 0; i < nr_names; i++) {
		if (!names[i])
			continue;
		EXPECT_EQ(before->value[i] + change->value[i], now->value[i]) {
			TH_LOG("%s: %s", what, names[i]);
		}
	}
}

/* All that a rule has counted since @before. */
static inline void expect_rule_change(struct __test_metadata *_metadata,
				      const struct host *host, const char *name,
				      const struct counters *before,
				      const struct counters *change,
				      const char *what)
{
	static const char * const names[] = {
		[RSTFAULT_A_COUNTERS_MATCHED] = "matched",
		[RSTFAULT_A_COUNTERS_GATED] = "gated",
		[RSTFAULT_A_COUNTERS_FIRED] = "fired",
		[RSTFAULT_A_COUNTERS_FAILED] = "failed",
		[RSTFAULT_A_COUNTERS_SENT] = "sent",
		[RSTFAULT_A_COUNTERS_UNSENT] = "unsent",
		[RSTFAULT_A_COUNTERS_HELD] = "held",
	};
	struct counters now;

	ASSERT_EQ(0, rule_counters(host, name, &now));
	expect_counted(_metadata, before, &now, change, names,
		       ARRAY_SIZE(names), what);
}

/* All that a host has counted since @before, but for events. */
static inline void expect_host_change(struct __test_metadata *_metadata,
				      const struct host *host,
				      const struct counters *before,
				      const struct counters *change,
				      const char *what)
{
	static const char * const names[] = {
		[RSTFAULT_A_STATS_SEEN] = "seen in the host",
		[RSTFAULT_A_STATS_PASSED] = "passed in the host",
		[RSTFAULT_A_STATS_MANGLED] = "mangled in the host",
		[RSTFAULT_A_STATS_DROPPED] = "dropped in the host",
		[RSTFAULT_A_STATS_HELD] = "held in the host",
		[RSTFAULT_A_STATS_RELEASED] = "released in the host",
		[RSTFAULT_A_STATS_LOST] = "lost in the host",
		[RSTFAULT_A_STATS_SENT] = "sent in the host",
		[RSTFAULT_A_STATS_UNSENT] = "unsent in the host",
		[RSTFAULT_A_STATS_WAITING] = "waiting in the host",
		[RSTFAULT_A_STATS_FAILED] = "failed in the host",
		[RSTFAULT_A_STATS_FLOWS] = "flows in the host",
		[RSTFAULT_A_STATS_EVICTED] = "evicted in the host",
	};
	struct counters now;

	ASSERT_EQ(0, host_counters(host, &now));
	expect_counted(_metadata, before, &now, change, names,
		       ARRAY_SIZE(names), what);
}

/* A rule has matched and fired so often, and sent so many RSTs or copies. */
static inline void expect_counters(struct __test_metadata *_metadata,
				   const struct host *host, const char *name,
				   uint64_t fired, uint64_t sent,
				   const char *what)
{
	const struct counters change = { .value = {
		[RSTFAULT_A_COUNTERS_MATCHED] = fired,
		[RSTFAULT_A_COUNTERS_FIRED] = fired,
		[RSTFAULT_A_COUNTERS_SENT] = sent,
	} };

	expect_rule_change(_metadata, host, name, &(struct counters){}, &change,
			   what);
}

#endif /* _EXPECT_H */
