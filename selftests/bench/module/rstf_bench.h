/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the benchmark asks its module for, by ioctl() on /dev/rstf_bench.
 */
#ifndef _RSTF_BENCH_H
#define _RSTF_BENCH_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define RSTF_BENCH_DEVICE "rstf_bench"

/* Bytes of a packet, and packets of a table. */
#define RSTF_BENCH_LEN_MAX 2048
#define RSTF_BENCH_COUNT_MAX (1 << 17)

#define RSTF_BENCH_BATCHES_MAX 1024

/**
 * struct rstf_bench_run - packets to be sent through a netfilter hook
 * @packets: address of the packets, one after the other: IP and what follows
 * @count: how many there are
 * @len: bytes of each
 * @batch: so many traversals are added up; the packets are taken in turn, and
 *	each batch begins with the first
 * @batches: so often
 * @indev: number of the interface that they have come by, or 0
 * @outdev: number of the interface that they leave by, or 0
 * @family: AF_INET or AF_INET6
 * @hook: NF_INET_*
 * @route: find a route for the packet first, as for one that was received
 * @pad: 0
 * @min: instructions (nanoseconds) of a traversal in the fastest batch, in
 *	hundredths
 * @median: the same in the median of the batches
 * @passed: packets that may go on
 * @refused: packets of which the stack is told that they were dropped
 * @taken: packets that somebody else has now, or that were freed in silence
 *
 * The clock is read before and after each traversal, and the two readings are
 * part of the result: measure where no hook is, and subtract.
 */
struct rstf_bench_run {
	__aligned_u64 packets;
	__u32 count;
	__u32 len;
	__u32 batch;
	__u32 batches;
	__u32 indev;
	__u32 outdev;
	__u8 family;
	__u8 hook;
	__u8 route;
	__u8 pad[5];
	__aligned_u64 min;
	__aligned_u64 median;
	__aligned_u64 passed;
	__aligned_u64 refused;
	__aligned_u64 taken;
};

/**
 * struct rstf_bench_hook - a hook function that lets everything pass
 * @family: AF_INET or AF_INET6
 * @hook: NF_INET_*
 * @pad: 0
 */
struct rstf_bench_hook {
	__u8 family;
	__u8 hook;
	__u8 pad[2];
};

#define RSTF_BENCH_RUN _IOWR('R', 1, struct rstf_bench_run)
/* Register one until the file is closed. */
#define RSTF_BENCH_HOOK _IOW('R', 2, struct rstf_bench_hook)

#endif /* _RSTF_BENCH_H */
