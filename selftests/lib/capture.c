// SPDX-License-Identifier: GPL-2.0
/*
 * Segments as they are on a wire, or as they get to the sockets of a host, read
 * field by field.
 */
#include <errno.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "bytes.h"
#include "capture.h"
#include "host.h"
#include "packet.h"

#define TCP_HEADER_LEN 20

/* Of linux/in6.h, which is at odds with netinet/in.h. */
#define RECV_FLOWINFO 11

static bool sum_is_right(uint32_t value)
{
	return inet_fold(value) == 0xffff;
}

/**
 * capture_now() - the clock of captures
 *
 * Return: nanoseconds of CLOCK_MONOTONIC.
 */
int64_t capture_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

/* Returns whether it is a whole TCP header behind an IPv4 header. */
static bool read_ipv4(struct capture *capture)
{
	struct packet *packet = &capture->packet;
	const uint8_t *ip = packet->bytes;
	size_t hlen = (ip[0] & 15) * 4;

	if (packet->len < sizeof(struct iphdr) || hlen < sizeof(struct iphdr) ||
	    packet->len < hlen || ip[9] != IPPROTO_TCP)
		return false;

	packet->family = AF_INET;
	packet->ttl = ip[8];
	packet->thoff = hlen;
	capture->df = ip[6] & (IP_DF >> 8);
	inet_ntop(AF_INET, ip + 12, capture->saddr, sizeof(capture->saddr));
	inet_ntop(AF_INET, ip + 16, capture->daddr, sizeof(capture->daddr));
	if (get16(ip + 2) != packet->len)
		capture->broken = "total length";
	else if (get16(ip + 6) & ~IP_DF)
		capture->broken = "fragment";
	else if (!sum_is_right(inet_sum(0, ip, hlen)))
		capture->broken = "header checksum";
	return true;
}

/* Of the extension headers those that are one after the other. */
static bool read_ipv6(struct capture *capture)
{
	struct packet *packet = &capture->packet;
	const uint8_t *ip = packet->bytes;
	uint8_t next = ip[6];

	if (packet->len < sizeof(struct ip6_hdr))
		return false;

	packet->thoff = sizeof(struct ip6_hdr);
	while (next == IPPROTO_HOPOPTS || next == IPPROTO_DSTOPTS ||
	       next == IPPROTO_ROUTING) {
		if (packet->len < packet->thoff + 8)
			return false;
		next = ip[packet->thoff];
		packet->thoff += (ip[packet->thoff + 1] + 1) * 8;
	}
	if (next != IPPROTO_TCP)
		return false;

	packet->family = AF_INET6;
	packet->ttl = ip[7];
	inet_ntop(AF_INET6, ip + 8, capture->saddr, sizeof(capture->saddr));
	inet_ntop(AF_INET6, ip + 24, capture->daddr, sizeof(capture->daddr));
	if (get16(ip + 4) != packet->len - sizeof(struct ip6_hdr))
		capture->broken = "payload length";
	return true;
}

static bool read_tcp(struct capture *capture)
{
	struct packet *packet = &capture->packet;
	size_t len = packet->len - packet->thoff;
	const uint8_t *tcp = packet->bytes + packet->thoff;
	bool ipv6 = packet->family == AF_INET6;
	uint32_t pseudo;

	if (packet->len < packet->thoff + TCP_HEADER_LEN)
		return false;

	capture->header = (tcp[12] >> 4) * 4;
	if (capture->header < TCP_HEADER_LEN || len < capture->header)
		return false;

	packet->sport = get16(tcp);
	packet->dport = get16(tcp + 2);
	packet->seq = get32(tcp + 4);
	packet->ack = get32(tcp + 8);
	packet->flags = tcp[13];
	packet->payload = len - capture->header;
	capture->window = get16(tcp + 14);
	pseudo = inet_sum(IPPROTO_TCP + len, packet->bytes + (ipv6 ? 8 : 12),
			  ipv6 ? 32 : 8);
	packet->badsum = !sum_is_right(inet_sum(pseudo, tcp, len));
	return true;
}

/*
 * Only packets whose payload length is right. It is not told to the socket, but
 * a filter sees the packet: with TCP behind the IPv6 header, or behind one
 * extension header; others are let through.
 */
