// SPDX-License-Identifier: GPL-2.0
/* The attributes of the protocol and the members of the model. */

#include <string.h>
#include <sys/socket.h>

#include "event.h"
#include "field.h"
#include "rule.h"
#include "words.h"

#define SET(name)							\
	const struct field_set name##_fields = {			\
		.field = name, .max = sizeof(name) / sizeof(name[0]) - 1, \
	}

#define AT(member)	.offset = offsetof(struct rule_gates, member)

static const struct field gates[RSTFAULT_A_GATES_MAX + 1] = {
	[RSTFAULT_A_GATES_PROBABILITY] = {
		"probability", FIELD_U32, AT(probability)
	},
	[RSTFAULT_A_GATES_SEED] = { "seed", FIELD_U32, AT(seed) },
	[RSTFAULT_A_GATES_SKIP] = { "skip", FIELD_U32, AT(skip) },
	[RSTFAULT_A_GATES_EVERY] = { "every", FIELD_U32, AT(every) },
	[RSTFAULT_A_GATES_LIMIT] = { "limit", FIELD_U32, AT(limit) },
	[RSTFAULT_A_GATES_NTH] = { "nth", FIELD_U32, AT(nth) },
	[RSTFAULT_A_GATES_BYTES_FROM] = {
		"bytes-from", FIELD_U64, AT(bytes_from)
	},
	[RSTFAULT_A_GATES_BYTES_TO] = { "bytes-to", FIELD_U64, AT(bytes_to) },
	[RSTFAULT_A_GATES_PER_CONNECTION] = {
		"per-connection", FIELD_U32, AT(per_connection),
		.words = per_connection_words, .is_union = true
	},
};

SET(gates);

#undef AT
#define AT(member)	.offset = offsetof(struct rule_delay, member)

static const struct field delay[RSTFAULT_A_DELAY_MAX + 1] = {
	[RSTFAULT_A_DELAY_TIME] = { "time", FIELD_U64, AT(time) },
	[RSTFAULT_A_DELAY_JITTER] = { "jitter", FIELD_U64, AT(jitter) },
	[RSTFAULT_A_DELAY_UNTIL_NEXT] = {
		.name = "until-next", .type = FIELD_FLAG
	},
};

SET(delay);

#undef AT
#define AT(member)	.offset = offsetof(struct rule_forge, member)

static const struct field forge[RSTFAULT_A_FORGE_MAX + 1] = {
	[RSTFAULT_A_FORGE_TO] = {
		"to", FIELD_U32, AT(to), .words = end_words, .is_union = true
	},
	[RSTFAULT_A_FORGE_SEQ] = {
		"seq", FIELD_U32, AT(seq), .words = seq_words
	},
	[RSTFAULT_A_FORGE_OFFSET] = { "offset", FIELD_S32, AT(offset) },
	[RSTFAULT_A_FORGE_ACK] = {
		"ack", FIELD_U32, AT(ack), .words = ack_words
	},
	[RSTFAULT_A_FORGE_COUNT] = { "count", FIELD_U32, AT(count) },
	[RSTFAULT_A_FORGE_EVERY] = { "every", FIELD_U64, AT(every) },
	[RSTFAULT_A_FORGE_AFTER] = { "after", FIELD_U64, AT(after) },
	[RSTFAULT_A_FORGE_TTL] = { "ttl", FIELD_U8, AT(ttl) },
	[RSTFAULT_A_FORGE_BADSUM] = {
		.name = "badsum", .type = FIELD_FLAG
	},
	[RSTFAULT_A_FORGE_DROP] = {
		.name = "drop", .type = FIELD_FLAG
	},
};

SET(forge);

#undef AT
#define AT(member)	.offset = offsetof(struct rule_mangle, member)

