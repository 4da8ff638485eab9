/* Rows in memory: a fixed array of slots, found by hash, that gives up what was not used lately
 * when room is wanted. Slots do not move; what the open batch has touched is pinned.
 *
 * The table knows no row: a slot is a struct that begins with struct slot. Whoever looks up
 * walks the candidates of a hash and compares rows (slot_index.h). */
#ifndef TELLER_CORE_SLOT_TABLE_H
#define TELLER_CORE_SLOT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "consumer/core/slot_index.h"

enum slot_memory {
    SLOT_UNUSED,
    SLOT_WANTED,  /* asked for, not answered yet */
    SLOT_MISSING, /* the database has no such row, and nobody else can make one */
    SLOT_KNOWN,   /* the row is the truth, uncommitted changes included */
};

struct slot {
    enum slot_memory memory;
    bool recent;  /* second chance: used since the hand last passed */
    bool changed; /* by the open batch */
    bool is_new;  /* made by the open batch */
    uint64_t pin; /* the batch that touched it last */
    uint64_t hash;
};

struct slot_table {
    unsigned char *slots;
    size_t size; /* bytes of one slot */
    uint32_t capacity;
    uint32_t hand;   /* of the clock that looks for a victim */
    uint64_t batch;  /* number of the open batch: its pins hold */
    uint32_t pinned; /* slots that the open batch has touched */
    struct slot_index index;
};

/* Slots of `size` bytes, hashed with the seed. False when out of memory. */
bool slot_table_init(struct slot_table *table, uint32_t capacity, size_t size, uint64_t seed);
void slot_table_close(struct slot_table *table);
void slot_table_clear(struct slot_table *table);

/* A new batch: nothing is pinned. */
void slot_table_next_batch(struct slot_table *table);

void *slot_table_at(const struct slot_table *table, uint32_t at);

/* Pins the slot to the open batch. Returns it. */
void *slot_table_touch(struct slot_table *table, uint32_t at);

/* A slot for a row that is not in memory: free, or evicted and no longer found; its old content is
 * still there to be looked at, and slot_table_use overwrites it. At least one slot is unpinned. */
uint32_t slot_table_take(struct slot_table *table);

/* Zeroes the slot and makes it WANTED, found by that hash, and pinned. Returns it. */
void *slot_table_use(struct slot_table *table, uint32_t at, uint64_t hash);

#endif
