/* A growing list of rows of one size, found by hash. Rows stay in the order in which they came;
 * pointers to them hold until the next one is added. Aborts when out of memory. */
#ifndef TELLER_VERBS_REPLAY_TABLE_H
#define TELLER_VERBS_REPLAY_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "consumer/core/slot_index.h"

struct replay_table {
    size_t row_size;
    uint8_t *rows;
    uint64_t *hashes;
    uint32_t count;
    uint32_t room;
    struct slot_index index;
};

void replay_table_init(struct replay_table *table, size_t row_size);
void replay_table_close(struct replay_table *table);

/* The row's place, a copy of *row. */
void *replay_table_add(struct replay_table *table, uint64_t hash, const void *row);
/* Over the old row, or as a new one where `old` is NULL. */
void replay_table_put(struct replay_table *table, void *old, uint64_t hash, const void *row);
void *replay_table_at(const struct replay_table *table, uint32_t index);

/* Rows with that hash, and maybe others: the caller compares. NULL ends them. */
void *replay_table_first(const struct replay_table *table, uint64_t hash, struct slot_probe *probe);
void *replay_table_next(const struct replay_table *table, struct slot_probe *probe);

#endif
