// SPDX-License-Identifier: GPL-2.0
/* Many rules in one request, so that they are added as a whole or not at all. */

#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "err.h"
#include "nl.h"

/* There is always room for one more rule. */
static int reserve(struct batch *batch, struct err *err)
{
	size_t used = batch->request ? batch->request->nlmsg_len : 0;
	size_t size = batch->size ? 2 * batch->size : 4 * NL_REQUEST_MAX;
	size_t room = batch->room ? 2 * batch->room : 64;
	void *more;

	if (batch->size < used + NL_REQUEST_MAX) {
		more = realloc(batch->request, size);
		if (!more)
			return err_set(err, "out of memory");
		batch->request = more;
		batch->size = size;
	}
	if (batch->count == batch->room) {
		more = reallocarray(batch->line, room, sizeof(*batch->line));
		if (!more)
			return err_set(err, "out of memory");
		batch->line = more;
		batch->room = room;
	}
	return 0;
}

/**
 * batch_begin() - begin a request
 * @batch: what to initialize; batch_free() must follow in any case
 * @err: where an error is returned
 *
 * Return: 0, or -1 with @err set
 */
int batch_begin(struct batch *batch, struct err *err)
{
	memset(batch, 0, sizeof(*batch));
	if (reserve(batch, err))
		return -1;
	nl_request(batch->request, 0, RSTFAULT_CMD_RULE_ADD);
	return 0;
}

/**
 * batch_flag() - append an attribute that is a flag
 * @batch: the request
 * @attr: RSTFAULT_A_*
 * @err: where an error is returned
 *
 * Return: 0, or -1 with @err set
 */
int batch_flag(struct batch *batch, __u16 attr, struct err *err)
{
	if (reserve(batch, err))
		return -1;
	mnl_attr_put(batch->request, attr, 0, NULL);
	return 0;
}

/**
 * batch_add() - append a rule
 * @batch: the request
 * @rule: the rule
 * @line: the line that it is from
 * @err: where an error is returned
 *
 * Return: 0, or -1 with @err set
 */
int batch_add(struct batch *batch, const struct rule *rule, unsigned int line,
	      struct err *err)
{
	if (batch->count == RSTFAULT_RULES_MAX)
		return err_set(err, "there are more than %u rules",
			       RSTFAULT_RULES_MAX);
	if (reserve(batch, err))
		return -1;
	if (!nl_rule_put(batch->request, batch->size, rule))
		return err_set(err, "the rule is too large");
	batch->line[batch->count++] = line;
	return 0;
}

/**
 * batch_free() - free what a request occupies
 * @batch: the request
 */
void batch_free(struct batch *batch)
{
	free(batch->request);
	free(batch->line);
	memset(batch, 0, sizeof(*batch));
}
