// SPDX-License-Identifier: GPL-2.0
/*
 * Order of life: what requests need is there before the first one can come,
 * and stays until the last one has gone.
 */
#include <linux/module.h>
#include <linux/rcupdate.h>

#include "behind.h"
#include "device.h"
#include "event.h"
#include "netlink.h"
#include "netns.h"
#include "owner.h"
#include "unload.h"
#include "version.h"

static int __init rstf_init(void)
{
	int err;

	rstf_behind_setup();

	err = rstf_netns_setup();
	if (err)
		return err;

	err = rstf_device_setup();
	if (err)
		goto err_netns;

	err = rstf_unload_setup();
	if (err)
		goto err_device;

	err = rstf_owner_setup();
	if (err)
		goto err_unload;

	err = rstf_netlink_setup();
	if (err)
		goto err_owner;

	rstf_event_setup();
	return 0;

err_owner:
	rstf_owner_teardown();
err_unload:
	rstf_unload_teardown();
err_device:
	rstf_device_teardown();
err_netns:
	rstf_netns_teardown();
	return err;
}

static void __exit rstf_exit(void)
{
	rstf_event_teardown();
	rstf_netlink_teardown();
	rstf_owner_teardown();
	rstf_netns_close();
	rstf_unload_teardown();
	rstf_device_teardown();
	rstf_netns_teardown();
	rstf_behind_teardown();

	/* rstf_rule_put() has left callbacks that are code of ours. */
	rcu_barrier();
}

module_init(rstf_init);
module_exit(rstf_exit);

MODULE_DESCRIPTION("TCP reset fault injection");
MODULE_AUTHOR("The rstfault authors");
MODULE_VERSION(RSTF_VERSION);
MODULE_LICENSE("GPL");
