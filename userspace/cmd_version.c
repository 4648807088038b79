// SPDX-License-Identifier: GPL-2.0
/* rstctl version */

#include <errno.h>
#include <stdio.h>

#include "../module/version.h"
#include "cmd.h"
#include "err.h"
#include "netns.h"
#include "nl.h"

static int run_version(const struct options *options, int count,
		       char *const *words, struct err *err)
{
	struct genl genl;
	struct info info;
	int status, ret;

	(void)count;
	(void)words;
	status = netns_enter(options, err);
	if (status)
		return status;
	printf("rstctl %s\n", RSTF_VERSION);
	ret = genl_open(&genl, RSTFAULT_FAMILY_NAME, err);
	if (ret == -ENOENT) {
		printf("rstfault is not loaded\n");
		return STATUS_OK;
	}
	if (ret)
		return STATUS_REFUSED;
	if (nl_info(&genl, &info, err))
		status = STATUS_REFUSED;
	else
		printf("rstfault %s\n", info.version);
	genl_close(&genl);
	return status;
}

const struct command cmd_version = {
	.name = "version",
	.summary = "show the version of this tool and that of the module",
	.help =
"  rstctl version\n"
"  rstctl 0.1.0\n"
"  rstfault 0.1.0\n",
	.run = run_version,
};
