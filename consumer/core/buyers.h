/* What accounts have of products with a cap per account, as far as it is in memory
 * (slot_table.h). */
#ifndef TELLER_CORE_BUYERS_H
#define TELLER_CORE_BUYERS_H

#include "consumer/core/slot_table.h"
#include "consumer/core/wants.h"

struct buyer_slot {
    struct slot slot;
    struct buyer row; /* its key is set in every state but UNUSED */
};

/* The slot, pinned to the open batch, or NULL when the row is not in memory. */
struct buyer_slot *buyers_find(struct slot_table *buyers, const struct buyer_key *key);

/* A new slot for a key that is not in memory, WANTED and pinned; evicts if it must. */
struct buyer_slot *buyers_want(struct slot_table *buyers, const struct buyer_key *key);

/* A row from the database: fills the WANTED slot, or a new one; any other is left as it is. */
void buyers_put(struct slot_table *buyers, const struct buyer *row);

#endif
