/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _PLAIN_ASM_BYTEORDER_H
#define _PLAIN_ASM_BYTEORDER_H

#include_next <asm/byteorder.h>

#include <arpa/inet.h>

#endif /* _PLAIN_ASM_BYTEORDER_H */
