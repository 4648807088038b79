// SPDX-License-Identifier: GPL-2.0
/*
 * What the kernel tells who listens: who may, what an event says, and that an
 * event that is lost leaves a gap.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "lib/events.h"
#include "lib/expect.h"
#include "lib/link.h"
#include "lib/nft.h"
#include "lib/privilege.h"
#include "lib/route.h"
#include "lib/wired.h"

/* How long to wait for an event that must not come. */
#define GLANCE_MS 100

/* Everything that a rule and its segment have to say. */
TEST_F(wired, fire)
{
	struct mnl_socket *nl;
	struct packet packet;
	struct timespec now;
	struct event event;
	uint64_t before;

	/* The first one drops: the way of a RST is shortest there. */
	ASSERT_EQ(0, tool(&self->host, "add in syn sport 1 pass"));
	ASSERT_EQ(0, tool(&self->host, "add name lost in rst drop"));
	ASSERT_EQ(0, tool(&self->host, "add in data sport 1000 pass"));
	ASSERT_EQ(0, events_open(&nl, &self->host));
	clock_gettime(CLOCK_REALTIME, &now);
	before = now.tv_sec * 1000000000ULL + now.tv_nsec;

	wired_packet(&packet, variant->family, TH_RST, 0);
	ASSERT_EQ(0, wire_send(self->near, &packet));
	ASSERT_EQ(0, events_read(nl, &event, GLANCE_MS));
	EXPECT_EQ(RSTFAULT_EVENT_TYPE_FIRE, event.type);
	EXPECT_EQ(1, event.number);
	clock_gettime(CLOCK_REALTIME, &now);
	EXPECT_LE(before, event.time);
	EXPECT_GE(now.tv_sec * 1000000000ULL + now.tv_nsec, event.time);
	EXPECT_EQ(2, event.rule_id);
	EXPECT_STREQ("lost", event.rule_name);
	EXPECT_EQ(RSTFAULT_HOOK_IN, event.hook);
	EXPECT_EQ(RSTFAULT_ACTION_DROP, event.action);
	EXPECT_FALSE(event.shadow);
	EXPECT_EQ(variant->family, event.family);
	EXPECT_STREQ(packet.saddr, event.saddr);
	EXPECT_STREQ(packet.daddr, event.daddr);
	EXPECT_EQ(1000, event.sport);
	EXPECT_EQ(2000, event.dport);
	EXPECT_EQ(TH_RST, event.flags);
	EXPECT_EQ(0x12345678, event.seq);
	EXPECT_FALSE(event.has_ack);
	EXPECT_EQ(0, event.length);
	EXPECT_EQ(-1, event.fate);
	EXPECT_EQ(-1, event.outcome);

	wired_packet(&packet, variant->family, TH_PSH | TH_ACK, 17);
	ASSERT_EQ(0, wire_send(self->near, &packet));
	ASSERT_EQ(0, events_read(nl, &event, GLANCE_MS));
	EXPECT_EQ(2, event.number);
	EXPECT_EQ(3, event.rule_id);
	EXPECT_STREQ("", event.rule_name);
	EXPECT_EQ(RSTFAULT_ACTION_PASS, event.action);
	EXPECT_EQ(TH_PSH | TH_ACK, event.flags);
	EXPECT_TRUE(event.has_ack);
	EXPECT_EQ(0x9abcdef0, event.ack);
	EXPECT_EQ(17, event.length);

	/* What no rule fires on is no event. */
	wired_packet(&packet, variant->family, TH_FIN | TH_ACK, 0);
	ASSERT_EQ(0, wire_send(self->near, &packet));
	EXPECT_EQ(-EAGAIN, events_read(nl, &event, GLANCE_MS));
	mnl_socket_close(nl);
}

/*
 * A shadow rule tells the state of the local socket, if somebody has asked for
 * the socket; a rule that forges, whether it drops as well.
 */