static const struct field mangle[RSTFAULT_A_MANGLE_MAX + 1] = {
	[RSTFAULT_A_MANGLE_SEQ] = { "seq", FIELD_S32, AT(seq) },
	[RSTFAULT_A_MANGLE_ACK] = { "ack", FIELD_S32, AT(ack) },
	[RSTFAULT_A_MANGLE_TTL] = { "ttl", FIELD_U8, AT(ttl) },
	[RSTFAULT_A_MANGLE_BADSUM] = {
		.name = "badsum", .type = FIELD_FLAG
	},
};

SET(mangle);

#undef AT
#define AT(member)	.offset = offsetof(struct rule_duplicate, member)

static const struct field duplicate[RSTFAULT_A_DUPLICATE_MAX + 1] = {
	[RSTFAULT_A_DUPLICATE_COUNT] = { "count", FIELD_U32, AT(count) },
	[RSTFAULT_A_DUPLICATE_EVERY] = { "every", FIELD_U64, AT(every) },
};

SET(duplicate);

#undef AT
#define AT(member)	.offset = offsetof(struct rule_counters, member)

static const struct field counters[RSTFAULT_A_COUNTERS_MAX + 1] = {
	[RSTFAULT_A_COUNTERS_FIRED] = { "fired", FIELD_U64, AT(fired) },
	[RSTFAULT_A_COUNTERS_MATCHED] = { "matched", FIELD_U64, AT(matched) },
	[RSTFAULT_A_COUNTERS_GATED] = { "gated", FIELD_U64, AT(gated) },
	[RSTFAULT_A_COUNTERS_FAILED] = { "failed", FIELD_U64, AT(failed) },
	[RSTFAULT_A_COUNTERS_SENT] = { "sent", FIELD_U64, AT(sent) },
	[RSTFAULT_A_COUNTERS_UNSENT] = { "unsent", FIELD_U64, AT(unsent) },
	[RSTFAULT_A_COUNTERS_HELD] = { "held", FIELD_U32, AT(held) },
};

SET(counters);

#undef AT
#define AT(member)	.offset = offsetof(struct rule, member)

