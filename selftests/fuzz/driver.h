/* SPDX-License-Identifier: GPL-2.0 */
/* What libFuzzer and the sanitizers call, by the names that they have for it. */
#ifndef _FUZZ_DRIVER_H
#define _FUZZ_DRIVER_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
void __asan_on_error(void);

#endif /* _FUZZ_DRIVER_H */
