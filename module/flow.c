// SPDX-License-Identifier: GPL-2.0
/*
 * What rules remember of single connections: one bounded table in each netns,
 * made for the first rule that asks for it.
 *
 * A connection lies in one of some shards, so that CPUs seldom wait for each
 * other. The limit is that of the whole table; beyond it the shard whose oldest
 * connection was not seen for the longest time has to give that one up.
 *
 * Why freeing is safe. Connections are found, used and freed under the lock of
 * their shard, so none is freed that is in use. A rule is closed before it
 * leaves: a segment that is still on its way through the rule then either was
 * in a shard before rstf_flow_purge(), which frees what it has left there, or
 * comes behind that, and adds nothing. So no connection outlives its rule. The
 * table itself is freed with the netns, when no segment can be in the hooks.
 */
#include <linux/hash.h>
#include <linux/ktime.h>
#include <linux/log2.h>
#include <linux/memcontrol.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/sched/mm.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "flow.h"
#include "netns.h"
#include "segment.h"
#include "uapi/rstfault.h"

#define FLOW_SHARDS 16
#define FLOW_BUCKETS 2048

/**
 * struct rstf_flow_shard - a part of the connections of a netns
 * @lock: protects all members, and all connections in them
 * @oldest: rstf_flow.used of the first one in @lru, U64_MAX if it is empty;
 *	read without the lock to choose a shard
 * @lru: the connections, the least recently seen one first
 * @buckets: the connections, by hash
 */
struct rstf_flow_shard {
	spinlock_t lock; /* all members */
	u64 oldest;
	struct list_head lru;
	struct hlist_head buckets[FLOW_BUCKETS];
} ____cacheline_aligned_in_smp;

/**
 * struct rstf_flows - connections that the rules of a netns remember
 * @count: how many, and those that are being added
 * @evicted: how many were forgotten for want of room
 * @key: nobody outside can find connections of one bucket
 * @shards: the connections
 */
struct rstf_flows {
	atomic_t count;
	atomic64_t evicted;
	siphash_key_t key;
	struct rstf_flow_shard shards[FLOW_SHARDS];
};

/**
 * rstf_conn_init() - the connection that a segment is of
 * @conn: where to
 * @seg: the segment
 *
 * Context: Any.
 */
void rstf_conn_init(struct rstf_conn *conn, const struct rstf_segment *seg)
{
	size_t len = seg->family == AF_INET ? sizeof(seg->saddr.ip) :
					      sizeof(seg->saddr.in6);
	const void *low = &seg->saddr, *high = &seg->daddr;
	__be16 ports[2] = { htons(seg->sport), htons(seg->dport) };
	int order = memcmp(low, high, len);

	if (order > 0 || (!order && seg->sport > seg->dport)) {
		swap(low, high);
		swap(ports[0], ports[1]);
	}

	memset(conn, 0, sizeof(*conn));
	memcpy(conn->bytes, low, len);
	memcpy(conn->bytes + len, high, len);
	memcpy(conn->bytes + 2 * len, ports, sizeof(ports));
	conn->len = 2 * len + sizeof(ports);
}

/* Tell the age of @shard, whose list has changed. */
static void flow_shard_age(struct rstf_flow_shard *shard)
{
	struct rstf_flow *first;

	lockdep_assert_held(&shard->lock);

	first = list_first_entry_or_null(&shard->lru, struct rstf_flow, lru);
	WRITE_ONCE(shard->oldest, first ? first->used : U64_MAX);
}

static void flow_free(struct rstf_flows *flows, struct rstf_flow *flow)
{
	kfree(flow);
	atomic_dec(&flows->count);
}

static void flow_remove(struct rstf_flow_shard *shard, struct rstf_flow *flow)
{
	struct rstf_flow_user *user = flow->user;

	hlist_del(&flow->node);
	list_del(&flow->lru);
	flow_shard_age(shard);
	atomic_dec(&user->nr);
	flow_free(user->flows, flow);
}

