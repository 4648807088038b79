// SPDX-License-Identifier: GPL-2.0
/*
 * The bench module: loaded for the time of a measurement, and asked to send
 * packets through a hook.
 */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "host.h"

#include "die.h"
#include "module/rstf_bench.h"
#include "probe.h"
#include "traffic.h"

/* So many packets are one batch, and so many batches are measured. */
#define BATCH 64
#define BATCHES 9

/* The module lies beside this program, in a folder for each kernel. */
static void module_path(char *path, size_t size)
{
	char self[512];
	struct utsname uts;
	ssize_t len;
	int i;

	len = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (len < 0 || uname(&uts))
		die("where am I: %m");
	self[len] = 0;
	for (i = 0; i < 2; i++)
		*strrchr(self, '/') = 0;
	snprintf(path, size, "%s/%s/bench/rstf_bench.ko", self, uts.release);
}

/**
 * probe_load() - load the module
 */
void probe_load(void)
{
	char path[1024];
	int fd;

	module_path(path, sizeof(path));
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die("%s: %m", path);
	if (syscall(SYS_finit_module, fd, "", 0) && errno != EEXIST)
		die("cannot load %s: %m", path);
	close(fd);
}

/**
 * probe_unload() - and unload it
 */
void probe_unload(void)
{
	if (syscall(SYS_delete_module, "rstf_bench", O_NONBLOCK))
		die("cannot unload rstf_bench: %m");
}

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
 * probe_hook() - have a hook function that lets everything pass, until the end
 * @probe: the probe
 * @family: AF_INET or AF_INET6
 * @hook: NF_INET_*
 */
void probe_hook(const struct probe *probe, int family, unsigned int hook)
{
	struct rstf_bench_hook arg = { .family = family, .hook = hook };

	if (ioctl(probe->fd, RSTF_BENCH_HOOK, &arg))
		die("cannot register a hook: %m");
}

/**
 * probe_run() - send packets through a hook
 * @probe: the probe
 * @traffic: the packets
 * @hook: NF_INET_*
 * @cost: gets the result, that of reading the clock included
 */
void probe_run(const struct probe *probe, const struct traffic *traffic,
	       unsigned int hook, struct cost *cost)
{
	struct rstf_bench_run run = {
		.packets = (uintptr_t)traffic->packets,
		.count = traffic->count,
		.len = traffic->len,
		.batch = traffic->count > BATCH ? traffic->count : BATCH,
		.batches = BATCHES,
		.family = traffic->family,
		.hook = hook,
	};

	run.indev = host_ifindex(probe->host, traffic->indev);
	if (ioctl(probe->fd, RSTF_BENCH_RUN, &run))
		die("cannot measure: %m");
	*cost = (struct cost){
		.min = run.min / 100.0,
		.median = run.median / 100.0,
		.passed = run.passed,
		.dropped = run.refused + run.taken,
	};
}
