// SPDX-License-Identifier: GPL-2.0
/*
 * Hooks beside ours: a table of nftables in a host, with chains, rules and
 * counters. To start nft for each of them would take a hundred times as long.
 */
#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>

#include <libmnl/libmnl.h>

#include "host.h"
#include "nft.h"

/* The one table, of the family inet. */
#define TABLE "t"

/* A change is a batch: its begin, one message, its end. */
struct change {
	union {
		struct nlmsghdr begin;
		char buf[2048];
	};
	struct nlmsghdr *nlh;
};

static struct nlmsghdr *put_header(void *buf, uint16_t type, uint16_t flags,
				   uint16_t res_id)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct nfgenmsg *nfg;

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	nfg = mnl_nlmsg_put_extra_header(nlh, sizeof(*nfg));
	nfg->nfgen_family = NFPROTO_INET;
	nfg->version = NFNETLINK_V0;
	nfg->res_id = htons(res_id);

	return nlh;
}

static struct nlmsghdr *put_message(void *buf, uint8_t type, uint16_t flags)
{
	return put_header(buf, NFNL_SUBSYS_NFTABLES << 8 | type,
			  NLM_F_ACK | flags, 0);
}

static struct nlmsghdr *change_begin(struct change *change, uint8_t type,
				     uint16_t flags)
{
	struct nlmsghdr *nlh = put_header(change->buf, NFNL_MSG_BATCH_BEGIN, 0,
					  NFNL_SUBSYS_NFTABLES);

	change->nlh = put_message(mnl_nlmsg_get_payload_tail(nlh), type, flags);
	return change->nlh;
}

static int change_commit(struct change *change, const struct host *host)
{
	struct nlmsghdr *end;

	end = put_header(mnl_nlmsg_get_payload_tail(change->nlh),
			 NFNL_MSG_BATCH_END, 0, NFNL_SUBSYS_NFTABLES);
	return host_talk(host, NETLINK_NETFILTER, change->buf,
			 (char *)mnl_nlmsg_get_payload_tail(end) - change->buf,
			 NULL, NULL);
}

static void put_number(struct nlmsghdr *nlh, uint16_t type, uint32_t number)
{
	mnl_attr_put_u32(nlh, type, htonl(number));
}

/**
 * nft_known() - whether the kernel has nftables
 * @host: any
 */
bool nft_known(const struct host *host)
{
	char buf[256];
	struct nlmsghdr *nlh = put_message(buf, NFT_MSG_GETGEN, 0);

	return !host_talk(host, NETLINK_NETFILTER, nlh, nlh->nlmsg_len, NULL,
			  NULL);
}

/**
 * nft_add_table() - make the table that all the rest is in
 * @host: where
 */
int nft_add_table(const struct host *host)
{
	struct change change;
	struct nlmsghdr *nlh = change_begin(&change, NFT_MSG_NEWTABLE,
					    NLM_F_CREATE | NLM_F_EXCL);

	mnl_attr_put_strz(nlh, NFTA_TABLE_NAME, TABLE);
	return change_commit(&change, host);
}

/**
 * nft_del_table() - delete it, with all that is in it
 * @host: where
 */
int nft_del_table(const struct host *host)
{
	struct change change;
	struct nlmsghdr *nlh = change_begin(&change, NFT_MSG_DELTABLE, 0);

	mnl_attr_put_strz(nlh, NFTA_TABLE_NAME, TABLE);
	return change_commit(&change, host);
}

/**
 * nft_add_chain() - make a chain
 * @host: where there is a table
 * @chain: the chain
 */
