/* What the store answers. Lists are walked and sorted anew for every question. */
#include <stdlib.h>

#include "common/check.h"
#include "tests/fakes/memory_store.h"

static int compare_keys(const void *a, const void *b) {
    return uuid_compare(&(*(const struct entry *const *)b)->key.id,
                        &(*(const struct entry *const *)a)->key.id);
}

/* The newest keys first, as many as the lane has room for. */
static bool put_keys(const struct memory_store *store, struct lane *lane) {
    const struct entry **sorted = malloc((store->journal_count + 1) * sizeof *sorted);
    CHECK(sorted != NULL);
    struct uuid upper = lane_fence_upper(lane);
    size_t count = 0;
    for (size_t i = 0; i < store->journal_count; i++) {
        if (uuid_compare(&store->journal[i].entry.key.id, &upper) <= 0) {
            sorted[count++] = &store->journal[i].entry;
        }
    }
    qsort(sorted, count, sizeof *sorted, compare_keys);
    size_t put = count < lane_fence_room(lane) ? count : lane_fence_room(lane);
    for (size_t i = 0; i < put; i++) {
        lane_put_start_key(lane, &sorted[i]->key);
    }
    free(sorted);
    return put == count;
}

static int64_t next_due_after(const struct memory_store *store, int64_t ms) {
    int64_t next = HOLD_NEVER;
    for (size_t i = 0; i < store->holds_count; i++) {
        const struct hold *hold = &store->holds[i];
        if (hold->state == HOLD_OPEN && hold->expires_at_ms > ms && hold->expires_at_ms < next) {
            next = hold->expires_at_ms;
        }
    }
    return next;
}

void memory_store_start(const struct memory_store *store, struct lane *lane) {
    lane_put_start_due(lane, next_due_after(store, INT64_MIN));
    bool complete = put_keys(store, lane);
    lane_started(lane, complete);
}

static const struct account *find_account(const struct memory_store *store, const struct ident *id,
                                          int64_t number) {
    for (size_t i = 0; i < store->accounts_count; i++) {
        const struct account *row = &store->accounts[i];
        if (id == NULL ? row->number == number : ident_equal(&row->id, id)) {
            return row;
        }
    }
    return NULL;
}

static void put_accounts(const struct memory_store *store, struct lane *lane,
                         const struct wants *wants) {
    for (size_t i = 0; i < wants->accounts_count; i++) {
        const struct account *row = find_account(store, &wants->accounts[i], 0);
        if (row != NULL) {
            lane_put_account(lane, row);
        }
    }
    for (size_t i = 0; i < wants->numbers_count; i++) {
        const struct account *row = find_account(store, NULL, wants->numbers[i]);
        CHECK(row != NULL);
        lane_put_account(lane, row);
    }
}

static int compare_due(const void *a, const void *b) {
    const struct hold *first = *(const struct hold *const *)a;
    const struct hold *second = *(const struct hold *const *)b;
    if (first->expires_at_ms != second->expires_at_ms) {
        return first->expires_at_ms < second->expires_at_ms ? -1 : 1;
    }
    return uuid_compare(&first->id, &second->id);
}

static void put_due(const struct memory_store *store, struct lane *lane, int64_t due_ms) {
    const struct hold **due = malloc((store->holds_count + 1) * sizeof *due);
    CHECK(due != NULL);
    size_t count = 0;
    for (size_t i = 0; i < store->holds_count; i++) {
        if (store->holds[i].state == HOLD_OPEN && store->holds[i].expires_at_ms <= due_ms) {
            due[count++] = &store->holds[i];
        }
    }
    qsort(due, count, sizeof *due, compare_due);
    for (size_t i = 0; i < count && i < WANTS_DUE_MAX; i++) {
        lane_put_hold(lane, due[i]);
    }
    lane_put_next_due(lane, next_due_after(store, due_ms));
    free(due);
}

static void put_holds(const struct memory_store *store, struct lane *lane,
                      const struct wants *wants) {
    for (size_t i = 0; i < store->holds_count; i++) {
        for (size_t j = 0; j < wants->holds_count; j++) {
            if (uuid_equal(&store->holds[i].id, &wants->holds[j])) {
                lane_put_hold(lane, &store->holds[i]);
            }
        }
    }
    if (wants->due) {
        put_due(store, lane, wants->due_ms);
    }
}

