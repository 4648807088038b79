// SPDX-License-Identifier: GPL-2.0
/*
 * The module comes and goes, and so do network namespaces, with all that a user
 * may have going on in them: connections that carry data, segments that are held,
 * RSTs that are still to be sent, rules that change, somebody who listens.
 * RSTFAULT_LIVES=N: so many of each; "make check-load" has a thousand.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "lib/capture.h"
#include "lib/counters.h"
#include "lib/events.h"
#include "lib/expect.h"
#include "lib/family.h"
#include "lib/host.h"
#include "lib/link.h"
#include "lib/module.h"
#include "lib/packet.h"
#include "lib/rules.h"
#include "lib/streams.h"
#include "lib/tcp.h"
#include "lib/wire.h"

#define LIVES 10

/* Of each family. */
#define HELD 50
#define HELD_PORT 9

/* So many network namespaces may be on their way out at once. */
#define LEAVING 4

/* Far more than anything takes, also on a machine that is slow. */
#define PATIENCE_MS (warped() ? 5000 : 60000)

/**
 * struct life - two hosts on a cable, and all that goes on between them
 * @client: sends data
 * @server: forwards from @near to @far, and holds RSTs on that way
 * @near: RSTs come by this wire
 * @far: and leave by this one
 * @streams: from @client to @server
 * @churner: changes the rules of both
 * @listener: is told of events by both
 * @done: what both have done, shared with them
 */
struct life {
	struct host client;
	struct host server;
	int near;
	int far;
	struct streams streams;
	pid_t churner;
	pid_t listener;
	uint64_t *done;
};

enum done { CHANGES, EVENTS };

static const char * const client_rules[] = {
	"out data every 7 delay 1ms jitter 1ms",
	"out data every 13 forge to receiver seq out-of-window after 5ms count 3 every 5ms",
	"in ack every 11 duplicate 2",
	NULL
};

static const char * const server_rules[] = {
	"in rst dport 9 delay 1h",
	"in data every 17 delay 2ms until next",
	"in data every 101 drop",
	NULL
};

static const char * const churned[] = {
	"name churn in any skip 4 per connection pass",
	"name churn output data limit 3 per connection shadow drop",
	"name churn out rst for 3ms delay 2ms",
};

static unsigned int lives(void)
{
	const char *number = getenv("RSTFAULT_LIVES");

	return number ? atoi(number) : LIVES;
}

/*
 * What may come between: the module has gone, or is just going, or the rule has,
 * or others have changed rules while they were told.
 */
static bool is_wrong(int err)
{
	return err && err != -ENOENT && err != -EPROTONOSUPPORT && err != -EINTR;
}

/* All in one request. */
static int set_rules(const struct host *host, const char * const rules[])
{
	struct refusal refusal;
	struct family family;
	struct nlmsghdr *nlh;
	int err;

	err = family_open(&family, host);
	if (err)
		return err;

	nlh = family_request(&family, RSTFAULT_CMD_RULE_ADD, 0);
	while (*rules && !err)
		err = rules_put(nlh, *rules++);
	if (!err)
		err = family_send(&family, nlh, NULL, NULL, &refusal);
	family_close(&family);

	return err;
}

/* Who asks for the family while there is none has the kernel look for a module. */
static void wait_for_module(void)
{
	do {
		usleep(2000);
	} while (access("/sys/module/rstfault/initstate", F_OK));
}

/* Be told all rules; while that lasts the module cannot be unloaded. */
static int list(const struct host *host)
{
	struct family family;
	struct nlmsghdr *nlh;
	uint64_t sum = 0;
	int err;

	err = family_open(&family, host);
	if (!err) {
		nlh = family_request(&family, RSTFAULT_CMD_RULE_GET,
				     NLM_F_DUMP);
		err = family_sum(&family, nlh, &sum);
	}
	family_close(&family);

	return err;
}

/* Add a rule, be told of all, delete it: for ever, or until something is wrong. */
static int churn(const struct life *life)
{
	const struct host *hosts[] = { &life->client, &life->server };
	const char *rule[2] = {};
	unsigned int i;
	int err;

	for (i = 0;; i++) {
		wait_for_module();
		rule[0] = churned[i / 2 % ARRAY_SIZE(churned)];
		err = set_rules(hosts[i % 2], rule);
		if (!err)
			__atomic_add_fetch(&life->done[CHANGES], 1, __ATOMIC_RELAXED);
		if (!is_wrong(err))
			err = list(hosts[i % 2]);
		if (!is_wrong(err))
			err = rule_delete(hosts[i % 2], "churn");
		if (is_wrong(err))
			return -err;
	}
}

