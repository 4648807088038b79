// SPDX-License-Identifier: GPL-2.0
/*
 * The attributes of a rule, and of its nests but those of actions, as
 * Documentation/netlink/specs/rstfault.yaml promises them.
 */
#include <errno.h>
#include <sys/socket.h>

#include "attribute_rows.h"

const struct value minimal_rule[] = {
	U32(RSTFAULT_A_RULE_HOOK, RSTFAULT_HOOK_IN),
	U32(RSTFAULT_A_RULE_SEGMENT, RSTFAULT_SEGMENT_RST),
	U32(RSTFAULT_A_RULE_ACTION, RSTFAULT_ACTION_DROP),
	{}
};

static const struct value port[] = {
	U16(RSTFAULT_A_PORT_RANGE_FIRST, 80),
	U16(RSTFAULT_A_PORT_RANGE_LAST, 80),
	{}
};

static const struct value nth[] = { U32(RSTFAULT_A_GATES_NTH, 1), {} };
static const struct value one_ns[] = { U64(RSTFAULT_A_DELAY_TIME, 1), {} };
static const struct value sender[] = {
	U32(RSTFAULT_A_FORGE_TO, RSTFAULT_END_SENDER), {}
};

static const struct value ttl[] = { U8(RSTFAULT_A_MANGLE_TTL, 1), {} };
static const struct value copy[] = { U32(RSTFAULT_A_DUPLICATE_COUNT, 1), {} };
static const struct value held[] = { U32(RSTFAULT_A_COUNTERS_HELD, 0), {} };

#define IPV4 U16(RSTFAULT_A_RULE_FAMILY, AF_INET)
#define IPV6 U16(RSTFAULT_A_RULE_FAMILY, AF_INET6)
#define HOOK_OUT U32(RSTFAULT_A_RULE_HOOK, RSTFAULT_HOOK_OUT)
#define FLAGS U32(RSTFAULT_A_RULE_SEGMENT, RSTFAULT_SEGMENT_FLAGS)
#define ACTION(action) U32(RSTFAULT_A_RULE_ACTION, RSTFAULT_ACTION_ ## action)

#define NO_KIND "a rule needs at least one kind of segment"
#define LIFETIME "a lifetime is more than 0, and at most 365 days"
#define FLAGS_NEED "the kind of segment flags needs a mask and a value"
#define NO_BIT "the mask has no bit that counts"
#define NO_PORTS "a range of ports needs both its ends"
#define NO_NEST "the action lacks what it is to do"
#define LONG_PREFIX "the prefix is longer than the address"
#define NO_DEVICE "no interface can have this name"
#define NO_FAMILY "the family is neither IPv4 nor IPv6"
#define NO_COUNTERS "the counters of a rule begin at 0"