/* Forget the connection that was not seen for the longest time, if any. */
static bool flow_evict(struct rstf_flows *flows)
{
	struct rstf_flow_shard *shard, *oldest;
	struct rstf_flow *flow;
	u64 age, used;

	do {
		oldest = NULL;
		age = U64_MAX;
		for (shard = flows->shards;
		     shard < flows->shards + FLOW_SHARDS; shard++) {
			used = READ_ONCE(shard->oldest);
			if (used < age) {
				age = used;
				oldest = shard;
			}
		}
		if (!oldest)
			return false;

		spin_lock_bh(&oldest->lock);
		flow = list_first_entry_or_null(&oldest->lru, struct rstf_flow,
						lru);
		if (flow) {
			flow_remove(oldest, flow);
			atomic64_inc(&flows->evicted);
		}
		spin_unlock_bh(&oldest->lock);
	} while (!flow);

	return true;
}

/* A connection for the table. Others make room for it if there is none. */
static struct rstf_flow *flow_alloc(const struct rstf_flow_user *user)
{
	struct rstf_flows *flows = user->flows;
	struct mem_cgroup *memcg;
	struct rstf_flow *flow;

	if (atomic_inc_return(&flows->count) > RSTFAULT_FLOWS_MAX &&
	    !flow_evict(flows))
		goto err_count;

	memcg = set_active_memcg(user->memcg);
	flow = kzalloc(sizeof(*flow), GFP_ATOMIC | __GFP_ACCOUNT | __GFP_NOWARN);
	set_active_memcg(memcg);
	if (flow)
		return flow;

err_count:
	atomic_dec(&flows->count);
	return NULL;
}

static struct rstf_flow *flow_find(struct rstf_flow_shard *shard,
				   const struct hlist_head *bucket,
				   const struct rstf_flow_user *user,
				   const struct rstf_conn *conn)
{
	struct rstf_flow *flow;

	lockdep_assert_held(&shard->lock);

	hlist_for_each_entry(flow, bucket, node)
		if (flow->user == user && flow->conn.len == conn->len &&
		    !memcmp(flow->conn.bytes, conn->bytes, conn->len))
			return flow;

	return NULL;
}

/**
 * rstf_flow_lock() - what a rule remembers of a connection
 * @ref: gets it, with its shard locked; to be given back by rstf_flow_unlock().
 *	Without rstf_flow_ref.flow if the rule is closed, or if memory is short
 * @user: of the rule, with a table
 * @conn: the connection; if the rule has not seen it yet, the table has it
 *	afterwards
 *
 * Context: RCU read side, of which the rule is known. Any but hard interrupt.
 *	Takes the lock of a shard and disables BH.
 */
void rstf_flow_lock(struct rstf_flow_ref *ref, struct rstf_flow_user *user,
		    const struct rstf_conn *conn)
	__acquires(&ref->shard->lock)
{
	struct rstf_flows *flows = user->flows;
	u64 hash = siphash(conn->bytes, conn->len, &flows->key);
	struct rstf_flow_shard *shard = &flows->shards[hash % FLOW_SHARDS];
	struct rstf_flow *flow, *new;
	struct hlist_head *bucket;

	/* One connection in many rules is not to be in one bucket many times. */
	hash = hash_64(hash ^ (unsigned long)user, ilog2(FLOW_BUCKETS));
	bucket = &shard->buckets[hash];
	ref->shard = shard;

	spin_lock_bh(&shard->lock);
	flow = flow_find(shard, bucket, user, conn);
	if (!flow && !READ_ONCE(user->closed)) {
		/* Room may have to come from another shard. */
		spin_unlock_bh(&shard->lock);
		new = flow_alloc(user);
		spin_lock_bh(&shard->lock);

		flow = flow_find(shard, bucket, user, conn);
		if (!flow && new && !READ_ONCE(user->closed)) {
			flow = new;
			new = NULL;
			flow->user = user;
			flow->conn = *conn;
			hlist_add_head(&flow->node, bucket);
			list_add_tail(&flow->lru, &shard->lru);
			atomic_inc(&user->nr);
		}
		if (new)
			flow_free(flows, new);
	}
	if (flow) {
		flow->used = ktime_get_ns();
		list_move_tail(&flow->lru, &shard->lru);
		flow_shard_age(shard);
	}

	ref->flow = flow;
}

/**
 * rstf_flow_unlock() - let go of what rstf_flow_lock() has given
 * @ref: the connection and its shard
 *
 * Context: As rstf_flow_lock(). Gives the lock back.
 */
void rstf_flow_unlock(struct rstf_flow_ref *ref)
	__releases(&ref->shard->lock)
{
	spin_unlock_bh(&ref->shard->lock);
}

