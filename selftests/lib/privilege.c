// SPDX-License-Identifier: GPL-2.0
/*
 * Who is less than root.
 */
#include <errno.h>
#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "privilege.h"

/**
 * drop_net_admin() - give up CAP_NET_ADMIN
 *
 * It cannot be taken back: for what the calling process does from now on.
 *
 * Return: 0 or a negative errno.
 */
int drop_net_admin(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &header, data))
		return -errno;
	data[0].effective &= ~(1 << CAP_NET_ADMIN);
	data[0].permitted &= ~(1 << CAP_NET_ADMIN);
	return syscall(SYS_capset, &header, data) ? -errno : 0;
}
