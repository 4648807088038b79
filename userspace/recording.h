/* SPDX-License-Identifier: GPL-2.0 */

#ifndef RECORDING_H
#define RECORDING_H

struct err;
struct ladder;

int recording_draw(const char *name, struct ladder *ladder, struct err *err);
int recording_line(const char *line, struct ladder *ladder, struct err *err);

#endif /* RECORDING_H */
