/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_ORACLE_H
#define _FUZZ_ORACLE_H

#include "lib/counters.h"

#include "site.h"

/* Packets of a round. */
#define EXPECTED_MAX 1024
#define TRIGGERS_MAX 1024

struct rule;

/**
 * struct expected - a packet that came out where there are no rules
 * @nr: the case that it is of
 * @excused: segments that were dropped or changed when it was sent
 * @owed: it was held, or so it seems, and is still to come
 * @far: by the far wire
 * @len: its length
 * @bytes: the packet
 */
struct expected {
	uint64_t nr;
	uint64_t excused;
	bool owed;
	bool far;
	size_t len;
	uint8_t bytes[PACKET_MAX];
};

/**
 * struct trigger - a segment that a RST may answer
 * @ipv6: it is IPv6
 * @addrs: its addresses and ports, as in the packet
 * @ports: its ports
 * @flags: TH_*
 * @seq: its sequence number
 * @ack: its acknowledgment number
 * @len: sequence numbers that it takes up
 */
struct trigger {
	bool ipv6;
	uint8_t addrs[32];
	uint8_t ports[4];
	uint8_t flags;
	uint32_t seq;
	uint32_t ack;
	uint32_t len;
};

/**
 * struct oracle - what has to come out, by what comes out without rules
 * @plain: host without rules
 * @ruled: host with rules
 * @wild: packets may be wrong
 * @badsum: a rule makes checksums wrong
 * @mangles: a rule changes RSTs
 * @exact: there is one rule that forges, and it does so in the usual way
 * @before: counters in front of a case
 * @extra: packets that only the host with rules has sent
 * @resets: RSTs among these whose numbers were checked
 * @nr_expected: packets that came out of @plain
 * @nr_triggers: segments so far
 * @expected: these packets
 * @trigger: these segments
 * @wrong: what is wrong, or empty
 */
struct oracle {
	struct site plain;
	struct site ruled;
	bool wild;
	bool badsum;
	bool mangles;
	bool exact;
	struct counters before;
	uint64_t extra;
	uint64_t resets;
	int nr_expected;
	int nr_triggers;
	struct expected expected[EXPECTED_MAX];
	struct trigger trigger[TRIGGERS_MAX];
	char wrong[256];
};

void oracle_begin(struct oracle *oracle);
void oracle_rule(struct oracle *oracle, const struct rule *rule);
bool oracle_try(struct oracle *oracle, uint64_t nr, const struct frame *frame);
bool oracle_end(struct oracle *oracle);
bool oracle_wrong(struct oracle *oracle, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif /* _FUZZ_ORACLE_H */
