/* SPDX-License-Identifier: GPL-2.0 */
/* The attributes and the values of the protocol, as its specification has them. */

#ifndef YAML_H
#define YAML_H

#define YAML_TEXT	64
#define YAML_DOC	1024

/**
 * struct yaml_item - an attribute of a set, or a value of an enumeration
 * @set: name of the set, or of the enumeration
 * @name: its own name
 * @type: of an attribute; empty for a value
 * @nest: the set that it is, or empty
 * @doc: what is said about it, in one line
 * @number: counted from 1 within @set
 */
struct yaml_item {
	char set[YAML_TEXT];
	char name[YAML_TEXT];
	char type[YAML_TEXT];
	char nest[YAML_TEXT];
	char doc[YAML_DOC];
	unsigned int number;
};

/**
 * struct yaml - the specification
 * @item: its items, in their order
 * @count: how many
 */
struct yaml {
	struct yaml_item item[512];
	unsigned int count;
};

void yaml_read(struct yaml *yaml, const char *path);

#endif /* YAML_H */
