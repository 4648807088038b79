/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_FLOW_H
#define _RSTF_FLOW_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/types.h>

struct mem_cgroup;
struct rstf_flow_shard;
struct rstf_flows;
struct rstf_net;
struct rstf_segment;

/* Two IPv6 addresses and two ports. */
#define RSTF_CONN_MAX 36

/**
 * struct rstf_conn - a connection, the same one for both of its directions
 * @bytes: the two addresses, then the two ports, in network byte order. First
 *	the end with the lower address; of one address, that with the lower
 *	port. 0 behind @len
 * @len: 12 for IPv4, %RSTF_CONN_MAX for IPv6
 */
struct rstf_conn {
	u8 bytes[RSTF_CONN_MAX] __aligned(8);
	u8 len;
};

/**
 * struct rstf_flow_user - a rule's part in the table of its netns
 * @flows: the table; constant once the rule is committed, NULL if the rule
 *	remembers no connections
 * @memcg: pays for the rule's connections; constant as @flows
 * @nr: connections that the table has for the rule
 * @closed: the table takes no more of them; read and, after rstf_flow_close(),
 *	relied on under the locks of the shards
 */
struct rstf_flow_user {
	struct rstf_flows *flows;
	struct mem_cgroup *memcg;
	atomic_t nr;
	bool closed;
};

/**
 * struct rstf_flow - what a rule remembers of a connection
 * @node: place in a bucket
 * @lru: place in rstf_flow_shard.lru
 * @used: when it was last asked for, ktime_get_ns()
 * @user: of the rule
 * @conn: the connection
 * @seen: matches
 * @behind: matches behind those that a gate skips for the whole rule
 * @bytes: payload of all matches
 * @fired: how often the limit was claimed
 *
 * Protected by the lock of its shard.
 */
struct rstf_flow {
	struct hlist_node node;
	struct list_head lru;
	u64 used;
	struct rstf_flow_user *user;
	struct rstf_conn conn;
	u64 seen;
	u64 behind;
	u64 bytes;
	u32 fired;
};

/**
 * struct rstf_flow_ref - a locked shard, and the connection in it
 * @shard: the shard
 * @flow: the connection, or NULL
 */
struct rstf_flow_ref {
	struct rstf_flow_shard *shard;
	struct rstf_flow *flow;
};

void rstf_conn_init(struct rstf_conn *conn, const struct rstf_segment *seg);

void rstf_flow_lock(struct rstf_flow_ref *ref, struct rstf_flow_user *user,
		    const struct rstf_conn *conn);
void rstf_flow_unlock(struct rstf_flow_ref *ref);

int rstf_flow_setup(struct rstf_net *rnet, struct rstf_flow_user *user,
		    struct mem_cgroup *memcg);
void rstf_flow_close(struct rstf_flow_user *user);
void rstf_flow_purge(struct rstf_flow_user *user);
void rstf_flow_clean(struct rstf_net *rnet);

u64 rstf_flow_count(const struct rstf_net *rnet);
u64 rstf_flow_evicted(const struct rstf_net *rnet);

#endif /* _RSTF_FLOW_H */
