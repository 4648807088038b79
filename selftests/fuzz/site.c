// SPDX-License-Identifier: GPL-2.0
/*
 * A host between two wires, and what comes out of it.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "lib/bytes.h"
#include "lib/wire.h"

#include "site.h"

/**
 * site_open() - make a host that forwards between two wires, as lib/wired.h does
 * @site: to be closed by site_close(), also if this fails
 *
 * Return: 0 or a negative errno.
 */
int site_open(struct site *site)
{
	static const char *const settings[][2] = {
		{ "ipv4/ip_forward", "1" },
		{ "ipv6/conf/all/forwarding", "1" },
		{ "ipv4/conf/all/accept_source_route", "1" },
		{ "ipv4/conf/wire0/accept_source_route", "1" },
		{ "ipv6/conf/all/accept_source_route", "1" },
		{ "ipv6/conf/wire0/accept_source_route", "1" },
	};
	struct host *host = &site->host;
	size_t i;
	int err;

	site->near = -1;
	site->far = -1;
	site->count = 0;
	err = host_init(host);
	if (err)
		return err;
	site->near = wire_open_offload(host, "wire0");
	site->far = wire_open(host, "wire1");
	if (site->near < 0 || site->far < 0)
		return -ENODEV;
	err = host_add_addr(host, "wire0", "192.0.2.1", 24) ?:
	      host_add_addr(host, "wire0", "2001:db8::1", 64) ?:
	      host_add_addr(host, "wire1", "198.51.100.1", 24) ?:
	      host_add_addr(host, "wire1", "2001:db8:1::1", 64);
	for (i = 0; i < ARRAY_SIZE(settings) && !err; i++)
		err = host_sysctl(host, settings[i][0], settings[i][1]);
	return err;
}

/**
 * site_close() - let go of a host and its wires
 * @site: the host
 */
void site_close(struct site *site)
{
	if (site->near >= 0)
		close(site->near);
	if (site->far >= 0)
		close(site->far);
	host_free(&site->host);
}

/**
 * site_send() - let a packet arrive
 * @site: where
 * @frame: the packet
 *
 * Return: whether the wire has taken it; what is wrong with its offload it tells.
 */
bool site_send(struct site *site, const struct frame *frame)
{
	struct iovec iov[] = {
		{ (void *)&frame->hdr, sizeof(frame->hdr) },
		{ (void *)frame->packet.bytes, frame->packet.len },
	};

	if (frame->back)
		return writev(site->far, iov + 1, 1) > 0;
	return writev(site->near, iov, 2) > 0;
}

static void drain(struct site *site, int fd, bool far)
{
	struct virtio_net_hdr hdr;
	struct output *output;
	ssize_t got;

	while (site->count < OUTPUT_MAX) {
		output = &site->output[site->count];
		struct iovec iov[] = {
			{ &hdr, sizeof(hdr) },
			{ output->bytes, sizeof(output->bytes) },
		};

		got = far ? readv(fd, iov + 1, 1) : readv(fd, iov, 2);
		if (!far)
			got -= sizeof(hdr);
		if (got <= 0)
			return;
		output->far = far;
		output->seen = false;
		output->len = got;
		site->count++;
	}
}

/**
 * site_drain() - take what has come out
 * @site: gets it, behind what it has
 */
void site_drain(struct site *site)
{
	drain(site, site->near, false);
	drain(site, site->far, true);
}

/**
 * site_is_ours() - is it from the host itself?
 * @output: what came out
 *
 * What a host has to say depends on when and on what it has said before.
 *
 * Return: whether it is, or cannot be read.
 */
bool site_is_ours(const struct output *output)
{
	static const char *const own4[] = { "192.0.2.1", "198.51.100.1" };
	static const char *const own6[] = { "2001:db8::1", "2001:db8:1::1" };
	bool ipv6 = output->bytes[0] >> 4 == 6;
	uint8_t addr[16];
	size_t i;

	if (output->len < (ipv6 ? 40 : 20))
		return true;
	/* Link-local ones, none at all, and groups that a wire has led to it. */
	if (ipv6 && (output->bytes[8] >= 0xfe || !get16(output->bytes + 8)))
		return true;
	for (i = 0; i < 2; i++) {
		inet_pton(ipv6 ? AF_INET6 : AF_INET, ipv6 ? own6[i] : own4[i],
			  addr);
		if (!memcmp(output->bytes + (ipv6 ? 8 : 12), addr,
			    ipv6 ? 16 : 4))
			return true;
	}
	return false;
}
