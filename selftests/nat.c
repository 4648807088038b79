// SPDX-License-Identifier: GPL-2.0
/*
 * Rules and forged RSTs on a router that translates addresses, and what its
 * connection tracking has of RSTs that are lost.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "lib/nft.h"
#include "lib/path.h"

#define NAT_PORT 8080

static const char *nat_addr(int family)
{
	return family == AF_INET6 ? "2001:db8:1::1" : "198.51.100.1";
}

/*
 * What the router makes of a connection of the client to NAT_PORT: one from an
 * address of its own to the server's port.
 */
static void translate(struct __test_metadata *_metadata,
		      FIXTURE_DATA(path) *self)
{
	static const int families[] = { AF_INET, AF_INET6 };
	unsigned int i;

	ASSERT_EQ(0, host_add_addr(&self->middle, "r1", "2001:db8:1::1", 128));
	ASSERT_EQ(0, nft_add_table(&self->middle));
	ASSERT_EQ(0, nft_add_chain(&self->middle, &(struct nft_chain){
		.name = "pre",
		.hook = NF_INET_PRE_ROUTING,
		.priority = -100,
		.nat = true,
	}));
	ASSERT_EQ(0, nft_add_chain(&self->middle, &(struct nft_chain){
		.name = "post",
		.hook = NF_INET_POST_ROUTING,
		.priority = 100,
		.nat = true,
	}));
	for (i = 0; i < ARRAY_SIZE(families); i++) {
		ASSERT_EQ(0, nft_add_rule(&self->middle, &(struct nft_rule){
			.chain = "pre",
			.dport = NAT_PORT,
			.dnat = host_addr(families[i], SERVER),
			.dnat_port = TCP_PORT_OPEN,
		}));
		ASSERT_EQ(0, nft_add_rule(&self->middle, &(struct nft_rule){
			.chain = "post",
			.oif = "r1",
			.snat = nat_addr(families[i]),
		}));
	}
}

/* In front of NAT the addresses and ports are others than behind it. */
TEST_F(path, nat)
{
	const char *client = host_addr(variant->family, CLIENT);
	const char *nat = nat_addr(variant->family);
	static const char * const rests[] = { "", " and drop" };
	const struct {
		const char *hook;
		const char *saddr;
		uint16_t dport;
	} views[] = {
		{ "in", client, NAT_PORT },
		{ "forward", client, TCP_PORT_OPEN },
		{ "out", nat, TCP_PORT_OPEN },
	};
	struct connection connection;
	unsigned int i, j;

	if (!nft_known(&self->middle))
		SKIP(return, "needs nftables");
	connect_by_router(_metadata, self, false);
	translate(_metadata, self);

	for (i = 0; i < ARRAY_SIZE(views); i++) {
		ASSERT_EQ(0, tool(&self->middle, "add name seen %s syn saddr %s dport %d pass",
				  views[i].hook, views[i].saddr,
				  views[i].dport));
		ASSERT_EQ(0, tool(&self->middle, "add name other %s syn pass",
				  views[i].hook));
		do_connect_to(_metadata, self, variant->family, NAT_PORT,
			      &connection);
		EXPECT_EQ(1, rule_fired(&self->middle, "seen")) {
			TH_LOG("%s", views[i].hook);
		}
		EXPECT_EQ(0, rule_fired(&self->middle, "other")) {
			TH_LOG("%s", views[i].hook);
		}
		ASSERT_EQ(0, rule_flush(&self->middle));
		do_close(&connection);

		/* A RST to either end is translated as the trigger is. */
		for (j = 0; j < ARRAY_SIZE(rests); j++) {
			do_connect_to(_metadata, self, variant->family,
				      NAT_PORT, &connection);
			ASSERT_EQ(0, tool(&self->middle,
					  "add name both %s data saddr %s limit 1 forge to both%s",
					  views[i].hook, views[i].saddr,
					  rests[j]));
			ASSERT_EQ(4, send(connection.fd, "data", 4,
					  MSG_NOSIGNAL));
			EXPECT_EQ(-ECONNRESET, last_word(connection.peer)) {
				TH_LOG("server, %s%s", views[i].hook,
				       rests[j]);
			}
			EXPECT_EQ(-ECONNRESET, last_word(connection.fd)) {
				TH_LOG("client, %s%s", views[i].hook,
				       rests[j]);
			}
			EXPECT_EQ(1, rule_fired(&self->middle, "both"));
			ASSERT_EQ(0, rule_flush(&self->middle));
			do_close(&connection);
		}
	}
}

