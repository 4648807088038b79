// SPDX-License-Identifier: GPL-2.0
/*
 * What rules cost, in instructions of the guest: under "selftests/vm/run --warp"
 * its clock counts them.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "die.h"
#include "group.h"
#include "json.h"
#include "module.h"
#include "table.h"

const int families[2] = { AF_INET, AF_INET6 };
unsigned int nr_families = 2;

static const struct group * const groups[] = {
	&group_path,
	&group_rules,
	&group_ranges,
	&group_flows,
	&group_forge,
	&group_held,
	&group_awaited,
	&group_memory,
	&group_late,
};

#define NR_GROUPS (sizeof(groups) / sizeof(groups[0]))

static void list(void)
{
	unsigned int i;

	for (i = 0; i < NR_GROUPS; i++)
		printf("%-10s %s\n", groups[i]->name, groups[i]->what);
}

static const struct group *find(const char *name)
{
	unsigned int i;

	for (i = 0; i < NR_GROUPS; i++) {
		if (!strcmp(groups[i]->name, name))
			return groups[i];
	}
	die("no such group: %s; -l lists them", name);
}

/* Without a choice: all that fit the clock of this machine. */
static unsigned int choose(int argc, char **argv, const struct group **chosen)
{
	bool real = !getenv("RSTFAULT_WARP");
	unsigned int count = 0, i;

	for (i = 0; i < argc && i < NR_GROUPS; i++)
		chosen[count++] = find(argv[i]);
	for (i = 0; i < NR_GROUPS && !argc; i++) {
		if (groups[i]->real == real)
			chosen[count++] = groups[i];
	}

	return count;
}

int main(int argc, char **argv)
{
	const struct group *chosen[NR_GROUPS];
	unsigned int count, i;
	bool json = false;
	struct utsname uts;
	int option;

	while ((option = getopt(argc, argv, "4jl")) != -1) {
		switch (option) {
		case '4':
			nr_families = 1;
			break;
		case 'j':
			json = true;
			break;
		case 'l':
			list();
			return 0;
		default:
			die("usage: bench [-4] [-j] [-l] [GROUP]...");
		}
	}
	count = choose(argc - optind, argv + optind, chosen);

	module_load("rstf_bench", "bench/rstf_bench.ko");
	for (i = 0; i < count; i++)
		chosen[i]->run();
	if (json && !uname(&uts))
		json_write(stdout, uts.release);
	else
		table_print(stdout);
	module_unload("rstf_bench");

	return 0;
}
