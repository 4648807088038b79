/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _EVENTS_H
#define _EVENTS_H

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdint.h>

#include "rstfault.h"

struct host;
struct mnl_socket;

/**
 * struct event - what has happened to a segment
 * @type: enum rstfault_event_type
 * @number: counted from 1 in each host
 * @time: nanoseconds since the epoch
 * @rule_id: 0: a request was the cause
 * @rule_name: empty: it has none
 * @hook: enum rstfault_hook
 * @action: enum rstfault_action
 * @shadow: the action was not really carried out
 * @family: AF_INET or AF_INET6
 * @saddr: source address
 * @daddr: destination address
 * @sport: source port, host byte order
 * @dport: destination port, host byte order
 * @flags: TCP flags
 * @seq: sequence number
 * @ack: acknowledgment number
 * @has_ack: there is one
 * @length: bytes of payload
 * @held: nanoseconds that it was held
 * @fate: enum rstfault_fate, -1: the event has none
 * @outcome: enum rstfault_outcome, -1: the event has none
 * @state: enum rstfault_state of the local socket, 0: none
 * @drop: the segment was dropped, too
 */
struct event {
	uint32_t type;
	uint64_t number;
	uint64_t time;
	uint32_t rule_id;
	char rule_name[RSTFAULT_NAME_MAX + 1];
	uint32_t hook;
	uint32_t action;
	bool shadow;
	int family;
	char saddr[INET6_ADDRSTRLEN];
	char daddr[INET6_ADDRSTRLEN];
	uint16_t sport;
	uint16_t dport;
	uint8_t flags;
	uint32_t seq;
	uint32_t ack;
	bool has_ack;
	uint32_t length;
	uint64_t held;
	int fate;
	int outcome;
	uint32_t state;
	bool drop;
};

int events_open(struct mnl_socket **nl, const struct host *host);
int events_read(struct mnl_socket *nl, struct event *event, int timeout_ms);
int events_wait(struct mnl_socket *nl, struct event *event, uint32_t type,
		int timeout_ms);

#endif /* _EVENTS_H */
