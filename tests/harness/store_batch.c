#include "tests/harness/store_batch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/harness/must.h"

#define START_MS INT64_C(1700000000000)

void store_books_init(struct store_books *books, const struct lane_row *row, size_t accounts) {
    *books = (struct store_books){.row = *row, .accounts_count = accounts, .next_id = 1};
    books->accounts = calloc(accounts, sizeof *books->accounts);
    must(books->accounts != NULL, "out of memory");
}

void store_books_close(struct store_books *books) {
    free(books->accounts);
}

void store_batch_init(struct store_batch *batch, size_t room) {
    *batch = (struct store_batch){.room = room};
    batch->rows = calloc(room, sizeof *batch->rows);
    batch->accounts = calloc(room, sizeof *batch->accounts);
    batch->holds = calloc(room, sizeof *batch->holds);
    batch->hold_changes = calloc(room, sizeof *batch->hold_changes);
    must(batch->rows != NULL && batch->accounts != NULL && batch->holds != NULL &&
             batch->hold_changes != NULL,
         "out of memory");
}

void store_batch_close(struct store_batch *batch) {
    free(batch->rows);
    free(batch->accounts);
    free(batch->holds);
    free(batch->hold_changes);
}

/* Time-ordered ids, as clients make them. */
static struct uuid new_id(struct store_books *books) {
    uint8_t random[10] = {(uint8_t)books->row.lane};
    for (int i = 0; i < 8; i++) {
        random[9 - i] = (uint8_t)(books->next_id >> (8 * i));
    }
    return uuid_v7(START_MS + (int64_t)(books->next_id++ / 64), random);
}

static void begin(struct store_batch *batch, const struct store_books *books) {
    batch->batch = (struct batch){
        .old_offset = books->row.next_offset,
        .after = books->row,
        .rows = batch->rows,
        .accounts = batch->accounts,
        .holds = batch->hold_changes,
        .systems = &batch->system,
        .quarantine = &batch->quarantine,
        .has_seal = true,
        .seal = {.number = books->row.next_seal, .first_offset = books->row.next_offset},
    };
    batch->batch.after.next_seal++;
}

/* The record behind the last one; moves the lane. */
static int64_t next_record(struct store_batch *batch) {
    struct lane_row *after = &batch->batch.after;
    after->last_offset = after->next_offset++;
    after->last_fingerprint[0] = (uint8_t)after->last_offset;
    after->lane_time_ms = START_MS + after->last_offset;
    batch->batch.records_count++;
    batch->batch.seal.last_offset = after->last_offset;
    batch->batch.seal.digest[0] = (uint8_t)after->last_offset;
    after->seal_head[0] = batch->batch.seal.digest[0];
    return after->last_offset;
}

static struct journal_row *add_row(struct store_batch *batch, struct store_books *books,
                                   struct account *account, enum command_type type) {
    static const uint8_t source[] = "test";
    must(batch->batch.rows_count < batch->room, "the batch is full");
    struct journal_row *row = &batch->rows[batch->batch.rows_count++];
    *row = (struct journal_row){
        .entry = {.key = {.id = new_id(books), .origin = books->row.lane, .step = STEP_CLIENT},
                  .log_offset = next_record(batch),
                  .type = (int)type,
                  .account_number = account->number,
                  .hash = {1, 2, 3}},
        .source = {source, sizeof source - 1},
        .has_previous = account->version > 0,
        .previous = account->last,
    };
    row->entry.at_ms = batch->batch.after.lane_time_ms;
    account->version++;
    account->last = row->entry.key;
    return row;
}

static void after_state(struct journal_row *row, const struct account *account) {
    row->entry.balance = account->balance;
    row->entry.held = account->held;
    row->entry.version = account->version;
}

static void add_account(struct store_batch *batch, const struct account *account, bool is_new) {
    batch->accounts[batch->batch.accounts_count++] =
        (struct account_change){.row = account, .is_new = is_new};
}

void store_batch_open(struct store_batch *batch, struct store_books *books, int64_t first,
                      size_t count) {
    begin(batch, books);
    for (size_t i = 0; i < count; i++) {
        struct account *account = &books->accounts[(size_t)first - 1 + i];
        char text[IDENT_MAX];
        int len = snprintf(text, sizeof text, "account-%u-%lld", (unsigned)books->row.lane,
                           (long long)first + (long long)i);
        *account = (struct account){
            .number = first + (int64_t)i, .ceiling = MONEY_MAX, .state = ACCOUNT_OPEN};
        must(ident_parse(text, (size_t)len, &account->id), "%s", text);
        must(asset_parse("EUR", 3, &account->currency), "EUR");
        after_state(add_row(batch, books, account, COMMAND_ACCOUNT_OPEN), account);
        add_account(batch, account, true);
    }
    batch->batch.after.next_number = first + (int64_t)count;
}

void store_batch_deposit(struct store_batch *batch, struct store_books *books,
                         const int64_t *numbers, size_t count) {
    begin(batch, books);
    for (size_t i = 0; i < count; i++) {
        struct account *account = &books->accounts[numbers[i] - 1];
        struct journal_row *row = add_row(batch, books, account, COMMAND_DEPOSIT);
        account->balance++;
        row->entry.amount = 1;
        row->counter_role = SYSTEM_WORLD;
        after_state(row, account);
        add_account(batch, account, false);
    }
    batch->system = (struct system_change){.role = SYSTEM_WORLD, .delta = -(money_wide)count};
    must(asset_parse("EUR", 3, &batch->system.asset), "EUR");
    batch->batch.systems_count = count > 0 ? 1 : 0;
}

struct hold *store_batch_hold(struct store_batch *batch, struct store_books *books,
                              int64_t number) {
    struct account *account = &books->accounts[number - 1];
    struct journal_row *row = add_row(batch, books, account, COMMAND_HOLD);
    struct hold *hold = &batch->holds[batch->batch.holds_count];
    account->held++;
    row->held_delta = 1;
    after_state(row, account);
    *hold = (struct hold){.id = row->entry.key.id,
                          .origin = books->row.lane,
                          .account_number = number,
                          .amount = 1,
                          .expires_at_ms = HOLD_NEVER,
                          .state = HOLD_OPEN,
                          .kind = HOLD_CLIENT};
    batch->hold_changes[batch->batch.holds_count++] =
        (struct hold_change){.row = hold, .is_new = true};
    return hold;
}

void store_batch_settle(struct store_batch *batch, struct store_books *books,
                        const struct hold *hold) {
    struct account *account = &books->accounts[hold->account_number - 1];
    struct journal_row *row = add_row(batch, books, account, COMMAND_RELEASE);
    struct hold *after = &batch->holds[batch->batch.holds_count];
    account->held -= hold->amount;
    row->held_delta = -hold->amount;
    after_state(row, account);
    *after = *hold;
    after->state = HOLD_RELEASED;
    batch->hold_changes[batch->batch.holds_count++] =
        (struct hold_change){.row = after, .is_new = false};
}

void store_batch_quarantine(struct store_batch *batch, struct store_books *books) {
    static const uint8_t bytes[] = {'{', 0xff, 0};
    (void)books;
    batch->quarantine = (struct quarantine_row){.log_offset = next_record(batch),
                                                .at_ms = batch->batch.after.lane_time_ms,
                                                .reason = OUTCOME_MALFORMED,
                                                .detail = "not JSON",
                                                .value = {bytes, sizeof bytes},
                                                .key_len = -1,
                                                .value_len = sizeof bytes};
    batch->batch.quarantine_count = 1;
}

void store_books_committed(struct store_books *books, const struct store_batch *batch) {
    books->row = batch->batch.after;
}