TEST_F(wired, state)
{
	static const struct {
		uint32_t state;
		bool shadow;
		bool drop;
	} want[] = {
		{ 0, true, false },
		{ RSTFAULT_STATE_LISTENING, true, false },
		{ RSTFAULT_STATE_LISTENING, true, false },
		{ 0, false, true },
	};
	struct mnl_socket *nl;
	struct packet packet;
	struct event event;
	int listener;
	size_t i;

	listener = tcp_listen(&self->host, variant->family, 2000);
	ASSERT_LE(0, listener);
	ASSERT_EQ(0, tool(&self->host, "add in any shadow pass"));
	ASSERT_EQ(0, tool(&self->host, "add in any state listening shadow pass"));
	ASSERT_EQ(0, tool(&self->host, "add in any shadow force forge and drop"));
	ASSERT_EQ(0, tool(&self->host, "add in syn state listening forge and drop"));
	ASSERT_EQ(0, events_open(&nl, &self->host));

	wired_packet(&packet, variant->family, TH_SYN, 0);
	ASSERT_EQ(0, wire_send(self->near, &packet));
	for (i = 0; i < ARRAY_SIZE(want); i++) {
		ASSERT_EQ(0, events_read(nl, &event, COMES_MS));
		EXPECT_EQ(RSTFAULT_EVENT_TYPE_FIRE, event.type);
		EXPECT_EQ(1 + i, event.rule_id);
		EXPECT_EQ(want[i].state, event.state);
		EXPECT_EQ(want[i].shadow, event.shadow);
		EXPECT_EQ(want[i].drop, event.drop);
	}
	close(listener);
	mnl_socket_close(nl);
}

/* Who answers is not here: nobody knows what a RST does to him. */
TEST_F(wired, sent_away)
{
	struct packet packet;
	struct mnl_socket *nl;
	struct event event;

	wired_packet(&packet, variant->family, TH_PSH | TH_ACK, 17);
	packet.daddr = FAR_ADDR(variant->family);
	packet_build(&packet);
	ASSERT_EQ(0, tool(&self->host,
			  "add name f forward data forge to both seq +1 badack"));
	ASSERT_EQ(0, tool(&self->host, "add name d in rst duplicate 1"));
	ASSERT_EQ(0, events_open(&nl, &self->host));

	ASSERT_EQ(0, wire_send(self->near, &packet));
	ASSERT_EQ(0, events_read(nl, &event, COMES_MS));
	EXPECT_EQ(RSTFAULT_EVENT_TYPE_FIRE, event.type);
	EXPECT_EQ(-1, event.outcome);

	ASSERT_EQ(0, events_read(nl, &event, COMES_MS));
	EXPECT_EQ(RSTFAULT_EVENT_TYPE_SENT, event.type);
	EXPECT_EQ(2, event.number);
	EXPECT_EQ(1, event.rule_id);
	EXPECT_STREQ("f", event.rule_name);
	EXPECT_EQ(RSTFAULT_HOOK_FORWARD, event.hook);
	EXPECT_EQ(RSTFAULT_ACTION_FORGE, event.action);
	EXPECT_EQ(RSTFAULT_OUTCOME_UNKNOWN, event.outcome);
	EXPECT_EQ(0, event.state);
	EXPECT_EQ(-1, event.fate);
	EXPECT_STREQ(packet.daddr, event.saddr);
	EXPECT_STREQ(packet.saddr, event.daddr);
	EXPECT_EQ(2000, event.sport);
	EXPECT_EQ(1000, event.dport);
	EXPECT_EQ(TH_RST | TH_ACK, event.flags);
	EXPECT_EQ(packet.ack + 1, event.seq);
	EXPECT_TRUE(event.has_ack);
	EXPECT_EQ(0, event.length);

	ASSERT_EQ(0, events_read(nl, &event, COMES_MS));
	EXPECT_EQ(RSTFAULT_EVENT_TYPE_SENT, event.type);
	EXPECT_EQ(RSTFAULT_OUTCOME_UNKNOWN, event.outcome);
	EXPECT_EQ(0, event.state);
	EXPECT_STREQ(packet.saddr, event.saddr);
	EXPECT_STREQ(packet.daddr, event.daddr);
	EXPECT_EQ(packet.seq + 17 + 1, event.seq);

	/* A copy is told of as what it is a copy of. */
	packet.flags = TH_RST;
	packet.payload = 3;
	packet_build(&packet);
	ASSERT_EQ(0, wire_send(self->near, &packet));
	ASSERT_EQ(0, events_wait(nl, &event, RSTFAULT_EVENT_TYPE_SENT,
				 COMES_MS));
	EXPECT_STREQ("d", event.rule_name);
	EXPECT_EQ(RSTFAULT_ACTION_DUPLICATE, event.action);
	EXPECT_EQ(RSTFAULT_OUTCOME_UNKNOWN, event.outcome);
	EXPECT_EQ(packet.seq, event.seq);
	EXPECT_FALSE(event.has_ack);
	EXPECT_EQ(3, event.length);
	EXPECT_EQ(-EAGAIN, events_read(nl, &event, GLANCE_MS));
	mnl_socket_close(nl);
}

