// SPDX-License-Identifier: GPL-2.0
/* What follows a keyword: numbers, names, prefixes, ports and interfaces. */

#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "number.h"
#include "value.h"
#include "words.h"

/* Longer than any port or range. */
#define ITEM_MAX	64

/* Most characters of a path that an error text quotes. */
#define QUOTED		200

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* As dev_valid_name() in the kernel, which takes 0xa0 for a space. */
static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == '\xa0';
}

static bool is_digits(const char *text)
{
	return *text && !text[strspn(text, "0123456789")];
}

/**
 * value_length() - refuse a word that is too long for an error text
 * @word: the word
 * @err: where an error is returned
 *
 * Return: 0, or -1 with @err set
 */
int value_length(const char *word, struct err *err)
{
	if (strlen(word) <= VALUE_WORD_MAX)
		return 0;
	return err_set(err, "'%.20s...': a word has at most %u characters",
		       word, VALUE_WORD_MAX);
}

/**
 * value_number() - text to number
 * @text: what number_parse() takes
 * @max: highest number that is right
 * @number: where the number is returned
 *
 * Return: true if @text is such a number
 */
bool value_number(const char *text, __u32 max, __u32 *number)
{
	__u64 n;

	if (!number_parse(text, max, &n))
		return false;
	*number = n;
	return true;
}

/**
 * value_name() - the name of a rule
 * @word: the name as given
 * @name: where it is returned, RSTFAULT_NAME_MAX + 1 bytes
 * @err: where an error is returned
 *
 * Return: 0, or -1 with @err set
 */
int value_name(const char *word, char *name, struct err *err)
{
	const char *c;

	if (!*word)
		return err_set(err, "name '': a name has at least 1 character");
	for (c = word; *c; c++) {
		if (!is_letter(*c) && !is_digit(*c) && !strchr("_-.", *c))
			return err_set(err,
				       "name %s: a name consists of letters, digits, '_', '-' and '.'",
				       word);
	}
	if (*word == '-')
		return err_set(err, "name %s: a name does not begin with '-'",
			       word);
	if (is_digits(word))
		return err_set(err,
			       "name %s: a name is not digits alone, a number means an id",
			       word);
	if (strlen(word) > RSTFAULT_NAME_MAX)
		return err_set(err, "name %s: a name has at most %u characters",
			       word, RSTFAULT_NAME_MAX);
	memcpy(name, word, strlen(word) + 1);
	return 0;
}

/* Clear the bits behind the prefix; true if one of them was set. */
static bool clear_host_bits(struct rule_prefix *prefix)
{
	unsigned int bytes = prefix->family == AF_INET ? 4 : 16;
	bool set = false;
	unsigned int i;

	for (i = 0; i < bytes; i++) {
		__u8 mask = 0;

		if (prefix->len >= 8 * (i + 1))
			mask = 0xff;
		else if (prefix->len > 8 * i)
			mask = 0xff << (8 * (i + 1) - prefix->len);
		if (prefix->addr[i] & ~mask)
			set = true;
		prefix->addr[i] &= mask;
	}
	return set;
}

/**
 * value_prefix() - an address, or those that begin with the same bits
 * @match: keyword in front of it, for error texts
 * @word: the address, with or without a '/' and a prefix length
 * @prefix: where it is returned
 * @err: where an error is returned
 *
 * Return: 0, or -1 with @err set
 */
int value_prefix(const char *match, const char *word,
		 struct rule_prefix *prefix, struct err *err)
{
	size_t len = strcspn(word, "/");
	char text[INET6_ADDRSTRLEN];
	const char *plain;
	__u32 bits;
	bool is4;

	if (memchr(word, '%', len))
		return err_set(err,
			       "%s %s: an address has no '%%' here; match an interface by iif or oif",
			       match, word);
	/* Too long is as wrong as empty. */
	if (len >= sizeof(text))
		len = 0;
	memcpy(text, word, len);
	text[len] = '\0';
	is4 = !strchr(text, ':');
	prefix->family = is4 ? AF_INET : AF_INET6;
	if (inet_pton(prefix->family, text, prefix->addr) != 1)
		return err_set(err,
			       "%s %s: not an IPv4 or IPv6 address; names are not looked up",
			       match, word);
	bits = is4 ? 32 : 128;
	if (word[len] == '/') {
		plain = number_unpadded(word + len + 1, bits);
		if (plain)
			return err_set(err,
				       "%s %s: a prefix length has no leading zeros; write %s/%s",
				       match, word, text, plain);
		if (!value_number(word + len + 1, bits, &bits))
			return err_set(err,
				       "%s %s: the prefix of an %s address is 0 to %u bits long",
				       match, word, is4 ? "IPv4" : "IPv6",
				       bits);
	}
	prefix->len = bits;
	if (clear_host_bits(prefix)) {
		inet_ntop(prefix->family, prefix->addr, text, sizeof(text));
		return err_set(err,
			       "%s %s: bits are set behind the prefix; write %s/%u",
			       match, word, text, prefix->len);
	}
	return 0;
}

