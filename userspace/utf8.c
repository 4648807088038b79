// SPDX-License-Identifier: GPL-2.0
/* Characters in text that somebody else wrote. */

#include "utf8.h"

/**
 * utf8_len() - length of a character
 * @text: where it begins, in a string
 *
 * As in table 3-7 of the Unicode standard, so no overlong form and no surrogate.
 *
 * Return: in bytes; 0 if it is no well-formed UTF-8
 */
unsigned int utf8_len(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	unsigned int len, i;

	if (s[0] < 0x80)
		return 1;
	if (s[0] < 0xc2 || s[0] > 0xf4)
		return 0;
	len = s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
	for (i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	}
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return len;
}

/**
 * utf8_is_control() - could a character steer a terminal?
 * @text: where it begins, well-formed
 *
 * Return: true for U+0000 to U+001F, and for U+007F to U+009F
 */
bool utf8_is_control(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;

	return s[0] < 0x20 || s[0] == 0x7f || (s[0] == 0xc2 && s[1] < 0xa0);
}
