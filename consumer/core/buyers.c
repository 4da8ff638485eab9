#include "consumer/core/buyers.h"

static uint64_t key_hash(const struct buyer_key *key, uint64_t seed) {
    return ident_hash(&key->account, seed) ^ ((uint64_t)key->product_number * 0x9e3779b97f4a7c15u);
}

struct buyer_slot *buyers_find(struct slot_table *buyers, const struct buyer_key *key) {
    struct slot_probe probe;
    for (uint32_t s = slot_index_first(&buyers->index, key_hash(key, buyers->index.seed), &probe);
         s != SLOT_NONE; s = slot_index_next(&buyers->index, &probe)) {
        const struct buyer_slot *slot = slot_table_at(buyers, s);
        if (slot->row.product_number == key->product_number &&
            ident_equal(&slot->row.account, &key->account)) {
            return slot_table_touch(buyers, s);
        }
    }
    return NULL;
}

struct buyer_slot *buyers_want(struct slot_table *buyers, const struct buyer_key *key) {
    struct buyer_slot *slot =
        slot_table_use(buyers, slot_table_take(buyers), key_hash(key, buyers->index.seed));
    slot->row.product_number = key->product_number;
    slot->row.account = key->account;
    return slot;
}

void buyers_put(struct slot_table *buyers, const struct buyer *row) {
    struct buyer_key key = {row->product_number, row->account};
    struct buyer_slot *slot = buyers_find(buyers, &key);
    if (slot == NULL) {
        slot = buyers_want(buyers, &key);
    }
    if (slot->slot.memory == SLOT_WANTED) {
        slot->row = *row;
        slot->slot.memory = SLOT_KNOWN;
    }
}
