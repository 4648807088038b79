/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CGROUP_H
#define _CGROUP_H

#include <stdint.h>

/* Room for where the control groups are. */
#define CGROUP_DIR_MAX 32

/* Functions return 0 or a negative errno. */
int cgroup_mount(char dir[CGROUP_DIR_MAX]);
int cgroup_unmount(const char *dir);
int cgroup_make(const char *dir, const char *group);
int cgroup_remove(const char *dir, const char *group);
int cgroup_write(const char *dir, const char *file, const char *text);
int cgroup_enter(const char *dir, const char *group);
int64_t cgroup_stat(const char *dir, const char *group, const char *name);

#endif /* _CGROUP_H */
