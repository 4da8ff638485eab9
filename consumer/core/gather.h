/* Fetch before deciding: what a record needs, and whether it is in memory. */
#ifndef TELLER_CORE_GATHER_H
#define TELLER_CORE_GATHER_H

#include "consumer/core/need.h"

/* Looks at one record at its lane time. */
enum gather gather_record(struct lane *lane, const struct decoded *decoded, int64_t at_ms);

#endif