int nft_add_chain(const struct host *host, const struct nft_chain *chain)
{
	struct change change;
	struct nlmsghdr *nlh = change_begin(&change, NFT_MSG_NEWCHAIN,
					    NLM_F_CREATE | NLM_F_EXCL);
	struct nlattr *hook;

	mnl_attr_put_strz(nlh, NFTA_CHAIN_TABLE, TABLE);
	mnl_attr_put_strz(nlh, NFTA_CHAIN_NAME, chain->name);
	hook = mnl_attr_nest_start(nlh, NFTA_CHAIN_HOOK);
	put_number(nlh, NFTA_HOOK_HOOKNUM, chain->hook);
	put_number(nlh, NFTA_HOOK_PRIORITY, chain->priority);
	mnl_attr_nest_end(nlh, hook);
	put_number(nlh, NFTA_CHAIN_POLICY, chain->drop ? NF_DROP : NF_ACCEPT);
	mnl_attr_put_strz(nlh, NFTA_CHAIN_TYPE, chain->nat ? "nat" : "filter");

	return change_commit(&change, host);
}

/**
 * nft_del_chain() - delete a chain and its rules
 * @host: where
 * @name: of the chain
 */
int nft_del_chain(const struct host *host, const char *name)
{
	struct change change;
	struct nlmsghdr *nlh = change_begin(&change, NFT_MSG_DELCHAIN, 0);

	mnl_attr_put_strz(nlh, NFTA_CHAIN_TABLE, TABLE);
	mnl_attr_put_strz(nlh, NFTA_CHAIN_NAME, name);
	return change_commit(&change, host);
}

static void put_counter(struct nlmsghdr *nlh, const char *name)
{
	mnl_attr_put_strz(nlh, NFTA_OBJ_TABLE, TABLE);
	mnl_attr_put_strz(nlh, NFTA_OBJ_NAME, name);
	put_number(nlh, NFTA_OBJ_TYPE, NFT_OBJECT_COUNTER);
}

/**
 * nft_add_counter() - make a counter that rules can share
 * @host: where there is a table
 * @name: of the counter
 */
int nft_add_counter(const struct host *host, const char *name)
{
	struct change change;
	struct nlmsghdr *nlh = change_begin(&change, NFT_MSG_NEWOBJ,
					    NLM_F_CREATE | NLM_F_EXCL);

	put_counter(nlh, name);
	mnl_attr_nest_end(nlh, mnl_attr_nest_start(nlh, NFTA_OBJ_DATA));
	return change_commit(&change, host);
}

static int read_packets(const struct nlattr *attr, void *data)
{
	if (mnl_attr_get_type(attr) == NFTA_COUNTER_PACKETS)
		*(int64_t *)data = be64toh(mnl_attr_get_u64(attr));
	return MNL_CB_OK;
}

static int read_object(const struct nlattr *attr, void *data)
{
	if (mnl_attr_get_type(attr) == NFTA_OBJ_DATA)
		return mnl_attr_parse_nested(attr, read_packets, data);
	return MNL_CB_OK;
}

static int read_reply(const struct nlmsghdr *nlh, void *data)
{
	return mnl_attr_parse(nlh, sizeof(struct nfgenmsg), read_object, data);
}

/**
 * nft_count() - read a counter
 * @host: where
 * @name: of the counter
 *
 * Return: packets, or a negative errno.
 */
int64_t nft_count(const struct host *host, const char *name)
{
	char buf[256];
	struct nlmsghdr *nlh = put_message(buf, NFT_MSG_GETOBJ, 0);
	int64_t packets = -ENOMSG;

	put_counter(nlh, name);
	return host_talk(host, NETLINK_NETFILTER, nlh, nlh->nlmsg_len,
			 read_reply, &packets) ?: packets;
}

/* The nests of an expression. */
struct expr {
	struct nlattr *elem;
	struct nlattr *data;
};

static struct expr expr_begin(struct nlmsghdr *nlh, const char *name)
{
	struct expr expr;

	expr.elem = mnl_attr_nest_start(nlh, NFTA_LIST_ELEM);
	mnl_attr_put_strz(nlh, NFTA_EXPR_NAME, name);
	expr.data = mnl_attr_nest_start(nlh, NFTA_EXPR_DATA);
	return expr;
}