static int filter_length(int fd)
{
	static struct sock_filter code[] = {
		/* X: the length of the extension header. */
		BPF_STMT(BPF_LDX | BPF_W | BPF_IMM, 0),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, SKF_NET_OFF + 6),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_TCP, 6, 0),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, SKF_NET_OFF + 40),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_TCP, 0, 9),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, SKF_NET_OFF + 41),
		BPF_STMT(BPF_ALU | BPF_ADD | BPF_K, 1),
		BPF_STMT(BPF_ALU | BPF_LSH | BPF_K, 3),
		BPF_STMT(BPF_MISC | BPF_TAX, 0),
		/* The rest is what the socket gets. */
		BPF_STMT(BPF_LD | BPF_W | BPF_LEN, 0),
		BPF_STMT(BPF_ALU | BPF_ADD | BPF_X, 0),
		BPF_STMT(BPF_MISC | BPF_TAX, 0),
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, SKF_NET_OFF + 4),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_X, 0, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, PACKET_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	const struct sock_fprog prog = {
		.len = sizeof(code) / sizeof(code[0]),
		.filter = code,
	};

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog,
			  sizeof(prog));
}

/**
 * capture_open() - hear what gets to the TCP sockets of a host
 * @host: the host
 * @family: AF_INET or AF_INET6
 *
 * Behind every hook, where no packet socket could listen.
 *
 * Return: file descriptor, or a negative errno.
 */
int capture_open(const struct host *host, int family)
{
	static const int told[] = {
		IPV6_RECVPKTINFO, IPV6_RECVHOPLIMIT, RECV_FLOWINFO,
		IPV6_RECVHOPOPTS, IPV6_RECVRTHDR, IPV6_RECVDSTOPTS,
	};
	int fd, err, one = 1;
	unsigned int i;

	err = host_enter(host);
	if (err)
		return err;
	fd = socket(family, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
		    IPPROTO_TCP);
	if (fd < 0)
		err = -errno;
	err = host_leave() ?: err;
	if (err || family == AF_INET)
		return err ?: fd;

	for (i = 0; i < sizeof(told) / sizeof(told[0]) && !err; i++)
		err = setsockopt(fd, IPPROTO_IPV6, told[i], &one, sizeof(one));
	if (err || filter_length(fd)) {
		err = -errno;
		close(fd);
		return err;
	}

	return fd;
}

/*
 * Read from a socket that leaves out the IPv6 header and those behind it, and
 * put them together again. All is what the kernel tells of the packet itself,
 * but for the payload length, which filter_length() has compared.
 */
static ssize_t receive_ipv6(int fd, uint8_t *bytes)
{
	struct ip6_hdr ip6h = { .ip6_nxt = IPPROTO_TCP };
	uint8_t control[1024] __attribute__((aligned(8)));
	uint8_t *end = bytes + sizeof(ip6h), *next = &ip6h.ip6_nxt;
	uint8_t tcp[PACKET_MAX - sizeof(ip6h) - sizeof(control)];
	struct iovec iov = { tcp, sizeof(tcp) };
	struct sockaddr_in6 from;
	struct msghdr msg = {
		.msg_name = &from, .msg_namelen = sizeof(from),
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *cmsg;
	ssize_t len;
	size_t size;

	len = recvmsg(fd, &msg, 0);
	if (len < 0 || msg.msg_flags & (MSG_TRUNC | MSG_CTRUNC))
		return -1;

	for (cmsg = CMSG_FIRSTHDR(&msg); cmsg; cmsg = CMSG_NXTHDR(&msg, cmsg)) {
		if (cmsg->cmsg_level != IPPROTO_IPV6)
			continue;
		size = cmsg->cmsg_len - CMSG_LEN(0);
		switch (cmsg->cmsg_type) {
		case IPV6_HOPLIMIT:
			ip6h.ip6_hlim = *(int *)CMSG_DATA(cmsg);
			break;
		case IPV6_PKTINFO:
			/* The address is the first member. */
			memcpy(&ip6h.ip6_dst, CMSG_DATA(cmsg),
			       sizeof(ip6h.ip6_dst));
			break;
		case RECV_FLOWINFO:
			memcpy(&ip6h.ip6_flow, CMSG_DATA(cmsg),
			       sizeof(ip6h.ip6_flow));
			break;
		case IPV6_HOPOPTS:
		case IPV6_RTHDR:
		case IPV6_DSTOPTS:
			/* In the order of the packet; each names the next. */
			*next = cmsg->cmsg_type == IPV6_HOPOPTS ?
					IPPROTO_HOPOPTS :
				cmsg->cmsg_type == IPV6_RTHDR ?
					IPPROTO_ROUTING : IPPROTO_DSTOPTS;
			memcpy(end, CMSG_DATA(cmsg), size);
			next = end;
			end += size;
			break;
		}
	}
	ip6h.ip6_flow |= htonl(6 << 28);
	ip6h.ip6_src = from.sin6_addr;
	memcpy(end, tcp, len);
	len += end - bytes;
	ip6h.ip6_plen = htons(len - sizeof(ip6h));
	memcpy(bytes, &ip6h, sizeof(ip6h));
	return len;
}

static bool receive(int fd, struct capture *capture)
{
	int domain = AF_INET;
	socklen_t size = sizeof(domain);
	ssize_t len;

	memset(capture, 0, sizeof(*capture));
	if (!getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) &&
	    domain == AF_INET6)
		len = receive_ipv6(fd, capture->packet.bytes);
	else
		len = read(fd, capture->packet.bytes, PACKET_MAX);
	if (len <= 0)
		return false;

	capture->when = capture_now();
	capture->packet.len = len;
	capture->packet.saddr = capture->saddr;
	capture->packet.daddr = capture->daddr;
	switch (capture->packet.bytes[0] >> 4) {
	case 4:
		return read_ipv4(capture) && read_tcp(capture);
	case 6:
		return read_ipv6(capture) && read_tcp(capture);
	default:
		return false;
	}
}

