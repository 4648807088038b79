// SPDX-License-Identifier: GPL-2.0
/*
 * Who pays for packets that wait: the cgroup of who added the rule.
 *
 * The only memory of packets that the kernel charges to a cgroup is that of
 * sockets. So every rule that lets packets wait has a socket, of a protocol of
 * our own that is good for nothing else: it takes part in no other protocol's
 * limits, is in no table, and neither sends nor receives.
 */
#include <linux/limits.h>
#include <linux/memcontrol.h>
#include <linux/percpu.h>
#include <net/net_namespace.h>
#include <net/sock.h>

#include "payer.h"

static atomic_long_t payer_allocated;
static DEFINE_PER_CPU(int, payer_allocated_here);

/* No limit here: that of a netns is in queue.c, that of a cgroup its own. */
static long payer_limits[] = { LONG_MAX, LONG_MAX, LONG_MAX };

/* Without an owner: a rule does not keep the module. */
static struct proto payer_proto = {
	.name = "rstfault",
	.obj_size = sizeof(struct sock),
	.memory_allocated = &payer_allocated,
	.per_cpu_fw_alloc = &payer_allocated_here,
	.sysctl_mem = payer_limits,
};

/**
 * rstf_payer_alloc() - have the caller's cgroup pay
 *
 * Context: May sleep.
 * Return: who pays, to be freed by rstf_payer_free(); NULL: there is no memory.
 */
struct sock *rstf_payer_alloc(void)
{
	struct sock *payer;

	/* It has nothing to do with a netns; that one is always there. */
	payer = sk_alloc(&init_net, PF_UNSPEC, GFP_KERNEL_ACCOUNT, &payer_proto,
			 1);
	if (payer)
		sock_init_data(NULL, payer);

	return payer;
}

/**
 * rstf_payer_free() - have the cgroup pay no more
 * @payer: from rstf_payer_alloc(), with nothing charged; or NULL
 *
 * Context: Any.
 */
void rstf_payer_free(struct sock *payer)
{
	if (payer)
		sock_put(payer);
}

/**
 * rstf_payer_charge() - charge memory of a packet
 * @payer: who pays
 * @size: bytes
 *
 * Context: BH disabled; the caller has a lock that is the same for all charges
 *	of @payer.
 * Return: false: the cgroup refuses. Only one of version 1 does, by its limit of
 *	memory for TCP: in a softirq, where nobody can wait until other memory is
 *	given back, version 2 charges above its limit.
 */
bool rstf_payer_charge(struct sock *payer, u32 size)
{
	if (!sk_wmem_schedule(payer, size))
		return false;

	sk_mem_charge(payer, size);
	return true;
}

/**
 * rstf_payer_uncharge() - give charged memory back
 * @payer: who pays
 * @size: bytes
 *
 * Context: As rstf_payer_charge().
 */
void rstf_payer_uncharge(struct sock *payer, u32 size)
{
	sk_mem_uncharge(payer, size);
}
