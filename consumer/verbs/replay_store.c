#include "consumer/verbs/replay_store.h"

#include "common/check.h"

void replay_store_init(struct replay_store *store) {
    replay_table_init(&store->accounts, sizeof(struct account));
    replay_table_init(&store->numbers, sizeof(uint32_t));
    replay_table_init(&store->entries, sizeof(struct entry));
    replay_table_init(&store->holds, sizeof(struct hold));
    replay_table_init(&store->products, sizeof(struct product));
    replay_table_init(&store->subscriptions, sizeof(struct subscription));
    replay_table_init(&store->buyers, sizeof(struct buyer));
    replay_table_init(&store->systems, sizeof(struct system_change));
}

void replay_store_close(struct replay_store *store) {
    replay_table_close(&store->accounts);
    replay_table_close(&store->numbers);
    replay_table_close(&store->entries);
    replay_table_close(&store->holds);
    replay_table_close(&store->products);
    replay_table_close(&store->subscriptions);
    replay_table_close(&store->buyers);
    replay_table_close(&store->systems);
}

static uint64_t hash_number(int64_t number) {
    return (uint64_t)number * UINT64_C(0x9e3779b97f4a7c15);
}

/* ---- rows by their keys ---- */

struct account *replay_store_account(const struct replay_store *store, const struct ident *id) {
    struct slot_probe probe;
    struct account *row = replay_table_first(&store->accounts, ident_hash(id, 0), &probe);
    while (row != NULL && !ident_equal(&row->id, id)) {
        row = replay_table_next(&store->accounts, &probe);
    }
    return row;
}

static struct account *find_number(const struct replay_store *store, int64_t number) {
    struct slot_probe probe;
    const uint32_t *place = replay_table_first(&store->numbers, hash_number(number), &probe);
    for (; place != NULL; place = replay_table_next(&store->numbers, &probe)) {
        struct account *row = replay_table_at(&store->accounts, *place);
        if (row->number == number) {
            return row;
        }
    }
    return NULL;
}

struct hold *replay_store_hold(const struct replay_store *store, const struct uuid *id) {
    struct slot_probe probe;
    struct hold *row = replay_table_first(&store->holds, uuid_hash(id, 0), &probe);
    while (row != NULL && !uuid_equal(&row->id, id)) {
        row = replay_table_next(&store->holds, &probe);
    }
    return row;
}

struct product *replay_store_product(const struct replay_store *store, const struct ident *id) {
    struct slot_probe probe;
    struct product *row = replay_table_first(&store->products, ident_hash(id, 0), &probe);
    while (row != NULL && !ident_equal(&row->id, id)) {
        row = replay_table_next(&store->products, &probe);
    }
    return row;
}

struct subscription *replay_store_subscription(const struct replay_store *store,
                                               const struct uuid *id, uint16_t origin) {
    struct slot_probe probe;
    struct subscription *row = replay_table_first(&store->subscriptions, uuid_hash(id, 0), &probe);
    while (row != NULL && !(uuid_equal(&row->id, id) && row->origin == origin)) {
        row = replay_table_next(&store->subscriptions, &probe);
    }
    return row;
}

struct buyer *replay_store_buyer(const struct replay_store *store, int64_t product_number,
                                 const struct ident *account) {
    struct slot_probe probe;
    struct buyer *row = replay_table_first(&store->buyers, ident_hash(account, 0), &probe);
    while (row != NULL &&
           !(row->product_number == product_number && ident_equal(&row->account, account))) {
        row = replay_table_next(&store->buyers, &probe);
    }
    return row;
}

struct system_change *replay_store_system(const struct replay_store *store, enum system_role role,
                                          const struct asset *asset) {
    struct slot_probe probe;
    struct system_change *row = replay_table_first(&store->systems, (uint64_t)role, &probe);
    while (row != NULL && !(row->role == role && asset_equal(&row->asset, asset))) {
        row = replay_table_next(&store->systems, &probe);
    }
    return row;
}

/* ---- what the lane wants ---- */

static int64_t next_due_after(const struct replay_store *store, int64_t ms) {
    int64_t next = HOLD_NEVER;
    for (uint32_t i = 0; i < store->holds.count; i++) {
        const struct hold *row = replay_table_at(&store->holds, i);
        if (row->state == HOLD_OPEN && row->expires_at_ms > ms && row->expires_at_ms < next) {
            next = row->expires_at_ms;
        }
    }
    return next;
}

