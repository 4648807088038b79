// SPDX-License-Identifier: GPL-2.0
/* Rule files: quoting, comments, line ends, and errors with their lines. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "batch.h"
#include "load.h"
#include "nl.h"
#include "rulefile.h"

#include "kselftest_harness.h"
#include "rules.h"

static void open_text(struct rulefile *file, const char *text, size_t len)
{
	memset(file, 0, sizeof(*file));
	file->name = "f";
	file->in = len ? fmemopen((char *)text, len, "r") :
			 fopen("/dev/null", "r");
	if (!file->in)
		exit(1);
}

/* What is in a file, and the one rule that it comes to. */
static const struct {
	const char *in, *out;
} one_rule[] = {
	{ "\xef\xbb\xbf#\nin rst drop\n", "in rst drop" },
	{ "\n\xef\xbb\xbf#", NULL },
	{ "in rst drop\n", "in rst drop" },
	{ "in rst drop", "in rst drop" },
	{ "add in rst drop\n", "in rst drop" },
	{ "\tadd\tin  rst drop \t\n", "in rst drop" },
	{ "in rst drop\r\n", "in rst drop" },
	{ "\r\n\r\nin rst drop\r\n\r\n", "in rst drop" },
	{ "# comment\n\n  # another\nin rst drop#no comment\n", NULL },
	{ "in rst drop # id 3 fired 12\n", "in rst drop" },
	{ "in rst drop #\n", "in rst drop" },
	{ "# incomplete: add 7 rst drop\nin rst drop\n", "in rst drop" },
	{ "name add in rst drop\n", "name add in rst drop" },
	{ "in rst dport {80, 443} drop\n", "in rst dport {80, 443} drop" },
	{ "in rst dport '{80, 443}' drop\n", "in rst dport {80, 443} drop" },
	{ "in rst iif 'a'\\''b' drop\n", "in rst iif 'a'\\''b' drop" },
	{ "in rst iif \\'a drop\n", "in rst iif ''\\''a' drop" },
	{ "in rst iif '#1' drop\n", "in rst iif '#1' drop" },
	{ "in rst iif \\#1 drop\n", "in rst iif '#1' drop" },
	{ "in rst iif a#1 drop\n", "in rst iif 'a#1' drop" },
	{ "in rst iif '\"' drop\n", "in rst iif '\"' drop" },
	{ "in rst iif $'\\303\\274' drop\n", "in rst iif $'\\303\\274' drop" },
	{ "in rst iif $'\\001\\'\\\\' drop\n", "in rst iif $'\\001\\'\\\\' drop" },
	{ "in rst cgroup 'a b' drop\n", "in rst cgroup 'a b' drop" },
	{ "'in' r\\st d'ro'p\n", "in rst drop" },
};

TEST(lines)
{
	enum rulefile_result result;
	struct rulefile file;
	struct rule rule;
	char text[1024];
	struct err err;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(one_rule); i++) {
		open_text(&file, one_rule[i].in, strlen(one_rule[i].in));
		result = rulefile_next(&file, &rule, &err);
		if (!one_rule[i].out) {
			EXPECT_EQ(RULEFILE_WRONG, result);
			rulefile_close(&file);
			continue;
		}
		ASSERT_EQ(RULEFILE_RULE, result)
			TH_LOG("%s: %s", one_rule[i].in, err.text);
		rules_print(&rule, text, sizeof(text));
		EXPECT_STREQ(one_rule[i].out, text);
		EXPECT_EQ(RULEFILE_END, rulefile_next(&file, &rule, &err));
		rulefile_close(&file);
	}
}

#define TEXT(text)	text, sizeof(text) - 1