static const struct field rule[RSTFAULT_A_RULE_MAX + 1] = {
	[RSTFAULT_A_RULE_ID] = { "id", FIELD_ID, AT(id) },
	[RSTFAULT_A_RULE_NAME] = {
		"name", FIELD_STRING, AT(name),
		.room = RSTFAULT_NAME_MAX + 1
	},
	[RSTFAULT_A_RULE_HOOK] = {
		"hook", FIELD_U32, AT(hook), .words = hook_words,
		.always = true
	},
	[RSTFAULT_A_RULE_SEGMENT] = {
		"segment", FIELD_U32, AT(segment), .words = segment_words,
		.is_union = true, .always = true
	},
	[RSTFAULT_A_RULE_FAMILY] = {
		"family", FIELD_FAMILY, AT(family), .words = family_words
	},
	[RSTFAULT_A_RULE_SADDR4] = { "saddr", FIELD_ADDR4, AT(saddr) },
	[RSTFAULT_A_RULE_SADDR6] = { "saddr", FIELD_ADDR6, AT(saddr) },
	[RSTFAULT_A_RULE_SADDR_PREFIX] = { "saddr", FIELD_BITS, AT(saddr) },
	[RSTFAULT_A_RULE_DADDR4] = { "daddr", FIELD_ADDR4, AT(daddr) },
	[RSTFAULT_A_RULE_DADDR6] = { "daddr", FIELD_ADDR6, AT(daddr) },
	[RSTFAULT_A_RULE_DADDR_PREFIX] = { "daddr", FIELD_BITS, AT(daddr) },
	[RSTFAULT_A_RULE_SPORT] = { "sport", FIELD_PORTS, AT(sport) },
	[RSTFAULT_A_RULE_DPORT] = { "dport", FIELD_PORTS, AT(dport) },
	[RSTFAULT_A_RULE_IIF] = {
		"iif", FIELD_STRING, AT(iif),
		.room = RSTFAULT_IFNAME_MAX + 1
	},
	[RSTFAULT_A_RULE_OIF] = {
		"oif", FIELD_STRING, AT(oif),
		.room = RSTFAULT_IFNAME_MAX + 1
	},
	[RSTFAULT_A_RULE_FLAGS_MASK] = {
		"flags-mask", FIELD_U8, AT(flags_mask), .words = flag_words,
		.is_union = true
	},
	[RSTFAULT_A_RULE_FLAGS_VALUE] = {
		"flags-value", FIELD_U8, AT(flags_value), .words = flag_words,
		.is_union = true
	},
	[RSTFAULT_A_RULE_MARK] = { "mark", FIELD_U32, AT(mark) },
	[RSTFAULT_A_RULE_MARK_MASK] = {
		"mark-mask", FIELD_U32, AT(mark_mask)
	},
	[RSTFAULT_A_RULE_LENGTH_FROM] = {
		"length-from", FIELD_U32, AT(length_from)
	},
	[RSTFAULT_A_RULE_LENGTH_TO] = {
		"length-to", FIELD_U32, AT(length_to)
	},
	[RSTFAULT_A_RULE_UID] = { "uid", FIELD_U32, AT(uid) },
	[RSTFAULT_A_RULE_CGROUP] = {
		"cgroup", FIELD_STRING, AT(cgroup),
		.room = RSTFAULT_CGROUP_MAX + 1
	},
	[RSTFAULT_A_RULE_STATE] = {
		"state", FIELD_U32, AT(state), .words = state_words,
		.is_union = true
	},
	[RSTFAULT_A_RULE_ORIGIN] = {
		"origin", FIELD_U32, AT(origin), .words = origin_words,
		.is_union = true
	},
	[RSTFAULT_A_RULE_GATES] = {
		"gates", FIELD_NEST, AT(gates), .nest = &gates_fields
	},
	[RSTFAULT_A_RULE_LIFETIME] = { "lifetime", FIELD_U64, AT(lifetime) },
	[RSTFAULT_A_RULE_REMAINING] = {
		"remaining", FIELD_U64, AT(remaining)
	},
	[RSTFAULT_A_RULE_SHADOW] = {
		.name = "shadow", .type = FIELD_FLAG
	},
	[RSTFAULT_A_RULE_FORCE] = {
		.name = "force", .type = FIELD_FLAG
	},
	[RSTFAULT_A_RULE_OWNER] = { "owner", FIELD_U32, AT(owner) },
	[RSTFAULT_A_RULE_ACTION] = {
		"action", FIELD_U32, AT(action), .words = action_words,
		.always = true
	},
	[RSTFAULT_A_RULE_DELAY] = {
		"delay", FIELD_NEST, AT(delay), .nest = &delay_fields
	},
	[RSTFAULT_A_RULE_FORGE] = {
		"forge", FIELD_NEST, AT(forge), .nest = &forge_fields
	},
	[RSTFAULT_A_RULE_MANGLE] = {
		"mangle", FIELD_NEST, AT(mangle), .nest = &mangle_fields
	},
	[RSTFAULT_A_RULE_DUPLICATE] = {
		"duplicate", FIELD_NEST, AT(duplicate),
		.nest = &duplicate_fields
	},
	[RSTFAULT_A_RULE_COUNTERS] = {
		"counters", FIELD_NEST, AT(counters), .nest = &counters_fields
	},
};

SET(rule);

#undef AT
#define AT(member)	.offset = offsetof(struct tuple, member)

static const struct field tuple[RSTFAULT_A_TUPLE_MAX + 1] = {
	[RSTFAULT_A_TUPLE_FAMILY] = {
		"family", FIELD_FAMILY, AT(family), .words = family_words
	},
	[RSTFAULT_A_TUPLE_SADDR4] = { "saddr", FIELD_ADDR4, AT(saddr) },
	[RSTFAULT_A_TUPLE_SADDR6] = { "saddr", FIELD_ADDR6, AT(saddr) },
	[RSTFAULT_A_TUPLE_DADDR4] = { "daddr", FIELD_ADDR4, AT(daddr) },
	[RSTFAULT_A_TUPLE_DADDR6] = { "daddr", FIELD_ADDR6, AT(daddr) },
	[RSTFAULT_A_TUPLE_SPORT] = { "sport", FIELD_U16, AT(sport) },
	[RSTFAULT_A_TUPLE_DPORT] = { "dport", FIELD_U16, AT(dport) },
};

