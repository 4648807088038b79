/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_UNLOAD_H
#define _RSTF_UNLOAD_H

int rstf_unload_setup(void);
void rstf_unload_teardown(void);

#endif /* _RSTF_UNLOAD_H */
