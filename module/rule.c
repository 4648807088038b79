// SPDX-License-Identifier: GPL-2.0
/*
 * Life of a rule: allocated for a request, then either committed, and released
 * when it leaves the ruleset, or freed at once.
 */
#include <linux/slab.h>

#include "rule.h"

/**
 * rstf_rule_alloc() - allocate a rule, charged to the caller's cgroup
 *
 * Context: May sleep.
 * Return: a zeroed rule that belongs to no netns, or NULL. rstf_rule_free()
 *	gives it back as long as it is not committed.
 */
struct rstf_rule *rstf_rule_alloc(void)
{
	struct rstf_rule *rule;

	rule = kzalloc(sizeof(*rule), GFP_KERNEL_ACCOUNT);
	if (!rule)
		return NULL;

	rule->fired = alloc_percpu_gfp(u64, GFP_KERNEL_ACCOUNT);
	if (!rule->fired) {
		kfree(rule);
		return NULL;
	}

	INIT_LIST_HEAD(&rule->list);
	return rule;
}

/**
 * rstf_rule_free() - free a rule that the packet path does not see
 * @rule: rule, or NULL
 *
 * Context: Any.
 */
void rstf_rule_free(struct rstf_rule *rule)
{
	if (!rule)
		return;

	free_percpu(rule->fired);
	kfree(rule);
}

/**
 * rstf_rule_free_list() - free rules that the packet path does not see
 * @rules: list of them by rstf_rule.list; empty afterwards
 *
 * Context: Any.
 */
void rstf_rule_free_list(struct list_head *rules)
{
	struct rstf_rule *rule, *next;

	list_for_each_entry_safe(rule, next, rules, list) {
		list_del(&rule->list);
		rstf_rule_free(rule);
	}
}

static void rule_free_rcu(struct rcu_head *rcu)
{
	rstf_rule_free(container_of(rcu, struct rstf_rule, rcu));
}

/**
 * rstf_rule_release() - free a rule once the packet path has let go of it
 * @rule: rule that no ruleset has any more
 *
 * Module exit waits for the callback with rcu_barrier().
 *
 * Context: Any.
 */
void rstf_rule_release(struct rstf_rule *rule)
{
	call_rcu(&rule->rcu, rule_free_rcu);
}

/**
 * rstf_rule_fired() - how often the action was carried out
 * @rule: rule
 *
 * Context: Any; the caller keeps @rule from going away.
 * Return: the sum over all CPUs.
 */
u64 rstf_rule_fired(const struct rstf_rule *rule)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(*per_cpu_ptr(rule->fired, cpu));

	return sum;
}
