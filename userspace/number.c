// SPDX-License-Identifier: GPL-2.0
/* Numbers, as they are written in a rule. */

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "err.h"
#include "number.h"

/* Longer than any number in a pair. */
#define PART_MAX	64

/* Digits behind the point of a percentage, and what 1 % is in billionths. */
#define PERCENT_DIGITS	7
#define PERCENT		10000000u

static bool is_digits(const char *text)
{
	return *text && !text[strspn(text, "0123456789")];
}

/**
 * number_parse() - text to number
 * @text: decimal digits and nothing else: no sign, no space, no other base,
 *	and as some programs take a leading 0 for octal, none of these either
 * @max: highest number that is right
 * @number: where the number is returned
 *
 * Return: true if @text is such a number
 */
bool number_parse(const char *text, __u64 max, __u64 *number)
{
	__u64 n = 0;

	if (!is_digits(text) || (text[0] == '0' && text[1]))
		return false;
	for (; *text; text++) {
		unsigned int digit = *text - '0';

		if (n > max / 10 || n * 10 > max - digit)
			return false;
		n = n * 10 + digit;
	}
	*number = n;
	return true;
}

/**
 * number_unpadded() - a number without its leading zeros
 * @text: what number_parse() refused
 * @max: highest number that is right
 *
 * Return: the number, NULL if more is wrong than leading zeros
 */
const char *number_unpadded(const char *text, __u64 max)
{
	__u64 number;

	if (!is_digits(text) || text[0] != '0' || !text[1])
		return NULL;
	while (text[0] == '0' && text[1])
		text++;
	return number_parse(text, max, &number) ? text : NULL;
}

/* @whole is what the error text is to quote, @text the number in it. */
static int parse_part(const char *key, const char *whole, const char *text,
		      __u64 min, __u64 max, __u64 *number, struct err *err)
{
	const char *plain;

	if (number_parse(text, max, number) && *number >= min)
		return 0;
	plain = number_unpadded(text, max);
	if (plain)
		return err_set(err,
			       "%s %s: a number has no leading zeros; write %s",
			       key, whole, plain);
	return err_set(err, "%s %s: a number from %llu to %llu is needed", key,
		       whole, min, max);
}

/**
 * number_word() - a number of a rule
 * @key: keyword in front of it, for error texts
 * @word: the number
 * @min: lowest number that is right
 * @max: highest number that is right
 * @number: where the number is returned
 * @err: where an error is returned
 *
 * Return: 0, or -1 with @err set
 */
int number_word(const char *key, const char *word, __u64 min, __u64 max,
		__u64 *number, struct err *err)
{
	return parse_part(key, word, word, min, max, number, err);
}

/**
 * number_offset() - a number to add
 * @key: keyword in front of it, for error texts
 * @word: its sign and the number
 * @number: where it is returned
 * @err: where an error is returned
 *
 * Return: 0, or -1 with @err set
 */
int number_offset(const char *key, const char *word, __s32 *number,
		  struct err *err)
{
	__u64 max = (__u64)INT32_MAX + (*word == '-');
	const char *plain;
	__u64 n;

	if (*word != '+' && *word != '-')
		return err_set(err,
			       "%s %s: a number to add has a sign, as +1 or -1",
			       key, word);
	if (number_parse(word + 1, max, &n)) {
		*number = *word == '-' ? -(__s64)n : (__s64)n;
		return 0;
	}
	plain = number_unpadded(word + 1, max);
	if (plain)
		return err_set(err,
			       "%s %s: a number has no leading zeros; write %c%s",
			       key, word, *word, plain);
	return err_set(err, "%s %s: a number from %d to +%d is needed", key,
		       word, INT32_MIN, INT32_MAX);
}

/**
 * number_hex() - hexadecimal text to number
 * @text: 0x and digits
 * @max: highest number that is right
 * @number: where the number is returned
 *
 * Return: true if @text is such a number
 */
bool number_hex(const char *text, __u32 max, __u32 *number)
{
	static const char digits[] = "0123456789abcdef";
	__u64 n = 0;

	if (text[0] != '0' || (text[1] != 'x' && text[1] != 'X') || !text[2])
		return false;
	for (text += 2; *text; text++) {
		char c = *text >= 'A' && *text <= 'F' ? *text + 32 : *text;
		const char *digit = strchr(digits, c);

		if (!digit)
			return false;
		n = n * 16 + (digit - digits);
		if (n > max)
			return false;
	}
	*number = n;
	return true;
}

static int parse_mark(const char *word, const char *text, __u32 *number,
		      struct err *err)
{
	__u64 n;

	if (number_hex(text, UINT32_MAX, number))
		return 0;
	if (number_parse(text, UINT32_MAX, &n)) {
		*number = n;
		return 0;
	}
	return err_set(err,
		       "mark %s: a mark and its mask are numbers from 0 to 4294967295, or 0x0 to 0xffffffff, as 7 or 0x100/0xff00",
		       word);
}

