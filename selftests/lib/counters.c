// SPDX-License-Identifier: GPL-2.0
/*
 * Counters of the module, and what tests ask for often, without rstctl in
 * between.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <stdbool.h>
#include <string.h>

#include "counters.h"
#include "family.h"
#include "host.h"

/*
 * What is looked for in a reply: the numbers in a nest, maybe inside of
 * another, or one number.
 */
struct search {
	uint16_t outer;
	uint16_t inner;
	struct counters *counters;
	int64_t number;
	bool found;
};

static int read_counter(const struct nlattr *attr, void *data)
{
	struct search *search = data;
	uint16_t type = mnl_attr_get_type(attr);

	if (type > RSTFAULT_A_STATS_MAX)
		return MNL_CB_OK;
	if (mnl_attr_get_payload_len(attr) == sizeof(uint64_t))
		search->counters->value[type] = mnl_attr_get_u64(attr);
	else if (mnl_attr_get_payload_len(attr) == sizeof(uint32_t))
		search->counters->value[type] = mnl_attr_get_u32(attr);
	search->found = true;
	return MNL_CB_OK;
}

static int read_inner(const struct nlattr *attr, void *data)
{
	struct search *search = data;

	if (mnl_attr_get_type(attr) == search->inner)
		mnl_attr_parse_nested(attr, read_counter, search);
	return MNL_CB_OK;
}

static int read_outer(const struct nlattr *attr, void *data)
{
	struct search *search = data;

	if (mnl_attr_get_type(attr) != search->outer)
		return MNL_CB_OK;
	if (!search->counters) {
		search->number = mnl_attr_get_u32(attr);
		search->found = true;
		return MNL_CB_OK;
	}
	return mnl_attr_parse_nested(attr, search->inner ? read_inner :
							   read_counter,
				     search);
}

static int read_message(const struct nlmsghdr *nlh, void *data)
{
	return mnl_attr_parse(nlh, sizeof(struct genlmsghdr), read_outer, data);
}

/* Ask @host by a request that names a rule, or none. */
static int ask(const struct host *host, uint8_t cmd, const char *name,
	       struct search *search)
{
	struct refusal refusal;
	struct family family;
	struct nlmsghdr *nlh;
	int err;

	host_settle();
	err = family_open(&family, host);
	if (err)
		return err;

	nlh = family_request(&family, cmd, 0);
	if (name)
		mnl_attr_put_strz(nlh, RSTFAULT_A_NAME, name);
	err = family_send(&family, nlh, read_message, search, &refusal);
	family_close(&family);

	return err ?: search->found ? 0 : -ENODATA;
}

/**
 * rule_counters() - what a rule has counted
 * @host: whose rules
 * @name: of the rule
 * @counters: gets it, by RSTFAULT_A_COUNTERS_*
 *
 * Return: 0 or a negative errno.
 */
int rule_counters(const struct host *host, const char *name,
		  struct counters *counters)
{
	struct search search = {
		.outer = RSTFAULT_A_RULE,
		.inner = RSTFAULT_A_RULE_COUNTERS,
		.counters = counters,
	};

	memset(counters, 0, sizeof(*counters));
	return ask(host, RSTFAULT_CMD_RULE_GET, name, &search);
}

/**
 * host_counters() - what the module has counted in a host
 * @host: the host
 * @counters: gets it, by RSTFAULT_A_STATS_*
 *
 * Return: 0 or a negative errno.
 */
int host_counters(const struct host *host, struct counters *counters)
{
	struct search search = {
		.outer = RSTFAULT_A_STATS,
		.counters = counters,
	};

	memset(counters, 0, sizeof(*counters));
	return ask(host, RSTFAULT_CMD_INFO_GET, NULL, &search);
}

/**
 * host_stat() - one of the counters of a host
 * @host: the host
 * @attr: RSTFAULT_A_STATS_*
 *
 * Return: its value, or a negative errno.
 */
int64_t host_stat(const struct host *host, unsigned int attr)
{
	struct counters counters;

	return host_counters(host, &counters) ?: counters.value[attr];
}

/**
 * host_imbalance() - segments that were seen, and nothing became of them
 * @host: the host
 *
 * Return: how many, 0 while none is inside of a hook; or a negative errno.
 */
int64_t host_imbalance(const struct host *host)
{
	struct counters counters;
	int err;

	err = host_counters(host, &counters);
	if (err)
		return err;

	return HOST_COUNT(&counters, SEEN) -
	       (HOST_COUNT(&counters, PASSED) +
		HOST_COUNT(&counters, MANGLED) +
		HOST_COUNT(&counters, DROPPED) +
		HOST_COUNT(&counters, HELD) +
		HOST_COUNT(&counters, RELEASED) +
		HOST_COUNT(&counters, LOST));
}

/**
 * rule_release() - let held segments go on
 * @host: whose rules
 * @name: of the rule that holds them, or NULL: all that are held
 *
 * Return: how many that were, or a negative errno.
 */
int64_t rule_release(const struct host *host, const char *name)
{
	struct search search = { .outer = RSTFAULT_A_RELEASED };

	return ask(host, RSTFAULT_CMD_RELEASE, name, &search) ?: search.number;
}

/**
 * rule_delete() - delete a rule
 * @host: whose rules
 * @name: of the rule
 *
 * Return: 0 or a negative errno.
 */
int rule_delete(const struct host *host, const char *name)
{
	struct search search = { .found = true };

	return ask(host, RSTFAULT_CMD_RULE_DEL, name, &search);
}