/* What is in a file, and what is said about it. */
static const struct {
	const char *in;
	size_t len;
	const char *err;
} wrong[] = {
	{ TEXT("in rst"),
	  "f:1: a rule needs an action at its end; one of: pass, drop, delay, forge, mangle, duplicate",
	},
	{ TEXT("\n# c\nadd\n"),
	  "f:3: a rule needs a hook; one of: in, out, input, output, forward" },
	{ TEXT("in rst dport 0x50 drop\n"),
	  "f:1: dport 0x50: a port is a number from 0 to 65535" },
	{ TEXT("\nin rst iif 'a drop\n"),
	  "f:2: a quote is not closed by the end of the line" },
	{ TEXT("in rst iif $'a drop\n"),
	  "f:1: a quote is not closed by the end of the line" },
	{ TEXT("in rst iif $'a\\"),
	  "f:1: an escape in $'...' is \\', \\\\ or three octal digits, as \\303" },
	{ TEXT("in rst iif $'\\n' drop"),
	  "f:1: an escape in $'...' is \\', \\\\ or three octal digits, as \\303" },
	{ TEXT("in rst iif $'\\000' drop"),
	  "f:1: an escape in $'...' is \\001 to \\377" },
	{ TEXT("in rst iif $'\\777' drop"),
	  "f:1: an escape in $'...' is \\001 to \\377" },
	{ TEXT("in rst iif \"a\" drop"),
	  "f:1: a '\"' has to be quoted; words are quoted by '...'" },
	{ TEXT("in rst \\\ndrop"), "f:1: a line does not end with '\\'" },
	{ TEXT("in rst\0 drop\n"), "f:1: there is a NUL byte in this line" },
	{ TEXT("\0"), "f:1: there is a NUL byte in this line" },
	{ TEXT("in rst drop\r out"),
	  "f:1: 'drop?' is not an action" },
};

TEST(wrong_files)
{
	struct rulefile file;
	struct rule rule;
	struct err err;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		open_text(&file, wrong[i].in, wrong[i].len);
		EXPECT_EQ(RULEFILE_WRONG, rulefile_next(&file, &rule, &err));
		EXPECT_EQ(0, strncmp(wrong[i].err, err.text,
				     strlen(wrong[i].err))) {
			TH_LOG("%s", err.text);
		}
		rulefile_close(&file);
	}
}

/* Behind a wrong line it goes on, but only for a while. */
TEST(many_wrong_lines)
{
	static char text[4096];
	struct rulefile file;
	struct batch batch;
	struct err err;
	size_t len = 0;
	int i;

	for (i = 0; i < 20; i++)
		len += sprintf(text + len, "in rst drop\nfoo\n");
	open_text(&file, text, len);
	ASSERT_EQ(0, batch_begin(&batch, &err));
	/* What is printed is no line of the test's own. */
	ASSERT_NE(NULL, freopen("/dev/null", "w", stderr));
	EXPECT_EQ(-1, load_read(&file, NULL, &batch, &err));
	EXPECT_EQ(0, strncmp("f:20: 'foo' is not a hook", err.text, 25));
	EXPECT_EQ(20, file.line);
	batch_free(&batch);
	rulefile_close(&file);
}

/* What is printed can be read again, line by line. */
TEST(file_round_trip)
{
	struct rule rule, again;
	struct rulefile file;
	__u64 state = SEED;
	char text[2048];
	struct err err;
	FILE *out;
	int i;

	out = tmpfile();
	ASSERT_NE(NULL, out);
	for (i = 0; i < 5000; i++) {
		rules_random(&state, &rule);
		rules_print(&rule, text, sizeof(text));
		fprintf(out, "add %s # id 1\n", text);
	}
	rewind(out);
	memset(&file, 0, sizeof(file));
	file.name = "f";
	file.in = out;
	state = SEED;
	for (i = 0; i < 5000; i++) {
		rules_random(&state, &rule);
		ASSERT_EQ(RULEFILE_RULE, rulefile_next(&file, &again, &err))
			TH_LOG("%s", err.text);
		ASSERT_TRUE(rules_same(&rule, &again));
	}
	EXPECT_EQ(RULEFILE_END, rulefile_next(&file, &again, &err));
	rulefile_close(&file);
}

/* Whatever the bytes are: a rule or an error, and nothing behind the end. */
TEST(file_garbage)
{
	static const char letters[] = "in rst drop'$\\#{},\"\n\r\0 303";
	struct rulefile file;
	enum rulefile_result result;
	__u64 state = SEED;
	struct rule rule;
	struct err err;
	char text[64];
	int i, j, len;

	for (i = 0; i < 20000; i++) {
		len = 1 + rules_random_below(&state, sizeof(text) - 1);
		for (j = 0; j < len; j++)
			text[j] = letters[rules_random_below(&state,
							     sizeof(letters))];
		open_text(&file, text, len);
		do {
			result = rulefile_next(&file, &rule, &err);
			ASSERT_NE(RULEFILE_FAILED, result);
		} while (result != RULEFILE_END);
		rulefile_close(&file);
	}
}

TEST_HARNESS_MAIN
