/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MIB_H
#define _MIB_H

#include <stdint.h>

struct host;

/* Counters of a stack that RSTs change; their names are in mib.c. */
enum mib_counter {
	MIB_ATTEMPT_FAILS,
	MIB_ESTAB_RESETS,
	MIB_IN_ERRS,
	MIB_IN_CSUM_ERRORS,
	MIB_OUT_RSTS,
	MIB_SYNCOOKIES_SENT,
	MIB_SYNCOOKIES_RECV,
	MIB_SYNCOOKIES_FAILED,
	MIB_EMBRYONIC_RSTS,
	MIB_LISTEN_OVERFLOWS,
	MIB_LISTEN_DROPS,
	MIB_PAWS_ESTAB,
	MIB_PAWS_ACTIVE,
	MIB_ABORT_ON_DATA,
	MIB_ABORT_ON_CLOSE,
	MIB_ABORT_ON_TIMEOUT,
	MIB_ABORT_ON_LINGER,
	MIB_ABORT_FAILED,
	MIB_CHALLENGE_ACK,
	MIB_SYN_CHALLENGE,
	MIB_SKIPPED_CHALLENGE,
	MIB_SKIPPED_SYN_RECV,
	MIB_SKIPPED_PAWS,
	MIB_SKIPPED_SEQ,
	MIB_SKIPPED_FIN_WAIT2,
	MIB_SKIPPED_TIME_WAIT,
	MIB_MD5_NOT_FOUND,
	MIB_MD5_UNEXPECTED,
	MIB_MD5_FAILURE,
	MIB_AO_REQUIRED,
	MIB_AO_BAD,
	MIB_REQ_Q_FULL_COOKIES,
	MIB_COUNT
};

/**
 * struct mib - counters of the stack of a host, or how they have changed
 * @value: by MIB_*; 0 also for what this kernel does not count
 */
struct mib {
	int64_t value[MIB_COUNT];
};

int mib_read(const struct host *host, struct mib *mib);
void mib_change(const struct mib *before, const struct mib *after,
		struct mib *change);
const char *mib_differs(const struct mib *got, const struct mib *want);

/* The host has counted this since @before, if not, say in what it differs. */
#define EXPECT_MIB(want, host, before)					\
do {									\
	struct mib __after, __change;					\
	const char *__differs;						\
									\
	ASSERT_EQ(0, mib_read(host, &__after));				\
	mib_change(before, &__after, &__change);			\
	__differs = mib_differs(&__change, want);			\
	EXPECT_EQ(NULL, __differs) {					\
		TH_LOG("%s", __differs);				\
	}								\
} while (0)

#endif /* _MIB_H */
