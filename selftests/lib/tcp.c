// SPDX-License-Identifier: GPL-2.0
/*
 * Sockets in a host, and what the kernel says of their state: TCP_INFO for one
 * that we hold, sock_diag also for one that nobody holds any more.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <libmnl/libmnl.h>

#include "host.h"
#include "tcp.h"

/**
 * tcp_socket() - open a TCP socket in a host
 * @host: where
 * @family: AF_INET or AF_INET6
 *
 * Return: file descriptor, or a negative errno.
 */
int tcp_socket(const struct host *host, int family)
{
	int fd, err;

	err = host_enter(host);
	if (err)
		return err;
	fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		fd = -errno;
	err = host_leave();

	return err ?: fd;
}

/**
 * tcp_listen() - listen in a host
 * @host: where
 * @family: AF_INET or AF_INET6
 * @port: host byte order
 *
 * Return: file descriptor, or a negative errno.
 */
int tcp_listen(const struct host *host, int family, uint16_t port)
{
	struct sockaddr_storage ss;
	int fd, len, err, one = 1;

	fd = tcp_socket(host, family);
	if (fd < 0)
		return fd;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	len = host_sockaddr(&ss, family, 0, port);
	if (bind(fd, (void *)&ss, len) || listen(fd, 16)) {
		err = -errno;
		close(fd);
		return err;
	}

	return fd;
}

/**
 * tcp_connect() - connect to a host
 * @fd: socket
 * @family: of the socket
 * @nr: number of the host's address
 * @port: host byte order
 *
 * Return: 0, or a negative errno of connect().
 */
int tcp_connect(int fd, int family, int nr, uint16_t port)
{
	struct sockaddr_storage ss;
	socklen_t len = host_sockaddr(&ss, family, nr, port);

	return connect(fd, (void *)&ss, len) ? -errno : 0;
}

/**
 * tcp_readable() - wait until a call on a socket has something to return
 * @fd: socket
 * @timeout_ms: how long; -1: for ever
 *
 * Return: false if there is nothing yet.
 */
bool tcp_readable(int fd, int timeout_ms)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };

	return poll(&pfd, 1, timeout_ms) > 0;
}

/**
 * tcp_state() - state of a socket by TCP_INFO
 * @fd: socket
 *
 * Return: TCP_ESTABLISHED, ...; or a negative errno.
 */
int tcp_state(int fd)
{
	struct tcp_info info;
	socklen_t len = sizeof(info);

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len))
		return -errno;
	return info.tcpi_state;
}

/**
 * tcp_error() - the error that a socket has to tell
 * @fd: socket; it does not tell it again
 *
 * Return: an errno, 0, or a negative errno.
 */
int tcp_error(int fd)
{
	socklen_t len = sizeof(int);
	int error;

	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len))
		return -errno;
	return error;
}

/**
 * tcp_port() - local port of a socket
 * @fd: socket
 *
 * Return: host byte order, or a negative errno.
 */
int tcp_port(int fd)
{
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);

	if (getsockname(fd, (void *)&ss, &len))
		return -errno;
	/* At the same place in both families. */
	return ntohs(((struct sockaddr_in *)&ss)->sin_port);
}

static int diag_state(const struct nlmsghdr *nlh, void *data)
{
	const struct inet_diag_msg *diag = mnl_nlmsg_get_payload(nlh);
	int *state = data;

	/* Without a connection of that tuple, the kernel names a listener. */
	*state = diag->idiag_state == TCP_LISTEN ? TCP_NO_SOCKET :
						   diag->idiag_state;
	return MNL_CB_STOP;
}

/*
 * Send a request about a connection to the sock_diag of @host, and read what
 * comes of it: a socket, for @cb, or an error, which may be 0.
 */
