// SPDX-License-Identifier: GPL-2.0
/*
 * The bench module: loaded for the time of a measurement, and asked to send
 * packets through a hook.
 */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "host.h"

#include "die.h"
#include "probe.h"
#include "traffic.h"

/* So many packets are one batch, and so many batches are measured. */
#define BATCH 64
#define BATCHES 9

/**
 * probe_open() - measure in a host
 * @probe: to be given back by probe_close()
 * @host: the host
 */
void probe_open(struct probe *probe, const struct host *host)
{
	if (host_enter(host))
		die("no such host");
	probe->host = host;
	probe->fd = open("/dev/" RSTF_BENCH_DEVICE, O_RDWR | O_CLOEXEC);
	if (probe->fd < 0)
		die("/dev/" RSTF_BENCH_DEVICE ": %m");
	if (host_leave())
		die("cannot leave a host");
}

/**
 * probe_close() - undo probe_open()
 * @probe: the probe
 */
void probe_close(struct probe *probe)
{
	close(probe->fd);
	probe->fd = -1;
}

/**
 * probe_hook() - have a hook function that decides at once, until the end
 * @probe: the probe
 * @family: AF_INET or AF_INET6
 * @hook: NF_INET_*
 * @verdict: what it decides
 */
void probe_hook(const struct probe *probe, int family, unsigned int hook,
		enum rstf_bench_verdict verdict)
{
	struct rstf_bench_hook arg = {
		.family = family,
		.hook = hook,
		.verdict = verdict,
	};

	if (ioctl(probe->fd, RSTF_BENCH_HOOK, &arg))
		die("cannot register a hook: %m");
}

static void fill_packets(const struct probe *probe,
			 const struct traffic *traffic,
			 struct rstf_bench_packets *packets)
{
	packets->packets = (uintptr_t)traffic->packets;
	packets->count = traffic->count;
	packets->len = traffic->len;
	packets->family = traffic->family;
	packets->indev = traffic->indev ?
			 host_ifindex(probe->host, traffic->indev) : 0;
	packets->outdev = traffic->outdev ?
			  host_ifindex(probe->host, traffic->outdev) : 0;
}

/**
 * probe_run() - send packets through a hook
 * @probe: the probe
 * @traffic: the packets
 * @plan: where, and how
 * @cost: gets the result, that of reading the clock included
 */
void probe_run(const struct probe *probe, const struct traffic *traffic,
	       const struct plan *plan, struct cost *cost)
{
	struct rstf_bench_run run = {
		.batch = plan->batch ?: traffic->count,
		.batches = plan->batches ?: BATCHES,
		.softirq = plan->softirq,
	};

	if (!plan->batch && run.batch < BATCH)
		run.batch = BATCH;
	fill_packets(probe, traffic, &run.packets);
	run.packets.hook = plan->hook;
	run.packets.route = plan->route;
	if (ioctl(probe->fd, RSTF_BENCH_RUN, &run))
		die("cannot measure: %m");
	*cost = (struct cost){
		.min = run.min / 100.0,
		.median = run.median / 100.0,
		.passed = run.passed,
		.dropped = run.refused + run.taken,
	};
}

/**
 * probe_hold() - send packets that are held, and wait for them
 * @probe: the probe
 * @traffic: the packets
 * @hold: the rest; gets the result
 */
void probe_hold(const struct probe *probe, const struct traffic *traffic,
		struct rstf_bench_hold *hold)
{
	fill_packets(probe, traffic, &hold->packets);
	if (ioctl(probe->fd, RSTF_BENCH_HOLD, hold))
		die("cannot have packets held: %m");
}

/**
 * probe_busy() - nanoseconds for which processors have done something
 * @probe: any probe
 *
 * Under a warped clock these are instructions: it does not count those that
 * the clock jumps over.
 *
 * Return: since the machine was started.
 */
uint64_t probe_busy(const struct probe *probe)
{
	struct timespec now;
	__u64 idle;

	if (ioctl(probe->fd, RSTF_BENCH_IDLE, &idle) ||
	    clock_gettime(CLOCK_MONOTONIC, &now))
		die("cannot read a clock: %m");
	return now.tv_sec * 1000000000ull + now.tv_nsec - idle * 1000;
}
