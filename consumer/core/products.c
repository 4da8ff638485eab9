#include "consumer/core/products.h"

struct product_slot *products_find(struct slot_table *products, const struct ident *id) {
    struct slot_probe probe;
    for (uint32_t s =
             slot_index_first(&products->index, ident_hash(id, products->index.seed), &probe);
         s != SLOT_NONE; s = slot_index_next(&products->index, &probe)) {
        const struct product_slot *slot = slot_table_at(products, s);
        if (ident_equal(&slot->row.id, id)) {
            return slot_table_touch(products, s);
        }
    }
    return NULL;
}

struct product_slot *products_want(struct slot_table *products, const struct ident *id) {
    struct product_slot *slot =
        slot_table_use(products, slot_table_take(products), ident_hash(id, products->index.seed));
    slot->row.id = *id;
    return slot;
}

void products_put(struct slot_table *products, const struct product *row) {
    struct product_slot *slot = products_find(products, &row->id);
    if (slot == NULL) {
        slot = products_want(products, &row->id);
    }
    if (slot->slot.memory == SLOT_WANTED) {
        slot->row = *row;
        slot->slot.memory = SLOT_KNOWN;
    }
}
