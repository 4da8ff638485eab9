#include "consumer/core/builder.h"

#include <stdlib.h>

#include "common/check.h"
#include "common/siphash.h"
#include "consumer/core/seal.h"

#define ALLOCATE(array, count) (((array) = malloc((count) * sizeof *(array))) != NULL)

static bool allocate(struct builder *builder, uint64_t seed) {
    uint32_t changes = builder->changes_capacity;
    return ALLOCATE(builder->rows, builder->rows_capacity) &&
           ALLOCATE(builder->accounts, changes) && ALLOCATE(builder->holds, changes) &&
           ALLOCATE(builder->systems, changes) && ALLOCATE(builder->products, changes) &&
           ALLOCATE(builder->subscriptions, changes) && ALLOCATE(builder->buyers, changes) &&
           ALLOCATE(builder->quarantine, builder->quarantine_capacity) &&
           ALLOCATE(builder->outputs, builder->outputs_capacity) &&
           ALLOCATE(builder->legs, builder->legs_capacity) &&
           ALLOCATE(builder->touched, 5 * (size_t)changes) &&
           ALLOCATE(builder->idents, builder->rows_capacity) &&
           ALLOCATE(builder->account_rows, changes) && ALLOCATE(builder->hold_rows, changes) &&
           ALLOCATE(builder->product_rows, changes) &&
           ALLOCATE(builder->subscription_rows, changes) &&
           ALLOCATE(builder->buyer_rows, changes) &&
           slot_index_init(&builder->systems_index, changes, seed);
}

/* No row of the batch changes more than one row of each kind, and a sum or two: builder_has_room
 * keeps the others within what the journal rows are kept to. */
bool builder_init(struct builder *builder, uint32_t records, uint64_t seed) {
    uint32_t rows = records + BUILDER_ROWS_MOST + BUILDER_ROWS_PER_RECORD;
    *builder = (struct builder){
        .rows_capacity = rows,
        .changes_capacity = 2 * rows,
        .quarantine_capacity = records,
        .outputs_capacity = 2 * records + BUILDER_ROWS_MOST,
        .legs_capacity = records + BUILDER_ROWS_MOST,
    };
    if (allocate(builder, seed)) {
        return true;
    }
    builder_close(builder);
    return false;
}

void builder_close(struct builder *builder) {
    free(builder->rows);
    free(builder->accounts);
    free(builder->holds);
    free(builder->systems);
    free(builder->products);
    free(builder->subscriptions);
    free(builder->buyers);
    free(builder->quarantine);
    free(builder->outputs);
    free(builder->legs);
    free(builder->touched);
    free(builder->idents);
    free(builder->account_rows);
    free(builder->hold_rows);
    free(builder->product_rows);
    free(builder->subscription_rows);
    free(builder->buyer_rows);
    slot_index_close(&builder->systems_index);
    *builder = (struct builder){.rows = NULL};
}

static uint64_t system_hash(const struct builder *builder, enum system_role role,
                            const struct asset *asset) {
    uint64_t seed = builder->systems_index.seed + (uint64_t)role;
    return siphash(seed, asset->text, asset->len);
}

void builder_let_go(struct builder *builder) {
    for (uint32_t i = 0; i < builder->touched_count; i++) {
        builder->touched[i]->changed = false;
        builder->touched[i]->is_new = false;
    }
    builder->touched_count = 0;
}

void builder_clear(struct builder *builder) {
    builder_let_go(builder);
    for (uint32_t i = 0; i < builder->systems_count; i++) {
        const struct system_change *change = &builder->systems[i];
        slot_index_remove(&builder->systems_index,
                          system_hash(builder, change->role, &change->asset), i);
    }
    builder->rows_count = 0;
    builder->accounts_count = 0;
    builder->holds_count = 0;
    builder->systems_count = 0;
    builder->products_count = 0;
    builder->subscriptions_count = 0;
    builder->buyers_count = 0;
    builder->quarantine_count = 0;
    builder->sources_dropped = 0;
    builder->outputs_count = 0;
    builder->legs_count = 0;
    builder->idents_count = 0;
}

bool builder_has_room(const struct builder *builder, uint32_t rows) {
    return builder->rows_count + rows <= builder->rows_capacity &&
           builder->outputs_count + rows + 2 <= builder->outputs_capacity &&
           builder->legs_count + rows <= builder->legs_capacity;
}

struct journal_row *builder_add_row(struct builder *builder) {
    CHECK(builder->rows_count < builder->rows_capacity);
    struct journal_row *row = &builder->rows[builder->rows_count++];
    *row = (struct journal_row){.account = NULL};
    return row;
}

static int compare_rows(const void *a, const void *b) {
    const struct journal_row *first = a;
    const struct journal_row *second = b;
    return seal_row_order(&first->entry, &second->entry);
}

