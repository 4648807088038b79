// SPDX-License-Identifier: GPL-2.0
/* Flags, matches of packet and socket, and gates: words to model and back. */

#include <string.h>

#include "table.h"

static const struct right matches[] = {
	{ "in flags syn,ack/syn drop", "in flags syn,ack/syn drop" },
	{ "in flags 0x12/0x2 drop", "in flags syn,ack/syn drop" },
	{ "in flags 0X12/0x10 drop", "in flags syn,ack/ack drop" },
	{ "in flags cwr,ece,urg,ack,psh,rst,syn,fin/none drop",
	  "in flags fin,syn,rst,psh,ack,urg,ece,cwr/none drop" },
	{ "in flags 0xff/0xff drop",
	  "in flags fin,syn,rst,psh,ack,urg,ece,cwr/fin,syn,rst,psh,ack,urg,ece,cwr drop" },
	{ "in fin,rst,flags psh,urg/psh drop",
	  "in rst,fin,flags psh,urg/psh drop" },
	{ "in rst mark 7 drop", "in rst mark 0x7 drop" },
	{ "in rst mark 0x7/0xffffffff drop", "in rst mark 0x7 drop" },
	{ "in rst mark 0xAB/255 drop", "in rst mark 0xab/0xff drop" },
	{ "in rst mark 0/0 drop", "in rst mark 0x0/0x0 drop" },
	{ "in rst mark 4294967295 drop", "in rst mark 0xffffffff drop" },
	{ "in rst length 5 drop", NULL },
	{ "in rst length 5-5 drop", "in rst length 5 drop" },
	{ "in rst length 0 drop", NULL },
	{ "in rst length 1- drop", NULL },
	{ "in rst length 0- drop", NULL },
	{ "in rst length 0-4294967295 drop", NULL },
	{ "in rst uid 0 drop", NULL },
	{ "in rst uid 4294967295 drop", NULL },
	{ "in rst cgroup a drop", NULL },
	{ "in rst cgroup /a/b drop", "in rst cgroup a/b drop" },
	{ "in rst cgroup //a/b// drop", "in rst cgroup a/b drop" },
	{ "in rst cgroup / drop", NULL },
	{ "in rst cgroup // drop", "in rst cgroup / drop" },
	{ "in rst cgroup system.slice/a@b.service drop", NULL },
	{ "in rst cgroup 'a b' drop", NULL },
	{ "in rst cgroup \\#1 drop", "in rst cgroup '#1' drop" },
	{ "in rst cgroup $'\\303\\274' drop", NULL },
	{ "in rst cgroup 'a\\x2db' drop", NULL },
	{ "in any state closing,established drop",
	  "in any state established,closing drop" },
	{
	  "in any state established,syn-sent,syn-recv,fin-wait-1,fin-wait-2,time-wait,closed,close-wait,last-ack,listening,closing drop",
	  NULL },
	{ "out rst active drop", NULL },
	{ "output rst passive drop", NULL },
	{ "output rst passive active drop", "output rst active passive drop" },
	{
	  "out rst passive state closed cgroup c uid 1 length 0 mark 1 oif a dport 1 sport 2 ip drop",
	  "out rst ip sport 2 dport 1 oif a mark 0x1 length 0 uid 1 cgroup c state closed passive drop",
	},
};

