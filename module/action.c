// SPDX-License-Identifier: GPL-2.0
/*
 * Counts actions, and tells of them.
 */
#include "action.h"
#include "event.h"
#include "netns.h"
#include "rule.h"
#include "stats.h"
#include "uapi/rstfault.h"

static noinline void action_tell(struct rstf_net *rnet,
				 const struct rstf_rule *rule,
				 const struct rstf_segment *seg, u32 state)
{
	const struct rstf_event event = {
		.type = RSTFAULT_EVENT_TYPE_FIRE,
		.state = state,
		.rule = rule,
		.seg = seg,
	};

	rstf_event(rnet, &event);
}

/**
 * rstf_action_shadow() - count and tell that an action would be carried out
 * @rnet: the netns
 * @rule: whose action
 * @seg: on what
 * @state: enum rstfault_state of its local socket, 0: not known
 *
 * Context: RCU read side, in the hook.
 */
void rstf_action_shadow(struct rstf_net *rnet, struct rstf_rule *rule,
			const struct rstf_segment *seg, u32 state)
{
	rstf_rule_count(rule, fired);
	if (unlikely(rstf_event_fire_wanted(rnet)))
		action_tell(rnet, rule, seg, state);
}

/**
 * rstf_action_fired() - count and tell that an action is carried out
 * @rnet: the netns
 * @rule: whose action
 * @seg: on what
 *
 * Context: RCU read side, in the hook.
 */
void rstf_action_fired(struct rstf_net *rnet, struct rstf_rule *rule,
		       const struct rstf_segment *seg)
{
	rstf_action_shadow(rnet, rule, seg, 0);
}

/**
 * rstf_action_failed() - count and tell that an action cannot be carried out
 * @rnet: the netns
 * @rule: whose action
 * @seg: on what
 *
 * Context: RCU read side, in the hook.
 */
void rstf_action_failed(struct rstf_net *rnet, struct rstf_rule *rule,
			const struct rstf_segment *seg)
{
	const struct rstf_event event = {
		.type = RSTFAULT_EVENT_TYPE_FAIL,
		.rule = rule,
		.seg = seg,
	};

	rstf_rule_count(rule, failed);
	rstf_stats_count(rnet, failed);
	rstf_event(rnet, &event);
}
