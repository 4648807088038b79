// SPDX-License-Identifier: GPL-2.0
/*
 * Connections whose segments are signed (TCP-MD5, RFC 2385, and TCP-AO, RFC
 * 5925). A RST that is not, or is changed on its way, is ignored. And a host
 * that has lost its end has lost the key as well: it can send no RST.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>

#include "kselftest_harness.h"

#include "lib/mib.h"
#include "lib/outcome.h"
#include "lib/pair.h"
#include "lib/rules.h"

/* How long a segment may be on its way. */
#define ARRIVES_MS 100

/* How long data are repeated, or a SYN. */
#define PATIENCE_MS 20000

#define KEY "rstfault"

/* Of linux/tcp.h, which is at odds with netinet/tcp.h, and may be older. */
#define AO_ADD_KEY 38

struct ao_add {
	struct sockaddr_storage addr;
	char alg_name[64];
	int32_t ifindex;
	uint32_t bits;
	uint16_t reserved2;
	uint8_t prefix;
	uint8_t sndid;
	uint8_t rcvid;
	uint8_t maclen;
	uint8_t keyflags;
	uint8_t keylen;
	uint8_t key[80];
} __attribute__((aligned(8)));

/**
 * struct scheme - a way to sign
 * @sign: have a socket sign to the host of this number, and check what it says
 * @missing: what the stack counts for a segment without a signature
 * @missing_request: the same, for a request
 * @wrong: for one with a wrong signature
 */
struct scheme {
	int (*sign)(int fd, int family, int nr);
	enum mib_counter missing;
	enum mib_counter missing_request;
	enum mib_counter wrong;
};

static int md5_set(int fd, int family, int nr, size_t len)
{
	struct tcp_md5sig sig = { .tcpm_keylen = len, .tcpm_key = KEY };

	host_sockaddr(&sig.tcpm_addr, family, nr, 0);
	return setsockopt(fd, IPPROTO_TCP, TCP_MD5SIG, &sig, sizeof(sig)) ?
	       -errno : 0;
}

static int md5_sign(int fd, int family, int nr)
{
	return md5_set(fd, family, nr, strlen(KEY));
}

static int ao_sign(int fd, int family, int nr)
{
	struct ao_add add = {
		.alg_name = "hmac(sha1)",
		.prefix = family == AF_INET ? 32 : 128,
		.sndid = 1, .rcvid = 1,
		.keylen = strlen(KEY), .key = KEY,
	};

	host_sockaddr(&add.addr, family, nr, 0);
	return setsockopt(fd, IPPROTO_TCP, AO_ADD_KEY, &add, sizeof(add)) ?
	       -errno : 0;
}

static const struct scheme md5 = {
	md5_sign, MIB_MD5_NOT_FOUND, MIB_MD5_NOT_FOUND, MIB_MD5_FAILURE,
};

static const struct scheme ao = {
	ao_sign, MIB_AO_REQUIRED, MIB_AO_BAD, MIB_AO_BAD,
};

/* Both ends sign. Returns false if the kernel cannot. */
static bool sign(struct __test_metadata *_metadata, FIXTURE_DATA(pair) *self,
		 int family, const struct scheme *scheme)
{
	int err = scheme->sign(self->listener, family, CLIENT) ?:
		  scheme->sign(self->fd, family, SERVER);

	if (err == -ENOPROTOOPT || err == -EOPNOTSUPP)
		return false;
	EXPECT_EQ(0, err);
	return true;
}

