// SPDX-License-Identifier: GPL-2.0
/*
 * Print what the tables of attributes say, for the documentation: what each
 * attribute may be, and what is said where it is not.
 */
#include <errno.h>
#include <stdio.h>

#include "lib/attribute.h"

static const char *error_name(int err)
{
	switch (-err) {
	case ENOENT:
		return "ENOENT";
	case EINVAL:
		return "EINVAL";
	case ERANGE:
		return "ERANGE";
	case EAFNOSUPPORT:
		return "EAFNOSUPPORT";
	case EDESTADDRREQ:
		return "EDESTADDRREQ";
	case ESTALE:
		return "ESTALE";
	default:
		return "?";
	}
}

static void print_numbers(const char *kind, const struct attribute *row)
{
	printf("%s", kind);
	if (row->range)
		printf(", %s", row->range);
	else if (row->mask)
		printf(", bits 0x%llx", (unsigned long long)row->mask);
	else
		printf(", %lld to %llu", (long long)row->min,
		       (unsigned long long)row->max);
}

static void print_kind(const struct attribute *row)
{
	switch (row->kind) {
	case NL_ATTR_TYPE_U8:
		return print_numbers("u8", row);
	case NL_ATTR_TYPE_U16:
		return print_numbers("u16", row);
	case NL_ATTR_TYPE_U32:
		return print_numbers("u32", row);
	case NL_ATTR_TYPE_U64:
		return print_numbers("u64", row);
	case NL_ATTR_TYPE_S32:
		return print_numbers("s32", row);
	case NL_ATTR_TYPE_FLAG:
		printf("flag");
		break;
	case NL_ATTR_TYPE_NUL_STRING:
		printf("text, at most %u bytes", (unsigned int)row->max);
		break;
	case NL_ATTR_TYPE_BINARY:
		printf("%u bytes", (unsigned int)row->max);
		break;
	case NL_ATTR_TYPE_NESTED:
		printf("nest");
		break;
	}
}

/* One line of a cell, the first of them or a further one. */
static void print_said(const char *when, const struct said *said, int *lines)
{
	if (!said->err)
		return;
	printf("%s| %s: ``%s``, \"%s\"\n", (*lines)++ ? "       " : " ", when,
	       error_name(said->err), said->text);
}

static void print_row(const struct attribute *row)
{
	bool same = row->below.err == row->above.err &&
		    row->below.text == row->above.text;
	int lines = 0;

	printf("   * - ``%s``\n     - ", row->name);
	print_kind(row);
	printf("\n     -");
	print_said("always", &row->always, &lines);
	print_said("missing", &row->missing, &lines);
	print_said(same ? "below or above" : "below", &row->below, &lines);
	if (!same)
		print_said("above", &row->above, &lines);
	print_said("empty", &row->empty, &lines);
	if (!lines)
		printf("\n");
}

static void print_place(const struct place *place)
{
	const struct attribute *row;

	printf("\n%s\n", place->name);
	for (const char *c = place->name; *c; c++)
		putchar('-');
	printf("\n\n");
	if (place->accepted.err)
		printf("Otherwise: ``%s``, \"%s\".\n\n",
		       error_name(place->accepted.err), place->accepted.text);
	printf(".. list-table::\n   :header-rows: 1\n   :widths: 18 32 50\n\n");
	printf("   * - attribute\n     - is\n     - is refused\n");
	for (row = place->set->rows; row->type; row++)
		if (row->kind != NL_ATTR_TYPE_INVALID)
			print_row(place_other(place, row));
}

int main(void)
{
	const struct place *place;

	printf(".. SPDX-License-Identifier: GPL-2.0\n");
	printf(".. Made from selftests/lib/ by \"make refusals-table\".\n");
	for (place = places; place < places + nr_places; place++)
		print_place(place);
	return 0;
}
