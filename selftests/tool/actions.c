// SPDX-License-Identifier: GPL-2.0
/* Actions and durations: words to model and back. */

#include <string.h>

#include "table.h"

static const struct right actions[] = {
	{ "in rst delay 500ms", NULL },
	{ "in rst delay 0s", NULL },
	{ "in rst delay 0ns", "in rst delay 0s" },
	{ "in rst delay 1s jitter 1s", NULL },
	{ "in rst delay 1s jitter 0s", "in rst delay 1s" },
	{ "in rst delay 1s until next jitter 5ms",
	  "in rst delay 1s jitter 5ms until next" },
	{ "in syn forge", NULL },
	{ "in syn forge to sender seq exact count 1 every 0s after 0s and pass",
	  "in syn forge" },
	{ "in syn forge to receiver", NULL },
	{ "in syn forge to both", NULL },
	{ "in syn forge seq +1", NULL },
	{ "in syn forge seq -2147483648", NULL },
	{ "in syn forge seq +2147483647", NULL },
	{ "in syn forge seq +0", NULL },
	{ "in syn forge seq -0", "in syn forge seq +0" },
	{ "in syn forge seq in-window", NULL },
	{ "in syn forge seq out-of-window", NULL },
	{ "in syn forge ack", NULL },
	{ "in syn forge noack", NULL },
	{ "in syn forge badack", NULL },
	{
	  "in syn forge and drop badsum ttl 255 after 1s every 10ms count 1000 badack seq -1 to both",
	  "in syn forge to both seq -1 badack count 1000 every 10ms after 1s ttl 255 badsum and drop",
	},
	{ "in syn forge every 1s", NULL },
	{ "in rst mangle seq +1", NULL },
	{ "in rst mangle badsum ttl 1 ack -5 seq -0",
	  "in rst mangle seq +0 ack -5 ttl 1 badsum" },
	{ "in rst duplicate 1", NULL },
	{ "in rst duplicate 1000 every 1us", NULL },
	{ "in rst duplicate 3 every 0ms", "in rst duplicate 3" },
	{ "in rst forge # and drop", "in rst forge" },
	{ "in rst limit 1 delay 1s # id 3 fired 0", "in rst limit 1 delay 1s" },
};

static const struct right durations[] = {
	{ "in rst delay 1ns", NULL },
	{ "in rst delay 1500ms", NULL },
	{ "in rst delay 1.5s", "in rst delay 1500ms" },
	{ "in rst delay 1000ms", "in rst delay 1s" },
	{ "in rst delay 120s", "in rst delay 2m" },
	{ "in rst delay 90s", NULL },
	{ "in rst delay 60m", "in rst delay 1h" },
	{ "in rst delay 24h", "in rst delay 1d" },
	{ "in rst delay 25h", NULL },
	{ "in rst delay 365d", NULL },
	{ "in rst delay 365.000d", "in rst delay 365d" },
	{ "in rst delay 364.5d", "in rst delay 8748h" },
	{ "in rst delay 0.5us", "in rst delay 500ns" },
	{ "in rst delay 0.000000001s", "in rst delay 1ns" },
	{ "in rst delay 1.000000000000000000000000s", "in rst delay 1s" },
	{ "in rst delay 0.00000000005m", "in rst delay 3ns" },
	{ "in rst delay 31536000000000000ns", "in rst delay 365d" },
};

TEST(canonical_actions)
{
	table_right(_metadata, actions, ARRAY_SIZE(actions));
}

TEST(canonical_durations)
{
	table_right(_metadata, durations, ARRAY_SIZE(durations));
}

#define FORGE "to, seq, ack, noack, badack, count, every, after, ttl, badsum, and"
#define A_DURATION \
	"a duration is a number with a unit directly behind it, as 500ms or 1.5s"
#define NO_UNIT \
	"a unit is missing behind the number; one of: ns, us, ms, s, m, h, d"

