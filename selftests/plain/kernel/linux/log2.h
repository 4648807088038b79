/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _PLAIN_LINUX_LOG2_H
#define _PLAIN_LINUX_LOG2_H

/* All of them of numbers above 0. */
#define ilog2(n) (63 - __builtin_clzll(n))
#define order_base_2(n) ((n) > 1 ? ilog2((n) - 1) + 1 : 0)
#define roundup_pow_of_two(n) (1UL << order_base_2(n))

#endif /* _PLAIN_LINUX_LOG2_H */
