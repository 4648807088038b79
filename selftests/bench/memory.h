/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MEMORY_H
#define _MEMORY_H

double memory_used(void);

#endif /* _MEMORY_H */
