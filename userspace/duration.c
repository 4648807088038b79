// SPDX-License-Identifier: GPL-2.0
/* Durations: nanoseconds in the protocol, a number and a unit in a rule. */

#include <string.h>

#include "duration.h"
#include "err.h"
#include "rstfault.h"

/**
 * struct unit - a unit of time
 * @name: how it is written
 * @ns: nanoseconds
 */
struct unit {
	const char *name;
	__u64 ns;
};

/* Largest first. */
static const struct unit units[] = {
	{ "d", 86400000000000ull },
	{ "h", 3600000000000ull },
	{ "m", 60000000000ull },
	{ "s", 1000000000ull },
	{ "ms", 1000000ull },
	{ "us", 1000ull },
	{ "ns", 1ull },
	{ NULL, 0 }
};

#define DURATION_MAX	(RSTFAULT_DAYS_MAX * 86400000000000ull)

static const struct unit *find_unit(const char *name)
{
	const struct unit *unit;

	for (unit = units; unit->name; unit++) {
		if (!strcmp(unit->name, name))
			return unit;
	}
	return NULL;
}

/*
 * What the digits behind a point come to, from the last to the first. If the
 * sum is whole, so is each step on the way to it.
 */
static int fraction(const char *digit, size_t count, __u64 unit, __u64 *ns)
{
	*ns = 0;
	while (count && digit[count - 1] == '0')
		count--;
	while (count--) {
		*ns += (digit[count] - '0') * unit;
		if (*ns % 10)
			return -1;
		*ns /= 10;
	}
	return 0;
}

/**
 * duration_parse() - a duration of a rule
 * @key: keyword in front of it, for error texts
 * @word: digits, perhaps a point and more digits, and a unit
 * @ns: where its nanoseconds are returned
 * @err: where an error is returned
 *
 * Return: 0, or -1 with @err set
 */
int duration_parse(const char *key, const char *word, __u64 *ns,
		   struct err *err)
{
	size_t whole = strspn(word, "0123456789"), part = 0, i;
	const char *rest = word + whole;
	const struct unit *unit;
	__u64 count = 0, more;

	if (whole && *rest == '.') {
		part = strspn(rest + 1, "0123456789");
		rest += 1 + part;
		if (!part)
			whole = 0;
	}
	if (!whole)
		return err_set(err,
			       "%s %s: a duration is a number with a unit directly behind it, as 500ms or 1.5s",
			       key, word);
	unit = find_unit(rest);
	if (!*rest)
		return err_set(err,
			       "%s %s: a unit is missing behind the number; one of: ns, us, ms, s, m, h, d",
			       key, word);
	if (!unit)
		return err_set(err,
			       "%s %s: '%s' is not a unit; one of: ns, us, ms, s, m, h, d",
			       key, word, rest);
	if (word[0] == '0' && whole > 1)
		return err_set(err,
			       "%s %s: a number has no leading zeros", key,
			       word);
	for (i = 0; i < whole && count <= DURATION_MAX; i++)
		count = count * 10 + (word[i] - '0');
	if (fraction(word + whole + 1, part, unit->ns, &more))
		return err_set(err,
			       "%s %s: a duration is a whole number of nanoseconds",
			       key, word);
	if (count > DURATION_MAX / unit->ns ||
	    count * unit->ns > DURATION_MAX - more)
		return err_set(err, "%s %s: a duration is at most %ud", key,
			       word, RSTFAULT_DAYS_MAX);
	*ns = count * unit->ns + more;
	return 0;
}

/**
 * duration_print() - print a duration as in a rule
 * @out: where to
 * @ns: its nanoseconds
 *
 * The unit is the largest in which it is a whole number.
 */
void duration_print(FILE *out, __u64 ns)
{
	const struct unit *unit = units;

	if (!ns)
		unit = find_unit("s");
	while (ns % unit->ns)
		unit++;
	fprintf(out, "%llu%s", ns / unit->ns, unit->name);
}
