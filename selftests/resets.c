// SPDX-License-Identifier: GPL-2.0
/*
 * Send RSTs that no stack has a connection for, so that nothing is sent again
 * and nothing answers: what a test in shell needs to be able to count.
 *
 *	resets SADDR DADDR COUNT
 *
 * From ports 1, 2, 3 and so on to port 9.
 *
 *	resets DADDR COUNT COMMAND [ARG]...
 *
 * Run the command, and read such RSTs that are for DADDR, here: so many have to
 * arrive until the command has ended, in the order of their ports, once each.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/capture.h"
#include "lib/packet.h"

static int run(char **command)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		execvp(command[0], command);
		perror(command[0]);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || !WIFEXITED(status))
		return 1;

	return WEXITSTATUS(status);
}

static int receive(int family, int count, char **command)
{
	/* Nobody reads before the command has ended. */
	int fd, room = 64 << 20, came = 0;
	struct capture capture;

	fd = socket(family, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
		    IPPROTO_TCP);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room,
				 sizeof(room))) {
		fprintf(stderr, "resets: %s\n", strerror(errno));
		return 1;
	}
	if (run(command))
		return 1;

	while (capture_read(fd, &capture, 0)) {
		if (capture.packet.dport != 9)
			continue;
		came++;
		if (capture.packet.flags != TH_RST ||
		    capture.packet.sport != came) {
			fprintf(stderr, "resets: number %d is from port %u\n",
				came, capture.packet.sport);
			return 1;
		}
	}
	close(fd);
	if (came != count)
		fprintf(stderr, "resets: %d came\n", came);

	return came != count;
}

int main(int argc, char **argv)
{
	struct packet rst = { .dport = 9, .flags = TH_RST, .seq = 1 };
	struct sockaddr_in6 sin6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in sin = { .sin_family = AF_INET };
	int fd, i, count;
	ssize_t sent;

	if (argc > 4 && !strcmp(argv[1], "-r"))
		return receive(strchr(argv[2], ':') ? AF_INET6 : AF_INET,
			       atoi(argv[3]), argv + 4);
	if (argc != 4) {
		fprintf(stderr, "usage: resets SADDR DADDR COUNT\n"
				"       resets -r DADDR COUNT COMMAND...\n");
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
