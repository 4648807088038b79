/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_EVENT_H
#define _RSTF_EVENT_H

#include <linux/types.h>

struct rstf_net;
struct rstf_rule;
struct rstf_segment;

/**
 * struct rstf_event - what has happened to a segment
 * @type: enum rstfault_event_type
 * @fate: enum rstfault_fate, for type release
 * @outcome: enum rstfault_outcome, for type sent
 * @state: enum rstfault_state of the local target, for type sent; of the local
 *	socket, for type fire; 0: there is none, or nobody has asked
 * @rule: the rule, or NULL if a request was the cause
 * @seg: the segment; for type sent the RST or the copy
 * @held: how long it was held, in nanoseconds; for type release
 */
struct rstf_event {
	u8 type;
	u8 fate;
	u8 outcome;
	u32 state;
	const struct rstf_rule *rule;
	const struct rstf_segment *seg;
	u64 held;
};

void rstf_event(struct rstf_net *rnet, const struct rstf_event *event);
u64 rstf_event_count(struct rstf_net *rnet);
void rstf_event_init(struct rstf_net *rnet);
void rstf_event_setup(void);
void rstf_event_teardown(void);

#endif /* _RSTF_EVENT_H */
