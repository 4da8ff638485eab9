#include <stdlib.h>
#include <string.h>

#include "common/check.h"
#include "consumer/adapters/pg_commit.h"
#include "consumer/adapters/pg_store.h"

static uint16_t lane_of(const struct pg_part *part) {
    return part->batch->after.lane;
}

/* Queues a statement with one array per column; none for no rows. */
static enum pg_answer send_rows(struct pg_store *store, enum pg_statement statement, uint16_t lane,
                                const struct pg_columns *columns, size_t count,
                                struct pg_failure *failure) {
    if (count == 0) {
        return PG_DONE;
    }
    pg_params_reset(&store->params);
    pg_params_columns(&store->params, columns, store->rows, count);
    return pg_session_send(store, statement, lane, 0, failure);
}

/* The same for an UPDATE, which must meet every row. */
static enum pg_answer send_changes(struct pg_store *store, enum pg_statement statement,
                                   uint16_t lane, const struct pg_columns *columns, size_t count,
                                   struct pg_failure *failure) {
    if (count == 0) {
        return PG_DONE;
    }
    pg_params_reset(&store->params);
    pg_params_columns(&store->params, columns, store->rows, count);
    pg_params_int64(&store->params, (int64_t)count);
    return pg_session_send(store, statement, lane, 0, failure);
}

