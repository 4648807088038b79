// SPDX-License-Identifier: GPL-2.0
/*
 * A second client of the protocol, independent of rstctl. It can send what
 * rstctl would not, and shows what the kernel answers.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "family.h"
#include "host.h"

static int id_attr(const struct nlattr *attr, void *data)
{
	uint16_t *id = data;

	if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
		*id = mnl_attr_get_u16(attr);
	return MNL_CB_OK;
}

static int id_message(const struct nlmsghdr *nlh, void *data)
{
	return mnl_attr_parse(nlh, sizeof(struct genlmsghdr), id_attr, data);
}

static struct nlmsghdr *put_header(char *buf, uint16_t type, uint8_t cmd,
				   uint16_t flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct genlmsghdr *genl;

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	nlh->nlmsg_seq = 1;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = RSTFAULT_FAMILY_VERSION;
	return nlh;
}

static int find_family(struct family *family)
{
	struct nlmsghdr *nlh;
	struct refusal refusal;
	int one = 1;

	if (mnl_socket_bind(family->nl, 0, MNL_SOCKET_AUTOPID) ||
	    mnl_socket_setsockopt(family->nl, NETLINK_EXT_ACK, &one,
				  sizeof(one)))
		return -errno;

	nlh = put_header(family->buf, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0);
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, RSTFAULT_FAMILY_NAME);
	return family_send(family, nlh, id_message, &family->id, &refusal);
}

/**
 * family_open() - open a socket in a host
 * @family: to be closed by family_close()
 * @host: the host; NULL: where the caller is
 *
 * Return: 0 or a negative errno; -ENOENT: the module is not loaded.
 */
int family_open(struct family *family, const struct host *host)
{
	int err;

	err = host ? host_enter(host) : 0;
	if (err)
		return err;
	family->nl = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	err = family->nl ? 0 : -errno;
	if (host)
		err = host_leave() ?: err;

	family->id = 0;
	if (!err)
		err = find_family(family);
	if (err)
		family_close(family);

	return err;
}

/**
 * family_close() - close a socket of family_open()
 * @family: the socket, also one that could not be opened
 */
void family_close(struct family *family)
{
	if (family->nl)
		mnl_socket_close(family->nl);
	family->nl = NULL;
}

/**
 * family_request() - begin a request
 * @family: socket; has room for one request
 * @cmd: RSTFAULT_CMD_*
 * @flags: further NLM_F_*
 */
struct nlmsghdr *family_request(struct family *family, uint8_t cmd,
				uint16_t flags)
{
	return put_header(family->buf, family->id, cmd, flags);
}

/* The attribute at @offset of the request, or of a nest in it. */
static uint16_t attr_at(const struct nlmsghdr *nlh, uint32_t offset)
{
	const struct nlattr *attr = (const void *)((const char *)nlh + offset);

	if (offset + sizeof(*attr) > nlh->nlmsg_len)
		return 0;
	return mnl_attr_get_type(attr);
}

static int policy_attr(const struct nlattr *attr, void *data)
{
	uint32_t *policy = data;

	if (mnl_attr_get_type(attr) == NL_POLICY_TYPE_ATTR_TYPE)
		*policy = mnl_attr_get_u32(attr);
	return MNL_CB_OK;
}

/* Read what is said behind @len bytes of @ack about the request @nlh. */
static void parse_tlvs(const struct nlmsghdr *ack, unsigned int len,
		       const struct nlmsghdr *nlh, struct refusal *refusal)
{
	const struct nlattr *attr;

	if (!(ack->nlmsg_flags & NLM_F_ACK_TLVS))
		return;

	mnl_attr_for_each(attr, ack, len) {
		switch (mnl_attr_get_type(attr)) {
		case NLMSGERR_ATTR_MSG:
			strncpy(refusal->text, mnl_attr_get_str(attr),
				sizeof(refusal->text) - 1);
			break;
		case NLMSGERR_ATTR_OFFS:
			refusal->offset = mnl_attr_get_u32(attr);
			refusal->attr = attr_at(nlh, refusal->offset);
			break;
		case NLMSGERR_ATTR_POLICY:
			mnl_attr_parse_nested(attr, policy_attr,
					      &refusal->policy);
			break;
		case NLMSGERR_ATTR_MISS_TYPE:
			refusal->missing = mnl_attr_get_u32(attr);
			break;
		case NLMSGERR_ATTR_MISS_NEST:
			refusal->nest = mnl_attr_get_u32(attr);
			break;
		}
	}
}

