/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The fixture of tests that send and read single packets: a host that forwards
 * between two wires, whose other ends are the test. Included once by a test,
 * behind kselftest_harness.h.
 */
#ifndef _WIRED_H
#define _WIRED_H

#include <errno.h>
#include <unistd.h>

#include "counters.h"
#include "family.h"
#include "host.h"
#include "packet.h"
#include "tcp.h"
#include "tool.h"
#include "way.h"
#include "wire.h"

/*
 * wire0 leads to HOST_ADDR's network, wire1 to that of FAR_ADDR, by way of the
 * host.
 */
#define HOST_ADDR(family) host_addr(family, 1)
#define NEAR_ADDR(family) host_addr(family, 2)
#define FAR_ADDR(family) \
	((family) == AF_INET6 ? "2001:db8:1::2" : "198.51.100.2")

FIXTURE(wired) {
	struct host host;
	int near;
	int far;
	struct way way[WAYS];
};

FIXTURE_VARIANT(wired) {
	int family;
};

FIXTURE_VARIANT_ADD(wired, ipv4) {
	.family = AF_INET,
};

FIXTURE_VARIANT_ADD(wired, ipv6) {
	.family = AF_INET6,
};

FIXTURE_SETUP(wired)
{
	ASSERT_EQ(0, host_init(&self->host));
	self->near = wire_open(&self->host, "wire0");
	ASSERT_LE(0, self->near);
	self->far = wire_open(&self->host, "wire1");
	ASSERT_LE(0, self->far);
	ASSERT_EQ(0, host_add_addr(&self->host, "wire0", "192.0.2.1", 24));
	ASSERT_EQ(0, host_add_addr(&self->host, "wire0", "2001:db8::1", 64));
	ASSERT_EQ(0, host_add_addr(&self->host, "wire1", "198.51.100.1", 24));
	ASSERT_EQ(0, host_add_addr(&self->host, "wire1", "2001:db8:1::1", 64));
	ASSERT_EQ(0, host_sysctl(&self->host, "ipv4/ip_forward", "1"));
	ASSERT_EQ(0, host_sysctl(&self->host, "ipv6/conf/all/forwarding", "1"));
	ASSERT_EQ(0, way_open(self->way, &self->host, variant->family,
			      self->near, self->far));
}

FIXTURE_TEARDOWN(wired)
{
	/* Something became of every segment that was seen. */
	EXPECT_EQ(0, host_imbalance(&self->host));
	way_close(self->way);
	close(self->near);
	close(self->far);
	host_free(&self->host);
}

/* A segment from the near end of the wires for the host. */
static inline void wired_packet(struct packet *packet, int family,
				uint8_t flags, size_t payload)
{
	*packet = (struct packet){
		.family = family,
		.saddr = NEAR_ADDR(family),
		.daddr = HOST_ADDR(family),
		.sport = 1000,
		.dport = 2000,
		.flags = flags,
		.seq = 0x12345678,
		.ack = 0x9abcdef0,
		.payload = payload,
	};
	packet_build(packet);
}

/* One of the counters of the host, RSTFAULT_A_STATS_@name. */
#define host_count(name)						\
({									\
	struct counters _counters = {};					\
									\
	ASSERT_EQ(0, host_counters(&self->host, &_counters));		\
	HOST_COUNT(&_counters, name);					\
})

#endif /* _WIRED_H */
