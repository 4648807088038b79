// SPDX-License-Identifier: GPL-2.0
/*
 * What every test program begins with. It is linked with --wrap=main: what the
 * harness calls main() is __real_main() here.
 */
#include <sched.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "kselftest.h"

int __real_main(int argc, char **argv);

/* Lists and help are for everybody. */
static bool only_asks(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++) {
		if (!strncmp(argv[i], "-l", 2) || !strncmp(argv[i], "-h", 2))
			return true;
	}
	return false;
}

/*
 * A test sends, and looks what has become of it. On the way within one machine a
 * segment may be left to ksoftirqd (6.1 does that as soon as ksoftirqd has
 * anything else to do, 6.12 does not), and a test that goes on first sees nothing
 * yet. So whatever the kernel has to do comes first.
 */
static void give_way(void)
{
	static const struct sched_param none;

	/* It is no worse without. */
	(void)sched_setscheduler(0, SCHED_IDLE, &none);
}

int __wrap_main(int argc, char **argv)
{
	const char *missing = NULL;

	if (geteuid())
		missing = "needs root";
	else if (access("/sys/module/rstfault", F_OK))
		missing = "the module is not loaded: modprobe rstfault";

	if (missing && !only_asks(argc, argv)) {
		ksft_print_header();
		ksft_exit_skip("%s\n", missing);
	}
	give_way();
	return __real_main(argc, argv);
}
