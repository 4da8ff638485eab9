#include "tests/fakes/memory_store.h"

#include <stdlib.h>
#include <string.h>

#include "common/check.h"

/* Room for one more element of `size` bytes; grows by doubling. */
static void *room(void *list, size_t count, size_t size) {
    if (count != 0 && (count & (count - 1)) != 0)
        return list;
    void *grown = realloc(list, (count == 0 ? 1 : 2 * count) * size);
    CHECK(grown != NULL);
    return grown;
}

#define APPEND(list, count, value)                                                                 \
    do {                                                                                           \
        (list) = room((list), (count), sizeof *(list));                                            \
        (list)[(count)++] = (value);                                                               \
    } while (0)

void memory_store_init(struct memory_store *store, uint16_t lane) {
    *store = (struct memory_store){0};
    store->row = (struct lane_row){
        .lane = lane,
        .last_offset = -1,
        .rules = LANE_RULES,
        .next_number = 1,
        .next_seal = 1,
    };
}

void memory_store_close(struct memory_store *store) {
    free(store->accounts);
    free(store->holds);
    free(store->journal);
    free(store->systems);
    free(store->quarantine);
    *store = (struct memory_store){0};
}

const struct lane_row *memory_store_take(struct memory_store *store, const struct uuid *owner) {
    store->row.owner = *owner;
    store->row.epoch++;
    return &store->row;
}

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
    for (size_t i = 0; i < store->journal_count; i++)
        if (uuid_compare(&store->journal[i].entry.key.id, &upper) <= 0)
            sorted[count++] = &store->journal[i].entry;
    qsort(sorted, count, sizeof *sorted, compare_keys);
    size_t put = count < lane_fence_room(lane) ? count : lane_fence_room(lane);
    for (size_t i = 0; i < put; i++)
        lane_put_start_key(lane, &sorted[i]->key);
    free(sorted);
    return put == count;
}

static int64_t next_due_after(const struct memory_store *store, int64_t ms) {
    int64_t next = HOLD_NEVER;
    for (size_t i = 0; i < store->holds_count; i++) {
        const struct hold *hold = &store->holds[i];
        if (hold->state == HOLD_OPEN && hold->expires_at_ms > ms && hold->expires_at_ms < next)
            next = hold->expires_at_ms;
    }
    return next;
}

void memory_store_start(const struct memory_store *store, struct lane *lane) {
    lane_put_start_due(lane, next_due_after(store, INT64_MIN));
    bool complete = put_keys(store, lane);
    lane_started(lane, complete);
}

static struct account *find_account(const struct memory_store *store, const struct ident *id,
                                    int64_t number) {
    for (size_t i = 0; i < store->accounts_count; i++)
        if (id == NULL ? store->accounts[i].number == number
                       : ident_equal(&store->accounts[i].id, id))
            return &store->accounts[i];
    return NULL;
}

static struct hold *find_hold(const struct memory_store *store, const struct uuid *id) {
    for (size_t i = 0; i < store->holds_count; i++)
        if (uuid_equal(&store->holds[i].id, id))
            return &store->holds[i];
    return NULL;
}

static int compare_due(const void *a, const void *b) {
    const struct hold *first = *(const struct hold *const *)a;
    const struct hold *second = *(const struct hold *const *)b;
    if (first->expires_at_ms != second->expires_at_ms)
        return first->expires_at_ms < second->expires_at_ms ? -1 : 1;
    return uuid_compare(&first->id, &second->id);
}

static void put_due(const struct memory_store *store, struct lane *lane, int64_t due_ms) {
    const struct hold **due = malloc((store->holds_count + 1) * sizeof *due);
    CHECK(due != NULL);
    size_t count = 0;
    for (size_t i = 0; i < store->holds_count; i++)
        if (store->holds[i].state == HOLD_OPEN && store->holds[i].expires_at_ms <= due_ms)
            due[count++] = &store->holds[i];
    qsort(due, count, sizeof *due, compare_due);
    for (size_t i = 0; i < count && i < WANTS_DUE_MAX; i++)
        lane_put_hold(lane, due[i]);
    lane_put_next_due(lane, next_due_after(store, due_ms));
    free(due);
}