SET(tuple);

#undef AT
#define AT(member)	.offset = offsetof(struct event, member)

static const struct field event[RSTFAULT_A_EVENT_MAX + 1] = {
	[RSTFAULT_A_EVENT_TYPE] = {
		"type", FIELD_U32, AT(type), .words = event_words
	},
	[RSTFAULT_A_EVENT_NUMBER] = { "number", FIELD_U64, AT(number) },
	[RSTFAULT_A_EVENT_TIME] = { "time", FIELD_U64, AT(time) },
	[RSTFAULT_A_EVENT_RULE_ID] = { "rule-id", FIELD_ID, AT(rule_id) },
	[RSTFAULT_A_EVENT_RULE_NAME] = {
		"rule-name", FIELD_STRING, AT(rule_name),
		.room = RSTFAULT_NAME_MAX + 1
	},
	[RSTFAULT_A_EVENT_HOOK] = {
		"hook", FIELD_U32, AT(hook), .words = hook_words
	},
	[RSTFAULT_A_EVENT_ACTION] = {
		"action", FIELD_U32, AT(action), .words = action_words
	},
	[RSTFAULT_A_EVENT_SHADOW] = {
		.name = "shadow", .type = FIELD_FLAG
	},
	[RSTFAULT_A_EVENT_TUPLE] = {
		"tuple", FIELD_NEST, AT(tuple), .nest = &tuple_fields
	},
	[RSTFAULT_A_EVENT_FLAGS] = {
		"flags", FIELD_U8, AT(flags), .words = flag_words,
		.is_union = true
	},
	[RSTFAULT_A_EVENT_SEQ] = { "seq", FIELD_U32, AT(seq) },
	[RSTFAULT_A_EVENT_ACK] = { "ack", FIELD_U32, AT(ack) },
	[RSTFAULT_A_EVENT_LENGTH] = { "length", FIELD_U32, AT(length) },
	[RSTFAULT_A_EVENT_HELD] = { "held", FIELD_U64, AT(held) },
	[RSTFAULT_A_EVENT_FATE] = {
		"fate", FIELD_U32, AT(fate), .words = fate_words
	},
	[RSTFAULT_A_EVENT_OUTCOME] = {
		"outcome", FIELD_U32, AT(outcome), .words = outcome_words
	},
	[RSTFAULT_A_EVENT_SOCKET_STATE] = {
		"socket-state", FIELD_U32, AT(socket_state),
		.words = state_words, .is_union = true
	},
	[RSTFAULT_A_EVENT_DROP] = {
		.name = "drop", .type = FIELD_FLAG
	},
};

SET(event);

#define COUNT(attr)	offsetof(struct stats, count[attr])

