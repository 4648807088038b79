// SPDX-License-Identifier: GPL-2.0
/* rstctl add */

#include "cmd.h"
#include "err.h"
#include "nl.h"
#include "parse.h"

static int run_add(const struct options *options, int count,
		   char *const *words, struct err *err)
{
	struct genl genl;
	struct rule rule;
	int status;

	if (parse_rule(count, words, &rule, err))
		return STATUS_USAGE;
	status = nl_open(&genl, options->netns, err);
	if (status)
		return status;
	if (nl_add(&genl, &rule, err))
		status = STATUS_REFUSED;
	genl_close(&genl);
	return status;
}

const struct command cmd_add = {
	.name = "add",
	.syntax = "[name N] HOOK SEGMENT[,SEGMENT...] [MATCH...] ACTION",
	.summary = "append a rule to the ruleset",
	.help =
"  rstctl add in rst drop\n"
"      lose every RST that arrives\n"
"  rstctl add name lost in rst saddr 192.0.2.0/24 sport '{80, 443}' drop\n"
"      lose those that come from a web server in 192.0.2.0/24\n"
"\n"
"The first rule that matches a segment decides what happens to it.\n"
"\n"
"HOOK     in      arriving from the wire\n"
"         out     leaving for the wire\n"
"         input   just before the filter chains of input\n"
"         output  just before the filter chains of output\n"
"         forward just before the filter chains of forward\n"
"SEGMENT  rst, syn, synack, ack, data, fin or any\n"
"MATCH    ip | ip6         IPv4 or IPv6 alone\n"
"         saddr PREFIX     source address, such as 192.0.2.0/24 or 2001:db8::1\n"
"         daddr PREFIX     destination address\n"
"         sport PORTS      source port: 80, 8000-8099 or '{80, 443}'\n"
"         dport PORTS      destination port\n"
"         iif NAME         interface it came in by; not with out and output\n"
"         oif NAME         interface it leaves by; not with in and input;\n"
"                          a '*' at the end stands for any rest: 'veth*'\n"
"ACTION   drop             it is lost without a trace, as on a cable\n"
"         pass             it goes on, and no later rule sees it\n"
"\n"
"A word that begins with '#' ends the rule: the rest is a comment.\n",
	.run = run_add,
};