static void put_entries(const struct memory_store *store, struct lane *lane,
                        const struct wants *wants) {
    for (size_t j = 0; j < store->journal_count; j++) {
        const struct entry *entry = &store->journal[j].entry;
        for (size_t i = 0; i < wants->keys_count; i++)
            if (journal_key_equal(&entry->key, &wants->keys[i]))
                lane_put_entry(lane, entry);
        for (size_t i = 0; i < wants->ids_count; i++)
            if (uuid_equal(&entry->key.id, &wants->ids[i]))
                lane_put_entry(lane, entry);
    }
}

void memory_store_load(const struct memory_store *store, struct lane *lane) {
    const struct wants *wants = lane_wants(lane);
    for (size_t i = 0; i < wants->accounts_count; i++) {
        const struct account *row = find_account(store, &wants->accounts[i], 0);
        if (row != NULL)
            lane_put_account(lane, row);
    }
    for (size_t i = 0; i < wants->numbers_count; i++)
        lane_put_account(lane, find_account(store, NULL, wants->numbers[i]));
    for (size_t i = 0; i < wants->holds_count; i++) {
        const struct hold *row = find_hold(store, &wants->holds[i]);
        if (row != NULL)
            lane_put_hold(lane, row);
    }
    put_entries(store, lane, wants);
    if (wants->due)
        put_due(store, lane, wants->due_ms);
    lane_loaded(lane);
}

static void write_rows(struct memory_store *store, const struct batch *batch) {
    for (size_t i = 0; i < batch->rows_count; i++) {
        for (size_t j = 0; j < store->journal_count; j++)
            CHECK(!journal_key_equal(&store->journal[j].entry.key, &batch->rows[i].entry.key));
        APPEND(store->journal, store->journal_count, batch->rows[i]);
    }
    for (size_t i = 0; i < batch->accounts_count; i++) {
        const struct account *row = batch->accounts[i].row;
        struct account *old = find_account(store, &row->id, 0);
        CHECK(row->held >= 0 && row->balance - row->held >= row->floor);
        CHECK((old == NULL) == batch->accounts[i].is_new);
        if (old != NULL)
            *old = *row;
        else
            APPEND(store->accounts, store->accounts_count, *row);
    }
    for (size_t i = 0; i < batch->holds_count; i++) {
        const struct hold *row = batch->holds[i].row;
        struct hold *old = find_hold(store, &row->id);
        CHECK((old == NULL) == batch->holds[i].is_new);
        if (old != NULL)
            *old = *row;
        else
            APPEND(store->holds, store->holds_count, *row);
    }
}

static void add_system(struct memory_store *store, const struct system_change *change) {
    for (size_t i = 0; i < store->systems_count; i++) {
        struct system_change *old = &store->systems[i];
        if (old->role == change->role && asset_equal(&old->asset, &change->asset)) {
            old->delta += change->delta;
            return;
        }
    }
    APPEND(store->systems, store->systems_count, *change);
}

bool memory_store_commit(struct memory_store *store, const struct batch *batch) {
    const struct lane_row *after = &batch->after;
    if (!uuid_equal(&after->owner, &store->row.owner) || after->epoch != store->row.epoch ||
        batch->old_offset != store->row.next_offset)
        return false;
    write_rows(store, batch);
    for (size_t i = 0; i < batch->systems_count; i++)
        add_system(store, &batch->systems[i]);
    for (size_t i = 0; i < batch->quarantine_count; i++)
        APPEND(store->quarantine, store->quarantine_count, batch->quarantine[i]);
    store->row = *after;
    return true;
}
