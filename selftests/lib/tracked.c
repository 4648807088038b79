// SPDX-License-Identifier: GPL-2.0
/*
 * Connection tracking of a host: let it begin, and read what it has.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "host.h"
#include "tracked.h"

/* Append a message to a batch of nf_tables. */
static struct nlmsghdr *put(char **place, uint16_t type, uint16_t flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(*place);
	struct nfgenmsg *nfg;

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	nfg = mnl_nlmsg_put_extra_header(nlh, sizeof(*nfg));
	nfg->nfgen_family = NFPROTO_INET;
	nfg->version = NFNETLINK_V0;
	nfg->res_id = htons(NFNL_SUBSYS_NFTABLES);
	return nlh;
}

static void end(char **place, struct nlmsghdr *nlh)
{
	*place += MNL_ALIGN(nlh->nlmsg_len);
}

#define NFT(message) (NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_##message)

/* The rule: "ct state", and nothing is done about it. */
static void put_rule(char **place)
{
	struct nlmsghdr *nlh = put(place, NFT(NEWRULE),
				   NLM_F_CREATE | NLM_F_APPEND | NLM_F_ACK);
	struct nlattr *exprs, *expr, *data;

	mnl_attr_put_strz(nlh, NFTA_RULE_TABLE, "tracked");
	mnl_attr_put_strz(nlh, NFTA_RULE_CHAIN, "input");
	exprs = mnl_attr_nest_start(nlh, NFTA_RULE_EXPRESSIONS);
	expr = mnl_attr_nest_start(nlh, NFTA_LIST_ELEM);
	mnl_attr_put_strz(nlh, NFTA_EXPR_NAME, "ct");
	data = mnl_attr_nest_start(nlh, NFTA_EXPR_DATA);
	mnl_attr_put_u32(nlh, NFTA_CT_KEY, htonl(NFT_CT_STATE));
	mnl_attr_put_u32(nlh, NFTA_CT_DREG, htonl(NFT_REG_1));
	mnl_attr_nest_end(nlh, data);
	mnl_attr_nest_end(nlh, expr);
	mnl_attr_nest_end(nlh, exprs);
	end(place, nlh);
}

static size_t build(char *buf)
{
	struct nlmsghdr *nlh;
	struct nlattr *hook;
	char *place = buf;

	end(&place, put(&place, NFNL_MSG_BATCH_BEGIN, 0));

	nlh = put(&place, NFT(NEWTABLE), NLM_F_CREATE);
	mnl_attr_put_strz(nlh, NFTA_TABLE_NAME, "tracked");
	end(&place, nlh);

	nlh = put(&place, NFT(NEWCHAIN), NLM_F_CREATE);
	mnl_attr_put_strz(nlh, NFTA_CHAIN_TABLE, "tracked");
	mnl_attr_put_strz(nlh, NFTA_CHAIN_NAME, "input");
	mnl_attr_put_strz(nlh, NFTA_CHAIN_TYPE, "filter");
	hook = mnl_attr_nest_start(nlh, NFTA_CHAIN_HOOK);
	mnl_attr_put_u32(nlh, NFTA_HOOK_HOOKNUM, htonl(NF_INET_LOCAL_IN));
	mnl_attr_put_u32(nlh, NFTA_HOOK_PRIORITY, 0);
	mnl_attr_nest_end(nlh, hook);
	end(&place, nlh);

	put_rule(&place);
	end(&place, put(&place, NFNL_MSG_BATCH_END, 0));

	return place - buf;
}

/**
 * tracked_begin() - have a host track connections, from the next one on
 * @host: the host
 *
 * Connections are tracked where a rule asks for them. Their packets are counted.
 *
 * Return: 0 or a negative errno; the kernel has no nf_tables or no connection
 *	tracking.
 */
int tracked_begin(const struct host *host)
{
	char buf[1024] = {}, reply[4096];
	struct mnl_socket *nl;
	ssize_t len;
	int err;

	err = host_enter(host);
	if (err)
		return err;
	nl = mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC);
	err = host_leave();
	if (!nl || err)
		return err ?: -errno;

	if (mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) ||
	    mnl_socket_sendto(nl, buf, build(buf)) < 0) {
		err = -errno;
	} else {
		len = mnl_socket_recvfrom(nl, reply, sizeof(reply));
		if (len < 0 || mnl_cb_run(reply, len, 0, 0, NULL, NULL) < 0)
			err = -errno;
	}
	mnl_socket_close(nl);

	return err ?: host_sysctl(host, "netfilter/nf_conntrack_acct", "1");
}

/**
 * tracked_read() - read what connection tracking has of a connection
 * @host: the host
 * @port: port that the connection is from
 * @tracked: gets it
 *
 * Return: 0; -ESRCH: it has nothing of it; or another negative errno.
 */
int tracked_read(const struct host *host, uint16_t port,
		 struct tracked *tracked)
{
	char line[1024], want[32], *place;
	FILE *file;
	int err;

	memset(tracked, 0, sizeof(*tracked));
	snprintf(want, sizeof(want), " sport=%u ", port);
	err = host_enter(host);
	if (err)
		return err;
	file = fopen("/proc/net/nf_conntrack", "re");
	err = host_leave();
	if (!file || err)
		return err ?: -ENOENT;

	err = -ESRCH;
	while (err && fgets(line, sizeof(line), file)) {
		place = strstr(line, want) ? strstr(line, "packets=") : NULL;
		if (!place)
			continue;
		tracked->packets[0] = strtol(place + 8, NULL, 10);
		place = strstr(place + 8, "packets=");
		if (place &&
		    sscanf(line, "%*s %*s tcp %*s %*s %31s", tracked->state))
			err = 0;
		if (place)
			tracked->packets[1] = strtol(place + 8, NULL, 10);
	}
	fclose(file);

	return err;
}

/**
 * tracked_invalid() - packets that connection tracking calls invalid
 * @host: the host
 *
 * Return: how many that were, or a negative errno.
 */
int64_t tracked_invalid(const struct host *host)
{
	char line[512], *word, *save;
	int column = -1, i, err;
	int64_t sum = 0;
	FILE *file;

	err = host_enter(host);
	if (err)
		return err;
	file = fopen("/proc/net/stat/nf_conntrack", "re");
	err = host_leave();
	if (!file || err)
		return err ?: -ENOENT;

	/* The names, then a line for each CPU. */
	while (fgets(line, sizeof(line), file)) {
		word = strtok_r(line, "\n ", &save);
		for (i = 0; word; i++, word = strtok_r(NULL, "\n ", &save)) {
			if (!strcmp(word, "invalid"))
				column = i;
			else if (i == column)
				sum += strtoll(word, NULL, 16);
		}
	}
	fclose(file);

	return column < 0 ? -ENODATA : sum;
}
