/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _PLAIN_LINUX_SCHED_H
#define _PLAIN_LINUX_SCHED_H

#define cond_resched() ((void)0)

#endif /* _PLAIN_LINUX_SCHED_H */
