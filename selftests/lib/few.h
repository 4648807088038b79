/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A few RSTs that can be told apart, on any of the ways through a host, for port
 * 2000. Included once by a test, behind kselftest_harness.h.
 */
#ifndef _FEW_H
#define _FEW_H

#include "expect.h"
#include "packet.h"
#include "way.h"

#define FEW 3

/* Number @nr of the RSTs that take this way; how it is to arrive. */
static inline void make_few(struct packet *rst, const struct way *way, int nr)
{
	*rst = (struct packet){
		.family = way->family,
		.saddr = way->saddr,
		.daddr = way->daddr,
		.sport = nr + 1,
		.dport = 2000,
		.flags = TH_RST,
		.ttl = 64,
	};
	packet_build(rst);
}

static inline int send_few(const struct way *way)
{
	struct packet rst;
	int i, err = 0;

	for (i = 0; i < FEW && !err; i++) {
		make_few(&rst, way, i);
		err = way_send(way, &rst);
	}

	return err;
}

/* They arrive in their order, each once, the same as they were. */
static inline void expect_few(struct __test_metadata *_metadata,
			      const struct way *way, const char *what)
{
	struct packet rst;
	int i;

	for (i = 0; i < FEW; i++) {
		make_few(&rst, way, i);
		rst.ttl -= way->hops;
		packet_set_ttl(&rst);
		expect_packet(_metadata, way->to, &rst, what);
	}
	expect_none(_metadata, way->to, 0, what);
}

#endif /* _FEW_H */
