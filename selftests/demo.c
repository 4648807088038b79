// SPDX-License-Identifier: GPL-2.0
/*
 * What rstfault is for, on real connections: each story without a rule and with
 * one, what every call returned, and what state each end was in.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/family.h"
#include "lib/host.h"
#include "lib/tcp.h"
#include "lib/tool.h"

#define CLIENT 1
#define SERVER 2
#define FAMILY AF_INET

struct scene {
	struct host client;
	struct host server;
	uint16_t server_port;
	int listener;
	int fd;
	int peer;
	int64_t start;
};

static void die(const char *what, int err)
{
	fprintf(stderr, "demo: %s: %s\n", what, strerror(-err));
	exit(1);
}

/* A rule of the client, as a user would type it. */
static void rule(struct scene *scene, const char *words)
{
	printf("  client$ rstctl %s\n", words);
	if (tool(&scene->client, "%s", words))
		exit(1);
}

/* Two hosts, the rule of the client or NULL, and the head of the table. */
static void scene_begin(struct scene *scene, uint16_t server_port,
			const char *words)
{
	int err = host_init(&scene->client) ?: host_init(&scene->server) ?:
		  host_join(&scene->client, &scene->server);

	if (err)
		die("cannot make two hosts", err);

	scene->server_port = server_port;
	scene->listener = tcp_listen(&scene->server, FAMILY, TCP_PORT_OPEN);
	scene->fd = tcp_socket(&scene->client, FAMILY);
	scene->peer = -1;
	if (scene->listener < 0 || scene->fd < 0)
		die("cannot open a socket", scene->fd);

	putchar('\n');
	if (words)
		rule(scene, words);
	printf("  %10s   %-24s%-14s%-13s%s\n", "time", "call", "result",
	       "client is", "server is");
	scene->start = tcp_now_ms();
}

static void scene_end(struct scene *scene)
{
	if (rule_fired(&scene->client, "lost") >= 0)
		printf("  %lld RST lost\n",
		       (long long)rule_fired(&scene->client, "lost"));
	close(scene->fd);
	close(scene->peer);
	close(scene->listener);
	host_free(&scene->client);
	host_free(&scene->server);
}

/* One line: a call of @who, its result, and the state of both ends. */
static void show(struct scene *scene, const char *call, int result)
{
	double seconds = (tcp_now_ms() - scene->start) / 1000.0;
	int server = tcp_diag(&scene->server, FAMILY, SERVER,
			      scene->server_port, tcp_port(scene->fd));

	printf("  %8.1f s   %-24s%-14s%-13s%s\n", seconds, call,
	       result < 0 ? strerrorname_np(-result) : "ok",
	       tcp_state_name(tcp_state(scene->fd)), tcp_state_name(server));
}

static int call_result(ssize_t result)
{
	return result < 0 ? -errno : 0;
}

static void connect_and_show(struct scene *scene)
{
	int err = tcp_connect(scene->fd, FAMILY, SERVER, scene->server_port);

	if (!err && scene->server_port == TCP_PORT_OPEN)
		scene->peer = accept(scene->listener, NULL, NULL);
	show(scene, "client connect()", err);
}

static void write_and_show(struct scene *scene)
{
	show(scene, "client write()",
	     call_result(send(scene->fd, "x", 1, MSG_NOSIGNAL)));
}

/* Wait for what read() has to return; patience has an end. */
static void read_and_show(struct scene *scene, int patience_s)
{
	char c;

	if (tcp_readable(scene->fd, patience_s * 1000))
		show(scene, "client read()",
		     call_result(recv(scene->fd, &c, 1, 0)));
	else
		show(scene, "client read() waits", -EAGAIN);
}

static void reset_and_show(struct scene *scene)
{
	const struct linger linger = { .l_onoff = 1 };

	setsockopt(scene->peer, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	close(scene->peer);
	scene->peer = -1;
	/* Let the RST arrive. */
	tcp_readable(scene->fd, 100);
	show(scene, "server close() by RST", 0);
}

static void story_refused(const char *words)
{
	struct scene scene;

	scene_begin(&scene, TCP_PORT_CLOSED, words);
	connect_and_show(&scene);
	scene_end(&scene);
}

static void story_reset(const char *words, bool once)
{
	struct scene scene;

	scene_begin(&scene, TCP_PORT_OPEN, words);
	connect_and_show(&scene);
	reset_and_show(&scene);
	if (words)
		read_and_show(&scene, 60);
	if (words && once)
		rule(&scene, "del name lost");
	if (words)
		write_and_show(&scene);
	read_and_show(&scene, 3600);
	write_and_show(&scene);
	scene_end(&scene);
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);

	printf("Two hosts, a client and a server, on one cable. Time is the guest's: waiting\n"
	       "costs nothing in this virtual machine.\n");

	printf("\n1. Nobody listens on the port. The answer to the SYN is a RST.\n");
	story_refused(NULL);
	printf("\n   If that RST is lost, nobody is there at all.\n");
	story_refused("add name lost in rst drop");

	printf("\n2. The server closes with SO_LINGER {1, 0}. It sends a RST and is gone.\n");
	story_reset(NULL, false);

	printf("\n3. The RST is lost once. The client learns of it when it writes.\n");
	story_reset("add name lost in rst drop", true);

	printf("\n4. Every RST is lost. The client repeats its data for a quarter of an hour.\n");
	story_reset("add name lost in rst drop", false);

	return 0;
}
