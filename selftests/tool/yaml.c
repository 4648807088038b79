// SPDX-License-Identifier: GPL-2.0
/*
 * As much of YAML as the specification uses: two spaces a level, lists of
 * mappings, and folded text. What looks otherwise is an error, not skipped.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "yaml.h"

/* Where in the specification something is: what is open at which indent. */
enum section { OTHER, DEFINITIONS, SETS };

/**
 * struct reader - the specification being read
 * @yaml: what has been understood so far
 * @section: what part of it this is
 * @set: set or enumeration that is open
 * @is_enum: @set is a kind of enumeration
 * @entries: its values follow
 * @item: item that is open
 * @in_doc: its text follows
 */
struct reader {
	struct yaml *yaml;
	enum section section;
	char set[YAML_TEXT];
	int is_enum;
	int entries;
	struct yaml_item *item;
	int in_doc;
};

static void copy(char *to, const char *from)
{
	snprintf(to, YAML_TEXT, "%s", from);
}

static void new_item(struct reader *r, const char *name)
{
	struct yaml *yaml = r->yaml;
	unsigned int number = 1;

	if (yaml->count && !strcmp(yaml->item[yaml->count - 1].set, r->set))
		number = yaml->item[yaml->count - 1].number + 1;
	if (yaml->count == sizeof(yaml->item) / sizeof(yaml->item[0]))
		exit(1);
	r->item = &yaml->item[yaml->count++];
	copy(r->item->set, r->set);
	copy(r->item->name, name);
	r->item->number = number;
}

static void add_doc(struct yaml_item *item, const char *text)
{
	size_t len = strlen(item->doc);

	snprintf(item->doc + len, sizeof(item->doc) - len, "%s%s",
		 len ? " " : "", text);
}

/* A key of a set or enumeration, at indent 4. */
static void outer(struct reader *r, const char *key, const char *value)
{
	r->item = NULL;
	r->entries = 0;
	if (!strcmp(key, "name"))
		copy(r->set, value);
	else if (!strcmp(key, "type"))
		r->is_enum = !strcmp(value, "enum") || !strcmp(value, "flags");
	else if (!strcmp(key, "entries") || !strcmp(key, "attributes"))
		r->entries = 1;
}

/* A key of an attribute or a value, at indent 8. */
static void inner(struct reader *r, const char *key, const char *value)
{
	r->in_doc = 0;
	if (!r->entries)
		return;
	if (!strcmp(key, "name")) {
		new_item(r, value);
		return;
	}
	if (!r->item)
		return;
	if (!strcmp(key, "type"))
		copy(r->item->type, value);
	else if (!strcmp(key, "nested-attributes"))
		copy(r->item->nest, value);
	else if (!strcmp(key, "doc"))
		r->in_doc = 1;
	if (r->in_doc && strcmp(value, ">-"))
		add_doc(r->item, value);
}

static void line(struct reader *r, char *text)
{
	size_t indent = strspn(text, " ");
	char *key = text + indent, *colon;
	const char *value = "";

	if (!*key || *key == '#')
		return;
	if (!indent) {
		r->section = !strncmp(key, "definitions:", 12) ? DEFINITIONS :
			     !strncmp(key, "attribute-sets:", 15) ? SETS : OTHER;
		r->item = NULL;
		return;
	}
	if (r->section == OTHER)
		return;
	if (indent > 8 && r->in_doc && r->item) {
		add_doc(r->item, key);
		return;
	}
	/* A value that is nothing but its name: "      - established" */
	if (indent == 6 && key[0] == '-' && key[1] == ' ' && r->entries) {
		new_item(r, key + 2);
		return;
	}
	colon = strchr(key, ':');
	if (!colon || *key == '-')
		return;
	*colon = '\0';
	value = colon + 1 + strspn(colon + 1, " ");
	if (indent == 4)
		outer(r, key, value);
	else if (indent == 8)
		inner(r, key, value);
}

void yaml_read(struct yaml *yaml, const char *path)
{
	struct reader reader = { .yaml = yaml };
	char text[512];
	FILE *in;

	memset(yaml, 0, sizeof(*yaml));
	in = fopen(path, "r");
	if (!in) {
		printf("# cannot open %s\n", path);
		exit(1);
	}
	while (fgets(text, sizeof(text), in)) {
		text[strcspn(text, "\n")] = '\0';
		line(&reader, text);
	}
	fclose(in);
}
