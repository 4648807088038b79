// SPDX-License-Identifier: GPL-2.0
/*
 * Forged RSTs for local sockets: their numbers, which are those that the socket
 * expects, and what they do to it. Its peer is the test, behind a wire.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/socket.h>

#include "kselftest_harness.h"

#include "lib/busy.h"
#include "lib/events.h"
#include "lib/expect.h"
#include "lib/peer.h"
#include "lib/wired.h"

#define FAR 0x40000000u

/* What is sent to make the rule fire. */
enum trigger {
	SENDS,		/* the socket sends data */
	SENDS_OLD,	/* a segment with an old ACK is sent in its name */
	GETS,		/* the peer sends data */
	GETS_FIN,	/* data and FIN */
	GETS_OLD,	/* data that it had long ago */
	GETS_EARLY,	/* data, but some in front of them are missing */
};

#define LEN 7

enum effect { RESET, CHALLENGED, IGNORED };

static const int outcomes[] = {
	[RESET] = RSTFAULT_OUTCOME_RESET,
	[CHALLENGED] = RSTFAULT_OUTCOME_CHALLENGED,
	[IGNORED] = RSTFAULT_OUTCOME_IGNORED,
};

/*
 * The number of the RST is so much above what the socket expected before the
 * trigger.
 */
struct row {
	enum trigger trigger;
	const char *segment;
	const char *action;
	enum effect effect;
	uint32_t seq;
	int error;
	bool dropped;
};

static const struct row rows[] = {
	{ SENDS, "data", "forge", RESET },
	{ SENDS, "data", "forge and drop", RESET, .dropped = true },
	{ SENDS, "data", "forge ack and drop", RESET, .dropped = true },
	{ SENDS, "data", "forge badack and drop", RESET, .dropped = true },
	{ SENDS, "data", "forge ttl 1 and drop", RESET, .dropped = true },
	{ SENDS, "data", "forge count 3 and drop", RESET, .dropped = true },
	{ SENDS, "data", "forge seq +1 and drop", CHALLENGED, 1,
	  .dropped = true },
	{ SENDS, "data", "forge seq in-window and drop", CHALLENGED, 1,
	  .dropped = true },
	{ SENDS, "data", "forge seq +60000 and drop", CHALLENGED, 60000,
	  .dropped = true },
	{ SENDS, "data", "forge seq -1 and drop", IGNORED, -1,
	  .dropped = true },
	{ SENDS, "data", "forge seq +70000 and drop", IGNORED, 70000,
	  .dropped = true },
	{ SENDS, "data", "forge seq out-of-window and drop", IGNORED, FAR,
	  .dropped = true },
	{ SENDS, "data", "forge badsum and drop", IGNORED, .dropped = true },
	{ SENDS_OLD, "data", "forge", RESET },
	{ SENDS_OLD, "data", "forge and drop", RESET, .dropped = true },
	{ SENDS_OLD, "data", "forge seq in-window and drop", CHALLENGED, 1,
	  .dropped = true },

	{ GETS, "data", "forge to receiver", RESET, LEN },
	{ GETS, "data", "forge to receiver and drop", RESET, .dropped = true },
	{ GETS, "data", "forge to receiver seq in-window and drop", CHALLENGED,
	  1, .dropped = true },
	{ GETS, "data", "forge to receiver seq -1 and drop", IGNORED, -1,
	  .dropped = true },
	{ GETS, "data", "forge to receiver seq out-of-window and drop", IGNORED,
	  FAR, .dropped = true },
	{ GETS, "data", "forge to receiver noack and drop", RESET,
	  .dropped = true },
	{ GETS, "data", "forge to receiver badsum and drop", IGNORED,
	  .dropped = true },
	{ GETS_FIN, "fin", "forge to receiver", RESET, LEN + 1,
	  .error = EPIPE },
	{ GETS_FIN, "fin", "forge to receiver and drop", RESET,
	  .dropped = true },
	{ GETS_OLD, "data", "forge to receiver", RESET },
	{ GETS_OLD, "data", "forge to receiver and drop", RESET,
	  .dropped = true },
	{ GETS_EARLY, "data", "forge to receiver", RESET },
	{ GETS_EARLY, "data", "forge to receiver and drop", RESET,
	  .dropped = true },
	{ GETS_EARLY, "data", "forge to receiver seq in-window and drop",
	  CHALLENGED, 1, .dropped = true },
};

