// SPDX-License-Identifier: GPL-2.0
/*
 * The ordered rules of a netns: the list that requests change, and the
 * immutable copy of it that the packet path reads.
 *
 * Why commits are safe. A commit builds the whole copy first; all that can
 * fail comes before the one pointer is replaced. A packet reads that pointer
 * once at each hook, so it sees the rules before the commit or those behind it.
 * The old copy and the rules that only it has are freed a grace period later.
 */
#include <linux/mm.h>
#include <linux/netlink.h>
#include <linux/overflow.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>

#include "compat.h"
#include "hook.h"
#include "match.h"
#include "netns.h"
#include "rule.h"
#include "ruleset.h"
#include "segment.h"

static const struct rhashtable_params ruleset_names_params = {
	.key_len = sizeof_field(struct rstf_rule, name),
	.key_offset = offsetof(struct rstf_rule, name),
	.head_offset = offsetof(struct rstf_rule, node),
	.automatic_shrinking = true,
};

/**
 * rstf_ruleset_find() - the rule that decides about a segment
 * @ruleset: rules
 * @point: rstf_point() that the segment is at
 * @seg: the segment
 * @state: its traversal
 *
 * Context: RCU read side.
 * Return: the first rule that matches, valid as long as the RCU read side
 *	goes on, or NULL.
 */
struct rstf_rule *rstf_ruleset_find(const struct rstf_ruleset *ruleset,
				    unsigned int point,
				    const struct rstf_segment *seg,
				    const struct nf_hook_state *state)
{
	u32 i;

	for (i = ruleset->start[point]; i < ruleset->start[point + 1]; i++)
		if (rstf_match_segment(&ruleset->rules[i]->match, seg, state))
			return ruleset->rules[i];

	return NULL;
}

/* The points at which the rules of @rnet look, a bit per rstf_point(). */
static u32 ruleset_points(const struct rstf_net *rnet)
{
	const struct rstf_rule *rule;
	u32 points = 0;

	list_for_each_entry(rule, &rnet->rules, list)
		points |= rstf_hook_points(&rule->match);

	return points;
}

/* Sort the list of @rnet into points. Returns NULL where memory is short. */
static struct rstf_ruleset *ruleset_compile(const struct rstf_net *rnet)
{
	struct rstf_ruleset *ruleset;
	u32 next[RSTF_POINTS] = {};
	struct rstf_rule *rule;
	unsigned long points;
	unsigned int point;
	size_t len = 0;

	list_for_each_entry(rule, &rnet->rules, list) {
		points = rstf_hook_points(&rule->match);
		for_each_set_bit(point, &points, RSTF_POINTS)
			next[point]++;
		len += hweight32(points);
	}

	ruleset = kvzalloc(struct_size(ruleset, rules, len),
			   GFP_KERNEL_ACCOUNT);
	if (!ruleset)
		return NULL;

	for (point = 0; point < RSTF_POINTS; point++) {
		ruleset->start[point + 1] = ruleset->start[point] + next[point];
		next[point] = ruleset->start[point];
	}

	list_for_each_entry(rule, &rnet->rules, list) {
		points = rstf_hook_points(&rule->match);
		for_each_set_bit(point, &points, RSTF_POINTS) {
			ruleset->kinds[point] |= rule->match.kinds;
			ruleset->rules[next[point]++] = rule;
		}
	}

	return ruleset;
}

/*
 * Let the packet path see the list of @rnet as it is now. After an error it
 * sees what it saw before, and the caller takes back its change to the list.
 */
static int ruleset_commit(struct rstf_net *rnet, struct netlink_ext_ack *extack)
{
	struct rstf_ruleset *old, *new = NULL;
	u32 points = ruleset_points(rnet);
	int err;

	lockdep_assert_held(&rnet->lock);

	if (points) {
		new = ruleset_compile(rnet);
		if (!new) {
			NL_SET_ERR_MSG(extack, "no memory for the ruleset");
			return -ENOMEM;
		}
	}

	err = rstf_hook_register(rnet, points);
	if (err) {
		NL_SET_ERR_MSG(extack, "netfilter takes no further hook");
		kvfree(new);
		return err;
	}

	old = rcu_replace_pointer(rnet->ruleset, new,
				  lockdep_is_held(&rnet->lock));
	rstf_hook_unregister(rnet, ~points);
	rnet->generation++;
	if (old)
		kvfree_rcu(old, rcu);

	return 0;
}

static void ruleset_remove_name(struct rstf_net *rnet, struct rstf_rule *rule)
{
	if (rule->name[0])
		rhashtable_remove_fast(&rnet->names, &rule->node,
				       ruleset_names_params);
}

static int ruleset_insert_name(struct rstf_net *rnet, struct rstf_rule *rule,
			       struct netlink_ext_ack *extack)
{
	int err;

	if (!rule->name[0])
		return 0;

	err = rhashtable_lookup_insert_fast(&rnet->names, &rule->node,
					    ruleset_names_params);
	if (err == -EEXIST)
		NL_SET_ERR_MSG(extack, "a rule of this name exists");
	else if (err)
		NL_SET_ERR_MSG(extack, "no memory for the name of a rule");

	return err;
}

/**
 * rstf_ruleset_init() - prepare the empty ruleset of a netns
 * @rnet: the netns, zeroed
 *
 * Context: May sleep. Before anything else can see @rnet.
 * Return: 0 or -ENOMEM.
 */
