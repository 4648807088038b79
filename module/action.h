/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_ACTION_H
#define _RSTF_ACTION_H

#include <linux/types.h>

struct nf_hook_state;
struct rstf_held;
struct rstf_net;
struct rstf_rule;
struct rstf_segment;
struct sk_buff;

/**
 * struct rstf_trigger - the segment that made a rule fire
 * @rnet: the netns
 * @rule: the rule
 * @skb: the packet
 * @seg: what is in it
 * @state: its traversal of the hook
 */
struct rstf_trigger {
	struct rstf_net *rnet;
	struct rstf_rule *rule;
	struct sk_buff *skb;
	const struct rstf_segment *seg;
	const struct nf_hook_state *state;
};

/**
 * enum rstf_verdict - what becomes of the trigger
 * @RSTF_PASS: it goes on unchanged
 * @RSTF_MANGLE: it goes on with other numbers
 * @RSTF_DROP: it is to be dropped
 * @RSTF_HELD: it is held, and no longer the caller's
 * @RSTF_GONE: it has gone on already, and is no longer the caller's
 *
 * An action returns one of these, or a negative errno if it could not be
 * carried out. It counts what it has carried out by rstf_action_fired().
 */
enum rstf_verdict {
	RSTF_PASS,
	RSTF_MANGLE,
	RSTF_DROP,
	RSTF_HELD,
	RSTF_GONE,
};

/**
 * struct rstf_delay - hold the segment
 * @time: how long, in nanoseconds
 * @jitter: up to so many nanoseconds more or less
 * @until_next: or until the next one of its flow has passed the hook
 */
struct rstf_delay {
	u64 time;
	u64 jitter;
	bool until_next;
};

/**
 * struct rstf_forge - send RSTs because of the segment
 * @every: nanoseconds between them
 * @after: nanoseconds before the first one
 * @count: how many to each target
 * @offset: for @seq of RSTFAULT_SEQ_OFFSET
 * @to: union of enum rstfault_end
 * @seq: enum rstfault_seq
 * @ack: enum rstfault_ack
 * @ttl: TTL or hop limit; 0: not said
 * @badsum: with a wrong TCP checksum
 * @drop: drop the trigger
 */
struct rstf_forge {
	u64 every;
	u64 after;
	u32 count;
	s32 offset;
	u8 to;
	u8 seq;
	u8 ack;
	u8 ttl;
	bool badsum;
	bool drop;
};

/**
 * struct rstf_mangle - rewrite the segment
 * @seq: added to the sequence number
 * @ack: added to the acknowledgment number, if there is one
 * @ttl: TTL or hop limit; 0: as it is
 * @badsum: make the TCP checksum wrong
 */
struct rstf_mangle {
	s32 seq;
	s32 ack;
	u8 ttl;
	bool badsum;
};

/**
 * struct rstf_duplicate - send copies of the segment
 * @every: nanoseconds between them
 * @count: how many
 */
struct rstf_duplicate {
	u64 every;
	u32 count;
};

void rstf_action_fired(struct rstf_net *rnet, struct rstf_rule *rule,
		       const struct rstf_segment *seg);
void rstf_action_shadow(struct rstf_net *rnet, struct rstf_rule *rule,
			const struct rstf_segment *seg, u32 state);
void rstf_action_failed(struct rstf_net *rnet, struct rstf_rule *rule,
			const struct rstf_segment *seg);

/* One file each. */
int rstf_delay(const struct rstf_trigger *trigger);
int rstf_forge(const struct rstf_trigger *trigger);
int rstf_mangle(const struct rstf_trigger *trigger);
int rstf_duplicate(const struct rstf_trigger *trigger);

void rstf_duplicate_emit(struct rstf_held *held, struct sk_buff *skb);

#endif /* _RSTF_ACTION_H */
