// SPDX-License-Identifier: GPL-2.0
/*
 * What rstfault is for, on real connections: each story without a rule and with
 * one, what every call returned, and what state each end was in.
 *
 *	demo		show it, and the segments between the two
 *	demo N		show the story of that number
 *	demo DIR	for each of them, write that to DIR/NAME.txt, and a
 *			picture of its segments to DIR/NAME.svg
 */
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/family.h"
#include "lib/host.h"
#include "lib/recording.h"
#include "lib/tcp.h"
#include "lib/tool.h"

#define CLIENT 1
#define SERVER 2
#define FAMILY AF_INET

/* So that a picture is the same each time. */
#define CLIENT_PORT 40000

/* How long a segment may be on its way, and how long nothing happens. */
#define ARRIVES_S 0.1
#define IDLE_S 60
/* Patience has an end. */
#define PATIENCE_S 3600

struct take;

struct scene {
	const struct take *take;
	struct host client;
	struct host server;
	uint16_t server_port;
	int listener;
	int fd;
	int peer;
	int64_t start;
};

/**
 * struct take - a story, played once
 * @name: of its files
 * @says: what is to be seen
 * @rule: the rule of the client as behind "rstctl add name", or NULL
 * @request: what is asked of rstctl in the middle, or NULL
 * @play: what happens
 */
struct take {
	const char *name;
	const char *says;
	const char *rule;
	const char *request;
	void (*play)(struct scene *scene);
};

static void die(const char *what, int err)
{
	fprintf(stderr, "demo: %s: %s\n", what, strerror(-err));
	exit(1);
}

/* As a user of the client would type it. */
static void type(struct scene *scene, const char *words)
{
	printf("  client$ rstctl %s\n", words);
	fflush(stdout);
	if (tool(&scene->client, "%s", words))
		exit(1);
}

/* One line: a call of @who, its result, and the state of both ends. */
static void show(struct scene *scene, const char *call, const char *result)
{
	double seconds = (tcp_now_ms() - scene->start) / 1000.0;
	int server = tcp_diag(&scene->server, FAMILY, SERVER,
			      scene->server_port, CLIENT_PORT);

	printf("  %8.1f s   %-24s%-14s%-13s%s\n", seconds, call, result,
	       tcp_state_name(tcp_state(scene->fd)), tcp_state_name(server));
}

static void show_call(struct scene *scene, const char *call, ssize_t result)
{
	show(scene, call, result < 0 ? strerrorname_np(errno) : "ok");
}

static void connect_to(struct scene *scene, uint16_t port)
{
	int err;

	scene->server_port = port;
	err = tcp_connect(scene->fd, FAMILY, SERVER, port);
	if (!err)
		scene->peer = accept(scene->listener, NULL, NULL);
	errno = -err;
	show_call(scene, "client connect()", err);
}

static void client_writes(struct scene *scene)
{
	show_call(scene, "client write()",
		  send(scene->fd, "x", 1, MSG_NOSIGNAL));
}

/* A process that does nothing about SIGPIPE. */
static void careless_client_writes(struct scene *scene)
{
	pid_t pid = fork();
	int status = 0;

	if (!pid) {
		signal(SIGPIPE, SIG_DFL);
		_exit(write(scene->fd, "x", 1) != 1);
	}
	waitpid(pid, &status, 0);
	show(scene, "client write()",
	     WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE ?
	     "SIGPIPE" : status ? "failed" : "ok");
}

/* Wait for what read() has to return. */
static void reads(struct scene *scene, int fd, const char *call,
		  double patience_s)
{
	char c, waits[32];
	ssize_t len;

	if (!tcp_readable(fd, patience_s * 1000)) {
		snprintf(waits, sizeof(waits), "%s waits", call);
		show(scene, waits, "EAGAIN");
		return;
	}
	len = recv(fd, &c, 1, 0);
	if (len)
		show_call(scene, call, len);
	else
		show(scene, call, "0");
}

static void client_reads(struct scene *scene, double patience_s)
{
	reads(scene, scene->fd, "client read()", patience_s);
}

static void server_answers(struct scene *scene)
{
	reads(scene, scene->peer, "server read()", ARRIVES_S);
	show_call(scene, "server write()",
		  send(scene->peer, "y", 1, MSG_NOSIGNAL));
	tcp_readable(scene->fd, ARRIVES_S * 1000);
}