/* Read the extended acknowledgment in @err of the request @nlh. */
static void parse_refusal(const struct nlmsghdr *ack,
			  const struct nlmsghdr *nlh, struct refusal *refusal)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(ack);
	unsigned int len = sizeof(*err);

	refusal->err = err->error;
	if (!(ack->nlmsg_flags & NLM_F_CAPPED))
		len += mnl_nlmsg_get_payload_len(&err->msg);
	parse_tlvs(ack, len, nlh, refusal);
}

/* How a dump ended: it has begun, so its error comes at its end. */
static int parse_done(const struct nlmsghdr *done, const struct nlmsghdr *nlh,
		      struct refusal *refusal)
{
	refusal->ended = true;
	if (mnl_nlmsg_get_payload_len(done) < sizeof(int))
		return -EPROTO;
	parse_tlvs(done, sizeof(int), nlh, refusal);
	return *(const int *)mnl_nlmsg_get_payload(done);
}

/**
 * family_send() - send a request, and read what is said to it
 * @family: socket
 * @nlh: request of family_request()
 * @cb: called for each message of the reply, or NULL
 * @data: for @cb
 * @refusal: what the kernel says of it
 *
 * Return: 0 or a negative errno, as refusal->err; -EINTR: a dump was
 *	interrupted.
 */
int family_send(struct family *family, struct nlmsghdr *nlh, mnl_cb_t cb,
		void *data, struct refusal *refusal)
{
	char buf[32768];
	struct nlmsghdr *reply;
	ssize_t got;
	int len;

	memset(refusal, 0, sizeof(*refusal));
	if (mnl_socket_sendto(family->nl, nlh, nlh->nlmsg_len) < 0)
		return refusal->err = -errno;

	for (;;) {
		got = mnl_socket_recvfrom(family->nl, buf, sizeof(buf));
		if (got < 0)
			return refusal->err = -errno;

		len = got;
		for (reply = (void *)buf; mnl_nlmsg_ok(reply, len);
		     reply = mnl_nlmsg_next(reply, &len)) {
			if (reply->nlmsg_flags & NLM_F_DUMP_INTR)
				refusal->err = -EINTR;
			if (reply->nlmsg_type == NLMSG_DONE)
				return refusal->err ?:
				       (refusal->err = parse_done(reply, nlh,
								  refusal));
			if (reply->nlmsg_type == NLMSG_ERROR) {
				parse_refusal(reply, nlh, refusal);
				return refusal->err;
			}
			if (cb)
				cb(reply, data);
		}
	}
}

static int add_bytes(const struct nlmsghdr *nlh, void *data)
{
	const uint8_t *byte = mnl_nlmsg_get_payload(nlh);
	size_t len = mnl_nlmsg_get_payload_len(nlh);
	uint64_t *sum = data;

	/* FNV-1a */
	while (len--)
		*sum = (*sum ^ *byte++) * 0x100000001b3ULL;
	return MNL_CB_OK;
}

/**
 * family_sum() - ask for something only to compare it
 * @family: socket
 * @nlh: request, of family_request()
 * @sum: gets a number for all bytes of the answer
 *
 * Return: 0 or a negative errno.
 */
