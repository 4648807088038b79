// SPDX-License-Identifier: GPL-2.0
/*
 * The ordered rules of a netns, as requests change them. Packets see a copy.
 *
 * Why commits are safe. A commit builds the whole copy first; all that can
 * fail comes before the one pointer is replaced. A packet reads that pointer
 * once at each hook, so it sees the rules before the commit or those behind it.
 * The old copy and the rules that only it has are freed a grace period later.
 *
 * Rules that are to go stay in the list, marked, until the commit without them
 * has succeeded: if it fails, only the marks have to be taken back.
 */
#include <linux/ktime.h>
#include <linux/netlink.h>
#include <linux/rcupdate.h>
#include <linux/rhashtable.h>

#include "expiry.h"
#include "flow.h"
#include "hook.h"
#include "netns.h"
#include "owner.h"
#include "queue.h"
#include "rule.h"
#include "rulelist.h"
#include "ruleset.h"

static const struct rhashtable_params rulelist_names_params = {
	.key_len = sizeof(struct rstf_rule_key),
	.key_offset = offsetof(struct rstf_rule, key),
	.head_offset = offsetof(struct rstf_rule, node),
	.automatic_shrinking = true,
};

/* The points at which the rules of @rnet look, a bit per rstf_point(). */
static u32 rulelist_points(const struct rstf_net *rnet)
{
	const struct rstf_rule *rule;
	u32 points = 0;

	list_for_each_entry(rule, &rnet->rules, list)
		if (!rule->leaving)
			points |= rstf_hook_points(&rule->match);

	return points;
}

/*
 * Let the packet path see the list of @rnet as it is now, without the rules
 * that are leaving. After an error it sees what it saw before, and the caller
 * takes back its changes.
 */
static int rulelist_publish(struct rstf_net *rnet, struct netlink_ext_ack *extack)
{
	struct rstf_ruleset *old, *new = NULL;
	u32 points = rulelist_points(rnet);
	int err;

	lockdep_assert_held(&rnet->lock);

	if (points) {
		new = rstf_ruleset_compile(rnet);
		if (!new) {
			NL_SET_ERR_MSG(extack, "no memory for the ruleset");
			return -ENOMEM;
		}
	}

	err = rstf_hook_register(rnet, points);
	if (err) {
		if (err == -ENOMEM)
			NL_SET_ERR_MSG(extack, "no memory for a hook");
		else
			NL_SET_ERR_MSG(extack, "netfilter takes no further hook");
		rstf_ruleset_free(new);
		return err;
	}

	old = rcu_replace_pointer(rnet->ruleset, new,
				  lockdep_is_held(&rnet->lock));
	rnet->generation++;
	if (old)
		rstf_ruleset_put(old);

	return 0;
}

static void rulelist_remove_name(struct rstf_net *rnet, struct rstf_rule *rule)
{
	if (rule->name[0])
		rhashtable_remove_fast(&rnet->names, &rule->node,
				       rulelist_names_params);
}

static int rulelist_insert_name(struct rstf_net *rnet, struct rstf_rule *rule,
				struct netlink_ext_ack *extack)
{
	int err;

	if (!rule->name[0])
		return 0;

	err = rhashtable_lookup_insert_fast(&rnet->names, &rule->node,
					    rulelist_names_params);
	if (err == -EEXIST)
		NL_SET_ERR_MSG(extack, "a rule of this name exists");
	else if (err)
		NL_SET_ERR_MSG(extack, "no memory for the name of a rule");

	return err && err != -EEXIST ? -ENOMEM : err;
}

/*
 * Let go of @rules, which the packet path has lost sight of, in their order.
 * Every rule leaves a ruleset here, but those that are left when its netns ends.
 */
static void rulelist_retire(struct rstf_net *rnet, struct list_head *rules)
{
	struct rstf_rule *rule, *next;

	lockdep_assert_held(&rnet->lock);

	rstf_queue_retire(rnet, rules);
	/* All of them, before the first purge has to look for those that are. */
	list_for_each_entry(rule, rules, list)
		rstf_flow_close(&rule->gates.user);
	list_for_each_entry_safe(rule, next, rules, list) {
		list_del(&rule->list);
		rulelist_remove_name(rnet, rule);
		rstf_flow_purge(&rule->gates.user);
		rnet->nr_rules--;
		if (rule->owner)
			WRITE_ONCE(rnet->nr_owned, rnet->nr_owned - 1);
		rstf_owner_clear(rule);
		rstf_rule_put(rule);
	}
}

