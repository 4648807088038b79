// SPDX-License-Identifier: GPL-2.0
/*
 * Hosts and the cables between them. Everything lies in network namespaces that
 * have no name and go away with the test.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "host.h"
#include "link.h"

static int home = -1;

/**
 * host_init() - make a host, with its loopback interface up
 * @host: to be given back by host_free()
 */
int host_init(struct host *host)
{
	host->netns = -1;
	if (home < 0)
		home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (home < 0 || unshare(CLONE_NEWNET))
		return -errno;

	host->netns = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (host->netns < 0 || setns(home, CLONE_NEWNET))
		return -errno;

	return host_set_up(host, "lo");
}

/**
 * host_free() - let go of a host; it ends with the last socket in it
 * @host: host of host_init(), also of one that failed
 */
void host_free(struct host *host)
{
	if (host->netns >= 0)
		close(host->netns);
	host->netns = -1;
}

/**
 * host_enter() - what the caller opens from now on belongs to @host
 * @host: the host
 */
int host_enter(const struct host *host)
{
	return setns(host->netns, CLONE_NEWNET) ? -errno : 0;
}

/**
 * host_leave() - go back to where the test began
 */
int host_leave(void)
{
	return setns(home, CLONE_NEWNET) ? -errno : 0;
}

/**
 * host_run() - run a shell command in a host
 * @host: where
 * @format: the command
 *
 * Return: its exit status, or a negative errno.
 */
int host_run(const struct host *host, const char *format, ...)
{
	char command[512];
	va_list args;
	int status;
	pid_t pid;

	va_start(args, format);
	vsnprintf(command, sizeof(command), format, args);
	va_end(args);

	pid = fork();
	if (pid < 0)
		return -errno;
	if (!pid) {
		if (!host_enter(host))
			execl("/bin/sh", "sh", "-c", command, NULL);
		_exit(127);
	}
	if (waitpid(pid, &status, 0) < 0)
		return -errno;

	return WIFEXITED(status) ? WEXITSTATUS(status) : -EINTR;
}

/**
 * host_sysctl() - set a sysctl of a host
 * @host: the host
 * @path: below /proc/sys/net
 * @value: as one would echo it
 */
int host_sysctl(const struct host *host, const char *path, const char *value)
{
	char file[256];
	int fd, err;

	err = host_enter(host);
	if (err)
		return err;

	snprintf(file, sizeof(file), "/proc/sys/net/%s", path);
	fd = open(file, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		err = -errno;
	if (fd >= 0)
		close(fd);

	return host_leave() ?: err;
}

/**
 * host_ethtool() - ask for a setting of an interface, as ethtool(8) does
 * @host: where
 * @ifname: name of the interface
 * @cmd: one of ETHTOOL_G* that is answered by one number
 *
 * Return: the number, or a negative errno.
 */
int64_t host_ethtool(const struct host *host, const char *ifname, uint32_t cmd)
{
	struct ethtool_value value = { .cmd = cmd };
	struct ifreq ifr = { .ifr_data = (void *)&value };
	int fd, err;

	err = host_enter(host);
	if (err)
		return err;

	strncpy(ifr.ifr_name, ifname, IFNAMSIZ - 1);
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || ioctl(fd, SIOCETHTOOL, &ifr))
		err = -errno;
	if (fd >= 0)
		close(fd);

	return host_leave() ?: err ?: value.data;
}

/* The value in column @name of the two lines "GROUP: names" "GROUP: values". */
static int64_t mib_find(FILE *file, const char *group, const char *name)
{
	char names[4096], values[4096], *n, *v, *save_n, *save_v;
	long long value;

	while (fgets(names, sizeof(names), file) &&
	       fgets(values, sizeof(values), file)) {
		n = strtok_r(names, "\n ", &save_n);
		v = strtok_r(values, "\n ", &save_v);
		if (!n || strncmp(n, group, strlen(group)) ||
		    strcmp(n + strlen(group), ":"))
			continue;

		while (n && v) {
			if (!strcmp(n, name) && sscanf(v, "%lld", &value) == 1)
				return value;
			n = strtok_r(NULL, "\n ", &save_n);
			v = strtok_r(NULL, "\n ", &save_v);
		}
	}

	return -ENOENT;
}

