#include "consumer/core/allotment.h"

#include <stdlib.h>

#include "common/check.h"
#include "common/money.h"

void allotment_close(struct allotment *allotment) {
    free(allotment->shares);
    *allotment = (struct allotment){.shares = NULL};
}

void allotment_begin(struct allotment *allotment, int64_t product_number) {
    allotment->product_number = product_number;
    allotment->count = 0;
}

static void grow_shares(struct allotment *allotment) {
    size_t capacity = allotment->capacity == 0 ? 1024 : 2 * allotment->capacity;
    struct share *grown = realloc(allotment->shares, capacity * sizeof *grown);
    CHECK(grown != NULL);
    allotment->shares = grown;
    allotment->capacity = capacity;
}

void allotment_add(struct allotment *allotment, int64_t number, int64_t quantity) {
    if (allotment->count == allotment->capacity) {
        grow_shares(allotment);
    }
    allotment->shares[allotment->count++] = (struct share){.number = number, .quantity = quantity};
}

static int compare_claims(const void *a, const void *b) {
    const struct share *first = a;
    const struct share *second = b;
    if (first->remainder != second->remainder) {
        return first->remainder > second->remainder ? -1 : 1;
    }
    return first->number < second->number ? -1 : first->number > second->number;
}

struct allotment_limit allotment_find_limit(struct allotment *allotment, int64_t units,
                                            int64_t total) {
    CHECK(units >= 0 && units <= total);
    money_wide left = units;
    for (size_t i = 0; i < allotment->count; i++) {
        struct share *share = &allotment->shares[i];
        money_wide product = (money_wide)share->quantity * units;
        left -= product / total;
        share->remainder = (int64_t)(product % total);
    }
    CHECK(left >= 0 && left <= (money_wide)allotment->count);
    if (left == 0) {
        return (struct allotment_limit){.remainder = total, .number = 0}; /* above every one */
    }
    qsort(allotment->shares, allotment->count, sizeof *allotment->shares, compare_claims);
    const struct share *last = &allotment->shares[left - 1];
    return (struct allotment_limit){.remainder = last->remainder, .number = last->number};
}

int64_t allotment_share(int64_t quantity, int64_t number, int64_t units, int64_t total,
                        const struct allotment_limit *limit) {
    money_wide product = (money_wide)quantity * units;
    int64_t remainder = (int64_t)(product % total);
    bool more =
        remainder > limit->remainder || (remainder == limit->remainder && number <= limit->number);
    return (int64_t)(product / total) + (more ? 1 : 0);
}

/* Keeps the list in order, and no longer than a chunk. */
static void insert(struct chunk *chunk, struct subscription_slot *slot) {
    size_t at = chunk->count;
    while (at > 0 && chunk->slots[at - 1]->row.number > slot->row.number) {
        at--;
    }
    if (at == WANTS_CHUNK_MAX) {
        return;
    }
    size_t last = chunk->count < WANTS_CHUNK_MAX ? chunk->count++ : WANTS_CHUNK_MAX - 1;
    for (size_t i = last; i > at; i--) {
        chunk->slots[i] = chunk->slots[i - 1];
    }
    chunk->slots[at] = slot;
}

void chunk_collect(struct chunk *chunk, struct slot_table *subscriptions) {
    chunk->count = 0;
    for (uint32_t i = 0; i < subscriptions->capacity; i++) {
        struct subscription_slot *slot = slot_table_at(subscriptions, i);
        if (slot->slot.memory == SLOT_KNOWN && slot->row.product_number == chunk->product_number &&
            slot->row.number > chunk->after) {
            insert(chunk, slot);
        }
    }
    for (size_t i = 0; i < chunk->count; i++) {
        const struct subscription *row = &chunk->slots[i]->row;
        (void)subscriptions_find(subscriptions, &(struct subscription_key){row->id, row->origin});
    }
}
