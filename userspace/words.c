// SPDX-License-Identifier: GPL-2.0
/* The words of the rule language, each in exactly one table. */

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "rstfault.h"
#include "words.h"

const struct word hook_words[] = {
	{ "in", RSTFAULT_HOOK_IN },
	{ "out", RSTFAULT_HOOK_OUT },
	{ "input", RSTFAULT_HOOK_INPUT },
	{ "output", RSTFAULT_HOOK_OUTPUT },
	{ "forward", RSTFAULT_HOOK_FORWARD },
	{ NULL, 0 }
};

/* In the order in which a union of them is printed. */
const struct word segment_words[] = {
	{ "rst", RSTFAULT_SEGMENT_RST },
	{ "syn", RSTFAULT_SEGMENT_SYN },
	{ "synack", RSTFAULT_SEGMENT_SYNACK },
	{ "ack", RSTFAULT_SEGMENT_ACK },
	{ "data", RSTFAULT_SEGMENT_DATA },
	{ "fin", RSTFAULT_SEGMENT_FIN },
	{ "any", RSTFAULT_SEGMENT_ANY },
	{ NULL, 0 }
};

const struct word family_words[] = {
	{ "ip", AF_INET },
	{ "ip6", AF_INET6 },
	{ NULL, 0 }
};

/* The value is the attribute that carries the match. */
const struct word match_words[] = {
	{ "ip", RSTFAULT_A_RULE_FAMILY },
	{ "ip6", RSTFAULT_A_RULE_FAMILY },
	{ "saddr", RSTFAULT_A_RULE_SADDR4 },
	{ "daddr", RSTFAULT_A_RULE_DADDR4 },
	{ "sport", RSTFAULT_A_RULE_SPORT },
	{ "dport", RSTFAULT_A_RULE_DPORT },
	{ "iif", RSTFAULT_A_RULE_IIF },
	{ "oif", RSTFAULT_A_RULE_OIF },
	{ NULL, 0 }
};

const struct word action_words[] = {
	{ "pass", RSTFAULT_ACTION_PASS },
	{ "drop", RSTFAULT_ACTION_DROP },
	{ NULL, 0 }
};

/* No word is longer; a longer one is near to none. */
#define NEAR_MAX	15

/**
 * word_find() - look a word up by its name
 * @table: where to look
 * @name: the word
 *
 * Return: its entry, NULL if @table has no such word
 */
const struct word *word_find(const struct word *table, const char *name)
{
	for (; table->name; table++) {
		if (!strcmp(table->name, name))
			return table;
	}
	return NULL;
}

/**
 * word_name() - look a word up by its value
 * @table: where to look
 * @value: the value
 *
 * Return: the word, NULL if @table has none of that value
 */
const char *word_name(const struct word *table, __u32 value)
{
	for (; table->name; table++) {
		if (table->value == value)
			return table->name;
	}
	return NULL;
}

static unsigned int min3(unsigned int a, unsigned int b, unsigned int c)
{
	unsigned int ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* Letters to insert, delete, replace or swap with a neighbour: a into b. */
static unsigned int distance(const char *a, const char *b)
{
	unsigned int d[NEAR_MAX + 1][NEAR_MAX + 1];
	size_t la = strlen(a), lb = strlen(b);
	size_t i, j;

	if (la > NEAR_MAX || lb > NEAR_MAX)
		return NEAR_MAX;
	for (i = 0; i <= la; i++)
		d[i][0] = i;
	for (j = 0; j <= lb; j++)
		d[0][j] = j;
	for (i = 1; i <= la; i++) {
		for (j = 1; j <= lb; j++) {
			d[i][j] = min3(d[i - 1][j] + 1, d[i][j - 1] + 1,
				       d[i - 1][j - 1] +
				       (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1] &&
			    d[i][j] > d[i - 2][j - 2] + 1)
				d[i][j] = d[i - 2][j - 2] + 1;
		}
	}
	return d[la][lb];
}

/**
 * word_near() - guess which word was meant
 * @table: the words that would have been right
 * @name: the word that is wrong
 *
 * One slip is forgiven, in a word of six letters and more two.
 *
 * Return: the nearest word, NULL if none is near
 */
const char *word_near(const struct word *table, const char *name)
{
	unsigned int best = (strlen(name) < 6 ? 1 : 2) + 1;
	const char *near = NULL;

	if (strlen(name) < 2)
		return NULL;
	for (; table->name; table++) {
		unsigned int d = distance(name, table->name);

		if (d < best) {
			best = d;
			near = table->name;
		}
	}
	return near;
}

/**
 * words_join() - all words of a table as one list
 * @table: the words
 * @buf: where to write them, separated by a comma and a space
 * @size: size of @buf
 *
 * Return: @buf
 */
const char *words_join(const struct word *table, char *buf, size_t size)
{
	const struct word *word;
	size_t len = 0;

	buf[0] = '\0';
	for (word = table; word->name && len < size; word++)
		len += snprintf(buf + len, size - len, "%s%s",
				word == table ? "" : ", ", word->name);
	return buf;
}
