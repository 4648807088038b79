// SPDX-License-Identifier: GPL-2.0
/*
 * What a netns knows about itself in a message: the size of its ruleset, and
 * what became of its segments.
 */
#include <net/genetlink.h>
#include <net/netlink.h>

#include "compat.h"
#include "event.h"
#include "flow.h"
#include "netlink.h"
#include "netlink_gen.h"
#include "netns.h"
#include "stats.h"
#include "version.h"

static int put_stat(struct sk_buff *skb, int type, u64 value)
{
	return nla_put_u64_64bit(skb, type, value, RSTFAULT_A_STATS_PAD);
}

static int put_stats(struct sk_buff *skb, struct rstf_net *rnet)
{
	struct nlattr *nest = nla_nest_start(skb, RSTFAULT_A_STATS);
	struct rstf_stats sum;

	rstf_stats_sum(rnet->stats, &sum);
	if (!nest ||
	    put_stat(skb, RSTFAULT_A_STATS_SEEN, sum.seen) ||
	    put_stat(skb, RSTFAULT_A_STATS_PASSED, sum.passed) ||
	    put_stat(skb, RSTFAULT_A_STATS_MANGLED, sum.mangled) ||
	    put_stat(skb, RSTFAULT_A_STATS_DROPPED, sum.dropped) ||
	    put_stat(skb, RSTFAULT_A_STATS_HELD, atomic_read(&rnet->queue.nr_held)) ||
	    put_stat(skb, RSTFAULT_A_STATS_RELEASED, sum.released) ||
	    put_stat(skb, RSTFAULT_A_STATS_LOST, sum.lost) ||
	    put_stat(skb, RSTFAULT_A_STATS_SENT, sum.sent) ||
	    put_stat(skb, RSTFAULT_A_STATS_UNSENT, sum.unsent) ||
	    put_stat(skb, RSTFAULT_A_STATS_WAITING, atomic_read(&rnet->queue.nr_waiting)) ||
	    put_stat(skb, RSTFAULT_A_STATS_FAILED, sum.failed) ||
	    put_stat(skb, RSTFAULT_A_STATS_FLOWS, rstf_flow_count(rnet)) ||
	    put_stat(skb, RSTFAULT_A_STATS_EVICTED, rstf_flow_evicted(rnet)) ||
	    put_stat(skb, RSTFAULT_A_STATS_EVENTS, rstf_event_count(rnet)))
		return -EMSGSIZE;

	nla_nest_end(skb, nest);
	return 0;
}

/**
 * rstfault_nl_info_get_doit() - RSTFAULT_CMD_INFO_GET
 * @skb: the request
 * @info: the request
 *
 * Context: May sleep.
 * Return: 0; -ESTALE: the generation is another one; -ENOMEM.
 */
int rstfault_nl_info_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct rstf_net *rnet = rstf_net(genl_info_net(info));
	struct sk_buff *msg;
	void *hdr;
	int err;

	msg = rstf_netlink_reply(info, &hdr);
	if (!msg)
		return -ENOMEM;

	mutex_lock(&rnet->lock);
	err = rstf_netlink_check_generation(rnet, info);
	if (!err &&
	    (nla_put_string(msg, RSTFAULT_A_VERSION, RSTF_VERSION) ||
	     nla_put_u32(msg, RSTFAULT_A_GENERATION, rnet->generation) ||
	     nla_put_u32(msg, RSTFAULT_A_RULES, rnet->nr_rules) ||
	     put_stats(msg, rnet)))
		err = -EMSGSIZE;
	mutex_unlock(&rnet->lock);
	if (err) {
		nlmsg_free(msg);
		return err;
	}

	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);
}