static void server_resets(struct scene *scene)
{
	const struct linger linger = { .l_onoff = 1 };

	setsockopt(scene->peer, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	close(scene->peer);
	scene->peer = -1;
	tcp_readable(scene->fd, ARRIVES_S * 1000);
	show(scene, "server close() by RST", "ok");
}

/* As if it had lost its power, and were back at once. */
static void server_forgets(struct scene *scene)
{
	int on = 1;

	if (setsockopt(scene->peer, IPPROTO_TCP, TCP_REPAIR, &on, sizeof(on)))
		die("the kernel has no TCP_REPAIR", -errno);
	close(scene->peer);
	scene->peer = -1;
	show(scene, "server is switched off", "ok");
}

static void play_refused(struct scene *scene)
{
	connect_to(scene, TCP_PORT_CLOSED);
}

static void play_open(struct scene *scene)
{
	connect_to(scene, TCP_PORT_OPEN);
}

static void play_forgotten(struct scene *scene)
{
	connect_to(scene, TCP_PORT_OPEN);
	server_forgets(scene);
	client_reads(scene, IDLE_S);
	client_writes(scene);
	client_reads(scene, PATIENCE_S);
	client_writes(scene);
}

static void play_aborted(struct scene *scene)
{
	connect_to(scene, TCP_PORT_OPEN);
	server_resets(scene);
	client_reads(scene, IDLE_S);
}

static void play_aborted_and_written(struct scene *scene)
{
	play_aborted(scene);
	client_writes(scene);
	client_reads(scene, PATIENCE_S);
}

static void play_asked(struct scene *scene)
{
	connect_to(scene, TCP_PORT_OPEN);
	client_writes(scene);
	server_answers(scene);
	client_reads(scene, IDLE_S);
	reads(scene, scene->peer, "server read()", IDLE_S);
}

static void play_written(struct scene *scene)
{
	connect_to(scene, TCP_PORT_OPEN);
	client_writes(scene);
	if (scene->take->request)
		type(scene, scene->take->request);
	client_writes(scene);
	client_writes(scene);
	careless_client_writes(scene);
}

static const struct story {
	const char *title;
	struct take takes[5];
} stories[] = {
	{ "Nobody listens on the port. The answer to the SYN is a RST.", {
		{ "refused", "That RST tells the client.",
		  .play = play_refused },
		{ "refused-lost", "If it is lost, nobody is there at all.",
		  "lost in rst drop", .play = play_refused },
		{ "refused-late", "If it is late, so is the error.",
		  "late in rst delay 1500ms", .play = play_refused },
		{ "refused-forged", "If it is forged, an open port looks closed.",
		  "refuse out syn forge and drop", .play = play_open },
	} },
	{ "The server lost its power and is back. The client is idle.", {
		{ "forgotten", "The client learns of it when it writes.",
		  .play = play_forgotten },
		{ "forgotten-lost", "RSTs are lost: each repetition draws another one.",
		  "lost in rst limit 3 drop", .play = play_forgotten },
		{ "forgotten-late", "The RST is late, and so is the error.",
		  "late in rst delay 1s", .play = play_forgotten },
	} },
	{ "The server closes with SO_LINGER {1, 0}. It sends a RST and is gone.", {
		{ "aborted", "The client knows at once.",
		  .play = play_aborted },
		{ "aborted-lost", "The RST is lost: the connection is half-open.",
		  "lost in rst drop", .play = play_aborted },
	} },
	{ "A RST is lost once. Nothing sends it again.", {
		{ "lost-once", "The client learns of it by the next RST, when it writes.",
		  "lost in rst limit 1 drop", .play = play_aborted_and_written },
	} },
	{ "Every RST is lost.", {
		{ "lost-always", "The client repeats its data for a quarter of an hour.",
		  "lost in rst drop", .play = play_aborted_and_written },
	} },
	{ "Connection reset by peer.", {
		{ "asked", "The client asks and the server answers.",
		  .play = play_asked },
		{ "asked-reset", "In place of the answer, both get a RST.",
		  "reset in data forge to both and drop", .play = play_asked },
	} },
	{ "Broken pipe.", {
		{ "written", "The client writes and writes.",
		  .play = play_written },
		{ "written-reset", "It is reset: a write is told so, and the next one EPIPE.",
		  .request = "inject dport 80 to local",
		  .play = play_written },
	} },
};

#define STORIES (sizeof(stories) / sizeof(stories[0]))

/* Two hosts, and the rule of the client. */
static void scene_begin(struct scene *scene, const struct take *take)
{
	int err = host_init(&scene->client) ?: host_init(&scene->server) ?:
		  host_join(&scene->client, &scene->server);
	struct sockaddr_storage ss;
	char words[128];
	socklen_t len;

	if (err)
		die("cannot make two hosts", err);

	scene->take = take;
	scene->peer = -1;
	scene->listener = tcp_listen(&scene->server, FAMILY, TCP_PORT_OPEN);
	scene->fd = tcp_socket(&scene->client, FAMILY);
	if (scene->listener < 0 || scene->fd < 0)
		die("cannot open a socket", scene->fd);
	len = host_sockaddr(&ss, FAMILY, CLIENT, CLIENT_PORT);
	if (bind(scene->fd, (void *)&ss, len))
		die("cannot bind a socket", -errno);

	if (take->rule) {
		snprintf(words, sizeof(words), "add name %s", take->rule);
		type(scene, words);
	}
}

static void scene_play(struct scene *scene)
{
	const char *rule = scene->take->rule;
	char name[32];
	int64_t fired;

	printf("  %10s   %-24s%-14s%-13s%s\n", "time", "call", "result",
	       "client is", "server is");
	scene->start = tcp_now_ms();
	scene->take->play(scene);
	if (!rule)
		return;
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(rule, " "), rule);
	fired = rule_fired(&scene->client, name);
	printf("  The rule has fired %lld time%s.\n", (long long)fired,
	       fired == 1 ? "" : "s");
}

