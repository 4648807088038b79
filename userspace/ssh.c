// SPDX-License-Identifier: GPL-2.0
/* The SSH connection that rstctl is run from must not be cut by accident. */

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "err.h"
#include "netns.h"
#include "number.h"
#include "ssh.h"

#define VARIABLE	"SSH_CONNECTION="

/* Processes are not nested deeper than that; a loop must not go on for ever. */
#define ANCESTORS_MAX	64

#define INIT		1

/* An address as sshd writes it: that of a link has its scope behind it. */
static bool parse_address(char *text, struct rule_prefix *addr)
{
	__u8 bytes[16];
	__u16 family;

	text[strcspn(text, "%")] = '\0';
	family = strchr(text, ':') ? AF_INET6 : AF_INET;
	if (inet_pton(family, text, bytes) != 1)
		return false;
	tuple_address(addr, family, bytes);
	return true;
}

/**
 * ssh_parse() - understand what sshd leaves in the environment
 * @ssh: where the connection is returned
 * @connection: value of SSH_CONNECTION: address and port of the client, then
 *	those of the server
 *
 * Return: false if it makes no sense
 */
bool ssh_parse(struct ssh *ssh, const char *connection)
{
	struct rule_prefix client, server;
	char address[2][64], port[2][8];
	__u64 number[2];

	memset(ssh, 0, sizeof(*ssh));
	if (sscanf(connection, "%63s %7s %63s %7s", address[0], port[0],
		   address[1], port[1]) != 4 ||
	    !parse_address(address[0], &client) ||
	    !parse_address(address[1], &server) ||
	    client.family != server.family ||
	    !number_parse(port[0], 65535, &number[0]) ||
	    !number_parse(port[1], 65535, &number[1]))
		return false;
	tuple_set(&ssh->in, &client, number[0], &server, number[1]);
	tuple_set(&ssh->out, &server, number[1], &client, number[0]);
	ssh->found = true;
	return true;
}

/* Is it in the environment of a process? -1: that cannot be told. */
static int find_in(struct ssh *ssh, unsigned int pid)
{
	char *text = NULL;
	bool found = false;
	size_t size = 0;
	char path[32];
	FILE *in;

	snprintf(path, sizeof(path), "/proc/%u/environ", pid);
	in = fopen(path, "re");
	if (!in)
		return -1;
	while (!found && getdelim(&text, &size, '\0', in) >= 0)
		found = !strncmp(text, VARIABLE, strlen(VARIABLE)) &&
			ssh_parse(ssh, text + strlen(VARIABLE));
	free(text);
	fclose(in);
	return found;
}

/* Also sshd-session, as its part is called that has the connection. */
static bool is_sshd(unsigned int pid)
{
	char path[32], name[16] = "";
	FILE *in;

	snprintf(path, sizeof(path), "/proc/%u/comm", pid);
	in = fopen(path, "re");
	if (!in)
		return false;
	if (!fgets(name, sizeof(name), in))
		*name = '\0';
	fclose(in);
	return !strncmp(name, "sshd", strlen("sshd"));
}

static unsigned int parent_of(unsigned int pid)
{
	unsigned int parent = 0;
	char *text = NULL;
	size_t size = 0;
	char path[32];
	FILE *in;

	snprintf(path, sizeof(path), "/proc/%u/status", pid);
	in = fopen(path, "re");
	if (!in)
		return 0;
	while (getline(&text, &size, in) >= 0) {
		if (sscanf(text, "PPid: %u", &parent) == 1)
			break;
	}
	free(text);
	fclose(in);
	return parent;
}

/*
 * The process that is where the connection is: sshd, or else the topmost one
 * that has the connection in its environment. What is below may have gone to
 * another network namespace, by `ip netns exec` say. sudo takes the variable
 * out of the environment of its children. 0 if that cannot be told.
 */
static unsigned int find_process(struct ssh *ssh)
{
	const char *connection = getenv("SSH_CONNECTION");
	unsigned int pid = getpid(), top = 0;
	bool hidden = false;
	struct ssh other;
	int i, found;

	if (connection && ssh_parse(ssh, connection))
		top = pid;
	for (i = 0; i < ANCESTORS_MAX; i++) {
		pid = parent_of(pid);
		if (!pid)
			break;
		if (ssh->found && is_sshd(pid))
			return pid;
		found = find_in(&other, pid);
		/* Nobody may look into init; it is no part of a session. */
		if (found < 0 && pid != INIT)
			hidden = true;
		if (found <= 0 || (ssh->found && !ssh_is(ssh, &other.in)))
			continue;
		*ssh = other;
		top = pid;
	}
	return hidden ? 0 : top;
}

/**
 * ssh_find() - find the SSH connection that must not be cut
 * @ssh: where it is returned
 * @options: where the rules go
 */
void ssh_find(struct ssh *ssh, const struct options *options)
{
	struct stat ours, theirs;
	unsigned int pid;
	char path[32];

	memset(ssh, 0, sizeof(*ssh));
	pid = find_process(ssh);
	if (!ssh->found)
		return;
	/* What cannot be found is not entered either, which says better why. */
	if (netns_stat(options, &ours)) {
		ssh->found = false;
		return;
	}
	snprintf(path, sizeof(path), "/proc/%u/ns/net", pid);
	/* If this one cannot be told, it is better to be careful. */
	if (pid && !stat(path, &theirs) &&
	    (ours.st_dev != theirs.st_dev || ours.st_ino != theirs.st_ino))
		ssh->found = false;
}

