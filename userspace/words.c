// SPDX-License-Identifier: GPL-2.0
/* The words of the rule language, each in exactly one table. */

#include <stdbool.h>
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
	{ "flags", RSTFAULT_SEGMENT_FLAGS },
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
	{ "mark", RSTFAULT_A_RULE_MARK },
	{ "length", RSTFAULT_A_RULE_LENGTH_FROM },
	{ "uid", RSTFAULT_A_RULE_UID },
	{ "cgroup", RSTFAULT_A_RULE_CGROUP },
	{ "state", RSTFAULT_A_RULE_STATE },
	{ "active", RSTFAULT_A_RULE_ORIGIN },
	{ "passive", RSTFAULT_A_RULE_ORIGIN },
	{ NULL, 0 }
};

/* The value is the attribute of the gates. */
const struct word gate_words[] = {
	{ "probability", RSTFAULT_A_GATES_PROBABILITY },
	{ "seed", RSTFAULT_A_GATES_SEED },
	{ "skip", RSTFAULT_A_GATES_SKIP },
	{ "every", RSTFAULT_A_GATES_EVERY },
	{ "limit", RSTFAULT_A_GATES_LIMIT },
	{ "nth", RSTFAULT_A_GATES_NTH },
	{ "bytes", RSTFAULT_A_GATES_BYTES_FROM },
	{ NULL, 0 }
};

/* What stands among the gates, but is an attribute of the rule. */
const struct word term_words[] = {
	{ "for", RSTFAULT_A_RULE_LIFETIME },
	{ "shadow", RSTFAULT_A_RULE_SHADOW },
	{ "force", RSTFAULT_A_RULE_FORCE },
	{ NULL, 0 }
};

/* Does a gate count for each connection by itself? */
const struct word per_words[] = {
	{ "packet", false },
	{ "connection", true },
	{ NULL, 0 }
};

const struct word action_words[] = {
	{ "pass", RSTFAULT_ACTION_PASS },
	{ "drop", RSTFAULT_ACTION_DROP },
	{ "delay", RSTFAULT_ACTION_DELAY },
	{ "forge", RSTFAULT_ACTION_FORGE },
	{ "mangle", RSTFAULT_ACTION_MANGLE },
	{ "duplicate", RSTFAULT_ACTION_DUPLICATE },
	{ NULL, 0 }
};

/* The bits of the TCP header. */
const struct word flag_words[] = {
	{ "fin", 0x01 },
	{ "syn", 0x02 },
	{ "rst", 0x04 },
	{ "psh", 0x08 },
	{ "ack", 0x10 },
	{ "urg", 0x20 },
	{ "ece", 0x40 },
	{ "cwr", 0x80 },
	{ NULL, 0 }
};

const struct word state_words[] = {
	{ "established", RSTFAULT_STATE_ESTABLISHED },
	{ "syn-sent", RSTFAULT_STATE_SYN_SENT },
	{ "syn-recv", RSTFAULT_STATE_SYN_RECV },
	{ "fin-wait-1", RSTFAULT_STATE_FIN_WAIT_1 },
	{ "fin-wait-2", RSTFAULT_STATE_FIN_WAIT_2 },
	{ "time-wait", RSTFAULT_STATE_TIME_WAIT },
	{ "closed", RSTFAULT_STATE_CLOSED },
	{ "close-wait", RSTFAULT_STATE_CLOSE_WAIT },
	{ "last-ack", RSTFAULT_STATE_LAST_ACK },
	{ "listening", RSTFAULT_STATE_LISTENING },
	{ "closing", RSTFAULT_STATE_CLOSING },
	{ NULL, 0 }
};

const struct word origin_words[] = {
	{ "active", RSTFAULT_ORIGIN_ACTIVE },
	{ "passive", RSTFAULT_ORIGIN_PASSIVE },
	{ NULL, 0 }
};

const struct word end_words[] = {
	{ "sender", RSTFAULT_END_SENDER },
	{ "receiver", RSTFAULT_END_RECEIVER },
	{ NULL, 0 }
};

/* To whom a RST is forged. */
const struct word target_words[] = {
	{ "sender", RSTFAULT_END_SENDER },
	{ "receiver", RSTFAULT_END_RECEIVER },
	{ "both", RSTFAULT_END_SENDER | RSTFAULT_END_RECEIVER },
	{ NULL, 0 }
};

