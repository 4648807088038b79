// SPDX-License-Identifier: GPL-2.0
/*
 * Programs of BPF, written by hand: one for tc that drops the RSTs to a port, and
 * one for netfilter that lets everything pass.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/netfilter.h>
#include <linux/pkt_cls.h>

#include "host.h"
#include "packet.h"

#include "bpf.h"
#include "die.h"
#include "traffic.h"

/* So many runs are one; the cheapest of so many counts. */
#define REPEAT 1000
#define TIMES 9

/* Added to the headers of the kernel in 6.4. */
#define PROG_TYPE_NETFILTER 32
#define ATTACH_NETFILTER 45

#define INSN(c, d, s, o, i) ((struct bpf_insn){				\
	.code = (c), .dst_reg = (d), .src_reg = (s), .off = (o), .imm = (i) })

#define SET(reg, value) INSN(BPF_ALU64 | BPF_MOV | BPF_K, reg, 0, 0, value)
#define COPY(to, from) INSN(BPF_ALU64 | BPF_MOV | BPF_X, to, from, 0, 0)
#define ADD(reg, value) INSN(BPF_ALU64 | BPF_ADD | BPF_K, reg, 0, 0, value)
#define LOAD(size, to, from, off)					\
	INSN(BPF_LDX | BPF_MEM | (size), to, from, off, 0)
#define JUMP(op, reg, value, off)					\
	INSN(BPF_JMP | (op) | BPF_K, reg, 0, off, value)
#define JUMP_REG(op, reg, other, off)					\
	INSN(BPF_JMP | (op) | BPF_X, reg, other, off, 0)
#define END INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)

#define NR_INSNS(insns) (sizeof(insns) / sizeof((insns)[0]))

static int call_bpf(int cmd, union bpf_attr *attr)
{
	return syscall(SYS_bpf, cmd, attr, sizeof(*attr));
}

static int load(uint32_t type, uint32_t attach, const struct bpf_insn *insns,
		size_t count)
{
	union bpf_attr attr = {
		.prog_type = type,
		.expected_attach_type = attach,
		.insns = (uintptr_t)insns,
		.insn_cnt = count,
		.license = (uintptr_t)"GPL",
	};

	return call_bpf(BPF_PROG_LOAD, &attr);
}

static int load_accept(void)
{
	const struct bpf_insn insns[] = { SET(0, NF_ACCEPT), END };

	return load(PROG_TYPE_NETFILTER, ATTACH_NETFILTER, insns,
		    NR_INSNS(insns));
}

/**
 * there_bpf() - whether the kernel takes a program for netfilter
 */
bool there_bpf(void)
{
	int fd = load_accept();

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/**
 * bpf_attach() - have a program that lets everything pass, until the end
 * @host: where
 * @family: AF_INET or AF_INET6
 * @hook: NF_INET_*
 */
void bpf_attach(const struct host *host, int family, unsigned int hook)
{
	/* What union bpf_attr has there, in headers that are new enough. */
	struct {
		uint32_t prog;
		uint32_t target;
		uint32_t attach;
		uint32_t flags;
		uint32_t pf;
		uint32_t hook;
		int32_t priority;
		uint32_t netfilter_flags;
	} link = {
		.prog = load_accept(),
		.attach = ATTACH_NETFILTER,
		.pf = family == AF_INET6 ? NFPROTO_IPV6 : NFPROTO_IPV4,
		.hook = hook,
	};
	union bpf_attr attr = {};

	memcpy(&attr, &link, sizeof(link));
	/* The link goes with its file, and that with this program. */
	if (host_enter(host) || call_bpf(BPF_LINK_CREATE, &attr) < 0 ||
	    host_leave())
		die("cannot attach a BPF program: %m");
	close(link.prog);
}

/* Drop a RST to @port: behind an IP header of @header bytes that ends in TCP. */
static int load_drop(int family, uint16_t port)
{
	const int header = family == AF_INET6 ? 40 : 20;
	const int protocol = family == AF_INET6 ? 6 : 9;
	const struct bpf_insn insns[] = {
		LOAD(BPF_W, 2, 1, offsetof(struct __sk_buff, data)),
		LOAD(BPF_W, 3, 1, offsetof(struct __sk_buff, data_end)),
		SET(0, TC_ACT_OK),
		COPY(4, 2),
		ADD(4, ETH_HLEN + header + 20),
		JUMP_REG(BPF_JGT, 4, 3, 7),
		LOAD(BPF_B, 5, 2, ETH_HLEN + protocol),
		JUMP(BPF_JNE, 5, IPPROTO_TCP, 5),
		LOAD(BPF_B, 5, 2, ETH_HLEN + header + 13),
		/* To the port, if RST is set. */
		JUMP(BPF_JSET, 5, TH_RST, 1),
		END,
		LOAD(BPF_H, 5, 2, ETH_HLEN + header + 2),
		JUMP(BPF_JEQ, 5, htons(port), 1),
		END,
		SET(0, TC_ACT_SHOT),
		END,
	};

	return load(BPF_PROG_TYPE_SCHED_CLS, 0, insns, NR_INSNS(insns));
}

static int load_nothing(void)
{
	const struct bpf_insn insns[] = { SET(0, TC_ACT_OK), END };

	return load(BPF_PROG_TYPE_SCHED_CLS, 0, insns, NR_INSNS(insns));
}

static double test_run(int prog, const struct traffic *traffic, uint32_t *verdict)
{
	uint8_t frame[PACKET_MAX + ETH_HLEN] = {};
	unsigned int i, least = 0;
	union bpf_attr attr = {
		.test = {
			.prog_fd = prog,
			.data_in = (uintptr_t)frame,
			.data_size_in = ETH_HLEN + traffic->len,
			.repeat = REPEAT,
		},
	};

	if (prog < 0)
		die("cannot load a BPF program: %m");
	frame[12] = traffic->family == AF_INET6 ? 0x86 : 0x08;
	frame[13] = traffic->family == AF_INET6 ? 0xdd : 0x00;
	memcpy(frame + ETH_HLEN, traffic->packets, traffic->len);
	for (i = 0; i < TIMES; i++) {
		if (call_bpf(BPF_PROG_TEST_RUN, &attr))
			die("cannot run a BPF program: %m");
		if (!i || attr.test.duration < least)
			least = attr.test.duration;
	}
	close(prog);
	*verdict = attr.test.retval;

	return least;
}

/**
 * bpf_cost() - what a program for tc costs that drops the RSTs to a port
 * @traffic: a packet
 * @port: the port
 * @dropped: whether it has dropped the packet
 *
 * Return: instructions, without those that a program takes that does nothing.
 */
double bpf_cost(const struct traffic *traffic, uint16_t port, bool *dropped)
{
	uint32_t verdict;
	double cost;

	cost = -test_run(load_nothing(), traffic, &verdict);
	cost += test_run(load_drop(traffic->family, port), traffic, &verdict);
	*dropped = verdict == TC_ACT_SHOT;

	return cost;
}
