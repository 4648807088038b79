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

#include <linux/skbuff.h>
#include <linux/tcp.h>

#include "classifier.h"
#include "compat.h"
#include "hook.h"
#include "match.h"
#include "rule.h"
#include "ruleset.h"
#include "tuple.h"
#include "vrf.h"

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

/**
 * struct shortcut - what there is to decide about
 * @chain: rules of the point
 * @th: TCP header of the RST
 * @family: AF_INET or AF_INET6; the compiler knows which, all is inlined
 * @key: of the RST
 */
struct shortcut {
	const struct rstf_basechain *chain;
	const struct tcphdr *th;
	u8 family;
	struct rstf_key key;
};

static __always_inline bool shortcut_range(const struct rstf_range *range,
					   __be16 port)
{
	return (u16)(ntohs(port) - range->first) <= range->more;
}

static noinline bool shortcut_ports(const struct rstf_match *match,
				    const struct tcphdr *th)
{
	return rstf_match_ports(&match->sport, ntohs(th->source)) &&
	       rstf_match_ports(&match->dport, ntohs(th->dest));
}

/*
 * Are addresses and ports what rule @i asks for? If not it is out, even if it
 * asks for more.
 */
static __always_inline bool shortcut_agrees(const void *arg, u32 i)
{
	const struct shortcut *shortcut = arg;
	const struct rstf_rule *rule = shortcut->chain->rules[i];
	const struct rstf_plain *plain = &rule->plain;

	if (!rstf_key_agrees(&shortcut->key, &plain->value, &plain->mask,
			     shortcut->family))
		return false;
	if (likely(plain->kind == RSTF_PLAIN))
		return true;

	return shortcut_range(&plain->sport, shortcut->th->source) &&
	       shortcut_range(&plain->dport, shortcut->th->dest) &&
	       (plain->kind != RSTF_PLAIN_PORTS ||
		shortcut_ports(&rule->match, shortcut->th));
}

/* Without options, both addresses stand right in front of the TCP header. */
static __always_inline void shortcut_init(struct shortcut *shortcut,
					  const struct rstf_basechain *chain,
					  const struct tcphdr *th, u8 family)
{
	const unsigned int words = family == AF_INET ? 1 : 4;
	const __be32 *daddr = (const __be32 *)th - words;

	shortcut->chain = chain;
	shortcut->th = th;
	shortcut->family = family;
	rstf_key_init(&shortcut->key, family, daddr - words, daddr, th->source,
		      th->dest);
}

static __always_inline u32 shortcut_filtered(const struct rstf_basechain *chain,
					     const struct tcphdr *th, u8 family)
{
	struct shortcut shortcut RSTF_UNINITIALIZED;

	shortcut_init(&shortcut, chain, th, family);
	return rstf_classifier_first_filtered(chain->classifier, &shortcut.key,
					      family, shortcut_agrees,
					      &shortcut);
}

/* Functions of their own, so that others do not pay for their stack frames. */
static noinline u32 shortcut_filtered_ipv4(const struct rstf_basechain *chain,
					   const struct tcphdr *th)
{
	return shortcut_filtered(chain, th, AF_INET);
}

static noinline u32 shortcut_filtered_ipv6(const struct rstf_basechain *chain,
					   const struct tcphdr *th)
{
	return shortcut_filtered(chain, th, AF_INET6);
}

/* The first rule that agrees, or RSTF_NO_RULE. */
static __always_inline u32 shortcut_first(const struct rstf_basechain *chain,
					  const struct tcphdr *th, u8 family)
{
	struct shortcut shortcut RSTF_UNINITIALIZED;

	if (unlikely(chain->classifier->nr_filters))
		return family == AF_INET ? shortcut_filtered_ipv4(chain, th) :
					   shortcut_filtered_ipv6(chain, th);

	shortcut_init(&shortcut, chain, th, family);
	/* To find the only one takes longer than to compare it. */
	if (chain->nr == 1)
		return shortcut_agrees(&shortcut, 0) ? 0 : RSTF_NO_RULE;

	return rstf_classifier_first(chain->classifier, &shortcut.key, family,
				     shortcut_agrees, &shortcut);
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
	u32 i;

	/* With options: whether all of them are there is not known. */
	if (unlikely(th->doff != sizeof(*th) / 4) ||
	    unlikely(rstf_vrf_may_be_repetition(skb, state, family)))
		return RSTF_SHORTCUT_LONG;

	i = shortcut_first(chain, th, family);
	if (i == RSTF_NO_RULE)
		return RSTF_SHORTCUT_NONE;

	*rule = chain->rules[i];
	return likely((*rule)->plain.kind != RSTF_PLAIN_NOT) ?
		       RSTF_SHORTCUT_DROP : RSTF_SHORTCUT_LONG;
}

#endif /* _RSTF_SHORTCUT_H */
