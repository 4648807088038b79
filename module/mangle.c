// SPDX-License-Identifier: GPL-2.0
/*
 * Rewrite a RST in flight. Checksums stay right, unless a wrong one is asked
 * for.
 */
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <net/checksum.h>
#include <net/ip.h>
#include <net/tcp.h>

#include "action.h"
#include "reset.h"
#include "rule.h"
#include "segment.h"

static void mangle_number(struct sk_buff *skb, struct tcphdr *th,
			  __be32 *number, s32 offset)
{
	__be32 new = htonl(ntohl(*number) + offset);

	inet_proto_csum_replace4(&th->check, skb, *number, new, false);
	*number = new;
}

static void mangle_ttl(struct sk_buff *skb, u8 family, u8 ttl)
{
	struct iphdr *iph;

	if (family == AF_INET6) {
		ipv6_hdr(skb)->hop_limit = ttl;
		return;
	}

	iph = ip_hdr(skb);
	csum_replace2(&iph->check, htons(iph->ttl << 8), htons(ttl << 8));
	iph->ttl = ttl;
}

/**
 * rstf_mangle() - carry out the action mangle
 * @trigger: the RST, and the rule with its mangle
 *
 * Context: RCU read side, in the hook.
 * Return: RSTF_MANGLE; -ENOMEM; -EOPNOTSUPP: the RST is to be cut into several,
 *	and whoever cuts it writes the sums that are not to be right.
 */
int rstf_mangle(const struct rstf_trigger *trigger)
{
	const struct rstf_mangle *mangle = &trigger->rule->mangle;
	unsigned int thoff = trigger->seg->thoff;
	struct sk_buff *skb = trigger->skb;
	struct tcphdr *th;

	if (mangle->badsum && skb_is_gso(skb))
		return -EOPNOTSUPP;
	if (skb_ensure_writable(skb, thoff + sizeof(*th)))
		return -ENOMEM;

	/* A device's sum over the packet is not that of what it becomes. */
	if (skb->ip_summed == CHECKSUM_COMPLETE)
		skb->ip_summed = CHECKSUM_NONE;

	th = (struct tcphdr *)(skb->data + thoff);
	if (mangle->seq)
		mangle_number(skb, th, &th->seq, mangle->seq);
	if (mangle->ack && th->ack)
		mangle_number(skb, th, &th->ack_seq, mangle->ack);
	if (mangle->ttl)
		mangle_ttl(skb, trigger->seg->family, mangle->ttl);
	if (mangle->badsum) {
		if (skb->ip_summed == CHECKSUM_PARTIAL &&
		    skb_checksum_help(skb))
			return -ENOMEM;
		th = (struct tcphdr *)(skb->data + thoff);
		rstf_reset_spoil(skb, th);
	}

	rstf_action_fired(trigger->rnet, trigger->rule, trigger->seg);
	return RSTF_MANGLE;
}
