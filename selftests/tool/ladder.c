// SPDX-License-Identifier: GPL-2.0
/* Recorded events in, a sequence diagram out. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "err.h"
#include "ladder.h"
#include "ladder_svg.h"
#include "ladder_text.h"
#include "recording.h"

#include "kselftest_harness.h"
#include "rules.h"

#define COLUMNS	80

/* Both directions of a connection. */
#define TUPLE(family, client, cport, server, sport) \
	"\"tuple\":{\"family\":\"" family "\",\"saddr\":\"" client \
	"\",\"daddr\":\"" server "\",\"sport\":" cport ",\"dport\":" sport "},"
#define GOES	TUPLE("ip", "192.0.2.1", "5000", "192.0.2.2", "80")
#define COMES	TUPLE("ip", "192.0.2.2", "80", "192.0.2.1", "5000")

/* As rules of `monitor --ladder` tell of a segment. */
#define SEEN(hook, time, tuple, flags, seq, more) \
	"{\"type\":\"fire\",\"time\":" time ",\"rule-id\":9,\"hook\":\"" hook \
	"\",\"action\":\"pass\",\"shadow\":true," tuple "\"flags\":[" flags \
	"],\"seq\":" seq more "}\n"

/* As a rule tells of what it does. */
#define DOES(type, time, rule, action, tuple, flags, seq, more) \
	"{\"type\":\"" type "\",\"time\":" time "," rule ",\"hook\":\"in\"," \
	"\"action\":\"" action "\"," tuple "\"flags\":[" flags "],\"seq\":" seq \
	more "}\n"

#define SYN	"\"syn\""
#define ACK	"\"ack\""
#define RST	"\"rst\""
#define NAMED	"\"rule-id\":3,\"rule-name\":\"lost\""
#define PLAIN	"\"rule-id\":4"

#define STATE(name)	",\"socket-state\":[\"" name "\"]"

#define HANDSHAKE \
	SEEN("out", "1000000000", GOES, SYN, "4294967295", STATE("syn-sent")) \
	SEEN("in", "1000100000", COMES, SYN "," ACK, "700", \
	     ",\"ack\":0" STATE("syn-sent")) \
	SEEN("out", "1000200000", GOES, ACK, "0", \
	     ",\"ack\":701" STATE("established"))

#define HEAD \
	"client 192.0.2.1:5000, server 192.0.2.2:80\n" \
	"    seconds          client                                     server\n"

#define OPENED HEAD \
	"   0.000000 SYN-SENT    |--------------- SYN seq 0 --------------->|\n" \
	"   0.000100 SYN-SENT    |<---------- SYN,ACK seq 0 ack 1 ----------|\n" \
	"   0.000200 ESTABLISHED |------------ ACK seq 1 ack 1 ------------>|\n"

FIXTURE(drawing)
{
	struct ladder ladder;
	struct ladder_text text;
	struct err err;
	char drawn[65536];
};

FIXTURE_SETUP(drawing)
{
	self->text.out = fmemopen(self->drawn, sizeof(self->drawn), "w");
	ASSERT_NE(NULL, self->text.out);
	ladder_init(&self->ladder, &ladder_text, &self->text);
}

FIXTURE_TEARDOWN(drawing)
{
	fclose(self->text.out);
}

/* The lines of a recording; the number of one that is wrong, or 0. */
static int draw(struct ladder *ladder, const char *lines, struct err *err)
{
	char line[4096];
	int number = 0;

	while (*lines) {
		size_t len = strcspn(lines, "\n");

		number++;
		snprintf(line, sizeof(line), "%.*s", (int)len, lines);
		if (recording_line(line, ladder, err))
			return number;
		lines += len + (lines[len] == '\n');
	}
	ladder_flush(ladder);
	return 0;
}

#define expect_drawing(want, lines)					\
do {									\
	EXPECT_EQ(0, draw(&self->ladder, lines, &self->err)) {		\
		TH_LOG("%s", self->err.text);				\
	}								\
	fflush(self->text.out);						\
	EXPECT_STREQ(want, self->drawn) {				\
		TH_LOG("%s", self->drawn);				\
	}								\
} while (0)

