// SPDX-License-Identifier: GPL-2.0
/* The commands, and the options in front of them. */

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../module/version.h"
#include "child.h"
#include "cmd.h"
#include "err.h"
#include "number.h"
#include "words.h"

static int run_help(const struct options *options, int count,
		    char *const *words, struct err *err);

static const struct command cmd_help = {
	.name = "help",
	.syntax = "[COMMAND]",
	.summary = "explain a command",
	.help =
"  rstctl help add\n",
	.run = run_help,
};

static const struct command *const commands[] = {
	&cmd_add, &cmd_insert, &cmd_del, &cmd_list, &cmd_flush, &cmd_load,
	&cmd_check, &cmd_save, &cmd_run, &cmd_play, &cmd_inject, &cmd_release,
	&cmd_stats, &cmd_monitor, &cmd_ladder, &cmd_version, &cmd_help,
};

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

static const struct command *find_command(const char *name, struct err *err)
{
	struct word table[ARRAY_SIZE(commands) + 1] = {};
	char all[WORDS_JOINED_MAX];
	const char *near;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		if (name && !strcmp(name, commands[i]->name))
			return commands[i];
		table[i].name = commands[i]->name;
	}
	words_join(table, all, sizeof(all));
	if (!name) {
		err_set(err, "a command is missing; one of: %s", all);
		return NULL;
	}
	near = word_near(table, name);
	if (near)
		err_set(err,
			"'%.40s' is not a command; one of: %s (did you mean '%s'?)",
			name, all, near);
	else
		err_set(err, "'%.40s' is not a command; one of: %s", name, all);
	return NULL;
}

static void help_all(void)
{
	size_t i;

	printf("Usage: rstctl [-n NETNS | -p PID] [-j] COMMAND ...\n"
	       "\n"
	       "  rstctl add in rst drop   lose every RST that arrives\n"
	       "  rstctl list              see how many that were\n"
	       "  rstctl flush             and stop it\n"
	       "\n"
	       "Commands:\n");
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		printf("  %-8s  %s\n", commands[i]->name,
		       commands[i]->summary);
	printf("\n"
	       "Options:\n"
	       "  -n NETNS  work in a network namespace: a name as in `ip netns`, or a path\n"
	       "  -p PID    work in the network namespace of a process\n"
	       "  -j        write JSON (list, play, inject, stats, monitor)\n"
	       "  -h        this text\n"
	       "  -V        the version of this tool\n"
	       "\n"
	       "`rstctl help COMMAND` says more; the manual is rstctl(8).\n"
	       "Exit status: 0 done, 1 wrong command line, 2 refused by the kernel;\n"
	       "`run` has that of its command.\n");
}

static void help_command(const struct command *command)
{
	printf("Usage: rstctl %s%s%s\n%c%s.\n\n%s", command->name,
	       command->syntax ? " " : "",
	       command->syntax ? command->syntax : "",
	       command->summary[0] - 'a' + 'A', command->summary + 1,
	       command->help);
}

static int run_help(const struct options *options, int count,
		    char *const *words, struct err *err)
{
	const struct command *command;

	(void)options;
	if (!count) {
		help_all();
		return STATUS_OK;
	}
	command = find_command(words[0], err);
	if (!command)
		return STATUS_USAGE;
	if (count > 1) {
		err_set(err,
			"'%.40s' is too much: help explains one command at a time",
			words[1]);
		return STATUS_USAGE;
	}
	help_command(command);
	return STATUS_OK;
}

static int parse_pid(const char *text, unsigned int *pid, struct err *err)
{
	__u64 number;

	if (!number_parse(text, INT_MAX, &number) || !number)
		return err_set(err,
			       "-p %.40s: the id of a process is a number, without leading zeros",
			       text);
	*pid = number;
	return 0;
}

/* Parses what is in front of the command and makes sense of the command. */
static int run(int argc, char **argv, struct err *err)
{
	static const struct option long_options[] = {
		{ "help", no_argument, NULL, 'h' },
		{ "json", no_argument, NULL, 'j' },
		{ "netns", required_argument, NULL, 'n' },
		{ "pid", required_argument, NULL, 'p' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 }
	};
	const struct command *command;
	struct options options = {};
	int opt, word = 1;

	while ((opt = getopt_long(argc, argv, "+:hjn:p:V", long_options,
				  NULL)) != -1) {
		switch (opt) {
		case 'h':
			help_all();
			return STATUS_OK;
		case 'j':
			options.json = true;
			break;
		case 'n':
			options.netns = optarg;
			break;
		case 'p':
			if (parse_pid(optarg, &options.pid, err))
				return STATUS_USAGE;
			break;
		case 'V':
			printf("rstctl %s\n", RSTF_VERSION);
			return STATUS_OK;
		case ':':
			err_set(err, optopt == 'p' ?
				"%s: a process is missing: its id" :
				"%s: a network namespace is missing: its name, or a path",
				argv[optind - 1]);
			return STATUS_USAGE;
		default:
			err_set(err,
				"'%.40s' is not an option; one of: -n NETNS, -p PID, -j, -h, -V",
				argv[word]);
			return STATUS_USAGE;
		}
		word = optind;
	}
	if (options.netns && options.pid) {
		err_set(err,
			"-n and -p: one network namespace at a time");
		return STATUS_USAGE;
	}
	command = find_command(argv[optind], err);
	if (!command)
		return STATUS_USAGE;
	argc -= optind + 1;
	argv += optind + 1;
	if (argc && (!strcmp(argv[0], "-h") || !strcmp(argv[0], "--help"))) {
		help_command(command);
		return STATUS_OK;
	}
	if (argc && !command->syntax) {
		err_set(err, "'%.40s' is too much: nothing follows '%s'%s",
			argv[0], command->name,
			argv[0][0] == '-' ?
			", and options go in front of it" : "");
		return STATUS_USAGE;
	}
	if (options.json && !command->json) {
		err_set(err, "-j: '%s' has no JSON output", command->name);
		return STATUS_USAGE;
	}
	return command->run(&options, argc, argv, err);
}

/* A file that is opened later must not become a standard one by accident. */
static void fill_standard_files(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDONLY);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

int main(int argc, char **argv)
{
	struct err err = {};
	int status;

	fill_standard_files();
	child_ignore_pipe();
	status = run(argc, argv, &err);
	/* The status of a command that was run needs no words. */
	if (status && *err.text)
		err_print(&err);
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "rstctl: cannot write the output: %s\n",
			strerror(errno));
		if (!status)
			status = STATUS_USAGE;
	}
	return status;
}
