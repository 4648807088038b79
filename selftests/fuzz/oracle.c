// SPDX-License-Identifier: GPL-2.0
/*
 * Each packet is sent to two hosts that differ in their rules alone: one has
 * none. What comes out there has to come out of the other one too, unless that
 * has counted what else became of it. What it sends beyond that are copies and
 * RSTs, which have to be right.
 */
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "rule.h"

#include "lib/bytes.h"

#include "oracle.h"

/* Milliseconds; packets may be left to a thread, which is slow if all is. */
#define PATIENCE 5000

/**
 * oracle_wrong() - note what is wrong
 * @oracle: gets it, if it is the first
 * @format: what it is
 *
 * Return: false.
 */
bool oracle_wrong(struct oracle *oracle, const char *format, ...)
{
	va_list args;

	if (*oracle->wrong)
		return false;
	va_start(args, format);
	vsnprintf(oracle->wrong, sizeof(oracle->wrong), format, args);
	va_end(args);
	return false;
}

/**
 * oracle_begin() - begin a round
 * @oracle: its hosts are open, and without rules
 */
void oracle_begin(struct oracle *oracle)
{
	oracle->badsum = false;
	oracle->mangles = false;
	oracle->exact = false;
	oracle->extra = 0;
	oracle->nr_expected = 0;
	oracle->nr_triggers = 0;
	memset(&oracle->before, 0, sizeof(oracle->before));
	*oracle->wrong = '\0';
}

/**
 * oracle_rule() - a rule was added
 * @oracle: gets to know what can come of it
 * @rule: the rule
 */
void oracle_rule(struct oracle *oracle, const struct rule *rule)
{
	if (rule->forge.has & RULE_BIT(RSTFAULT_A_FORGE_BADSUM) ||
	    rule->mangle.has & RULE_BIT(RSTFAULT_A_MANGLE_BADSUM))
		oracle->badsum = true;
	if (rule->action == RSTFAULT_ACTION_MANGLE)
		oracle->mangles = true;
}

static uint64_t grown(const struct oracle *oracle, const struct counters *now,
		      unsigned int attr)
{
	return now->value[attr] - oracle->before.value[attr];
}

/* Segments whose packets need not come out as they are. */
static uint64_t excused(const struct counters *now)
{
	return HOST_COUNT(now, DROPPED) + HOST_COUNT(now, MANGLED) +
	       HOST_COUNT(now, LOST);
}

/* Every segment that was seen has gone on as it is. */
static bool all_passed(const struct oracle *oracle, const struct counters *now)
{
	return grown(oracle, now, RSTFAULT_A_STATS_SEEN) ==
	       grown(oracle, now, RSTFAULT_A_STATS_PASSED);
}

static bool same(const struct output *output, bool far, const uint8_t *bytes,
		 size_t len)
{
	return output->far == far && output->len == len &&
	       !memcmp(output->bytes, bytes, len);
}

static bool find_output(struct site *site, const struct output *wanted)
{
	int i;

	for (i = 0; i < site->count; i++) {
		struct output *output = &site->output[i];

		if (!output->seen && same(output, wanted->far, wanted->bytes,
					  wanted->len)) {
			output->seen = true;
			return true;
		}
	}
	return false;
}

static struct expected *expect(struct oracle *oracle, uint64_t nr,
			       const struct output *output)
{
	struct expected *expected;

	if (oracle->nr_expected == EXPECTED_MAX)
		return NULL;
	expected = &oracle->expected[oracle->nr_expected++];
	expected->nr = nr;
	expected->owed = false;
	expected->far = output->far;
	expected->len = output->len;
	memcpy(expected->bytes, output->bytes, output->len);
	return expected;
}

/* What came out without rules did so with them, or else was counted. */
static bool check_missing(struct oracle *oracle, uint64_t nr,
			  struct counters *now)
{
	struct expected *expected;
	int i, tries;

	for (i = 0; i < oracle->plain.count; i++) {
		const struct output *output = &oracle->plain.output[i];

		if (site_is_ours(output))
			continue;
		expected = expect(oracle, nr, output);
		if (find_output(&oracle->ruled, output))
			continue;
		for (tries = 0; all_passed(oracle, now); tries++) {
			if (tries == PATIENCE)
				return oracle_wrong(oracle,
						    "all segments passed, but a packet of %zu bytes did not come out",
						    output->len);
			host_settle();
			site_drain(&oracle->ruled);
			if (find_output(&oracle->ruled, output))
				break;
			if (host_counters(&oracle->ruled.host, now))
				return oracle_wrong(oracle, "no counters");
		}
		if (expected && !all_passed(oracle, now)) {
			expected->excused = excused(now);
			expected->owed = expected->excused ==
					 excused(&oracle->before);
		}
	}
	return true;
}

