/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _PLAIN_LINUX_BITS_H
#define _PLAIN_LINUX_BITS_H

#define BIT(nr) (1UL << (nr))
#define BIT_ULL(nr) (1ULL << (nr))

#endif /* _PLAIN_LINUX_BITS_H */
