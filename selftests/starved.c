// SPDX-License-Identifier: GPL-2.0
/*
 * Segments when memory is short: each allocation on their way fails once. They
 * go on, and are counted as failed; or all is done.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/if_ether.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "lib/expect.h"
#include "lib/memory.h"
#include "lib/rules.h"
#include "lib/wired.h"

#define PORT 2000
#define ALLOCATIONS_MAX 1000
/* What others have freed is in stock, too, up to NAPI_SKB_CACHE_SIZE. */
#define STOCK_MAX 64

/* What comes of a segment of a kind where nothing fails. */
struct row {
	const char *segment;
	const char *action;
	uint8_t flags;
	size_t payload;
	int sent;		/* RSTs or copies, at once */
	int waiting;		/* later */
	int held;
	bool cloned;		/* takes memory only where somebody else has it */
	int stock;		/* so many make no allocation before one does */
};

static const struct row rows[] = {
	{ "rst", "delay 1h", TH_RST, .held = 1 },
	{ "data", "delay 1h until next", TH_ACK, 7, .held = 1 },
	{ "data", "limit 9 per connection drop", TH_ACK, 7 },
	{ "syn", "forge", TH_SYN, .sent = 1, .stock = 16 },
	{ "data", "forge to both", TH_ACK, 7, .sent = 2 },
	{ "data", "forge to both and drop", TH_ACK, 7, .sent = 2 },
	{ "data", "forge to both after 1h count 3", TH_ACK, 7, .waiting = 6 },
	{ "data", "duplicate 3", TH_ACK, 7, .sent = 3 },
	{ "rst", "duplicate 2 every 1h", TH_RST, .waiting = 2 },
	{ "rst", "mangle seq +1", TH_RST, .cloned = true },
};

/* How often an allocation has failed, and what of that was for want of it. */
struct tally {
	unsigned int injected;
	unsigned int failed;
};

static void tell(const struct tally *tally)
{
	printf("# %u failures injected, %u actions failed\n", tally->injected,
	       tally->failed);
	fflush(stdout);
}

static int way_of(int hook)
{
	switch (hook) {
	case RSTFAULT_HOOK_IN:
	case RSTFAULT_HOOK_INPUT:
		return WAY_IN;
	case RSTFAULT_HOOK_FORWARD:
		return WAY_THROUGH;
	default:
		return WAY_OUT;
	}
}

/* One rule, and nothing that another one has held. */
static int prepare(const struct host *host, const char *hook,
		   const struct row *row)
{
	return rule_flush(host) ?:
	       rules_add(host, "name r %s %s dport %d %s", hook, row->segment,
			 PORT, row->action);
}

static void make(struct packet *packet, const struct way *way,
		 const struct row *row)
{
	*packet = (struct packet){
		.family = way->family,
		.saddr = way->saddr,
		.daddr = way->daddr,
		.sport = 1000,
		.dport = PORT,
		.flags = row->flags,
		.seq = 0x10000000,
		.ack = row->flags & TH_ACK ? 0x20000000 : 0,
		.ttl = 64,
		.payload = row->payload,
	};
	packet_build(packet);
}

/* Somebody who has every packet that arrives, too. */
static int open_tap(const struct host *host)
{
	int fd = -1, err = host_enter(host);

	if (!err) {
		fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC,
			    htons(ETH_P_ALL));
		if (fd < 0)
			err = -errno;
	}
	return host_leave() ?: err ?: fd;
}

#define change(name) \
	((int)(HOST_COUNT(&after, name) - HOST_COUNT(&before, name)))

/* It went on, or all was done to it, or nobody saw it. */
static void expect_segment(struct __test_metadata *_metadata,
			   const struct counters *rule,
			   const struct row *row, int err, const char *what)
{
	int failed = RULE_COUNT(rule, FAILED), fired = RULE_COUNT(rule, FIRED);

	EXPECT_GE(1, failed + fired) {
		TH_LOG("%s: failed %d, fired %d", what, failed, fired);
	}
	EXPECT_EQ(failed + fired, RULE_COUNT(rule, MATCHED)) {
		TH_LOG("%s", what);
	}
	EXPECT_TRUE(!err || err == -ENOMEM || err == -ENOBUFS) {
		TH_LOG("%s: %d", what, err);
	}
	EXPECT_EQ(fired * (row->held + row->waiting), RULE_COUNT(rule, HELD)) {
		TH_LOG("%s", what);
	}
	EXPECT_EQ(fired * row->sent,
		  RULE_COUNT(rule, SENT) + RULE_COUNT(rule, UNSENT)) {
		TH_LOG("%s", what);
	}
}