static const struct wrong refused[] = {
	{ "in rst delay", "delay: a duration, as 500ms, is missing" },
	{ "in rst delay # 5s", "delay: a duration, as 500ms, is missing" },
	{ "in rst delay 500", "delay 500: " NO_UNIT },
	{ "in rst delay 0", "delay 0: " NO_UNIT },
	{ "in rst delay 1.5", "delay 1.5: " NO_UNIT },
	{ "in rst delay s", "delay s: " A_DURATION },
	{ "in rst delay ''", "delay : " A_DURATION },
	{ "in rst delay -1s", "delay -1s: " A_DURATION },
	{ "in rst delay .5s", "delay .5s: " A_DURATION },
	{ "in rst delay 1.s", "delay 1.s: " A_DURATION },
	{ "in rst delay 5sec",
	  "delay 5sec: 'sec' is not a unit; one of: ns, us, ms, s, m, h, d" },
	{ "in rst delay 5S",
	  "delay 5S: 'S' is not a unit; one of: ns, us, ms, s, m, h, d" },
	{ "in rst delay 05s", "delay 05s: a number has no leading zeros" },
	{ "in rst delay 0.5ns",
	  "delay 0.5ns: a duration is a whole number of nanoseconds" },
	{ "in rst delay 0.0000000001s",
	  "delay 0.0000000001s: a duration is a whole number of nanoseconds" },
	{ "in rst delay 366d", "delay 366d: a duration is at most 365d" },
	{ "in rst delay 365.1d", "delay 365.1d: a duration is at most 365d" },
	{ "in rst delay 99999999999999999999999ns",
	  "delay 99999999999999999999999ns: a duration is at most 365d" },
	{ "in rst delay 1s jitter", "jitter: a duration, as 500ms, is missing" },
	{ "in rst delay 1s jitter 1001ms",
	  "jitter 1001ms: more than the delay itself, 1s; it is subtracted as well as added" },
	{ "in rst delay 1s jitter 1s jitter 1s", "'jitter' is given twice" },
	{ "in rst delay 1s until", "until: 'next' is missing" },
	{ "in rst delay 1s until then",
	  "until then: the only word behind 'until' is 'next'" },
	{ "in rst delay 1s jiter 1s",
	  "'jiter' is not an option of 'delay'; one of: jitter, until (did you mean 'jitter'?)" },
	{ "in rst delay 1s limit 1",
	  "'limit' is too late: it goes in front of the action, 'delay'" },
	{ "in rst forge dport 80",
	  "'dport' is too late: it goes in front of the action, 'forge'" },
	{ "in rst forge shadow",
	  "'shadow' is too late: it goes in front of the action, 'forge'" },
	{ "in rst forge drop",
	  "'drop' is not an option of 'forge'; one of: " FORGE },
	{ "in rst forge to",
	  "to: a word is missing; one of: sender, receiver, both" },
	{ "in rst forge to me",
	  "'me' is not whom a RST can be sent to; one of: sender, receiver, both" },
	{ "in rst forge to sender to receiver", "'to' is given twice" },
	{ "in rst forge seq",
	  "seq: exact, +N, -N, in-window or out-of-window is missing" },
	{ "in rst forge seq 1",
	  "seq 1: not a sequence number of a RST; one of: exact, +N, -N, in-window, out-of-window",
	},
	{ "in rst forge seq inwindow",
	  "seq inwindow: not a sequence number of a RST; one of: exact, +N, -N, in-window, out-of-window (did you mean 'in-window'?)",
	},
	{ "in rst forge seq +",
	  "seq +: a number from -2147483648 to +2147483647 is needed" },
	{ "in rst forge seq +2147483648",
	  "seq +2147483648: a number from -2147483648 to +2147483647 is needed" },
	{ "in rst forge seq -2147483649",
	  "seq -2147483649: a number from -2147483648 to +2147483647 is needed" },
	{ "in rst forge seq +01",
	  "seq +01: a number has no leading zeros; write +1" },
	{ "in rst forge ack noack",
	  "'noack': only one of ack, noack and badack" },
	{ "in rst forge count 0",
	  "count 0: a number from 1 to 1000 is needed" },
	{ "in rst forge count 1001",
	  "count 1001: a number from 1 to 1000 is needed" },
	{ "in rst forge count 5 every 5", "every 5: " NO_UNIT },
	{ "in rst forge after 1", "after 1: " NO_UNIT },
	{ "in rst forge ttl 0", "ttl 0: a number from 1 to 255 is needed" },
	{ "in rst forge ttl 256", "ttl 256: a number from 1 to 255 is needed" },
	{ "in rst forge badsum badsum", "'badsum' is given twice" },
	{ "in rst forge and",
	  "and: a word is missing; one of: drop, pass" },
	{ "in rst forge and reject",
	  "'reject' is not what happens to the segment itself; one of: drop, pass" },
	{ "in rst mangle",
	  "mangle: what to change is missing; one or more of: seq +N, ack +N, ttl N, badsum" },
	{ "in rst,syn mangle badsum",
	  "mangle: only a RST can be mangled; the segment has to be rst alone" },
	{ "in any mangle badsum",
	  "mangle: only a RST can be mangled; the segment has to be rst alone" },
	{ "in rst mangle seq", "seq: a number to add, as +1 or -1, is missing" },
	{ "in rst mangle seq 1",
	  "seq 1: a number to add has a sign, as +1 or -1" },
	{ "in rst mangle ack exact",
	  "ack exact: a number to add has a sign, as +1 or -1" },
	{ "in rst mangle ttl", "ttl: a number is missing" },
	{ "in rst mangle to both",
	  "'to' is not an option of 'mangle'; one of: seq, ack, ttl, badsum" },
	{ "in rst duplicate", "duplicate: a number is missing" },
	{ "in rst duplicate 0",
	  "duplicate 0: a number from 1 to 1000 is needed" },
	{ "in rst duplicate 2 after 1s",
	  "'after' is not an option of 'duplicate'; one of: every" },
	{ "in rst duplicate 2 every 1s every 1s", "'every' is given twice" },
	{ "in rst pass drop",
	  "'drop' is too much: the action, 'pass', is the last word of a rule" },
};

TEST(wrong_actions)
{
	table_wrong(_metadata, refused, ARRAY_SIZE(refused));
}

TEST_HARNESS_MAIN
