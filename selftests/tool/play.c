// SPDX-License-Identifier: GPL-2.0
/*
 * rstctl play: the rules of each scenario, what it promises, and what is
 * refused.
 */

#include <errno.h>

#include "rulefile.h"
#include "scenario.h"
#include "words.h"

#include "commands.h"

/* What may follow each scenario, whatever else it wants. */
#define MATCH	"saddr 192.0.2.1 daddr 192.0.2.0/24 sport 1-9 dport 80 mark 1/3 uid 7 cgroup a"

static const char *dry_run(const struct scenario *scenario, const char *rest,
			   const struct options *options, const char *file)
{
	char words[256];

	snprintf(words, sizeof(words), "--dry-run %s %s", scenario->name, rest);
	return output_of(&cmd_play, options, words, file);
}

/* The lines of a rule file, without the others. */
static const char *rules_in(const char *text)
{
	static char rules[4096];
	size_t len = 0, line;

	for (; *text; text += line) {
		line = strcspn(text, "\n") + 1;
		if (*text != '#')
			len += snprintf(rules + len, sizeof(rules) - len,
					"%.*s", (int)line, text);
	}
	rules[len] = '\0';
	return rules;
}

/* What is shown is a file of rules, each with its name and its end. */
TEST_F(commands, scenarios)
{
	const struct scenario *scenario;
	struct rulefile file;
	struct rule rule;
	int count, i;

	for (scenario = scenarios; scenario->name; scenario++) {
		char want[64];

		dry_run(scenario, MATCH, &self->options, self->file);
		ASSERT_EQ(0, rulefile_open(&file, self->file, &self->err));
		for (count = 0; rulefile_next(&file, &rule, &self->err) ==
				RULEFILE_RULE; count++) {
			snprintf(want, sizeof(want), "play-%s-%d",
				 scenario->name, count + 1);
			EXPECT_STREQ(want, rule.name);
			EXPECT_EQ(scenario->lifetime, rule.lifetime);
			EXPECT_EQ(1, rule.sport.count);
			EXPECT_EQ(7, rule.uid);
			EXPECT_EQ(3, rule.mark_mask);
			EXPECT_STREQ("a", rule.cgroup);
			EXPECT_EQ(AF_INET, rule.family);
		}
		EXPECT_EQ('\0', self->err.text[0]) {
			TH_LOG("%s: %s", scenario->name, self->err.text);
		}
		rulefile_close(&file);
		for (i = 0; i < SCENARIO_RULES_MAX && scenario->rule[i].text;)
			i++;
		EXPECT_LT(0, i);
		EXPECT_EQ(i, count);
		EXPECT_NE(NULL, strstr(cmd_play.help, scenario->name));
	}
	EXPECT_EQ(0, kernel.sent);
}

#define JSON_PROMISE \
	"{\"after\":\"%s\",\"end\":\"%s\",\"call\":\"%s\",\"result\":\"%s\"," \
	"\"state\":\"%s\""

/* Every promise is shown, in words and in JSON, and makes sense. */
TEST_F(commands, promises)
{
	const struct scenario_promise *promise;
	const struct scenario *scenario;
	const char *text;
	char want[256];
	int i;

	for (scenario = scenarios; scenario->name; scenario++) {
		EXPECT_NE(NULL, scenario->promise[0].call);
		for (i = 0; i < 2; i++) {
			self->options.json = i;
			text = dry_run(scenario, "dport 80", &self->options,
				       self->file);
			for (promise = scenario->promise; promise->call;
			     promise++) {
				snprintf(want, sizeof(want), i ?
					 JSON_PROMISE :
					 "# %-17s%-8s%-9s%-14s%-13s",
					 promise->after, promise->end,
					 promise->call, promise->result,
					 promise->state);
				EXPECT_NE(NULL, strstr(text, want)) {
					TH_LOG("%s: no %s", scenario->name,
					       want);
				}
				EXPECT_NE(NULL, word_find(state_words,
							  promise->state));
				/* What waits has no time, all else has. */
				EXPECT_EQ(!strcmp(promise->result, "waits"),
					  !promise->to);
				/* It can be seen before it is over. */
				EXPECT_LT(promise->to, scenario->lifetime);
			}
		}
	}
}

/* A line of output is no wider than a terminal, but for rules. */
TEST_F(commands, width)
{
	const struct scenario *scenario;
	const char *text;
	size_t line;

	for (scenario = scenarios; scenario->name; scenario++) {
		text = dry_run(scenario, "dport 80", &self->options,
			       self->file);
		for (; *text; text += line) {
			line = strcspn(text, "\n") + 1;
			EXPECT_TRUE(*text != '#' || line <= 81) {
				TH_LOG("%.*s", (int)line, text);
			}
		}
	}
}

