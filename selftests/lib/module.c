// SPDX-License-Identifier: GPL-2.0
/*
 * The module, and others, loaded and unloaded without starting a program.
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "module.h"

/* Where it was built, beside the tests, or what RSTFAULT_KO says. */
static int open_file(void)
{
	const char *named = getenv("RSTFAULT_KO");
	char self[PATH_MAX] = "", path[2 * PATH_MAX];
	struct utsname uts;

	if (uname(&uts) || readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		return -1;
	snprintf(path, sizeof(path), "%s/../%s/rstfault.ko", dirname(self),
		 uts.release);
	return open(named ?: path, O_RDONLY | O_CLOEXEC);
}

/**
 * module_read() - read the module's file
 * @module: to be freed by module_free(), also if this fails
 *
 * Once it is read, nobody has to wait for a file.
 */
int module_read(struct module *module)
{
	int fd = open_file(), err = 0;
	struct stat st;

	*module = (struct module){};
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st))
		err = -errno;
	else
		module->image = malloc(st.st_size);
	if (!err && !module->image)
		err = -ENOMEM;
	if (!err) {
		module->size = st.st_size;
		if (read(fd, module->image, st.st_size) != st.st_size)
			err = -EIO;
	}
	close(fd);

	return err;
}

/**
 * module_free() - forget the file again
 * @module: of module_read()
 */
void module_free(struct module *module)
{
	free(module->image);
	module->image = NULL;
}

/**
 * module_load() - load the module
 * @module: its file
 *
 * Return: also 0 if somebody has asked for its family, and modprobe(8) was there
 * before us.
 */
int module_load(const struct module *module)
{
	if (!syscall(SYS_init_module, module->image, module->size, "") ||
	    errno == EEXIST)
		return 0;
	return -errno;
}

/**
 * module_unload() - unload a module
 * @name: its name
 *
 * Who is just being told rules has ours in use for that time.
 */
int module_unload(const char *name)
{
	while (syscall(SYS_delete_module, name, O_NONBLOCK)) {
		if (errno != EAGAIN)
			return -errno;
		usleep(1000);
	}

	return 0;
}