/**
 * value_interface() - the name of an interface
 * @match: keyword in front of it, for error texts
 * @word: the name; a '*' at its end stands for any rest
 * @name: where it is returned, RSTFAULT_IFNAME_MAX + 1 bytes
 * @err: where an error is returned
 *
 * Return: 0, or -1 with @err set
 */
int value_interface(const char *match, const char *word, char *name,
		    struct err *err)
{
	const char *c;

	if (!*word || !strcmp(word, ".") || !strcmp(word, ".."))
		return err_set(err, "%s '%s': not the name of an interface",
			       match, word);
	if (!strcmp(word, "*"))
		return err_set(err,
			       "%s *: that is every interface; leave '%s' out",
			       match, match);
	if (strlen(word) > RSTFAULT_IFNAME_MAX)
		return err_set(err,
			       "%s %s: an interface name has at most %u characters",
			       match, word, RSTFAULT_IFNAME_MAX);
	for (c = word; *c; c++) {
		if (is_space(*c) || *c == '/' || *c == ':')
			return err_set(err,
				       "%s %s: an interface name has no '/', ':' or space",
				       match, word);
	}
	memcpy(name, word, strlen(word) + 1);
	return 0;
}

/**
 * value_cgroup() - the path of a control group
 * @word: the path; a '/' at its begin or its end makes no difference
 * @path: where it is returned without these, that of the root as one of them,
 *	RSTFAULT_CGROUP_MAX + 1 bytes
 * @err: where an error is returned
 *
 * Return: 0, or -1 with @err set
 */
int value_cgroup(const char *word, char *path, struct err *err)
{
	const char *begin = word + strspn(word, "/");
	size_t len = strlen(begin);

	while (len && begin[len - 1] == '/')
		len--;
	if (!*word)
		return err_set(err, "cgroup '': not the path of a control group");
	if (!len) {
		begin = "/";
		len = 1;
	}
	if (len > RSTFAULT_CGROUP_MAX)
		return err_set(err,
			       "cgroup %.*s...: a path has at most %u characters",
			       QUOTED, word, RSTFAULT_CGROUP_MAX);
	memcpy(path, begin, len);
	path[len] = '\0';
	return 0;
}

/* Flags of the TCP header: a comma list, `none`, or a hexadecimal number. */
static int parse_flags(const char *whole, char *list, __u8 *flags,
		       struct err *err)
{
	const struct word *flag;
	char *name, *comma;
	__u32 number;

	*flags = 0;
	if (!strcmp(list, "none"))
		return 0;
	if (number_hex(list, UINT8_MAX, &number)) {
		*flags = number;
		return 0;
	}
	for (name = list; name; name = comma) {
		comma = strchr(name, ',');
		if (comma)
			*comma++ = '\0';
		flag = word_find(flag_words, name);
		if (!flag)
			return err_set(err,
				       "flags %s: '%s' is not a flag; one of: fin, syn, rst, psh, ack, urg, ece, cwr; or none, or a number from 0x0 to 0xff",
				       whole, name);
		if (*flags & flag->value)
			return err_set(err, "flags %s: '%s' is given twice",
				       whole, name);
		*flags |= flag->value;
	}
	return 0;
}

/**
 * value_flags() - flags of the TCP header and how they are to be
 * @word: flags to look at, a '/', and which of them are to be set
 * @mask: where the former are returned
 * @value: where the latter are returned
 * @err: where an error is returned
 *
 * Return: 0, or -1 with @err set
 */
int value_flags(const char *word, __u8 *mask, __u8 *value, struct err *err)
{
	char text[VALUE_WORD_MAX + 1];
	char *slash;

	memcpy(text, word, strlen(word) + 1);
	slash = strchr(text, '/');
	if (!slash)
		return err_set(err,
			       "flags %s: the flags to look at, a '/', and which of them are set, as syn,ack/syn",
			       word);
	*slash = '\0';
	if (parse_flags(word, text, mask, err) ||
	    parse_flags(word, slash + 1, value, err))
		return -1;
	if (!*mask)
		return err_set(err, "flags %s: there is no flag to look at",
			       word);
	if (*value & ~*mask)
		return err_set(err,
			       "flags %s: what is behind the '/' has to be in front of it as well",
			       word);
	return 0;
}

