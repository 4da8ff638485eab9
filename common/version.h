/* The version of both programs. */
#ifndef TELLER_COMMON_VERSION_H
#define TELLER_COMMON_VERSION_H

#define TELLER_VERSION "0.1.0"

#endif
