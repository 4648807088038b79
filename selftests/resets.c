// SPDX-License-Identifier: GPL-2.0
/*
 * Send RSTs that no stack has a connection for, so that nothing is sent again
 * and nothing answers: what a test in shell needs to be able to count.
 *
 *	resets SADDR DADDR COUNT
 *
 * From ports 1, 2, 3 and so on to port 9.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/packet.h"

int main(int argc, char **argv)
{
	struct packet rst = { .dport = 9, .flags = TH_RST, .seq = 1 };
	struct sockaddr_in6 sin6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in sin = { .sin_family = AF_INET };
	int fd, i, count;
	ssize_t sent;

	if (argc != 4) {
		fprintf(stderr, "usage: resets SADDR DADDR COUNT\n");
		return 1;
	}
	rst.saddr = argv[1];
	rst.daddr = argv[2];
	rst.family = strchr(rst.daddr, ':') ? AF_INET6 : AF_INET;
	count = atoi(argv[3]);
	inet_pton(AF_INET, rst.daddr, &sin.sin_addr);
	inet_pton(AF_INET6, rst.daddr, &sin6.sin6_addr);

	fd = socket(rst.family, SOCK_RAW, IPPROTO_RAW);
	for (i = 0; fd >= 0 && i < count; i++) {
		rst.sport = i + 1;
		packet_build(&rst);
		if (rst.family == AF_INET6)
			sent = sendto(fd, rst.bytes, rst.len, 0, (void *)&sin6,
				      sizeof(sin6));
		else
			sent = sendto(fd, rst.bytes, rst.len, 0, (void *)&sin,
				      sizeof(sin));
		if (sent < 0)
			break;
	}
	if (fd < 0 || i < count) {
		fprintf(stderr, "resets: %s\n", strerror(errno));
		return 1;
	}
	close(fd);

	return 0;
}
