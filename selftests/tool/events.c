// SPDX-License-Identifier: GPL-2.0
/* Events and counters: netlink to lines, and to JSON. */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <arpa/inet.h>

#include <linux/genetlink.h>

#include "attr.h"
#include "field.h"
#include "monitor.h"
#include "nl.h"
#include "outlet.h"

#include "kselftest_harness.h"
#include "rules.h"

#define HAS(attr)	RULE_BIT(RSTFAULT_A_EVENT_##attr)

/* 2024-02-29 12:00:01.123456789 UTC */
#define TIME		1709208001123456789ull

static const struct event fire = {
	.has = HAS(TYPE) | HAS(NUMBER) | HAS(TIME) | HAS(HOOK) | HAS(ACTION) |
	       HAS(FLAGS) | HAS(SEQ) | HAS(ACK) | HAS(LENGTH),
	.type = RSTFAULT_EVENT_TYPE_FIRE, .number = 1, .time = TIME,
	.rule_id = 3, .rule_name = "lost", .hook = RSTFAULT_HOOK_IN,
	.action = RSTFAULT_ACTION_DROP, .flags = 0x14, .seq = 1, .ack = 2,
};

static void set_tuple(struct event *event, __u16 family, const char *saddr,
		      const char *daddr)
{
	struct rule_prefix source, dest;
	__u8 addr[16];

	inet_pton(family, saddr, addr);
	tuple_address(&source, family, addr);
	inet_pton(family, daddr, addr);
	tuple_address(&dest, family, addr);
	tuple_set(&event->tuple, &source, 80, &dest, 5000);
}

/* An event, through netlink, as it is shown. */
static const char *shown(struct monitor *monitor, const struct event *event)
{
	static char text[4096];
	__u64 buf[512];
	struct nlmsghdr *message = nl_request(buf, 33, RSTFAULT_CMD_EVENT);

	if (!attr_put_nest(message, sizeof(buf), RSTFAULT_A_EVENT,
			   &event_fields, event))
		exit(1);
	memset(text, 0, sizeof(text));
	monitor->out = fmemopen(text, sizeof(text), "w");
	if (monitor_event(monitor, message))
		exit(1);
	fclose(monitor->out);
	return text;
}

#define FIRE_LINE "12:00:01.123456 fire in rule 3 lost drop 192.0.2.2:80 > 192.0.2.1:5000 R seq 1 ack 2 len 0\n"
#define SHADOW_LINE "12:00:01.123456 fire in rule 3 drop shadow 192.0.2.2:80 > 192.0.2.1:5000 FSRPUEW seq 1 len 0\n"
#define RELEASE_LINE "12:00:01.123456 release in rule 3 lost drop [2001:db8::2]:80 > [2001:db8::1]:5000 . seq 1 ack 2 len 0 held 500.123ms next\n"
#define JSON_LINE "{\"type\":\"fire\",\"number\":1,\"time\":1709208001123456789,\"rule-id\":3,\"rule-name\":\"lost\",\"hook\":\"in\",\"action\":\"drop\",\"shadow\":true,\"tuple\":{\"family\":\"ip\",\"saddr\":\"192.0.2.2\",\"daddr\":\"192.0.2.1\",\"sport\":80,\"dport\":5000},\"flags\":[\"rst\",\"ack\"],\"seq\":1,\"ack\":2,\"length\":0,\"held\":0,\"fate\":\"time\",\"outcome\":\"unknown\",\"socket-state\":[\"syn-sent\"]}\n"

FIXTURE(events)
{
	struct monitor monitor;
	struct event event;
};

FIXTURE_SETUP(events)
{
	setenv("TZ", "UTC", 1);
	tzset();
	self->event = fire;
	set_tuple(&self->event, AF_INET, "192.0.2.2", "192.0.2.1");
}

FIXTURE_TEARDOWN(events)
{
}

TEST_F(events, lines)
{
	struct event *event = &self->event;

	EXPECT_STREQ(FIRE_LINE,
		     shown(&self->monitor, event));
	event->has &= ~HAS(ACK);
	event->has |= HAS(SHADOW);
	event->flags = 0xef;
	event->rule_name[0] = '\0';
	EXPECT_STREQ(SHADOW_LINE,
		     shown(&self->monitor, event));
	*event = fire;
	set_tuple(event, AF_INET6, "2001:db8::2", "2001:db8::1");
	event->type = RSTFAULT_EVENT_TYPE_RELEASE;
	event->has |= HAS(HELD) | HAS(FATE);
	event->held = 500123456;
	event->fate = RSTFAULT_FATE_NEXT;
	event->flags = 0x10;
	EXPECT_STREQ(RELEASE_LINE,
		     shown(&self->monitor, event));
	*event = fire;
	event->has &= ~HAS(FLAGS);
	event->has |= HAS(DROP);
	event->action = RSTFAULT_ACTION_FORGE;
	EXPECT_NE(NULL, strstr(shown(&self->monitor, event),
			       " rule 3 lost forge and drop seq 1 "));
	*event = fire;
	event->rule_id = 0;
	event->rule_name[0] = '\0';
	event->type = RSTFAULT_EVENT_TYPE_SENT;
	event->has = HAS(TYPE) | HAS(NUMBER) | HAS(TIME) | HAS(OUTCOME) |
		     HAS(SOCKET_STATE) | HAS(FLAGS);
	event->outcome = RSTFAULT_OUTCOME_RESET;
	event->socket_state = RSTFAULT_STATE_ESTABLISHED;
	event->flags = 0;
	EXPECT_STREQ("12:00:01.123456 sent request - reset socket established\n",
		     shown(&self->monitor, event));
	/* what a newer module says */
	event->type = RSTFAULT_EVENT_TYPE_MAX + 1;
	event->outcome = RSTFAULT_OUTCOME_MAX + 1;
	EXPECT_STREQ("12:00:01.123456 4 request - 5 socket established\n",
		     shown(&self->monitor, event));
}

