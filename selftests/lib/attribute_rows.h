/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Words for the rows of struct attribute, for those who write the tables.
 */
#ifndef _ATTRIBUTE_ROWS_H
#define _ATTRIBUTE_ROWS_H

#include "rstfault.h"

#include "attribute.h"

#define YEAR (RSTFAULT_DAYS_MAX * 86400000000000ULL)

#define IS_U8 .kind = NL_ATTR_TYPE_U8, .max = UINT8_MAX
#define IS_U16 .kind = NL_ATTR_TYPE_U16, .max = UINT16_MAX
#define IS_U32 .kind = NL_ATTR_TYPE_U32, .max = UINT32_MAX
#define IS_U64 .kind = NL_ATTR_TYPE_U64, .max = UINT64_MAX
#define IS_S32 .kind = NL_ATTR_TYPE_S32, .min = INT32_MIN, .max = INT32_MAX
#define FROM_TO(kind_, min_, max_) \
	.kind = NL_ATTR_TYPE_ ## kind_, .min = min_, .max = max_
#define MASK(mask_) \
	.kind = NL_ATTR_TYPE_U32, .min = 1, .max = mask_, .mask = mask_
#define IS_FLAG .kind = NL_ATTR_TYPE_FLAG
#define IS_PAD .kind = NL_ATTR_TYPE_INVALID
#define TEXT(max_, fill_) \
	.kind = NL_ATTR_TYPE_NUL_STRING, .max = max_, .fill = fill_
#define ADDR6_BYTES "0123456789abcdef"
#define ADDR6 .kind = NL_ATTR_TYPE_BINARY, .max = 16, .bytes = ADDR6_BYTES
#define INSIDE(values) .kind = NL_ATTR_TYPE_NESTED, .inside = values
/* Beside the attribute: more attributes, and the end of the list. */
#define WITH(...) .with = (const struct value[]){ __VA_ARGS__, {} }
#define WITH_MAX(...) .with_max = (const struct value[]){ __VA_ARGS__, {} }

#endif /* _ATTRIBUTE_ROWS_H */
