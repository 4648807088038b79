/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_DEVICE_H
#define _RSTF_DEVICE_H

int rstf_device_setup(void);
void rstf_device_teardown(void);

#endif /* _RSTF_DEVICE_H */
