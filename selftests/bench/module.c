// SPDX-License-Identifier: GPL-2.0
/*
 * Modules that were built beside this program, for the kernel that runs.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "die.h"
#include "module.h"

/* There is a folder for each kernel, beside that of this program. */
static void module_path(char *path, size_t size, const char *file)
{
	struct utsname uts;
	char self[512];
	ssize_t len;
	int i;

	len = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (len < 0 || uname(&uts))
		die("where am I: %m");
	self[len] = 0;
	for (i = 0; i < 2; i++)
		*strrchr(self, '/') = 0;
	snprintf(path, size, "%s/%s/%s", self, uts.release, file);
}

/**
 * module_load() - load a module, unless it is loaded
 * @name: its name
 * @file: its file, in the folder of this kernel
 */
void module_load(const char *name, const char *file)
{
	char path[1024];
	int fd;

	module_path(path, sizeof(path), file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die("%s: %m", path);
	if (syscall(SYS_finit_module, fd, "", 0) && errno != EEXIST)
		die("cannot load %s: %m", name);
	close(fd);
}

/**
 * module_unload() - and unload it
 * @name: its name
 */
void module_unload(const char *name)
{
	if (syscall(SYS_delete_module, name, O_NONBLOCK))
		die("cannot unload %s: %m", name);
}
