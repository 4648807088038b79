// SPDX-License-Identifier: GPL-2.0
/*
 * What else is in a RST than RST: payload, and other flags. It changes nothing
 * (RFC 9293, section 3.10.7.4). The module cannot make these: what it forges is
 * what a stack would send. So they come from a peer that the test plays.
 */
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/socket.h>

#include "kselftest_harness.h"

#include "lib/expect.h"
#include "lib/mib.h"
#include "lib/outcome.h"
#include "lib/peer.h"
#include "lib/wired.h"

#define TH_URG 0x20
#define TH_ECE 0x40
#define TH_CWR 0x80

/* Acknowledges what was never sent. */
#define BOGUS 1000000

struct row {
	const char *name;
	uint8_t flags;
	size_t payload;
	uint32_t ack;
};

static const struct row rows[] = {
	{ "alone", 0 },
	{ "ACK", TH_ACK },
	{ "bogus ACK", TH_ACK, 0, BOGUS },
	{ "old ACK", TH_ACK, 0, -BOGUS },
	{ "FIN", TH_FIN },
	{ "FIN, ACK", TH_FIN | TH_ACK },
	{ "SYN", TH_SYN },
	{ "SYN, ACK", TH_SYN | TH_ACK },
	{ "PSH, URG", TH_PSH | TH_URG },
	{ "ECE, CWR", TH_ECE | TH_CWR },
	{ "all", 0xff },
	{ "payload", 0, 100 },
	{ "payload, ACK", TH_ACK, 100 },
	{ "payload, FIN, ACK", TH_FIN | TH_ACK, 100 },
};

#define PORT 2000

static void try_row(struct __test_metadata *_metadata,
		    FIXTURE_DATA(wired) *self, int family, const struct row *row,
		    uint32_t offset)
{
	struct mib before, after, change, want = {};
	struct outcome ended = OUTCOME_ENDED(ECONNRESET, OUTCOME_READ);
	struct outcome alive = OUTCOME_ALIVE(OUTCOME_READ);
	struct packet packet;
	struct capture answer;
	struct peer peer;

	ASSERT_EQ(0, peer_connect(&peer, &self->host, family, self->near,
				  PORT + (row - rows)));
	ASSERT_EQ(0, mib_read(&self->host, &before));
	peer_packet(&peer, &packet, TH_RST | row->flags, row->payload);
	packet.seq += offset;
	packet.ack += row->ack;
	packet_build(&packet);
	ASSERT_EQ(0, wire_send(self->near, &packet));
	ASSERT_EQ(0, mib_read(&self->host, &after));

	mib_change(&before, &after, &change);
	want.value[MIB_ESTAB_RESETS] = !offset;
	want.value[MIB_CHALLENGE_ACK] = !!offset;
	EXPECT_EQ(NULL, mib_differs(&change, &want)) {
		TH_LOG("%s: %s", row->name, mib_differs(&change, &want));
	}
	if (offset) {
		ASSERT_TRUE(capture_read(self->near, &answer, COMES_MS)) {
			TH_LOG("%s: no challenge", row->name);
		}
		EXPECT_EQ(TH_ACK, answer.packet.flags);
		EXPECT_EQ(peer.ack, answer.packet.seq);
		EXPECT_EQ(peer.seq, answer.packet.ack);
	}
	expect_none(_metadata, self->near, 20, row->name);
	EXPECT_OUTCOME(offset ? alive : ended, peer.fd, OUTCOME_READ, row->name);
	peer_abort(&peer);
	capture_drain(self->near);
}

TEST_F(wired, exact)
{
	const struct row *row;

	for (row = rows; row < rows + ARRAY_SIZE(rows); row++)
		try_row(_metadata, self, variant->family, row, 0);
}

TEST_F(wired, in_window)
{
	const struct row *row;

	for (row = rows; row < rows + ARRAY_SIZE(rows); row++)
		try_row(_metadata, self, variant->family, row, 1);
}

TEST_HARNESS_MAIN
