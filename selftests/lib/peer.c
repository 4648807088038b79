// SPDX-License-Identifier: GPL-2.0
/*
 * A TCP that does what the test wants, at the other end of a wire.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "capture.h"
#include "host.h"
#include "packet.h"
#include "peer.h"
#include "wire.h"

/* Not near to a wrap, so that what is in the past is easy to see. */
#define PEER_ISS 0x10000000

/**
 * peer_open() - let a host begin to connect to a peer
 * @peer: filled in; to be given back by peer_abort()
 * @host: the host
 * @family: AF_INET or AF_INET6
 * @port: of both ends
 *
 * The socket does not block. Its SYN is on the wire, or wherever it went.
 *
 * Return: 0 or a negative errno.
 */
int peer_open(struct peer *peer, const struct host *host, int family,
	      uint16_t port)
{
	struct sockaddr_storage ss;
	int one = 1, err;
	socklen_t len;

	memset(peer, 0, sizeof(*peer));
	peer->family = family;
	peer->port = port;
	peer->addr = host_addr(family, 2);
	peer->seq = PEER_ISS;
	peer->fd = tcp_socket(host, family);
	if (peer->fd < 0)
		return peer->fd;

	setsockopt(peer->fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	len = host_sockaddr(&ss, family, 1, port);
	if (bind(peer->fd, (void *)&ss, len) ||
	    fcntl(peer->fd, F_SETFL, O_NONBLOCK))
		return -errno;

	/* What becomes of it is told by tcp_error(). */
	err = tcp_connect(peer->fd, family, 2, port);
	return err == -EINPROGRESS || err == -ECONNREFUSED ? 0 : err;
}

/**
 * peer_packet() - make a segment of a peer
 * @peer: the peer
 * @packet: gets it, built
 * @flags: TH_*
 * @payload: bytes of payload
 */
void peer_packet(const struct peer *peer, struct packet *packet, uint8_t flags,
		 size_t payload)
{
	*packet = (struct packet){
		.family = peer->family,
		.saddr = peer->addr,
		.daddr = host_addr(peer->family, 1),
		.sport = peer->port,
		.dport = peer->port,
		.flags = flags,
		.seq = peer->seq,
		.ack = flags & TH_ACK ? peer->ack : 0,
		.payload = payload,
	};
	packet_build(packet);
}

/**
 * peer_send() - let a peer send a segment
 * @peer: the peer; what the segment takes up is no longer to be sent
 * @wire: the wire
 * @flags: TH_*
 * @payload: bytes of payload
 *
 * Return: 0 or a negative errno.
 */
int peer_send(struct peer *peer, int wire, uint8_t flags, size_t payload)
{
	struct packet packet;

	peer_packet(peer, &packet, flags, payload);
	peer->seq += payload + !!(flags & TH_SYN) + !!(flags & TH_FIN);
	return wire_send(wire, &packet);
}

/**
 * peer_connect() - let a host connect to a peer
 * @peer: filled in; to be given back by peer_abort()
 * @host: the host
 * @family: AF_INET or AF_INET6
 * @wire: wire between them
 * @port: of both ends
 *
 * Return: 0 or a negative errno.
 */
int peer_connect(struct peer *peer, const struct host *host, int family,
		 int wire, uint16_t port)
{
	struct capture capture;
	int err;

	err = peer_open(peer, host, family, port);
	if (err)
		return err;

	if (!capture_read(wire, &capture, 5000) ||
	    capture.packet.flags != TH_SYN || capture.packet.dport != port)
		return -EPROTO;
	peer->ack = capture.packet.seq + 1;
	err = peer_send(peer, wire, TH_SYN | TH_ACK, 0);
	if (err)
		return err;

	if (!capture_read(wire, &capture, 5000) ||
	    capture.packet.flags != TH_ACK || capture.packet.dport != port)
		return -EPROTO;

	return 0;
}

/**
 * peer_abort() - end a connection without a word that can be retransmitted
 * @peer: the peer
 */
void peer_abort(struct peer *peer)
{
	const struct linger linger = { .l_onoff = 1 };

	setsockopt(peer->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	close(peer->fd);
	peer->fd = -1;
}