static int diag_talk(const struct host *host, struct nlmsghdr *nlh, int family,
		     int nr, uint16_t sport, uint16_t dport, mnl_cb_t cb,
		     void *data)
{
	char buf[MNL_SOCKET_BUFFER_SIZE];
	struct inet_diag_req_v2 *req;
	struct mnl_socket *nl;
	ssize_t len;
	int err;

	req = mnl_nlmsg_put_extra_header(nlh, sizeof(*req));
	req->sdiag_family = family;
	req->sdiag_protocol = IPPROTO_TCP;
	req->idiag_states = -1;
	req->id.idiag_sport = htons(sport);
	req->id.idiag_dport = htons(dport);
	inet_pton(family, host_addr(family, nr), req->id.idiag_src);
	inet_pton(family, host_addr(family, 3 - nr), req->id.idiag_dst);
	req->id.idiag_cookie[0] = INET_DIAG_NOCOOKIE;
	req->id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;

	err = host_enter(host);
	if (err)
		return err;
	nl = mnl_socket_open2(NETLINK_SOCK_DIAG, SOCK_CLOEXEC);
	err = host_leave();
	if (!nl)
		return -errno;

	if (!err && mnl_socket_sendto(nl, nlh, nlh->nlmsg_len) > 0) {
		len = mnl_socket_recvfrom(nl, buf, sizeof(buf));
		if (len <= 0)
			err = -EIO;
		else if (mnl_cb_run(buf, len, 0, 0, cb, data) < 0)
			err = -errno;
	}
	mnl_socket_close(nl);

	return err;
}

/**
 * tcp_diag() - state of a connection by sock_diag
 * @host: whose end of it
 * @family: AF_INET or AF_INET6
 * @nr: number of @host's address; the peer has the other one
 * @sport: local port, host byte order
 * @dport: port of the peer, host byte order
 *
 * Return: TCP_ESTABLISHED, ..., or TCP_NO_SOCKET; or a negative errno.
 */
int tcp_diag(const struct host *host, int family, int nr, uint16_t sport,
	     uint16_t dport)
{
	char buf[256];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	int state = -EIO, err;

	nlh->nlmsg_type = SOCK_DIAG_BY_FAMILY;
	nlh->nlmsg_flags = NLM_F_REQUEST;
	err = diag_talk(host, nlh, family, nr, sport, dport, diag_state,
			&state);
	return err == -ENOENT ? TCP_NO_SOCKET : err ?: state;
}

/**
 * tcp_destroy() - end a connection by sock_diag, as ss -K does
 * @host: whose end of it
 * @family: AF_INET or AF_INET6
 * @nr: number of @host's address; the peer has the other one
 * @sport: local port, host byte order
 * @dport: port of the peer, host byte order
 *
 * Return: 0 or a negative errno; -EOPNOTSUPP: the kernel cannot.
 */
int tcp_destroy(const struct host *host, int family, int nr, uint16_t sport,
		uint16_t dport)
{
	char buf[256];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);

	nlh->nlmsg_type = SOCK_DESTROY;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	return diag_talk(host, nlh, family, nr, sport, dport, NULL, NULL);
}

/**
 * tcp_state_name() - name of a state, as in RFC 9293
 * @state: of tcp_state() or tcp_diag()
 */
const char *tcp_state_name(int state)
{
	static const char * const names[] = {
		[TCP_NO_SOCKET] = "no socket",
		[TCP_ESTABLISHED] = "ESTABLISHED",
		[TCP_SYN_SENT] = "SYN-SENT",
		[TCP_SYN_RECV] = "SYN-RECEIVED",
		[TCP_FIN_WAIT1] = "FIN-WAIT-1",
		[TCP_FIN_WAIT2] = "FIN-WAIT-2",
		[TCP_TIME_WAIT] = "TIME-WAIT",
		[TCP_CLOSE] = "CLOSED",
		[TCP_CLOSE_WAIT] = "CLOSE-WAIT",
		[TCP_LAST_ACK] = "LAST-ACK",
		[TCP_LISTEN] = "LISTEN",
		[TCP_CLOSING] = "CLOSING",
	};

	if (state < 0 || (size_t)state >= sizeof(names) / sizeof(names[0]))
		return "unknown";
	return names[state];
}

/**
 * tcp_now_ms() - time, for how long a call took
 */
int64_t tcp_now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}