/* What is in front of @sep, which may have more than one character. */
static const char *cut(const char *word, const char *sep, char *first)
{
	const char *end = strstr(word, sep);
	size_t len = end ? (size_t)(end - word) : strlen(word);

	/* Too long is as wrong as empty. */
	if (len >= PART_MAX)
		len = 0;
	memcpy(first, word, len);
	first[len] = '\0';
	return end ? end + strlen(sep) : NULL;
}

/**
 * number_mark() - a mark, with or without a '/' and a mask
 * @word: the mark
 * @mark: where the mark is returned
 * @mask: where the mask is returned, all bits where @word has none
 * @err: where an error is returned
 *
 * Return: 0, or -1 with @err set
 */
int number_mark(const char *word, __u32 *mark, __u32 *mask, struct err *err)
{
	char first[PART_MAX];
	const char *second = cut(word, "/", first);

	*mask = UINT32_MAX;
	if (parse_mark(word, first, mark, err) ||
	    (second && parse_mark(word, second, mask, err)))
		return -1;
	if (*mark & ~*mask)
		return err_set(err,
			       "mark %s: bits are set outside of the mask; write 0x%x/0x%x",
			       word, *mark & *mask, *mask);
	return 0;
}

/**
 * number_length() - a length or a range of them: A, A-B or A-
 * @word: the length
 * @from: where the lowest is returned
 * @to: where the highest is returned
 * @open: where it is returned whether there is no highest
 * @err: where an error is returned
 *
 * Return: 0, or -1 with @err set
 */
int number_length(const char *word, __u32 *from, __u32 *to, bool *open,
		  struct err *err)
{
	char first[PART_MAX];
	const char *second = cut(word, "-", first);
	__u64 low, high = 0;

	*open = second && !*second;
	if (parse_part("length", word, first, 0, UINT32_MAX, &low, err) ||
	    (second && *second &&
	     parse_part("length", word, second, 0, UINT32_MAX, &high, err)))
		return -1;
	if (!second)
		high = low;
	if (!*open && low > high)
		return err_set(err,
			       "length %s: a range goes from the lower length to the higher; write %llu-%llu",
			       word, high, low);
	*from = low;
	*to = high;
	return 0;
}

/**
 * number_bytes() - a range of bytes: N.. or N..M
 * @word: the range
 * @from: where the first is returned
 * @to: where the last is returned
 * @open: where it is returned whether there is no last
 * @err: where an error is returned
 *
 * Return: 0, or -1 with @err set
 */
int number_bytes(const char *word, __u64 *from, __u64 *to, bool *open,
		 struct err *err)
{
	char first[PART_MAX];
	const char *second = cut(word, "..", first);

	if (!second && !parse_part("bytes", word, first, 0, UINT64_MAX, from,
				   err))
		return err_set(err,
			       "bytes %s: a range is needed; write %s.. for everything from there on",
			       word, word);
	if (!second || parse_part("bytes", word, first, 0, UINT64_MAX, from,
				  err))
		return -1;
	*open = !*second;
	*to = 0;
	if (*open)
		return 0;
	if (parse_part("bytes", word, second, 0, UINT64_MAX, to, err))
		return -1;
	if (*from > *to)
		return err_set(err,
			       "bytes %s: a range goes from the lower number to the higher; write %llu..%llu",
			       word, *to, *from);
	return 0;
}

/**
 * number_percent() - a probability
 * @word: a percentage: digits, perhaps a point and more digits, and '%'
 * @billionths: where it is returned
 * @err: where an error is returned
 *
 * Return: 0, or -1 with @err set
 */
int number_percent(const char *word, __u32 *billionths, struct err *err)
{
	size_t len = strlen(word), digits = 0;
	char text[PART_MAX];
	const char *point;
	__u64 whole, part = 0;
	unsigned int i;

	if (!len || word[len - 1] != '%')
		return err_set(err,
			       "probability %s: a percentage is needed, with the '%%' directly behind the number, as 0.5%%",
			       word);
	point = cut(word, ".", text);
	if (!point)
		text[strcspn(text, "%")] = '\0';
	if (!number_parse(text, 100, &whole))
		goto wrong;
	if (point) {
		digits = strspn(point, "0123456789");
		if (!digits || point[digits] != '%' || point[digits + 1])
			goto wrong;
		if (digits > PERCENT_DIGITS)
			return err_set(err,
				       "probability %s: a percentage has at most %u digits behind the point",
				       word, PERCENT_DIGITS);
	} else if (len != strlen(text) + 1) {
		goto wrong;
	}
	for (i = 0; i < PERCENT_DIGITS; i++)
		part = part * 10 + (i < digits ? point[i] - '0' : 0);
	if (whole * PERCENT + part > NUMBER_CERTAIN)
		goto wrong;
	*billionths = whole * PERCENT + part;
	return 0;
wrong:
	return err_set(err,
		       "probability %s: a percentage is a number from 0%% to 100%%, without leading zeros, as 0.5%%",
		       word);
}
