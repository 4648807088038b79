// SPDX-License-Identifier: GPL-2.0
/*
 * Life of a rule: allocated for a request, then either committed, and released
 * when it leaves the ruleset, or freed at once.
 */
#include <linux/memcontrol.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "action.h"
#include "match_sock.h"
#include "owner.h"
#include "payer.h"
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

	rule->counters = alloc_percpu_gfp(struct rstf_counters,
					  GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!rule->counters) {
		kfree(rule);
		return NULL;
	}

	rule->memcg = get_mem_cgroup_from_mm(current->mm);
	INIT_LIST_HEAD(&rule->list);
	refcount_set(&rule->refs, 1);
	return rule;
}

/* Whether packets may wait because of a rule. */
static bool rule_lets_wait(const struct rstf_rule *rule)
{
	switch (rule->action) {
	case RSTFAULT_ACTION_DELAY:
		return true;
	case RSTFAULT_ACTION_FORGE:
		return rule->forge.after || rule->forge.every;
	case RSTFAULT_ACTION_DUPLICATE:
		return rule->duplicate.every;
	default:
		return false;
	}
}

/* Can it do without all but a look at the headers of a RST? */
static bool rule_is_plain(const struct rstf_rule *rule)
{
	return rule->action == RSTFAULT_ACTION_DROP && !rule->shadow &&
	       !rule->gates.given && rstf_match_is_plain(&rule->match);
}

/*
 * What ports a rule asks for. Returns the single one that is right, in network
 * byte order, or 0, and @mask tells. *@kind becomes what it takes to compare.
 */
static __be16 rule_ports(const struct rstf_ports *ports,
			 struct rstf_range *range, __be16 *mask, u8 *kind)
{
	*mask = 0;
	*range = (struct rstf_range){ 0, U16_MAX };
	if (!ports->len)
		return 0;

	if (ports->len > 1) {
		*kind = RSTF_PLAIN_PORTS;
		return 0;
	}

	range->first = ports->range[0].first;
	range->more = ports->range[0].last - range->first;
	if (range->more) {
		*kind = max_t(u8, *kind, RSTF_PLAIN_RANGES);
		return 0;
	}

	*mask = htons(U16_MAX);
	return htons(range->first);
}

/* Rules of no family have no addresses, so their words are 0 for either. */
static void rule_make_plain(struct rstf_rule *rule)
{
	const struct rstf_match *match = &rule->match;
	struct rstf_plain *plain = &rule->plain;
	u8 family = match->family == AF_INET ? AF_INET : AF_INET6;
	__be16 sport, dport, sport_mask, dport_mask;
	u8 kind = RSTF_PLAIN;

	sport = rule_ports(&match->sport, &plain->sport, &sport_mask, &kind);
	dport = rule_ports(&match->dport, &plain->dport, &dport_mask, &kind);
	rstf_key_init(&plain->value, family, match->saddr.addr.ip6,
		      match->daddr.addr.ip6, sport, dport);
	rstf_key_init(&plain->mask, family, match->saddr.mask.ip6,
		      match->daddr.mask.ip6, sport_mask, dport_mask);
	plain->kind = rule_is_plain(rule) ? kind : RSTF_PLAIN_NOT;
}

/**
 * rstf_rule_prepare() - get a rule what its action needs
 * @rule: rule that is not committed, otherwise complete
 *
 * Context: May sleep.
 * Return: 0 or -ENOMEM.
 */
int rstf_rule_prepare(struct rstf_rule *rule)
{
	rule_make_plain(rule);
	if (rule->shadow || !rule_lets_wait(rule))
		return 0;

	rule->payer = rstf_payer_alloc();
	return rule->payer ? 0 : -ENOMEM;
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

	rstf_owner_clear(rule);
	rstf_match_sock_clean(&rule->match.sock);
	rstf_payer_free(rule->payer);
	mem_cgroup_put(rule->memcg);
	free_percpu(rule->counters);
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
 * rstf_rule_put() - give a reference to a rule back
 * @rule: rule; without the last reference it goes once the packet path has
 *	let go of it
 *
 * Module exit waits for the callback with rcu_barrier().
 *
 * Context: Any.
 */
void rstf_rule_put(struct rstf_rule *rule)
{
	if (refcount_dec_and_test(&rule->refs))
		call_rcu(&rule->rcu, rule_free_rcu);
}

/**
 * rstf_rule_sum() - what became of the segments that a rule matched
 * @rule: rule
 * @sum: gets the sums over all CPUs
 *
 * Context: Any; the caller keeps @rule from going away.
 */
void rstf_rule_sum(const struct rstf_rule *rule, struct rstf_counters *sum)
{
	int cpu;

	memset(sum, 0, sizeof(*sum));
	for_each_possible_cpu(cpu) {
		const struct rstf_counters *counters;

		counters = per_cpu_ptr(rule->counters, cpu);
		sum->fired += READ_ONCE(counters->fired);
		sum->gated += READ_ONCE(counters->gated);
		sum->failed += READ_ONCE(counters->failed);
		sum->sent += READ_ONCE(counters->sent);
		sum->unsent += READ_ONCE(counters->unsent);
	}
}
