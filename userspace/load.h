/* SPDX-License-Identifier: GPL-2.0 */

#ifndef LOAD_H
#define LOAD_H

#include <stdbool.h>

struct batch;
struct err;
struct options;
struct rulefile;
struct ssh;

int load_read(struct rulefile *file, struct ssh *ssh, struct batch *batch,
	      struct err *err);
int load_file(const struct options *options, int count, char *const *words,
	      bool check, struct err *err);

#endif /* LOAD_H */