/* Come and listen for a while, and go again. */
static int listen_to(const struct life *life)
{
	const struct host *hosts[] = { &life->client, &life->server };
	struct mnl_socket *nl;
	struct event event;
	unsigned int i;
	int err, n;

	for (i = 0;; i++) {
		wait_for_module();
		err = events_open(&nl, hosts[i % 2]);
		if (is_wrong(err))
			return -err;
		if (err)
			continue;
		for (n = 0; n < 10 && !err; n++) {
			err = events_read(nl, &event, 20);
			if (!err)
				__atomic_add_fetch(&life->done[EVENTS], 1, __ATOMIC_RELAXED);
		}
		mnl_socket_close(nl);
		if (err && err != -EAGAIN && err != -ENOBUFS)
			return -err;
	}
}

static pid_t start(int (*what)(const struct life *life),
		   const struct life *life)
{
	pid_t pid = fork();

	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		_exit(what(life));
	}
	return pid;
}

static int lay_wires(struct life *life)
{
	const struct host *server = &life->server;

	life->near = wire_open(server, "wire0");
	life->far = wire_open(server, "wire1");
	if (life->near < 0 || life->far < 0)
		return life->near < 0 ? life->near : life->far;

	return host_add_addr(server, "wire0", "198.51.100.1", 24) ?:
	       host_add_addr(server, "wire0", "2001:db8:1::1", 64) ?:
	       host_add_addr(server, "wire1", "203.0.113.1", 24) ?:
	       host_add_addr(server, "wire1", "2001:db8:2::1", 64) ?:
	       host_sysctl(server, "ipv4/ip_forward", "1") ?:
	       host_sysctl(server, "ipv6/conf/all/forwarding", "1");
}

static int life_begin(struct life *life)
{
	int err;

	*life = (struct life){ .near = -1, .far = -1, .server.netns = -1 };
	life->done = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (life->done == MAP_FAILED)
		return -errno;

	err = host_init(&life->client) ?:
	      host_init(&life->server) ?:
	      host_join(&life->client, &life->server) ?:
	      lay_wires(life) ?:
	      streams_start(&life->streams, &life->client, &life->server);
	if (err)
		return err;

	life->churner = start(churn, life);
	life->listener = start(listen_to, life);
	return life->churner < 0 || life->listener < 0 ? -EAGAIN : 0;
}

/* Returns what is wrong, or NULL. */
static const char *end(pid_t pid, const char *wrong)
{
	int status;

	if (pid <= 0)
		return wrong;
	kill(pid, SIGKILL);
	if (waitpid(pid, &status, 0) < 0 || !WIFSIGNALED(status)) {
		printf("# exit status %d\n", WEXITSTATUS(status));
		return wrong;
	}
	return NULL;
}

static const char *life_end(struct life *life)
{
	const char *churner, *listener, *streams;

	churner = end(life->churner, "rules could not be changed");
	listener = end(life->listener, "nobody could listen");
	streams = streams_end(&life->streams) ? "a connection broke" : NULL;
	close(life->near);
	close(life->far);
	host_free(&life->client);
	host_free(&life->server);
	munmap(life->done, 4096);

	return churner ?: listener ?: streams;
}

static void set_rst(struct packet *packet, int family, uint16_t nr)
{
	*packet = (struct packet){
		.family = family,
		.saddr = family == AF_INET6 ? "2001:db8:1::2" : "198.51.100.2",
		.daddr = family == AF_INET6 ? "2001:db8:2::2" : "203.0.113.2",
		.sport = nr,
		.dport = HELD_PORT,
		.flags = TH_RST,
	};
	packet_build(packet);
}

/* Have as many held as there should be. Returns 0 or a negative errno. */
static int fill(const struct life *life)
{
	int64_t until = tcp_now_ms() + PATIENCE_MS, held;
	struct packet packet;
	int i, err;

	for (i = 0; i < 2 * HELD; i++) {
		set_rst(&packet, i % 2 ? AF_INET6 : AF_INET, i / 2 + 1);
		err = wire_send(life->near, &packet);
		if (err)
			return err;
	}
	do {
		usleep(1000);
		held = host_stat(&life->server, RSTFAULT_A_STATS_HELD);
	} while (held < 2 * HELD && tcp_now_ms() < until);

	return held < 2 * HELD ? -ETIMEDOUT : 0;
}

