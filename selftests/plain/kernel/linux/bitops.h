/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _PLAIN_LINUX_BITOPS_H
#define _PLAIN_LINUX_BITOPS_H

#define __ffs64(word) __builtin_ctzll(word)

#endif /* _PLAIN_LINUX_BITOPS_H */
