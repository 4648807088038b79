/* SPDX-License-Identifier: GPL-2.0 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM rstfault

#if !defined(_RSTF_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _RSTF_TRACE_H

#include <linux/tracepoint.h>
#include <net/net_namespace.h>

#include "event.h"
#include "netns.h"
#include "rule.h"
#include "segment.h"
#include "uapi/rstfault.h"

#ifndef _RSTF_TRACE_NAMES
#define _RSTF_TRACE_NAMES

/* What an event has of its rule, if one was the cause. */
#define TRACE_NO_RULE 0xff

#define trace_names_hook					\
	{ RSTFAULT_HOOK_IN, "in" },				\
	{ RSTFAULT_HOOK_OUT, "out" },				\
	{ RSTFAULT_HOOK_INPUT, "input" },			\
	{ RSTFAULT_HOOK_OUTPUT, "output" },			\
	{ RSTFAULT_HOOK_FORWARD, "forward" },			\
	{ TRACE_NO_RULE, "-" }

#define trace_names_action					\
	{ RSTFAULT_ACTION_PASS, "pass" },			\
	{ RSTFAULT_ACTION_DROP, "drop" },			\
	{ RSTFAULT_ACTION_DELAY, "delay" },			\
	{ RSTFAULT_ACTION_FORGE, "forge" },			\
	{ RSTFAULT_ACTION_MANGLE, "mangle" },			\
	{ RSTFAULT_ACTION_DUPLICATE, "duplicate" },		\
	{ TRACE_NO_RULE, "-" }

#define trace_names_fate					\
	{ RSTFAULT_FATE_TIME, "time" },				\
	{ RSTFAULT_FATE_NEXT, "next" },				\
	{ RSTFAULT_FATE_ASKED, "asked" },			\
	{ RSTFAULT_FATE_RULE, "rule" },				\
	{ RSTFAULT_FATE_DEVICE, "device" },			\
	{ RSTFAULT_FATE_NETNS, "netns" }

#define trace_names_outcome					\
	{ RSTFAULT_OUTCOME_UNKNOWN, "unknown" },		\
	{ RSTFAULT_OUTCOME_RESET, "reset" },			\
	{ RSTFAULT_OUTCOME_CHALLENGED, "challenged" },		\
	{ RSTFAULT_OUTCOME_IGNORED, "ignored" },		\
	{ RSTFAULT_OUTCOME_UNSENT, "unsent" }

/* An address and a port as "%pISpc" prints them. */
static inline void trace_store_addr(u8 *place, u8 family,
				    const union nf_inet_addr *addr, u16 port)
{
	struct sockaddr_in6 *sin6 = (struct sockaddr_in6 *)place;
	struct sockaddr_in *sin = (struct sockaddr_in *)place;

	memset(place, 0, sizeof(*sin6));
	if (family == AF_INET) {
		sin->sin_family = AF_INET;
		sin->sin_port = htons(port);
		sin->sin_addr.s_addr = addr->ip;
	} else {
		sin6->sin6_family = AF_INET6;
		sin6->sin6_port = htons(port);
		sin6->sin6_addr = addr->in6;
	}
}

#endif /* _RSTF_TRACE_NAMES */

#define trace_define_enums(FN)					\
	FN(HOOK_IN) FN(HOOK_OUT) FN(HOOK_INPUT)			\
	FN(HOOK_OUTPUT) FN(HOOK_FORWARD)			\
	FN(ACTION_PASS) FN(ACTION_DROP) FN(ACTION_DELAY)	\
	FN(ACTION_FORGE) FN(ACTION_MANGLE)			\
	FN(ACTION_DUPLICATE)					\
	FN(FATE_TIME) FN(FATE_NEXT) FN(FATE_ASKED)		\
	FN(FATE_RULE) FN(FATE_DEVICE) FN(FATE_NETNS)		\
	FN(OUTCOME_UNKNOWN) FN(OUTCOME_RESET)			\
	FN(OUTCOME_CHALLENGED) FN(OUTCOME_IGNORED)		\
	FN(OUTCOME_UNSENT)

#undef FN
#define FN(name) TRACE_DEFINE_ENUM(RSTFAULT_##name);
trace_define_enums(FN)
#undef FN

