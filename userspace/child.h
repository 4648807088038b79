/* SPDX-License-Identifier: GPL-2.0 */

#ifndef CHILD_H
#define CHILD_H

struct err;

void child_ignore_pipe(void);
int child_run(char *const *argv, struct err *err);

#endif /* CHILD_H */