/**
 * capture_read() - read the next segment
 * @fd: of wire_open() or capture_open()
 * @capture: gets it
 * @timeout_ms: how long to wait for it
 *
 * Return: whether one came; packets that are no TCP are thrown away.
 */
bool capture_read(int fd, struct capture *capture, int timeout_ms)
{
	int64_t end = capture_now() + timeout_ms * 1000000LL;
	struct pollfd pfd = { .fd = fd, .events = POLLIN };

	while (timeout_ms >= 0 && poll(&pfd, 1, timeout_ms) > 0) {
		if (receive(fd, capture))
			return true;
		timeout_ms = (end - capture_now()) / 1000000;
	}

	return false;
}

/**
 * capture_drain() - throw away what has come
 * @fd: of wire_open() or capture_open()
 */
void capture_drain(int fd)
{
	struct capture capture;

	while (capture_read(fd, &capture, 0))
		;
}

static const char *say(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

static const char *say(const char *format, ...)
{
	static char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return text;
}

/* The first byte in which they differ, but for the TCP checksum. */
static const char *differing_byte(const struct packet *got,
				  const struct packet *want)
{
	size_t i;

	for (i = 0; i < want->len - want->thoff; i++) {
		if (i == 16 || i == 17)
			continue;
		if (got->bytes[got->thoff + i] != want->bytes[want->thoff + i])
			return say("byte %zu of TCP: %#x instead of %#x", i,
				   got->bytes[got->thoff + i],
				   want->bytes[want->thoff + i]);
	}
	for (i = 0; i < want->thoff; i++)
		if (got->bytes[i] != want->bytes[i])
			return say("byte %zu of IP: %#x instead of %#x", i,
				   got->bytes[i], want->bytes[i]);

	return NULL;
}

/**
 * capture_differs() - compare a segment with what it has to be
 * @capture: the segment
 * @want: what it has to be, built
 *
 * Return: NULL: it is the same in every bit, but that a wrong checksum may be
 *	wrong in another way. Else in what they differ, valid until the next
 *	call.
 */
const char *capture_differs(const struct capture *capture,
			    const struct packet *want)
{
	const struct packet *got = &capture->packet;

#define CHECK(field, format)						\
	do {								\
		if (got->field != want->field)				\
			return say(#field ": " format " instead of " format, \
				   got->field, want->field);		\
	} while (0)

	if (capture->broken)
		return say("IP header: wrong %s", capture->broken);
	CHECK(family, "%d");
	if (strcmp(got->saddr, want->saddr))
		return say("saddr: %s instead of %s", got->saddr, want->saddr);
	if (strcmp(got->daddr, want->daddr))
		return say("daddr: %s instead of %s", got->daddr, want->daddr);
	CHECK(sport, "%u");
	CHECK(dport, "%u");
	CHECK(flags, "%#x");
	CHECK(seq, "%#x");
	CHECK(ack, "%#x");
	CHECK(thoff, "%zu");
	CHECK(payload, "%zu");
	CHECK(badsum, "%d");
	if (got->ttl != (want->ttl ?: 64))
		return say("ttl: %u instead of %u", got->ttl, want->ttl ?: 64);
	if (capture->header != (want->bytes[want->thoff + 12] >> 4) * 4u)
		return say("TCP header: %zu bytes", capture->header);
	if (capture->window != get16(want->bytes + want->thoff + 14))
		return say("window: %u", capture->window);
	if (got->family == AF_INET &&
	    capture->df != !!(want->bytes[6] & (IP_DF >> 8)))
		return say("df: %d", capture->df);
#undef CHECK

	return differing_byte(got, want);
}