/* @rst, held for so many milliseconds, is let go. */
static void expect_release(struct __test_metadata *_metadata,
			   struct mnl_socket *nl, const struct packet *rst,
			   int fate, int ms)
{
	struct event event;

	ASSERT_EQ(0, events_wait(nl, &event, RSTFAULT_EVENT_TYPE_RELEASE,
				 COMES_MS));
	EXPECT_EQ(fate, event.fate);
	EXPECT_STREQ("held", event.rule_name);
	EXPECT_EQ(RSTFAULT_ACTION_DELAY, event.action);
	EXPECT_EQ(-1, event.outcome);
	EXPECT_STREQ(rst->saddr, event.saddr);
	EXPECT_EQ(TH_RST, event.flags);
	EXPECT_EQ(rst->seq, event.seq);
	EXPECT_LE(ms * 1000000LL, event.held);
	EXPECT_GE((ms + LATE_MS) * 1000000LL, event.held);
}

/* An action comes first, then what becomes of it, however soon that is. */
TEST_F(wired, soon)
{
	static const struct {
		const char *action;
		uint32_t then;
	} rows[] = {
		{ "delay 1us", RSTFAULT_EVENT_TYPE_RELEASE },
		{ "duplicate 1 every 1us", RSTFAULT_EVENT_TYPE_SENT },
		{ "forge after 1us", RSTFAULT_EVENT_TYPE_SENT },
	};
	struct mnl_socket *nl;
	struct packet packet;
	struct event event;
	int i, nr;

	ASSERT_EQ(0, events_open(&nl, &self->host));
	/* In a softirq the timer would have to wait. */
	wired_packet(&packet, variant->family, TH_PSH | TH_ACK, 5);
	packet.saddr = self->way[WAY_OUT].saddr;
	packet.daddr = self->way[WAY_OUT].daddr;
	packet_build(&packet);

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		ASSERT_EQ(0, tool(&self->host, "add output data dport 2000 %s",
				  rows[i].action));
		for (nr = 0; nr < 20; nr++) {
			ASSERT_EQ(0, way_send(&self->way[WAY_OUT], &packet));
			ASSERT_EQ(0, events_read(nl, &event, COMES_MS));
			EXPECT_EQ(RSTFAULT_EVENT_TYPE_FIRE, event.type) {
				TH_LOG("%s: the first event", rows[i].action);
			}
			ASSERT_EQ(0, events_read(nl, &event, COMES_MS));
			EXPECT_EQ(rows[i].then, event.type) {
				TH_LOG("%s: the second", rows[i].action);
			}
		}
		ASSERT_EQ(0, rule_flush(&self->host));
	}
	mnl_socket_close(nl);
}

#define HOLD "add name held in rst delay "