static const struct right gates[] = {
	{ "in rst probability 10% drop", NULL },
	{ "in rst probability 0% drop", NULL },
	{ "in rst probability 100% drop", NULL },
	{ "in rst probability 100.000% drop", "in rst probability 100% drop" },
	{ "in rst probability 0.5% drop", NULL },
	{ "in rst probability 10.50% drop", "in rst probability 10.5% drop" },
	{ "in rst probability 0.0000001% drop", NULL },
	{ "in rst probability 99.9999999% drop", NULL },
	{ "in rst probability 12.0345% drop", NULL },
	{ "in rst seed 0 probability 1% drop",
	  "in rst probability 1% seed 0 drop" },
	{ "in rst probability 1% per connection seed 4294967295 drop", NULL },
	{ "in rst probability 1% per packet drop",
	  "in rst probability 1% drop" },
	{ "in rst skip 0 drop", NULL },
	{ "in rst every 1 drop", NULL },
	{ "in rst nth 4294967295 limit 1 drop",
	  "in rst limit 1 nth 4294967295 drop" },
	{ "in rst bytes 0.. drop", NULL },
	{ "in rst bytes 18446744073709551615.. drop", NULL },
	{ "in rst bytes 5..5 drop", NULL },
	{ "in rst bytes 1..18446744073709551615 per connection drop", NULL },
	{
	  "in rst skip 1 per connection every 2 per connection limit 3 per connection nth 4 per connection drop",
	  NULL },
	{ "in rst skip 1 per packet every 2 per connection limit 3 nth 4 drop",
	  "in rst skip 1 every 2 per connection limit 3 nth 4 drop" },
	{ "in any force drop", NULL },
	{ "in rst force shadow for 5m drop",
	  "in rst for 5m shadow force drop" },
	{ "in rst limit 1 dport 80 shadow uid 7 drop",
	  "in rst dport 80 uid 7 limit 1 shadow drop" },
	{ "in rst iif shadow for 1s drop", NULL },
};

TEST(canonical_matches)
{
	table_right(_metadata, matches, ARRAY_SIZE(matches));
}

TEST(canonical_gates)
{
	table_right(_metadata, gates, ARRAY_SIZE(gates));
}

/* A path that is as long as it can be, and one that is longer. */
TEST(long_path)
{
	char path[RSTFAULT_CGROUP_MAX + 2], text[2048], out[2048];
	struct rule rule;
	struct err err;

	memset(path, 'x', sizeof(path));
	path[RSTFAULT_CGROUP_MAX] = '\0';
	snprintf(text, sizeof(text), "in rst cgroup /%s/ drop", path);
	ASSERT_EQ(0, rules_parse(text, &rule, &err));
	EXPECT_STREQ(path, rule.cgroup);
	rules_print(&rule, out, sizeof(out));
	snprintf(text, sizeof(text), "in rst cgroup %s drop", path);
	EXPECT_STREQ(text, out);

	path[RSTFAULT_CGROUP_MAX] = 'x';
	path[RSTFAULT_CGROUP_MAX + 1] = '\0';
	snprintf(text, sizeof(text), "in rst cgroup %s drop", path);
	EXPECT_EQ(-1, rules_parse(text, &rule, &err));
	EXPECT_NE(NULL, strstr(err.text, "...: a path has at most 1023 characters"));
}

#define FLAGS "; or none, or a number from 0x0 to 0xff"
#define NOT_A_FLAG \
	"is not a flag; one of: fin, syn, rst, psh, ack, urg, ece, cwr" FLAGS
#define STATES \
	"established, syn-sent, syn-recv, fin-wait-1, fin-wait-2, time-wait, closed, close-wait, last-ack, listening, closing"
#define A_MARK \
	"a mark and its mask are numbers from 0 to 4294967295, or 0x0 to 0xffffffff, as 7 or 0x100/0xff00"

