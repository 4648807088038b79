// SPDX-License-Identifier: GPL-2.0
/*
 * Devices that go down take the packets with them that came by them, or were
 * to leave by them.
 */
#include <linux/netdevice.h>

#include "device.h"
#include "netns.h"
#include "queue.h"

static int device_event(struct notifier_block *block, unsigned long event,
			void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);

	if (event == NETDEV_DOWN || event == NETDEV_UNREGISTER)
		rstf_queue_free_dev(rstf_net(dev_net(dev)), dev);

	return NOTIFY_DONE;
}

static struct notifier_block device_notifier = {
	.notifier_call = device_event,
};

/**
 * rstf_device_setup() - begin to hear of devices
 *
 * Context: Module init, with every netns set up.
 * Return: 0 or an error of register_netdevice_notifier().
 */
int __init rstf_device_setup(void)
{
	return register_netdevice_notifier(&device_notifier);
}

/**
 * rstf_device_teardown() - hear of devices no more
 *
 * Unregistering reports every device as going down, as if it were so.
 *
 * Context: Module exit, with every queue closed by rstf_netns_close().
 */
void rstf_device_teardown(void)
{
	unregister_netdevice_notifier(&device_notifier);
}
