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

/* A rule has matched and fired so often, and sent so many RSTs or copies. */
static inline void expect_counters(struct __test_metadata *_metadata,
				   const struct host *host, const char *name,
				   uint64_t fired, uint64_t sent,
				   const char *what)
{
	struct counters counters;

	ASSERT_EQ(0, rule_counters(host, name, &counters));
	EXPECT_EQ(fired, RULE_COUNT(&counters, MATCHED)) {
		TH_LOG("%s: matched", what);
	}
	EXPECT_EQ(fired, RULE_COUNT(&counters, FIRED)) {
		TH_LOG("%s: fired", what);
	}
	EXPECT_EQ(sent, RULE_COUNT(&counters, SENT)) {
		TH_LOG("%s: sent", what);
	}
	EXPECT_EQ(0, RULE_COUNT(&counters, GATED)) {
		TH_LOG("%s: gated", what);
	}
	EXPECT_EQ(0, RULE_COUNT(&counters, FAILED)) {
		TH_LOG("%s: failed", what);
	}
	EXPECT_EQ(0, RULE_COUNT(&counters, UNSENT)) {
		TH_LOG("%s: unsent", what);
	}
	EXPECT_EQ(0, RULE_COUNT(&counters, HELD)) {
		TH_LOG("%s: held", what);
	}
}

#endif /* _EXPECT_H */