TEST_F(wired, release)
{
	struct packet rst, data;
	struct counters counters;
	struct mnl_socket *nl;
	struct event event;

	wired_packet(&rst, variant->family, TH_RST, 0);
	wired_packet(&data, variant->family, TH_PSH | TH_ACK, 5);
	ASSERT_EQ(0, events_open(&nl, &self->host));

	ASSERT_EQ(0, tool(&self->host, HOLD "200ms"));
	ASSERT_EQ(0, wire_send(self->near, &rst));
	expect_release(_metadata, nl, &rst, RSTFAULT_FATE_TIME, 200);
	ASSERT_EQ(0, rule_flush(&self->host));

	ASSERT_EQ(0, tool(&self->host, HOLD "1h until next"));
	ASSERT_EQ(0, wire_send(self->near, &rst));
	usleep(50000);
	ASSERT_EQ(0, wire_send(self->near, &data));
	expect_release(_metadata, nl, &rst, RSTFAULT_FATE_NEXT, 50);
	ASSERT_EQ(0, rule_flush(&self->host));

	ASSERT_EQ(0, tool(&self->host, HOLD "1h"));
	ASSERT_EQ(0, wire_send(self->near, &rst));
	usleep(50000);
	ASSERT_EQ(1, rule_release(&self->host, "held"));
	expect_release(_metadata, nl, &rst, RSTFAULT_FATE_ASKED, 50);

	ASSERT_EQ(0, wire_send(self->near, &rst));
	ASSERT_EQ(0, rule_delete(&self->host, "held"));
	expect_release(_metadata, nl, &rst, RSTFAULT_FATE_RULE, 0);

	ASSERT_EQ(0, tool(&self->host, HOLD "1h"));
	ASSERT_EQ(0, wire_send(self->near, &rst));
	ASSERT_EQ(0, link_down(&self->host, "wire0"));
	expect_release(_metadata, nl, &rst, RSTFAULT_FATE_DEVICE, 0);

	EXPECT_EQ(-EAGAIN, events_read(nl, &event, GLANCE_MS));
	ASSERT_EQ(0, host_counters(&self->host, &counters));
	EXPECT_EQ(4, HOST_COUNT(&counters, RELEASED));
	EXPECT_EQ(1, HOST_COUNT(&counters, LOST));
	mnl_socket_close(nl);
}

/*
 * RSTs and copies that the stack does not take: a filter that comes behind the
 * rule drops them, or there is no route.
 */
#define NO_ROUTE NF_INET_NUMHOOKS

static const struct {
	int way;
	const char *rule;
	unsigned int filter;	/* hook, or NO_ROUTE */
	int count;
	bool to_sender;
} refusers[] = {
	{ WAY_IN, "in data forge", NF_INET_LOCAL_OUT, 1, true },
	{ WAY_IN, "input data forge count 3", NF_INET_LOCAL_OUT, 3, true },
	{ WAY_THROUGH, "forward data forge", NF_INET_LOCAL_OUT, 1, true },
	{ WAY_IN, "in data forge", NO_ROUTE, 1, true },
	{ WAY_IN, "in data forge to receiver", NF_INET_PRE_ROUTING, 1 },
	{ WAY_IN, "input data forge to receiver and drop", NF_INET_LOCAL_IN,
	  1 },
	{ WAY_THROUGH, "forward data forge to receiver", NF_INET_FORWARD, 1 },
	{ WAY_OUT, "output data forge to receiver and drop", NF_INET_LOCAL_OUT,
	  1 },
	{ WAY_OUT, "output data duplicate 2", NF_INET_LOCAL_OUT, 2 },
	{ WAY_IN, "in data duplicate 2 every 20ms", NF_INET_PRE_ROUTING, 2 },
};

/* Have @host not take what is sent. */
static int refuse(const struct host *host, unsigned int filter,
		  const struct route *route)
{
	if (filter == NO_ROUTE)
		return route_del(host, route);
	return nft_add_table(host) ?: nft_add_chain(host, &(struct nft_chain){
		.name = "filter",
		.hook = filter,
		.drop = true,
	});
}

static int refuse_no_more(const struct host *host, unsigned int filter,
			  const struct route *route)
{
	return filter == NO_ROUTE ? route_add(host, route) :
				    nft_del_table(host);
}

