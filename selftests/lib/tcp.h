/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TCP_H
#define _TCP_H

#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>

struct host;

/* Port that servers listen on, and one that nobody listens on. */
#define TCP_PORT_OPEN 80
#define TCP_PORT_CLOSED 81

/* What tcp_diag() says where the kernel has no socket of that tuple. */
#define TCP_NO_SOCKET 0

int tcp_socket(const struct host *host, int family);
int tcp_listen(const struct host *host, int family, uint16_t port);
int tcp_connect(int fd, int family, int nr, uint16_t port);
bool tcp_readable(int fd, int timeout_ms);
int tcp_state(int fd);
int tcp_error(int fd);
int tcp_port(int fd);
int tcp_diag(const struct host *host, int family, int nr, uint16_t sport,
	     uint16_t dport);
int tcp_destroy(const struct host *host, int family, int nr, uint16_t sport,
		uint16_t dport);
const char *tcp_state_name(int state);
int64_t tcp_now_ms(void);

#endif /* _TCP_H */