/* Send a segment while allocation @nth fails. Returns whether there was one. */
static bool try_once(struct __test_metadata *_metadata,
		     FIXTURE_DATA(wired) *self, const struct row *row, int hook,
		     unsigned int nth, struct tally *tally)
{
	const struct way *way = &self->way[way_of(hook)];
	struct counters rule, before, after;
	struct packet packet;
	unsigned int left;
	char what[128];
	int err;

	snprintf(what, sizeof(what), "%s %s %s, allocation %u",
		 way_hooks[hook], row->segment, row->action, nth);
	ASSERT_EQ(0, prepare(&self->host, way_hooks[hook], row));
	make(&packet, way, row);
	capture_drain(way->to);
	capture_drain(way->back);
	ASSERT_EQ(0, host_counters(&self->host, &before));

	memory_fail(nth);
	err = way_send(way, &packet);
	left = memory_left();

	ASSERT_EQ(0, rule_counters(&self->host, "r", &rule));
	ASSERT_EQ(0, host_counters(&self->host, &after));
	expect_segment(_metadata, &rule, row, err, what);
	EXPECT_EQ(RULE_COUNT(&rule, MATCHED), change(SEEN)) {
		TH_LOG("%s", what);
	}
	EXPECT_EQ(RULE_COUNT(&rule, FAILED), change(FAILED)) {
		TH_LOG("%s", what);
	}
	EXPECT_EQ(0, host_imbalance(&self->host)) {
		TH_LOG("%s", what);
	}
	/* That was the one failure, so that nothing keeps it from arriving. */
	if (RULE_COUNT(&rule, FAILED)) {
		EXPECT_EQ(1, change(PASSED)) {
			TH_LOG("%s", what);
		}
		packet.ttl -= way->hops;
		packet_set_ttl(&packet);
		expect_packet(_metadata, way->to, &packet, what);
	}
	if (left) {
		EXPECT_EQ(1, RULE_COUNT(&rule, FIRED)) {
			TH_LOG("%s", what);
		}
		EXPECT_EQ(row->sent, RULE_COUNT(&rule, SENT)) {
			TH_LOG("%s", what);
		}
	}

	tally->injected += !left;
	tally->failed += RULE_COUNT(&rule, FAILED);
	return !left;
}

/* The same until what is in stock has to be filled up again. */
static bool try_segment(struct __test_metadata *_metadata,
			FIXTURE_DATA(wired) *self, const struct row *row,
			int hook, unsigned int nth, struct tally *tally)
{
	bool was_one = false;
	int i;

	for (i = 0; i <= row->stock; i++)
		was_one |= try_once(_metadata, self, row, hook, nth, tally);
	return was_one;
}

/* Use up what is in stock for other reasons. */
static void use_up(struct __test_metadata *_metadata, FIXTURE_DATA(wired) *self,
		   const struct row *row, int hook)
{
	struct tally none = {};
	int i;

	for (i = 0; i < STOCK_MAX; i++)
		EXPECT_FALSE(try_once(_metadata, self, row, hook,
				      ALLOCATIONS_MAX, &none));
}

/* What nobody reads is not kept for ever. */
static void drain_tap(int tap)
{
	char byte;

	while (recv(tap, &byte, 1, MSG_DONTWAIT | MSG_TRUNC) > 0)
		;
}

TEST_F_TIMEOUT(wired, segments, 600)
{
	const struct row *row;
	struct tally tally = {};
	unsigned int nth, failed;
	int hook, tap;

	memory_or_skip(false);
	for (row = rows; row < rows + ARRAY_SIZE(rows); row++) {
		tap = row->cloned ? open_tap(&self->host) : -1;
		for (hook = 0; hook < HOOKS; hook++) {
			if (row->stock)
				use_up(_metadata, self, row, hook);
			failed = tally.failed;
			nth = 1;
			while (try_segment(_metadata, self, row, hook, nth,
					   &tally)) {
				ASSERT_GT(ALLOCATIONS_MAX, nth++);
				drain_tap(tap);
			}
			if (row->cloned && way_of(hook) != WAY_IN)
				continue;
			EXPECT_LT(failed, tally.failed) {
				TH_LOG("%s %s %s: never failed",
				       way_hooks[hook], row->segment,
				       row->action);
			}
		}
		close(tap);
	}
	ASSERT_EQ(0, rule_flush(&self->host));
	memory_end();
	tell(&tally);
}