/* @word is the range that the error text is to quote. */
static int parse_port(const char *match, const char *word, const char *text,
		      __u16 *port, struct err *err)
{
	const char *plain;
	__u32 number;

	if (value_number(text, UINT16_MAX, &number)) {
		*port = number;
		return 0;
	}
	plain = number_unpadded(text, UINT16_MAX);
	if (plain)
		return err_set(err,
			       "%s %s: a port has no leading zeros; write %s",
			       match, word, plain);
	return err_set(err, "%s %s: a port is a number from 0 to %u%s", match,
		       word, UINT16_MAX,
		       is_letter(*text) ? "; names are not looked up" : "");
}

static int parse_range(const char *match, const char *word,
		       struct rule_ports *ports, struct err *err)
{
	struct rule_range *range = &ports->range[ports->count];
	const char *dash = strchr(word, '-');
	char first[ITEM_MAX];

	if (ports->count == RSTFAULT_PORTS_MAX)
		return err_set(err,
			       "%s: a set has at most %u ports and ranges",
			       match, RSTFAULT_PORTS_MAX);
	if (strchr(word, ','))
		return err_set(err,
			       "%s %s: several ports are a set; write '{%s}', with the quotes in a shell",
			       match, word, word);
	if (!dash || dash == word || dash - word >= ITEM_MAX) {
		if (parse_port(match, word, word, &range->first, err))
			return -1;
		range->last = range->first;
	} else {
		memcpy(first, word, dash - word);
		first[dash - word] = '\0';
		if (parse_port(match, word, first, &range->first, err) ||
		    parse_port(match, word, dash + 1, &range->last, err))
			return -1;
		if (range->first > range->last)
			return err_set(err,
				       "%s %s: a range goes from the lower port to the higher; write %u-%u",
				       match, word, range->last, range->first);
	}
	ports->count++;
	return 0;
}

/* One item of a set, with spaces behind it. */
static int parse_item(const char *match, char *item, struct rule_ports *ports,
		      struct err *err)
{
	char *end = item + strlen(item);

	while (end > item && end[-1] == ' ')
		*--end = '\0';
	if (!*item)
		return err_set(err,
			       "%s: a port is missing between '{', ',' and '}'",
			       match);
	if (strchr(item, ' '))
		return err_set(err,
			       "%s %s: ports in a set have commas between them",
			       match, item);
	return parse_range(match, item, ports, err);
}

static int parse_set(const char *match, int count, char *const *words,
		     struct rule_ports *ports, struct err *err)
{
	const char *c = words[0] + 1;
	char item[ITEM_MAX];
	size_t len = 0;
	int used = 1;

	for (;;) {
		char next = *c;

		if (next) {
			c++;
		} else if (used < count) {
			/* A shell splits a set at its spaces: go on behind. */
			c = words[used++];
			next = ' ';
		} else {
			return err_set(err,
				       "%s %.40s: the set has no closing '}'",
				       match, words[0]);
		}
		if (next == ',' || next == '}') {
			item[len] = '\0';
			if (parse_item(match, item, ports, err))
				return -1;
			len = 0;
			if (next == '}')
				break;
		} else if (next != ' ' || len) {
			if (len == sizeof(item) - 1)
				return err_set(err,
					       "%s {%.20s...: a port is a number from 0 to %u",
					       match, item, UINT16_MAX);
			item[len++] = next;
		}
	}
	if (*c)
		return err_set(err,
			       "%s: '%.40s' behind the '}' of the set; a space is missing",
			       match, c);
	return used;
}

/**
 * value_ports() - a port, a range of them, or a set of both
 * @match: keyword in front of it, for error texts
 * @count: words that are left, at least one
 * @words: these words; a set may be spread over several, and only a set can
 *	be
 * @ports: where the ports are returned, empty at first
 * @err: where an error is returned
 *
 * Return: how many words it was, or -1 with @err set
 */
int value_ports(const char *match, int count, char *const *words,
		struct rule_ports *ports, struct err *err)
{
	if (*words[0] != '{')
		return parse_range(match, words[0], ports, err) ? -1 : 1;
	return parse_set(match, count, words, ports, err);
}
