/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _PLAIN_LINUX_SOCKET_H
#define _PLAIN_LINUX_SOCKET_H

#include_next <linux/socket.h>

#include <sys/socket.h>

#endif /* _PLAIN_LINUX_SOCKET_H */