static const struct wrong matches_refused[] = {
	{ "in flags", "flags: MASK/VALUE, as syn,ack/syn, is missing" },
	{ "in flags drop",
	  "flags drop: the flags to look at, a '/', and which of them are set, as syn,ack/syn" },
	{ "in flags sin/syn drop", "flags sin/syn: 'sin' " NOT_A_FLAG },
	{ "in flags 18/2 drop", "flags 18/2: '18' " NOT_A_FLAG },
	{ "in flags 0x100/0x1 drop", "flags 0x100/0x1: '0x100' " NOT_A_FLAG },
	{ "in flags 0x/0x1 drop", "flags 0x/0x1: '0x' " NOT_A_FLAG },
	{ "in flags syn,/syn drop", "flags syn,/syn: '' " NOT_A_FLAG },
	{ "in flags syn/ drop", "flags syn/: '' " NOT_A_FLAG },
	{ "in flags syn/syn/syn drop", "flags syn/syn/syn: 'syn/syn' " NOT_A_FLAG },
	{ "in flags syn,syn/syn drop",
	  "flags syn,syn/syn: 'syn' is given twice" },
	{ "in flags none/none drop",
	  "flags none/none: there is no flag to look at" },
	{ "in flags 0x0/0x0 drop", "flags 0x0/0x0: there is no flag to look at" },
	{ "in flags syn/ack drop",
	  "flags syn/ack: what is behind the '/' has to be in front of it as well" },
	{ "in flags,rst syn/syn drop",
	  "segment flags,rst: 'flags' is the last kind of segment, as MASK/VALUE follows it" },
	{ "in rst mark drop", "mark drop: " A_MARK },
	{ "in rst mark", "mark: a mark is missing" },
	{ "in rst mark 4294967296 drop", "mark 4294967296: " A_MARK },
	{ "in rst mark 0x100000000 drop", "mark 0x100000000: " A_MARK },
	{ "in rst mark 1/ drop", "mark 1/: " A_MARK },
	{ "in rst mark 07 drop", "mark 07: " A_MARK },
	{ "in rst mark 0x1ff/0xff drop",
	  "mark 0x1ff/0xff: bits are set outside of the mask; write 0xff/0xff" },
	{ "in rst length drop drop",
	  "length drop: a number from 0 to 4294967295 is needed" },
	{ "in rst length", "length: a length is missing" },
	{ "in rst length -5 drop",
	  "length -5: a number from 0 to 4294967295 is needed" },
	{ "in rst length 1-2-3 drop",
	  "length 1-2-3: a number from 0 to 4294967295 is needed" },
	{ "in rst length 01 drop",
	  "length 01: a number has no leading zeros; write 1" },
	{ "in rst length 9-5 drop",
	  "length 9-5: a range goes from the lower length to the higher; write 5-9" },
	{ "in rst length 4294967296 drop",
	  "length 4294967296: a number from 0 to 4294967295 is needed" },
	{ "in rst uid", "uid: a user id is missing" },
	{ "in rst uid root drop",
	  "uid root: a number is needed; names are not looked up" },
	{ "in rst uid -1 drop",
	  "uid -1: a number from 0 to 4294967295 is needed" },
	{ "in rst cgroup", "cgroup: the path of a control group is missing" },
	{ "in rst cgroup '' drop", "cgroup '': not the path of a control group" },
	{ "in rst state", "state: a state is missing" },
	{ "in rst state listen drop",
	  "'listen' is not a state; one of: " STATES },
	{ "in rst state estabished drop",
	  "'estabished' is not a state; one of: " STATES
	  " (did you mean 'established'?)" },
	{ "in rst state closed,,closing drop",
	  "state closed,,closing: between commas, and without spaces, there is one state each" },
	{ "in rst state closed,closed drop",
	  "state closed,closed: 'closed' is given twice" },
	{ "in rst active drop",
	  "active: only at the hooks 'out' and 'output' it is known how a RST was made, not at 'in'",
	},
	{ "out rst,fin passive drop",
	  "passive: this is about how a RST was made; the segment has to be rst alone" },
	{ "out rst active passive active drop", "'active' is given twice" },
	{ "in rst mark 1 mark 1 drop", "'mark' is given twice" },
	{ "in rst uid 1 uid 1 drop", "'uid' is given twice" },
	{ "in rst state closed state closing drop", "'state' is given twice" },
};

