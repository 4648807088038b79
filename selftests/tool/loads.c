// SPDX-License-Identifier: GPL-2.0
/* Loading and checking rule files: what is sent, and which line is to blame. */

#include <errno.h>

#include "commands.h"

TEST_F(commands, load)
{
	write_file(self->file, "in rst drop\nadd out rst drop # 2\n");
	kernel_family();
	acknowledge();
	ASSERT_EQ(0, run(&cmd_load, &self->options, self->file, &self->err));
	EXPECT_EQ(RSTFAULT_CMD_RULE_ADD, request_cmd());
	/* replace, and two rules */
	EXPECT_STREQ("8 1 1", request_types());
}

TEST_F(commands, load_nothing)
{
	kernel_family();
	acknowledge();
	ASSERT_EQ(0, run(&cmd_load, &self->options, self->file, &self->err));
	EXPECT_STREQ("8", request_types());
}

TEST_F(commands, check)
{
	write_file(self->file, "in rst drop");
	kernel_family();
	acknowledge();
	ASSERT_EQ(0, run(&cmd_check, &self->options, self->file, &self->err));
	/* replace, check, and a rule */
	EXPECT_STREQ("8 9 1", request_types());
}

/* The line of the rule that the kernel refuses, not the number of the rule. */
TEST_F(commands, load_refused)
{
	char want[128];

	write_file(self->file,
		   "# one\nin rst drop\n\nout rst drop\nin fin drop\n");
	kernel_family();
	/* its hook: behind the flag, a rule, and the head of the nest */
	kernel_refuse(-EINVAL, "no", BEGIN + 4 + RULE_SIZE + 4);
	EXPECT_EQ(2, run(&cmd_load, &self->options, self->file, &self->err));
	snprintf(want, sizeof(want), "%s:4: hook out: no", self->file);
	EXPECT_STREQ(want, self->err.text);

	kernel_family();
	/* the third rule as a whole */
	kernel_refuse(-EEXIST, "no", BEGIN + 4 + 2 * RULE_SIZE);
	EXPECT_EQ(2, run(&cmd_load, &self->options, self->file, &self->err));
	snprintf(want, sizeof(want), "%s:5: no", self->file);
	EXPECT_STREQ(want, self->err.text);

	kernel_family();
	/* something else */
	kernel_refuse(-ENOMEM, "no", 0);
	EXPECT_EQ(2, run(&cmd_load, &self->options, self->file, &self->err));
	EXPECT_STREQ("no", self->err.text);
}

/* Nothing is sent if a line is wrong. */
TEST_F(commands, load_wrong)
{
	char want[128];

	write_file(self->file, "in rst drop\nin rst drp\n");
	EXPECT_EQ(1, run(&cmd_load, &self->options, self->file, &self->err));
	snprintf(want, sizeof(want), "%s:2: 'drp' is not an action",
		 self->file);
	EXPECT_EQ(0, strncmp(want, self->err.text, strlen(want)));
	EXPECT_EQ(0, kernel.sent);
	EXPECT_EQ(1, run(&cmd_load, &self->options, "", &self->err));
	EXPECT_EQ(1, run(&cmd_load, &self->options, "a b", &self->err));
	EXPECT_EQ(1, run(&cmd_load, &self->options, "/no/such", &self->err));
	EXPECT_STREQ("/no/such: cannot open it: No such file or directory",
		     self->err.text);
	EXPECT_EQ(1, run(&cmd_load, &self->options, "/tmp", &self->err));
	EXPECT_STREQ("/tmp: cannot read it: Is a directory", self->err.text);
}

/* As many as there can be are one request, and one more is an error. */
TEST_F(commands, load_many)
{
	FILE *out = fopen(self->file, "w");
	char want[128];
	int i;

	ASSERT_NE(NULL, out);
	for (i = 0; i < RSTFAULT_RULES_MAX; i++)
		fprintf(out, "in rst saddr 10.%d.%d.%d sport %d drop\n",
			i >> 16, i >> 8 & 255, i & 255, i & 65535);
	fflush(out);
	kernel_family();
	kernel_refuse(-EINVAL, "no",
		      BEGIN + 4 + 99999 * (RULE_SIZE + 8 + 8 + 8 + 20));
	kernel.send_errors = 0;
	EXPECT_EQ(2, run(&cmd_load, &self->options, self->file, &self->err));
	snprintf(want, sizeof(want), "%s:100000: no", self->file);
	EXPECT_STREQ(want, self->err.text);
	EXPECT_EQ(BEGIN + 4 + RSTFAULT_RULES_MAX * (RULE_SIZE + 44),
		  kernel.request->nlmsg_len);
	fputs("in rst drop\n", out);
	fclose(out);
	EXPECT_EQ(1, run(&cmd_load, &self->options, self->file, &self->err));
	snprintf(want, sizeof(want), "%s:131073: there are more than 131072 rules",
		 self->file);
	EXPECT_STREQ(want, self->err.text);
}

TEST_HARNESS_MAIN