static void add_trigger(struct oracle *oracle, const uint8_t *bytes, size_t len)
{
	struct trigger *trigger;
	struct heads heads;
	const uint8_t *tcp;

	if (oracle->nr_triggers == TRIGGERS_MAX ||
	    !frame_read(bytes, len, &heads))
		return;
	trigger = &oracle->trigger[oracle->nr_triggers++];
	tcp = bytes + heads.thoff;
	trigger->ipv6 = heads.ipv6;
	memcpy(trigger->addrs, bytes + heads.addrs, heads.ipv6 ? 32 : 8);
	memcpy(trigger->ports, tcp, 4);
	trigger->seq = get32(tcp + 4);
	trigger->ack = get32(tcp + 8);
	trigger->flags = tcp[13];
	trigger->len = len - heads.thoff - (tcp[12] >> 4) * 4 +
		       !!(tcp[13] & TH_SYN) + !!(tcp[13] & TH_FIN);
}

/* Is the RST at @tcp one that a stack would send to whom @trigger is from? */
static bool answers(const struct trigger *trigger, const uint8_t *tcp)
{
	if (trigger->flags & TH_ACK)
		return !(tcp[13] & TH_ACK) && get32(tcp + 4) == trigger->ack;
	return tcp[13] & TH_ACK && !get32(tcp + 4) &&
	       get32(tcp + 8) == trigger->seq + trigger->len;
}

/* Or to whom it is for? */
static bool follows(const struct trigger *trigger, const uint8_t *tcp)
{
	uint32_t seq = get32(tcp + 4);

	if ((trigger->flags ^ tcp[13]) & TH_ACK)
		return false;
	if (tcp[13] & TH_ACK && get32(tcp + 8) != trigger->ack)
		return false;
	return seq == trigger->seq || seq == trigger->seq + trigger->len;
}

static bool has_trigger(const struct oracle *oracle, const uint8_t *bytes,
			const struct heads *heads)
{
	const uint8_t *tcp = bytes + heads->thoff;
	size_t len = heads->ipv6 ? 16 : 4;
	int i;

	for (i = 0; i < oracle->nr_triggers; i++) {
		const struct trigger *trigger = &oracle->trigger[i];
		const uint8_t *addrs = bytes + heads->addrs;

		if (trigger->ipv6 != heads->ipv6)
			continue;
		if (!memcmp(trigger->addrs, addrs, 2 * len) &&
		    !memcmp(trigger->ports, tcp, 4) && follows(trigger, tcp))
			return true;
		if (!memcmp(trigger->addrs, addrs + len, len) &&
		    !memcmp(trigger->addrs + len, addrs, len) &&
		    !memcmp(trigger->ports, tcp + 2, 2) &&
		    !memcmp(trigger->ports + 2, tcp, 2) &&
		    answers(trigger, tcp))
			return true;
	}
	return false;
}

/* A packet of the host with rules alone, and no copy: only a RST can be that. */
static bool check_reset(struct oracle *oracle, const struct output *output)
{
	const uint8_t *bytes = output->bytes;
	struct heads heads;

	if (!frame_read(bytes, output->len, &heads))
		return oracle->mangles ||
		       oracle_wrong(oracle, "%zu bytes came out of nothing",
				    output->len);
	if (!(bytes[heads.thoff + 13] & TH_RST))
		return oracle_wrong(oracle,
				    "a segment with flags 0x%x came out of nothing",
				    bytes[heads.thoff + 13]);
	if (!oracle->badsum && !(oracle->wild && oracle->mangles) &&
	    !frame_sums_right(bytes, output->len, &heads))
		return oracle_wrong(oracle, "a RST has a wrong sum or length");
	if (!oracle->exact)
		return true;
	if (!has_trigger(oracle, bytes, &heads))
		return oracle_wrong(oracle,
				    "a RST of seq %u, ack %u, flags 0x%x answers nothing",
				    get32(bytes + heads.thoff + 4),
				    get32(bytes + heads.thoff + 8),
				    bytes[heads.thoff + 13]);
	oracle->resets++;
	/* At another hook, others may follow from it. */
	add_trigger(oracle, bytes, output->len);
	return true;
}