static void scene_end(struct scene *scene)
{
	close(scene->fd);
	close(scene->peer);
	close(scene->listener);
	host_free(&scene->client);
	host_free(&scene->server);
}

/* Play it, and draw its segments into a file; NULL: print them. */
static void record_take(const struct take *take, const char *path)
{
	int port = take->play == play_refused ? TCP_PORT_CLOSED : TCP_PORT_OPEN;
	struct recording recording;
	struct scene scene;
	int err;

	scene_begin(&scene, take);
	err = recording_start(&recording, &scene.client, &scene.server, port);
	if (err)
		die("cannot record", err);
	scene_play(&scene);
	if (!path)
		putchar('\n');
	err = recording_draw(&recording, path);
	if (err)
		die("cannot draw", err);
	scene_end(&scene);
}

static void show_story(unsigned int number)
{
	const struct story *story = &stories[number - 1];
	const struct take *take;

	printf("\n%u. %s\n", number, story->title);
	for (take = story->takes; take->name; take++) {
		printf("\n   %s\n", take->says);
		record_take(take, NULL);
	}
}

/* All of them, or one, by the number that somebody has typed. */
static void show_stories(const char *wanted)
{
	unsigned int number;
	char *end = "";

	number = wanted ? strtoul(wanted, &end, 10) : 1;
	if (*end || !number || number > STORIES) {
		fprintf(stderr, "demo: '%s' is no story; they are 1 to %zu\n",
			wanted, STORIES);
		exit(2);
	}

	printf("Two hosts, a client and a server, on one cable. Time is the guest's: waiting\n"
	       "costs nothing in this virtual machine.\n");
	if (wanted) {
		show_story(number);
		return;
	}
	for (; number <= STORIES; number++)
		show_story(number);
}

/* The words into one file, a picture into another. */
static void draw_take(const struct take *take, const char *dir)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s.txt", dir, take->name);
	if (!freopen(path, "w", stdout))
		die(path, -errno);
	snprintf(path, sizeof(path), "%s/%s.svg", dir, take->name);
	record_take(take, path);
}

static void draw_stories(const char *dir)
{
	const struct take *take;
	size_t i;

	for (i = 0; i < STORIES; i++) {
		for (take = stories[i].takes; take->name; take++)
			draw_take(take, dir);
	}
	fclose(stdout);
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc > 1 && strchr(argv[1], '/'))
		draw_stories(argv[1]);
	else
		show_stories(argv[1]);
	return 0;
}
