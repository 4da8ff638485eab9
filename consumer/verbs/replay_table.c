#include "consumer/verbs/replay_table.h"

#include <stdlib.h>
#include <string.h>

#include "common/check.h"

#define FIRST_ROOM 256

void replay_table_init(struct replay_table *table, size_t row_size) {
    *table = (struct replay_table){.row_size = row_size};
    CHECK(slot_index_init(&table->index, FIRST_ROOM, 0));
}

void replay_table_close(struct replay_table *table) {
    slot_index_close(&table->index);
    free(table->rows);
    free(table->hashes);
    *table = (struct replay_table){.rows = NULL};
}

static void grow(struct replay_table *table) {
    CHECK(table->room < UINT32_MAX / 4);
    table->room = table->room == 0 ? FIRST_ROOM : 2 * table->room;
    table->rows = realloc(table->rows, table->room * table->row_size);
    table->hashes = realloc(table->hashes, table->room * sizeof *table->hashes);
    slot_index_close(&table->index);
    CHECK(table->rows != NULL && table->hashes != NULL &&
          slot_index_init(&table->index, table->room, 0));
    for (uint32_t i = 0; i < table->count; i++) {
        slot_index_add(&table->index, table->hashes[i], i);
    }
}

void *replay_table_at(const struct replay_table *table, uint32_t index) {
    CHECK(index < table->count);
    return table->rows + index * table->row_size;
}

void *replay_table_add(struct replay_table *table, uint64_t hash, const void *row) {
    if (table->count == table->room) {
        grow(table);
    }
    const uint32_t place = table->count++;
    table->hashes[place] = hash;
    slot_index_add(&table->index, hash, place);
    return memcpy(replay_table_at(table, place), row, table->row_size);
}

void replay_table_put(struct replay_table *table, void *old, uint64_t hash, const void *row) {
    if (old != NULL) {
        memcpy(old, row, table->row_size);
    } else {
        (void)replay_table_add(table, hash, row);
    }
}

static void *row_at(const struct replay_table *table, uint32_t slot) {
    return slot == SLOT_NONE ? NULL : replay_table_at(table, slot);
}

void *replay_table_first(const struct replay_table *table, uint64_t hash,
                         struct slot_probe *probe) {
    return row_at(table, slot_index_first(&table->index, hash, probe));
}

void *replay_table_next(const struct replay_table *table, struct slot_probe *probe) {
    return row_at(table, slot_index_next(&table->index, probe));
}