static const struct wrong gates_refused[] = {
	{ "in rst probability", "probability: a percentage, as 10%, is missing" },
	{ "in rst probability 10 drop",
	  "probability 10: a percentage is needed, with the '%' directly behind the number, as 0.5%",
	},
	{ "in rst probability 0.5 drop",
	  "probability 0.5: a percentage is needed, with the '%' directly behind the number, as 0.5%",
	},
	{ "in rst probability '' drop",
	  "probability : a percentage is needed, with the '%' directly behind the number, as 0.5%",
	},
	{ "in rst probability 101% drop",
	  "probability 101%: a percentage is a number from 0% to 100%, without leading zeros, as 0.5%",
	},
	{ "in rst probability 100.1% drop",
	  "probability 100.1%: a percentage is a number from 0% to 100%, without leading zeros, as 0.5%",
	},
	{ "in rst probability 010% drop",
	  "probability 010%: a percentage is a number from 0% to 100%, without leading zeros, as 0.5%",
	},
	{ "in rst probability .5% drop",
	  "probability .5%: a percentage is a number from 0% to 100%, without leading zeros, as 0.5%",
	},
	{ "in rst probability 5.% drop",
	  "probability 5.%: a percentage is a number from 0% to 100%, without leading zeros, as 0.5%",
	},
	{ "in rst probability 5%% drop",
	  "probability 5%%: a percentage is a number from 0% to 100%, without leading zeros, as 0.5%",
	},
	{ "in rst probability -5% drop",
	  "probability -5%: a percentage is a number from 0% to 100%, without leading zeros, as 0.5%",
	},
	{ "in rst probability 0.00000001% drop",
	  "probability 0.00000001%: a percentage has at most 7 digits behind the point" },
	{ "in rst seed 7 drop",
	  "seed 7: a seed is for 'probability', and there is none" },
	{ "in rst probability 1% seed 1 per connection drop",
	  "'per' makes no sense behind 'seed'; it goes behind a gate that counts" },
	{ "in rst every 0 drop",
	  "every 0: a number from 1 to 4294967295 is needed" },
	{ "in rst limit 0 drop",
	  "limit 0: a number from 1 to 4294967295 is needed" },
	{ "in rst nth 0 drop", "nth 0: a number from 1 to 4294967295 is needed" },
	{ "in rst skip -1 drop",
	  "skip -1: a number from 0 to 4294967295 is needed" },
	{ "in rst skip 4294967296 drop",
	  "skip 4294967296: a number from 0 to 4294967295 is needed" },
	{ "in rst limit", "limit: a number is missing" },
	{ "in rst limit 007 drop",
	  "limit 007: a number has no leading zeros; write 7" },
	{ "in rst limit 0x7 drop",
	  "limit 0x7: a number from 1 to 4294967295 is needed" },
	{ "in rst limit 1 limit 2 drop", "'limit' is given twice" },
	{ "in rst limit 1 per", "per: 'packet' or 'connection' is missing" },
	{ "in rst limit 1 per flow drop",
	  "'flow' is not what a gate counts; one of: packet, connection" },
	{ "in rst bytes 5 drop",
	  "bytes 5: a range is needed; write 5.. for everything from there on" },
	{ "in rst bytes ..5 drop",
	  "bytes ..5: a number from 0 to 18446744073709551615 is needed" },
	{ "in rst bytes 9..5 drop",
	  "bytes 9..5: a range goes from the lower number to the higher; write 5..9" },
	{ "in rst bytes 18446744073709551616.. drop",
	  "bytes 18446744073709551616..: a number from 0 to 18446744073709551615 is needed" },
	{ "in rst for drop",
	  "for drop: a duration is a number with a unit directly behind it, as 500ms or 1.5s" },
	{ "in rst for", "for: a duration, as 500ms, is missing" },
	{ "in rst for 0s drop", "for 0s: the rule would be gone at once" },
	{ "in rst shadow force shadow drop", "'shadow' is given twice" },
	{ "in rst force shadow force drop", "'force' is given twice" },
};

TEST(wrong_matches)
{
	table_wrong(_metadata, matches_refused, ARRAY_SIZE(matches_refused));
}

TEST(wrong_gates)
{
	table_wrong(_metadata, gates_refused, ARRAY_SIZE(gates_refused));
}

TEST_HARNESS_MAIN
