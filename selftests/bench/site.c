// SPDX-License-Identifier: GPL-2.0
/*
 * A fresh host for each contender: none meets the rules of another.
 */
#include <stdio.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "die.h"
#include "memory.h"
#include "site.h"
#include "traffic.h"

/* In memory, so that nobody waits for it. */
#define RULES_FILE "/tmp/bench.rules"

#define WORDS_MAX 8

/**
 * site_init() - make a host, and measure there
 * @site: to be given back by site_free()
 */
void site_init(struct site *site)
{
	if (host_init(&site->host))
		die("cannot make a host");
	probe_open(&site->probe, &site->host);
}

/**
 * site_free() - give back what site_init() made
 * @site: the site
 *
 * Waits until the kernel has cleaned up, which it does after the call: not in
 * what is measured next.
 */
void site_free(struct site *site)
{
	probe_close(&site->probe);
	host_free(&site->host);
	sleep(3);
}

/**
 * site_file() - begin to write rules
 *
 * Return: a file for site_load(), which closes it.
 */
FILE *site_file(void)
{
	FILE *file = fopen(RULES_FILE, "w");

	if (!file)
		die(RULES_FILE ": %m");
	return file;
}

static pid_t start(const struct host *host, const char *const command[])
{
	const char *words[WORDS_MAX] = {};
	unsigned int count = 0;
	pid_t pid;

	while (command[count] && count < WORDS_MAX - 2) {
		words[count] = command[count];
		count++;
	}
	words[count] = RULES_FILE;

	pid = fork();
	if (pid < 0)
		die("cannot fork: %m");
	if (!pid) {
		/* The same work in each run: memory lies where it lay. */
		personality(ADDR_NO_RANDOMIZE);
		if (!host_enter(host))
			execvp(words[0], (char *const *)words);
		_exit(127);
	}

	return pid;
}

/**
 * site_load() - have a tool load rules
 * @site: where
 * @rules: file of site_file()
 * @command: the tool and its arguments, up to, but not including, the name of
 *	the file; the last is NULL
 *
 * Return: what that took.
 */
struct load site_load(const struct site *site, FILE *rules,
		      const char *const command[])
{
	struct rusage usage;
	double begin, kept;
	int status;
	pid_t pid;

	if (fclose(rules))
		die(RULES_FILE ": %m");

	kept = memory_used();
	begin = probe_busy(&site->probe);
	pid = start(&site->host, command);
	if (wait4(pid, &status, 0, &usage) < 0)
		die("cannot wait: %m");
	if (status)
		die("%s has failed", command[0]);

	return (struct load){
		.instructions = probe_busy(&site->probe) - begin,
		.kept = memory_used() - kept,
		.peak = usage.ru_maxrss * 1024.0,
	};
}

/**
 * site_rstctl() - have rstctl load rules
 * @site: where
 * @rules: file of site_file()
 *
 * Return: what that took.
 */
struct load site_rstctl(const struct site *site, FILE *rules)
{
	return site_load(site, rules,
			 (const char *const[]){ "rstctl", "load", NULL });
}

/**
 * site_nft() - have nft load rules
 * @site: where
 * @rules: file of site_file()
 *
 * Return: what that took.
 */
struct load site_nft(const struct site *site, FILE *rules)
{
	return site_load(site, rules,
			 (const char *const[]){ "nft", "-f", NULL });
}

static double harness(const struct traffic *traffic, const struct plan *plan)
{
	static double known[2][2];
	bool ipv6 = traffic->family == AF_INET6;
	struct plan same = { .hook = plan->hook, .softirq = plan->softirq };
	struct traffic few = *traffic;
	struct site empty;
	struct cost cost;

	if (!known[ipv6][plan->softirq]) {
		few.indev = "lo";
		few.outdev = NULL;
		few.count = 1;
		site_init(&empty);
		probe_run(&empty.probe, &few, &same, &cost);
		site_free(&empty);
		known[ipv6][plan->softirq] = cost.min;
	}

	return known[ipv6][plan->softirq];
}

/**
 * site_harness() - what the measurement itself takes
 * @traffic: the packets
 * @hook: NF_INET_*
 *
 * Return: instructions for each packet where there is no hook.
 */
double site_harness(const struct traffic *traffic, unsigned int hook)
{
	return harness(traffic, &(struct plan){ .hook = hook });
}

/**
 * site_run() - measure what hooks do to traffic
 * @site: where
 * @traffic: the packets
 * @plan: which hook, and how
 * @cost: gets the result, without what the measurement itself takes
 */
void site_run(const struct site *site, const struct traffic *traffic,
	      const struct plan *plan, struct cost *cost)
{
	double empty = harness(traffic, plan);

	probe_run(&site->probe, traffic, plan, cost);
	cost->min -= empty;
	cost->median -= empty;
}

/**
 * site_cost() - measure packets that all come to the same end
 * @site: where
 * @traffic: the packets
 * @hook: NF_INET_*
 * @dropped: they must be dropped; otherwise they must pass
 *
 * Return: instructions for each packet.
 */
double site_cost(const struct site *site, const struct traffic *traffic,
		 unsigned int hook, bool dropped)
{
	struct cost cost;

	site_run(site, traffic, &(struct plan){ .hook = hook }, &cost);
	if (dropped ? cost.passed : cost.dropped)
		die("%llu packets passed, %llu did not",
		    (unsigned long long)cost.passed,
		    (unsigned long long)cost.dropped);

	return cost.min;
}