static const struct field stats[RSTFAULT_A_STATS_MAX + 1] = {
	[RSTFAULT_A_STATS_SEEN] = {
		"seen", FIELD_U64, .offset = COUNT(RSTFAULT_A_STATS_SEEN)
	},
	[RSTFAULT_A_STATS_PASSED] = {
		"passed", FIELD_U64, .offset = COUNT(RSTFAULT_A_STATS_PASSED)
	},
	[RSTFAULT_A_STATS_MANGLED] = {
		"mangled", FIELD_U64, .offset = COUNT(RSTFAULT_A_STATS_MANGLED)
	},
	[RSTFAULT_A_STATS_DROPPED] = {
		"dropped", FIELD_U64, .offset = COUNT(RSTFAULT_A_STATS_DROPPED)
	},
	[RSTFAULT_A_STATS_HELD] = {
		"held", FIELD_U64, .offset = COUNT(RSTFAULT_A_STATS_HELD)
	},
	[RSTFAULT_A_STATS_RELEASED] = {
		"released", FIELD_U64,
		.offset = COUNT(RSTFAULT_A_STATS_RELEASED)
	},
	[RSTFAULT_A_STATS_LOST] = {
		"lost", FIELD_U64, .offset = COUNT(RSTFAULT_A_STATS_LOST)
	},
	[RSTFAULT_A_STATS_SENT] = {
		"sent", FIELD_U64, .offset = COUNT(RSTFAULT_A_STATS_SENT)
	},
	[RSTFAULT_A_STATS_UNSENT] = {
		"unsent", FIELD_U64, .offset = COUNT(RSTFAULT_A_STATS_UNSENT)
	},
	[RSTFAULT_A_STATS_WAITING] = {
		"waiting", FIELD_U64, .offset = COUNT(RSTFAULT_A_STATS_WAITING)
	},
	[RSTFAULT_A_STATS_FAILED] = {
		"failed", FIELD_U64, .offset = COUNT(RSTFAULT_A_STATS_FAILED)
	},
	[RSTFAULT_A_STATS_FLOWS] = {
		"flows", FIELD_U64, .offset = COUNT(RSTFAULT_A_STATS_FLOWS)
	},
	[RSTFAULT_A_STATS_EVICTED] = {
		"evicted", FIELD_U64, .offset = COUNT(RSTFAULT_A_STATS_EVICTED)
	},
	[RSTFAULT_A_STATS_EVENTS] = {
		"events", FIELD_U64, .offset = COUNT(RSTFAULT_A_STATS_EVENTS)
	},
};

SET(stats);

/**
 * field_find() - look an attribute up
 * @set: the set
 * @attr: the attribute
 *
 * Return: the field; NULL if there is none, or if it is padding
 */
const struct field *field_find(const struct field_set *set, unsigned int attr)
{
	if (attr > set->max || set->field[attr].type == FIELD_NONE)
		return NULL;
	return &set->field[attr];
}

/**
 * field_member() - where an attribute is in the model
 * @field: the attribute
 * @data: the structure of its set
 *
 * Return: the member
 */
const void *field_member(const struct field *field, const void *data)
{
	return (const char *)data + field->offset;
}

/**
 * field_present() - is the attribute there?
 * @field: the attribute
 * @attr: its number
 * @data: the structure of its set
 *
 * Return: true if it is
 */
bool field_present(const struct field *field, unsigned int attr,
		   const void *data)
{
	const void *member = field_member(field, data);
	const __u64 *has = data;

	switch (field->type) {
	case FIELD_NONE:
		return false;
	case FIELD_ID:
		return *(const __u32 *)member;
	case FIELD_FAMILY:
		return *(const __u16 *)member;
	case FIELD_STRING:
		return *(const char *)member;
	case FIELD_ADDR4:
		return ((const struct rule_prefix *)member)->family == AF_INET;
	case FIELD_ADDR6:
		return ((const struct rule_prefix *)member)->family == AF_INET6;
	case FIELD_BITS:
		return ((const struct rule_prefix *)member)->family;
	case FIELD_PORTS:
		return ((const struct rule_ports *)member)->count;
	case FIELD_NEST:
		return *(const __u64 *)member;
	default:
		return field->always || *has & RULE_BIT(attr);
	}
}

/**
 * field_number() - the value of an attribute that is a number
 * @field: the attribute
 * @data: the structure of its set
 *
 * Return: the number; a sign is that of a number of 64 bits
 */
__u64 field_number(const struct field *field, const void *data)
{
	const void *member = field_member(field, data);

	switch (field->type) {
	case FIELD_U8:
		return *(const __u8 *)member;
	case FIELD_U16:
	case FIELD_FAMILY:
		return *(const __u16 *)member;
	case FIELD_U32:
	case FIELD_ID:
		return *(const __u32 *)member;
	case FIELD_S32:
		return (__s64)*(const __s32 *)member;
	case FIELD_U64:
		return *(const __u64 *)member;
	default:
		return 0;
	}
}
