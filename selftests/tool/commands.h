/* SPDX-License-Identifier: GPL-2.0 */
/* Commands that are run with a kernel that is played. */

#ifndef COMMANDS_H
#define COMMANDS_H

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/genetlink.h>

#include "cmd.h"
#include "nl.h"

#include "kernel.h"
#include "kselftest_harness.h"
#include "rules.h"

/* Where a rule is in a request: a nest with three numbers each. */
#define RULE_SIZE	28
#define BEGIN		(NLMSG_HDRLEN + GENL_HDRLEN)

FIXTURE(commands)
{
	struct err err;
	struct options options;
	char file[32];
};

FIXTURE_SETUP(commands)
{
	int fd;

	/* It is ignored by who was started in the background. */
	signal(SIGINT, SIG_DFL);
	unsetenv("SSH_CONNECTION");
	strcpy(self->file, "/tmp/rstctl-XXXXXX");
	fd = mkstemp(self->file);
	ASSERT_LE(0, fd);
	close(fd);
}

FIXTURE_TEARDOWN(commands)
{
	EXPECT_EQ(kernel.prepared, kernel.played);
	free(kernel.request);
	unlink(self->file);
}

static inline int run(const struct command *command,
		      const struct options *options, const char *text,
		      struct err *err)
{
	struct line line;

	rules_split(&line, text);
	memset(err, 0, sizeof(*err));
	return command->run(options, line.count, line.word, err);
}

/* What the command wrote to standard output, which is @file meanwhile. */
static inline const char *output_of(const struct command *command,
				    const struct options *options,
				    const char *words, const char *file)
{
	static char text[16384];
	int saved = dup(STDOUT_FILENO);
	int fd = open(file, O_RDWR | O_TRUNC);
	struct err err;
	ssize_t len;

	fflush(stdout);
	dup2(fd, STDOUT_FILENO);
	if (run(command, options, words, &err))
		exit(1);
	fflush(stdout);
	dup2(saved, STDOUT_FILENO);
	close(saved);
	len = pread(fd, text, sizeof(text) - 1, 0);
	close(fd);
	text[len < 0 ? 0 : len] = '\0';
	return text;
}

/* The attributes of the last request, as a string of their types. */
static inline const char *request_types(void)
{
	static char text[256];
	const struct nlattr *attr;
	size_t len = 0;

	text[0] = '\0';
	mnl_attr_for_each(attr, kernel.request, GENL_HDRLEN)
		len += snprintf(text + len, sizeof(text) - len, "%s%u",
				len ? " " : "", mnl_attr_get_type(attr));
	return text;
}

static inline int request_cmd(void)
{
	const struct genlmsghdr *genlh;

	genlh = mnl_nlmsg_get_payload(kernel.request);
	return genlh->cmd;
}

static inline void write_file(const char *name, const char *text)
{
	FILE *out = fopen(name, "w");

	if (!out || fputs(text, out) < 0 || fclose(out))
		exit(1);
}

static inline void acknowledge(void)
{
	kernel_code(kernel_next(), NLMSG_ERROR, NLM_F_CAPPED, 0);
}

#endif /* COMMANDS_H */