TEST_F(wired, unsent)
{
	const struct route route = {
		.dst = variant->family == AF_INET6 ? "2001:db8::" : "192.0.2.0",
		.bits = variant->family == AF_INET6 ? 64 : 24,
		.dev = "wire0",
	};
	struct counters counters;
	struct packet packet;
	struct mnl_socket *nl;
	struct event event;
	int unsent = 0, i, j;

	if (!nft_known(&self->host))
		SKIP(return, "needs nftables");
	ASSERT_EQ(0, events_open(&nl, &self->host));

	for (i = 0; i < ARRAY_SIZE(refusers); i++) {
		const struct way *way = &self->way[refusers[i].way];
		const char *what = refusers[i].rule;

		wired_packet(&packet, variant->family, TH_PSH | TH_ACK, 5);
		packet.saddr = way->saddr;
		packet.daddr = way->daddr;
		packet_build(&packet);
		ASSERT_EQ(0, tool(&self->host, "add name r %s", what));
		ASSERT_EQ(0, refuse(&self->host, refusers[i].filter, &route));
		way_send(way, &packet);
		for (j = 0; j < refusers[i].count; j++) {
			ASSERT_EQ(0, events_wait(nl, &event,
						 RSTFAULT_EVENT_TYPE_SENT,
						 COMES_MS)) {
				TH_LOG("%s", what);
			}
			EXPECT_EQ(RSTFAULT_OUTCOME_UNSENT, event.outcome) {
				TH_LOG("%s", what);
			}
			EXPECT_EQ(0, event.state);
			EXPECT_STREQ(refusers[i].to_sender ? packet.daddr :
							     packet.saddr,
				     event.saddr) {
				TH_LOG("%s", what);
			}
		}
		unsent += refusers[i].count;
		EXPECT_EQ(-EAGAIN, events_read(nl, &event, GLANCE_MS));

		ASSERT_EQ(0, rule_counters(&self->host, "r", &counters));
		EXPECT_EQ(1, RULE_COUNT(&counters, FIRED)) {
			TH_LOG("%s", what);
		}
		EXPECT_EQ(0, RULE_COUNT(&counters, SENT)) {
			TH_LOG("%s", what);
		}
		EXPECT_EQ(refusers[i].count, RULE_COUNT(&counters, UNSENT)) {
			TH_LOG("%s", what);
		}
		EXPECT_EQ(0, RULE_COUNT(&counters, FAILED));
		ASSERT_EQ(0, host_counters(&self->host, &counters));
		EXPECT_EQ(0, HOST_COUNT(&counters, SENT));
		EXPECT_EQ(unsent, HOST_COUNT(&counters, UNSENT));

		ASSERT_EQ(0, rule_flush(&self->host));
		ASSERT_EQ(0, refuse_no_more(&self->host, refusers[i].filter,
					    &route));
	}
	mnl_socket_close(nl);
}

/* A listener hears its own netns alone, and misses nothing while it listens. */
TEST_F(wired, listeners)
{
	struct mnl_socket *nl, *second, *foreign;
	struct packet packet;
	struct event event;
	struct host other;
	uint64_t number;
	int i;

	wired_packet(&packet, variant->family, TH_RST, 0);
	ASSERT_EQ(0, tool(&self->host, "add in rst drop"));
	ASSERT_EQ(0, wire_send(self->near, &packet));

	/* Nobody has listened, so there was no event. */
	ASSERT_EQ(0, host_init(&other));
	ASSERT_EQ(0, events_open(&foreign, &other));
	ASSERT_EQ(0, events_open(&nl, &self->host));
	for (i = 0; i < 100; i++) {
		ASSERT_EQ(0, wire_send(self->near, &packet));
		ASSERT_EQ(0, events_read(nl, &event, GLANCE_MS));
		EXPECT_EQ(1 + i, event.number);
	}
	ASSERT_EQ(0, events_open(&second, &self->host));
	ASSERT_EQ(0, wire_send(self->near, &packet));
	ASSERT_EQ(0, events_read(nl, &event, GLANCE_MS));
	EXPECT_EQ(101, event.number);
	ASSERT_EQ(0, events_read(second, &event, GLANCE_MS));
	EXPECT_EQ(101, event.number);
	EXPECT_EQ(-EAGAIN, events_read(foreign, &event, GLANCE_MS));

	/* The next listener begins somewhere, and goes on from there. */
	mnl_socket_close(nl);
	mnl_socket_close(second);
	mnl_socket_close(foreign);
	ASSERT_EQ(0, wire_send(self->near, &packet));
	ASSERT_EQ(0, events_open(&nl, &self->host));
	ASSERT_EQ(0, wire_send(self->near, &packet));
	ASSERT_EQ(0, events_read(nl, &event, GLANCE_MS));
	number = event.number;
	EXPECT_LT(101, number);
	ASSERT_EQ(0, wire_send(self->near, &packet));
	ASSERT_EQ(0, events_read(nl, &event, GLANCE_MS));
	EXPECT_EQ(number + 1, event.number);
	mnl_socket_close(nl);
	host_free(&other);
}

