#include "consumer/core/subscriptions.h"

struct subscription_slot *subscriptions_find(struct slot_table *subscriptions,
                                             const struct subscription_key *key) {
    struct slot_probe probe;
    for (uint32_t s = slot_index_first(&subscriptions->index,
                                       uuid_hash(&key->id, subscriptions->index.seed), &probe);
         s != SLOT_NONE; s = slot_index_next(&subscriptions->index, &probe)) {
        const struct subscription_slot *slot = slot_table_at(subscriptions, s);
        if (slot->row.origin == key->origin && uuid_equal(&slot->row.id, &key->id)) {
            return slot_table_touch(subscriptions, s);
        }
    }
    return NULL;
}

struct subscription_slot *subscriptions_want(struct slot_table *subscriptions,
                                             const struct subscription_key *key) {
    struct subscription_slot *slot = slot_table_use(subscriptions, slot_table_take(subscriptions),
                                                    uuid_hash(&key->id, subscriptions->index.seed));
    slot->row.id = key->id;
    slot->row.origin = key->origin;
    return slot;
}

void subscriptions_put(struct slot_table *subscriptions, const struct subscription *row) {
    struct subscription_key key = {row->id, row->origin};
    struct subscription_slot *slot = subscriptions_find(subscriptions, &key);
    if (slot == NULL) {
        slot = subscriptions_want(subscriptions, &key);
    }
    if (slot->slot.memory == SLOT_WANTED) {
        slot->row = *row;
        slot->slot.memory = SLOT_KNOWN;
    }
}