/* Each row has a port for each hook; both ends of its connection have it. */
#define PORT(row, hook) (2000 + HOOKS * (int)(row) + (hook))

static int trigger_way(enum trigger trigger)
{
	return trigger <= SENDS_OLD ? WAY_OUT : WAY_IN;
}

static int pull(const struct row *row, const struct way *ways,
		const struct peer *peer)
{
	struct packet packet;

	peer_packet(peer, &packet, TH_ACK, LEN);
	switch (row->trigger) {
	case SENDS:
		return send(peer->fd, "1234567", LEN, 0) == LEN ? 0 : -errno;
	case SENDS_OLD:
		packet.saddr = ways[WAY_OUT].saddr;
		packet.daddr = ways[WAY_OUT].daddr;
		packet.seq = peer->ack;
		packet.ack = peer->seq - 1000;
		break;
	case GETS_FIN:
		packet.flags |= TH_FIN;
		break;
	case GETS_OLD:
		packet.seq -= 1000;
		break;
	case GETS_EARLY:
		packet.seq += 1000;
		break;
	default:
		break;
	}
	packet_build(&packet);
	return way_send(&ways[trigger_way(row->trigger)], &packet);
}

/* The RST is what the socket gets next that is none of the trigger. */
static void expect_reset(struct __test_metadata *_metadata, int fd,
			 const struct peer *peer, const struct row *row,
			 const char *what)
{
	struct capture capture;

	do {
		ASSERT_TRUE(capture_read(fd, &capture, COMES_MS)) {
			TH_LOG("%s: no RST", what);
		}
	} while (!(capture.packet.flags & TH_RST) ||
		 capture.packet.dport != peer->port);
	EXPECT_EQ(peer->seq + row->seq, capture.packet.seq) {
		TH_LOG("%s", what);
	}
	EXPECT_STREQ(peer->addr, capture.packet.saddr);
	EXPECT_EQ(peer->port, capture.packet.sport);
}

/* What the socket does in answer to a RST, where the trigger was dropped. */
static void expect_challenge(struct __test_metadata *_metadata, int wire,
			     const struct peer *peer, const struct row *row,
			     const char *what)
{
	struct packet want = {
		.family = peer->family,
		.saddr = host_addr(peer->family, 1),
		.daddr = peer->addr,
		.sport = peer->port,
		.dport = peer->port,
		.flags = TH_ACK,
		.seq = peer->ack + (row->trigger == SENDS ? LEN : 0),
		.ack = peer->seq,
	};
	struct capture capture;

	ASSERT_TRUE(capture_read(wire, &capture, COMES_MS)) {
		TH_LOG("%s: no challenge", what);
	}
	EXPECT_EQ(want.flags, capture.packet.flags);
	EXPECT_EQ(want.seq, capture.packet.seq);
	EXPECT_EQ(want.ack, capture.packet.ack);
	EXPECT_EQ(want.sport, capture.packet.sport);
	EXPECT_EQ(0, capture.packet.payload);
	EXPECT_FALSE(capture.packet.badsum);
}

/*
 * What is told of the RSTs. Of several, one finds the socket: the last one
 * that waits until a process lets go of it, or the first one if there is none.
 */
