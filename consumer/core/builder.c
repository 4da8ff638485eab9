#include "consumer/core/builder.h"

#include <stdlib.h>

#include "common/check.h"
#include "consumer/core/seal.h"
#include "consumer/core/wants.h"

static bool allocate(struct builder *builder) {
    builder->rows = malloc(builder->rows_capacity * sizeof *builder->rows);
    builder->accounts = malloc(builder->accounts_capacity * sizeof *builder->accounts);
    builder->holds = malloc(builder->holds_capacity * sizeof *builder->holds);
    builder->systems = malloc(builder->systems_capacity * sizeof *builder->systems);
    builder->quarantine = malloc(builder->quarantine_capacity * sizeof *builder->quarantine);
    builder->outputs = malloc(builder->outputs_capacity * sizeof *builder->outputs);
    builder->account_slots = malloc(builder->accounts_capacity * sizeof *builder->account_slots);
    builder->hold_slots = malloc(builder->holds_capacity * sizeof *builder->hold_slots);
    return builder->account_slots != NULL && builder->hold_slots != NULL && builder->rows != NULL &&
           builder->accounts != NULL && builder->holds != NULL && builder->systems != NULL &&
           builder->quarantine != NULL && builder->outputs != NULL &&
           slot_index_init(&builder->systems_index, builder->systems_capacity);
}

bool builder_init(struct builder *builder, uint32_t records, uint32_t accounts, uint32_t holds) {
    *builder = (struct builder){
        .rows_capacity = records + WANTS_DUE_MAX + BUILDER_ROWS_PER_RECORD,
        .accounts_capacity = accounts,
        .holds_capacity = holds,
        .systems_capacity = records + WANTS_DUE_MAX,
        .quarantine_capacity = records,
        .outputs_capacity = 2 * records,
    };
    if (allocate(builder))
        return true;
    builder_close(builder);
    return false;
}

void builder_close(struct builder *builder) {
    free(builder->rows);
    free(builder->accounts);
    free(builder->holds);
    free(builder->systems);
    free(builder->quarantine);
    free(builder->outputs);
    free(builder->account_slots);
    free(builder->hold_slots);
    slot_index_close(&builder->systems_index);
    *builder = (struct builder){0};
}

static uint64_t system_hash(enum system_role role, const struct asset *asset) {
    uint64_t hash = (uint64_t)role;
    for (int i = 0; i < asset->len; i++)
        hash = (hash ^ (uint8_t)asset->text[i]) * 0x100000001b3u;
    return hash * 0x9e3779b97f4a7c15u;
}

void builder_clear(struct builder *builder) {
    for (uint32_t i = 0; i < builder->systems_count; i++) {
        const struct system_change *change = &builder->systems[i];
        slot_index_remove(&builder->systems_index, system_hash(change->role, &change->asset), i);
    }
    for (uint32_t i = 0; i < builder->accounts_count; i++) {
        builder->account_slots[i]->changed = false;
        builder->account_slots[i]->is_new = false;
    }
    for (uint32_t i = 0; i < builder->holds_count; i++) {
        builder->hold_slots[i]->changed = false;
        builder->hold_slots[i]->is_new = false;
    }
    builder->rows_count = 0;
    builder->accounts_count = 0;
    builder->holds_count = 0;
    builder->systems_count = 0;
    builder->quarantine_count = 0;
    builder->outputs_count = 0;
}

bool builder_has_room(const struct builder *builder, uint32_t rows) {
    return builder->rows_count + rows <= builder->rows_capacity &&
           builder->systems_count + rows <= builder->systems_capacity &&
           builder->holds_count + rows <= builder->holds_capacity;
}

struct journal_row *builder_add_row(struct builder *builder) {
    CHECK(builder->rows_count < builder->rows_capacity);
    struct journal_row *row = &builder->rows[builder->rows_count++];
    *row = (struct journal_row){0};
    return row;
}

static int compare_rows(const void *a, const void *b) {
    const struct journal_row *first = a;
    const struct journal_row *second = b;
    return seal_row_order(&first->entry, &second->entry);
}

void builder_sort_from(struct builder *builder, uint32_t first) {
    if (builder->rows_count - first > 1)
        qsort(builder->rows + first, builder->rows_count - first, sizeof *builder->rows,
              compare_rows);
}

void builder_note_account(struct builder *builder, struct account_slot *slot) {
    if (slot->changed)
        return;
    CHECK(builder->accounts_count < builder->accounts_capacity);
    slot->changed = true;
    builder->account_slots[builder->accounts_count] = slot;
    builder->accounts[builder->accounts_count++] =
        (struct account_change){.row = &slot->row, .is_new = slot->is_new};
}

void builder_note_hold(struct builder *builder, struct hold_slot *slot) {
    if (slot->changed)
        return;
    CHECK(builder->holds_count < builder->holds_capacity);
    slot->changed = true;
    builder->hold_slots[builder->holds_count] = slot;
    builder->holds[builder->holds_count++] =
        (struct hold_change){.row = &slot->row, .is_new = slot->is_new};
}

void builder_add_system(struct builder *builder, enum system_role role, const struct asset *asset,
                        int64_t delta) {
    struct slot_probe probe;
    uint64_t hash = system_hash(role, asset);
    for (uint32_t s = slot_index_first(&builder->systems_index, hash, &probe); s != SLOT_NONE;
         s = slot_index_next(&builder->systems_index, &probe)) {
        struct system_change *change = &builder->systems[s];
        if (change->role == role && asset_equal(&change->asset, asset)) {
            change->delta += delta;
            return;
        }
    }
    CHECK(builder->systems_count < builder->systems_capacity);
    slot_index_add(&builder->systems_index, hash, builder->systems_count);
    builder->systems[builder->systems_count++] =
        (struct system_change){.role = role, .asset = *asset, .delta = delta};
}

struct quarantine_row *builder_add_quarantine(struct builder *builder) {
    CHECK(builder->quarantine_count < builder->quarantine_capacity);
    struct quarantine_row *row = &builder->quarantine[builder->quarantine_count++];
    *row = (struct quarantine_row){0};
    return row;
}

struct output *builder_add_output(struct builder *builder) {
    CHECK(builder->outputs_count < builder->outputs_capacity);
    struct output *output = &builder->outputs[builder->outputs_count++];
    *output = (struct output){0};
    return output;
}

void builder_show(struct builder *builder, struct batch *batch) {
    batch->rows = builder->rows;
    batch->rows_count = builder->rows_count;
    batch->accounts = builder->accounts;
    batch->accounts_count = builder->accounts_count;
    batch->holds = builder->holds;
    batch->holds_count = builder->holds_count;
    batch->systems = builder->systems;
    batch->systems_count = builder->systems_count;
    batch->quarantine = builder->quarantine;
    batch->quarantine_count = builder->quarantine_count;
    batch->outputs = builder->outputs;
    batch->outputs_count = builder->outputs_count;
}