/* Every segment, and every way that one can go. */
TEST_F(drawing, ways)
{
	static const char lines[] = HANDSHAKE
		/* what two rules see at one hook is one segment */
		SEEN("in", "1100000000", COMES, RST, "701", "")
		DOES("fire", "1100000900", NAMED, "drop", COMES, RST, "701", "")
		DOES("fire", "1200000000", NAMED, "delay", COMES, RST, "701", "")
		DOES("release", "1700123456", NAMED, "delay", COMES, RST, "701",
		     ",\"held\":500123456,\"fate\":\"next\"")
		DOES("release", "3400000000", NAMED, "delay", COMES, RST, "701",
		     ",\"held\":2100000000,\"fate\":\"device\"")
		DOES("fire", "3500000000", PLAIN, "mangle", COMES, RST, "701",
		     "")
		SEEN("out", "3600000000", GOES, ACK, "0",
		     ",\"ack\":701,\"length\":5")
		DOES("fire", "3600000001", PLAIN, "forge", GOES, ACK, "0",
		     ",\"ack\":701,\"length\":5,\"drop\":true")
		DOES("sent", "3600000002", PLAIN, "forge", COMES, RST, "701",
		     ",\"outcome\":\"reset\"" STATE("established"))
		DOES("sent", "3600000003", PLAIN, "forge", GOES, RST, "4294967294",
		     ",\"outcome\":\"unsent\"")
		"{\"type\":\"sent\",\"time\":3700000000," COMES
		"\"flags\":[\"rst\"],\"seq\":701,\"outcome\":\"ignored\"}\n"
		DOES("fail", "3800000000", PLAIN, "delay", GOES, ACK, "5",
		     ",\"ack\":701")
		"{\"lost\":3}\n"
		"\n"
		"{\"time\":3900000000," GOES "\"socket-state\":[\"closed\"]}\n"
		"{\"time\":3900000000," GOES "\"socket-state\":[\"closed\"]}\n";

	expect_drawing(OPENED
"   0.100000             |          x---------- RST seq 1 ----------|\n"
"                        |          dropped by rule 3 lost          |\n"
"   0.200000             |          o.......... RST seq 1 ..........|\n"
"                        |           held by rule 3 lost            |\n"
"   0.700123             |<.......... RST seq 1 .........o          |\n"
"                        |   released after 500.123ms by the next   |\n"
"                        |                 segment                  |\n"
"   2.400000             |          x..... RST seq 1 ....o          |\n"
"                        |    freed after 2.100s with its device    |\n"
"   2.500000             |<~~~~~~~~~~~~~~~ RST seq 1 ~~~~~~~~~~~~~~~|\n"
"                        |            changed by rule 4             |\n"
"   2.600000             |---- ACK seq 1 ack 1 len 5 ----x          |\n"
"                        |         dropped, triggers rule 4         |\n"
"   2.600000 ESTABLISHED |<========== RST seq 1 =========*          |\n"
"                        |         forged by rule 4: reset          |\n"
"   2.600000             |          *==== RST seq -1 ====x          |\n"
"                        |         forged by rule 4: unsent         |\n"
"   2.700000             |<========== RST seq 1 =========*          |\n"
"                        |            injected: ignored             |\n"
"   2.800000             |------------ ACK seq 6 ack 1 ------------>|\n"
"                        |           rule 4: delay failed           |\n"
"            lost 3 events: segments are missing\n"
"   2.900000 CLOSED      |                                          |\n", lines);
}

/*
 * A segment that comes to two hooks is drawn once; one that comes to the same
 * rule again was sent again.
 */
TEST_F(drawing, once)
{
	static const char lines[] =
		SEEN("out", "1000000000", GOES, SYN, "1", STATE("syn-sent"))
		SEEN("in", "1000000001", GOES, SYN, "1", STATE("listening"))
		/* late, after it was drawn */
		SEEN("out", "2000000000", GOES, SYN, "1", STATE("syn-sent"))
		SEEN("in", "3000000000", GOES, SYN, "1", "")
		/* dropped, and sent again */
		SEEN("out", "4000000000", GOES, SYN, "1", "")
		DOES("fire", "4000000001", NAMED, "drop", GOES, SYN, "1", "")
		SEEN("in", "5000000000", GOES, SYN, "1", "")
		/* a copy looks the same; whoever sees both sees two */
		SEEN("out", "6000000000", GOES, SYN, "1", "")
		DOES("fire", "6000000001", PLAIN, "duplicate", GOES, SYN, "1", "")
		DOES("sent", "6000000002", PLAIN, "duplicate", GOES, SYN, "1",
		     ",\"outcome\":\"unknown\"")
		/* forged, seen, and held, in another order */
		SEEN("in", "7000000000", COMES, RST, "1", "")
		DOES("fire", "7000000001", NAMED, "delay", COMES, RST, "1", "")
		DOES("sent", "7000000002", PLAIN, "forge", COMES, RST, "1",
		     ",\"outcome\":\"ignored\"")
		/* a shadow */
		DOES("fire", "8000000000", NAMED, "drop", COMES, RST, "1",
		     ",\"shadow\":true");

	expect_drawing(HEAD
"   0.000000 SYN-SENT    |--------------- SYN seq 0 --------------->| LISTENING\n"
"   1.000000 SYN-SENT    |--------------- SYN seq 0 --------------->|\n"
"   3.000000             |---------- SYN seq 0 ----------x          |\n"
"                        |          dropped by rule 3 lost          |\n"
"   4.000000             |--------------- SYN seq 0 --------------->|\n"
"   5.000000             |--------------- SYN seq 0 --------------->|\n"
"                        |            repeated by rule 4            |\n"
"   5.000000             |          *========= SYN seq 0 ==========>|\n"
"                        |              copy by rule 4              |\n"
"   6.000000             |          o.......... RST seq 1 ..........|\n"
"                        | forged by rule 4: ignored; held by rule  |\n"
"                        |                  3 lost                  |\n"
"   7.000000             |<--------------- RST seq 1 ---------------|\n"
"                        |         shadow rule 3 lost: drop         |\n", lines);
}

