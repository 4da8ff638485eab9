#include "tests/bench/floor_batch.h"

#include <stdlib.h>
#include <string.h>

#include "common/command.h"
#include "tests/harness/must.h"

#define START_MS INT64_C(1700000000000)
#define RECORDS_PER_MS 64

static const uint8_t damaged[] = "{\"v\":1,\"id\":\"00000000-0000-7000-8000-000000000000\",\"type";

void floor_batch_init(struct floor_batch *batch, struct floor_log *log, uint16_t lane,
                      size_t room) {
    *batch = (struct floor_batch){.log = log, .lane = lane, .room = room};
    batch->rows = calloc(room, sizeof *batch->rows);
    batch->accounts = calloc(room, sizeof *batch->accounts);
    batch->new_holds = calloc(room, sizeof *batch->new_holds);
    batch->ended_holds = calloc(room, sizeof *batch->ended_holds);
    batch->probes = calloc(room, sizeof *batch->probes);
    batch->quarantine = calloc(room, sizeof *batch->quarantine);
    must(batch->rows != NULL && batch->accounts != NULL && batch->new_holds != NULL &&
             batch->ended_holds != NULL && batch->probes != NULL && batch->quarantine != NULL,
         "out of memory");
    batch->product_version = 1;
    if (log->stock > 0 && log->product_lane == lane) {
        batch->stock = log->stock;
    }
}

void floor_batch_close(struct floor_batch *batch) {
    free(batch->rows);
    free(batch->accounts);
    free(batch->new_holds);
    free(batch->ended_holds);
    free(batch->probes);
    free(batch->quarantine);
}

int64_t floor_batch_product(const struct floor_batch *batch) {
    return (int64_t)batch->log->lanes[batch->lane].accounts_count + 1;
}

static struct floor_lane *lane_of(const struct floor_batch *batch) {
    return &batch->log->lanes[batch->lane];
}

static struct floor_account *account_at(const struct floor_batch *batch, uint32_t number) {
    return &lane_of(batch)->accounts[number - 1];
}

static int64_t time_of(int64_t offset) {
    return START_MS + offset / RECORDS_PER_MS;
}

static int32_t step_of(enum floor_kind kind) {
    switch (kind) {
    case FLOOR_CREDIT: return STEP_CREDIT;
    case FLOOR_SELL: return STEP_SELL;
    case FLOOR_SETTLE: return STEP_SETTLE;
    case FLOOR_MOVE:
    case FLOOR_DEBIT:
    case FLOOR_HOLD:
    case FLOOR_REPEATED:
    case FLOOR_MALFORMED: break;
    }
    return STEP_CLIENT;
}

static enum command_type type_of(const struct floor_step *step) {
    if (step->kind == FLOOR_MOVE) {
        return step->amount < 0 ? COMMAND_WITHDRAW : COMMAND_DEPOSIT;
    }
    return step->kind == FLOOR_DEBIT || step->kind == FLOOR_CREDIT ? COMMAND_TRANSFER
                                                                   : COMMAND_PURCHASE;
}

static struct journal_row *add_row(struct floor_batch *batch, const struct floor_step *step) {
    struct journal_row *row = &batch->rows[batch->rows_count++];
    *row = (struct journal_row){
        .entry = {.key = {.id = step->id, .origin = step->origin, .step = step_of(step->kind)},
                  .log_offset = batch->offset,
                  .type = (int)type_of(step),
                  .account_number = step->account,
                  .at_ms = time_of(batch->offset),
                  .price = step->price}};
    memcpy(row->entry.hash, step->id.bytes, sizeof row->entry.hash); /* random as a hash is */
    if (step->counter != FLOOR_NOBODY) {
        floor_log_name(step->counter, &row->entry.counter);
    }
    return row;
}

static enum outcome outcome_of(const struct floor_step *step) {
    return step->kind == FLOOR_DEBIT || step->kind == FLOOR_HOLD ? OUTCOME_PENDING
                                                                 : OUTCOME_APPLIED;
}

static void touch(struct floor_batch *batch, struct floor_account *account, uint32_t number) {
    if (account->touched != batch->number) {
        account->touched = batch->number;
        batch->accounts[batch->accounts_count++].number = number;
    }
}

