#include "consumer/core/holds.h"

struct hold_slot *holds_find(struct slot_table *holds, const struct uuid *id) {
    struct slot_probe probe;
    for (uint32_t s = slot_index_first(&holds->index, uuid_hash(id, holds->index.seed), &probe);
         s != SLOT_NONE; s = slot_index_next(&holds->index, &probe)) {
        const struct hold_slot *slot = slot_table_at(holds, s);
        if (uuid_equal(&slot->row.id, id)) {
            return slot_table_touch(holds, s);
        }
    }
    return NULL;
}

struct hold_slot *holds_want(struct slot_table *holds, const struct uuid *id) {
    struct hold_slot *slot =
        slot_table_use(holds, slot_table_take(holds), uuid_hash(id, holds->index.seed));
    slot->row.id = *id;
    return slot;
}

void holds_put(struct slot_table *holds, const struct hold *row) {
    struct hold_slot *slot = holds_find(holds, &row->id);
    if (slot == NULL) {
        slot = holds_want(holds, &row->id);
    }
    if (slot->slot.memory == SLOT_WANTED) {
        slot->row = *row;
        slot->slot.memory = SLOT_KNOWN;
    }
}
