/* The accounts of a lane that are in memory, found by name or number (slot_table.h). */
#ifndef TELLER_CORE_ACCOUNTS_H
#define TELLER_CORE_ACCOUNTS_H

#include <stdbool.h>
#include <stdint.h>

#include "consumer/core/rows.h"
#include "consumer/core/slot_table.h"

struct account_slot {
    struct slot slot;
    struct account row; /* row.id is set in every state but UNUSED */
};

struct accounts {
    struct slot_table table;
    struct slot_index by_number; /* KNOWN ones only */
};

/* False when out of memory. */
bool accounts_init(struct accounts *accounts, uint32_t capacity, uint64_t seed);
void accounts_close(struct accounts *accounts);
void accounts_clear(struct accounts *accounts);

/* The slot, pinned to the open batch, or NULL when the account is not in memory. */
struct account_slot *accounts_find(struct accounts *accounts, const struct ident *id);
struct account_slot *accounts_find_number(struct accounts *accounts, int64_t number);

/* A new slot for a name that is not in memory, WANTED and pinned; evicts if it must. */
struct account_slot *accounts_want(struct accounts *accounts, const struct ident *id);

/* A row from the database: fills the WANTED slot, or a new one; a KNOWN one is left as it is. */
void accounts_put(struct accounts *accounts, const struct account *row);

/* The row of a slot begins to exist: it is KNOWN, and found by its number. */
void accounts_open(struct accounts *accounts, struct account_slot *slot);

#endif
