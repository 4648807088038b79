// SPDX-License-Identifier: GPL-2.0
/*
 * Send every request that follows from the tables of attributes, and compare
 * what the kernel says.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <stdio.h>
#include <string.h>

#include "attribute.h"
#include "attribute_run.h"

/**
 * ruleset_read() - what rules there are
 * @ruleset: gets it
 * @family: socket
 *
 * Return: 0 or a negative errno.
 */
int ruleset_read(struct ruleset *ruleset, struct family *family)
{
	ruleset->generation = family_info(family, RSTFAULT_A_GENERATION);
	if (ruleset->generation < 0)
		return ruleset->generation;
	return family_sum(family, family_request(family, RSTFAULT_CMD_RULE_GET,
						 NLM_F_DUMP), &ruleset->sum);
}

static int id_attr(const struct nlattr *attr, void *data)
{
	uint32_t *id = data;

	if (mnl_attr_get_type(attr) == RSTFAULT_A_ID)
		*id = mnl_attr_get_u32(attr);
	return MNL_CB_OK;
}

static int id_message(const struct nlmsghdr *nlh, void *data)
{
	return mnl_attr_parse(nlh, sizeof(struct genlmsghdr), id_attr, data);
}

static int add_rule(struct family *family, const char *name, uint32_t *id)
{
	struct nlmsghdr *nlh = family_request(family, RSTFAULT_CMD_RULE_ADD, 0);
	struct nlattr *nest = mnl_attr_nest_start(nlh, RSTFAULT_A_RULE);
	const struct value *value;
	struct refusal refusal;

	for (value = minimal_rule; value->type; value++)
		put_value(nlh, value);
	if (name)
		mnl_attr_put_strz(nlh, RSTFAULT_A_RULE_NAME, name);
	mnl_attr_nest_end(nlh, nest);
	return family_send(family, nlh, id_message, id, &refusal);
}

/**
 * ruleset_prepare() - make the ruleset that requests of the tables refer to
 * @family: socket
 * @others: rules in front of the known one
 *
 * No rule has an id beside that of the known one.
 *
 * Return: 0 or a negative errno.
 */
int ruleset_prepare(struct family *family, unsigned int others)
{
	struct refusal refusal;
	struct nlmsghdr *nlh;
	uint32_t id = 0;
	int err;

	nlh = family_request(family, RSTFAULT_CMD_FLUSH, 0);
	err = family_send(family, nlh, NULL, NULL, &refusal);
	while (!err && others--)
		err = add_rule(family, NULL, &id);
	err = err ?: add_rule(family, NULL, &id);
	err = err ?: add_rule(family, KNOWN_NAME, &known_id);
	if (err)
		return err;

	nlh = family_request(family, RSTFAULT_CMD_RULE_DEL, 0);
	mnl_attr_put_u32(nlh, RSTFAULT_A_ID, id);
	err = family_send(family, nlh, NULL, NULL, &refusal);
	if (err)
		return err;
	known_generation = family_info(family, RSTFAULT_A_GENERATION);
	return known_id == id + 1 ? 0 : -EPROTO;
}

/* What is said at the end of a dump older kernels say without attributes. */
static bool as_expected(const struct refusal *refusal,
			const struct expected *expected)
{
	if (refusal->err != expected->err ||
	    strcmp(refusal->text, expected->text))
		return false;
	if (refusal->ended && !refusal->offset)
		return true;
	return refusal->offset == expected->offset &&
	       refusal->policy == expected->policy &&
	       refusal->missing == expected->missing &&
	       refusal->nest == expected->nest;
}

/* Send one request, and see that it changes nothing unless it is accepted. */
static void run_one(struct attribute_run *run, struct nlmsghdr *nlh,
		    const struct expected *expected, const char *place,
		    const char *name, const char *fault)
{
	struct ruleset before = {}, after = {};
	struct expected bare = { .err = run->err, .text = "" };
	static char copy[sizeof(run->family->buf)];
	struct refusal refusal;
	bool watched = !run->err && !run->refused;

	if (run->err)
		expected = &bare;
	if (run->refused && !expected->err)
		return;

	run->sent++;
	if (watched) {
		memcpy(copy, nlh, nlh->nlmsg_len);
		if (ruleset_read(&before, run->family))
			run->wrong++;
		memcpy(nlh, copy, ((struct nlmsghdr *)copy)->nlmsg_len);
	}
	family_send(run->family, nlh, NULL, NULL, &refusal);
	if (!as_expected(&refusal, expected)) {
		run->wrong++;
		printf("# %s: %s %s: expected %d \"%s\" offset %u policy %u missing %u in %u\n",
		       place, name, fault, expected->err, expected->text,
		       expected->offset, expected->policy, expected->missing,
		       expected->nest);
		printf("# got %d \"%s\" offset %u policy %u missing %u in %u\n",
		       refusal.err, refusal.text, refusal.offset,
		       refusal.policy, refusal.missing, refusal.nest);
	}
	if (!watched)
		return;

	if (ruleset_read(&after, run->family))
		run->wrong++;
	if (after.generation == before.generation && after.sum == before.sum)
		return;
	if (refusal.err) {
		run->wrong++;
		printf("# %s: %s %s: was refused, and has changed the rules\n",
		       place, name, fault);
	}
	if (ruleset_prepare(run->family, 0))
		run->wrong++;
}

static void run_unknown(struct attribute_run *run, const struct place *place)
{
	unsigned int type, last = 0, depth = place_depth(place);
	const struct attribute *row;
	struct expected expected;
	struct nlmsghdr *nlh;
	char name[16];

	for (row = place->set->rows; row->type; row++)
		last = row->type;
	/* Other operations may have the attribute. */
	if (!depth)
		last = RSTFAULT_A_MAX;

	for (type = 0; type <= last + 1; type++) {
		if (place_row(place, type))
			continue;
		nlh = family_request(run->family, place->cmd, place->flags);
		unknown_request(nlh, place, type, &expected);
		snprintf(name, sizeof(name), "type %u", type);
		run_one(run, nlh, &expected, place->name, name, "unknown");
	}
}

/**
 * attribute_run() - send every request of the tables
 * @run: how, and what came of it
 */
void attribute_run(struct attribute_run *run)
{
	const struct attribute *row, *here;
	const struct place *place;
	struct expected expected;
	struct nlmsghdr *nlh;
	enum fault fault;

	for (place = places; place < places + nr_places; place++) {
		for (row = place->set->rows; row->type; row++) {
			here = place_other(place, row);
			for (fault = 0; fault < FAULTS; fault++) {
				nlh = family_request(run->family, place->cmd,
						     place->flags);
				if (attribute_request(nlh, place, here, fault,
						      &expected))
					run_one(run, nlh, &expected,
						place->name, here->name,
						fault_names[fault]);
			}
		}
		run_unknown(run, place);
	}
}
