// SPDX-License-Identifier: GPL-2.0
/* A command that is run as a shell runs it, and waited for. */

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "err.h"

/* As a shell has it. */
#define STATUS_CANNOT	126
#define STATUS_NOT_FOUND 127
#define STATUS_SIGNAL	128

/* Most characters of a command that an error text quotes. */
#define QUOTED		200

/* What rstctl itself had when it began; all zero, that is SIG_DFL. */
static struct sigaction old_pipe;

/**
 * child_ignore_pipe() - have a closed pipe be an error as every other
 *
 * A command that is run later gets SIGPIPE as it was before.
 */
void child_ignore_pipe(void)
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };

	sigaction(SIGPIPE, &ignore, &old_pipe);
}

/*
 * In the child, with the signals that rstctl itself had when it began. A
 * service that ignores SIGPIPE would else be ended by what it handles.
 */
static void execute(char *const *argv, const sigset_t *mask,
		    const struct sigaction *old_chld)
{
	struct err err;
	int code;

	sigaction(SIGPIPE, &old_pipe, NULL);
	sigaction(SIGCHLD, old_chld, NULL);
	sigprocmask(SIG_SETMASK, mask, NULL);
	execvp(argv[0], argv);
	code = errno;
	err_set(&err, "cannot run '%.*s': %s", QUOTED, argv[0],
		strerror(code));
	err_print(&err);
	_exit(code == ENOENT ? STATUS_NOT_FOUND : STATUS_CANNOT);
}

/*
 * The signal of a key is sent to the whole process group, so that the command
 * has it already. One that is meant for rstctl alone is passed on; so is that of
 * a terminal that is gone, which only the leader of its session gets.
 */
static void pass_on(pid_t pid, const siginfo_t *info)
{
	bool gone = info->si_signo == SIGHUP && getsid(0) == getpid();

	if (info->si_code <= 0 || gone)
		kill(pid, info->si_signo);
}

/**
 * child_run() - run a command and wait for its end
 * @argv: the command and its arguments, NULL behind the last
 * @err: where an error is returned
 *
 * Return: its exit status, that of a shell if it was not found or if a signal
 * ended it; -1 with @err set if there is none
 */
int child_run(char *const *argv, struct err *err)
{
	const struct sigaction heard = { .sa_handler = SIG_DFL };
	struct sigaction old_chld;
	sigset_t wanted, mask;
	siginfo_t info;
	int status;
	pid_t pid;

	sigemptyset(&wanted);
	sigaddset(&wanted, SIGCHLD);
	sigaddset(&wanted, SIGHUP);
	sigaddset(&wanted, SIGINT);
	sigaddset(&wanted, SIGQUIT);
	sigaddset(&wanted, SIGTERM);
	/* Who ignores it gets no status of a child. */
	sigaction(SIGCHLD, &heard, &old_chld);
	sigprocmask(SIG_BLOCK, &wanted, &mask);
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		return err_set(err, "cannot run '%.*s': %s", QUOTED, argv[0],
			       strerror(errno));
	if (!pid)
		execute(argv, &mask, &old_chld);
	for (;;) {
		if (sigwaitinfo(&wanted, &info) < 0)
			continue;
		if (info.si_signo != SIGCHLD) {
			pass_on(pid, &info);
			continue;
		}
		if (waitpid(pid, &status, WNOHANG) == pid)
			break;
	}
	sigprocmask(SIG_SETMASK, &mask, NULL);
	if (WIFSIGNALED(status))
		return STATUS_SIGNAL + WTERMSIG(status);
	return WEXITSTATUS(status);
}
