// SPDX-License-Identifier: GPL-2.0
/*
 * What is between a RST and the socket that it is for: connection tracking, which
 * follows RSTs by rules of its own, and REJECT of packet filters, which makes
 * RSTs.
 */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "lib/nft.h"
#include "lib/peer.h"
#include "lib/states.h"
#include "lib/tracked.h"
#include "lib/wired.h"

/* Bytes that the client gets first, so that there are old numbers. */
#define BEFORE 10

struct row {
	const char *words;	/* of inject */
	int outcome;
	const char *state;	/* of the connection, as tracking has it */
	int invalid;		/* it says so of the RST */
	const char *sysctl;	/* is set to 1 */
};

static void try_row(struct __test_metadata *_metadata,
		    FIXTURE_DATA(pair) *self, int family, const struct row *row)
{
	struct tracked tracked;
	int64_t invalid;
	char bytes[BEFORE];
	int err;

	err = tracked_begin(&self->client);
	if (err == -ENOENT || err == -EOPNOTSUPP)
		SKIP(return, "no connection tracking for nf_tables");
	ASSERT_EQ(0, err);
	if (row->sysctl)
		ASSERT_EQ(0, host_sysctl(&self->client, row->sysctl, "1"));

	pair_connect(_metadata, self, family);
	ASSERT_EQ(BEFORE, send(self->peer, "0123456789", BEFORE, 0));
	ASSERT_EQ(BEFORE, recv(self->fd, bytes, BEFORE, MSG_WAITALL));
	poll(NULL, 0, 500);
	ASSERT_EQ(0, tracked_read(&self->client, self->port, &tracked));
	ASSERT_STREQ("ESTABLISHED", tracked.state);
	invalid = tracked_invalid(&self->client);

	inject(_metadata, self, family, row->words, row->outcome, row->words);
	ASSERT_EQ(0, tracked_read(&self->client, self->port, &tracked));
	EXPECT_STREQ(row->state, tracked.state);
	EXPECT_EQ(invalid + row->invalid, tracked_invalid(&self->client));
	EXPECT_EQ(row->outcome == RSTFAULT_OUTCOME_RESET ? TCP_CLOSE :
							   TCP_ESTABLISHED,
		  tcp_state(self->fd));
}

#define TEST_ROW(name, ...)						\
TEST_F(pair, name)							\
{									\
	const struct row row = { __VA_ARGS__ };				\
									\
	try_row(_metadata, self, variant->family, &row);		\
}

TEST_ROW(conntrack_exact, "", RSTFAULT_OUTCOME_RESET, "CLOSE")
/* It may be challenged, so the connection is kept. */
TEST_ROW(conntrack_in_window, "seq in-window", RSTFAULT_OUTCOME_CHALLENGED,
	 "ESTABLISHED")
TEST_ROW(conntrack_before, "seq -1", RSTFAULT_OUTCOME_IGNORED, "ESTABLISHED",
	 .invalid = 1)
TEST_ROW(conntrack_out_of_window, "seq out-of-window",
	 RSTFAULT_OUTCOME_IGNORED, "ESTABLISHED", .invalid = 1)
TEST_ROW(conntrack_badsum, "badsum", RSTFAULT_OUTCOME_IGNORED, "ESTABLISHED",
	 .invalid = 1)
TEST_ROW(conntrack_before_ignore_invalid_rst, "seq -1",
	 RSTFAULT_OUTCOME_IGNORED, "ESTABLISHED", .invalid = 0,
	 .sysctl = "netfilter/nf_conntrack_tcp_ignore_invalid_rst")
/* That is about old numbers alone. */
TEST_ROW(conntrack_out_of_window_ignore_invalid_rst, "seq out-of-window",
	 RSTFAULT_OUTCOME_IGNORED, "ESTABLISHED", .invalid = 1,
	 .sysctl = "netfilter/nf_conntrack_tcp_ignore_invalid_rst")
/* And this about new ones. */
TEST_ROW(conntrack_before_be_liberal, "seq -1", RSTFAULT_OUTCOME_IGNORED,
	 "ESTABLISHED", .invalid = 1,
	 .sysctl = "netfilter/nf_conntrack_tcp_be_liberal")
TEST_ROW(conntrack_out_of_window_be_liberal, "seq out-of-window",
	 RSTFAULT_OUTCOME_IGNORED, "ESTABLISHED", .invalid = 0,
	 .sysctl = "netfilter/nf_conntrack_tcp_be_liberal")

/*
 * What is lost at `in` is lost in front of connection tracking, what is lost at
 * `input` behind it: that has the connection as closed, the socket has not.
 */