/*
 * Let the packet path see the list of @rnet without the rules that are leaving,
 * and take them from it. After an error nobody is leaving any more.
 */
static int rulelist_commit(struct rstf_net *rnet, struct netlink_ext_ack *extack)
{
	struct rstf_rule *rule, *next;
	LIST_HEAD(old);
	int err;

	err = rulelist_publish(rnet, extack);
	list_for_each_entry_safe(rule, next, &rnet->rules, list) {
		if (!rule->leaving)
			continue;
		if (err)
			rule->leaving = false;
		else
			list_move_tail(&rule->list, &old);
	}
	rulelist_retire(rnet, &old);
	/* What was held has gone on behind them. */
	rstf_hook_unregister(rnet, ~rulelist_points(rnet));

	return err;
}

/**
 * rstf_rulelist_init() - prepare the empty ruleset of a netns
 * @rnet: the netns, zeroed
 *
 * Context: May sleep. Before anything else can see @rnet.
 * Return: 0 or -ENOMEM.
 */
int rstf_rulelist_init(struct rstf_net *rnet)
{
	INIT_LIST_HEAD(&rnet->rules);
	return rhashtable_init(&rnet->names, &rulelist_names_params);
}

/**
 * rstf_rulelist_clean() - free the ruleset of a netns
 * @rnet: the netns
 *
 * Context: May sleep. The hooks were unregistered, and a grace period has
 *	passed since. No request can come.
 */
void rstf_rulelist_clean(struct rstf_net *rnet)
{
	rhashtable_destroy(&rnet->names);
	rstf_rule_free_list(&rnet->rules);
	rstf_ruleset_free(rcu_dereference_protected(rnet->ruleset, true));
}

/*
 * Give the rules that are to be added what the netns has to give them: an id, a
 * place among the names, a time. After an error their names are free again.
 */
static int rulelist_admit(struct rstf_net *rnet, struct rstf_addition *add,
			  struct netlink_ext_ack *extack)
{
	u32 room = RSTFAULT_RULES_MAX;
	u64 now = ktime_get_ns();
	struct rstf_rule *rule;
	u32 nr = 0;
	int err;

	if (!add->replace)
		room -= rnet->nr_rules;

	list_for_each_entry(rule, add->rules, list) {
		err = -ENOSPC;
		if (nr == room) {
			NL_SET_ERR_MSG(extack,
				       "this network namespace is full of rules");
			goto err_names;
		}

		err = -EOVERFLOW;
		if (check_add_overflow(rnet->last_id, ++nr, &rule->id)) {
			NL_SET_ERR_MSG(extack,
				       "this network namespace has no ids left");
			goto err_names;
		}

		rule->expires = rule->lifetime ? now + rule->lifetime : U64_MAX;
		rule->key.series = rnet->series + add->replace;
		err = rulelist_insert_name(rnet, rule, extack);
		if (err) {
			add->taken = rule;
			goto err_names;
		}
	}

	return 0;

err_names:
	list_for_each_entry_continue_reverse(rule, add->rules, list)
		rulelist_remove_name(rnet, rule);
	return err;
}

/* What the packet path needs beside the rules that are to be added. */
static int rulelist_prepare(struct rstf_net *rnet, const struct list_head *rules,
			    struct netlink_ext_ack *extack)
{
	const struct rstf_rule *rule;

	list_for_each_entry(rule, rules, list) {
		if (rule->action == RSTFAULT_ACTION_DELAY &&
		    rule->delay.until_next &&
		    rstf_next_setup(&rnet->queue.next)) {
			NL_SET_ERR_MSG(extack,
				       "no memory for what waits for the next segment");
			return -ENOMEM;
		}
	}

	return 0;
}

/**
 * rstf_rulelist_add() - add rules, all of them or none
 * @rnet: the netns
 * @add: the rules, and where and how; they get consecutive ids
 * @extack: gets a sentence with every error
 *
 * Context: May sleep. Caller holds rstf_net.lock.
 * Return: 0; -ENOSPC: too many rules; -EOVERFLOW: all ids are used up;
 *	-EEXIST: a name is taken, or stands twice in rstf_addition.rules;
 *	-ENOMEM; -E2BIG: netfilter takes no further hook.
 */