#define REFUSED \
	"# refused: nobody seems to listen: each SYN is answered by a RST.\n" \
	"add name play-refused-1 in syn ip6 daddr 2001:db8::1 for 1m force forge and drop\n" \
	"add name play-refused-2 out syn ip6 daddr 2001:db8::1 for 1m force forge and drop\n" \
	"# when             end     call     result        socket then  comes\n" \
	"# client connects  client  connect  ECONNREFUSED  closed       at once\n" \
	"# client connects  server  accept   waits         listening    while it lasts\n" \
	"# it ends          client  connect  ok            established  at once\n" \
	"# It lasts for 1m.\n"

#define JSON \
	"{\"scenario\":\"refused\",\"lifetime\":5000000000,\"rules\":[" \
	"{\"name\":\"x-1\",\"hook\":\"in\",\"segment\":[\"syn\"],\"family\":\"ip\"," \
	"\"lifetime\":5000000000," \
	"\"action\":\"forge\",\"forge\":{\"drop\":true}}," \
	"{\"name\":\"x-2\",\"hook\":\"out\",\"segment\":[\"syn\"],\"family\":\"ip\"," \
	"\"lifetime\":5000000000," \
	"\"action\":\"forge\",\"forge\":{\"drop\":true}}],\"promises\":[" \
	"{\"after\":\"client connects\",\"end\":\"client\",\"call\":\"connect\"," \
	"\"result\":\"ECONNREFUSED\",\"state\":\"closed\",\"from\":0,\"to\":1000000000}," \
	"{\"after\":\"client connects\",\"end\":\"server\",\"call\":\"accept\"," \
	"\"result\":\"waits\",\"state\":\"listening\"}," \
	"{\"after\":\"it ends\",\"end\":\"client\",\"call\":\"connect\"," \
	"\"result\":\"ok\",\"state\":\"established\",\"from\":0,\"to\":1000000000}]}\n"

TEST_F(commands, shown)
{
	EXPECT_STREQ(REFUSED,
		     output_of(&cmd_play, &self->options,
			       "refused daddr 2001:db8::1 force for 1m --dry-run",
			       self->file));
	self->options.json = true;
	EXPECT_STREQ(JSON, output_of(&cmd_play, &self->options,
				     "refused --dry-run ip name x for 5s",
				     self->file));
}

/* The other direction has the other addresses, ports and interfaces. */
TEST_F(commands, directions)
{
	static const struct {
		const char *words, *rules;
	} rows[] = {
		{
		  "lost-reset saddr 10.0.0.0/8 daddr 10.0.0.1 sport 1 dport 2",
		  "add name play-lost-reset-1 in rst ip saddr 10.0.0.0/8 daddr 10.0.0.1 sport 1 dport 2 for 30m drop\n"
		  "add name play-lost-reset-2 out rst ip saddr 10.0.0.0/8 daddr 10.0.0.1 sport 1 dport 2 for 30m drop\n"
		  "add name play-lost-reset-3 in rst ip saddr 10.0.0.1 daddr 10.0.0.0/8 sport 2 dport 1 for 30m drop\n"
		  "add name play-lost-reset-4 out rst ip saddr 10.0.0.1 daddr 10.0.0.0/8 sport 2 dport 1 for 30m drop\n"
		},
		/* nothing tells the directions apart */
		{
		  "lost-reset uid 7",
		  "add name play-lost-reset-1 in rst uid 7 for 30m drop\n"
		  "add name play-lost-reset-2 out rst uid 7 for 30m drop\n"
		},
		/* where the interface is known */
		{
		  "lost-reset oif a",
		  "add name play-lost-reset-1 out rst oif a for 30m drop\n"
		  "add name play-lost-reset-2 in rst iif a for 30m drop\n"
		},
		{
		  "lost-reset iif a",
		  "add name play-lost-reset-1 in rst iif a for 30m drop\n"
		  "add name play-lost-reset-2 out rst oif a for 30m drop\n"
		},
		{
		  "refused oif a",
		  "add name play-refused-1 out syn oif a for 5m forge and drop\n"
		},
		/* once over loopback */
		{
		  "late-reset dport 80 delay 1s",
		  "add name play-late-reset-1 in rst dport 80 iif lo for 5m pass\n"
		  "add name play-late-reset-2 in rst sport 80 iif lo for 5m pass\n"
		  "add name play-late-reset-3 in rst dport 80 for 5m delay 1s\n"
		  "add name play-late-reset-4 in rst sport 80 for 5m delay 1s\n"
		  "add name play-late-reset-5 out rst dport 80 active passive for 5m delay 1s\n"
		  "add name play-late-reset-6 out rst sport 80 active passive for 5m delay 1s\n"
		},
		/* where a router may have it from another one */
		{
		  "late-reset iif eth0",
		  "add name play-late-reset-1 in rst iif eth0 for 5m delay 2s\n"
		  "add name play-late-reset-2 out rst oif eth0 for 5m delay 2s\n"
		},
		{
		  "half-open iif eth*",
		  "add name play-half-open-1 out rst oif 'eth*' limit 1 per connection for 30m drop\n"
		  "add name play-half-open-2 out fin oif 'eth*' for 30m drop\n"
		},
		/* both ends send by it */
		{
		  "late-reset iif lo state established",
		  "add name play-late-reset-1 in rst iif lo state established for 5m delay 2s\n"
		},
		{
		  "lost-reset oif l*",
		  "add name play-lost-reset-1 out rst oif 'l*' for 30m drop\n"
		},
		{
		  "lost-reset oif lo1",
		  "add name play-lost-reset-1 out rst oif lo1 for 30m drop\n"
		  "add name play-lost-reset-2 in rst iif lo1 for 30m drop\n"
		},
		{
		  "half-open oif lo sport 80",
		  "add name play-half-open-1 in rst dport 80 iif lo limit 1 per connection for 30m drop\n"
		  "add name play-half-open-2 in fin dport 80 iif lo for 30m drop\n"
		},
		{
		  "reset ip length 5-",
		  "add name play-reset-1 in data ip length 5- for 5m forge to both and drop\n"
		  "add name play-reset-2 out data ip length 5- for 5m forge to both and drop\n"
		},
	};
	char words[256];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		snprintf(words, sizeof(words), "%s --dry-run", rows[i].words);
		EXPECT_STREQ(rows[i].rules,
			     rules_in(output_of(&cmd_play, &self->options,
						words, self->file)));
	}
}