/* The test try_@name() for each of both ways to sign. */
#define SIGNED(name)							\
TEST_F(pair, md5_##name)						\
{									\
	if (!sign(_metadata, self, variant->family, &md5))		\
		SKIP(return, "the kernel has no TCP-MD5");		\
	try_##name(_metadata, self, variant, &md5);			\
}									\
									\
TEST_F(pair, ao_##name)							\
{									\
	if (!sign(_metadata, self, variant->family, &ao))		\
		SKIP(return, "the kernel has no TCP-AO");		\
	try_##name(_metadata, self, variant, &ao);			\
}

/* A forged RST, right in all but the signature. */
static void try_established_rst_unsigned(struct __test_metadata *_metadata,
					 FIXTURE_DATA(pair) *self,
					 const FIXTURE_VARIANT(pair) *variant,
					 const struct scheme *scheme)
{
	struct mib change = {}, before;

	pair_establish();
	ASSERT_EQ(0, mib_read(&self->client, &before));
	EXPECT_EQ(RSTFAULT_OUTCOME_IGNORED,
		  rules_inject(&self->client, variant->family, CLIENT,
			       self->port, TCP_PORT_OPEN, "to local"));
	change.value[scheme->missing] = 1;
	EXPECT_MIB(&change, &self->client, &before);
	EXPECT_OUTCOME(OUTCOME_ALIVE(OUTCOME_READ), self->fd, OUTCOME_READ,
		       "unsigned");
	EXPECT_TRUE(tcp_readable(self->peer, ARRIVES_MS));
	EXPECT_EQ(1, outcome_do(self->peer, OUTCOME_READ, NULL));
}

SIGNED(established_rst_unsigned)

/* The peer's own RST is signed. */
static void try_established_rst_signed(struct __test_metadata *_metadata,
				       FIXTURE_DATA(pair) *self,
				       const FIXTURE_VARIANT(pair) *variant,
				       const struct scheme *scheme)
{
	pair_establish();
	pair_abort_end(&self->peer);
	EXPECT_TRUE(tcp_readable(self->fd, ARRIVES_MS));
	EXPECT_OUTCOME(OUTCOME_ENDED(ECONNRESET, OUTCOME_READ), self->fd,
		       OUTCOME_READ, "signed");
}

SIGNED(established_rst_signed)

/* What is changed on the way loses its signature: not even a challenge. */
static void try_established_rst_mangled(struct __test_metadata *_metadata,
					FIXTURE_DATA(pair) *self,
					const FIXTURE_VARIANT(pair) *variant,
					const struct scheme *scheme)
{
	struct mib change = {}, before;

	ASSERT_EQ(0, rules_add(&self->client, "name rst in rst mangle seq +1"));
	pair_establish();
	ASSERT_EQ(0, mib_read(&self->client, &before));
	pair_abort_end(&self->peer);
	usleep(ARRIVES_MS * 1000);
	EXPECT_EQ(1, rule_fired(&self->client, "rst"));
	change.value[scheme->wrong] = 1;
	EXPECT_MIB(&change, &self->client, &before);
	EXPECT_OUTCOME(OUTCOME_ALIVE(OUTCOME_READ), self->fd, OUTCOME_READ,
		       "mangled");
}

SIGNED(established_rst_mangled)

/* A forged refusal is none. */
static void try_syn_sent_rst_unsigned(struct __test_metadata *_metadata,
				      FIXTURE_DATA(pair) *self,
				      const FIXTURE_VARIANT(pair) *variant,
				      const struct scheme *scheme)
{
	struct mib change = {}, before;

	ASSERT_EQ(0, rules_add(&self->client,
			       "name rst out syn limit 1 forge and drop"));
	ASSERT_EQ(0, mib_read(&self->client, &before));
	pair_establish();
	EXPECT_EQ(1, rule_fired(&self->client, "rst"));
	change.value[scheme->missing] = 1;
	EXPECT_MIB(&change, &self->client, &before);
}

SIGNED(syn_sent_rst_unsigned)

/* Where nobody listens nobody has the key, and a closed port looks filtered. */
static void try_syn_sent_closed(struct __test_metadata *_metadata,
				FIXTURE_DATA(pair) *self,
				const FIXTURE_VARIANT(pair) *variant,
				const struct scheme *scheme)
{
	ASSERT_EQ(0, host_sysctl(&self->client, "ipv4/tcp_syn_retries", "1"));
	EXPECT_EQ(-ETIMEDOUT, tcp_connect(self->fd, variant->family, SERVER,
					  TCP_PORT_CLOSED));
	EXPECT_EQ(0, host_mib(&self->server, "Tcp", "OutRsts"));
}

SIGNED(syn_sent_closed)

/* Nor is a request ended by one that is not signed. */
static void try_request_rst_unsigned(struct __test_metadata *_metadata,
				     FIXTURE_DATA(pair) *self,
				     const FIXTURE_VARIANT(pair) *variant,
				     const struct scheme *scheme)
{
	struct mib change = {}, before;

	ASSERT_EQ(0, rules_add(&self->server,
			       "name rst in ack limit 1 forge to receiver and drop"));
	ASSERT_EQ(0, mib_read(&self->server, &before));
	ASSERT_EQ(0, tcp_connect(self->fd, variant->family, SERVER,
				 TCP_PORT_OPEN));
	self->port = tcp_port(self->fd);
	usleep(ARRIVES_MS * 1000);
	EXPECT_EQ(1, rule_fired(&self->server, "rst"));
	change.value[scheme->missing_request] = 1;
	EXPECT_MIB(&change, &self->server, &before);
	EXPECT_EQ(TCP_SYN_RECV, pair_server_state());
}

SIGNED(request_rst_unsigned)

/*
 * The peer has lost its end. If somebody listens there, who has the key, data
 * draw a RST that is signed.
 */
TEST_F(pair, md5_peer_gone_listener)
{
	if (!sign(_metadata, self, variant->family, &md5))
		SKIP(return, "the kernel has no TCP-MD5");

	pair_establish();
	ASSERT_EQ(0, pair_vanish_end(&self->peer));
	EXPECT_EQ(1, outcome_do(self->fd, OUTCOME_WRITE, NULL));
	EXPECT_TRUE(tcp_readable(self->fd, ARRIVES_MS));
	EXPECT_OUTCOME(OUTCOME_ENDED(ECONNRESET, OUTCOME_READ), self->fd,
		       OUTCOME_READ, "listener");
}

/* If not, data draw nothing: as if every RST were lost. */
static void try_peer_gone(struct __test_metadata *_metadata,
			  FIXTURE_DATA(pair) *self,
			  const FIXTURE_VARIANT(pair) *variant,
			  const struct scheme *scheme)
{
	ASSERT_EQ(0, host_sysctl(&self->client, "ipv4/tcp_retries2", "3"));
	pair_establish();
	ASSERT_EQ(0, close(self->listener));
	self->listener = -1;
	ASSERT_EQ(0, pair_vanish_end(&self->peer));
	EXPECT_EQ(1, outcome_do(self->fd, OUTCOME_WRITE, NULL));
	EXPECT_FALSE(tcp_readable(self->fd, ARRIVES_MS));
	EXPECT_TRUE(tcp_readable(self->fd, PATIENCE_MS));
	EXPECT_EQ(0, host_mib(&self->server, "Tcp", "OutRsts"));
	EXPECT_OUTCOME(OUTCOME_ENDED(ETIMEDOUT, OUTCOME_READ), self->fd,
		       OUTCOME_READ, "no listener");
}

SIGNED(peer_gone)

/* A signature that nobody has asked for. */
TEST_F(pair, md5_established_rst_unexpected)
{
	struct mib change = {}, before;

	if (!sign(_metadata, self, variant->family, &md5))
		SKIP(return, "the kernel has no TCP-MD5");

	pair_establish();
	ASSERT_EQ(0, md5_set(self->fd, variant->family, SERVER, 0));
	ASSERT_EQ(0, mib_read(&self->client, &before));
	pair_abort_end(&self->peer);
	usleep(ARRIVES_MS * 1000);
	change.value[MIB_MD5_UNEXPECTED] = 1;
	EXPECT_MIB(&change, &self->client, &before);
	EXPECT_EQ(TCP_ESTABLISHED, pair_client_state());
	EXPECT_EQ(0, tcp_error(self->fd));
}

TEST_HARNESS_MAIN
