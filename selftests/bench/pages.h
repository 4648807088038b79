/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _PAGES_H
#define _PAGES_H

void pages_write(const char *directory, const char *kernel);

#endif /* _PAGES_H */