const struct word per_connection_words[] = {
	{ "probability", RSTFAULT_GATE_PROBABILITY },
	{ "skip", RSTFAULT_GATE_SKIP },
	{ "every", RSTFAULT_GATE_EVERY },
	{ "limit", RSTFAULT_GATE_LIMIT },
	{ "nth", RSTFAULT_GATE_NTH },
	{ "bytes", RSTFAULT_GATE_BYTES },
	{ NULL, 0 }
};

/* In words, RSTFAULT_SEQ_OFFSET is the offset itself. */
const struct word seq_words[] = {
	{ "exact", RSTFAULT_SEQ_EXACT },
	{ "offset", RSTFAULT_SEQ_OFFSET },
	{ "in-window", RSTFAULT_SEQ_IN_WINDOW },
	{ "out-of-window", RSTFAULT_SEQ_OUT_OF_WINDOW },
	{ NULL, 0 }
};

/* As the protocol names them. */
const struct word ack_words[] = {
	{ "auto", RSTFAULT_ACK_AUTO },
	{ "always", RSTFAULT_ACK_ALWAYS },
	{ "never", RSTFAULT_ACK_NEVER },
	{ "bad", RSTFAULT_ACK_BAD },
	{ NULL, 0 }
};

/* Options of the actions; the value is the attribute. */
const struct word delay_words[] = {
	{ "jitter", RSTFAULT_A_DELAY_JITTER },
	{ "until", RSTFAULT_A_DELAY_UNTIL_NEXT },
	{ NULL, 0 }
};

const struct word forge_words[] = {
	{ "to", RSTFAULT_A_FORGE_TO },
	{ "seq", RSTFAULT_A_FORGE_SEQ },
	{ "ack", RSTFAULT_A_FORGE_ACK },
	{ "noack", RSTFAULT_A_FORGE_ACK },
	{ "badack", RSTFAULT_A_FORGE_ACK },
	{ "count", RSTFAULT_A_FORGE_COUNT },
	{ "every", RSTFAULT_A_FORGE_EVERY },
	{ "after", RSTFAULT_A_FORGE_AFTER },
	{ "ttl", RSTFAULT_A_FORGE_TTL },
	{ "badsum", RSTFAULT_A_FORGE_BADSUM },
	{ "and", RSTFAULT_A_FORGE_DROP },
	{ NULL, 0 }
};

const struct word mangle_words[] = {
	{ "seq", RSTFAULT_A_MANGLE_SEQ },
	{ "ack", RSTFAULT_A_MANGLE_ACK },
	{ "ttl", RSTFAULT_A_MANGLE_TTL },
	{ "badsum", RSTFAULT_A_MANGLE_BADSUM },
	{ NULL, 0 }
};

const struct word duplicate_words[] = {
	{ "every", RSTFAULT_A_DUPLICATE_EVERY },
	{ NULL, 0 }
};

/* Those of forge that make sense for a RST without a segment. */
const struct word inject_words[] = {
	{ "to", RSTFAULT_A_FORGE_TO },
	{ "seq", RSTFAULT_A_FORGE_SEQ },
	{ "ack", RSTFAULT_A_FORGE_ACK },
	{ "noack", RSTFAULT_A_FORGE_ACK },
	{ "badack", RSTFAULT_A_FORGE_ACK },
	{ "ttl", RSTFAULT_A_FORGE_TTL },
	{ "badsum", RSTFAULT_A_FORGE_BADSUM },
	{ NULL, 0 }
};

const struct word event_words[] = {
	{ "fire", RSTFAULT_EVENT_TYPE_FIRE },
	{ "fail", RSTFAULT_EVENT_TYPE_FAIL },
	{ "release", RSTFAULT_EVENT_TYPE_RELEASE },
	{ "sent", RSTFAULT_EVENT_TYPE_SENT },
	{ NULL, 0 }
};

const struct word fate_words[] = {
	{ "time", RSTFAULT_FATE_TIME },
	{ "next", RSTFAULT_FATE_NEXT },
	{ "asked", RSTFAULT_FATE_ASKED },
	{ "rule", RSTFAULT_FATE_RULE },
	{ "device", RSTFAULT_FATE_DEVICE },
	{ "netns", RSTFAULT_FATE_NETNS },
	{ NULL, 0 }
};

const struct word outcome_words[] = {
	{ "unknown", RSTFAULT_OUTCOME_UNKNOWN },
	{ "reset", RSTFAULT_OUTCOME_RESET },
	{ "challenged", RSTFAULT_OUTCOME_CHALLENGED },
	{ "ignored", RSTFAULT_OUTCOME_IGNORED },
	{ "unsent", RSTFAULT_OUTCOME_UNSENT },
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