static void put_reversed(const struct memory_store *store, struct lane *lane,
                         const struct reversed *of) {
    int rows = 0;
    for (size_t i = 0; i < store->journal_count; i++) {
        const struct entry *entry = &store->journal[i].entry;
        bool is_of =
            uuid_equal(&entry->key.id, &of->id) && entry->account_number == of->account_number;
        if (is_of && (entry->key.step == STEP_REVERSAL || rows++ < WANTS_ROWS_PER_REVERSED)) {
            lane_put_entry(lane, entry);
        }
    }
}

static void put_entries(const struct memory_store *store, struct lane *lane,
                        const struct wants *wants) {
    for (size_t j = 0; j < store->journal_count; j++) {
        const struct entry *entry = &store->journal[j].entry;
        for (size_t i = 0; i < wants->keys_count; i++) {
            if (journal_key_equal(&entry->key, &wants->keys[i])) {
                lane_put_entry(lane, entry);
            }
        }
    }
    for (size_t i = 0; i < wants->reversed_count; i++) {
        put_reversed(store, lane, &wants->reversed[i]);
    }
}

static void put_products(const struct memory_store *store, struct lane *lane,
                         const struct wants *wants) {
    for (size_t i = 0; i < store->products_count; i++) {
        for (size_t j = 0; j < wants->products_count; j++) {
            if (ident_equal(&store->products[i].id, &wants->products[j])) {
                lane_put_product(lane, &store->products[i]);
            }
        }
    }
}

static int compare_numbers(const void *a, const void *b) {
    const struct subscription *first = *(const struct subscription *const *)a;
    const struct subscription *second = *(const struct subscription *const *)b;
    return first->number < second->number ? -1 : first->number > second->number;
}

static void put_chunk(const struct memory_store *store, struct lane *lane, int64_t product,
                      int64_t after) {
    const struct subscription **chunk = malloc((store->subscriptions_count + 1) * sizeof *chunk);
    CHECK(chunk != NULL);
    size_t count = 0;
    for (size_t i = 0; i < store->subscriptions_count; i++) {
        const struct subscription *row = &store->subscriptions[i];
        if (row->product_number == product && row->number > after) {
            chunk[count++] = row;
        }
    }
    qsort(chunk, count, sizeof *chunk, compare_numbers);
    for (size_t i = 0; i < count && i < WANTS_CHUNK_MAX; i++) {
        lane_put_subscription(lane, chunk[i]);
    }
    free(chunk);
}

static void put_subscriptions(const struct memory_store *store, struct lane *lane,
                              const struct wants *wants) {
    for (size_t i = 0; i < store->subscriptions_count; i++) {
        const struct subscription *row = &store->subscriptions[i];
        for (size_t j = 0; j < wants->subscriptions_count; j++) {
            const struct subscription_key *key = &wants->subscriptions[j];
            if (row->origin == key->origin && uuid_equal(&row->id, &key->id)) {
                lane_put_subscription(lane, row);
            }
        }
        if (row->product_number == wants->shares_of && row->state == SUBSCRIPTION_OPEN) {
            lane_put_share(lane, row->number, row->quantity);
        }
    }
    if (wants->chunk_of != 0) {
        put_chunk(store, lane, wants->chunk_of, wants->chunk_after);
    }
}

static void put_buyers(const struct memory_store *store, struct lane *lane,
                       const struct wants *wants) {
    for (size_t i = 0; i < store->buyers_count; i++) {
        const struct buyer *row = &store->buyers[i];
        for (size_t j = 0; j < wants->buyers_count; j++) {
            if (row->product_number == wants->buyers[j].product_number &&
                ident_equal(&row->account, &wants->buyers[j].account)) {
                lane_put_buyer(lane, row);
            }
        }
    }
}

void memory_store_load(const struct memory_store *store, struct lane *lane) {
    const struct wants *wants = lane_wants(lane);
    put_accounts(store, lane, wants);
    put_holds(store, lane, wants);
    put_entries(store, lane, wants);
    put_products(store, lane, wants);
    put_subscriptions(store, lane, wants);
    put_buyers(store, lane, wants);
    lane_loaded(lane);
}
