// SPDX-License-Identifier: GPL-2.0
/*
 * Control groups, version 2.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cgroup.h"

#define CGROUP_PATH_MAX 256

/**
 * cgroup_mount() - make the control groups visible
 * @dir: gets where they are; cgroup_unmount() removes it
 *
 * Return: 0 or a negative errno.
 */
int cgroup_mount(char dir[CGROUP_DIR_MAX])
{
	int err;

	strcpy(dir, "/tmp/rstfault.XXXXXX");
	if (!mkdtemp(dir))
		return -errno;
	if (!mount("none", dir, "cgroup2", 0, NULL))
		return 0;

	err = -errno;
	rmdir(dir);
	return err;
}

/**
 * cgroup_unmount() - undo cgroup_mount()
 * @dir: from there
 *
 * Return: 0 or a negative errno.
 */
int cgroup_unmount(const char *dir)
{
	return umount(dir) || rmdir(dir) ? -errno : 0;
}

/**
 * cgroup_make() - make a control group
 * @dir: from cgroup_mount()
 * @group: its path below there
 *
 * Return: 0 or a negative errno.
 */
int cgroup_make(const char *dir, const char *group)
{
	char path[CGROUP_PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", dir, group);
	return mkdir(path, 0700) ? -errno : 0;
}

/**
 * cgroup_remove() - remove a control group that nobody is in
 * @dir: from cgroup_mount()
 * @group: its path below there
 *
 * Return: 0 or a negative errno.
 */
int cgroup_remove(const char *dir, const char *group)
{
	char path[CGROUP_PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", dir, group);
	return rmdir(path) ? -errno : 0;
}

/**
 * cgroup_write() - set something of a control group
 * @dir: from cgroup_mount()
 * @file: path of the file below there
 * @text: what to write
 *
 * Return: 0 or a negative errno.
 */
int cgroup_write(const char *dir, const char *file, const char *text)
{
	char path[CGROUP_PATH_MAX];
	int fd, err = 0;

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		err = -errno;
	close(fd);
	return err;
}

/**
 * cgroup_enter() - go into a control group
 * @dir: from cgroup_mount()
 * @group: its path below there; empty: out of all
 *
 * Return: 0 or a negative errno.
 */
int cgroup_enter(const char *dir, const char *group)
{
	char file[CGROUP_PATH_MAX];

	snprintf(file, sizeof(file), "%s/cgroup.procs", group);
	return cgroup_write(dir, file, "0");
}

/**
 * cgroup_stat() - how much memory of a kind a control group has
 * @dir: from cgroup_mount()
 * @group: its path below there
 * @name: the kind, as in memory.stat
 *
 * Return: bytes, or a negative errno.
 */
int64_t cgroup_stat(const char *dir, const char *group, const char *name)
{
	char path[CGROUP_PATH_MAX], line[128];
	size_t len = strlen(name);
	int64_t value = -ENOENT;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s/memory.stat", dir, group);
	file = fopen(path, "re");
	if (!file)
		return -errno;
	while (fgets(line, sizeof(line), file))
		if (!strncmp(line, name, len) && line[len] == ' ')
			value = strtoll(line + len, NULL, 10);
	fclose(file);
	return value;
}
