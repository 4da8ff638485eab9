#include "consumer/core/slot_table.h"

#include <stdlib.h>
#include <string.h>

#include "common/check.h"

bool slot_table_init(struct slot_table *table, uint32_t capacity, size_t size, uint64_t seed) {
    CHECK(size >= sizeof(struct slot));
    *table = (struct slot_table){.capacity = capacity, .size = size};
    table->slots = calloc(capacity, size);
    if (table->slots == NULL || !slot_index_init(&table->index, capacity, seed)) {
        slot_table_close(table);
        return false;
    }
    return true;
}

void slot_table_close(struct slot_table *table) {
    slot_index_close(&table->index);
    free(table->slots);
    table->slots = NULL;
}

void slot_table_clear(struct slot_table *table) {
    memset(table->slots, 0, table->capacity * table->size);
    slot_index_clear(&table->index);
    table->hand = 0;
    slot_table_next_batch(table);
}

void slot_table_next_batch(struct slot_table *table) {
    table->batch++;
    table->pinned = 0;
}

void *slot_table_at(const struct slot_table *table, uint32_t at) {
    CHECK(at < table->capacity);
    return table->slots + at * table->size;
}

void *slot_table_touch(struct slot_table *table, uint32_t at) {
    struct slot *slot = slot_table_at(table, at);
    if (slot->pin != table->batch) {
        table->pinned++;
    }
    slot->pin = table->batch;
    slot->recent = true;
    return slot;
}

/* Clock with a second chance: a free slot, or the first unpinned one not used since last time. */
uint32_t slot_table_take(struct slot_table *table) {
    for (uint64_t looked = 0; looked <= 2 * (uint64_t)table->capacity; looked++) {
        uint32_t at = table->hand;
        struct slot *slot = slot_table_at(table, at);
        table->hand = (at + 1) % table->capacity;
        if (slot->memory == SLOT_UNUSED) {
            return at;
        }
        if (slot->pin == table->batch) {
            continue;
        }
        if (slot->recent) {
            slot->recent = false;
            continue;
        }
        slot_index_remove(&table->index, slot->hash, at);
        return at;
    }
    CHECK(!"every row in memory is pinned");
    return SLOT_NONE;
}

void *slot_table_use(struct slot_table *table, uint32_t at, uint64_t hash) {
    struct slot *slot = slot_table_at(table, at);
    memset(slot, 0, table->size);
    slot->memory = SLOT_WANTED;
    slot->hash = hash;
    slot_index_add(&table->index, hash, at);
    return slot_table_touch(table, at);
}
