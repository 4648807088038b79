// SPDX-License-Identifier: GPL-2.0
/*
 * What the tracepoints of the module say.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "lib/expect.h"
#include "lib/trace.h"
#include "lib/wired.h"

/* Tracepoints need no listener. */
TEST_F(wired, tracepoint)
{
	struct packet data, rst, answer;
	FILE *file;

	wired_packet(&rst, variant->family, TH_RST | TH_ACK, 5);
	wired_packet(&data, variant->family, TH_PSH | TH_ACK, 7);
	way_answer(&data, &answer);
	if (!trace_begin())
		SKIP(return, "this kernel has no tracing instances");
	ASSERT_EQ(0, trace_enable());

	ASSERT_EQ(0, tool(&self->host, "add in data shadow drop"));
	ASSERT_EQ(0, tool(&self->host, "add in data forge"));
	ASSERT_EQ(0, tool(&self->host, "add in rst delay 1h"));
	ASSERT_EQ(0, wire_send(self->near, &data));
	ASSERT_EQ(0, wire_send(self->near, &rst));
	ASSERT_EQ(1, rule_release(&self->host, NULL));

	file = trace_open();
	ASSERT_NE(NULL, file);
	expect_trace(_metadata, file, "fire", "1 hook=in action=drop shadow=1",
		     &data, "\n");
	expect_trace(_metadata, file, "fire", "2 hook=in action=forge shadow=0",
		     &data, "\n");
	expect_trace(_metadata, file, "sent", "2 hook=in action=forge shadow=0",
		     &answer, " outcome=unknown state=0x0\n");
	expect_trace(_metadata, file, "fire", "3 hook=in action=delay shadow=0",
		     &rst, "\n");
	expect_trace(_metadata, file, "release",
		     "3 hook=in action=delay shadow=0", &rst, " fate=asked\n");
	fclose(file);
	trace_end();
}

/* Nobody is left in a netns who could listen to its end. */
TEST_F(wired, tracepoint_netns)
{
	char line[1024] = "";
	struct host other;
	FILE *file;
	int fd, i;

	if (!trace_begin())
		SKIP(return, "this kernel has no tracing instances");
	ASSERT_EQ(0, trace_enable());

	ASSERT_EQ(0, host_init(&other));
	ASSERT_EQ(0, host_add_addr(&other, "lo", HOST_ADDR(variant->family),
				   variant->family == AF_INET ? 32 : 128));
	ASSERT_EQ(0, tool(&other, "add in rst delay 1h"));
	fd = tcp_socket(&other, variant->family);
	ASSERT_EQ(0, fcntl(fd, F_SETFL, O_NONBLOCK));
	ASSERT_EQ(-EINPROGRESS, tcp_connect(fd, variant->family, 1,
					    TCP_PORT_CLOSED));
	close(fd);
	host_free(&other);

	/* It ends when the kernel finds the time. */
	for (i = 0; i < COMES_MS / 10 && !line[0]; i++) {
		usleep(10000);
		file = trace_open();
		ASSERT_NE(NULL, file);
		if (!trace_next(file, "release", line, sizeof(line)))
			line[0] = '\0';
		fclose(file);
	}
	trace_end();
	EXPECT_NE(NULL, strstr(line, " rule=1 hook=in action=delay "));
	EXPECT_NE(NULL, strstr(line, " fate=netns\n"));
}

TEST_HARNESS_MAIN
