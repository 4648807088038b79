// SPDX-License-Identifier: GPL-2.0
/*
 * Rules that go with the netlink socket that their request came from.
 *
 * Why nobody loses a rule, and none is left behind, although portids are used
 * again. netlink_release() takes a socket's portid out of the table before it
 * calls the notifier, so a rule of that portid can already be one of a new
 * socket. A rule therefore has a reference to its socket itself, and the
 * question is whether that is closed: netlink_release() marks it dead before it
 * calls the notifier as well. No rule can come later: a request is served
 * inside of sendmsg(), while somebody has the socket open.
 *
 * The reference keeps the netns, as the open socket does. It is given back when
 * the notifier has deleted the rule; if there is no memory for that, soon.
 */
#include <linux/netlink.h>
#include <linux/notifier.h>
#include <net/sock.h>

#include "compat.h"
#include "expiry.h"
#include "netns.h"
#include "owner.h"
#include "rule.h"

/**
 * rstf_owner_set() - let a rule go with a socket
 * @rule: rule without an owner that is not committed
 * @sock: netlink socket of the netns that the rule is for
 * @portid: of @sock
 *
 * Context: Any; the caller has @sock open.
 */
void rstf_owner_set(struct rstf_rule *rule, struct sock *sock, u32 portid)
{
	sock_hold(sock);
	rule->sock = sock;
	rule->owner = portid;
}

/**
 * rstf_owner_clear() - take its owner from a rule, if it has one
 * @rule: rule that is in no ruleset
 *
 * Context: Any.
 */
void rstf_owner_clear(struct rstf_rule *rule)
{
	if (rule->sock)
		sock_put(rule->sock);
	rule->sock = NULL;
	rule->owner = 0;
}

/**
 * rstf_owner_gone() - whether the socket is closed that a rule goes with
 * @rule: the rule
 *
 * Context: Any; the caller keeps @rule in its ruleset.
 * Return: false also for a rule that goes with none.
 */
bool rstf_owner_gone(const struct rstf_rule *rule)
{
	/* Who is too early is told of the end of the socket, and asks again. */
	return rule->sock && data_race(sock_flag(rule->sock, SOCK_DEAD));
}

static int owner_event(struct notifier_block *block, unsigned long event,
		       void *data)
{
	const struct netlink_notify *notify = data;
	struct rstf_net *rnet;

	if (event != NETLINK_URELEASE || notify->protocol != NETLINK_GENERIC)
		return NOTIFY_DONE;

	/* What the socket owns was committed before it could be closed. */
	rnet = rstf_net(notify->net);
	if (!READ_ONCE(rnet->nr_owned))
		return NOTIFY_DONE;

	mutex_lock(&rnet->lock);
	rstf_expiry_sweep(rnet);
	mutex_unlock(&rnet->lock);
	return NOTIFY_DONE;
}

static struct notifier_block owner_notifier = {
	.notifier_call = owner_event,
};

/**
 * rstf_owner_setup() - begin to watch sockets being closed
 *
 * Context: Module init, before requests can come.
 * Return: 0 or a negative errno.
 */
int __init rstf_owner_setup(void)
{
	return netlink_register_notifier(&owner_notifier);
}

/**
 * rstf_owner_teardown() - no longer watch sockets being closed
 *
 * Context: Module exit. Waits for a notifier that is running.
 */
void rstf_owner_teardown(void)
{
	netlink_unregister_notifier(&owner_notifier);
}
