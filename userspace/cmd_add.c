// SPDX-License-Identifier: GPL-2.0
/* rstctl add */

#include "cmd.h"
#include "err.h"
#include "nl.h"
#include "parse.h"
#include "ssh.h"

static int run_add(const struct options *options, int count,
		   char *const *words, struct err *err)
{
	struct genl genl;
	struct rule rule;
	struct ssh ssh;
	int status;

	if (parse_rule(count, words, &rule, err))
		return STATUS_USAGE;
	ssh_find(&ssh, options);
	if (ssh_check(&ssh, &rule, err))
		return STATUS_USAGE;
	status = nl_open(&genl, options, err);
	if (status)
		return status;
	if (nl_add(&genl, &rule, err))
		status = STATUS_REFUSED;
	genl_close(&genl);
	return status;
}

const struct command cmd_add = {
	.name = "add",
	.syntax = "[name N] HOOK SEGMENT [MATCH...] [GATE...] ACTION",
	.summary = "append a rule to the ruleset",
	.help =
"  rstctl add in rst drop\n"
"      lose every RST that arrives\n"
"  rstctl add name lost in rst saddr 192.0.2.0/24 sport '{80, 443}' drop\n"
"      lose those that come from a web server in 192.0.2.0/24\n"
"  rstctl add in data dport 80 probability 1% for 5m forge to both and drop\n"
"      for five minutes, a segment in a hundred, by chance, resets its connection\n"
"\n"
"The first rule that matches a segment, and whose gates let it through, decides\n"
"what happens to it.\n"
"\n"
"HOOK     in      arriving from the wire\n"
"         out     leaving for the wire\n"
"         input   just before the filter chains of input\n"
"         output  just before the filter chains of output\n"
"         forward just before the filter chains of forward\n"
"SEGMENT  rst, syn, synack, ack, data, fin or any; several with commas\n"
"         flags MASK/VALUE alone or behind these: flags syn,ack/syn\n"
"MATCH    ip | ip6         IPv4 or IPv6 alone\n"
"         saddr PREFIX     source address, such as 192.0.2.0/24 or 2001:db8::1\n"
"         daddr PREFIX     destination address\n"
"         sport PORTS      source port: 80, 8000-8099 or '{80, 443}'\n"
"         dport PORTS      destination port\n"
"         iif NAME         interface it came in by; not with out and output\n"
"         oif NAME         interface it leaves by; not with in and input;\n"
"                          a '*' at the end stands for any rest: 'veth*'\n"
"         mark V[/M]       mark of the packet, in the bits of M\n"
"         length A-B       bytes of payload: 5, 5-10 or 5-\n"
"         uid U            owner of the local socket, a number\n"
"         cgroup PATH      control group of the local socket, or one above it\n"
"         state S[,S...]   state of the local socket, such as established\n"
"         active | passive a RST from a socket, or because there is none; with\n"
"                          out and output\n"
"GATE     probability P%   by chance; `seed N` makes it repeatable\n"
"         skip N           not for the first N matches\n"
"         every N          for each N-th match\n"
"         limit N          N times at most\n"
"         nth N            for the N-th match alone\n"
"         bytes N..[M]     when so many bytes of payload have matched\n"
"                          all but seed: `per connection` behind the number\n"
"         for DURATION     the rule deletes itself then: 500ms, 90s, 5m, 2h\n"
"         shadow           count what would happen, but change nothing\n"
"         force            yes, I mean a rule as wide as that\n"
"ACTION   drop             it is lost without a trace, as on a cable\n"
"         pass             it goes on, and no later rule sees it\n"
"         delay T [jitter T] [until next]\n"
"                          it is held for that time, or until another passes\n"
"         forge [to sender|receiver|both] [seq exact|+N|-N|in-window|out-of-window]\n"
"               [ack|noack|badack] [count N [every T]] [after T] [ttl N] [badsum]\n"
"               [and drop|pass]\n"
"                          RSTs are sent because of it\n"
"         mangle [seq +N|-N] [ack +N|-N] [ttl N] [badsum]\n"
"                          a RST goes on with other numbers\n"
"         duplicate N [every T]\n"
"                          it goes on, and N copies follow\n"
"\n"
"A word that begins with '#' ends the rule: the rest is a comment.\n",
	.run = run_add,
};
