// SPDX-License-Identifier: GPL-2.0
/*
 * Where packets come from: bytes that user space has given, made to what the
 * stack would have at the hook.
 */
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/route.h>

#include "bench.h"

static int source_check(const struct rstf_bench_packets *arg)
{
	size_t header = arg->family == AF_INET6 ? sizeof(struct ipv6hdr) :
						  sizeof(struct iphdr);

	if (arg->family != AF_INET && arg->family != AF_INET6)
		return -EAFNOSUPPORT;
	if (arg->hook >= NF_INET_NUMHOOKS || arg->len < header ||
	    arg->len > RSTF_BENCH_LEN_MAX || !arg->count ||
	    arg->count > RSTF_BENCH_COUNT_MAX)
		return -EINVAL;
	return 0;
}

/**
 * bench_source_init() - get all that packets are made from
 * @source: to be given back by bench_source_clean(), also after an error
 * @net: network namespace
 * @arg: which packets; must stay
 *
 * Return: 0 or a negative errno.
 */
int bench_source_init(struct bench_source *source, struct net *net,
		      const struct rstf_bench_packets *arg)
{
	int err = source_check(arg);
	void *bytes;

	*source = (struct bench_source){ .net = net, .arg = arg };
	if (err)
		return err;

	source->indev = dev_get_by_index(net, arg->indev);
	source->outdev = dev_get_by_index(net, arg->outdev);
	if (!!arg->indev != !!source->indev ||
	    !!arg->outdev != !!source->outdev ||
	    (arg->route && !source->indev))
		return -ENODEV;

	bytes = vmemdup_user(u64_to_user_ptr(arg->packets),
			     (size_t)arg->count * arg->len);
	if (IS_ERR(bytes))
		return PTR_ERR(bytes);
	source->bytes = bytes;

	return 0;
}

/**
 * bench_source_clean() - undo bench_source_init()
 * @source: the source
 */
void bench_source_clean(struct bench_source *source)
{
	kvfree(source->bytes);
	dev_put(source->outdev);
	dev_put(source->indev);
}

static int source_route(struct net *net, struct sk_buff *skb, u8 family)
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
	skb_dst_set(skb, ip6_route_input_lookup(net, skb->dev, &fl6, skb, 0));
	return skb_dst(skb)->error;
}

/**
 * bench_source_skb() - make a packet
 * @source: where it comes from
 * @nr: its number; behind the last one comes the first
 *
 * Context: May sleep.
 * Return: the packet, or an ERR_PTR().
 */
struct sk_buff *bench_source_skb(const struct bench_source *source, u32 nr)
{
	const struct rstf_bench_packets *arg = source->arg;
	const u8 *bytes = source->bytes + (size_t)(nr % arg->count) * arg->len;
	struct sk_buff *skb;
	int err = 0;

	skb = alloc_skb(LL_MAX_HEADER + arg->len, GFP_KERNEL);
	if (!skb)
		return ERR_PTR(-ENOMEM);

	skb_reserve(skb, LL_MAX_HEADER);
	skb_put_data(skb, bytes, arg->len);
	skb_reset_mac_header(skb);
	skb_reset_network_header(skb);
	skb->dev = source->indev ?: source->outdev;
	skb->pkt_type = PACKET_HOST;
	/* As a device that has checked it. */
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	if (arg->family == AF_INET6) {
		skb->protocol = htons(ETH_P_IPV6);
		skb_set_transport_header(skb, sizeof(struct ipv6hdr));
		IP6CB(skb)->nhoff = offsetof(struct ipv6hdr, nexthdr);
		if (source->indev)
			IP6CB(skb)->iif = source->indev->ifindex;
	} else {
		skb->protocol = htons(ETH_P_IP);
		skb_set_transport_header(skb, ip_hdrlen(skb));
	}

	if (arg->route)
		err = source_route(source->net, skb, arg->family);
	if (err) {
		kfree_skb(skb);
		return ERR_PTR(err);
	}

	return skb;
}
