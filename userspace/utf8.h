/* SPDX-License-Identifier: GPL-2.0 */

#ifndef UTF8_H
#define UTF8_H

#include <stdbool.h>

unsigned int utf8_len(const char *text);
bool utf8_is_control(const char *text);

#endif /* UTF8_H */
