/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _NFT_H
#define _NFT_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include <linux/netfilter.h>

struct host;

/**
 * struct nft_chain - a chain at a hook
 * @name: its name
 * @hook: NF_INET_*
 * @priority: where in the order of hooks
 * @nat: it translates addresses; otherwise it filters
 * @drop: what its rules do not decide is dropped
 */
struct nft_chain {
	const char *name;
	unsigned int hook;
	int priority;
	bool nat;
	bool drop;
};

/**
 * struct nft_rule - what a rule is about, and what it does
 * @chain: name of its chain
 * @dport: TCP segments to this port alone; 0: all packets
 * @oif: packets that leave by this interface alone, or NULL
 * @owned: packets of a socket of root alone
 * @track: have connection tracking in this netns
 * @counter: count in this counter, or NULL
 * @drop: drop
 * @reset: reject with a RST
 * @dnat: translate the destination to this address, IPv4 or IPv6, or NULL
 * @dnat_port: and to this port
 * @snat: translate the source to this address, IPv4 or IPv6, or NULL
 */
struct nft_rule {
	const char *chain;
	uint16_t dport;
	const char *oif;
	bool owned;
	bool track;
	const char *counter;
	bool drop;
	bool reset;
	const char *dnat;
	uint16_t dnat_port;
	const char *snat;
};

/* Functions return 0 or a negative errno. */
bool nft_known(const struct host *host);
int nft_add_table(const struct host *host);
int nft_del_table(const struct host *host);
int nft_add_chain(const struct host *host, const struct nft_chain *chain);
int nft_del_chain(const struct host *host, const char *name);
int nft_add_counter(const struct host *host, const char *name);
int64_t nft_count(const struct host *host, const char *name);
int nft_add_rule(const struct host *host, const struct nft_rule *rule);
int nft_watch(const struct host *host, const char *chain, unsigned int hook,
	      int priority, const char *counter);

#endif /* _NFT_H */
