// SPDX-License-Identifier: GPL-2.0
/* rstctl save */

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../module/version.h"
#include "cmd.h"
#include "err.h"
#include "nl.h"
#include "print.h"

/* Most characters of a file name that an error text quotes. */
#define QUOTED		200

static int save_error(const char *name, const char *what, struct err *err)
{
	return err_set(err, "%.*s: cannot %s it: %s", QUOTED, name, what,
		       strerror(errno));
}

/* A rule that belongs to a process goes with it, so it is not for a file. */
static void save_rules(FILE *out, const struct rules *rules)
{
	unsigned int owned = 0;
	struct rule rule;
	size_t pos = 0;

	fprintf(out, "# rstfault rules, saved by rstctl %s; to bring them back: rstctl load FILE\n",
		RSTF_VERSION);
	while (nl_rules_next(rules, &pos, &rule)) {
		if (rule.has & RULE_BIT(RSTFAULT_A_RULE_OWNER)) {
			owned++;
			continue;
		}
		fputs("add ", out);
		print_rule(out, &rule);
		putc('\n', out);
	}
	if (owned)
		fprintf(out, "# %u rule%s left out, which go%s with the process that owns %s\n",
			owned, owned == 1 ? "" : "s", owned == 1 ? "es" : "",
			owned == 1 ? "it" : "them");
}

/* Half a rule, saved and loaded, would be another one. */
static int check_complete(const struct rules *rules, struct err *err)
{
	struct rule rule;
	size_t pos = 0;

	while (nl_rules_next(rules, &pos, &rule)) {
		if (rule.incomplete &&
		    !(rule.has & RULE_BIT(RSTFAULT_A_RULE_OWNER)))
			return err_set(err,
				       "rule %u cannot be saved: the module is newer than rstctl, and has more in it than can be said",
				       rule.id);
	}
	return 0;
}

/*
 * A device or a pipe is written to, not replaced. So is a link that points to
 * no file yet.
 */
static int save_direct(const char *name, const struct rules *rules,
		       struct err *err)
{
	FILE *out = fopen(name, "we");

	if (!out)
		return save_error(name, "open", err);
	save_rules(out, rules);
	if (fclose(out))
		return save_error(name, "write", err);
	return 0;
}

/* It goes on to belong to whom it did, as far as that is permitted. */
static void keep_owner(int fd, const struct stat *status)
{
	int ret = fchown(fd, status->st_uid, status->st_gid);

	/* The group alone can be set by any of its members. */
	if (ret)
		ret = fchown(fd, -1, status->st_gid);
	(void)ret;
}

static int put_in_place(const char *temporary, const char *path,
			const char *name, struct err *err)
{
	if (!rename(temporary, path))
		return 0;
	if (errno != EBUSY)
		return save_error(name, "write", err);
	return err_set(err,
		       "%.*s: cannot replace it, as it is mounted there; `rstctl save >FILE` writes to it instead",
		       QUOTED, name);
}

/* Written beside it, then put in its place: there is no half of a file. */
static int save_file(const char *name, const struct rules *rules,
		     struct err *err)
{
	char path[PATH_MAX], temporary[PATH_MAX + 8];
	struct stat status, link;
	bool exists;
	mode_t mask;
	FILE *out;
	int fd, ret;

	exists = !stat(name, &status);
	if (!exists && !lstat(name, &link))
		return save_direct(name, rules, err);
	if (!exists) {
		mask = umask(0);
		umask(mask);
		status.st_mode = 0666 & ~mask;
	} else if (!S_ISREG(status.st_mode)) {
		return save_direct(name, rules, err);
	}
	/* What a link points to is replaced, not the link. */
	if (!realpath(name, path) &&
	    (size_t)snprintf(path, sizeof(path), "%s", name) >= sizeof(path)) {
		errno = ENAMETOOLONG;
		return save_error(name, "write", err);
	}
	snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path);
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return save_error(name, "write", err);
	out = fdopen(fd, "w");
	if (!out) {
		save_error(name, "write", err);
		unlink(temporary);
		close(fd);
		return -1;
	}
	save_rules(out, rules);
	/* Before its mode, of which this takes bits away. */
	if (exists)
		keep_owner(fd, &status);
	if (fflush(out) || ferror(out) || fsync(fd) ||
	    fchmod(fd, status.st_mode & 07777))
		ret = save_error(name, "write", err);
	else
		ret = put_in_place(temporary, path, name, err);
	if (ret)
		unlink(temporary);
	fclose(out);
	return ret;
}

static int run_save(const struct options *options, int count,
		    char *const *words, struct err *err)
{
	struct rules rules;
	struct genl genl;
	int status;

	if (count > 1) {
		err_set(err, "'%.40s' is too much: one file at a time",
			words[1]);
		return STATUS_USAGE;
	}
	status = nl_open(&genl, options, err);
	if (status)
		return status;
	if (nl_list(&genl, &rules, err) || check_complete(&rules, err))
		status = STATUS_REFUSED;
	else if (!count || !strcmp(words[0], "-"))
		save_rules(stdout, &rules);
	else if (save_file(words[0], &rules, err))
		status = STATUS_USAGE;
	free(rules.data);
	genl_close(&genl);
	return status;
}

const struct command cmd_save = {
	.name = "save",
	.syntax = "[FILE]",
	.summary = "write the ruleset into a file",
	.help =
"  rstctl save rules\n"
"  rstctl flush\n"
"  rstctl load rules\n"
"\n"
"Without a file, to standard output. A file is replaced as a whole, or not at\n"
"all. Ids and counters are left out, and so are rules that go with a process\n"
"(rstctl help run).\n",
	.run = run_save,
};
