#include "tests/fakes/memory_store.h"

#include <stdlib.h>
#include <string.h>

#include "common/check.h"

/* Room for `count` elements of `size` bytes; grows by doubling. */
static void *grow(void *list, size_t count, size_t *room, size_t size) {
    if (count <= *room) {
        return list;
    }
    *room = 2 * count;
    void *grown = realloc(list, *room * size);
    CHECK(grown != NULL);
    return grown;
}

#define RESERVE(store, name, count)                                                                \
    ((store)->name = grow((store)->name, (count), &(store)->name##_room, sizeof *(store)->name))

#define APPEND(store, name, value)                                                                 \
    do {                                                                                           \
        RESERVE(store, name, (store)->name##_count + 1);                                           \
        (store)->name[(store)->name##_count++] = (value);                                          \
    } while (0)

#define COPY(store, other, name)                                                                   \
    do {                                                                                           \
        (store)->name##_count = (other)->name##_count;                                             \
        RESERVE(store, name, (other)->name##_count);                                               \
        if ((other)->name##_count > 0) {                                                           \
            memcpy((store)->name, (other)->name, (other)->name##_count * sizeof *(store)->name);   \
        }                                                                                          \
    } while (0)

void memory_store_init(struct memory_store *store, uint16_t lane) {
    *store = (struct memory_store){.accounts = NULL};
    memory_store_reset(store, lane);
}

void memory_store_reset(struct memory_store *store, uint16_t lane) {
    store->row = (struct lane_row){
        .lane = lane,
        .last_offset = -1,
        .rules = LANE_RULES,
        .next_number = 1,
        .next_seal = 1,
    };
    store->accounts_count = 0;
    store->holds_count = 0;
    store->journal_count = 0;
    store->texts_count = 0;
    store->systems_count = 0;
    store->quarantine_count = 0;
    store->products_count = 0;
    store->subscriptions_count = 0;
    store->buyers_count = 0;
}

void memory_store_close(struct memory_store *store) {
    free(store->accounts);
    free(store->holds);
    free(store->journal);
    free(store->texts);
    free(store->systems);
    free(store->quarantine);
    free(store->products);
    free(store->subscriptions);
    free(store->buyers);
    *store = (struct memory_store){.accounts = NULL};
}

void memory_store_copy(struct memory_store *store, const struct memory_store *other) {
    store->row = other->row;
    COPY(store, other, accounts);
    COPY(store, other, holds);
    COPY(store, other, journal);
    COPY(store, other, texts);
    COPY(store, other, systems);
    COPY(store, other, quarantine);
    COPY(store, other, products);
    COPY(store, other, subscriptions);
    COPY(store, other, buyers);
}

const struct lane_row *memory_store_take(struct memory_store *store, const struct uuid *owner) {
    store->row.owner = *owner;
    store->row.epoch++;
    return &store->row;
}

bool memory_store_holds(const struct memory_store *store, const struct lane_row *row) {
    return uuid_equal(&row->owner, &store->row.owner) && row->epoch == store->row.epoch &&
           row->next_offset == store->row.next_offset;
}

void memory_store_add_row(struct memory_store *store, const struct journal_row *row,
                          const struct memory_text *text) {
    APPEND(store, journal, *row);
    APPEND(store, texts, *text);
}

void memory_store_add_account(struct memory_store *store, const struct account *row) {
    APPEND(store, accounts, *row);
}

void memory_store_add_hold(struct memory_store *store, const struct hold *row) {
    APPEND(store, holds, *row);
}

void memory_store_add_product(struct memory_store *store, const struct product *row) {
    APPEND(store, products, *row);
}

void memory_store_add_subscription(struct memory_store *store, const struct subscription *row) {
    APPEND(store, subscriptions, *row);
}

void memory_store_add_buyer(struct memory_store *store, const struct buyer *row) {
    APPEND(store, buyers, *row);
}

void memory_store_add_system(struct memory_store *store, const struct system_change *change) {
    for (size_t i = 0; i < store->systems_count; i++) {
        struct system_change *old = &store->systems[i];
        if (old->role == change->role && asset_equal(&old->asset, &change->asset)) {
            old->delta += change->delta;
            return;
        }
    }
    APPEND(store, systems, *change);
}

static void write_journal(struct memory_store *store, const struct batch *batch) {
    for (size_t i = 0; i < batch->rows_count; i++) {
        const struct journal_row *row = &batch->rows[i];
        for (size_t j = 0; j < store->journal_count; j++) {
            CHECK(!journal_key_equal(&store->journal[j].entry.key, &row->entry.key));
        }
        struct memory_text text = {.account = {.len = 0}};
        if (row->account != NULL) {
            text.account = *row->account;
        }
        if (row->asset != NULL) {
            text.asset = *row->asset;
        }
        memory_store_add_row(store, row, &text);
    }
}

static void write_account(struct memory_store *store, const struct account_change *change) {
    const struct account *row = change->row;
    struct account *old = NULL;
    CHECK(row->held >= 0 && row->balance - row->held >= row->floor);
    for (size_t i = 0; i < store->accounts_count; i++) {
        if (ident_equal(&store->accounts[i].id, &row->id)) {
            old = &store->accounts[i];
        }
    }
    CHECK((old == NULL) == change->is_new);
    if (old != NULL) {
        *old = *row;
    } else {
        memory_store_add_account(store, row);
    }
}

static void write_hold(struct memory_store *store, const struct hold_change *change) {
    const struct hold *row = change->row;
    struct hold *old = NULL;
    for (size_t i = 0; i < store->holds_count; i++) {
        if (uuid_equal(&store->holds[i].id, &row->id)) {
            old = &store->holds[i];
        }
    }
    CHECK((old == NULL) == change->is_new);
    if (old != NULL) {
        *old = *row;
    } else {
        memory_store_add_hold(store, row);
    }
}

static void write_product(struct memory_store *store, const struct product_change *change) {
    const struct product *row = change->row;
    struct product *old = NULL;
    CHECK(row->stock >= 0 && row->sold >= 0 && row->subscribed >= 0);
    for (size_t i = 0; i < store->products_count; i++) {
        if (ident_equal(&store->products[i].id, &row->id)) {
            old = &store->products[i];
        }
    }
    CHECK((old == NULL) == change->is_new);
    if (old != NULL) {
        *old = *row;
    } else {
        memory_store_add_product(store, row);
    }
}

static void write_subscription(struct memory_store *store,
                               const struct subscription_change *change) {
    const struct subscription *row = change->row;
    struct subscription *old = NULL;
    for (size_t i = 0; i < store->subscriptions_count; i++) {
        struct subscription *other = &store->subscriptions[i];
        if (other->origin == row->origin && uuid_equal(&other->id, &row->id)) {
            old = other;
        }
    }
    CHECK((old == NULL) == change->is_new);
    if (old != NULL) {
        *old = *row;
    } else {
        memory_store_add_subscription(store, row);
    }
}

static void write_buyer(struct memory_store *store, const struct buyer_change *change) {
    const struct buyer *row = change->row;
    struct buyer *old = NULL;
    for (size_t i = 0; i < store->buyers_count; i++) {
        struct buyer *other = &store->buyers[i];
        if (other->product_number == row->product_number &&
            ident_equal(&other->account, &row->account)) {
            old = other;
        }
    }
    CHECK((old == NULL) == change->is_new);
    if (old != NULL) {
        *old = *row;
    } else {
        memory_store_add_buyer(store, row);
    }
}

static void write_sales(struct memory_store *store, const struct batch *batch) {
    for (size_t i = 0; i < batch->products_count; i++) {
        write_product(store, &batch->products[i]);
    }
    for (size_t i = 0; i < batch->subscriptions_count; i++) {
        write_subscription(store, &batch->subscriptions[i]);
    }
    for (size_t i = 0; i < batch->buyers_count; i++) {
        write_buyer(store, &batch->buyers[i]);
    }
}

static bool is_fenced(const struct memory_store *store, const struct batch *batch) {
    struct lane_row expected = batch->after;
    expected.next_offset = batch->old_offset;
    return !memory_store_holds(store, &expected);
}

/* The primary key of the table: a record is quarantined once. */
static void write_quarantine(struct memory_store *store, const struct quarantine_row *row) {
    for (size_t i = 0; i < store->quarantine_count; i++) {
        CHECK(store->quarantine[i].log_offset != row->log_offset);
    }
    APPEND(store, quarantine, *row);
}

bool memory_store_commit(struct memory_store *store, const struct batch *batch) {
    if (is_fenced(store, batch)) {
        return false;
    }
    write_journal(store, batch);
    for (size_t i = 0; i < batch->accounts_count; i++) {
        write_account(store, &batch->accounts[i]);
    }
    for (size_t i = 0; i < batch->holds_count; i++) {
        write_hold(store, &batch->holds[i]);
    }
    write_sales(store, batch);
    for (size_t i = 0; i < batch->systems_count; i++) {
        memory_store_add_system(store, &batch->systems[i]);
    }
    for (size_t i = 0; i < batch->quarantine_count; i++) {
        write_quarantine(store, &batch->quarantine[i]);
    }
    CHECK(batch->after.next_offset >= batch->old_offset);
    store->row = batch->after;
    return true;
}
