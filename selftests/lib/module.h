/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODULE_H
#define _MODULE_H

#include <stddef.h>

/**
 * struct module - what is in the module's file
 * @image: the whole file
 * @size: bytes
 */
struct module {
	void *image;
	size_t size;
};

/* Where module_read() has failed. */
#define MODULE_REASON \
	"cannot load the module again: RSTFAULT_KO=FILE says which it is"

/* Functions return 0 or a negative errno. */
int module_read(struct module *module);
void module_free(struct module *module);
int module_load(const struct module *module);
int module_unload(const char *name);

#endif /* _MODULE_H */
