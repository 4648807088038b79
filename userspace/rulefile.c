// SPDX-License-Identifier: GPL-2.0
/* Rule files: lines to words, quoted as `list` prints them, to rules. */

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "parse.h"
#include "rulefile.h"

/* Most characters of a file name that an error text quotes. */
#define QUOTED		200

/**
 * rulefile_blame() - put the place into an error
 * @file: the file
 * @line: the line that is wrong; 0: the file as a whole
 * @err: the error
 */
void rulefile_blame(const struct rulefile *file, unsigned int line,
		    struct err *err)
{
	struct err text = *err;

	if (line)
		err_set(err, "%.*s:%u: %s", QUOTED, file->name, line,
			text.text);
	else
		err_set(err, "%.*s: %s", QUOTED, file->name, text.text);
}

/**
 * rulefile_open() - open a file with rules
 * @file: what to initialize; on success rulefile_close() must follow
 * @name: its name; "-" is standard input
 * @err: where an error is returned
 *
 * Return: 0, or -1 with @err set
 */
int rulefile_open(struct rulefile *file, const char *name, struct err *err)
{
	bool is_stdin = !strcmp(name, "-");

	memset(file, 0, sizeof(*file));
	file->name = is_stdin ? "standard input" : name;
	file->in = is_stdin ? stdin : fopen(name, "re");
	if (file->in)
		return 0;
	err_set(err, "cannot open it: %s", strerror(errno));
	rulefile_blame(file, 0, err);
	return -1;
}

/**
 * rulefile_close() - close a file with rules
 * @file: the file
 */
void rulefile_close(struct rulefile *file)
{
	if (file->in != stdin)
		fclose(file->in);
	free(file->text);
	free(file->word);
}

static int new_word(struct rulefile *file, char *word, struct err *err)
{
	int room = file->room ? 2 * file->room : 64;
	char **more;

	if (file->count == file->room) {
		more = reallocarray(file->word, room, sizeof(*more));
		if (!more)
			return err_set(err, "out of memory");
		file->word = more;
		file->room = room;
	}
	file->word[file->count++] = word;
	return 0;
}

/* An escape within $'...', behind its backslash; NULL with an error. */
static const char *unescape(const char *in, char **out, struct err *err)
{
	unsigned int value = 0, digits = 0;

	if (*in == '\'' || *in == '\\') {
		*(*out)++ = *in;
		return in + 1;
	}
	while (digits < 3 && *in >= '0' && *in <= '7') {
		value = value * 8 + (*in++ - '0');
		digits++;
	}
	if (digits && value && value <= 0xff) {
		*(*out)++ = value;
		return in;
	}
	err_set(err, digits ?
		"an escape in $'...' is \\001 to \\377" :
		"an escape in $'...' is \\', \\\\ or three octal digits, as \\303");
	return NULL;
}

/* A part in quotes; returns what is behind it, NULL with an error. */
static const char *unquote(const char *in, char **out, struct err *err)
{
	bool escapes = *in == '$';

	in += escapes ? 2 : 1;
	while (*in && *in != '\'') {
		if (escapes && *in == '\\') {
			in = unescape(in + 1, out, err);
			if (!in)
				return NULL;
			continue;
		}
		*(*out)++ = *in++;
	}
	if (*in)
		return in + 1;
	err_set(err, "a quote is not closed by the end of the line");
	return NULL;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* One word, in place; returns what is behind it, NULL with an error. */
static const char *split_word(const char *in, char *out, struct err *err)
{
	while (*in && !is_blank(*in)) {
		if (*in == '\'' || (in[0] == '$' && in[1] == '\'')) {
			in = unquote(in, &out, err);
			if (!in)
				return NULL;
			continue;
		}
		if (*in == '"') {
			err_set(err,
				"a '\"' has to be quoted; words are quoted by '...'");
			return NULL;
		}
		if (*in == '\\' && !*++in) {
			err_set(err, "a line does not end with '\\'");
			return NULL;
		}
		*out++ = *in++;
	}
	/* The end may overwrite the blank, so go behind that first. */
	in += !!*in;
	*out = '\0';
	return in;
}

/* The words of the line, in place: what is unquoted only gets shorter. */
static int split(struct rulefile *file, struct err *err)
{
	const char *in = file->text;

	file->count = 0;
	for (;;) {
		char *out;

		while (is_blank(*in))
			in++;
		if (!*in || *in == '#')
			return 0;
		out = (char *)in;
		in = split_word(in, out, err);
		if (!in || new_word(file, out, err))
			return -1;
	}
}

/* Editors of other systems begin a file by it. */
static const char mark[] = "\xef\xbb\xbf";

/* The next line; 0 at the end, -1 with an error. */
static int read_line(struct rulefile *file, struct err *err)
{
	ssize_t len;

	errno = 0;
	len = getline(&file->text, &file->size, file->in);
	if (len < 0 && (errno || ferror(file->in))) {
		err_set(err, "cannot read it: %s", strerror(errno));
		rulefile_blame(file, 0, err);
		return -1;
	}
	if (len < 0)
		return 0;
	file->line++;
	if (file->line == 1 && !strncmp(file->text, mark, strlen(mark))) {
		len -= strlen(mark);
		memmove(file->text, file->text + strlen(mark), len + 1);
	}
	if (len && file->text[len - 1] == '\n')
		file->text[--len] = '\0';
	if (len && file->text[len - 1] == '\r')
		file->text[--len] = '\0';
	if (strlen(file->text) != (size_t)len) {
		/* Such a line has no words that could be told from others. */
		file->text[0] = '\0';
		return 2;
	}
	return 1;
}

/**
 * rulefile_next() - the next rule of a file
 * @file: the file
 * @rule: where the rule is returned
 * @err: where an error is returned, with the name of the file and the line
 *
 * Return: what was found
 */
enum rulefile_result rulefile_next(struct rulefile *file, struct rule *rule,
				   struct err *err)
{
	char *const *word;
	int ret, skip;

	for (;;) {
		ret = read_line(file, err);
		if (ret < 0)
			return RULEFILE_FAILED;
		if (!ret)
			return RULEFILE_END;
		if (ret > 1) {
			err_set(err, "there is a NUL byte in this line");
			break;
		}
		if (split(file, err))
			break;
		if (!file->count)
			continue;
		word = file->word;
		skip = !strcmp(word[0], "add");
		if (parse_rule(file->count - skip, word + skip, rule, err))
			break;
		return RULEFILE_RULE;
	}
	rulefile_blame(file, file->line, err);
	return RULEFILE_WRONG;
}
