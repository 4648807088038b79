/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _PLAIN_LINUX_MINMAX_H
#define _PLAIN_LINUX_MINMAX_H

#include <linux/types.h>

#endif /* _PLAIN_LINUX_MINMAX_H */
