/* The holds of a lane that are in memory. As accounts.h: slots do not move, what the open batch has
 * touched is pinned. Client holds only: their origin is the lane itself. */
#ifndef TELLER_CORE_HOLDS_H
#define TELLER_CORE_HOLDS_H

#include <stdbool.h>
#include <stdint.h>

#include "consumer/core/rows.h"
#include "consumer/core/slot_index.h"

enum hold_memory {
    HOLD_UNUSED,
    HOLD_WANTED,  /* asked for, not answered yet */
    HOLD_MISSING, /* there is no such hold */
    HOLD_KNOWN,
};

struct hold_slot {
    struct hold row; /* row.id is set in every state but UNUSED */
    enum hold_memory memory;
    bool changed; /* by the open batch */
    bool is_new;  /* made by the open batch */
    uint64_t pin; /* the batch that touched it last */
};

struct holds {
    struct hold_slot *slots;
    uint32_t capacity;
    uint32_t hand;
    uint64_t batch;  /* number of the open batch: its pins hold */
    uint32_t pinned; /* slots that the open batch has touched */
    struct slot_index by_id;
};

/* False when out of memory. */
bool holds_init(struct holds *holds, uint32_t capacity);
void holds_close(struct holds *holds);
void holds_clear(struct holds *holds);

/* A new batch: nothing is pinned. */
void holds_next_batch(struct holds *holds);

/* The slot, pinned to the open batch, or NULL when the hold is not in memory. */
struct hold_slot *holds_find(struct holds *holds, const struct uuid *id);

/* A new slot for an id that is not in memory, WANTED and pinned; evicts if it must. */
struct hold_slot *holds_want(struct holds *holds, const struct uuid *id);

/* A row from the database: fills the WANTED slot, or a new one; any other is left as it is. */
void holds_put(struct holds *holds, const struct hold *row);

#endif
