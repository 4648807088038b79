// SPDX-License-Identifier: GPL-2.0
/*
 * What the stack of a host counts: all counters that RSTs change, read at once,
 * so that a test also sees those that it did not think of.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host.h"
#include "mib.h"

/* Of either file. */
#define MIB_FILE_MAX 32768

/* Of /proc/net/snmp and netstat; those of TCP differ. */
static const char * const mib_names[MIB_COUNT] = {
	[MIB_ATTEMPT_FAILS] = "AttemptFails",
	[MIB_ESTAB_RESETS] = "EstabResets",
	[MIB_IN_ERRS] = "InErrs",
	[MIB_IN_CSUM_ERRORS] = "InCsumErrors",
	[MIB_OUT_RSTS] = "OutRsts",
	[MIB_SYNCOOKIES_SENT] = "SyncookiesSent",
	[MIB_SYNCOOKIES_RECV] = "SyncookiesRecv",
	[MIB_SYNCOOKIES_FAILED] = "SyncookiesFailed",
	[MIB_EMBRYONIC_RSTS] = "EmbryonicRsts",
	[MIB_LISTEN_OVERFLOWS] = "ListenOverflows",
	[MIB_LISTEN_DROPS] = "ListenDrops",
	[MIB_PAWS_ESTAB] = "PAWSEstab",
	[MIB_PAWS_ACTIVE] = "PAWSActive",
	[MIB_ABORT_ON_DATA] = "TCPAbortOnData",
	[MIB_ABORT_ON_CLOSE] = "TCPAbortOnClose",
	[MIB_ABORT_ON_TIMEOUT] = "TCPAbortOnTimeout",
	[MIB_ABORT_ON_LINGER] = "TCPAbortOnLinger",
	[MIB_ABORT_FAILED] = "TCPAbortFailed",
	[MIB_CHALLENGE_ACK] = "TCPChallengeACK",
	[MIB_SYN_CHALLENGE] = "TCPSYNChallenge",
	[MIB_SKIPPED_CHALLENGE] = "TCPACKSkippedChallenge",
	[MIB_SKIPPED_SYN_RECV] = "TCPACKSkippedSynRecv",
	[MIB_SKIPPED_PAWS] = "TCPACKSkippedPAWS",
	[MIB_SKIPPED_SEQ] = "TCPACKSkippedSeq",
	[MIB_SKIPPED_FIN_WAIT2] = "TCPACKSkippedFinWait2",
	[MIB_SKIPPED_TIME_WAIT] = "TCPACKSkippedTimeWait",
	[MIB_MD5_NOT_FOUND] = "TCPMD5NotFound",
	[MIB_MD5_UNEXPECTED] = "TCPMD5Unexpected",
	[MIB_MD5_FAILURE] = "TCPMD5Failure",
	[MIB_AO_REQUIRED] = "TCPAORequired",
	[MIB_AO_BAD] = "TCPAOBad",
	[MIB_REQ_Q_FULL_COOKIES] = "TCPReqQFullDoCookies",
};

static void put(struct mib *mib, const char *name, const char *value)
{
	int i;

	for (i = 0; i < MIB_COUNT; i++)
		if (!strcmp(mib_names[i], name))
			mib->value[i] = strtoll(value, NULL, 10);
}

/* Two lines: "GROUP: names" and "GROUP: values". */
static void parse_group(char *names, char *values, struct mib *mib)
{
	char *save_n, *save_v, *group, *n, *v;

	group = strtok_r(names, ": ", &save_n);
	v = strtok_r(values, ": ", &save_v);
	if (!group || !v || strncmp(group, "Tcp", 3))
		return;

	while ((n = strtok_r(NULL, " ", &save_n)) &&
	       (v = strtok_r(NULL, " ", &save_v)))
		put(mib, n, v);
}

static int parse_file(const char *path, struct mib *mib)
{
	static char text[MIB_FILE_MAX];
	char *names, *values, *save;
	ssize_t got, len = 0;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	while ((got = read(fd, text + len, sizeof(text) - 1 - len)) > 0)
		len += got;
	close(fd);
	if (got < 0 || len == sizeof(text) - 1)
		return -EIO;
	text[len] = '\0';

	names = strtok_r(text, "\n", &save);
	while (names && (values = strtok_r(NULL, "\n", &save))) {
		parse_group(names, values, mib);
		names = strtok_r(NULL, "\n", &save);
	}
	return 0;
}

/**
 * mib_read() - read the counters of a host
 * @host: the host
 * @mib: gets them
 *
 * Return: 0 or a negative errno.
 */
int mib_read(const struct host *host, struct mib *mib)
{
	int err = host_enter(host);

	memset(mib, 0, sizeof(*mib));
	if (err)
		return err;
	err = parse_file("/proc/net/snmp", mib) ?:
	      parse_file("/proc/net/netstat", mib);
	return host_leave() ?: err;
}

/**
 * mib_change() - what has been counted meanwhile
 * @before: counters of mib_read()
 * @after: those of the same host later
 * @change: gets the differences
 */
void mib_change(const struct mib *before, const struct mib *after,
		struct mib *change)
{
	int i;

	for (i = 0; i < MIB_COUNT; i++)
		change->value[i] = after->value[i] - before->value[i];
}

/**
 * mib_differs() - compare changes with what they have to be
 * @got: the changes
 * @want: what they have to be, all of them
 *
 * Return: NULL: they are that. Else which are not, valid until the next call.
 */
const char *mib_differs(const struct mib *got, const struct mib *want)
{
	static char text[512];
	size_t len = 0;
	int i;

	for (i = 0; i < MIB_COUNT && len < sizeof(text); i++)
		if (got->value[i] != want->value[i])
			len += snprintf(text + len, sizeof(text) - len,
					"%s%s %+lld instead of %+lld",
					len ? ", " : "", mib_names[i],
					(long long)got->value[i],
					(long long)want->value[i]);

	return len ? text : NULL;
}