#define TRACE_SEGMENT_FIELDS					\
	__field(u32, netns)					\
	__field(u32, rule)					\
	__field(u8, hook)					\
	__field(u8, action)					\
	__field(bool, shadow)					\
	__field(u8, flags)					\
	__field(u32, seq)					\
	__field(u32, ack)					\
	__field(u32, len)					\
	__array(u8, saddr, sizeof(struct sockaddr_in6))		\
	__array(u8, daddr, sizeof(struct sockaddr_in6))

#define TRACE_SEGMENT_ASSIGN(rnet, event)		\
do {								\
	const struct rstf_segment *_seg = (event)->seg;		\
	const struct rstf_rule *_rule = (event)->rule;		\
								\
	__entry->netns = (rnet)->net->ns.inum;			\
	__entry->rule = _rule ? _rule->id : 0;			\
	__entry->hook = _rule ? _rule->match.hook : TRACE_NO_RULE; \
	__entry->action = _rule ? _rule->action : TRACE_NO_RULE; \
	__entry->shadow = _rule && _rule->shadow;		\
	__entry->flags = _seg->flags;				\
	__entry->seq = _seg->seq;				\
	__entry->ack = _seg->ack;				\
	__entry->len = _seg->payload;				\
	trace_store_addr(__entry->saddr, _seg->family,		\
			 &_seg->saddr, _seg->sport);		\
	trace_store_addr(__entry->daddr, _seg->family,		\
			 &_seg->daddr, _seg->dport);		\
} while (0)

#define TRACE_SEGMENT_FORMAT \
	"netns=%u rule=%u hook=%s action=%s shadow=%d src=%pISpc dst=%pISpc flags=0x%02x seq=%u ack=%u len=%u"

#define TRACE_SEGMENT_ARGS					\
	__entry->netns, __entry->rule,				\
	__print_symbolic(__entry->hook, trace_names_hook),	\
	__print_symbolic(__entry->action, trace_names_action),	\
	__entry->shadow, __entry->saddr, __entry->daddr,	\
	__entry->flags, __entry->seq, __entry->ack, __entry->len

DECLARE_EVENT_CLASS(rstfault_segment,

	TP_PROTO(const struct rstf_net *rnet, const struct rstf_event *event),

	TP_ARGS(rnet, event),

	TP_STRUCT__entry(
		TRACE_SEGMENT_FIELDS
	),

	TP_fast_assign(
		TRACE_SEGMENT_ASSIGN(rnet, event);
	),

	TP_printk(TRACE_SEGMENT_FORMAT, TRACE_SEGMENT_ARGS)
);

DEFINE_EVENT(rstfault_segment, rstfault_fire,

	TP_PROTO(const struct rstf_net *rnet, const struct rstf_event *event),

	TP_ARGS(rnet, event)
);

DEFINE_EVENT(rstfault_segment, rstfault_fail,

	TP_PROTO(const struct rstf_net *rnet, const struct rstf_event *event),

	TP_ARGS(rnet, event)
);

TRACE_EVENT(rstfault_release,

	TP_PROTO(const struct rstf_net *rnet, const struct rstf_event *event),

	TP_ARGS(rnet, event),

	TP_STRUCT__entry(
		TRACE_SEGMENT_FIELDS
		__field(u8, fate)
		__field(u64, held)
	),

	TP_fast_assign(
		TRACE_SEGMENT_ASSIGN(rnet, event);
		__entry->fate = event->fate;
		__entry->held = event->held;
	),

	TP_printk(TRACE_SEGMENT_FORMAT " held=%llu fate=%s",
		  TRACE_SEGMENT_ARGS, __entry->held,
		  __print_symbolic(__entry->fate, trace_names_fate))
);

TRACE_EVENT(rstfault_sent,

	TP_PROTO(const struct rstf_net *rnet, const struct rstf_event *event),

	TP_ARGS(rnet, event),

	TP_STRUCT__entry(
		TRACE_SEGMENT_FIELDS
		__field(u8, outcome)
		__field(u32, state)
	),

	TP_fast_assign(
		TRACE_SEGMENT_ASSIGN(rnet, event);
		__entry->outcome = event->outcome;
		__entry->state = event->state;
	),

	TP_printk(TRACE_SEGMENT_FORMAT " outcome=%s state=0x%x",
		  TRACE_SEGMENT_ARGS,
		  __print_symbolic(__entry->outcome, trace_names_outcome),
		  __entry->state)
);

#endif /* _RSTF_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