/* The delay of the user is in the rules, and in the promise. */
TEST_F(commands, delay)
{
	const char *text;

	text = output_of(&cmd_play, &self->options,
			 "late-reset dport 80 delay 90s --dry-run", self->file);
	EXPECT_NE(NULL, strstr(text, " ECONNRESET    closed       in 90s\n"));
	self->options.json = true;
	text = output_of(&cmd_play, &self->options,
			 "late-reset dport 80 delay 90s --dry-run", self->file);
	EXPECT_NE(NULL, strstr(text, "\"from\":90000000000,\"to\":91000000000}"));
}

#define SCENARIOS \
	"refused, filtered, reset, late-reset, lost-reset, half-open, crash, blind-reset"
#define MATCHES \
	"ip, ip6, saddr, daddr, sport, dport, iif, oif, mark, length, uid, cgroup, state"

TEST_F(commands, wrong)
{
	static const struct {
		const char *words, *text;
	} rows[] = {
		{ "", "a scenario is missing; one of: " SCENARIOS },
		{ "--dry-run", "a scenario is missing; one of: " SCENARIOS },
		{ "dport 80", "'dport' is not a scenario; one of: " SCENARIOS },
		{
		  "late-rest dport 80",
		  "'late-rest' is not a scenario; one of: "
		  SCENARIOS
		  " (did you mean 'late-reset'?)"
		},
		{
		  "refused",
		  "no match is given: 'refused' would be played to every connection; if that is meant, add 'force'"
		},
		{
		  "refused for 5m",
		  "no match is given: 'refused' would be played to every connection; if that is meant, add 'force'"
		},
		{ "refused dport", "dport: a port is missing" },
		{ "refused dport 80 dport 81", "'dport' is given twice" },
		{
		  "refused dprt 80",
		  "'dprt' is not a match or an option; matches: "
		  MATCHES
		  "; options: for, delay, name, force, --dry-run (did you mean 'dport'?)"
		},
		{ "refused dport 80 drop",
		  "'drop' is up to the scenario; only matches and options go behind it" },
		{ "refused in syn dport 80",
		  "'in' is up to the scenario; only matches and options go behind it" },
		{ "refused rst",
		  "'rst' is up to the scenario; only matches and options go behind it" },
		{
		  "reset dport 80 probability 1%",
		  "'probability' would make another scenario; take the rules that --dry-run shows, and add it there"
		},
		{
		  "reset dport 80 shadow",
		  "'shadow' would make another scenario; take the rules that --dry-run shows, and add it there"
		},
		{ "lost-reset active",
		  "'active' is for RSTs that leave; a scenario has rules about more than these" },
		{
		  "lost-reset dport 80 length 5",
		  "'length' makes no sense for 'lost-reset', which is about segments without payload, too"
		},
		{
		  "filtered state syn-sent",
		  "'state' makes no sense for 'filtered', which is about connections that are being opened"
		},
		{
		  "crash uid 5",
		  "it is to be said which end is the server for 'crash': by saddr, daddr, sport, dport, iif or oif"
		},
		{
		  "half-open sport 80 dport 80",
		  "it is to be said which end is the server for 'half-open': by saddr, daddr, sport, dport, iif or oif"
		},
		{
		  "crash force",
		  "it is to be said which end is the server for 'crash': by saddr, daddr, sport, dport, iif or oif"
		},
		{
		  "crash iif lo",
		  "both ends send by lo: say which one is the server for 'crash' by saddr, daddr, sport or dport"
		},
		{
		  "half-open oif lo*",
		  "both ends send by lo*: say which one is the server for 'half-open' by saddr, daddr, sport or dport"
		},
		{ "reset iif a oif b",
		  "iif and oif: one of them; the other direction is matched by its own" },
		{ "refused dport 80 delay 1s",
		  "'delay' makes no sense for 'refused'; it is for late-reset" },
		{ "late-reset dport 80 delay",
		  "delay: a duration, as 500ms, is missing" },
		{ "late-reset dport 80 delay 1s delay 2s",
		  "'delay' is given twice" },
		{ "late-reset dport 80 delay 5m",
		  "it would end before the delay does; have it last longer by 'for'" },
		{ "late-reset dport 80 for 2s",
		  "it would end before the delay does; have it last longer by 'for'" },
		{ "refused dport 80 for 0s",
		  "for 0s: the rule would be gone at once" },
		{ "refused dport 80 for 1s for 1s", "'for' is given twice" },
		{ "refused dport 80 name", "name: a name is missing" },
		{ "refused dport 80 name a name b", "'name' is given twice" },
		{
		  "refused dport 80 name abcdefghijklmnopqrstuvwxyz0123",
		  "name abcdefghijklmnopqrstuvwxyz0123: at most 29 characters, as each rule gets a number behind it"
		},
		{
		  "refused daddr ::ffff:192.0.2.1",
		  "daddr: an IPv4-mapped address matches no IPv4 packet; write 192.0.2.1/32, or 'ip6' in front of it to match IPv6 packets"
		},
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		EXPECT_EQ(1, run(&cmd_play, &self->options, rows[i].words,
				 &self->err)) {
			TH_LOG("%s", rows[i].words);
		}
		EXPECT_STREQ(rows[i].text, self->err.text);
	}
	EXPECT_EQ(0, kernel.sent);
}

