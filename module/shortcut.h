/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What becomes of most RSTs: no rule may be about them, or the first one that
 * may drops them and asks for nothing but addresses and ports. That is known
 * without more than the headers, and decided here. Everything else takes the
 * long way, see hook_segment(), and so may whatever is in doubt: there the same
 * comes of it.
 */
#ifndef _RSTF_SHORTCUT_H
#define _RSTF_SHORTCUT_H

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "candidates.h"
#include "classifier.h"
#include "compat.h"
#include "hook.h"
#include "match.h"
#include "rule.h"
#include "ruleset.h"
#include "tuple.h"

/**
 * enum rstf_shortcut - what is known about a RST
 * @RSTF_SHORTCUT_NONE: no rule is about it
 * @RSTF_SHORTCUT_DROP: the rule that was found drops it
 * @RSTF_SHORTCUT_LONG: it has to take the long way
 */
enum rstf_shortcut {
	RSTF_SHORTCUT_NONE,
	RSTF_SHORTCUT_DROP,
	RSTF_SHORTCUT_LONG,
};

/*
 * A packet of a VRF may have been here already. Returns false if this one has
 * not.
 */
static __always_inline bool
shortcut_may_be_repetition(const struct sk_buff *skb,
			   const struct nf_hook_state *state, u8 family)
{
	switch (state->hook) {
	case NF_INET_PRE_ROUTING:
		if (family == AF_INET6)
			return ipv6_l3mdev_skb(IP6CB(skb)->flags);
		return ipv4_l3mdev_skb(IPCB(skb)->flags);
	case NF_INET_LOCAL_OUT:
	case NF_INET_POST_ROUTING:
		return netif_is_l3_master(state->out) || !skb_dst(skb) ||
		       skb_dst(skb)->dev != state->out;
	default:
		return false;
	}
}

static noinline bool shortcut_ports(const struct rstf_match *match,
				    const struct tcphdr *th)
{
	return rstf_match_ports(&match->sport, ntohs(th->source)) &&
	       rstf_match_ports(&match->dport, ntohs(th->dest));
}

/* What the first rule comes to that may be about a RST, if it is. */
static __always_inline bool shortcut_rule(const struct rstf_rule *rule,
					  const struct rstf_key *key,
					  const struct tcphdr *th, u8 family,
					  enum rstf_shortcut *found)
{
	const struct rstf_plain *plain = &rule->plain;

	if (!rstf_key_agrees(key, &plain->value, &plain->mask, family))
		return false;
	if (unlikely(plain->kind == RSTF_PLAIN_PORTS) &&
	    !shortcut_ports(&rule->match, th))
		return false;

	*found = likely(plain->kind != RSTF_PLAIN_NOT) ? RSTF_SHORTCUT_DROP :
							 RSTF_SHORTCUT_LONG;
	return true;
}

/*
 * The same for the others, where the first one is not about it. A rule that is
 * not plain asks for addresses and ports as well, and is out if they are wrong.
 */
static __always_inline enum rstf_shortcut
shortcut_next(const struct rstf_basechain *chain, const struct rstf_key *key,
	      const struct tcphdr *th, u8 family, struct rstf_rule **rule)
{
	struct rstf_candidates candidates RSTF_UNINITIALIZED;
	enum rstf_shortcut found;
	u32 i;

	rstf_candidates_init(&candidates, chain->classifier, key);
	while ((i = rstf_candidates_next(&candidates)) != RSTF_NO_RULE) {
		*rule = chain->rules[i];
		if (shortcut_rule(*rule, key, th, family, &found))
			return found;
	}

	return RSTF_SHORTCUT_NONE;
}

/* Keys by value, so that they need not be in memory where all is well. */
static noinline enum rstf_shortcut
shortcut_next_ipv4(const struct rstf_basechain *chain, u64 ports, u64 addrs,
		   const struct tcphdr *th, struct rstf_rule **rule)
{
	const struct rstf_key key = { .word = { ports, addrs } };

	return shortcut_next(chain, &key, th, AF_INET, rule);
}

static noinline enum rstf_shortcut
shortcut_next_ipv6(const struct rstf_basechain *chain, const struct tcphdr *th,
		   struct rstf_rule **rule)
{
	const __be32 *daddr = (const __be32 *)th - 4;
	struct rstf_key key RSTF_UNINITIALIZED;

	rstf_key_init(&key, AF_INET6, daddr - 4, daddr, th->source, th->dest);
	return shortcut_next(chain, &key, th, AF_INET6, rule);
}

/**
 * rstf_shortcut() - see what can be seen at once about a RST
 * @chain: rules of the point
 * @skb: packet with a TCP header that has RST set
 * @th: this header, in the linear part
 * @state: its traversal of the hook
 * @family: AF_INET or AF_INET6; without IP options or extension headers
 * @rule: gets the rule, with RSTF_SHORTCUT_DROP
 *
 * Context: RCU read side. Any but hard interrupt.
 * Return: enum rstf_shortcut.
 */
static __always_inline enum rstf_shortcut
rstf_shortcut(const struct rstf_basechain *chain, const struct sk_buff *skb,
	      const struct tcphdr *th, const struct nf_hook_state *state,
	      u8 family, struct rstf_rule **rule)
{
	const unsigned int words = family == AF_INET ? 1 : 4;
	/* Without options, both addresses stand right in front of it. */
	const __be32 *daddr = (const __be32 *)th - words;
	enum rstf_shortcut found;
	struct rstf_key key;
	u32 i;

	/* A header that is not all there makes no segment. */
	if (unlikely(th->doff != sizeof(*th) / 4) ||
	    unlikely(shortcut_may_be_repetition(skb, state, family)))
		return RSTF_SHORTCUT_LONG;

	rstf_key_init(&key, family, daddr - words, daddr, th->source,
		      th->dest);
	i = rstf_classifier_first(chain->classifier, &key, family);
	if (i == RSTF_NO_RULE)
		return RSTF_SHORTCUT_NONE;

	*rule = chain->rules[i];
	if (likely(shortcut_rule(*rule, &key, th, family, &found)))
		return found;

	return family == AF_INET ?
		       shortcut_next_ipv4(chain, key.word[0], key.word[1], th,
					  rule) :
		       shortcut_next_ipv6(chain, th, rule);
}

#endif /* _RSTF_SHORTCUT_H */
