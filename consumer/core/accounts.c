#include "consumer/core/accounts.h"

#include "common/check.h"

/* Numbers are ours, and rise: nobody chooses them. */
static uint64_t number_hash(int64_t number) {
    return (uint64_t)number * 0x9e3779b97f4a7c15u;
}

static struct account_slot *slot_at(const struct accounts *accounts, uint32_t at) {
    return slot_table_at(&accounts->table, at);
}

bool accounts_init(struct accounts *accounts, uint32_t capacity, uint64_t seed) {
    *accounts = (struct accounts){.by_number = {.cells = NULL}};
    if (slot_table_init(&accounts->table, capacity, sizeof(struct account_slot), seed) &&
        slot_index_init(&accounts->by_number, capacity, 0)) {
        return true;
    }
    accounts_close(accounts);
    return false;
}

void accounts_close(struct accounts *accounts) {
    slot_table_close(&accounts->table);
    slot_index_close(&accounts->by_number);
}

void accounts_clear(struct accounts *accounts) {
    slot_table_clear(&accounts->table);
    slot_index_clear(&accounts->by_number);
}

struct account_slot *accounts_find(struct accounts *accounts, const struct ident *id) {
    struct slot_probe probe;
    const struct slot_index *index = &accounts->table.index;
    for (uint32_t s = slot_index_first(index, ident_hash(id, index->seed), &probe); s != SLOT_NONE;
         s = slot_index_next(index, &probe)) {
        if (ident_equal(&slot_at(accounts, s)->row.id, id)) {
            return slot_table_touch(&accounts->table, s);
        }
    }
    return NULL;
}

struct account_slot *accounts_find_number(struct accounts *accounts, int64_t number) {
    struct slot_probe probe;
    const struct slot_index *index = &accounts->by_number;
    for (uint32_t s = slot_index_first(index, number_hash(number), &probe); s != SLOT_NONE;
         s = slot_index_next(index, &probe)) {
        if (slot_at(accounts, s)->row.number == number) {
            return slot_table_touch(&accounts->table, s);
        }
    }
    return NULL;
}

struct account_slot *accounts_want(struct accounts *accounts, const struct ident *id) {
    uint32_t at = slot_table_take(&accounts->table);
    const struct account_slot *old = slot_at(accounts, at);
    if (old->slot.memory == SLOT_KNOWN) {
        slot_index_remove(&accounts->by_number, number_hash(old->row.number), at);
    }
    uint64_t hash = ident_hash(id, accounts->table.index.seed);
    struct account_slot *slot = slot_table_use(&accounts->table, at, hash);
    slot->row.id = *id;
    return slot;
}

void accounts_put(struct accounts *accounts, const struct account *row) {
    struct account_slot *slot = accounts_find(accounts, &row->id);
    if (slot == NULL) {
        slot = accounts_want(accounts, &row->id);
    }
    if (slot->slot.memory == SLOT_KNOWN) {
        return;
    }
    CHECK(slot->slot.memory == SLOT_WANTED);
    slot->row = *row;
    accounts_open(accounts, slot);
}

void accounts_open(struct accounts *accounts, struct account_slot *slot) {
    CHECK(slot->slot.memory == SLOT_WANTED || slot->slot.memory == SLOT_MISSING);
    slot->slot.memory = SLOT_KNOWN;
    size_t offset = (size_t)((unsigned char *)slot - accounts->table.slots);
    slot_index_add(&accounts->by_number, number_hash(slot->row.number),
                   (uint32_t)(offset / accounts->table.size));
}