#define LONG	"2001:db8:1111:2222:3333:4444:5555:6666"
#define LONG6	TUPLE("ip6", LONG, "65535", "2001:db8:1111:2222:3333:4444:5555:7777", "65534")

/* As much as an event can tell. */
#define LONGEST(time, more) \
	DOES("fire", time, \
	     "\"rule-id\":4294967295,\"rule-name\":\"a.name.of.31.characters.abcdefg\"", \
	     "drop", LONG6, \
	     "\"fin\",\"syn\",\"rst\",\"psh\",\"ack\",\"urg\",\"ece\",\"cwr\"", \
	     "2147483649", ",\"ack\":4294967295,\"length\":4294967295" more)

/* Nothing is too long for 80 columns, and connections are told apart. */
TEST_F(drawing, wide)
{
	static const char lines[] =
		SEEN("out", "1000000000", GOES, SYN, "1", "")
		SEEN("out", "1500000000", LONG6, SYN, "1",
		     STATE("established"))
		LONGEST("101500000000", "")
		SEEN("in", "9999999000000000", COMES, SYN "," ACK, "1",
		     ",\"ack\":2" STATE("established"));

	expect_drawing("client 192.0.2.1:5000, server 192.0.2.2:80\n"
"    seconds          client                                     server\n"
"   0.000000             |--------------- SYN seq 0 --------------->|\n"
"1 client 192.0.2.1:5000, server 192.0.2.2:80\n"
"2 client [2001:db8:1111:2222:3333:4444:5555:6666]:65535\n"
"  server [2001:db8:1111:2222:3333:4444:5555:7777]:65534\n"
"2  0.500000 ESTABLISHED |--------------- SYN seq 0 --------------->|\n"
"2 100.50000             |   FIN,SYN,RST,PSH,ACK,URG,ECE,CWR seq    |\n"
"                        |     -2147483648 ack 1 len 4294967295     |\n"
"                        |-------------------------------x          |\n"
"                        |        dropped by rule 4294967295        |\n"
"                        |     a.name.of.31.characters.abcdefg      |\n"
"1 9999998.0 ESTABLISHED |<---------- SYN,ACK seq 0 ack 1 ----------|\n", lines);
}

/* Colours change nothing else. */
TEST_F(drawing, color)
{
	static const char lines[] =
		SEEN("out", "1000000000", GOES, SYN, "1", STATE("syn-sent"))
		DOES("fire", "1100000000", NAMED, "drop", COMES, RST, "1", "");
	bool color;

	self->text.color = true;
	expect_drawing(HEAD
"   0.000000 SYN-SENT    |--------------- SYN seq 0 --------------->|\n"
"   0.100000             |\033[31m          x---------- RST seq 1 ----------\033[0m|\n"
"                        |          \033[31mdropped by rule 3 lost\033[0m          |\n", lines);

	EXPECT_EQ(0, ladder_color("always", stdout, &color, &self->err));
	EXPECT_TRUE(color);
	EXPECT_EQ(0, ladder_color("never", stdout, &color, &self->err));
	EXPECT_FALSE(color);
	/* a file of memory is no terminal */
	EXPECT_EQ(0, ladder_color(NULL, self->text.out, &color, &self->err));
	EXPECT_FALSE(color);
	EXPECT_EQ(-1, ladder_color("red", stdout, &color, &self->err));
	EXPECT_STREQ("--color=red: this is one of always, never, auto",
		     self->err.text);
}

