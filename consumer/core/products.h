/* The products of a lane that are in memory (slot_table.h), by name. */
#ifndef TELLER_CORE_PRODUCTS_H
#define TELLER_CORE_PRODUCTS_H

#include "consumer/core/slot_table.h"
#include "consumer/core/wants.h"

struct product_slot {
    struct slot slot;
    struct product row; /* its key is set in every state but UNUSED */
};

/* The slot, pinned to the open batch, or NULL when the row is not in memory. */
struct product_slot *products_find(struct slot_table *products, const struct ident *id);

/* A new slot for a key that is not in memory, WANTED and pinned; evicts if it must. */
struct product_slot *products_want(struct slot_table *products, const struct ident *id);

/* A row from the database: fills the WANTED slot, or a new one; any other is left as it is. */
void products_put(struct slot_table *products, const struct product *row);

#endif