TEST_F(events, json)
{
	self->monitor.json = true;
	self->event.has |= HAS(SHADOW) | HAS(HELD) | HAS(FATE) | HAS(OUTCOME) |
			   HAS(SOCKET_STATE);
	self->event.socket_state = RSTFAULT_STATE_SYN_SENT;
	EXPECT_STREQ(JSON_LINE,
		     shown(&self->monitor, &self->event));
}

/* Events that are missing are counted, from wherever it begins. */
TEST_F(events, lost)
{
	static const struct {
		__u64 number;
		const char *lost;
	} numbers[] = {
		{ 7, "" }, { 8, "" }, { 10, "lost 1 events\n" }, { 9, "" },
		{ 11, "" }, { 1000, "lost 988 events\n" }, { 1001, "" },
	};
	char want[128], *text;
	size_t i, len;

	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		self->event.number = numbers[i].number;
		text = (char *)shown(&self->monitor, &self->event);
		len = strlen(numbers[i].lost);
		EXPECT_EQ(0, strncmp(numbers[i].lost, text, len)) {
			TH_LOG("%s", text);
		}
		EXPECT_EQ(0, strncmp("12:00:01", text + len, 8));
	}
	self->monitor.json = true;
	self->event.number = 1004;
	text = (char *)shown(&self->monitor, &self->event);
	EXPECT_EQ(0, strncmp("{\"lost\":2}\n{\"type\"", text, 18)) {
		TH_LOG("%s", text);
	}
	/* those behind the last one that came */
	memset(want, 0, sizeof(want));
	self->monitor.out = fmemopen(want, sizeof(want), "w");
	monitor_lost(&self->monitor, 1004);
	monitor_lost(&self->monitor, 1003);
	monitor_lost(&self->monitor, 0);
	monitor_lost(&self->monitor, 1006);
	fclose(self->monitor.out);
	EXPECT_STREQ("{\"lost\":2}\n", want);
}

/* Messages that are none, and bytes that make no sense. */
TEST_F(events, garbage)
{
	__u64 buf[512], state = SEED;
	struct nlmsghdr *message;
	char text[256];
	int i;

	self->monitor.out = fopen("/dev/null", "w");
	ASSERT_NE(NULL, self->monitor.out);
	message = nl_request(buf, 33, RSTFAULT_CMD_RULE_GET);
	EXPECT_EQ(0, monitor_event(&self->monitor, message));
	message->nlmsg_len = NLMSG_HDRLEN;
	EXPECT_EQ(0, monitor_event(&self->monitor, message));
	(void)text;
	for (i = 0; i < ROUND_TRIPS; i++) {
		int changes = 1 + rules_random_below(&state, 4);
		size_t begin = NLMSG_HDRLEN + GENL_HDRLEN + 4;
		struct nlmsghdr *copy;

		message = nl_request(buf, 33, RSTFAULT_CMD_EVENT);
		ASSERT_TRUE(attr_put_nest(message, sizeof(buf),
					  RSTFAULT_A_EVENT, &event_fields,
					  &self->event));
		copy = malloc(message->nlmsg_len);
		ASSERT_NE(NULL, copy);
		memcpy(copy, message, message->nlmsg_len);
		while (changes--) {
			size_t at = begin + rules_random_below(&state,
					message->nlmsg_len - begin);

			((char *)copy)[at] = rules_random_below(&state, 256);
		}
		self->monitor.json = i % 2;
		monitor_event(&self->monitor, copy);
		free(copy);
	}
	fclose(self->monitor.out);
}

/* Who writes to a pipe that nobody reads can still be ended. */
TEST(outlet)
{
	char text[3 * PIPE_BUF], back[sizeof(text)];
	struct outlet outlet;
	int end[2], to[2];
	FILE *out;

	ASSERT_EQ(0, pipe(end));
	ASSERT_EQ(0, pipe(to));
	outlet.end = end[0];
	outlet.to = fdopen(to[1], "w");
	ASSERT_NE(NULL, outlet.to);
	out = outlet_open(&outlet);
	ASSERT_NE(NULL, out);

	memset(text, 'x', sizeof(text));
	EXPECT_EQ(1, fwrite(text, sizeof(text), 1, out));
	EXPECT_EQ(0, fflush(out));
	EXPECT_EQ(sizeof(text), read(to[0], back, sizeof(back)));
	EXPECT_EQ(0, memcmp(text, back, sizeof(text)));

	/* Also when it is to end, as long as there is room. */
	ASSERT_EQ(1, write(end[1], "", 1));
	EXPECT_EQ(1, fwrite(text, 1, 1, out));
	EXPECT_EQ(0, fflush(out));

	ASSERT_EQ(0, fcntl(to[1], F_SETFL, O_NONBLOCK));
	while (write(to[1], text, sizeof(text)) > 0)
		;
	EXPECT_EQ(EAGAIN, errno);
	ASSERT_EQ(0, fcntl(to[1], F_SETFL, 0));
	EXPECT_EQ(1, fwrite(text, 1, 1, out));
	EXPECT_EQ(EOF, fflush(out));
	EXPECT_NE(0, ferror(out));
	EXPECT_EQ(0, ferror(outlet.to));
	fclose(out);
	fclose(outlet.to);
}

TEST_HARNESS_MAIN
