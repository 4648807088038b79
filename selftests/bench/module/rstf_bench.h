/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the benchmark asks its module for, by ioctl() on /dev/rstf_bench.
 */
#ifndef _RSTF_BENCH_H
#define _RSTF_BENCH_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define RSTF_BENCH_DEVICE "rstf_bench"

/* Bytes of a packet, packets of a table, batches, packets that are held. */
#define RSTF_BENCH_LEN_MAX 2048
#define RSTF_BENCH_COUNT_MAX 131072
#define RSTF_BENCH_BATCHES_MAX 1024
#define RSTF_BENCH_HELD_MAX 131072

/**
 * struct rstf_bench_packets - packets, and where they go
 * @packets: address of the packets, one after the other: IP and what follows
 * @count: how many there are
 * @len: bytes of each
 * @indev: number of the interface that they have come by, or 0
 * @outdev: number of the interface that they leave by, or 0
 * @family: AF_INET or AF_INET6
 * @hook: NF_INET_*
 * @route: find a route for the packet first, as for one that was received
 * @pad: 0
 */
struct rstf_bench_packets {
	__aligned_u64 packets;
	__u32 count;
	__u32 len;
	__u32 indev;
	__u32 outdev;
	__u8 family;
	__u8 hook;
	__u8 route;
	__u8 pad[5];
};

/**
 * struct rstf_bench_run - measure what packets cost at a hook
 * @packets: which, and where; they are taken in turn, and each batch begins with
 *	the first
 * @batch: so many traversals are added up
 * @batches: so often
 * @softirq: what the hook has left to a softirq is part of it
 * @pad: 0
 * @min: nanoseconds of a traversal in the fastest batch, in hundredths
 * @median: the same in the median of the batches
 * @passed: packets that may go on
 * @refused: packets of which the stack is told that they were dropped
 * @taken: packets that somebody else has now, or that were freed in silence
 *
 * Under a clock that counts instructions, a nanosecond is one. The clock is read
 * before and after each traversal, and the two readings are part of the result:
 * measure where no hook is, and subtract.
 */
struct rstf_bench_run {
	struct rstf_bench_packets packets;
	__u32 batch;
	__u32 batches;
	__u8 softirq;
	__u8 pad[7];
	__aligned_u64 min;
	__aligned_u64 median;
	__aligned_u64 passed;
	__aligned_u64 refused;
	__aligned_u64 taken;
};

/**
 * struct rstf_bench_record - what became of a packet that was held
 * @begin: when it came to the hook, on the clock of ktime_get()
 * @end: when the hook had it
 * @released: when it came out behind the hook
 * @timer: when a timer fired that was started with it, if there was one
 */
struct rstf_bench_record {
	__aligned_u64 begin;
	__aligned_u64 end;
	__aligned_u64 released;
	__aligned_u64 timer;
};

/**
 * struct rstf_bench_hold - have packets held, and wait until they are released
 * @packets: which, and where
 * @records: address of @nr records, which are filled in
 * @nr: so many packets, taken in turn
 * @gap: microseconds to sleep between two of them
 * @wait: nanoseconds behind the last one, by which all are due; until then no
 *	softirq runs, so that they all are released together. 0: sleep meanwhile
 * @timer: nanoseconds behind @begin of each packet, at which a timer of the
 *	kernel fires that does nothing else; 0: there is none
 * @release: when they could be released
 * @qdisc: 1: it is not the hook that holds them, but the queue of the interface
 *	outdev
 * @pad: 0
 */
struct rstf_bench_hold {
	struct rstf_bench_packets packets;
	__aligned_u64 records;
	__u32 nr;
	__u32 gap;
	__aligned_u64 wait;
	__aligned_u64 timer;
	__aligned_u64 release;
	__u8 qdisc;
	__u8 pad[7];
};

/**
 * enum rstf_bench_verdict - what a hook function does, and nothing else
 * @RSTF_BENCH_ACCEPT: let the packet pass
 * @RSTF_BENCH_DROP: have it dropped
 */
enum rstf_bench_verdict {
	RSTF_BENCH_ACCEPT,
	RSTF_BENCH_DROP,
};

/**
 * struct rstf_bench_hook - a hook function that decides at once
 * @family: AF_INET or AF_INET6
 * @hook: NF_INET_*
 * @verdict: enum rstf_bench_verdict
 * @pad: 0
 */
struct rstf_bench_hook {
	__u8 family;
	__u8 hook;
	__u8 verdict;
	__u8 pad;
};

#define RSTF_BENCH_RUN _IOWR('R', 1, struct rstf_bench_run)
/* Register one until the file is closed. */
#define RSTF_BENCH_HOOK _IOW('R', 2, struct rstf_bench_hook)
#define RSTF_BENCH_HOLD _IOWR('R', 3, struct rstf_bench_hold)
/* Microseconds for which processors had nothing to do. */
#define RSTF_BENCH_IDLE _IOR('R', 4, __u64)

#endif /* _RSTF_BENCH_H */
