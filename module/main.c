// SPDX-License-Identifier: GPL-2.0
/*
 * Order of life: what requests need is there before the first one can come,
 * and stays until the last one has gone.
 */
#include <linux/module.h>
#include <linux/rcupdate.h>

#include "netlink.h"
#include "netns.h"
#include "version.h"

static int __init rstf_init(void)
{
	int err;

	err = rstf_netns_setup();
	if (err)
		return err;

	err = rstf_netlink_setup();
	if (err)
		goto err_netns;

	return 0;

err_netns:
	rstf_netns_teardown();
	return err;
}

static void __exit rstf_exit(void)
{
	rstf_netlink_teardown();
	rstf_netns_teardown();

	/* rstf_rule_release() has left callbacks that are code of ours. */
	rcu_barrier();
}

module_init(rstf_init);
module_exit(rstf_exit);

MODULE_DESCRIPTION("TCP reset fault injection");
MODULE_AUTHOR("The rstfault authors");
MODULE_VERSION(RSTF_VERSION);
MODULE_LICENSE("GPL");