/* Who does not read loses events, is told, and can count them. */
TEST_F(wired, overrun)
{
	int size = 1, sent = 0, got = 0, err;
	struct mnl_socket *nl;
	struct packet packet;
	struct event event;

	wired_packet(&packet, variant->family, TH_RST, 0);
	ASSERT_EQ(0, tool(&self->host, "add in rst drop"));
	ASSERT_EQ(0, events_open(&nl, &self->host));
	ASSERT_EQ(0, setsockopt(mnl_socket_get_fd(nl), SOL_SOCKET, SO_RCVBUF,
				&size, sizeof(size)));
	for (sent = 0; sent < 100; sent++)
		ASSERT_EQ(0, wire_send(self->near, &packet));

	err = events_read(nl, &event, GLANCE_MS);
	EXPECT_EQ(-ENOBUFS, err);
	while (!events_read(nl, &event, GLANCE_MS)) {
		got++;
		EXPECT_EQ(got, event.number);
	}
	EXPECT_LT(0, got);
	EXPECT_GT(sent, got);

	ASSERT_EQ(0, wire_send(self->near, &packet));
	ASSERT_EQ(0, events_read(nl, &event, GLANCE_MS));
	EXPECT_EQ(sent + 1, event.number);
	mnl_socket_close(nl);
}

/* Events of several CPUs come in the order of their numbers. */
TEST_F(wired, order)
{
	int size = 16 << 20, senders = 2, each = 500, i, j;
	struct mnl_socket *nl;
	struct packet packet;
	struct event event;

	wired_packet(&packet, variant->family, TH_RST, 0);
	ASSERT_EQ(0, tool(&self->host, "add in rst drop"));
	ASSERT_EQ(0, events_open(&nl, &self->host));
	ASSERT_EQ(0, setsockopt(mnl_socket_get_fd(nl), SOL_SOCKET,
				SO_RCVBUFFORCE, &size, sizeof(size)));

	for (i = 0; i < senders; i++) {
		if (fork())
			continue;
		for (j = 0; j < each; j++)
			if (wire_send(i ? self->near : self->far, &packet))
				_exit(1);
		_exit(0);
	}
	for (i = 1; i <= senders * each; i++) {
		ASSERT_EQ(0, events_read(nl, &event, 10000));
		ASSERT_EQ(i, event.number);
	}
	for (i = 0; i < senders; i++) {
		int status;

		ASSERT_LT(0, wait(&status));
		EXPECT_EQ(0, status);
	}
	mnl_socket_close(nl);
}

static int listen_unprivileged(const struct host *host)
{
	struct mnl_socket *nl;
	int err;

	/* Without the capability a child could not enter the host either. */
	err = host_enter(host) ?: drop_net_admin();
	return err ?: events_open(&nl, NULL);
}

static int listen_in_foreign_netns(const struct host *host)
{
	struct mnl_socket *nl;
	int err;

	err = host_enter(host);
	if (!err && unshare(CLONE_NEWUSER))
		err = -errno;
	return err ?: events_open(&nl, NULL);
}

static int listen_in_own_netns(const struct host *host)
{
	struct mnl_socket *nl;

	if (unshare(CLONE_NEWUSER | CLONE_NEWNET))
		return -errno;
	return events_open(&nl, NULL);
}

static int in_child(int (*test)(const struct host *host),
		    const struct host *host)
{
	int status;
	pid_t pid;

	pid = fork();
	if (!pid)
		_exit(-test(host));
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || !WIFEXITED(status))
		return -EIO;
	return -WEXITSTATUS(status);
}

TEST_F(wired, privilege)
{
	EXPECT_EQ(-EPERM, in_child(listen_unprivileged, &self->host));
	EXPECT_EQ(-EPERM, in_child(listen_in_foreign_netns, &self->host));
	EXPECT_EQ(0, in_child(listen_in_own_netns, &self->host));
}

TEST_HARNESS_MAIN