static bool is_earlier(const struct hold *a, const struct hold *b) {
    return a->expires_at_ms != b->expires_at_ms ? a->expires_at_ms < b->expires_at_ms
                                                : uuid_compare(&a->id, &b->id) < 0;
}

/* The earliest ones are kept, in order; what comes behind a full list falls out. */
static void put_due(const struct replay_store *store, struct lane *lane, int64_t due_ms) {
    const struct hold *due[WANTS_DUE_MAX];
    size_t count = 0;
    for (uint32_t i = 0; i < store->holds.count; i++) {
        const struct hold *row = replay_table_at(&store->holds, i);
        if (row->state != HOLD_OPEN || row->expires_at_ms > due_ms ||
            (count == WANTS_DUE_MAX && !is_earlier(row, due[count - 1]))) {
            continue;
        }
        size_t place = count < WANTS_DUE_MAX ? count++ : count - 1;
        for (; place > 0 && is_earlier(row, due[place - 1]); place--) {
            due[place] = due[place - 1];
        }
        due[place] = row;
    }
    for (size_t i = 0; i < count; i++) {
        lane_put_hold(lane, due[i]);
    }
    lane_put_next_due(lane, next_due_after(store, due_ms));
}

static void put_accounts(const struct replay_store *store, struct lane *lane,
                         const struct wants *wants) {
    for (size_t i = 0; i < wants->accounts_count; i++) {
        const struct account *row = replay_store_account(store, &wants->accounts[i]);
        if (row != NULL) {
            lane_put_account(lane, row);
        }
    }
    for (size_t i = 0; i < wants->numbers_count; i++) {
        const struct account *row = find_number(store, wants->numbers[i]);
        CHECK(row != NULL);
        lane_put_account(lane, row);
    }
}

static void put_reversed(const struct replay_store *store, struct lane *lane,
                         const struct reversed *of) {
    struct slot_probe probe;
    int rows_left = WANTS_ROWS_PER_REVERSED;
    int claims_left = 1;
    const struct entry *row = replay_table_first(&store->entries, uuid_hash(&of->id, 0), &probe);
    for (; row != NULL; row = replay_table_next(&store->entries, &probe)) {
        if (!uuid_equal(&row->key.id, &of->id) || row->account_number != of->account_number) {
            continue;
        }
        int *left = row->key.step == STEP_REVERSAL ? &claims_left : &rows_left;
        if (*left > 0) {
            lane_put_entry(lane, row);
            (*left)--;
        }
    }
}

static void put_entries(const struct replay_store *store, struct lane *lane,
                        const struct wants *wants) {
    struct slot_probe probe;
    for (size_t i = 0; i < wants->keys_count; i++) {
        const struct journal_key *key = &wants->keys[i];
        const uint64_t hash = uuid_hash(&key->id, 0);
        const struct entry *row = replay_table_first(&store->entries, hash, &probe);
        for (; row != NULL; row = replay_table_next(&store->entries, &probe)) {
            if (journal_key_equal(&row->key, key)) {
                lane_put_entry(lane, row);
            }
        }
    }
    for (size_t i = 0; i < wants->reversed_count; i++) {
        put_reversed(store, lane, &wants->reversed[i]);
    }
}

static void put_holds(const struct replay_store *store, struct lane *lane,
                      const struct wants *wants) {
    for (size_t i = 0; i < wants->holds_count; i++) {
        const struct hold *row = replay_store_hold(store, &wants->holds[i]);
        if (row != NULL) {
            lane_put_hold(lane, row);
        }
    }
    if (wants->due) {
        put_due(store, lane, wants->due_ms);
    }
}

/* Of one product, subscriptions lie in the order of their numbers. */
static void put_allotment(const struct replay_store *store, struct lane *lane,
                          const struct wants *wants) {
    size_t chunk = 0;
    for (uint32_t i = 0; i < store->subscriptions.count; i++) {
        const struct subscription *row = replay_table_at(&store->subscriptions, i);
        if (row->product_number == wants->shares_of && row->state == SUBSCRIPTION_OPEN) {
            lane_put_share(lane, row->number, row->quantity);
        }
        if (row->product_number == wants->chunk_of && row->number > wants->chunk_after &&
            chunk < WANTS_CHUNK_MAX) {
            lane_put_subscription(lane, row);
            chunk++;
        }
    }
}