static void expr_end(struct nlmsghdr *nlh, const struct expr *expr)
{
	mnl_attr_nest_end(nlh, expr->data);
	mnl_attr_nest_end(nlh, expr->elem);
}

static void put_value(struct nlmsghdr *nlh, uint16_t type, const void *value,
		      size_t len)
{
	struct nlattr *data = mnl_attr_nest_start(nlh, type);

	mnl_attr_put(nlh, NFTA_DATA_VALUE, len, value);
	mnl_attr_nest_end(nlh, data);
}

/* What was put into the first register has to be this. */
static void put_compare(struct nlmsghdr *nlh, const void *value, size_t len)
{
	struct expr expr = expr_begin(nlh, "cmp");

	put_number(nlh, NFTA_CMP_SREG, NFT_REG_1);
	put_number(nlh, NFTA_CMP_OP, NFT_CMP_EQ);
	put_value(nlh, NFTA_CMP_DATA, value, len);
	expr_end(nlh, &expr);
}

static void put_meta(struct nlmsghdr *nlh, enum nft_meta_keys key,
		     const void *value, size_t len)
{
	struct expr expr = expr_begin(nlh, "meta");

	put_number(nlh, NFTA_META_DREG, NFT_REG_1);
	put_number(nlh, NFTA_META_KEY, key);
	expr_end(nlh, &expr);
	put_compare(nlh, value, len);
}

static void put_dport(struct nlmsghdr *nlh, uint16_t dport)
{
	uint8_t protocol = IPPROTO_TCP;
	uint16_t value = htons(dport);
	struct expr expr;

	put_meta(nlh, NFT_META_L4PROTO, &protocol, sizeof(protocol));
	expr = expr_begin(nlh, "payload");
	put_number(nlh, NFTA_PAYLOAD_DREG, NFT_REG_1);
	put_number(nlh, NFTA_PAYLOAD_BASE, NFT_PAYLOAD_TRANSPORT_HEADER);
	put_number(nlh, NFTA_PAYLOAD_OFFSET, 2);
	put_number(nlh, NFTA_PAYLOAD_LEN, sizeof(value));
	expr_end(nlh, &expr);
	put_compare(nlh, &value, sizeof(value));
}

static void put_oif(struct nlmsghdr *nlh, const char *ifname)
{
	char value[IFNAMSIZ] = "";

	strncpy(value, ifname, sizeof(value) - 1);
	put_meta(nlh, NFT_META_OIFNAME, value, sizeof(value));
}

static void put_owned(struct nlmsghdr *nlh)
{
	uint32_t root = 0;

	put_meta(nlh, NFT_META_SKUID, &root, sizeof(root));
}

/* To look at the state of a connection is what asks for connection tracking. */
static void put_track(struct nlmsghdr *nlh)
{
	struct expr expr = expr_begin(nlh, "ct");

	put_number(nlh, NFTA_CT_KEY, NFT_CT_STATE);
	put_number(nlh, NFTA_CT_DREG, NFT_REG_1);
	expr_end(nlh, &expr);
}

static void put_objref(struct nlmsghdr *nlh, const char *counter)
{
	struct expr expr = expr_begin(nlh, "objref");

	put_number(nlh, NFTA_OBJREF_IMM_TYPE, NFT_OBJECT_COUNTER);
	mnl_attr_put_strz(nlh, NFTA_OBJREF_IMM_NAME, counter);
	expr_end(nlh, &expr);
}

static void put_drop(struct nlmsghdr *nlh)
{
	struct expr expr = expr_begin(nlh, "immediate");
	struct nlattr *data, *verdict;

	put_number(nlh, NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT);
	data = mnl_attr_nest_start(nlh, NFTA_IMMEDIATE_DATA);
	verdict = mnl_attr_nest_start(nlh, NFTA_DATA_VERDICT);
	put_number(nlh, NFTA_VERDICT_CODE, NF_DROP);
	mnl_attr_nest_end(nlh, verdict);
	mnl_attr_nest_end(nlh, data);
	expr_end(nlh, &expr);
}