static void expect_told(struct __test_metadata *_metadata,
			struct mnl_socket *nl, const struct peer *peer,
			const struct row *row, const char *what)
{
	uint32_t state = row->trigger == GETS_FIN && !row->dropped ?
			 RSTFAULT_STATE_CLOSE_WAIT : RSTFAULT_STATE_ESTABLISHED;
	int count = strstr(row->action, "count") ? 3 : 1, known = 0, i;
	struct event event;

	for (i = 0; i < count; i++) {
		ASSERT_EQ(0, events_wait(nl, &event, RSTFAULT_EVENT_TYPE_SENT,
					 COMES_MS)) {
			TH_LOG("%s: not told", what);
		}
		EXPECT_EQ(peer->seq + row->seq, event.seq) {
			TH_LOG("%s", what);
		}
		EXPECT_EQ(TH_RST, event.flags & ~TH_ACK);
		EXPECT_STREQ(peer->addr, event.saddr);
		EXPECT_EQ(peer->port, event.dport);
		if (count > 1 && event.outcome == RSTFAULT_OUTCOME_UNKNOWN)
			continue;
		known++;
		EXPECT_EQ(outcomes[row->effect], event.outcome) {
			TH_LOG("%s", what);
		}
		EXPECT_EQ(state, event.state) {
			TH_LOG("%s", what);
		}
	}
	EXPECT_EQ(1, known) {
		TH_LOG("%s", what);
	}
}

static void try_row(struct __test_metadata *_metadata,
		    FIXTURE_DATA(wired) *self, const struct row *row,
		    const struct peer *peer, const char *what)
{
	int64_t challenges = host_mib(&self->host, "TcpExt", "TCPChallengeACK");
	int64_t sums = host_mib(&self->host, "Tcp", "InCsumErrors");
	bool badsum = strstr(row->action, "badsum");
	bool passed = row->seq == LEN;
	char buf[16];

	ASSERT_EQ(0, pull(row, self->way, peer));
	expect_reset(_metadata, self->way[WAY_IN].to, peer, row, what);

	EXPECT_EQ(challenges + (row->effect == CHALLENGED),
		  host_mib(&self->host, "TcpExt", "TCPChallengeACK")) {
		TH_LOG("%s", what);
	}
	EXPECT_EQ(sums + badsum,
		  host_mib(&self->host, "Tcp", "InCsumErrors")) {
		TH_LOG("%s", what);
	}
	if (row->effect == RESET) {
		if (passed)
			EXPECT_EQ(LEN, recv(peer->fd, buf, sizeof(buf), 0));
		EXPECT_EQ(row->error ?: ECONNRESET, tcp_error(peer->fd)) {
			TH_LOG("%s", what);
		}
		EXPECT_EQ(TCP_CLOSE, tcp_state(peer->fd)) {
			TH_LOG("%s", what);
		}
		return;
	}

	if (row->effect == CHALLENGED)
		expect_challenge(_metadata, self->near, peer, row, what);
	expect_none(_metadata, self->near, 50, what);
	EXPECT_EQ(0, tcp_error(peer->fd));
	EXPECT_EQ(TCP_ESTABLISHED, tcp_state(peer->fd)) {
		TH_LOG("%s", what);
	}
}

TEST_F_TIMEOUT(wired, established, 300)
{
	static char text[ARRAY_SIZE(rows) * HOOKS * 128];
	char what[128], name[16];
	struct mnl_socket *nl;
	const struct row *row;
	struct peer peer;
	size_t len = 0;
	int hook;

	for (row = rows; row < rows + ARRAY_SIZE(rows); row++)
		len += way_rules(text + len, sizeof(text) - len, row->segment,
				 row->action, PORT(row - rows, 0));
	ASSERT_EQ(0, tool_load(&self->host, text));
	ASSERT_EQ(0, events_open(&nl, &self->host));

	for (row = rows; row < rows + ARRAY_SIZE(rows); row++) {
		for (hook = 0; hook < HOOKS; hook++) {
			int port = PORT(row - rows, hook);

			if (!way_passes(trigger_way(row->trigger), hook))
				continue;
			snprintf(what, sizeof(what), "%s, trigger %d: %s",
				 way_hooks[hook], row->trigger, row->action);
			ASSERT_EQ(0, peer_connect(&peer, &self->host,
						  variant->family, self->near,
						  port));
			capture_drain(self->way[WAY_IN].to);
			try_row(_metadata, self, row, &peer, what);
			expect_told(_metadata, nl, &peer, row, what);
			peer_abort(&peer);
			capture_drain(self->near);
			snprintf(name, sizeof(name), "r%d", port);
			expect_counters(_metadata, &self->host, name, 1,
					strstr(row->action, "count") ? 3 : 1,
					what);
		}
	}
	mnl_socket_close(nl);
}