/* What is done later, by timers: no matter what fails, all ends and is counted. */
static const struct row later[] = {
	{ "rst", "delay 20ms", TH_RST },
	{ "data", "forge to both after 20ms count 3", TH_ACK, 7, .sent = 6 },
	{ "data", "forge after 20ms count 3 every 20ms", TH_ACK, 7, .sent = 3 },
	{ "data", "duplicate 3 every 20ms", TH_ACK, 7, .sent = 3 },
};

#define LATER_MS 100

TEST_F_TIMEOUT(wired, timers, 600)
{
	struct counters rule, before, after;
	unsigned int bytes, unsent;
	const struct row *row;
	struct tally tally = {};
	struct packet packet;
	int failed, hook;
	char what[128];

	memory_or_skip(false);
	for (row = later; row < later + ARRAY_SIZE(later); row++) {
		hook = RSTFAULT_HOOK_FORWARD;
		make(&packet, &self->way[WAY_THROUGH], row);
		failed = 1;
		unsent = 0;
		for (bytes = 0; failed; bytes += 64) {
			snprintf(what, sizeof(what), "%s %s, behind %u bytes",
				 row->segment, row->action, bytes);
			ASSERT_EQ(0, prepare(&self->host, way_hooks[hook], row));
			ASSERT_EQ(0, host_counters(&self->host, &before));
			ASSERT_EQ(0, way_send(&self->way[WAY_THROUGH], &packet));
			ASSERT_EQ(0, memory_fail_interrupts(bytes));
			usleep(LATER_MS * 1000);
			failed = memory_failed_interrupts();

			ASSERT_LE(0, failed);
			ASSERT_EQ(0, rule_counters(&self->host, "r", &rule));
			ASSERT_EQ(0, host_counters(&self->host, &after));
			EXPECT_EQ(1, RULE_COUNT(&rule, FIRED)) {
				TH_LOG("%s", what);
			}
			EXPECT_EQ(0, RULE_COUNT(&rule, HELD)) {
				TH_LOG("%s", what);
			}
			EXPECT_EQ(row->sent, RULE_COUNT(&rule, SENT) +
					     RULE_COUNT(&rule, UNSENT)) {
				TH_LOG("%s", what);
			}
			EXPECT_EQ(RULE_COUNT(&rule, UNSENT), change(UNSENT)) {
				TH_LOG("%s", what);
			}
			EXPECT_EQ(0, host_imbalance(&self->host)) {
				TH_LOG("%s", what);
			}
			tally.injected += failed;
			unsent += RULE_COUNT(&rule, UNSENT);
		}
		tally.failed += unsent;
		if (row->sent)
			EXPECT_LT(0, unsent) {
				TH_LOG("%s: never failed", what);
			}
	}
	ASSERT_EQ(0, rule_flush(&self->host));
	memory_end();
	tell(&tally);
}

/* A request that sends packets itself, and what it is asked by. */
struct asker {
	struct family family;
	struct refusal refusal;
	unsigned int left;
};

/* Ask while allocation @nth fails. Returns what is said. */
static int ask(struct asker *asker, const struct host *host,
	       struct nlmsghdr *nlh, unsigned int nth)
{
	int err;

	memory_fail(nth);
	err = family_send(&asker->family, nlh, NULL, NULL, &asker->refusal);
	asker->left = memory_left();
	if (!err)
		return 0;

	/* What was not read yet is not for the next one. */
	family_close(&asker->family);
	return family_open(&asker->family, host) ?: err;
}

/* All or nothing. -ENOBUFS is netlink's own, also where all was done. */
#define expect_done(err, done, all, what) do {				\
	EXPECT_TRUE(!(err) || (err) == -ENOMEM || (err) == -ENOBUFS) {	\
		TH_LOG("%s: %d", what, err);				\
	}								\
	EXPECT_TRUE((done) == ((err) ? 0 : (all)) ||			\
		    ((err) == -ENOBUFS && (done) == (all))) {		\
		TH_LOG("%s: %d, but %d of %d", what, err, done, all);	\
	}								\
} while (0)

#define SEGMENTS 3

