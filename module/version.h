/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_VERSION_H
#define _RSTF_VERSION_H

/* The module and rstctl are released together and share this. */
#define RSTF_VERSION "0.1.0"

#endif /* _RSTF_VERSION_H */