#define ROW(type_, name_) .type = RSTFAULT_A_RULE_ ## type_, .name = name_
#define BLAME(err, text, type) { err, text, RSTFAULT_A_RULE_ ## type }
#define LACKS(text, type) \
	{ -EINVAL, text, .missing = RSTFAULT_A_RULE_ ## type }

static const struct attribute rule_rows[] = {
	{ ROW(ID, "id"), IS_U32, .always = BLAME(-EINVAL,
		"the kernel chooses the id of a rule", ID) },
	{ ROW(NAME, "name"), TEXT(RSTFAULT_NAME_MAX, 'a'), .text = "a",
	  .below = BLAME(-EINVAL, "a name cannot be empty or a number", NAME) },
	{ ROW(HOOK, "hook"), FROM_TO(U32, 0, RSTFAULT_HOOK_MAX),
	  .missing = LACKS("a rule needs a hook", HOOK),
	  .above = BLAME(-ERANGE, "integer out of range", HOOK) },
	{ ROW(SEGMENT, "segment"), MASK(RSTFAULT_SEGMENT_MASK),
	  WITH(FLAG(RSTFAULT_A_RULE_FORCE)),
	  WITH_MAX(U8(RSTFAULT_A_RULE_FLAGS_MASK, 1),
		   U8(RSTFAULT_A_RULE_FLAGS_VALUE, 1),
		   FLAG(RSTFAULT_A_RULE_FORCE)),
	  .missing = LACKS(NO_KIND, SEGMENT),
	  .below = BLAME(-EINVAL, NO_KIND, SEGMENT) },
	{ ROW(FAMILY, "family"), FROM_TO(U16, AF_INET, AF_INET6),
	  .range = "AF_INET or AF_INET6",
	  .below = BLAME(-EAFNOSUPPORT, NO_FAMILY, FAMILY),
	  .above = BLAME(-EAFNOSUPPORT, NO_FAMILY, FAMILY) },
	{ ROW(SADDR4, "saddr4"), IS_U32, WITH(IPV4) },
	{ ROW(SADDR6, "saddr6"), ADDR6, WITH(IPV6) },
	{ ROW(SADDR_PREFIX, "saddr-prefix"), FROM_TO(U8, 0, 32),
	  .range = "at most the bits of the address",
	  WITH(IPV4, U32(RSTFAULT_A_RULE_SADDR4, 0)),
	  .above = BLAME(-ERANGE, LONG_PREFIX, SADDR_PREFIX) },
	{ ROW(DADDR4, "daddr4"), IS_U32, WITH(IPV4) },
	{ ROW(DADDR6, "daddr6"), ADDR6, WITH(IPV6) },
	{ ROW(DADDR_PREFIX, "daddr-prefix"), FROM_TO(U8, 0, 128),
	  .range = "at most the bits of the address",
	  WITH(IPV6, { RSTFAULT_A_RULE_DADDR6, 16, 0, (const char[16]){} }),
	  WITH_MAX(IPV6, BYTES(RSTFAULT_A_RULE_DADDR6, ADDR6_BYTES)),
	  .above = BLAME(-ERANGE, LONG_PREFIX, DADDR_PREFIX) },
	{ ROW(SPORT, "sport"), INSIDE(port), .empty = {
		-EINVAL, NO_PORTS, .missing = RSTFAULT_A_PORT_RANGE_FIRST,
		.level = 1 } },
	{ ROW(DPORT, "dport"), INSIDE(port), .empty = {
		-EINVAL, NO_PORTS, .missing = RSTFAULT_A_PORT_RANGE_FIRST,
		.level = 1 } },
	{ ROW(IIF, "iif"), TEXT(RSTFAULT_IFNAME_MAX, 'e'), .text = "e*",
	  .below = BLAME(-EINVAL, NO_DEVICE, IIF) },
	{ ROW(OIF, "oif"), TEXT(RSTFAULT_IFNAME_MAX, 'e'), .text = "e*",
	  WITH(HOOK_OUT), .below = BLAME(-EINVAL, NO_DEVICE, OIF) },
	{ ROW(FLAGS_MASK, "flags-mask"), FROM_TO(U8, 1, UINT8_MAX),
	  WITH(FLAGS, U8(RSTFAULT_A_RULE_FLAGS_VALUE, 0)),
	  .missing = LACKS(FLAGS_NEED, FLAGS_MASK),
	  .below = BLAME(-EINVAL, NO_BIT, FLAGS_MASK) },
	{ ROW(FLAGS_VALUE, "flags-value"), FROM_TO(U8, 0, 7),
	  .range = "no bit outside of flags-mask",
	  WITH(FLAGS, U8(RSTFAULT_A_RULE_FLAGS_MASK, 7)),
	  .missing = LACKS(FLAGS_NEED, FLAGS_VALUE),
	  .above = BLAME(-EINVAL, "the value has bits set outside of the mask",
			 FLAGS_VALUE) },
	{ ROW(MARK, "mark"), IS_U32 },
	{ ROW(MARK_MASK, "mark-mask"), FROM_TO(U32, 1, UINT32_MAX),
	  WITH(U32(RSTFAULT_A_RULE_MARK, 0)),
	  .below = BLAME(-EINVAL, NO_BIT, MARK_MASK) },
	{ ROW(LENGTH_FROM, "length-from"), IS_U32 },
	{ ROW(LENGTH_TO, "length-to"), FROM_TO(U32, 10, UINT32_MAX),
	  .range = "at least length-from",
	  WITH(U32(RSTFAULT_A_RULE_LENGTH_FROM, 10)),
	  .below = BLAME(-EINVAL, "a range of lengths ends before it begins",
			 LENGTH_TO) },
	{ ROW(UID, "uid"), FROM_TO(U32, 0, UINT32_MAX - 1),
	  .above = BLAME(-EINVAL, "your user namespace has no such user",
			 UID) },
	/* The longest path is the root's too. */
	{ ROW(CGROUP, "cgroup"), TEXT(RSTFAULT_CGROUP_MAX, '/'), .text = "/",
	  .below = BLAME(-EINVAL,
			 "the path of a control group cannot be empty",
			 CGROUP) },
	{ ROW(STATE, "state"), MASK(RSTFAULT_STATE_MASK),
	  .below = BLAME(-EINVAL, "a rule for states needs at least one",
			 STATE) },
	{ ROW(ORIGIN, "origin"), MASK(RSTFAULT_ORIGIN_MASK), WITH(HOOK_OUT),
	  .below = BLAME(-EINVAL, "a rule for origins needs at least one",
			 ORIGIN) },
	{ ROW(GATES, "gates"), INSIDE(nth),
	  .empty = BLAME(-EINVAL, "there is no gate in gates", GATES) },
	{ ROW(PAD, "pad"), IS_PAD },
	{ ROW(LIFETIME, "lifetime"), FROM_TO(U64, 1, YEAR),
	  .below = BLAME(-ERANGE, LIFETIME, LIFETIME),
	  .above = BLAME(-ERANGE, LIFETIME, LIFETIME) },
	{ ROW(REMAINING, "remaining"), IS_U64, .always = BLAME(-EINVAL,
		"all of its lifetime remains to a new rule", REMAINING) },
	{ ROW(SHADOW, "shadow"), IS_FLAG },
	{ ROW(FORCE, "force"), IS_FLAG,
	  WITH(U32(RSTFAULT_A_RULE_SEGMENT, RSTFAULT_SEGMENT_ANY)),
	  .missing = { -EDESTADDRREQ,
		"this rule is about every segment; narrow it, or say force",
		.missing = RSTFAULT_A_RULE_FORCE } },
	{ ROW(OWNER, "owner"), IS_U32, .always = BLAME(-EINVAL,
		"the owner of a rule is the socket that adds it", OWNER) },
	{ ROW(ACTION, "action"), FROM_TO(U32, 0, RSTFAULT_ACTION_MAX),
	  WITH_MAX(NEST(RSTFAULT_A_RULE_DUPLICATE, copy)),
	  .missing = LACKS("a rule needs an action", ACTION),
	  .above = BLAME(-ERANGE, "integer out of range", ACTION) },
	{ ROW(DELAY, "delay"), INSIDE(one_ns), WITH(ACTION(DELAY)),
	  .missing = LACKS(NO_NEST, DELAY), .empty = {
		-EINVAL, "a delay needs a time",
		.missing = RSTFAULT_A_DELAY_TIME, .level = 1 } },
	{ ROW(FORGE, "forge"), INSIDE(sender), WITH(ACTION(FORGE)) },
	{ ROW(MANGLE, "mangle"), INSIDE(ttl), WITH(ACTION(MANGLE)),
	  .missing = LACKS(NO_NEST, MANGLE),
	  .empty = BLAME(-EINVAL, "mangle changes nothing", MANGLE) },
	{ ROW(DUPLICATE, "duplicate"), INSIDE(copy), WITH(ACTION(DUPLICATE)),
	  .missing = LACKS(NO_NEST, DUPLICATE), .empty = {
		-EINVAL, "duplicate needs a count",
		.missing = RSTFAULT_A_DUPLICATE_COUNT, .level = 1 } },
	{ ROW(COUNTERS, "counters"), INSIDE(held),
	  .always = BLAME(-EINVAL, NO_COUNTERS, COUNTERS) },
	{}
};

const struct set rule_attrs = { rule_rows, minimal_rule };

#undef ROW
#define ROW(type_, name_) .type = RSTFAULT_A_PORT_RANGE_ ## type_, .name = name_

static const struct attribute port_range_rows[] = {
	{ ROW(FIRST, "first"), FROM_TO(U16, 0, 80), .range = "at most last",
	  .missing = { -EINVAL, NO_PORTS,
		       .missing = RSTFAULT_A_PORT_RANGE_FIRST },
	  .above = { -EINVAL, "a range of ports ends before it begins",
		     SAID_NEST } },
	{ ROW(LAST, "last"), FROM_TO(U16, 80, UINT16_MAX),
	  .range = "at least first",
	  .missing = { -EINVAL, NO_PORTS,
		       .missing = RSTFAULT_A_PORT_RANGE_LAST },
	  .below = { -EINVAL, "a range of ports ends before it begins",
		     SAID_NEST } },
	{}
};

const struct set port_range_attrs = { port_range_rows, port };

#undef ROW
#define ROW(type_, name_) .type = RSTFAULT_A_GATES_ ## type_, .name = name_
#undef BLAME
#define BLAME(err, text, type) { err, text, RSTFAULT_A_GATES_ ## type }
#define FROM_1 "a gate that counts begins at 1"

static const struct attribute gates_rows[] = {
	{ ROW(PAD, "pad"), IS_PAD },
	{ ROW(PROBABILITY, "probability"), FROM_TO(U32, 0, 1000000000),
	  .above = BLAME(-ERANGE,
			 "no probability is above 1000000000 billionths",
			 PROBABILITY) },
	{ ROW(SEED, "seed"), IS_U32,
	  WITH(U32(RSTFAULT_A_GATES_PROBABILITY, 1)) },
	{ ROW(SKIP, "skip"), IS_U32 },
	{ ROW(EVERY, "every"), FROM_TO(U32, 1, UINT32_MAX),
	  .below = BLAME(-ERANGE, FROM_1, EVERY) },
	{ ROW(LIMIT, "limit"), FROM_TO(U32, 1, UINT32_MAX),
	  .below = BLAME(-ERANGE, FROM_1, LIMIT) },
	{ ROW(NTH, "nth"), FROM_TO(U32, 1, UINT32_MAX),
	  WITH(U32(RSTFAULT_A_GATES_SKIP, 0)),
	  .below = BLAME(-ERANGE, FROM_1, NTH) },
	{ ROW(BYTES_FROM, "bytes-from"), IS_U64 },
	{ ROW(BYTES_TO, "bytes-to"), FROM_TO(U64, 10, UINT64_MAX),
	  .range = "at least bytes-from",
	  WITH(U64(RSTFAULT_A_GATES_BYTES_FROM, 10)),
	  .below = BLAME(-EINVAL, "the bytes end before they begin",
			 BYTES_TO) },
	{ ROW(PER_CONNECTION, "per-connection"),
	  FROM_TO(U32, 0, RSTFAULT_GATE_MASK), .mask = RSTFAULT_GATE_MASK,
	  WITH_MAX(U32(RSTFAULT_A_GATES_PROBABILITY, 1),
		   U32(RSTFAULT_A_GATES_SKIP, 1),
		   U32(RSTFAULT_A_GATES_EVERY, 1),
		   U32(RSTFAULT_A_GATES_LIMIT, 1),
		   U32(RSTFAULT_A_GATES_NTH, 1),
		   U64(RSTFAULT_A_GATES_BYTES_FROM, 1)) },
	{}
};

const struct set gates_attrs = { gates_rows, nth };

#undef ROW
#define ROW(type_, name_) .type = RSTFAULT_A_COUNTERS_ ## type_, .name = name_

static const struct attribute counters_rows[] = {
	{ ROW(PAD, "pad"), IS_PAD },
	{ ROW(FIRED, "fired"), IS_U64 },
	{ ROW(MATCHED, "matched"), IS_U64 },
	{ ROW(GATED, "gated"), IS_U64 },
	{ ROW(FAILED, "failed"), IS_U64 },
	{ ROW(SENT, "sent"), IS_U64 },
	{ ROW(UNSENT, "unsent"), IS_U64 },
	{ ROW(HELD, "held"), IS_U32 },
	{}
};

const struct set counters_attrs = { counters_rows, NULL };