static void lose(struct __test_metadata *_metadata, FIXTURE_DATA(pair) *self,
		 int family, const char *hook, const char *state)
{
	struct tracked tracked;
	int err;

	err = tracked_begin(&self->client);
	if (err == -ENOENT || err == -EOPNOTSUPP)
		SKIP(return, "no connection tracking for nf_tables");
	ASSERT_EQ(0, err);
	ASSERT_EQ(0, rules_add(&self->client, "name lost %s rst drop", hook));
	pair_connect(_metadata, self, family);
	pair_abort_end(&self->peer);

	EXPECT_FALSE(tcp_readable(self->fd, NOTHING_MS));
	EXPECT_EQ(1, rule_fired(&self->client, "lost"));
	ASSERT_EQ(0, tracked_read(&self->client, self->port, &tracked));
	EXPECT_STREQ(state, tracked.state);
	EXPECT_EQ(TCP_ESTABLISHED, tcp_state(self->fd));
}

TEST_F(pair, conntrack_lost_in)
{
	lose(_metadata, self, variant->family, "in", "ESTABLISHED");
}

TEST_F(pair, conntrack_lost_input)
{
	lose(_metadata, self, variant->family, "input", "CLOSE");
}

/* Where tracking has found the checksum right, it can still be made wrong. */
TEST_F(wired, conntrack_mangle_badsum)
{
	struct packet rst;
	struct peer peer;
	int64_t before;
	int err;

	err = tracked_begin(&self->host);
	if (err == -ENOENT || err == -EOPNOTSUPP)
		SKIP(return, "no connection tracking for nf_tables");
	ASSERT_EQ(0, err);
	ASSERT_EQ(0, rules_add(&self->host, "name m input rst mangle badsum"));
	ASSERT_EQ(0, peer_connect(&peer, &self->host, variant->family,
				  self->near, 1000));
	before = host_mib(&self->host, "Tcp", "InCsumErrors");
	peer_packet(&peer, &rst, TH_RST, 0);
	ASSERT_EQ(0, wire_send(self->near, &rst));

	EXPECT_EQ(1, rule_fired(&self->host, "m"));
	EXPECT_EQ(before + 1, host_mib(&self->host, "Tcp", "InCsumErrors"));
	EXPECT_EQ(TCP_ESTABLISHED, tcp_state(peer.fd));
	peer_abort(&peer);
}

/*
 * REJECT of nftables, behind the sending socket: it is told, its peer is not, and
 * goes on to believe in the connection. iptables calls the same function.
 */
TEST_F(pair, reject_output)
{
	int err;

	if (!nft_known(&self->client))
		SKIP(return, "needs nftables");
	ASSERT_EQ(0, nft_add_table(&self->client));
	ASSERT_EQ(0, nft_add_chain(&self->client, &(struct nft_chain){
		.name = "c", .hook = NF_INET_LOCAL_OUT,
	}));
	pair_establish();
	err = nft_add_rule(&self->client, &(struct nft_rule){
		.chain = "c", .dport = TCP_PORT_OPEN, .reset = true,
	});
	if (err == -ENOENT)
		SKIP(return, "needs nft_reject_inet in the kernel");
	ASSERT_EQ(0, err);
	send(self->fd, "x", 1, MSG_NOSIGNAL);
	ASSERT_TRUE(tcp_readable(self->fd, COMES_MS));
	EXPECT_OUTCOME(OUTCOME_ENDED(ECONNRESET, OUTCOME_SO_ERROR), self->fd,
		       OUTCOME_SO_ERROR, "sender");
	EXPECT_OUTCOME(OUTCOME_ALIVE(OUTCOME_SO_ERROR), self->peer,
		       OUTCOME_SO_ERROR, "peer");
}

/* What it cannot do: both ends are told. */
TEST_F(pair, forge_output)
{
	ASSERT_EQ(0, rules_add(&self->client,
			       "output data dport %d forge to both and drop",
			       TCP_PORT_OPEN));
	pair_establish();
	ASSERT_EQ(1, send(self->fd, "x", 1, MSG_NOSIGNAL));
	ASSERT_TRUE(tcp_readable(self->fd, COMES_MS));
	EXPECT_OUTCOME(OUTCOME_ENDED(ECONNRESET, OUTCOME_SO_ERROR), self->fd,
		       OUTCOME_SO_ERROR, "sender");
	ASSERT_TRUE(tcp_readable(self->peer, COMES_MS));
	EXPECT_OUTCOME(OUTCOME_ENDED(ECONNRESET, OUTCOME_SO_ERROR), self->peer,
		       OUTCOME_SO_ERROR, "peer");
}

TEST_HARNESS_MAIN
