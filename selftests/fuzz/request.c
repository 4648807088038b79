// SPDX-License-Identifier: GPL-2.0
/*
 * Requests of the family that are right, as a module would get them.
 */
#include "attr.h"
#include "field.h"
#include "nl.h"

#include "chance.h"
#include "request.h"

/**
 * request_begin() - begin a request
 * @subject: what it is about
 * @message: gets it
 * @cmd: RSTFAULT_CMD_*
 */
void request_begin(const struct subject *subject, struct message *message,
		   uint8_t cmd)
{
	nl_request(message->buf, subject->family, cmd);
	message->nlh.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	message->nlh.nlmsg_seq = subject->nr & INT32_MAX;
}

static void put_flag(struct random *random, struct message *message,
		     uint16_t attr, uint32_t times)
{
	if (random_one_in(random, times))
		mnl_attr_put(&message->nlh, attr, 0, NULL);
}

static void put_generation(const struct subject *subject, struct random *random,
			   struct message *message)
{
	if (random_one_in(random, 8))
		mnl_attr_put_u32(&message->nlh, RSTFAULT_A_GENERATION,
				 subject->generation +
				 random_one_in(random, 4));
}

static void put_ref(const struct subject *subject, struct random *random,
		    struct message *message)
{
	static const char *const names[] = { "a", "b", "c", "d.e", "x" };

	if (random_one_in(random, 2))
		mnl_attr_put_u32(&message->nlh, RSTFAULT_A_ID,
				 1 + random_below(random, subject->last_id + 2));
	else
		mnl_attr_put_strz(&message->nlh, RSTFAULT_A_NAME,
				  names[random_below(random, ARRAY_SIZE(names))]);
}

/**
 * request_add() - put rules into a request
 * @subject: what it is about
 * @random: what they follow from
 * @message: request of request_begin()
 */
void request_add(const struct subject *subject, struct random *random,
		 struct message *message)
{
	int count = random_one_in(random, 16) ? 40 :
		    1 + random_below(random, 3);
	struct rule rule;
	char line[1024];

	while (count--) {
		chance_rule(random, CHANCE_ALL, &rule, line, sizeof(line));
		if (!subject->mortal)
			rule.has &= ~RULE_BIT(RSTFAULT_A_RULE_LIFETIME);
		if (message->nlh.nlmsg_len > MESSAGE_MAX / 2)
			break;
		nl_rule_put(&message->nlh, MESSAGE_MAX, &rule);
	}
	put_generation(subject, random, message);
	if (random_one_in(random, 8))
		mnl_attr_put_u32(&message->nlh, RSTFAULT_A_BEFORE,
				 1 + random_below(random, subject->last_id + 2));
	put_flag(random, message, RSTFAULT_A_REPLACE, 16);
	put_flag(random, message, RSTFAULT_A_CHECK, 12);
	put_flag(random, message, RSTFAULT_A_OWN, 8);
}

static void make_inject(const struct subject *subject, struct random *random,
			struct message *message)
{
	char line[1024];
	struct rule rule;

	attr_put_nest(&message->nlh, MESSAGE_MAX, RSTFAULT_A_TUPLE,
		      &tuple_fields, &subject->tuple);
	do {
		chance_rule(random, CHANCE_ALL, &rule, line, sizeof(line));
	} while (rule.action != RSTFAULT_ACTION_FORGE);
	if (rule.forge.has)
		attr_put_nest(&message->nlh, MESSAGE_MAX, RSTFAULT_A_FORGE,
			      &forge_fields, &rule.forge);
}

/**
 * request_make() - make a request that is right
 * @subject: what it is about
 * @random: what it follows from
 * @message: gets it
 */
void request_make(const struct subject *subject, struct random *random,
		  struct message *message)
{
	static const uint8_t cmds[] = {
		RSTFAULT_CMD_RULE_ADD, RSTFAULT_CMD_RULE_ADD,
		RSTFAULT_CMD_RULE_ADD, RSTFAULT_CMD_RULE_ADD,
		RSTFAULT_CMD_RULE_DEL, RSTFAULT_CMD_RULE_DEL,
		RSTFAULT_CMD_RULE_GET, RSTFAULT_CMD_RULE_GET,
		RSTFAULT_CMD_INFO_GET, RSTFAULT_CMD_RELEASE,
		RSTFAULT_CMD_INJECT, RSTFAULT_CMD_INJECT,
	};
	uint8_t cmd = cmds[random_below(random, ARRAY_SIZE(cmds))];

	if (random_one_in(random, 64))
		cmd = RSTFAULT_CMD_FLUSH;
	request_begin(subject, message, cmd);
	switch (cmd) {
	case RSTFAULT_CMD_RULE_ADD:
		request_add(subject, random, message);
		break;
	case RSTFAULT_CMD_RULE_GET:
		if (random_one_in(random, 2))
			message->nlh.nlmsg_flags |= NLM_F_DUMP;
		else
			put_ref(subject, random, message);
		break;
	case RSTFAULT_CMD_RELEASE:
		if (random_one_in(random, 2))
			put_ref(subject, random, message);
		break;
	case RSTFAULT_CMD_RULE_DEL:
		put_ref(subject, random, message);
		put_generation(subject, random, message);
		break;
	case RSTFAULT_CMD_INJECT:
		make_inject(subject, random, message);
		break;
	default:
		put_generation(subject, random, message);
	}
	message->len = message->nlh.nlmsg_len;
}