/* All that were held leave, each once, in the order in which they came. */
static void expect_released(struct __test_metadata *_metadata,
			    const struct life *life)
{
	unsigned int came[2] = {}, *nr;
	struct capture capture;

	while (came[0] + came[1] < 2 * HELD) {
		ASSERT_TRUE(capture_read(life->far, &capture, PATIENCE_MS)) {
			TH_LOG("%u and %u came", came[0], came[1]);
		}
		if (capture.packet.dport != HELD_PORT)
			continue;
		nr = &came[capture.packet.family == AF_INET6];
		EXPECT_EQ(++*nr, capture.packet.sport);
	}
}

FIXTURE(module) {
	struct module module;
	struct life life;
};

FIXTURE_SETUP(module)
{
	/* No file is read later, when all want the processor. */
	module_read(&self->module);
	ASSERT_EQ(0, life_begin(&self->life));
}

FIXTURE_TEARDOWN(module)
{
	EXPECT_EQ(NULL, life_end(&self->life));
	/* Others need it, also where it was not to be unloaded like that. */
	if (self->module.size)
		EXPECT_EQ(0, module_load(&self->module));
	module_free(&self->module);
}

/* Others listen, change rules, carry data; it is as if nothing had been. */
TEST_F_TIMEOUT(module, comes_and_goes, 7200)
{
	int64_t took, most = 0, all = 0;
	unsigned int i, nr = lives();
	uint64_t changes, events;

	if (!self->module.size)
		SKIP(return, MODULE_REASON);

	for (i = 0; i < nr; i++) {
		ASSERT_EQ(0, set_rules(&self->life.client, client_rules));
		ASSERT_EQ(0, set_rules(&self->life.server, server_rules));
		ASSERT_EQ(0, fill(&self->life));
		ASSERT_EQ(0, streams_go_on(&self->life.streams, PATIENCE_MS));

		took = tcp_now_ms();
		ASSERT_EQ(0, module_unload("rstfault"));
		took = tcp_now_ms() - took;
		all += took;
		if (took > most)
			most = took;
		expect_released(_metadata, &self->life);
		EXPECT_EQ(0, streams_go_on(&self->life.streams, PATIENCE_MS));
		ASSERT_EQ(0, module_load(&self->module));
	}
	changes = __atomic_load_n(&self->life.done[CHANGES], __ATOMIC_RELAXED);
	events = __atomic_load_n(&self->life.done[EVENTS], __ATOMIC_RELAXED);
	EXPECT_LT(0, changes);
	EXPECT_LT(0, events);
	printf("# %u loads; to unload took %lld ms, at most %lld; %llu rules, %llu events\n",
	       nr, (long long)all / nr, (long long)most,
	       (unsigned long long)changes, (unsigned long long)events);
}

FIXTURE(netns) {
	struct host observer;
};

FIXTURE_SETUP(netns)
{
	ASSERT_EQ(0, host_init(&self->observer));
}

FIXTURE_TEARDOWN(netns)
{
	host_free(&self->observer);
}

/* Once its cable is gone, so is a netns. */
static int wait_gone(const struct host *observer, const char *ifname)
{
	int64_t until = tcp_now_ms() + PATIENCE_MS;

	while (host_has(observer, ifname)) {
		if (tcp_now_ms() > until)
			return -ETIMEDOUT;
		usleep(1000);
	}

	return 0;
}

/* Two at once, as a client and a server do; others are still on their way out. */
TEST_F_TIMEOUT(netns, comes_and_goes, 7200)
{
	unsigned int i, nr = (lives() + 1) / 2;
	char ifname[IFNAMSIZ];
	struct life life;

	for (i = 0; i < nr + LEAVING; i++) {
		snprintf(ifname, sizeof(ifname), "observe%u", i % LEAVING);
		ASSERT_EQ(0, wait_gone(&self->observer, ifname));
		if (i >= nr)
			continue;

		ASSERT_EQ(0, life_begin(&life));
		ASSERT_EQ(0, link_cable(&self->observer, ifname, &life.server,
					"observer"));
		ASSERT_EQ(0, set_rules(&life.client, client_rules));
		ASSERT_EQ(0, set_rules(&life.server, server_rules));
		ASSERT_EQ(0, fill(&life));
		ASSERT_EQ(0, streams_go_on(&life.streams, PATIENCE_MS));
		EXPECT_EQ(NULL, life_end(&life));
	}
	printf("# %u network namespaces\n", 2 * nr);
}

TEST_HARNESS_MAIN