/* All rules in one request, owned; it is over when its time has come. */
TEST_F(commands, played)
{
	kernel_family();
	acknowledge();
	EXPECT_NE(NULL, strstr(output_of(&cmd_play, &self->options,
					 "crash dport 80 for 10ms", self->file),
			       "\n# It lasts for 10ms, or until Ctrl-C.\n"));
	EXPECT_EQ(RSTFAULT_CMD_RULE_ADD, request_cmd());
	EXPECT_STREQ("10 1 1 1 1 1 1 1 1", request_types());

	kernel_family();
	kernel_refuse(-EEXIST, "no", 0);
	EXPECT_EQ(2, run(&cmd_play, &self->options, "refused dport 80",
			 &self->err));
	EXPECT_STREQ("no; if 'refused' is being played already, give this one another 'name'",
		     self->err.text);
	kernel_family();
	kernel_refuse(-EPERM, "no", 0);
	EXPECT_EQ(2, run(&cmd_play, &self->options, "refused dport 80",
			 &self->err));
	EXPECT_EQ(NULL, strstr(self->err.text, "name"));
}

/* Even what is only shown says so, as it would not be played. */
TEST_F(commands, ssh)
{
	setenv("SSH_CONNECTION", "192.0.2.1 5000 192.0.2.2 22", 1);
	EXPECT_EQ(1, run(&cmd_play, &self->options, "crash dport 22",
			 &self->err));
	EXPECT_EQ(1, run(&cmd_play, &self->options, "crash dport 22 --dry-run",
			 &self->err));
	EXPECT_EQ(0, strncmp("this could cut the SSH connection ",
			     self->err.text, 34));
	EXPECT_EQ(0, kernel.sent);
	kernel_family();
	acknowledge();
	EXPECT_NE(NULL, strstr(output_of(&cmd_play, &self->options,
					 "reset dport 22 force for 10ms",
					 self->file), " force "));
}

TEST_HARNESS_MAIN