static void put_sales(const struct replay_store *store, struct lane *lane,
                      const struct wants *wants) {
    for (size_t i = 0; i < wants->products_count; i++) {
        const struct product *row = replay_store_product(store, &wants->products[i]);
        if (row != NULL) {
            lane_put_product(lane, row);
        }
    }
    for (size_t i = 0; i < wants->subscriptions_count; i++) {
        const struct subscription_key *key = &wants->subscriptions[i];
        const struct subscription *row = replay_store_subscription(store, &key->id, key->origin);
        if (row != NULL) {
            lane_put_subscription(lane, row);
        }
    }
    for (size_t i = 0; i < wants->buyers_count; i++) {
        const struct buyer_key *key = &wants->buyers[i];
        const struct buyer *row = replay_store_buyer(store, key->product_number, &key->account);
        if (row != NULL) {
            lane_put_buyer(lane, row);
        }
    }
    if (wants->shares_of != 0 || wants->chunk_of != 0) {
        put_allotment(store, lane, wants);
    }
}

void replay_store_start(struct lane *lane) {
    lane_put_start_due(lane, HOLD_NEVER);
    lane_started(lane, true);
}

void replay_store_load(const struct replay_store *store, struct lane *lane) {
    const struct wants *wants = lane_wants(lane);
    put_accounts(store, lane, wants);
    put_entries(store, lane, wants);
    put_holds(store, lane, wants);
    put_sales(store, lane, wants);
    lane_loaded(lane);
}

/* ---- batches ---- */

static void commit_account(struct replay_store *store, const struct account *row) {
    struct account *old = replay_store_account(store, &row->id);
    if (old != NULL) {
        *old = *row;
        return;
    }
    const uint32_t place = store->accounts.count;
    replay_table_add(&store->accounts, ident_hash(&row->id, 0), row);
    replay_table_add(&store->numbers, hash_number(row->number), &place);
}

static void commit_sales(struct replay_store *store, const struct batch *batch) {
    for (size_t i = 0; i < batch->products_count; i++) {
        const struct product *row = batch->products[i].row;
        struct product *old = replay_store_product(store, &row->id);
        replay_table_put(&store->products, old, ident_hash(&row->id, 0), row);
    }
    for (size_t i = 0; i < batch->subscriptions_count; i++) {
        const struct subscription *row = batch->subscriptions[i].row;
        struct subscription *old = replay_store_subscription(store, &row->id, row->origin);
        replay_table_put(&store->subscriptions, old, uuid_hash(&row->id, 0), row);
    }
    for (size_t i = 0; i < batch->buyers_count; i++) {
        const struct buyer *row = batch->buyers[i].row;
        struct buyer *old = replay_store_buyer(store, row->product_number, &row->account);
        replay_table_put(&store->buyers, old, ident_hash(&row->account, 0), row);
    }
}

static void commit_system(struct replay_store *store, const struct system_change *change) {
    struct system_change *old = replay_store_system(store, change->role, &change->asset);
    if (old != NULL) {
        old->delta += change->delta;
    } else {
        replay_table_add(&store->systems, (uint64_t)change->role, change);
    }
}

void replay_store_commit(struct replay_store *store, const struct batch *batch) {
    for (size_t i = 0; i < batch->rows_count; i++) {
        const struct entry *row = &batch->rows[i].entry;
        replay_table_add(&store->entries, uuid_hash(&row->key.id, 0), row);
    }
    for (size_t i = 0; i < batch->accounts_count; i++) {
        commit_account(store, batch->accounts[i].row);
    }
    for (size_t i = 0; i < batch->holds_count; i++) {
        const struct hold *row = batch->holds[i].row;
        struct hold *old = replay_store_hold(store, &row->id);
        replay_table_put(&store->holds, old, uuid_hash(&row->id, 0), row);
    }
    commit_sales(store, batch);
    for (size_t i = 0; i < batch->systems_count; i++) {
        commit_system(store, &batch->systems[i]);
    }
}
