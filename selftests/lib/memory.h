/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MEMORY_H
#define _MEMORY_H

#include <stdbool.h>

/* memory_begin(), or skip the test; for those who have kselftest_harness.h. */
#define memory_or_skip(pages) do {					\
	int _err = memory_begin(pages);					\
									\
	if (_err == -ENOENT)						\
		SKIP(return, "no fail-nth in this kernel, or no debugfs"); \
	ASSERT_EQ(0, _err);						\
} while (0)

int memory_begin(bool pages);
void memory_end(void);
void memory_fail(unsigned int nth);
unsigned int memory_left(void);
int memory_fail_interrupts(unsigned int bytes);
int memory_failed_interrupts(void);

#endif /* _MEMORY_H */
