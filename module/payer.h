/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_PAYER_H
#define _RSTF_PAYER_H

#include <linux/types.h>

struct sock;

struct sock *rstf_payer_alloc(void);
void rstf_payer_free(struct sock *payer);
bool rstf_payer_charge(struct sock *payer, u32 size);
void rstf_payer_uncharge(struct sock *payer, u32 size);

#endif /* _RSTF_PAYER_H */
