/* SPDX-License-Identifier: GPL-2.0 */

#ifndef ERR_H
#define ERR_H

/**
 * struct err - why something failed, as one line in plain words
 * @text: the line, without the name of the program and without a line end
 */
struct err {
	char text[1024];
};

int err_set(struct err *err, const char *fmt, ...) __attribute__
	((format(printf, 2, 3)));
void err_print(const struct err *err);

#endif /* ERR_H */
