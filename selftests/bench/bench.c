// SPDX-License-Identifier: GPL-2.0
/*
 * What rules cost, in instructions of the guest: under "selftests/vm/run --warp"
 * its clock counts them.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "die.h"
#include "group.h"
#include "probe.h"
#include "table.h"

static const struct group * const groups[] = {
	&group_path,
	&group_rules,
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

int main(int argc, char **argv)
{
	const struct group *chosen[NR_GROUPS];
	unsigned int count = 0, i;

	if (argc > 1 && !strcmp(argv[1], "-l")) {
		list();
		return 0;
	}
	for (i = 1; i < argc && count < NR_GROUPS; i++)
		chosen[count++] = find(argv[i]);
	if (!count) {
		memcpy(chosen, groups, sizeof(groups));
		count = NR_GROUPS;
	}

	probe_load();
	for (i = 0; i < count; i++)
		chosen[i]->run();
	table_print(stdout);
	probe_unload();

	return 0;
}
