/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _PLAIN_LINUX_MATH_H
#define _PLAIN_LINUX_MATH_H

/* To a multiple of a power of two. */
#define round_down(n, power) ((n) & ~((power) - 1))

#endif /* _PLAIN_LINUX_MATH_H */