TEST_F_TIMEOUT(wired, release, 300)
{
	static const struct row row = { "rst", "delay 1h", TH_RST };
	struct counters before, after;
	static struct asker asker;
	struct tally tally = {};
	struct packet packet;
	unsigned int nth = 0;
	char what[64];
	int i, err;

	memory_or_skip(false);
	ASSERT_EQ(0, family_open(&asker.family, &self->host));
	make(&packet, &self->way[WAY_THROUGH], &row);

	do {
		snprintf(what, sizeof(what), "release, allocation %u", ++nth);
		ASSERT_EQ(0, prepare(&self->host, "forward", &row));
		for (i = 0; i < SEGMENTS; i++)
			ASSERT_EQ(0, way_send(&self->way[WAY_THROUGH], &packet));
		ASSERT_EQ(0, host_counters(&self->host, &before));
		ASSERT_EQ(SEGMENTS, HOST_COUNT(&before, HELD));

		err = ask(&asker, &self->host,
			  family_request(&asker.family, RSTFAULT_CMD_RELEASE, 0),
			  nth);

		ASSERT_EQ(0, host_counters(&self->host, &after));
		expect_done(err, change(RELEASED), SEGMENTS, what);
		EXPECT_EQ(-change(RELEASED), change(HELD)) {
			TH_LOG("%s", what);
		}
		EXPECT_EQ(0, host_imbalance(&self->host)) {
			TH_LOG("%s", what);
		}
		tally.injected += !asker.left;
		tally.failed += err < 0;
	} while (!asker.left && nth < ALLOCATIONS_MAX);
	EXPECT_NE(0, asker.left);
	EXPECT_NE(0, tally.failed);
	ASSERT_EQ(0, rule_flush(&self->host));
	family_close(&asker.family);
	memory_end();
	tell(&tally);
}

static struct nlmsghdr *build_inject(struct family *family, int af,
				     uint16_t sport, uint16_t dport)
{
	struct nlmsghdr *nlh = family_request(family, RSTFAULT_CMD_INJECT, 0);
	struct nlattr *nest = mnl_attr_nest_start(nlh, RSTFAULT_A_TUPLE);
	bool ipv6 = af == AF_INET6;
	uint8_t addr[16];

	inet_pton(af, HOST_ADDR(af), addr);
	mnl_attr_put_u16(nlh, RSTFAULT_A_TUPLE_FAMILY, af);
	mnl_attr_put(nlh, ipv6 ? RSTFAULT_A_TUPLE_SADDR6 :
				 RSTFAULT_A_TUPLE_SADDR4, ipv6 ? 16 : 4, addr);
	mnl_attr_put(nlh, ipv6 ? RSTFAULT_A_TUPLE_DADDR6 :
				 RSTFAULT_A_TUPLE_DADDR4, ipv6 ? 16 : 4, addr);
	mnl_attr_put_u16(nlh, RSTFAULT_A_TUPLE_SPORT, sport);
	mnl_attr_put_u16(nlh, RSTFAULT_A_TUPLE_DPORT, dport);
	mnl_attr_nest_end(nlh, nest);
	return nlh;
}

/* A RST to each end of a connection of the host with itself. */
TEST_F_TIMEOUT(wired, inject, 300)
{
	struct counters before, after;
	static struct asker asker;
	struct tally tally = {};
	unsigned int nth = 0;
	int err, listener;
	char what[64];

	memory_or_skip(false);
	ASSERT_EQ(0, family_open(&asker.family, &self->host));
	listener = tcp_listen(&self->host, variant->family, TCP_PORT_OPEN);
	ASSERT_LE(0, listener);

	do {
		int fd = tcp_socket(&self->host, variant->family), peer;

		snprintf(what, sizeof(what), "inject, allocation %u", ++nth);
		ASSERT_EQ(0, tcp_connect(fd, variant->family, 1, TCP_PORT_OPEN));
		peer = accept(listener, NULL, NULL);
		ASSERT_LE(0, peer);
		ASSERT_EQ(0, host_counters(&self->host, &before));

		err = ask(&asker, &self->host,
			  build_inject(&asker.family, variant->family,
				       tcp_port(fd), TCP_PORT_OPEN), nth);

		ASSERT_EQ(0, host_counters(&self->host, &after));
		expect_done(err, change(SENT) + change(UNSENT), 2, what);
		if (asker.left) {
			EXPECT_EQ(2, change(SENT));
			EXPECT_EQ(ECONNRESET, tcp_error(fd));
			EXPECT_EQ(ECONNRESET, tcp_error(peer));
		}
		tally.injected += !asker.left;
		tally.failed += change(UNSENT) + (err < 0);
		close(peer);
		close(fd);
	} while (!asker.left && nth < ALLOCATIONS_MAX);
	EXPECT_NE(0, asker.left);
	EXPECT_NE(0, tally.failed);
	close(listener);
	family_close(&asker.family);
	memory_end();
	tell(&tally);
}

TEST_HARNESS_MAIN
