// SPDX-License-Identifier: GPL-2.0
/*
 * The ways through a host with two wires, so that all can be used alike: send
 * any segment at the one end, and read at both ends what comes of it.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rstfault.h"

#include "host.h"
#include "packet.h"
#include "way.h"
#include "wire.h"

const char * const way_hooks[HOOKS] = {
	[RSTFAULT_HOOK_IN] = "in",
	[RSTFAULT_HOOK_OUT] = "out",
	[RSTFAULT_HOOK_INPUT] = "input",
	[RSTFAULT_HOOK_OUTPUT] = "output",
	[RSTFAULT_HOOK_FORWARD] = "forward",
};

/**
 * way_passes() - whether a way passes a hook
 * @way: WAY_*
 * @hook: RSTFAULT_HOOK_*
 */
bool way_passes(int way, unsigned int hook)
{
	switch (way) {
	case WAY_IN:
		return hook == RSTFAULT_HOOK_IN || hook == RSTFAULT_HOOK_INPUT;
	case WAY_OUT:
		return hook == RSTFAULT_HOOK_OUT ||
		       hook == RSTFAULT_HOOK_OUTPUT;
	default:
		return hook == RSTFAULT_HOOK_IN || hook == RSTFAULT_HOOK_OUT ||
		       hook == RSTFAULT_HOOK_FORWARD;
	}
}

/* A socket that sends whole packets. */
static int open_raw(const struct host *host, int family)
{
	int fd, err;

	err = host_enter(host);
	if (err)
		return err;
	fd = socket(family, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	if (fd < 0)
		err = -errno;

	return host_leave() ?: err ?: fd;
}

/**
 * way_open() - make the ways through a host ready
 * @ways: filled in; to be closed by way_close(), also after an error
 * @host: the host, with the wires and addresses of the fixture wired
 * @family: AF_INET or AF_INET6
 * @near: wire of the network that the host's address is in
 * @far: the other wire
 *
 * Return: 0 or a negative errno.
 */
int way_open(struct way ways[WAYS], const struct host *host, int family,
	     int near, int far)
{
	const char *own = host_addr(family, 1), *peer = host_addr(family, 2);
	const char *distant = family == AF_INET6 ? "2001:db8:1::2" :
						   "198.51.100.2";
	int raw = open_raw(host, family), local = capture_open(host, family);

	ways[WAY_IN] = (struct way){
		"in", family, near, local, near, false, 0, peer, own
	};
	ways[WAY_OUT] = (struct way){
		"out", family, raw, near, local, true, 0, own, peer
	};
	ways[WAY_THROUGH] = (struct way){
		"through", family, near, far, near, false, 1, peer, distant
	};

	if (raw < 0 || local < 0)
		return raw < 0 ? raw : local;
	/* What the host itself sends is to be predictable. */
	return host_sysctl(host, "ipv6/auto_flowlabels", "0");
}

/**
 * way_close() - close what way_open() has opened
 * @ways: the ways
 */
void way_close(struct way ways[WAYS])
{
	close(ways[WAY_OUT].from);
	close(ways[WAY_IN].to);
}

/**
 * way_rules() - write a rule for each hook, so that all can be there at once
 * @text: where to write them, for tool_load()
 * @size: room in @text
 * @segment: kinds of segments, and conditions
 * @action: what is to happen
 * @port: the rule of hook h is for segments to port @port + h; its name is that
 *	number behind an r
 *
 * Return: how long they are.
 */
size_t way_rules(char *text, size_t size, const char *segment,
		 const char *action, uint16_t port)
{
	size_t len = 0;
	int hook;

	for (hook = 0; hook < HOOKS && len < size; hook++)
		len += snprintf(text + len, size - len,
				"name r%d %s %s dport %d %s\n", port + hook,
				way_hooks[hook], segment, port + hook, action);

	return len;
}

/* From the raw socket of a way to an address, see host_addr(). */
static int send_raw(const struct way *way, const struct packet *packet, int nr)
{
	struct sockaddr_storage to;
	socklen_t len = host_sockaddr(&to, way->family, nr, 0);

	return sendto(way->from, packet->bytes, packet->len, 0, (void *)&to,
		      len) < 0 ? -errno : 0;
}

/**
 * way_send() - send a segment on its way
 * @way: the way
 * @packet: packet that is built
 *
 * Return: 0 or a negative errno.
 */
int way_send(const struct way *way, const struct packet *packet)
{
	return way->raw ? send_raw(way, packet, 2) :
			  wire_send(way->from, packet);
}

/**
 * way_send_home() - send a segment from the host to itself, by lo
 * @way: the way WAY_OUT
 * @packet: packet that is built, from and to the sender's address of @way
 *
 * Return: 0 or a negative errno.
 */
int way_send_home(const struct way *way, const struct packet *packet)
{
	return send_raw(way, packet, 1);
}

/**
 * way_answer() - the RST with which a stack answers a segment for nobody
 * @packet: the segment, built, no RST
 * @rst: gets the answer, built
 *
 * RFC 9293, section 3.10.7.1.
 */
void way_answer(const struct packet *packet, struct packet *rst)
{
	*rst = (struct packet){
		.family = packet->family,
		.saddr = packet->daddr,
		.daddr = packet->saddr,
		.sport = packet->dport,
		.dport = packet->sport,
		.tclass = packet->tclass,
		.flags = TH_RST,
	};

	if (packet->flags & TH_ACK) {
		rst->seq = packet->ack;
	} else {
		rst->flags |= TH_ACK;
		rst->ack = packet->seq + packet->payload +
			   !!(packet->flags & TH_SYN) +
			   !!(packet->flags & TH_FIN);
	}
	packet_build(rst);
}