static struct rstf_flows *flows_alloc(void)
{
	struct rstf_flows *flows;
	unsigned int i;

	flows = kvzalloc(sizeof(*flows), GFP_KERNEL_ACCOUNT);
	if (!flows)
		return NULL;

	get_random_bytes(&flows->key, sizeof(flows->key));
	for (i = 0; i < FLOW_SHARDS; i++) {
		spin_lock_init(&flows->shards[i].lock);
		INIT_LIST_HEAD(&flows->shards[i].lru);
		flows->shards[i].oldest = U64_MAX;
	}

	return flows;
}

/**
 * rstf_flow_setup() - let a rule remember connections
 * @rnet: netns of the rule
 * @user: of the rule, zeroed, or set up before
 * @memcg: who pays for the connections; the rule has a reference
 *
 * Context: May sleep. Caller holds rstf_net.lock, and publishes the rule only
 *	afterwards, if it is not yet.
 * Return: 0 or -ENOMEM.
 */
int rstf_flow_setup(struct rstf_net *rnet, struct rstf_flow_user *user,
		    struct mem_cgroup *memcg)
{
	lockdep_assert_held(&rnet->lock);

	if (!rnet->flows)
		rnet->flows = flows_alloc();
	/* Packets read it where the rule was published before. */
	if (!user->flows) {
		user->memcg = memcg;
		user->flows = rnet->flows;
	}

	return user->flows ? 0 : -ENOMEM;
}

/**
 * rstf_flow_close() - let a rule remember no further connections
 * @user: of the rule, which has left the ruleset
 *
 * Context: Any. rstf_flow_purge() has to follow before the rule is put.
 */
void rstf_flow_close(struct rstf_flow_user *user)
{
	WRITE_ONCE(user->closed, true);
}

/**
 * rstf_flow_purge() - forget the connections of closed rules
 * @user: of a closed rule
 *
 * Frees those of other closed rules on the way, so that of many rules that go
 * together only the first costs.
 *
 * Context: May sleep. Caller holds rstf_net.lock. Takes the locks of all
 *	shards, one at a time.
 */
void rstf_flow_purge(struct rstf_flow_user *user)
{
	struct rstf_flows *flows = user->flows;
	struct rstf_flow_shard *shard;
	struct rstf_flow *flow, *next;

	if (!flows)
		return;

	for (shard = flows->shards; shard < flows->shards + FLOW_SHARDS;
	     shard++) {
		/* Also with nothing to do: see "Why freeing is safe". */
		spin_lock_bh(&shard->lock);
		if (atomic_read(&user->nr))
			list_for_each_entry_safe(flow, next, &shard->lru, lru)
				if (READ_ONCE(flow->user->closed))
					flow_remove(shard, flow);
		spin_unlock_bh(&shard->lock);
		cond_resched();
	}
}

/**
 * rstf_flow_clean() - free the connections of a netns
 * @rnet: the netns
 *
 * Context: May sleep. The hooks were unregistered, and a grace period has
 *	passed since.
 */
void rstf_flow_clean(struct rstf_net *rnet)
{
	struct rstf_flows *flows = rnet->flows;
	struct rstf_flow *flow, *next;
	unsigned int i;

	if (!flows)
		return;

	for (i = 0; i < FLOW_SHARDS; i++) {
		list_for_each_entry_safe(flow, next, &flows->shards[i].lru, lru)
			kfree(flow);
		cond_resched();
	}
	kvfree(flows);
}

/**
 * rstf_flow_count() - how many connections rules remember
 * @rnet: the netns
 *
 * Context: Caller holds rstf_net.lock.
 * Return: the number, one for each rule and connection.
 */
u64 rstf_flow_count(const struct rstf_net *rnet)
{
	lockdep_assert_held(&rnet->lock);

	if (!rnet->flows)
		return 0;

	/* Not those for which room is being made at this moment. */
	return min(atomic_read(&rnet->flows->count), RSTFAULT_FLOWS_MAX);
}

/**
 * rstf_flow_evicted() - how many connections were forgotten for want of room
 * @rnet: the netns
 *
 * Context: Caller holds rstf_net.lock.
 * Return: the number.
 */
u64 rstf_flow_evicted(const struct rstf_net *rnet)
{
	lockdep_assert_held(&rnet->lock);

	return rnet->flows ? atomic64_read(&rnet->flows->evicted) : 0;
}
