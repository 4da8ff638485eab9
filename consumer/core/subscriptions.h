/* The subscriptions of a lane that are in memory (slot_table.h), by the id and origin of their
 * command. */
#ifndef TELLER_CORE_SUBSCRIPTIONS_H
#define TELLER_CORE_SUBSCRIPTIONS_H

#include "consumer/core/slot_table.h"
#include "consumer/core/wants.h"

struct subscription_slot {
    struct slot slot;
    struct subscription row; /* its key is set in every state but UNUSED */
};

/* The slot, pinned to the open batch, or NULL when the row is not in memory. */
struct subscription_slot *subscriptions_find(struct slot_table *subscriptions,
                                             const struct subscription_key *key);

/* A new slot for a key that is not in memory, WANTED and pinned; evicts if it must. */
struct subscription_slot *subscriptions_want(struct slot_table *subscriptions,
                                             const struct subscription_key *key);

/* A row from the database: fills the WANTED slot, or a new one; any other is left as it is. */
void subscriptions_put(struct slot_table *subscriptions, const struct subscription *row);

#endif
