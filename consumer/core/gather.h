/* Fetch before deciding: what a record needs, and whether it is in memory. */
#ifndef TELLER_CORE_GATHER_H
#define TELLER_CORE_GATHER_H

#include "consumer/core/need.h"

/* A record that brings rows of its own, up to hundreds: a tick with work, a chunk. It is the only
 * one of its batch, so that the room for rows need not be shared. */
bool gather_is_alone(const struct lane *lane, const struct decoded *decoded, int64_t at_ms);

/* Looks at one record at its lane time. */
enum gather gather_record(struct lane *lane, const struct decoded *decoded, int64_t at_ms);

#endif
