/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _HOST_H
#define _HOST_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>

/**
 * struct host - a host of its own: a network namespace
 * @netns: file descriptor of it, the only thing that keeps it alive
 */
struct host {
	int netns;
};

/* Functions return 0 or a negative errno. */
int host_init(struct host *host);
void host_free(struct host *host);
int host_enter(const struct host *host);
int host_leave(void);
int host_run(const struct host *host, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
int host_sysctl(const struct host *host, const char *path, const char *value);
int64_t host_ethtool(const struct host *host, const char *ifname, uint32_t cmd);
int64_t host_mib(const struct host *host, const char *group, const char *name);

int host_talk(const struct host *host, int bus, const void *request, size_t len,
	      mnl_cb_t cb, void *data);
int host_rtnl(const struct host *host, struct nlmsghdr *nlh);

void host_settle(void);
int host_join(const struct host *a, const struct host *b);
unsigned int host_ifindex(const struct host *host, const char *ifname);
bool host_has(const struct host *host, const char *ifname);
int host_set_up(const struct host *host, const char *ifname);
int host_add_addr(const struct host *host, const char *ifname,
		  const char *addr, unsigned int prefix_len);

const char *host_addr(int family, int nr);
socklen_t host_sockaddr(struct sockaddr_storage *ss, int family, int nr,
			uint16_t port);

#endif /* _HOST_H */