int rstf_ruleset_init(struct rstf_net *rnet)
{
	INIT_LIST_HEAD(&rnet->rules);
	return rhashtable_init(&rnet->names, &ruleset_names_params);
}

/**
 * rstf_ruleset_clean() - free the ruleset of a netns
 * @rnet: the netns
 *
 * Context: May sleep. The hooks were unregistered, and a grace period has
 *	passed since. No request can come.
 */
void rstf_ruleset_clean(struct rstf_net *rnet)
{
	rhashtable_destroy(&rnet->names);
	rstf_rule_free_list(&rnet->rules);
	kvfree(rcu_dereference_protected(rnet->ruleset, true));
}

/**
 * rstf_ruleset_add() - append rules, all of them or none
 * @rnet: the netns
 * @rules: list of rules by rstf_rule.list, not empty. On success they belong
 *	to @rnet, have consecutive ids, and the list is empty; after an error
 *	it is as it was
 * @taken: gets the rule whose name made it return -EEXIST
 * @extack: gets a sentence with every error
 *
 * Context: May sleep. Caller holds rstf_net.lock.
 * Return: 0; -ENOSPC: too many rules; -EOVERFLOW: all ids are used up;
 *	-EEXIST: a name is taken, or stands twice in @rules; -ENOMEM; -E2BIG:
 *	netfilter takes no further hook.
 */
int rstf_ruleset_add(struct rstf_net *rnet, struct list_head *rules,
		     struct rstf_rule **taken, struct netlink_ext_ack *extack)
{
	struct list_head *last = rnet->rules.prev;
	struct rstf_rule *rule, *done;
	LIST_HEAD(before);
	u32 nr = 0;
	int err;

	lockdep_assert_held(&rnet->lock);

	list_for_each_entry(rule, rules, list) {
		err = -ENOSPC;
		if (rnet->nr_rules + nr == RSTFAULT_RULES_MAX) {
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

		err = ruleset_insert_name(rnet, rule, extack);
		if (err) {
			*taken = rule;
			goto err_names;
		}
	}

	list_splice_tail_init(rules, &rnet->rules);
	err = ruleset_commit(rnet, extack);
	if (err)
		goto err_list;

	rnet->nr_rules += nr;
	rnet->last_id += nr;
	return 0;

err_list:
	list_cut_position(&before, &rnet->rules, last);
	list_splice_init(&rnet->rules, rules);
	list_splice(&before, &rnet->rules);
	rule = list_entry(rules, struct rstf_rule, list);
err_names:
	list_for_each_entry(done, rules, list) {
		if (done == rule)
			break;
		ruleset_remove_name(rnet, done);
	}
	return err;
}

/**
 * rstf_ruleset_del() - delete a rule
 * @rnet: the netns
 * @rule: rule of @rnet, gone on success
 * @extack: gets a sentence with every error
 *
 * Context: May sleep. Caller holds rstf_net.lock.
 * Return: 0 or -ENOMEM.
 */
int rstf_ruleset_del(struct rstf_net *rnet, struct rstf_rule *rule,
		     struct netlink_ext_ack *extack)
{
	struct list_head *before = rule->list.prev;
	int err;

	list_del(&rule->list);
	err = ruleset_commit(rnet, extack);
	if (err) {
		list_add(&rule->list, before);
		return err;
	}

	ruleset_remove_name(rnet, rule);
	rnet->nr_rules--;
	rstf_rule_release(rule);
	return 0;
}

/**
 * rstf_ruleset_flush() - delete every rule
 * @rnet: the netns
 *
 * Cannot fail: an empty ruleset takes no memory.
 *
 * Context: May sleep. Caller holds rstf_net.lock.
 */
void rstf_ruleset_flush(struct rstf_net *rnet)
{
	struct rstf_rule *rule, *next;
	LIST_HEAD(old);

	list_splice_init(&rnet->rules, &old);
	WARN_ON(ruleset_commit(rnet, NULL));
	rnet->nr_rules = 0;

	list_for_each_entry_safe(rule, next, &old, list) {
		ruleset_remove_name(rnet, rule);
		rstf_rule_release(rule);
	}
}

/**
 * rstf_ruleset_find_id() - find a rule by its id
 * @rnet: the netns
 * @id: the id
 *
 * Context: Caller holds rstf_net.lock.
 * Return: the rule, or NULL.
 */
struct rstf_rule *rstf_ruleset_find_id(struct rstf_net *rnet, u32 id)
{
	struct rstf_rule *rule;

	lockdep_assert_held(&rnet->lock);

	list_for_each_entry(rule, &rnet->rules, list)
		if (rule->id == id)
			return rule;

	return NULL;
}

/**
 * rstf_ruleset_find_name() - find a rule by its name
 * @rnet: the netns
 * @name: the name, filled up with NULs
 *
 * Context: Caller holds rstf_net.lock.
 * Return: the rule, or NULL.
 */
struct rstf_rule *
rstf_ruleset_find_name(struct rstf_net *rnet,
		       const char name[RSTFAULT_NAME_MAX + 1])
{
	lockdep_assert_held(&rnet->lock);

	return rhashtable_lookup_fast(&rnet->names, name, ruleset_names_params);
}
