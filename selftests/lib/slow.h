/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SLOW_H
#define _SLOW_H

#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

/*
 * Tests that wait for minutes are for a machine whose clock is warped, where
 * sleeping costs nothing (selftests/vm/run --warp), or for a patient user.
 */
static inline bool slow_tests(void)
{
	return getenv("RSTFAULT_WARP") || getenv("RSTFAULT_SLOW");
}

/* One that looks for data races stops now and then to see what others do. */
static inline bool kcsan_kernel(void)
{
	return !access("/sys/kernel/debug/kcsan", F_OK);
}

/* One that looks for bugs takes ten times as long for each packet. */
static inline bool slow_kernel(void)
{
	return !access("/sys/kernel/debug/kmemleak", F_OK) || kcsan_kernel();
}

#define SLOW_REASON "takes minutes; RSTFAULT_SLOW=1 runs it"

#endif /* _SLOW_H */
