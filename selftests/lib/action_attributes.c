// SPDX-License-Identifier: GPL-2.0
/*
 * The attributes of actions and of connections, as
 * Documentation/netlink/specs/rstfault.yaml promises them.
 */
#include <errno.h>
#include <sys/socket.h>

#include "attribute_rows.h"

#define LONG_TIME "a duration is longer than a year"
#define BAD_COUNT "a count is from 1 to 1000"
#define NO_TTL "a TTL of 0 goes nowhere"
#define NO_ADDRS "a connection has two addresses"
#define NO_PORTS "a connection has two ports"
#define NO_FAMILY "the family is neither IPv4 nor IPv6"

#define BLAME(err, text, type) { err, text, SET(type) }
#define LACKS(text, type) { -EINVAL, text, .missing = SET(type) }
#define ROW(type_, name_) .type = SET(type_), .name = name_
#define DURATION(type) FROM_TO(U64, 0, YEAR), \
	.above = BLAME(-ERANGE, LONG_TIME, type)

#define SET(type) RSTFAULT_A_DELAY_ ## type

static const struct value ten_ns[] = { U64(RSTFAULT_A_DELAY_TIME, 10), {} };

static const struct attribute delay_rows[] = {
	{ ROW(PAD, "pad"), IS_PAD },
	{ ROW(TIME, "time"), DURATION(TIME),
	  .missing = LACKS("a delay needs a time", TIME) },
	{ ROW(JITTER, "jitter"), FROM_TO(U64, 0, 10), .range = "at most time",
	  .above = BLAME(-EINVAL, "the jitter is above the time", JITTER) },
	{ ROW(UNTIL_NEXT, "until-next"), IS_FLAG },
	{}
};

const struct set delay_attrs = { delay_rows, ten_ns };

#undef SET
#define SET(type) RSTFAULT_A_FORGE_ ## type

static const struct attribute forge_rows[] = {
	{ ROW(PAD, "pad"), IS_PAD },
	{ ROW(TO, "to"), MASK(RSTFAULT_END_MASK),
	  .below = BLAME(-EINVAL, "a RST needs at least one target", TO) },
	{ ROW(SEQ, "seq"), FROM_TO(U32, 0, RSTFAULT_SEQ_MAX),
	  .above = BLAME(-ERANGE, "integer out of range", SEQ) },
	{ ROW(OFFSET, "offset"), IS_S32,
	  WITH(U32(RSTFAULT_A_FORGE_SEQ, RSTFAULT_SEQ_OFFSET)),
	  .missing = LACKS("the offset is missing", OFFSET) },
	{ ROW(ACK, "ack"), FROM_TO(U32, 0, RSTFAULT_ACK_MAX),
	  .above = BLAME(-ERANGE, "integer out of range", ACK) },
	{ ROW(COUNT, "count"), FROM_TO(U32, 1, RSTFAULT_REPEAT_MAX),
	  .below = BLAME(-ERANGE, BAD_COUNT, COUNT),
	  .above = BLAME(-ERANGE, BAD_COUNT, COUNT) },
	{ ROW(EVERY, "every"), DURATION(EVERY) },
	{ ROW(AFTER, "after"), DURATION(AFTER) },
	{ ROW(TTL, "ttl"), FROM_TO(U8, 1, UINT8_MAX),
	  .below = BLAME(-ERANGE, NO_TTL, TTL) },
	{ ROW(BADSUM, "badsum"), IS_FLAG },
	{ ROW(DROP, "drop"), IS_FLAG },
	{}
};

const struct set forge_attrs = { forge_rows, NULL };

#undef SET
#define SET(type) RSTFAULT_A_MANGLE_ ## type

static const struct value badsum[] = { FLAG(RSTFAULT_A_MANGLE_BADSUM), {} };

#define NO_CHANGE { -EINVAL, "mangle changes nothing", \
		    SAID_NEST }

static const struct attribute mangle_rows[] = {
	{ ROW(SEQ, "seq"), IS_S32 },
	{ ROW(ACK, "ack"), IS_S32 },
	{ ROW(TTL, "ttl"), FROM_TO(U8, 1, UINT8_MAX),
	  .below = BLAME(-ERANGE, NO_TTL, TTL) },
	{ ROW(BADSUM, "badsum"), IS_FLAG, .missing = NO_CHANGE },
	{}
};

const struct set mangle_attrs = { mangle_rows, badsum };

#undef SET
#define SET(type) RSTFAULT_A_DUPLICATE_ ## type

static const struct value copy[] = { U32(RSTFAULT_A_DUPLICATE_COUNT, 1), {} };

static const struct attribute duplicate_rows[] = {
	{ ROW(PAD, "pad"), IS_PAD },
	{ ROW(COUNT, "count"), FROM_TO(U32, 1, RSTFAULT_REPEAT_MAX),
	  .missing = LACKS("duplicate needs a count", COUNT),
	  .below = BLAME(-ERANGE, BAD_COUNT, COUNT),
	  .above = BLAME(-ERANGE, BAD_COUNT, COUNT) },
	{ ROW(EVERY, "every"), DURATION(EVERY) },
	{}
};

const struct set duplicate_attrs = { duplicate_rows, copy };

#undef SET
#define SET(type) RSTFAULT_A_TUPLE_ ## type

const struct value connection[] = {
	U16(RSTFAULT_A_TUPLE_FAMILY, AF_INET),
	U32(RSTFAULT_A_TUPLE_SADDR4, 1),
	U32(RSTFAULT_A_TUPLE_DADDR4, 2),
	U16(RSTFAULT_A_TUPLE_SPORT, 1),
	U16(RSTFAULT_A_TUPLE_DPORT, 2),
	{}
};

#define IPV6 U16(RSTFAULT_A_TUPLE_FAMILY, AF_INET6), \
	NONE(RSTFAULT_A_TUPLE_SADDR4), NONE(RSTFAULT_A_TUPLE_DADDR4), \
	BYTES(RSTFAULT_A_TUPLE_SADDR6, ADDR6_BYTES), \
	BYTES(RSTFAULT_A_TUPLE_DADDR6, ADDR6_BYTES)

static const struct attribute tuple_rows[] = {
	{ ROW(FAMILY, "family"), FROM_TO(U16, AF_INET, AF_INET6),
	  .range = "AF_INET or AF_INET6",
	  WITH_MAX(IPV6),
	  .missing = LACKS("a connection has a family", FAMILY),
	  .below = BLAME(-EAFNOSUPPORT, NO_FAMILY, FAMILY),
	  .above = BLAME(-EAFNOSUPPORT, NO_FAMILY, FAMILY) },
	{ ROW(SADDR4, "saddr4"), IS_U32, .missing = LACKS(NO_ADDRS, SADDR4) },
	{ ROW(SADDR6, "saddr6"), ADDR6, WITH(IPV6),
	  .missing = LACKS(NO_ADDRS, SADDR6) },
	{ ROW(DADDR4, "daddr4"), IS_U32, .missing = LACKS(NO_ADDRS, DADDR4) },
	{ ROW(DADDR6, "daddr6"), ADDR6, WITH(IPV6),
	  .missing = LACKS(NO_ADDRS, DADDR6) },
	{ ROW(SPORT, "sport"), IS_U16, .missing = LACKS(NO_PORTS, SPORT) },
	{ ROW(DPORT, "dport"), IS_U16, .missing = LACKS(NO_PORTS, DPORT) },
	{}
};

const struct set tuple_attrs = { tuple_rows, connection };
