/* The holds of a lane that are in memory (slot_table.h), by the id of their command. Their
 * origin is always the lane itself: money is held where the client's record is. */
#ifndef TELLER_CORE_HOLDS_H
#define TELLER_CORE_HOLDS_H

#include "consumer/core/slot_table.h"
#include "consumer/core/wants.h"

struct hold_slot {
    struct slot slot;
    struct hold row; /* its key is set in every state but UNUSED */
};

/* The slot, pinned to the open batch, or NULL when the row is not in memory. */
struct hold_slot *holds_find(struct slot_table *holds, const struct uuid *id);

/* A new slot for a key that is not in memory, WANTED and pinned; evicts if it must. */
struct hold_slot *holds_want(struct slot_table *holds, const struct uuid *id);

/* A row from the database: fills the WANTED slot, or a new one; any other is left as it is. */
void holds_put(struct slot_table *holds, const struct hold *row);

#endif
