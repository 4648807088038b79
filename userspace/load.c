// SPDX-License-Identifier: GPL-2.0
/* A rule file as the whole ruleset: to be loaded, or only to be checked. */

#include <string.h>

#include "batch.h"
#include "cmd.h"
#include "err.h"
#include "load.h"
#include "nl.h"
#include "rulefile.h"
#include "ssh.h"

/* As many wrong lines are reported at once. */
#define ERRORS_MAX	10

/**
 * load_read() - read the rules of a file
 * @file: the file
 * @ssh: the connection that no rule must cut; NULL: there is none to look at
 * @batch: where the rules are appended
 * @err: where the last error is returned; those before it are printed
 *
 * Return: 0, or -1 with @err set
 */
int load_read(struct rulefile *file, struct ssh *ssh, struct batch *batch,
	      struct err *err)
{
	enum rulefile_result result;
	unsigned int errors = 0;
	struct err this = {};
	struct rule rule;

	for (;;) {
		result = rulefile_next(file, &rule, &this);
		if (result == RULEFILE_END)
			break;
		if (result == RULEFILE_RULE && ssh &&
		    ssh_check(ssh, &rule, &this)) {
			rulefile_blame(file, file->line, &this);
			result = RULEFILE_WRONG;
		}
		if (result == RULEFILE_RULE &&
		    batch_add(batch, &rule, file->line, &this)) {
			rulefile_blame(file, file->line, &this);
			result = RULEFILE_FAILED;
		}
		if (result == RULEFILE_RULE)
			continue;
		/* The last one is printed by who gets it. */
		if (errors++)
			err_print(err);
		*err = this;
		if (result == RULEFILE_FAILED || errors == ERRORS_MAX)
			break;
	}
	return errors ? -1 : 0;
}

static int send_rules(const struct options *options,
		      const struct rulefile *file, struct batch *batch,
		      struct err *err)
{
	struct genl genl;
	int status;

	status = nl_open(&genl, options, err);
	if (status)
		return status;
	if (nl_commit(&genl, batch, err)) {
		status = STATUS_REFUSED;
		if (genl.refused >= 0 && (size_t)genl.refused < batch->count)
			rulefile_blame(file, batch->line[genl.refused], err);
	}
	genl_close(&genl);
	return status;
}

/**
 * load_file() - make the rules of a file the whole ruleset
 * @options: where to
 * @count: number of words
 * @words: the name of the file
 * @check: only find out whether that would be refused
 * @err: where an error is returned
 *
 * Return: enum status
 */
int load_file(const struct options *options, int count, char *const *words,
	      bool check, struct err *err)
{
	struct rulefile file;
	struct batch batch;
	struct ssh ssh;
	int status = STATUS_USAGE;

	if (!count) {
		err_set(err, "the name of a file is missing; '-' is standard input");
		return status;
	}
	if (count > 1) {
		err_set(err, "'%.40s' is too much: one file at a time",
			words[1]);
		return status;
	}
	if (rulefile_open(&file, words[0], err))
		return status;
	ssh_find(&ssh, options);
	if (!batch_begin(&batch, err) &&
	    !batch_flag(&batch, RSTFAULT_A_REPLACE, err) &&
	    (!check || !batch_flag(&batch, RSTFAULT_A_CHECK, err)) &&
	    !load_read(&file, &ssh, &batch, err))
		status = send_rules(options, &file, &batch, err);
	batch_free(&batch);
	rulefile_close(&file);
	return status;
}