static void add_account_row(struct floor_batch *batch, const struct floor_step *step) {
    struct floor_account *account = account_at(batch, step->account);
    struct journal_row *row = add_row(batch, step);
    row->counter_role = step->kind == FLOOR_MOVE     ? SYSTEM_WORLD
                        : step->kind == FLOOR_SETTLE ? SYSTEM_SALES
                                                     : SYSTEM_NONE;
    if (account->balance + step->amount - account->held < batch->log->floor) {
        row->entry.outcome = OUTCOME_INSUFFICIENT_FUNDS;
    } else {
        row->entry.outcome = outcome_of(step);
        row->entry.amount = step->amount;
        row->held_delta = step->held;
        row->has_previous = true;
        row->previous = (struct journal_key){
            .id = account->last_id, .origin = account->last_origin, .step = account->last_step};
        account->balance += step->amount;
        account->held += step->held;
        account->version++;
        account->last_id = step->id;
        account->last_origin = step->origin;
        account->last_step = row->entry.key.step;
        batch->changes_total++;
        touch(batch, account, step->account);
    }
    row->entry.balance = account->balance;
    row->entry.held = account->held;
    row->entry.version = account->version;
}

static void add_sale_row(struct floor_batch *batch, const struct floor_step *step) {
    struct journal_row *row = add_row(batch, step);
    int64_t pieces = step->is_refused ? 0 : step->amount;
    row->entry.account_number = floor_batch_product(batch);
    row->entry.outcome = step->is_refused ? OUTCOME_OUT_OF_STOCK : OUTCOME_APPLIED;
    row->entry.amount = -pieces;
    row->held_delta = pieces;
    batch->stock -= pieces;
    batch->sold += pieces;
    batch->product_version += step->is_refused ? 0 : 1;
    row->entry.balance = batch->stock;
    row->entry.held = batch->sold;
    row->entry.version = batch->product_version;
}

static void add_hold(struct floor_batch *batch, const struct floor_step *step) {
    bool is_new = step->kind == FLOOR_HOLD;
    struct hold *hold = is_new ? &batch->new_holds[batch->new_holds_count++]
                               : &batch->ended_holds[batch->ended_holds_count++];
    *hold = (struct hold){.id = step->id,
                          .origin = step->origin,
                          .account_number = step->account,
                          .amount = is_new ? step->held : -step->held,
                          .expires_at_ms = HOLD_NEVER,
                          .state = is_new              ? HOLD_OPEN
                                   : step->amount == 0 ? HOLD_RELEASED
                                                       : HOLD_CAPTURED,
                          .kind = HOLD_PURCHASE};
}

static void add_quarantine(struct floor_batch *batch) {
    batch->quarantine[batch->quarantine_count++] =
        (struct quarantine_row){.log_offset = batch->offset,
                                .at_ms = time_of(batch->offset),
                                .reason = OUTCOME_MALFORMED,
                                .detail = "not JSON",
                                .key = {damaged, IDENT_MAX / 4},
                                .value = {damaged, sizeof damaged - 1},
                                .key_len = IDENT_MAX / 4,
                                .value_len = sizeof damaged - 1};
}

static void add(struct floor_batch *batch, const struct floor_step *step) {
    switch ((enum floor_kind)step->kind) {
    case FLOOR_MOVE:
    case FLOOR_DEBIT:
    case FLOOR_CREDIT: add_account_row(batch, step); break;
    case FLOOR_HOLD:
    case FLOOR_SETTLE:
        add_account_row(batch, step);
        add_hold(batch, step);
        break;
    case FLOOR_SELL: add_sale_row(batch, step); break;
    case FLOOR_REPEATED:
        batch->probes[batch->probes_count++] =
            (struct journal_key){.id = step->id, .origin = step->origin, .step = STEP_CLIENT};
        break;
    case FLOOR_MALFORMED: add_quarantine(batch); break;
    }
    batch->offset++;
}

static int by_number(const void *a, const void *b) {
    const struct account *left = a;
    const struct account *right = b;
    return (left->number > right->number) - (left->number < right->number);
}

/* As they are behind the batch; neighbours in the table side by side. */
static void fill_accounts(struct floor_batch *batch) {
    for (size_t i = 0; i < batch->accounts_count; i++) {
        struct account *row = &batch->accounts[i];
        const struct floor_account *account = account_at(batch, (uint32_t)row->number);
        row->balance = account->balance;
        row->held = account->held;
        row->version = account->version;
        row->state = ACCOUNT_OPEN;
        row->last = (struct journal_key){
            .id = account->last_id, .origin = account->last_origin, .step = account->last_step};
    }
    qsort(batch->accounts, batch->accounts_count, sizeof *batch->accounts, by_number);
}

bool floor_batch_next(struct floor_batch *batch, size_t end, size_t most) {
    batch->number++;
    batch->rows_count = batch->accounts_count = batch->new_holds_count = 0;
    batch->ended_holds_count = batch->probes_count = batch->quarantine_count = 0;
    size_t first = batch->at;
    while (batch->at < end && batch->at < first + batch->room &&
           batch->at < first + most) {
        add(batch, &lane_of(batch)->steps[batch->at++]);
    }
    fill_accounts(batch);
    batch->rows_total += (int64_t)batch->rows_count;
    return batch->at > first;
}
