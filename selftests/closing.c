// SPDX-License-Identifier: GPL-2.0
/*
 * RSTs of every kind for a connection that is being closed, in each of the
 * states from the first FIN on (RFC 9293, section 3.10.7.4). Where a FIN must
 * not arrive, the module drops it.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "lib/states.h"

static const struct state fin_wait1 = {
	"FIN-WAIT-1", TCP_FIN_WAIT1, TCP_ESTABLISHED,
	.shut = true, .lost = true,
	.error = ECONNRESET,
};

static const struct state fin_wait2 = {
	"FIN-WAIT-2", TCP_FIN_WAIT2, TCP_CLOSE_WAIT,
	.shut = true, .error = ECONNRESET,
};

static const struct state close_wait = {
	"CLOSE-WAIT", TCP_CLOSE_WAIT, TCP_FIN_WAIT2,
	.eof = true, .error = EPIPE,
	.before = true, .counted = true,
};

static const struct state closing = {
	"CLOSING", TCP_CLOSING, TCP_FIN_WAIT2,
	.eof = true, .shut = true, .lost = true,
	.error = ECONNRESET, .before = true,
};

static const struct state last_ack = {
	"LAST-ACK", TCP_LAST_ACK, TCP_FIN_WAIT2,
	.eof = true, .shut = true, .lost = true,
	.last = true, .error = ECONNRESET, .before = true,
};

TEST_ENDS(fin_wait1, fin_wait1_exact, KIND_EXACT)
TEST_LIVES(fin_wait1, fin_wait1_in_window, KIND_IN_WINDOW)
TEST_LIVES(fin_wait1, fin_wait1_before, KIND_BEFORE)
TEST_LIVES(fin_wait1, fin_wait1_out_of_window, KIND_OUT_OF_WINDOW)
TEST_LIVES(fin_wait1, fin_wait1_badsum, KIND_BADSUM)

TEST_ENDS(fin_wait2, fin_wait2_exact, KIND_EXACT)
TEST_LIVES(fin_wait2, fin_wait2_in_window, KIND_IN_WINDOW)
TEST_LIVES(fin_wait2, fin_wait2_before, KIND_BEFORE)
TEST_LIVES(fin_wait2, fin_wait2_out_of_window, KIND_OUT_OF_WINDOW)
TEST_LIVES(fin_wait2, fin_wait2_badsum, KIND_BADSUM)

TEST_ENDS(close_wait, close_wait_exact, KIND_EXACT)
TEST_ENDS(close_wait, close_wait_before, KIND_BEFORE)
TEST_LIVES(close_wait, close_wait_in_window, KIND_IN_WINDOW)
TEST_LIVES(close_wait, close_wait_out_of_window, KIND_OUT_OF_WINDOW)
TEST_LIVES(close_wait, close_wait_badsum, KIND_BADSUM)

TEST_ENDS(closing, closing_exact, KIND_EXACT)
TEST_ENDS(closing, closing_before, KIND_BEFORE)
TEST_LIVES(closing, closing_in_window, KIND_IN_WINDOW)
TEST_LIVES(closing, closing_out_of_window, KIND_OUT_OF_WINDOW)
TEST_LIVES(closing, closing_badsum, KIND_BADSUM)

TEST_ENDS(last_ack, last_ack_exact, KIND_EXACT)
TEST_ENDS(last_ack, last_ack_before, KIND_BEFORE)
TEST_LIVES(last_ack, last_ack_in_window, KIND_IN_WINDOW)
TEST_LIVES(last_ack, last_ack_out_of_window, KIND_OUT_OF_WINDOW)
TEST_LIVES(last_ack, last_ack_badsum, KIND_BADSUM)

TEST_HARNESS_MAIN