void builder_sort_from(struct builder *builder, uint32_t first) {
    if (builder->rows_count - first > 1) {
        qsort(builder->rows + first, builder->rows_count - first, sizeof *builder->rows,
              compare_rows);
    }
}

/* True the first time in this batch. */
static bool note(struct builder *builder, struct slot *slot) {
    if (slot->changed) {
        return false;
    }
    slot->changed = true;
    builder->touched[builder->touched_count++] = slot;
    return true;
}

/* Appends the row to its list unless it is there. */
#define NOTE(list, noted)                                                                          \
    do {                                                                                           \
        if (note(builder, &(noted)->slot)) {                                                       \
            CHECK(builder->list##_count < builder->changes_capacity);                              \
            builder->list[builder->list##_count].row = &(noted)->row;                              \
            builder->list[builder->list##_count].is_new = (noted)->slot.is_new;                    \
            builder->list##_count++;                                                               \
        }                                                                                          \
    } while (0)

void builder_note_account(struct builder *builder, struct account_slot *slot) {
    NOTE(accounts, slot);
}

void builder_note_hold(struct builder *builder, struct hold_slot *slot) {
    NOTE(holds, slot);
}

void builder_note_product(struct builder *builder, struct product_slot *slot) {
    NOTE(products, slot);
}

void builder_note_subscription(struct builder *builder, struct subscription_slot *slot) {
    NOTE(subscriptions, slot);
}

void builder_note_buyer(struct builder *builder, struct buyer_slot *slot) {
    NOTE(buyers, slot);
}

const struct asset *builder_add_system(struct builder *builder, enum system_role role,
                                       const struct asset *asset, int64_t delta) {
    struct slot_probe probe;
    uint64_t hash = system_hash(builder, role, asset);
    for (uint32_t s = slot_index_first(&builder->systems_index, hash, &probe); s != SLOT_NONE;
         s = slot_index_next(&builder->systems_index, &probe)) {
        struct system_change *change = &builder->systems[s];
        if (change->role == role && asset_equal(&change->asset, asset)) {
            change->delta += delta;
            return &change->asset;
        }
    }
    CHECK(builder->systems_count < builder->changes_capacity);
    slot_index_add(&builder->systems_index, hash, builder->systems_count);
    builder->systems[builder->systems_count++] =
        (struct system_change){.role = role, .asset = *asset, .delta = delta};
    return &builder->systems[builder->systems_count - 1].asset;
}

struct quarantine_row *builder_add_quarantine(struct builder *builder) {
    CHECK(builder->quarantine_count < builder->quarantine_capacity);
    struct quarantine_row *row = &builder->quarantine[builder->quarantine_count++];
    *row = (struct quarantine_row){.log_offset = 0};
    return row;
}

struct output *builder_add_output(struct builder *builder) {
    CHECK(builder->outputs_count < builder->outputs_capacity);
    struct output *output = &builder->outputs[builder->outputs_count++];
    *output = (struct output){.kind = OUTPUT_RESULT};
    return output;
}

struct leg_message *builder_add_leg(struct builder *builder) {
    CHECK(builder->legs_count < builder->legs_capacity);
    return &builder->legs[builder->legs_count++];
}

const struct ident *builder_keep_ident(struct builder *builder, const struct ident *ident) {
    CHECK(builder->idents_count < builder->rows_capacity);
    builder->idents[builder->idents_count] = *ident;
    return &builder->idents[builder->idents_count++];
}

#define COPY_ROWS(list, copies)                                                                    \
    for (uint32_t i = 0; i < builder->list##_count; i++) {                                         \
        builder->copies[i] = *builder->list[i].row;                                                \
        builder->list[i].row = &builder->copies[i];                                                \
    }

static void copy_changes(struct builder *builder) {
    COPY_ROWS(accounts, account_rows)
    COPY_ROWS(holds, hold_rows)
    COPY_ROWS(products, product_rows)
    COPY_ROWS(subscriptions, subscription_rows)
    COPY_ROWS(buyers, buyer_rows)
}

void builder_close_batch(struct builder *builder, struct batch *batch) {
    copy_changes(builder);
    batch->rows = builder->rows;
    batch->rows_count = builder->rows_count;
    batch->accounts = builder->accounts;
    batch->accounts_count = builder->accounts_count;
    batch->holds = builder->holds;
    batch->holds_count = builder->holds_count;
    batch->systems = builder->systems;
    batch->systems_count = builder->systems_count;
    batch->products = builder->products;
    batch->products_count = builder->products_count;
    batch->subscriptions = builder->subscriptions;
    batch->subscriptions_count = builder->subscriptions_count;
    batch->buyers = builder->buyers;
    batch->buyers_count = builder->buyers_count;
    batch->quarantine = builder->quarantine;
    batch->quarantine_count = builder->quarantine_count;
    batch->outputs = builder->outputs;
    batch->outputs_count = builder->outputs_count;
    batch->sources_dropped = builder->sources_dropped;
}