/* Rows that change come in one shape: what to write, and whether the database has it already. */
#define PICK(name, list)                                                                           \
    static size_t name(struct pg_store *store, const struct batch *batch, bool is_new) {           \
        size_t count = 0;                                                                          \
        const void **rows = pg_session_rows(store, batch->list##_count);                           \
        for (size_t i = 0; i < batch->list##_count; i++) {                                         \
            if (batch->list[i].is_new == is_new) {                                                 \
                rows[count++] = batch->list[i].row;                                                \
            }                                                                                      \
        }                                                                                          \
        return count;                                                                              \
    }
PICK(pick_accounts, accounts)
PICK(pick_holds, holds)
PICK(pick_products, products)
PICK(pick_subscriptions, subscriptions)
PICK(pick_buyers, buyers)

/* Neighbours in the table lie side by side: what shares a page is met and pruned at once. */
static int by_number(const void *a, const void *b) {
    const struct account *first = *(const struct account *const *)a;
    const struct account *second = *(const struct account *const *)b;
    return (first->number > second->number) - (first->number < second->number);
}

struct changing {
    size_t (*pick)(struct pg_store *store, const struct batch *batch, bool is_new);
    enum pg_statement insert;
    const struct pg_columns *new_columns;
    enum pg_statement update;
    const struct pg_columns *change_columns;
    int (*order)(const void *a, const void *b); /* of an UPDATE's rows; NULL: any */
};

static const struct changing changing[] = {
    {pick_accounts, PG_ACCOUNT_INSERT, &pg_columns_account_new, PG_ACCOUNT_UPDATE,
     &pg_columns_account_change, by_number},
    {pick_holds, PG_HOLD_INSERT, &pg_columns_hold_new, PG_HOLD_UPDATE, &pg_columns_hold_change,
     NULL},
    {pick_products, PG_PRODUCT_INSERT, &pg_columns_product_new, PG_PRODUCT_UPDATE,
     &pg_columns_product_change, NULL},
    {pick_subscriptions, PG_SUBSCRIPTION_INSERT, &pg_columns_subscription_new,
     PG_SUBSCRIPTION_UPDATE, &pg_columns_subscription_change, NULL},
    {pick_buyers, PG_BUYER_INSERT, &pg_columns_buyer, PG_BUYER_UPDATE, &pg_columns_buyer, NULL},
};

static enum pg_answer send_changed(struct pg_store *store, const struct batch *batch,
                                   const struct changing *table, struct pg_failure *failure) {
    uint16_t lane = batch->after.lane;
    size_t count = table->pick(store, batch, true);
    if (send_rows(store, table->insert, lane, table->new_columns, count, failure) != PG_DONE) {
        return failure->answer;
    }
    count = table->pick(store, batch, false);
    if (table->order != NULL) {
        qsort(store->rows, count, sizeof *store->rows, table->order);
    }
    return send_changes(store, table->update, lane, table->change_columns, count, failure);
}

static enum pg_answer send_systems(struct pg_store *store, const struct batch *batch,
                                   struct pg_failure *failure) {
    pg_session_pick(store, batch->systems, sizeof *batch->systems, batch->systems_count);
    return send_rows(store, PG_SYSTEM_ADD, batch->after.lane, &pg_columns_system,
                     batch->systems_count, failure);
}

static enum pg_answer send_quarantine(struct pg_store *store, const struct batch *batch,
                                      struct pg_failure *failure) {
    pg_session_pick(store, batch->quarantine, sizeof *batch->quarantine, batch->quarantine_count);
    return send_rows(store, PG_QUARANTINE_INSERT, batch->after.lane, &pg_columns_quarantine,
                     batch->quarantine_count, failure);
}

static enum pg_answer send_seal(struct pg_store *store, const struct batch *batch,
                                struct pg_failure *failure) {
    if (!batch->has_seal) {
        return PG_DONE;
    }
    pg_params_reset(&store->params);
    pg_params_int64(&store->params, batch->seal.number);
    pg_params_int64(&store->params, batch->seal.first_offset);
    pg_params_int64(&store->params, batch->seal.last_offset);
    pg_params_bytes(&store->params, batch->seal.digest, sizeof batch->seal.digest);
    return pg_session_send(store, PG_SEAL_INSERT, batch->after.lane, 0, failure);
}

enum pg_answer pg_commit_rows(struct pg_store *store, const struct pg_part *part,
                              struct pg_failure *failure) {
    const struct batch *batch = part->batch;
    for (size_t i = 0; i < sizeof changing / sizeof *changing; i++) {
        if (send_changed(store, batch, &changing[i], failure) != PG_DONE) {
            return failure->answer;
        }
    }
    if (send_systems(store, batch, failure) != PG_DONE ||
        send_quarantine(store, batch, failure) != PG_DONE) {
        return failure->answer;
    }
    return send_seal(store, batch, failure);
}

static enum pg_answer send_journal(struct pg_store *store, const struct batch *batch,
                                   struct pg_failure *failure) {
    pg_session_pick(store, batch->rows, sizeof *batch->rows, batch->rows_count);
    return send_rows(store, PG_JOURNAL_INSERT, batch->after.lane, &pg_columns_journal,
                     batch->rows_count, failure);
}

static enum pg_answer send_advance(struct pg_store *store, const struct pg_advance *moves,
                                   size_t count, struct pg_failure *failure) {
    pg_session_pick(store, moves, sizeof *moves, count);
    pg_params_reset(&store->params);
    pg_params_columns(&store->params, &pg_columns_advance, store->rows, count);
    return pg_session_send_text(store, SQL_ADVANCE, failure);
}

enum pg_answer pg_commit_fence(struct pg_store *store, const struct pg_part *parts, size_t count,
                               struct pg_failure *failure) {
    struct pg_advance moves[PG_LANES_MAX];
    for (size_t i = 0; i < count; i++) {
        moves[i] = (struct pg_advance){
            .row = &parts[i].batch->after,
            .old_offset = parts[i].batch->old_offset,
            .published_offset = parts[i].published_offset,
        };
    }
    return send_advance(store, moves, count, failure);
}

void pg_commit_pass(struct pg_store *store, const char *point) {
    if (store->options.passed == NULL) {
        return;
    }
    struct pg_failure ignored = PG_FAILURE_INIT; /* a dead connection is noticed by the next call */
    (void)pg_wire_flush(store->conn, &ignored);
    store->options.passed(store->options.listener, point);
}

static enum pg_answer by_pipeline(struct pg_store *store, const struct pg_part *parts, size_t count,
                                  struct pg_failure *failure) {
    if (pg_session_begin(store, failure) != PG_DONE ||
        pg_commit_fence(store, parts, count, failure) != PG_DONE) {
        return failure->answer;
    }
    pg_commit_pass(store, "after_advance");
    for (size_t i = 0; i < count; i++) {
        if (send_journal(store, parts[i].batch, failure) != PG_DONE) {
            return failure->answer;
        }
        pg_commit_pass(store, "mid_pipeline");
        if (pg_commit_rows(store, &parts[i], failure) != PG_DONE) {
            return failure->answer;
        }
    }
    pg_commit_pass(store, "before_commit");
    return pg_session_end(store, NULL, NULL, failure);
}

static int by_lane(const void *a, const void *b) {
    return (int)lane_of(a) - (int)lane_of(b);
}

enum pg_answer pg_store_commit(struct pg_store *store, const struct pg_part *parts, size_t count,
                               struct pg_failure *failure) {
    struct pg_part sorted[PG_LANES_MAX];
    size_t rows = 0;
    *failure = (struct pg_failure)PG_FAILURE_INIT;
    CHECK(count >= 1 && count <= PG_LANES_MAX);
    memcpy(sorted, parts, count * sizeof *parts);
    qsort(sorted, count, sizeof *sorted, by_lane);
    for (size_t i = 0; i < count; i++) {
        CHECK(i == 0 || lane_of(&sorted[i - 1]) < lane_of(&sorted[i]));
        if (pg_session_prepare(store, lane_of(&sorted[i]), failure) != PG_DONE) {
            failure->unknown = false; /* nothing of the batch was sent */
            return failure->answer;
        }
        rows += sorted[i].batch->rows_count;
    }
    pg_commit_pass(store, "before_begin");
    enum pg_answer answer = rows >= store->options.copy_rows
                                ? pg_commit_by_copy(store, sorted, count, failure)
                                : by_pipeline(store, sorted, count, failure);
    if (answer == PG_DONE) {
        pg_commit_pass(store, "after_commit");
    }
    return answer;
}

enum pg_answer pg_store_publish(struct pg_store *store, const struct pg_publish *lanes,
                                size_t count, struct pg_failure *failure) {
    struct pg_advance moves[PG_LANES_MAX];
    *failure = (struct pg_failure)PG_FAILURE_INIT;
    CHECK(count >= 1 && count <= PG_LANES_MAX);
    for (size_t i = 0; i < count; i++) {
        moves[i] = (struct pg_advance){
            .row = lanes[i].row,
            .old_offset = lanes[i].row->next_offset,
            .published_offset = lanes[i].published_offset,
        };
    }
    if (pg_session_begin(store, failure) != PG_DONE ||
        send_advance(store, moves, count, failure) != PG_DONE) {
        return failure->answer;
    }
    return pg_session_end(store, NULL, NULL, failure);
}