/**
 * host_mib() - a counter of a host's stack
 * @host: the host
 * @group: as in /proc/net/snmp and /proc/net/netstat, "Tcp" or "TcpExt"
 * @name: of the counter
 *
 * Return: its value, or a negative errno.
 */
int64_t host_mib(const struct host *host, const char *group, const char *name)
{
	static const char * const files[] = {
		"/proc/net/snmp", "/proc/net/netstat"
	};
	int64_t value = -ENOENT;
	unsigned int i;
	FILE *file;
	int err;

	err = host_enter(host);
	if (err)
		return err;

	for (i = 0; i < 2 && value == -ENOENT; i++) {
		file = fopen(files[i], "re");
		if (!file)
			continue;
		value = mib_find(file, group, name);
		fclose(file);
	}

	return host_leave() ?: value;
}

/**
 * host_talk() - send a request to a netlink of a host, and read the answer
 * @host: the host
 * @bus: NETLINK_ROUTE, NETLINK_NETFILTER
 * @request: messages of which one asks for an acknowledgment
 * @len: of all of them
 * @cb: called for each message of the answer, or NULL
 * @data: for @cb
 */
int host_talk(const struct host *host, int bus, const void *request, size_t len,
	      mnl_cb_t cb, void *data)
{
	char buf[MNL_SOCKET_BUFFER_SIZE];
	struct mnl_socket *nl;
	int err, more;
	ssize_t got;

	err = host_enter(host);
	if (err)
		return err;
	nl = mnl_socket_open2(bus, SOCK_CLOEXEC);
	err = host_leave();
	if (!nl)
		return -errno;
	if (err)
		goto out;

	err = -EIO;
	if (mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    mnl_socket_sendto(nl, request, len) < 0)
		goto out;

	do {
		got = mnl_socket_recvfrom(nl, buf, sizeof(buf));
		more = got > 0 ? mnl_cb_run(buf, got, 0,
					    mnl_socket_get_portid(nl), cb,
					    data) : -1;
	} while (more > 0);
	err = more ? -errno : 0;
out:
	mnl_socket_close(nl);
	return err;
}

/**
 * host_rtnl() - have the rtnetlink of a host do something
 * @host: the host
 * @nlh: what; gets the flags of a request
 */
int host_rtnl(const struct host *host, struct nlmsghdr *nlh)
{
	nlh->nlmsg_flags |= NLM_F_REQUEST | NLM_F_ACK;
	return host_talk(host, NETLINK_ROUTE, nlh, nlh->nlmsg_len, NULL, NULL);
}

/**
 * host_join() - lay a cable between two hosts, "eth0" at both ends
 * @a: host that gets the addresses host_addr(family, 1)
 * @b: host that gets the addresses host_addr(family, 2)
 */
int host_join(const struct host *a, const struct host *b)
{
	const struct host *hosts[] = { a, b };
	int i, err;

	err = link_cable(a, "eth0", b, "eth0");
	for (i = 0; i < 2 && !err; i++) {
		err = host_add_addr(hosts[i], "eth0",
				    host_addr(AF_INET, i + 1), 24) ?:
		      host_add_addr(hosts[i], "eth0",
				    host_addr(AF_INET6, i + 1), 64);
	}

	return err;
}

/**
 * host_ifindex() - number of an interface
 * @host: where
 * @ifname: its name
 *
 * Return: the number, or 0.
 */
unsigned int host_ifindex(const struct host *host, const char *ifname)
{
	unsigned int index = 0;

	if (!host_enter(host)) {
		index = if_nametoindex(ifname);
		if (host_leave())
			return 0;
	}

	return index;
}