/* On a terminal there is colour, if nobody has said that there is none. */
TEST_F(drawing, terminal)
{
	FILE *terminal = fopen("/dev/ptmx", "r+");
	bool color;

	if (!terminal)
		SKIP(return, "needs /dev/ptmx");
	unsetenv("NO_COLOR");
	EXPECT_EQ(0, ladder_color("auto", terminal, &color, &self->err));
	EXPECT_TRUE(color);
	setenv("NO_COLOR", "", 1);
	EXPECT_EQ(0, ladder_color("auto", terminal, &color, &self->err));
	EXPECT_TRUE(color);
	setenv("NO_COLOR", "1", 1);
	EXPECT_EQ(0, ladder_color("auto", terminal, &color, &self->err));
	EXPECT_FALSE(color);
	EXPECT_EQ(0, ladder_color("always", terminal, &color, &self->err));
	EXPECT_TRUE(color);
	fclose(terminal);
}

#define SEQ(seq) SEEN("in", "1", GOES, SYN, seq, "")

/* What is no recording is refused, and it is said where. */
TEST_F(drawing, broken)
{
	static const struct {
		const char *line, *error;
	} wrong[] = {
		{ "12:00:01 fire in rule 3", "column 1: '{' is expected" },
		{ "{\"type\":\"fire\"", "column 15: ',' or '}' is expected" },
		{ "{\"type\" 1}", "column 9: ':' is expected" },
		{ "{\"type\":\"fire", "column 14: the end of the string is expected" },
		{ "{\"type\":\"fir\"}", "type: 'fir' is not a word for it" },
		{ "{} {}", "column 4: the end of the line is expected" },
		{ "{}", "an event has a tuple, with family, saddr and daddr" },
		{ "{\"seq\":-1}", "column 8: a whole number is expected" },
		{ "{\"seq\":1.5}", "column 9: a whole number is expected" },
		{ "{\"seq\":4294967296}", "column 8: the number is above 4294967295" },
		{ "{\"rule-name\":\"\\u001b\"}",
		  "name ?001b: a name consists of letters, digits, '_', '-' and '.'" },
		{ "{\"tuple\":{\"saddr\":\"x\"}}", "saddr: 'x' is not an address" },
		{ "{\"x\":[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]}",
		  "column 23: something less deep is expected" },
		{ "{" GOES "\"seq\":1}",
		  "an event has a type, or a socket-state and a time" },
		{ "{\"type\":\"release\",\"time\":1," GOES "\"flags\":[],\"seq\":1}",
		  "this event has no fate" },
		{ "{\"type\":\"fire\",\"time\":1," GOES "\"flags\":[],\"seq\":1}",
		  "this event has no hook" },
	};
	char lines[8192];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		snprintf(lines, sizeof(lines), SEQ("1") "\n%s\n" SEQ("2"),
			 wrong[i].line);
		EXPECT_EQ(3, draw(&self->ladder, lines, &self->err)) {
			TH_LOG("%s", wrong[i].line);
		}
		EXPECT_STREQ(wrong[i].error, self->err.text);
	}
	/* what a newer version may add */
	EXPECT_EQ(0, draw(&self->ladder,
			  "{\"x\":{\"y\":[1,-2.5e3,\"}\",null,true,{}]},\"type\":77,\"time\":1,"
			  GOES "\"flags\":[],\"seq\":1}", &self->err)) {
		TH_LOG("%s", self->err.text);
	}
}

/* Lines by chance: none is too wide, and none does harm. */
TEST_F(drawing, garbage)
{
	static const char good[] = HANDSHAKE
		DOES("release", "1700123456", NAMED, "delay", COMES, RST, "701",
		     ",\"held\":500123456,\"fate\":\"next\"")
		LONGEST("9999999000000000", STATE("established"));
	__u64 state = SEED;
	char lines[sizeof(good)];
	int i, changes;
	char *line;

	for (i = 0; i < ROUND_TRIPS; i++) {
		memcpy(lines, good, sizeof(good));
		for (changes = rules_random_below(&state, 3); changes--;)
			lines[rules_random_below(&state, sizeof(good) - 1)] =
				1 + rules_random_below(&state, 127);
		rewind(self->text.out);
		draw(&self->ladder, lines, &self->err);
		ladder_flush(&self->ladder);
		fputc('\0', self->text.out);
		fflush(self->text.out);
		for (line = strtok(self->drawn, "\n"); line;
		     line = strtok(NULL, "\n")) {
			ASSERT_GE(COLUMNS, strlen(line)) {
				TH_LOG("%s", line);
			}
		}
	}
}