static void put_reset(struct nlmsghdr *nlh)
{
	struct expr expr = expr_begin(nlh, "reject");

	put_number(nlh, NFTA_REJECT_TYPE, NFT_REJECT_TCP_RST);
	expr_end(nlh, &expr);
}

static void put_register(struct nlmsghdr *nlh, enum nft_registers reg,
			 const void *value, size_t len)
{
	struct expr expr = expr_begin(nlh, "immediate");

	put_number(nlh, NFTA_IMMEDIATE_DREG, reg);
	put_value(nlh, NFTA_IMMEDIATE_DATA, value, len);
	expr_end(nlh, &expr);
}

static void put_nat(struct nlmsghdr *nlh, enum nft_nat_types type,
		    const char *addr, uint16_t port)
{
	bool ipv6 = strchr(addr, ':');
	uint8_t family = ipv6 ? NFPROTO_IPV6 : NFPROTO_IPV4;
	uint16_t value = htons(port);
	struct in6_addr bytes;
	struct expr expr;

	inet_pton(ipv6 ? AF_INET6 : AF_INET, addr, &bytes);
	put_meta(nlh, NFT_META_NFPROTO, &family, sizeof(family));
	put_register(nlh, NFT_REG_1, &bytes, ipv6 ? 16 : 4);
	if (port)
		put_register(nlh, NFT_REG_2, &value, sizeof(value));
	expr = expr_begin(nlh, "nat");
	put_number(nlh, NFTA_NAT_TYPE, type);
	put_number(nlh, NFTA_NAT_FAMILY, family);
	put_number(nlh, NFTA_NAT_REG_ADDR_MIN, NFT_REG_1);
	if (port)
		put_number(nlh, NFTA_NAT_REG_PROTO_MIN, NFT_REG_2);
	expr_end(nlh, &expr);
}

/**
 * nft_add_rule() - add a rule to the end of its chain
 * @host: where
 * @rule: the rule
 */
int nft_add_rule(const struct host *host, const struct nft_rule *rule)
{
	struct change change;
	struct nlmsghdr *nlh = change_begin(&change, NFT_MSG_NEWRULE,
					    NLM_F_CREATE | NLM_F_APPEND);
	struct nlattr *exprs;

	mnl_attr_put_strz(nlh, NFTA_RULE_TABLE, TABLE);
	mnl_attr_put_strz(nlh, NFTA_RULE_CHAIN, rule->chain);
	exprs = mnl_attr_nest_start(nlh, NFTA_RULE_EXPRESSIONS);
	if (rule->dport)
		put_dport(nlh, rule->dport);
	if (rule->oif)
		put_oif(nlh, rule->oif);
	if (rule->owned)
		put_owned(nlh);
	if (rule->track)
		put_track(nlh);
	if (rule->counter)
		put_objref(nlh, rule->counter);
	if (rule->drop)
		put_drop(nlh);
	if (rule->reset)
		put_reset(nlh);
	if (rule->dnat)
		put_nat(nlh, NFT_NAT_DNAT, rule->dnat, rule->dnat_port);
	if (rule->snat)
		put_nat(nlh, NFT_NAT_SNAT, rule->snat, 0);
	mnl_attr_nest_end(nlh, exprs);

	return change_commit(&change, host);
}

/**
 * nft_watch() - at a hook, count what is for port 2000
 * @host: where
 * @chain: name of a new chain
 * @hook: NF_INET_*
 * @priority: where in the order of hooks
 * @counter: name of a counter
 */
int nft_watch(const struct host *host, const char *chain, unsigned int hook,
	      int priority, const char *counter)
{
	return nft_add_chain(host, &(struct nft_chain){
		.name = chain,
		.hook = hook,
		.priority = priority,
	}) ?: nft_add_rule(host, &(struct nft_rule){
		.chain = chain,
		.dport = 2000,
		.counter = counter,
	});
}