int rstf_rulelist_add(struct rstf_net *rnet, struct rstf_addition *add,
		      struct netlink_ext_ack *extack)
{
	struct list_head *place = add->before ? &add->before->list :
						&rnet->rules;
	struct list_head *first = add->rules->next, *last = add->rules->prev;
	u32 nr = 0, nr_owned = 0;
	u64 expires = U64_MAX;
	struct rstf_rule *rule;
	int err;

	lockdep_assert_held(&rnet->lock);

	err = rulelist_admit(rnet, add, extack);
	if (err)
		return err;
	if (add->check)
		goto out_names;
	err = rulelist_prepare(rnet, add->rules, extack);
	if (err)
		goto out_names;

	if (add->replace)
		list_for_each_entry(rule, &rnet->rules, list)
			rule->leaving = true;
	list_for_each_entry(rule, add->rules, list) {
		expires = min(expires, rule->expires);
		nr_owned += !!rule->owner;
		nr++;
	}

	list_splice_tail_init(add->rules, place);
	err = rulelist_commit(rnet, extack);
	if (err)
		goto err_list;

	rnet->series += add->replace;
	rnet->nr_rules += nr;
	WRITE_ONCE(rnet->nr_owned, rnet->nr_owned + nr_owned);
	rnet->last_id += nr;
	rstf_expiry_expect(rnet, expires);
	return 0;

err_list:
	/* An empty ruleset cannot fail, so there are rules. */
	list_bulk_move_tail(add->rules, first, last);
out_names:
	list_for_each_entry(rule, add->rules, list)
		rulelist_remove_name(rnet, rule);
	return err;
}

/**
 * rstf_rulelist_del() - delete a rule
 * @rnet: the netns
 * @rule: rule of @rnet, gone on success
 * @extack: gets a sentence with every error
 *
 * Context: May sleep. Caller holds rstf_net.lock.
 * Return: 0 or -ENOMEM.
 */
int rstf_rulelist_del(struct rstf_net *rnet, struct rstf_rule *rule,
		      struct netlink_ext_ack *extack)
{
	rule->leaving = true;
	return rulelist_commit(rnet, extack);
}

/**
 * rstf_rulelist_flush() - delete every rule
 * @rnet: the netns
 *
 * Cannot fail: an empty ruleset takes no memory.
 *
 * Context: May sleep. Caller holds rstf_net.lock.
 */
void rstf_rulelist_flush(struct rstf_net *rnet)
{
	struct rstf_rule *rule;

	list_for_each_entry(rule, &rnet->rules, list)
		rule->leaving = true;
	WARN_ON(rulelist_commit(rnet, NULL));
}

/**
 * rstf_rulelist_sweep() - delete the rules whose time is over, in one commit
 * @rnet: the netns
 * @over: tells whether it is
 * @now: for @over
 *
 * Context: May sleep. Caller holds rstf_net.lock.
 * Return: 0, without a commit if there are none; or -ENOMEM, and all are left.
 */
int rstf_rulelist_sweep(struct rstf_net *rnet,
			bool (*over)(const struct rstf_rule *rule, u64 now),
			u64 now)
{
	struct rstf_rule *rule;
	bool any = false;

	list_for_each_entry(rule, &rnet->rules, list) {
		rule->leaving = over(rule, now);
		any |= rule->leaving;
	}

	return any ? rulelist_commit(rnet, NULL) : 0;
}

/**
 * rstf_rulelist_find_id() - find a rule by its id
 * @rnet: the netns
 * @id: the id
 *
 * Context: Caller holds rstf_net.lock.
 * Return: the rule, or NULL.
 */
struct rstf_rule *rstf_rulelist_find_id(struct rstf_net *rnet, u32 id)
{
	struct rstf_rule *rule;

	lockdep_assert_held(&rnet->lock);

	list_for_each_entry(rule, &rnet->rules, list)
		if (rule->id == id)
			return rule;

	return NULL;
}

/**
 * rstf_rulelist_find_name() - find a rule by its name
 * @rnet: the netns
 * @name: the name, filled up with NULs
 *
 * Context: Caller holds rstf_net.lock.
 * Return: the rule, or NULL.
 */
struct rstf_rule *
rstf_rulelist_find_name(struct rstf_net *rnet,
			const char name[RSTFAULT_NAME_MAX + 1])
{
	struct rstf_rule_key key = { .series = rnet->series };

	lockdep_assert_held(&rnet->lock);

	memcpy(key.name, name, sizeof(key.name));
	return rhashtable_lookup_fast(&rnet->names, &key, rulelist_names_params);
}