/**
 * host_has() - whether a host has an interface
 * @host: the host
 * @ifname: name of the interface
 *
 * Other than to ask for it by a system call, this does not have the kernel look
 * for a module of that name.
 *
 * Return: false also if nothing can be read.
 */
bool host_has(const struct host *host, const char *ifname)
{
	size_t len = strlen(ifname);
	bool found = false;
	char line[256];
	FILE *file;

	if (host_enter(host))
		return false;
	file = fopen("/proc/net/dev", "re");
	while (file && !found && fgets(line, sizeof(line), file)) {
		const char *name = line + strspn(line, " ");

		found = !strncmp(name, ifname, len) && name[len] == ':';
	}
	if (file)
		fclose(file);

	return !host_leave() && found;
}

/**
 * host_set_up() - set an interface up
 * @host: where
 * @ifname: its name
 */
int host_set_up(const struct host *host, const char *ifname)
{
	char buf[256];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct ifinfomsg *ifi;

	nlh->nlmsg_type = RTM_NEWLINK;
	ifi = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifi));
	ifi->ifi_index = host_ifindex(host, ifname);
	ifi->ifi_flags = IFF_UP;
	ifi->ifi_change = IFF_UP;

	return host_rtnl(host, nlh);
}

/* Wait until a file of /proc of a host has a line with both in it. */
static int wait_line(const struct host *host, const char *path, const char *text,
		     const char *other)
{
	struct timespec delay = { .tv_nsec = 1000000 };
	bool there = false;
	char line[256];
	int i, err;
	FILE *file;

	for (i = 0; i < 10000 && !there; i++) {
		if (i)
			nanosleep(&delay, NULL);
		err = host_enter(host);
		if (err)
			return err;
		file = fopen(path, "re");
		err = host_leave();
		if (!file || err)
			return err ?: -errno;
		while (!there && fgets(line, sizeof(line), file))
			there = strstr(line, text) && strstr(line, other);
		fclose(file);
	}

	return there ? 0 : -ETIMEDOUT;
}

/* RTF_LOCAL | RTF_NONEXTHOP | RTF_UP */
#define LOCAL_ROUTE " 80200001 "

/*
 * Wait until a host takes what is for its IPv6 address. The kernel does the rest
 * some time after it has the address. It joins the group by which others ask for
 * it (RFC 4291, section 2.7.1); who asked before would ask again after a second.
 * Where nobody asks, what is left to wait for is the route to itself.
 */
static int wait_ready(const struct host *host, const struct in6_addr *addr,
		      short flags)
{
	char text[48] = "";
	int i, len = 0;

	if (!(flags & (IFF_NOARP | IFF_LOOPBACK))) {
		snprintf(text, sizeof(text),
			 "ff0200000000000000000001ff%02x%02x%02x",
			 addr->s6_addr[13], addr->s6_addr[14],
			 addr->s6_addr[15]);
		return wait_line(host, "/proc/net/igmp6", text, "");
	}
	if (!(flags & (IFF_POINTOPOINT | IFF_LOOPBACK)))
		return 0;

	for (i = 0; i < 16; i++)
		len += snprintf(text + len, sizeof(text) - len, "%02x",
				addr->s6_addr[i]);
	snprintf(text + len, sizeof(text) - len, " 80 ");
	/* The route of its prefix may be there before. By lo that refuses. */
	return wait_line(host, "/proc/net/ipv6_route", text, LOCAL_ROUTE);
}

/*
 * Wait until an interface can send and receive. The kernel sees some time after
 * the fact that it can, and IPv6 does not take an address into use before. Gets
 * the IFF_* of the interface.
 */