/* The RSTs of the host itself are right as well. */
static bool check_own(struct oracle *oracle, const struct output *output)
{
	struct heads heads;

	if (oracle->badsum || oracle->wild ||
	    !frame_read(output->bytes, output->len, &heads) ||
	    !(output->bytes[heads.thoff + 13] & TH_RST) ||
	    frame_sums_right(output->bytes, output->len, &heads))
		return true;
	return oracle_wrong(oracle, "the host's own RST has a wrong sum");
}

/* What was held comes late. */
static bool find_expected(struct oracle *oracle, const struct output *output)
{
	bool found = false;
	int i;

	for (i = 0; i < oracle->nr_expected; i++) {
		struct expected *expected = &oracle->expected[i];

		if (!same(output, expected->far, expected->bytes,
			  expected->len))
			continue;
		found = true;
		if (expected->owed) {
			expected->owed = false;
			return true;
		}
	}
	oracle->extra += found;
	return found;
}

static bool check_extra(struct oracle *oracle)
{
	struct site *site = &oracle->ruled;
	int i;

	for (i = 0; i < site->count; i++) {
		const struct output *output = &site->output[i];

		if (output->seen)
			continue;
		if (site_is_ours(output)) {
			if (!check_own(oracle, output))
				return false;
			continue;
		}
		if (find_expected(oracle, output))
			continue;
		/* If there was no room for all that is expected. */
		if (oracle->nr_expected == EXPECTED_MAX)
			continue;
		if (!check_reset(oracle, output))
			return false;
		oracle->extra++;
	}
	site->count = 0;
	return true;
}

/**
 * oracle_try() - send a packet to both hosts, and hold against each other what
 *	comes of it
 * @oracle: the hosts
 * @nr: the case
 * @frame: the packet
 *
 * Return: false: @oracle->wrong says why.
 */
bool oracle_try(struct oracle *oracle, uint64_t nr, const struct frame *frame)
{
	struct counters now;

	oracle->plain.count = 0;
	add_trigger(oracle, frame->packet.bytes, frame->packet.len);
	if (site_send(&oracle->plain, frame) != site_send(&oracle->ruled, frame))
		return oracle_wrong(oracle, "one wire takes it, one does not");
	site_drain(&oracle->plain);
	site_drain(&oracle->ruled);
	if (host_counters(&oracle->ruled.host, &now))
		return oracle_wrong(oracle, "no counters");
	if (!check_missing(oracle, nr, &now) || !check_extra(oracle))
		return false;
	oracle->before = now;
	return true;
}

static bool check_owed(struct oracle *oracle, const struct counters *now)
{
	int i;

	for (i = 0; i < oracle->nr_expected; i++) {
		const struct expected *expected = &oracle->expected[i];

		if (expected->owed && expected->excused == excused(now))
			return oracle_wrong(oracle,
					    "a packet of %zu bytes of case %llu was held, and is gone",
					    expected->len,
					    (unsigned long long)expected->nr);
	}
	return true;
}

/**
 * oracle_end() - what has to be true when all rules have gone
 * @oracle: the hosts
 *
 * Return: false: @oracle->wrong says why.
 */
bool oracle_end(struct oracle *oracle)
{
	struct host *host = &oracle->ruled.host;
	struct counters now;
	int64_t imbalance;
	int tries;

	for (tries = 0; tries < PATIENCE; tries++) {
		if (host_counters(host, &now))
			return oracle_wrong(oracle, "no counters");
		site_drain(&oracle->ruled);
		if (!check_extra(oracle))
			return false;
		if (!HOST_COUNT(&now, HELD) && !HOST_COUNT(&now, WAITING) &&
		    !HOST_COUNT(&now, FLOWS) && !host_imbalance(host) &&
		    check_owed(oracle, &now))
			break;
	}
	if (*oracle->wrong)
		return false;
	imbalance = host_imbalance(host);
	if (HOST_COUNT(&now, HELD) || HOST_COUNT(&now, WAITING) ||
	    HOST_COUNT(&now, FLOWS) || imbalance)
		return oracle_wrong(oracle,
				    "%llu held, %llu waiting, %llu flows, balance %lld",
				    (unsigned long long)HOST_COUNT(&now, HELD),
				    (unsigned long long)HOST_COUNT(&now, WAITING),
				    (unsigned long long)HOST_COUNT(&now, FLOWS),
				    (long long)imbalance);
	if (oracle->extra > HOST_COUNT(&now, SENT) + HOST_COUNT(&now, MANGLED))
		return oracle_wrong(oracle,
				    "%llu packets more than without rules, %llu sent",
				    (unsigned long long)oracle->extra,
				    (unsigned long long)HOST_COUNT(&now, SENT));
	return true;
}
