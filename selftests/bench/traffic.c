// SPDX-License-Identifier: GPL-2.0
/*
 * What goes through a hook while it is measured.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "packet.h"

#include "die.h"
#include "traffic.h"

/**
 * traffic_init() - begin with no packets
 * @traffic: to be given back by traffic_free()
 * @family: AF_INET or AF_INET6
 * @room: so many may come
 */
void traffic_init(struct traffic *traffic, int family, size_t room)
{
	*traffic = (struct traffic){
		.family = family,
		.indev = "lo",
		.room = room,
	};
	traffic->packets = calloc(room, PACKET_MAX);
	if (!traffic->packets)
		die("no memory");
}

/**
 * traffic_free() - give back what traffic_init() took
 * @traffic: the traffic
 */
void traffic_free(struct traffic *traffic)
{
	free(traffic->packets);
	traffic->packets = NULL;
}

/**
 * traffic_add() - build a packet, and send it behind the others
 * @traffic: the traffic
 * @packet: as long as the others
 */
void traffic_add(struct traffic *traffic, struct packet *packet)
{
	packet->family = traffic->family;
	packet_build(packet);
	if (!traffic->count)
		traffic->len = packet->len;
	if (packet->len != traffic->len || traffic->count == traffic->room)
		die("packets differ in length, or are too many");
	memcpy(traffic->packets + traffic->count * traffic->len, packet->bytes,
	       packet->len);
	traffic->count++;
}
