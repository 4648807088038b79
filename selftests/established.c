// SPDX-License-Identifier: GPL-2.0
/*
 * RSTs of every kind for a connection that is established (RFC 9293, section
 * 3.10.7.4, and RFC 5961, section 3): which of them end it, what the socket
 * answers, and what each call returns.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "lib/states.h"

static const struct state established = {
	"ESTABLISHED", TCP_ESTABLISHED, TCP_ESTABLISHED,
	.error = ECONNRESET, .counted = true,
};

TEST_ENDS(established, exact, KIND_EXACT)
TEST_ENDS(established, exact_ack, KIND_EXACT_ACK)
TEST_ENDS(established, exact_noack, KIND_EXACT_NOACK)
TEST_ENDS(established, exact_badack, KIND_EXACT_BADACK)
TEST_LIVES(established, in_window, KIND_IN_WINDOW)
TEST_LIVES(established, far_in_window, KIND_FAR_IN_WINDOW)
TEST_LIVES(established, before, KIND_BEFORE)
TEST_LIVES(established, out_of_window, KIND_OUT_OF_WINDOW)
TEST_LIVES(established, badsum, KIND_BADSUM)

TEST_HARNESS_MAIN
