/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the pure code of the module takes from the kernel, for a program. The
 * other headers here add to it.
 */
#ifndef _PLAIN_LINUX_TYPES_H
#define _PLAIN_LINUX_TYPES_H

#include_next <linux/types.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

#define U16_MAX UINT16_MAX
#define U32_MAX UINT32_MAX

#define __force
#undef __always_inline
#define __always_inline inline __attribute__((__always_inline__))
#define noinline __attribute__((__noinline__))
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

#define min_t(type, a, b)					\
({								\
	type _a = (a);						\
	type _b = (b);						\
								\
	_a < _b ? _a : _b;					\
})
#define min(a, b) min_t(__typeof__((a) + (b)), a, b)
#define max_t(type, a, b)					\
({								\
	type _a = (a);						\
	type _b = (b);						\
								\
	_a > _b ? _a : _b;					\
})

#endif /* _PLAIN_LINUX_TYPES_H */