static int wait_running(const struct host *host, const char *ifname,
			short *flags)
{
	struct timespec delay = { .tv_nsec = 1000000 };
	struct ifreq ifr = {};
	int i, fd, err;

	err = host_enter(host);
	if (err)
		return err;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	err = host_leave();
	if (fd < 0 || err)
		return err ?: -errno;

	strncpy(ifr.ifr_name, ifname, IFNAMSIZ - 1);
	err = -ETIMEDOUT;
	for (i = 0; i < 10000 && err == -ETIMEDOUT; i++) {
		if (ioctl(fd, SIOCGIFFLAGS, &ifr))
			err = -errno;
		else if (ifr.ifr_flags & IFF_RUNNING)
			err = 0;
		else
			nanosleep(&delay, NULL);
	}
	*flags = ifr.ifr_flags;
	close(fd);

	return err;
}

/**
 * host_add_addr() - give an interface an address that can be used at once
 * @host: where
 * @ifname: name of the interface, which is up, as is the other end of its cable
 * @addr: IPv4 or IPv6
 * @prefix_len: of the network that it is in
 */
int host_add_addr(const struct host *host, const char *ifname,
		  const char *addr, unsigned int prefix_len)
{
	int family = strchr(addr, ':') ? AF_INET6 : AF_INET;
	char buf[256];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct in6_addr bytes;
	struct ifaddrmsg *ifa;
	size_t len = family == AF_INET ? 4 : 16;
	short flags = 0;
	int err;

	if (inet_pton(family, addr, &bytes) != 1)
		return -EINVAL;
	err = wait_running(host, ifname, &flags);
	if (err)
		return err;

	nlh->nlmsg_type = RTM_NEWADDR;
	nlh->nlmsg_flags = NLM_F_CREATE | NLM_F_EXCL;
	ifa = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifa));
	ifa->ifa_family = family;
	ifa->ifa_prefixlen = prefix_len;
	ifa->ifa_flags = family == AF_INET6 ? IFA_F_NODAD : 0;
	ifa->ifa_index = host_ifindex(host, ifname);
	mnl_attr_put(nlh, IFA_LOCAL, len, &bytes);
	mnl_attr_put(nlh, IFA_ADDRESS, len, &bytes);
	err = host_rtnl(host, nlh);
	if (err || family == AF_INET)
		return err;

	return wait_ready(host, &bytes, flags);
}

/**
 * host_settle() - let what was sent arrive
 *
 * A busy kernel leaves that to a thread, which runs when the test does not.
 */
void host_settle(void)
{
	const struct timespec moment = { .tv_nsec = 1000000 };

	nanosleep(&moment, NULL);
}

/**
 * host_addr() - address of a host on a cable, of those kept for documentation
 * @family: AF_INET or AF_INET6
 * @nr: 1 or 2; 3 is one that neither end of the cable has
 */
const char *host_addr(int family, int nr)
{
	static const char * const addrs[][2] = {
		{ "192.0.2.1", "2001:db8::1" },
		{ "192.0.2.2", "2001:db8::2" },
		{ "192.0.2.3", "2001:db8::3" },
	};

	return addrs[nr - 1][family == AF_INET6];
}

/**
 * host_sockaddr() - host_addr() for the calls of the socket interface
 * @ss: filled in
 * @family: AF_INET or AF_INET6
 * @nr: of host_addr(); 0 is the wildcard address
 * @port: host byte order
 *
 * Return: length of the address.
 */
socklen_t host_sockaddr(struct sockaddr_storage *ss, int family, int nr,
			uint16_t port)
{
	struct sockaddr_in6 *sin6 = (struct sockaddr_in6 *)ss;
	struct sockaddr_in *sin = (struct sockaddr_in *)ss;

	memset(ss, 0, sizeof(*ss));
	ss->ss_family = family;
	if (family == AF_INET6) {
		sin6->sin6_port = htons(port);
		if (nr)
			inet_pton(family, host_addr(family, nr),
				  &sin6->sin6_addr);
		return sizeof(*sin6);
	}

	sin->sin_port = htons(port);
	if (nr)
		inet_pton(family, host_addr(family, nr), &sin->sin_addr);
	return sizeof(*sin);
}