/*
 * A RST that goes before its trigger, which opens a connection, does not choose
 * what the trigger is translated to.
 */
TEST_F(path, nat_refused)
{
	const char *nat = nat_addr(variant->family);
	int fd, listener;

	if (!nft_known(&self->middle))
		SKIP(return, "needs nftables");
	connect_by_router(_metadata, self, false);
	translate(_metadata, self);
	listener = tcp_listen(&self->server, variant->family, TCP_PORT_OPEN);
	ASSERT_LE(0, listener);

	fd = tcp_socket(&self->client, variant->family);
	ASSERT_LE(0, fd);

	ASSERT_EQ(0, tool(&self->server, "add name seen in syn saddr %s pass",
			  nat));
	ASSERT_EQ(0, tool(&self->server, "add name other in syn pass"));
	ASSERT_EQ(0, tool(&self->middle, "add name r forward syn limit 1 forge"));
	EXPECT_EQ(-ECONNREFUSED, tcp_connect(fd, variant->family, SERVER,
					     NAT_PORT));
	EXPECT_EQ(1, rule_fired(&self->middle, "r"));
	EXPECT_EQ(1, rule_fired(&self->server, "seen"));
	EXPECT_EQ(0, rule_fired(&self->server, "other"));
	close(fd);
	close(listener);
}

/* Whether connection tracking has a connection from @port in @state. */
static bool tracked(const struct host *host, uint16_t port, const char *state)
{
	char line[512], sport[16];
	bool found = false;
	FILE *file;

	if (host_enter(host))
		return false;
	snprintf(sport, sizeof(sport), " sport=%u ", port);
	file = fopen("/proc/net/nf_conntrack", "re");
	while (file && fgets(line, sizeof(line), file))
		found |= strstr(line, sport) && strstr(line, state);
	if (file)
		fclose(file);
	return !host_leave() && found;
}

/* The RST that a router loses is one that its connection tracking ... */
static const struct loss {
	const char *hook;
	const char *state;
} losses[] = {
	/* ... has not seen. */
	{ "in", " ESTABLISHED " },
	/* ... has seen. */
	{ "forward", " CLOSE " },
	{ "out", " CLOSE " },
};

TEST_F(path, nat_tracks)
{
	const struct linger linger = { .l_onoff = 1 };
	struct connection connection;
	const struct loss *loss;
	int port;

	if (!nft_known(&self->middle))
		SKIP(return, "needs nftables");
	connect_by_router(_metadata, self, false);
	translate(_metadata, self);

	for (loss = losses; loss < losses + ARRAY_SIZE(losses); loss++) {
		ASSERT_EQ(0, tool(&self->middle, "add name r %s rst drop",
				  loss->hook));
		do_connect_to(_metadata, self, variant->family, NAT_PORT,
			      &connection);
		port = tcp_port(connection.fd);
		EXPECT_TRUE(tracked(&self->middle, port, " ESTABLISHED "));

		ASSERT_EQ(0, setsockopt(connection.fd, SOL_SOCKET, SO_LINGER,
					&linger, sizeof(linger)));
		close(connection.fd);
		connection.fd = -1;
		EXPECT_FALSE(tcp_readable(connection.peer, 100));
		EXPECT_EQ(1, rule_fired(&self->middle, "r"));
		EXPECT_TRUE(tracked(&self->middle, port, loss->state)) {
			TH_LOG("lost at %s", loss->hook);
		}
		ASSERT_EQ(0, rule_flush(&self->middle));
		do_close(&connection);
	}
}

TEST_HARNESS_MAIN