int family_sum(struct family *family, struct nlmsghdr *nlh, uint64_t *sum)
{
	struct refusal refusal;

	*sum = 0xcbf29ce484222325ULL;
	return family_send(family, nlh, add_bytes, sum, &refusal);
}

struct number {
	uint16_t type;
	int64_t value;
};

static int number_attr(const struct nlattr *attr, void *data)
{
	struct number *number = data;

	if (mnl_attr_get_type(attr) == number->type)
		number->value = mnl_attr_get_u32(attr);
	return MNL_CB_OK;
}

static int number_message(const struct nlmsghdr *nlh, void *data)
{
	return mnl_attr_parse(nlh, sizeof(struct genlmsghdr), number_attr,
			      data);
}

/**
 * family_info() - ask for the size of the ruleset
 * @family: socket
 * @attr: RSTFAULT_A_GENERATION or RSTFAULT_A_RULES
 *
 * Return: its value, or a negative errno.
 */
int64_t family_info(struct family *family, uint16_t attr)
{
	struct nlmsghdr *nlh = family_request(family, RSTFAULT_CMD_INFO_GET, 0);
	struct number number = { .type = attr, .value = -ENOENT };
	struct refusal refusal;

	return family_send(family, nlh, number_message, &number, &refusal) ?:
	       number.value;
}

struct counter {
	uint16_t type;
	int64_t value;
};

static int counter_attr(const struct nlattr *attr, void *data)
{
	struct counter *counter = data;

	if (mnl_attr_get_type(attr) == counter->type)
		counter->value = mnl_attr_get_u64(attr);
	return MNL_CB_OK;
}

static int counter_rule(const struct nlattr *attr, void *data)
{
	if (mnl_attr_get_type(attr) == RSTFAULT_A_RULE_COUNTERS)
		mnl_attr_parse_nested(attr, counter_attr, data);
	return MNL_CB_OK;
}

static int counter_top(const struct nlattr *attr, void *data)
{
	if (mnl_attr_get_type(attr) == RSTFAULT_A_RULE)
		mnl_attr_parse_nested(attr, counter_rule, data);
	return MNL_CB_OK;
}

static int counter_message(const struct nlmsghdr *nlh, void *data)
{
	return mnl_attr_parse(nlh, sizeof(struct genlmsghdr), counter_top,
			      data);
}

/**
 * rule_counter() - a counter of a rule
 * @host: whose rules
 * @name: of the rule
 * @attr: RSTFAULT_A_COUNTERS_*, of 64 bits
 *
 * Return: its value, or a negative errno.
 */
int64_t rule_counter(const struct host *host, const char *name, uint16_t attr)
{
	struct counter counter = { .type = attr, .value = -ENOENT };
	struct refusal refusal;
	struct family family;
	struct nlmsghdr *nlh;
	int err;

	host_settle();
	err = family_open(&family, host);
	if (err)
		return err;

	nlh = family_request(&family, RSTFAULT_CMD_RULE_GET, 0);
	mnl_attr_put_strz(nlh, RSTFAULT_A_NAME, name);
	err = family_send(&family, nlh, counter_message, &counter, &refusal);
	family_close(&family);

	return err ?: counter.value;
}

/**
 * rule_fired() - how often a rule has fired
 * @host: whose rules
 * @name: of the rule
 *
 * Return: the number, or a negative errno.
 */
int64_t rule_fired(const struct host *host, const char *name)
{
	return rule_counter(host, name, RSTFAULT_A_COUNTERS_FIRED);
}

/**
 * rule_flush() - delete every rule
 * @host: whose rules
 *
 * Return: 0 or a negative errno.
 */
int rule_flush(const struct host *host)
{
	struct refusal refusal;
	struct family family;
	int err;

	err = family_open(&family, host);
	if (err)
		return err;

	err = family_send(&family,
			  family_request(&family, RSTFAULT_CMD_FLUSH, 0),
			  NULL, NULL, &refusal);
	family_close(&family);

	return err;
}
