// SPDX-License-Identifier: GPL-2.0
/*
 * A wire whose other end is the test: a TUN device. What the test writes
 * arrives at the host, and what the host sends can be read.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/if_ether.h>
#include <linux/if_tun.h>
#include <linux/sockios.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "host.h"
#include "packet.h"
#include "tcp.h"
#include "wire.h"

static int tun_open(const struct host *host, const char *ifname, short flags)
{
	struct ifreq ifr = { .ifr_flags = flags | IFF_NO_PI };
	int fd, err;

	err = host_enter(host);
	if (err)
		return err;

	strncpy(ifr.ifr_name, ifname, IFNAMSIZ - 1);
	fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &ifr))
		err = -errno;
	if (host_leave() || err) {
		if (fd >= 0)
			close(fd);
		return err ?: -EIO;
	}

	return fd;
}

/**
 * wire_open() - attach a wire to a host
 * @host: the host
 * @ifname: name of the interface; it is set up
 *
 * Return: file descriptor, or a negative errno.
 */
int wire_open(const struct host *host, const char *ifname)
{
	int fd = tun_open(host, ifname, IFF_TUN), err;

	if (fd < 0)
		return fd;

	err = host_set_up(host, ifname);
	if (err) {
		close(fd);
		return err;
	}

	return fd;
}

/**
 * wire_open_scattered() - attach a wire that delivers packets in pieces
 * @host: the host
 * @ifname: name of the interface; it is set up
 * @mac: gets its address
 *
 * Return: file descriptor, or a negative errno.
 */
int wire_open_scattered(const struct host *host, const char *ifname,
			uint8_t mac[6])
{
	/* GRO would put the headers together again. */
	struct ethtool_value gro = { .cmd = ETHTOOL_SGRO };
	struct ifreq ifr = { .ifr_data = (void *)&gro };
	int fd, ctl, err = 0;

	fd = tun_open(host, ifname, IFF_TAP | IFF_NAPI | IFF_NAPI_FRAGS);
	if (fd < 0)
		return fd;

	strncpy(ifr.ifr_name, ifname, IFNAMSIZ - 1);
	ctl = host_enter(host) ?: socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (ctl < 0 || ioctl(ctl, SIOCETHTOOL, &ifr) ||
	    ioctl(ctl, SIOCGIFHWADDR, &ifr))
		err = -errno;
	if (ctl >= 0)
		close(ctl);
	memcpy(mac, ifr.ifr_hwaddr.sa_data, 6);

	err = host_leave() ?: err ?: host_set_up(host, ifname);
	if (err) {
		close(fd);
		return err;
	}

	return fd;
}

/**
 * wire_open_offload() - attach a wire that leaves work to the host
 * @host: the host
 * @ifname: name of the interface; it is set up
 *
 * Return: file descriptor for wire_send_offload(), or a negative errno.
 */
int wire_open_offload(const struct host *host, const char *ifname)
{
	int fd = tun_open(host, ifname, IFF_TUN | IFF_VNET_HDR), err;

	if (fd < 0)
		return fd;

	err = host_set_up(host, ifname);
	if (err) {
		close(fd);
		return err;
	}

	return fd;
}

/**
 * wire_send_offload() - let a packet arrive that is not finished
 * @fd: wire of wire_open_offload()
 * @packet: packet that is built; its TCP checksum is left to the host
 * @mss: the host has to cut it into segments of so many bytes; 0: it has not
 *
 * Return: 0 or a negative errno.
 */
int wire_send_offload(int fd, const struct packet *packet, size_t mss)
{
	bool ipv6 = packet->family == AF_INET6;
	struct virtio_net_hdr hdr = {
		.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
		.hdr_len = packet->thoff + 20,
		.gso_size = mss,
		.csum_start = packet->thoff,
		.csum_offset = 16,
	};
	uint8_t bytes[PACKET_MAX];
	struct iovec iov[] = {
		{ &hdr, sizeof(hdr) },
		{ bytes, packet->len },
	};

	if (mss)
		hdr.gso_type = ipv6 ? VIRTIO_NET_HDR_GSO_TCPV6 :
				      VIRTIO_NET_HDR_GSO_TCPV4;
	memcpy(bytes, packet->bytes, packet->len);
	packet_sum_pseudo(packet, bytes + packet->thoff + 16);

	if (writev(fd, iov, 2) < 0)
		return -errno;
	return 0;
}

/**
 * wire_send() - let a packet arrive at the host
 * @fd: wire
 * @packet: packet that is built
 *
 * Return: 0 or a negative errno.
 */
int wire_send(int fd, const struct packet *packet)
{
	if (write(fd, packet->bytes, packet->len) < 0)
		return -errno;
	return 0;
}

/**
 * wire_send_scattered() - let a packet arrive in two pieces
 * @fd: wire of wire_open_scattered()
 * @mac: address of wire_open_scattered()
 * @packet: packet that is built
 * @linear: its bytes in the first piece; the kernel has to look for the others
 *
 * Return: 0 or a negative errno.
 */
int wire_send_scattered(int fd, const uint8_t mac[6],
			const struct packet *packet, size_t linear)
{
	uint8_t first[ETH_HLEN + PACKET_MAX] = {};
	struct iovec iov[] = {
		{ first, ETH_HLEN + linear },
		{ (void *)(packet->bytes + linear), packet->len - linear },
	};
	uint16_t type = htons(packet->family == AF_INET ? ETH_P_IP :
							  ETH_P_IPV6);

	memcpy(first, mac, 6);
	first[6] = 2;
	memcpy(first + 12, &type, sizeof(type));
	memcpy(first + ETH_HLEN, packet->bytes, linear);

	if (writev(fd, iov, 2) < 0)
		return -errno;
	return 0;
}

/* Is this packet from the host one with the ports and flags of @packet? */
static bool same_segment(const uint8_t *bytes, ssize_t len,
			 const struct packet *packet)
{
	bool ipv6 = len > 0 && bytes[0] >> 4 == 6;
	ssize_t thoff = ipv6 ? 40 : (bytes[0] & 15) * 4;
	const uint8_t *tcp = bytes + thoff;

	return len >= thoff + 20 && ipv6 == (packet->family == AF_INET6) &&
	       bytes[ipv6 ? 6 : 9] == IPPROTO_TCP &&
	       (tcp[0] << 8 | tcp[1]) == packet->sport &&
	       (tcp[2] << 8 | tcp[3]) == packet->dport &&
	       (tcp[13] & (TH_FIN | TH_SYN | TH_RST)) ==
	       (packet->flags & (TH_FIN | TH_SYN | TH_RST));
}

/**
 * wire_has() - whether the host sends a segment
 * @fd: wire of wire_open()
 * @packet: family, ports, and which of FIN, SYN and RST are set
 * @timeout_ms: how long to wait for it
 *
 * Return: whether it came; other packets are thrown away.
 */
bool wire_has(int fd, const struct packet *packet, int timeout_ms)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	int64_t end = tcp_now_ms() + timeout_ms;
	uint8_t bytes[PACKET_MAX];
	ssize_t len;

	while (timeout_ms >= 0 && poll(&pfd, 1, timeout_ms) > 0) {
		len = read(fd, bytes, sizeof(bytes));
		if (len > 0 && same_segment(bytes, len, packet))
			return true;
		timeout_ms = end - tcp_now_ms();
	}

	return false;
}