/* Over loopback, both directions pass each of the hooks. */
static bool is_local(const struct ssh *ssh)
{
	const struct rule_prefix *client = &ssh->in.saddr;
	const struct rule_prefix *server = &ssh->in.daddr;

	return !memcmp(client->addr, server->addr, sizeof(client->addr)) ||
	       (client->family == AF_INET && client->addr[0] == 127);
}

static bool matches(const struct ssh *ssh, const struct rule *rule)
{
	bool both = is_local(ssh);

	switch (rule->hook) {
	case RSTFAULT_HOOK_IN:
	case RSTFAULT_HOOK_INPUT:
		return tuple_matches(rule, &ssh->in) ||
		       (both && tuple_matches(rule, &ssh->out));
	case RSTFAULT_HOOK_OUT:
	case RSTFAULT_HOOK_OUTPUT:
		return tuple_matches(rule, &ssh->out) ||
		       (both && tuple_matches(rule, &ssh->in));
	default:
		return false;
	}
}

/* Is the rule about RSTs alone? Those of a connection that lives are forged. */
static bool is_about_rsts(const struct rule *rule)
{
	__u32 others = rule->segment & ~RSTFAULT_SEGMENT_RST;

	return !others || (others == RSTFAULT_SEGMENT_FLAGS &&
			   rule->flags_mask & rule->flags_value & TH_RST);
}

/* Could the action do harm to a connection? */
static bool is_harmful(const struct rule *rule)
{
	switch (rule->action) {
	case RSTFAULT_ACTION_FORGE:
		return true;
	case RSTFAULT_ACTION_DROP:
	case RSTFAULT_ACTION_DELAY:
		return !is_about_rsts(rule);
	default:
		return false;
	}
}

/* Does a rule let everything go on that its addresses and ports match? */
static bool is_exception(const struct rule *rule)
{
	__u64 narrower = RULE_BIT(RSTFAULT_A_RULE_MARK) |
			 RULE_BIT(RSTFAULT_A_RULE_LENGTH_FROM) |
			 RULE_BIT(RSTFAULT_A_RULE_LENGTH_TO) |
			 RULE_BIT(RSTFAULT_A_RULE_UID) |
			 RULE_BIT(RSTFAULT_A_RULE_STATE) |
			 RULE_BIT(RSTFAULT_A_RULE_ORIGIN) |
			 RULE_BIT(RSTFAULT_A_RULE_LIFETIME) |
			 RULE_BIT(RSTFAULT_A_RULE_SHADOW);

	return rule->action == RSTFAULT_ACTION_PASS &&
	       rule->segment & RSTFAULT_SEGMENT_ANY &&
	       !(rule->has & narrower) && !rule->gates.has && !*rule->iif &&
	       !*rule->oif && !*rule->cgroup;
}

/**
 * ssh_cuts() - could a rule cut the connection?
 * @ssh: the connection, and what the rules in front have to do with it
 * @rule: the rule
 *
 * Return: true if it could, and nothing says that it may
 */
bool ssh_cuts(struct ssh *ssh, const struct rule *rule)
{
	if (!ssh->found || ssh->passed & (1u << rule->hook) ||
	    !matches(ssh, rule))
		return false;
	if (is_exception(rule) && !is_local(ssh)) {
		ssh->passed |= 1u << rule->hook;
		return false;
	}
	return is_harmful(rule) &&
	       !(rule->has & (RULE_BIT(RSTFAULT_A_RULE_SHADOW) |
			      RULE_BIT(RSTFAULT_A_RULE_FORCE)));
}

/**
 * ssh_name() - write which connection that is
 * @ssh: the connection
 * @name: where it is written
 */
void ssh_name(const struct ssh *ssh, char name[SSH_NAME_MAX])
{
	FILE *out = fmemopen(name, SSH_NAME_MAX, "w");

	*name = '\0';
	if (!out)
		return;
	tuple_print_end(out, &ssh->in.saddr, ssh->in.sport);
	fputs(" to ", out);
	tuple_print_end(out, &ssh->in.daddr, ssh->in.dport);
	fclose(out);
}

/**
 * ssh_check() - refuse a rule that could cut the connection
 * @ssh: the connection, and what the rules in front have to do with it
 * @rule: the rule
 * @err: where an error is returned
 *
 * Return: 0, or -1 with @err set
 */
int ssh_check(struct ssh *ssh, const struct rule *rule, struct err *err)
{
	char name[SSH_NAME_MAX];

	if (!ssh_cuts(ssh, rule))
		return 0;
	ssh_name(ssh, name);
	return err_set(err,
		       "this could cut the SSH connection that rstctl is run from, %s; narrow the rule, or add 'force' to it",
		       name);
}

/* Are both the segments of one direction of one connection? */
static bool is_same(const struct tuple *one, const struct tuple *other)
{
	return one->family == other->family && one->sport == other->sport &&
	       one->dport == other->dport &&
	       !memcmp(one->saddr.addr, other->saddr.addr, 16) &&
	       !memcmp(one->daddr.addr, other->daddr.addr, 16);
}

/**
 * ssh_is() - is it that connection?
 * @ssh: the connection
 * @tuple: another one, as the segments of either direction have it
 *
 * Return: true if it is
 */
bool ssh_is(const struct ssh *ssh, const struct tuple *tuple)
{
	return ssh->found &&
	       (is_same(tuple, &ssh->in) || is_same(tuple, &ssh->out));
}
