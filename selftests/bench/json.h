/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _JSON_H
#define _JSON_H

#include <stdio.h>

void json_write(FILE *out, const char *kernel);
void json_read(FILE *in, unsigned int run, char *kernel, size_t size);

#endif /* _JSON_H */
