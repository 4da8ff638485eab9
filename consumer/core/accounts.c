#include "consumer/core/accounts.h"

#include <stdlib.h>
#include <string.h>

#include "common/check.h"

static uint64_t number_hash(int64_t number) {
    return (uint64_t)number * 0x9e3779b97f4a7c15u;
}

bool accounts_init(struct accounts *accounts, uint32_t capacity) {
    *accounts = (struct accounts){.capacity = capacity};
    accounts->slots = calloc(capacity, sizeof *accounts->slots);
    if (accounts->slots == NULL || !slot_index_init(&accounts->by_id, capacity) ||
        !slot_index_init(&accounts->by_number, capacity)) {
        accounts_close(accounts);
        return false;
    }
    return true;
}

void accounts_close(struct accounts *accounts) {
    slot_index_close(&accounts->by_id);
    slot_index_close(&accounts->by_number);
    free(accounts->slots);
    accounts->slots = NULL;
}

void accounts_clear(struct accounts *accounts) {
    memset(accounts->slots, 0, accounts->capacity * sizeof *accounts->slots);
    slot_index_clear(&accounts->by_id);
    slot_index_clear(&accounts->by_number);
    accounts->hand = 0;
    accounts_next_batch(accounts);
}

void accounts_next_batch(struct accounts *accounts) {
    accounts->batch++;
}

static struct account_slot *touch(struct accounts *accounts, uint32_t at) {
    struct account_slot *slot = &accounts->slots[at];
    slot->pin = accounts->batch;
    slot->recent = true;
    return slot;
}

struct account_slot *accounts_find(struct accounts *accounts, const struct ident *id) {
    struct slot_probe probe;
    for (uint32_t s = slot_index_first(&accounts->by_id, ident_hash(id), &probe); s != SLOT_NONE;
         s = slot_index_next(&accounts->by_id, &probe))
        if (ident_equal(&accounts->slots[s].row.id, id))
            return touch(accounts, s);
    return NULL;
}

struct account_slot *accounts_find_number(struct accounts *accounts, int64_t number) {
    struct slot_probe probe;
    uint64_t hash = number_hash(number);
    for (uint32_t s = slot_index_first(&accounts->by_number, hash, &probe); s != SLOT_NONE;
         s = slot_index_next(&accounts->by_number, &probe))
        if (accounts->slots[s].row.number == number)
            return touch(accounts, s);
    return NULL;
}

static void evict(struct accounts *accounts, uint32_t at) {
    struct account_slot *slot = &accounts->slots[at];
    slot_index_remove(&accounts->by_id, ident_hash(&slot->row.id), at);
    if (slot->memory == ACCOUNT_KNOWN)
        slot_index_remove(&accounts->by_number, number_hash(slot->row.number), at);
}

/* Clock with a second chance: a free slot, or the first unpinned one not used since last time. */
static uint32_t take_slot(struct accounts *accounts) {
    for (uint64_t looked = 0; looked <= 2 * (uint64_t)accounts->capacity; looked++) {
        uint32_t at = accounts->hand;
        struct account_slot *slot = &accounts->slots[at];
        accounts->hand = (at + 1) % accounts->capacity;
        if (slot->memory == ACCOUNT_UNUSED)
            return at;
        if (slot->pin == accounts->batch)
            continue;
        if (slot->recent) {
            slot->recent = false;
            continue;
        }
        evict(accounts, at);
        return at;
    }
    CHECK(!"every account in memory is pinned");
    return SLOT_NONE;
}

struct account_slot *accounts_want(struct accounts *accounts, const struct ident *id) {
    uint32_t at = take_slot(accounts);
    struct account_slot *slot = &accounts->slots[at];
    *slot = (struct account_slot){.memory = ACCOUNT_WANTED};
    slot->row.id = *id;
    slot_index_add(&accounts->by_id, ident_hash(id), at);
    return touch(accounts, at);
}

void accounts_put(struct accounts *accounts, const struct account *row) {
    struct account_slot *slot = accounts_find(accounts, &row->id);
    if (slot == NULL)
        slot = accounts_want(accounts, &row->id);
    if (slot->memory == ACCOUNT_KNOWN)
        return;
    CHECK(slot->memory == ACCOUNT_WANTED);
    slot->row = *row;
    accounts_open(accounts, slot);
}

void accounts_open(struct accounts *accounts, struct account_slot *slot) {
    CHECK(slot->memory != ACCOUNT_KNOWN && slot->memory != ACCOUNT_UNUSED);
    slot->memory = ACCOUNT_KNOWN;
    slot_index_add(&accounts->by_number, number_hash(slot->row.number),
                   (uint32_t)(slot - accounts->slots));
}