/* A socket in SYN-SENT, where an ACK is what counts. */
static const struct {
	const char *action;
	bool refused;
	bool dropped;
} syn_rows[] = {
	{ "forge", true },
	{ "forge and drop", true, true },
	{ "forge seq +5 and drop", true, true },
	{ "forge ack and drop", true, true },
	{ "forge noack and drop", false, true },
	{ "forge badack and drop", false, true },
	{ "forge badsum", false },
};

TEST_F(wired, syn_sent)
{
	static char text[ARRAY_SIZE(syn_rows) * HOOKS * 128];
	struct capture capture;
	struct peer peer;
	unsigned int i;
	size_t len = 0;
	char name[16];
	int hook;

	for (i = 0; i < ARRAY_SIZE(syn_rows); i++)
		len += way_rules(text + len, sizeof(text) - len, "syn",
				 syn_rows[i].action, PORT(i, 0));
	ASSERT_EQ(0, tool_load(&self->host, text));

	for (i = 0; i < ARRAY_SIZE(syn_rows); i++) {
		for (hook = 0; hook < HOOKS; hook++) {
			const char *what = syn_rows[i].action;

			if (!way_passes(WAY_OUT, hook))
				continue;
			ASSERT_EQ(0, peer_open(&peer, &self->host,
					       variant->family, PORT(i, hook)));
			if (!syn_rows[i].dropped)
				EXPECT_TRUE(capture_read(self->near, &capture,
							 COMES_MS));
			expect_none(_metadata, self->near, 50, what);
			EXPECT_EQ(syn_rows[i].refused ? ECONNREFUSED : 0,
				  tcp_error(peer.fd)) {
				TH_LOG("%s %s", way_hooks[hook], what);
			}
			EXPECT_EQ(syn_rows[i].refused ? TCP_CLOSE :
							TCP_SYN_SENT,
				  tcp_state(peer.fd)) {
				TH_LOG("%s %s", way_hooks[hook], what);
			}
			snprintf(name, sizeof(name), "r%d", PORT(i, hook));
			/* An ACK that is wrong has the SYN repeated soon. */
			EXPECT_LE(1, rule_fired(&self->host, name)) {
				TH_LOG("%s %s", way_hooks[hook], what);
			}
			EXPECT_EQ(rule_fired(&self->host, name),
				  rule_counter(&self->host, name,
					       RSTFAULT_A_COUNTERS_SENT)) {
				TH_LOG("%s %s", way_hooks[hook], what);
			}
			peer_abort(&peer);
		}
	}
}

/* The peer's answer to a SYN. */
TEST_F(wired, synack)
{
	static const struct {
		const char *action;
		int error;
	} synack_rows[] = {
		{ "forge to receiver", ECONNRESET },
		{ "forge to receiver and drop", ECONNREFUSED },
		{ "forge to receiver noack and drop", 0 },
	};
	char text[ARRAY_SIZE(synack_rows) * HOOKS * 128];
	struct capture syn;
	struct peer peer;
	unsigned int i;
	size_t len = 0;
	int hook;

	for (i = 0; i < ARRAY_SIZE(synack_rows); i++)
		len += way_rules(text + len, sizeof(text) - len, "synack",
				 synack_rows[i].action, PORT(i, 0));
	ASSERT_EQ(0, tool_load(&self->host, text));

	for (i = 0; i < ARRAY_SIZE(synack_rows); i++) {
		for (hook = 0; hook < HOOKS; hook++) {
			if (!way_passes(WAY_IN, hook))
				continue;
			ASSERT_EQ(0, peer_open(&peer, &self->host,
					       variant->family, PORT(i, hook)));
			ASSERT_TRUE(capture_read(self->near, &syn, COMES_MS));
			peer.ack = syn.packet.seq + 1;
			ASSERT_EQ(0, peer_send(&peer, self->near,
					       TH_SYN | TH_ACK, 0));
			EXPECT_EQ(synack_rows[i].error, tcp_error(peer.fd)) {
				TH_LOG("%s %s", way_hooks[hook],
				       synack_rows[i].action);
			}
			EXPECT_EQ(synack_rows[i].error ? TCP_CLOSE :
							 TCP_SYN_SENT,
				  tcp_state(peer.fd));
			peer_abort(&peer);
			capture_drain(self->near);
		}
	}
}

