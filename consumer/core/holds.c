#include "consumer/core/holds.h"

#include <stdlib.h>
#include <string.h>

#include "common/check.h"

bool holds_init(struct holds *holds, uint32_t capacity) {
    *holds = (struct holds){.capacity = capacity};
    holds->slots = calloc(capacity, sizeof *holds->slots);
    if (holds->slots == NULL || !slot_index_init(&holds->by_id, capacity)) {
        holds_close(holds);
        return false;
    }
    return true;
}

void holds_close(struct holds *holds) {
    slot_index_close(&holds->by_id);
    free(holds->slots);
    holds->slots = NULL;
}

void holds_clear(struct holds *holds) {
    memset(holds->slots, 0, holds->capacity * sizeof *holds->slots);
    slot_index_clear(&holds->by_id);
    holds->hand = 0;
    holds_next_batch(holds);
}

void holds_next_batch(struct holds *holds) {
    holds->batch++;
    holds->pinned = 0;
}

static struct hold_slot *pin(struct holds *holds, struct hold_slot *slot) {
    if (slot->pin != holds->batch)
        holds->pinned++;
    slot->pin = holds->batch;
    return slot;
}

struct hold_slot *holds_find(struct holds *holds, const struct uuid *id) {
    struct slot_probe probe;
    for (uint32_t s = slot_index_first(&holds->by_id, uuid_hash(id), &probe); s != SLOT_NONE;
         s = slot_index_next(&holds->by_id, &probe)) {
        struct hold_slot *slot = &holds->slots[s];
        if (uuid_equal(&slot->row.id, id))
            return pin(holds, slot);
    }
    return NULL;
}

/* Holds are used twice in their life, so the oldest unpinned one is as good a victim as any. */
static uint32_t take_slot(struct holds *holds) {
    for (uint32_t looked = 0; looked < holds->capacity; looked++) {
        uint32_t at = holds->hand;
        struct hold_slot *slot = &holds->slots[at];
        holds->hand = (at + 1) % holds->capacity;
        if (slot->memory == HOLD_UNUSED)
            return at;
        if (slot->pin != holds->batch) {
            slot_index_remove(&holds->by_id, uuid_hash(&slot->row.id), at);
            return at;
        }
    }
    CHECK(!"every hold in memory is pinned");
    return SLOT_NONE;
}

struct hold_slot *holds_want(struct holds *holds, const struct uuid *id) {
    uint32_t at = take_slot(holds);
    struct hold_slot *slot = &holds->slots[at];
    *slot = (struct hold_slot){.memory = HOLD_WANTED};
    slot->row.id = *id;
    slot_index_add(&holds->by_id, uuid_hash(id), at);
    return pin(holds, slot);
}

void holds_put(struct holds *holds, const struct hold *row) {
    struct hold_slot *slot = holds_find(holds, &row->id);
    if (slot == NULL)
        slot = holds_want(holds, &row->id);
    if (slot->memory != HOLD_WANTED)
        return;
    slot->row = *row;
    slot->memory = HOLD_KNOWN;
}
