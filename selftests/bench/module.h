/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODULE_H
#define _MODULE_H

void module_load(const char *name, const char *file);
void module_unload(const char *name);

#endif /* _MODULE_H */