static int count_of(const char *text, const char *what)
{
	int count = 0;

	while ((text = strstr(text, what))) {
		text++;
		count++;
	}
	return count;
}

/* A picture has what the text has, each in a style of its own. */
TEST_F(drawing, picture)
{
	static const char lines[] = HANDSHAKE
		DOES("fire", "1200000000", NAMED, "drop", COMES, RST, "701", "")
		DOES("fire", "1300000000", NAMED, "delay", COMES, RST, "701", "")
		DOES("sent", "1400000000", PLAIN, "forge", COMES, RST, "701",
		     ",\"outcome\":\"reset\"" STATE("established"));
	struct ladder_svg svg;
	char *picture = NULL;
	size_t size;
	FILE *out;

	ASSERT_EQ(0, ladder_svg_begin(&svg, &self->err));
	ladder_init(&self->ladder, &ladder_svg, &svg);
	ASSERT_EQ(0, draw(&self->ladder, lines, &self->err));
	out = open_memstream(&picture, &size);
	ASSERT_EQ(0, ladder_svg_end(&svg, out, &self->err));
	fclose(out);
	EXPECT_EQ(0, strncmp(picture, "<svg xmlns=", 11));
	EXPECT_STREQ("</svg>\n", picture + size - 7);
	EXPECT_EQ(count_of(picture, "<g "), count_of(picture, "</g>"));
	EXPECT_EQ(6, count_of(picture, "<g "));
	EXPECT_EQ(3, count_of(picture, "<g class=\"passed\">"));
	EXPECT_EQ(1, count_of(picture, "<g class=\"dropped\">"));
	EXPECT_EQ(1, count_of(picture, "<g class=\"held\">"));
	EXPECT_EQ(1, count_of(picture, "<g class=\"forged\">"));
	EXPECT_EQ(1, count_of(picture, "<circle "));
	EXPECT_EQ(6, count_of(picture, "class=\"line\""));
	EXPECT_EQ(4, count_of(picture, "class=\"head\""));
	EXPECT_EQ(1, count_of(picture,
			      ">TCP from 192.0.2.1:5000 to 192.0.2.2:80</title>"));
	EXPECT_EQ(1, count_of(picture,
			      " 6 arrows, 1 dropped, 1 held, 1 forged or copied.</desc>"));
	EXPECT_EQ(1, count_of(picture, ">SYN,ACK seq 0 ack 1</text>"));
	EXPECT_EQ(1, count_of(picture, ">forged by rule 4: reset</text>"));
	EXPECT_EQ(0, count_of(picture, "<script"));
	EXPECT_EQ(1, count_of(picture, "http"));
	free(picture);
}

static int run_ladder(const char *text, struct err *err)
{
	static const struct options options;
	struct line line;

	rules_split(&line, text);
	err->text[0] = '\0';
	return cmd_ladder.run(&options, line.count, line.word, err);
}

TEST_F(drawing, command)
{
	static const struct {
		const char *words, *error;
	} wrong[] = {
		{ "--png x",
		  "'--png' is not an option of 'ladder'; one of: --svg, --color=WHEN" },
		{ "x y", "'y' is too much: one file at a time" },
		{ "--color=red x", "--color=red: this is one of always, never, auto" },
		{ "--svg --color=always x",
		  "--color: a picture has the colours of its surroundings" },
		{ "/no/such/file",
		  "/no/such/file: cannot open it: No such file or directory" },
		{ "--svg /dev/null", "there is no segment to be drawn" },
	};
	char file[] = "/tmp/rstctl-XXXXXX", words[64], want[128];
	size_t i;
	int fd;

	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		EXPECT_EQ(1, run_ladder(wrong[i].words, &self->err));
		EXPECT_STREQ(wrong[i].error, self->err.text);
	}
	EXPECT_EQ(0, run_ladder("/dev/null", &self->err));
	fd = mkstemp(file);
	ASSERT_LE(0, fd);
	ASSERT_EQ(6, write(fd, "\n\n{x}\n", 6));
	close(fd);
	snprintf(words, sizeof(words), "--svg %s", file);
	snprintf(want, sizeof(want), "%s:3: column 2: a string is expected",
		 file);
	EXPECT_EQ(1, run_ladder(words, &self->err));
	EXPECT_STREQ(want, self->err.text);
	unlink(file);
}

TEST_HARNESS_MAIN
