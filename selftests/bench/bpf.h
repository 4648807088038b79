/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _BPF_H
#define _BPF_H

#include <stdbool.h>
#include <stdint.h>

struct host;
struct traffic;

bool there_bpf(void);
void bpf_attach(const struct host *host, int family, unsigned int hook);
double bpf_cost(const struct traffic *traffic, uint16_t port, bool *dropped);

#endif /* _BPF_H */
