// SPDX-License-Identifier: GPL-2.0
/*
 * Packets go through a netfilter hook, and the clock is read before and after.
 */
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/sched.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>
#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/route.h>

#include "bench.h"

/**
 * struct traversal - one run
 * @net: where
 * @run: what is asked for
 * @packets: of @run, in the kernel
 * @indev: of @run, with a reference, or NULL
 * @outdev: of @run, with a reference, or NULL
 * @sums: nanoseconds of each batch
 */
struct traversal {
	struct net *net;
	struct rstf_bench_run *run;
	u8 *packets;
	struct net_device *indev;
	struct net_device *outdev;
	u64 *sums;
};

/* What is behind the hook, if somebody held the packet and let it go on. */
static int traversal_okfn(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	consume_skb(skb);
	return 0;
}

static int traversal_route(struct net *net, struct sk_buff *skb, u8 family)
{
	const struct ipv6hdr *ip6h;
	const struct iphdr *iph;
	struct flowi6 fl6 = {};

	if (family == AF_INET) {
		iph = ip_hdr(skb);
		return ip_route_input(skb, iph->daddr, iph->saddr, 0, skb->dev);
	}

	ip6h = ipv6_hdr(skb);
	fl6.flowi6_iif = skb->dev->ifindex;
	fl6.daddr = ip6h->daddr;
	fl6.saddr = ip6h->saddr;
	IP6CB(skb)->iif = skb->dev->ifindex;
	skb_dst_set(skb, ip6_route_input_lookup(net, skb->dev, &fl6, skb, 0));
	return skb_dst(skb)->error;
}

/* Packet number @nr, as the stack would have it at the hook. */
static struct sk_buff *traversal_skb(const struct traversal *trav, u32 nr)
{
	const struct rstf_bench_run *run = trav->run;
	struct net_device *dev = trav->indev ?: trav->outdev;
	struct sk_buff *skb;
	int err;

	skb = alloc_skb(LL_MAX_HEADER + run->len, GFP_KERNEL);
	if (!skb)
		return ERR_PTR(-ENOMEM);

	skb_reserve(skb, LL_MAX_HEADER);
	skb_put_data(skb, trav->packets + (size_t)nr * run->len, run->len);
	skb_reset_mac_header(skb);
	skb_reset_network_header(skb);
	skb->dev = dev;
	skb->pkt_type = PACKET_HOST;
	/* As a device that has checked it. */
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	if (run->family == AF_INET6) {
		skb->protocol = htons(ETH_P_IPV6);
		skb_set_transport_header(skb, sizeof(struct ipv6hdr));
		IP6CB(skb)->nhoff = offsetof(struct ipv6hdr, nexthdr);
	} else {
		skb->protocol = htons(ETH_P_IP);
		skb_set_transport_header(skb, ip_hdrlen(skb));
	}

	if (run->route) {
		err = traversal_route(trav->net, skb, run->family);
		if (err) {
			kfree_skb(skb);
			return ERR_PTR(err);
		}
	}

	return skb;
}

/* Nanoseconds of one traversal; @ret is what the hook returned. */
static u64 traversal_time(const struct traversal *trav, struct sk_buff *skb,
			  int *ret)
{
	u8 pf = trav->run->family == AF_INET6 ? NFPROTO_IPV6 : NFPROTO_IPV4;
	u64 begin, end;

	local_bh_disable();
	begin = ktime_get_ns();
	*ret = nf_hook(pf, trav->run->hook, trav->net, NULL, skb, trav->indev,
		       trav->outdev, traversal_okfn);
	end = ktime_get_ns();
	local_bh_enable();

	return end - begin;
}

static int traversal_batch(const struct traversal *trav, u64 *sum)
{
	struct rstf_bench_run *run = trav->run;
	struct sk_buff *skb;
	int ret;
	u32 i;

	*sum = 0;
	for (i = 0; i < run->batch; i++) {
		skb = traversal_skb(trav, i % run->count);
		if (IS_ERR(skb))
			return PTR_ERR(skb);
		*sum += traversal_time(trav, skb, &ret);
		if (ret == 1) {
			consume_skb(skb);
			run->passed++;
		} else if (ret < 0) {
			run->refused++;
		} else {
			run->taken++;
		}
	}

	return 0;
}

static int compare(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

static int traversal_run(const struct traversal *trav)
{
	struct rstf_bench_run *run = trav->run;
	int err;
	u32 i;

	run->passed = 0;
	run->refused = 0;
	run->taken = 0;
	for (i = 0; i < run->batches; i++) {
		err = traversal_batch(trav, &trav->sums[i]);
		if (err)
			return err;
		if (signal_pending(current))
			return -EINTR;
		cond_resched();
	}

	sort(trav->sums, run->batches, sizeof(*trav->sums), compare, NULL);
	run->min = div_u64(trav->sums[0] * 100, run->batch);
	run->median = div_u64(trav->sums[run->batches / 2] * 100, run->batch);

	return 0;
}

static int traversal_check(const struct rstf_bench_run *run)
{
	size_t header = run->family == AF_INET6 ? sizeof(struct ipv6hdr) :
						  sizeof(struct iphdr);

	if (run->family != AF_INET && run->family != AF_INET6)
		return -EAFNOSUPPORT;
	if (run->hook >= NF_INET_NUMHOOKS || run->len < header ||
	    run->len > RSTF_BENCH_LEN_MAX || !run->count ||
	    run->count > RSTF_BENCH_COUNT_MAX || !run->batch ||
	    !run->batches || run->batches > RSTF_BENCH_BATCHES_MAX)
		return -EINVAL;
	return 0;
}

/**
 * bench_traverse() - send packets through a hook, and measure
 * @net: where
 * @run: what is asked for; gets the result
 *
 * Context: May sleep.
 * Return: 0 or a negative errno.
 */
int bench_traverse(struct net *net, struct rstf_bench_run *run)
{
	struct traversal trav = { .net = net, .run = run };
	int err = traversal_check(run);

	if (err)
		return err;

	err = -ENODEV;
	trav.indev = dev_get_by_index(net, run->indev);
	trav.outdev = dev_get_by_index(net, run->outdev);
	if (!!run->indev != !!trav.indev || !!run->outdev != !!trav.outdev ||
	    (run->route && !trav.indev))
		goto out;

	err = -ENOMEM;
	trav.sums = kcalloc(run->batches, sizeof(*trav.sums), GFP_KERNEL);
	if (!trav.sums)
		goto out;
	trav.packets = vmemdup_user(u64_to_user_ptr(run->packets),
				    (size_t)run->count * run->len);
	if (IS_ERR(trav.packets)) {
		err = PTR_ERR(trav.packets);
		trav.packets = NULL;
		goto out;
	}
	err = traversal_run(&trav);
out:
	kvfree(trav.packets);
	kfree(trav.sums);
	dev_put(trav.outdev);
	dev_put(trav.indev);
	return err;
}