/*
 * A process has the socket, and the trigger waits in its backlog. The RST behind
 * it has the number that the socket will expect then. There is an end to waiting
 * for what comes of it.
 */
TEST_F(wired, busy)
{
	static const struct row row = { GETS, "data", "forge to receiver", RESET,
					LEN };
	char text[HOOKS * 128], bytes[16];
	struct mnl_socket *nl;
	struct event event;
	struct peer peer;
	struct busy busy;
	int hook, err;

	way_rules(text, sizeof(text), row.segment, row.action, PORT(0, 0));
	ASSERT_EQ(0, tool_load(&self->host, text));
	ASSERT_EQ(0, events_open(&nl, &self->host));
	for (hook = 0; hook < HOOKS; hook++) {
		const char *what = way_hooks[hook];

		if (!way_passes(WAY_IN, hook))
			continue;
		ASSERT_EQ(0, peer_connect(&peer, &self->host, variant->family,
					  self->near, PORT(0, hook)));
		capture_drain(self->way[WAY_IN].to);
		err = busy_begin(&busy, peer.fd);
		if (err == -EOPNOTSUPP)
			SKIP(return, "needs userfaultfd");
		ASSERT_EQ(0, err);
		ASSERT_EQ(0, pull(&row, self->way, &peer));
		expect_reset(_metadata, self->way[WAY_IN].to, &peer, &row, what);
		ASSERT_EQ(0, events_wait(nl, &event, RSTFAULT_EVENT_TYPE_SENT,
					 COMES_MS));
		EXPECT_EQ(peer.seq + LEN, event.seq);
		EXPECT_EQ(RSTFAULT_OUTCOME_UNKNOWN, event.outcome);
		busy_end(&busy);
		EXPECT_EQ(LEN, recv(peer.fd, bytes, sizeof(bytes), 0));
		EXPECT_EQ(ECONNRESET, tcp_error(peer.fd)) {
			TH_LOG("%s", what);
		}
		peer_abort(&peer);
		capture_drain(self->near);
	}
	mnl_socket_close(nl);
}

/*
 * Over loopback, the answer to a SYN comes while connect() still has the socket.
 * A RST that comes then is the second segment of a connection, not an answer to
 * the SYN: it needs the number of the first one.
 */
TEST_F(wired, syn_sent_busy)
{
	struct mnl_socket *nl;
	struct event event;
	int listener, fd;

	listener = tcp_listen(&self->host, variant->family, TCP_PORT_OPEN);
	ASSERT_LE(0, listener);
	fd = tcp_socket(&self->host, variant->family);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, tool_load(&self->host,
			       "name copy out syn duplicate 1\n"
			       "name late in syn nth 2 forge\n"));
	ASSERT_EQ(0, events_open(&nl, &self->host));
	EXPECT_EQ(-ECONNRESET, tcp_connect(fd, variant->family, 1,
					   TCP_PORT_OPEN));
	do {
		ASSERT_EQ(0, events_wait(nl, &event, RSTFAULT_EVENT_TYPE_SENT,
					 COMES_MS));
	} while (!(event.flags & TH_RST));
	EXPECT_NE(0, event.seq);
	EXPECT_EQ(RSTFAULT_OUTCOME_RESET, event.outcome);
	EXPECT_EQ(RSTFAULT_STATE_SYN_SENT, event.state);
	EXPECT_EQ(1, rule_fired(&self->host, "late"));
	mnl_socket_close(nl);
	close(fd);
	close(listener);
}

TEST_HARNESS_MAIN
