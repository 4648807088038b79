// SPDX-License-Identifier: GPL-2.0
/*
 * Whatever stands in a file of rules: the parser of rstctl refuses it, or what
 * is printed of it means the same, as words and as a message. Built with
 * libFuzzer, or with driver.c.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/genetlink.h>

#include "json.h"
#include "nl.h"
#include "parse.h"
#include "print.h"
#include "rulefile.h"

#include "tool/rules.h"

#include "driver.h"

/* The first byte of what is no file: a rule as the module sends it, words. */
#define MESSAGE	0
#define WORDS	1

#define WORDS_MAX 96

static void fail(const char *what, const char *text)
{
	fprintf(stderr, "rules: %s: %s\n", what, text);
	abort();
}

/* The rule in words; to be freed. */
static char *words_of(const struct rule *rule)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		abort();
	print_rule(out, rule);
	fclose(out);
	return text;
}

static void open_bytes(struct rulefile *file, const void *bytes, size_t len)
{
	memset(file, 0, sizeof(*file));
	file->name = "f";
	file->in = fmemopen((void *)bytes, len, "r");
	if (!file->in)
		abort();
}

/* Words mean what they meant before, and are printed as they were. */
static void check_words(const struct rule *rule)
{
	char *text = words_of(rule), *again;
	struct rulefile file;
	struct rule second;
	struct err err;

	open_bytes(&file, text, strlen(text));
	if (rulefile_next(&file, &second, &err) != RULEFILE_RULE)
		fail("what is printed is refused", text);
	if (!rules_same(rule, &second))
		fail("what is printed means something else", text);
	again = words_of(&second);
	if (strcmp(text, again))
		fail("it is printed in other words", text);
	if (rulefile_next(&file, &second, &err) != RULEFILE_END)
		fail("what is printed is more than a rule", text);
	rulefile_close(&file);
	free(again);
	free(text);
}

static void check_message(const struct rule *rule)
{
	__u64 buf[NL_REQUEST_MAX / sizeof(__u64)];
	struct nlmsghdr *message = nl_request(buf, 0, RSTFAULT_CMD_RULE_ADD);
	char *text = words_of(rule);
	struct rule second;

	if (!nl_rule_put(message, sizeof(buf), rule))
		fail("a message has no room for it", text);
	if (nl_rule_get(mnl_nlmsg_get_payload_offset(message, GENL_HDRLEN),
			&second))
		fail("the message makes no sense", text);
	if (second.incomplete)
		fail("the message says more than is known", text);
	if (!rules_same(rule, &second))
		fail("the message means something else", text);
	free(text);
}

static void print_all(const struct rule *rule)
{
	struct json json = {};
	char *text = NULL;
	size_t len;

	json.out = open_memstream(&text, &len);
	if (!json.out)
		abort();
	print_rule_json(&json, rule);
	fclose(json.out);
	free(text);
	free(words_of(rule));
}

static void try_file(const uint8_t *data, size_t size)
{
	enum rulefile_result result;
	struct rulefile file;
	struct rule rule;
	struct err err;

	open_bytes(&file, data, size);
	while ((result = rulefile_next(&file, &rule, &err)) != RULEFILE_END) {
		if (result == RULEFILE_FAILED)
			fail("it could not be read", err.text);
		if (result == RULEFILE_WRONG) {
			if (!*err.text)
				fail("refused without a word", "");
			continue;
		}
		check_words(&rule);
		check_message(&rule);
		print_all(&rule);
	}
	rulefile_close(&file);
}

/* What a module sends that is not of this version, or is mad. */
static void try_message(const uint8_t *data, size_t size)
{
	__u64 buf[NL_REQUEST_MAX / sizeof(__u64)] = {};
	struct nlattr *nest = (struct nlattr *)buf;
	struct rule rule;

	if (size > sizeof(buf) - sizeof(*nest))
		return;
	nest->nla_len = sizeof(*nest) + size;
	nest->nla_type = RSTFAULT_A_RULE | NLA_F_NESTED;
	memcpy(nest + 1, data, size);
	if (!nl_rule_get(nest, &rule))
		print_all(&rule);
}

static void try_words(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size);
	char *words[WORDS_MAX], *next, *save;
	struct rule_forge forge;
	struct rule_ref ref;
	struct rule rule;
	struct err err;
	int count = 0;

	if (!text)
		abort();
	for (next = strtok_r(text, " ", &save); next && count < WORDS_MAX;
	     next = strtok_r(NULL, " ", &save))
		words[count++] = next;
	if (!parse_inject(count, words, &rule, &forge, &err))
		print_all(&rule);
	parse_ref(count, words, &ref, &err);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	if (*data == MESSAGE)
		try_message(data + 1, size - 1);
	else if (*data == WORDS)
		try_words(data + 1, size - 1);
	else
		try_file(data, size);
	return 0;
}
