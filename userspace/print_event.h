/* SPDX-License-Identifier: GPL-2.0 */

#ifndef PRINT_EVENT_H
#define PRINT_EVENT_H

#include <stdio.h>

struct event;

void print_event(FILE *out, const struct event *event);

#endif /* PRINT_EVENT_H */
