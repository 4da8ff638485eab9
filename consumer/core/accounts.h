/* The accounts of a lane that are in memory, found by name or number. Slots do not move; what the
 * open batch has touched is pinned, anything else may be evicted for an account that is wanted. */
#ifndef TELLER_CORE_ACCOUNTS_H
#define TELLER_CORE_ACCOUNTS_H

#include <stdbool.h>
#include <stdint.h>

#include "consumer/core/rows.h"
#include "consumer/core/slot_index.h"

enum account_memory {
    ACCOUNT_UNUSED,  /* the slot is free */
    ACCOUNT_WANTED,  /* asked for, not answered yet */
    ACCOUNT_MISSING, /* the database has no such account, and nobody else can make one */
    ACCOUNT_KNOWN,   /* the row is the truth, uncommitted changes included */
};

struct account_slot {
    struct account row; /* row.id is set in every state but UNUSED */
    enum account_memory memory;
    bool recent;  /* second chance: used since the hand last passed */
    bool changed; /* by the open batch */
    bool is_new;  /* opened by the open batch */
    uint64_t pin; /* the batch that touched it last */
};

struct accounts {
    struct account_slot *slots;
    uint32_t capacity;
    uint32_t hand;  /* of the clock that looks for a victim */
    uint64_t batch; /* number of the open batch: its pins hold */
    struct slot_index by_id;
    struct slot_index by_number; /* KNOWN ones only */
};

/* False when out of memory. */
bool accounts_init(struct accounts *accounts, uint32_t capacity);
void accounts_close(struct accounts *accounts);
void accounts_clear(struct accounts *accounts);

/* A new batch: nothing is pinned. */
void accounts_next_batch(struct accounts *accounts);

/* The slot, pinned to the open batch, or NULL when the account is not in memory. */
struct account_slot *accounts_find(struct accounts *accounts, const struct ident *id);
struct account_slot *accounts_find_number(struct accounts *accounts, int64_t number);

/* A new slot for a name that is not in memory, WANTED and pinned; evicts if it must. At least one
 * slot must be unpinned. */
struct account_slot *accounts_want(struct accounts *accounts, const struct ident *id);

/* A row from the database: fills the WANTED slot, or a new one; a KNOWN one is left as it is. */
void accounts_put(struct accounts *accounts, const struct account *row);

/* The row of a MISSING slot begins to exist: it is KNOWN, and found by its number. */
void accounts_open(struct accounts *accounts, struct account_slot *slot);

#endif
