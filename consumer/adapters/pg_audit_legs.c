#include "consumer/adapters/pg_audit_legs.h"

#include <stdio.h>
#include <string.h>

#include "consumer/adapters/pg_audit_sql.h"
#include "consumer/adapters/pg_audit_text.h"

#define PAGE_STEPS 20000

enum step_column {
    S_ID,
    S_ORIGIN,
    S_LANE,
    S_STEP,
    S_TYPE,
    S_OUTCOME,
    S_AMOUNT,
    S_HELD_DELTA,
    S_PRICE,
    S_COUNTER_ROLE,
    S_LOG_OFFSET,
    S_AT,
    S_ASSET,
    S_NOW,
};

static bool same_id(const struct pg_rows *rows, int a, int b) {
    return strcmp(pg_rows_text(rows, a, S_ID), pg_rows_text(rows, b, S_ID)) == 0;
}

/* The last command of a full page may go on behind it. */
static int whole_commands(const struct pg_rows *rows) {
    int count = pg_rows_count(rows);
    const int last = count - 1;
    while (count > 0 && same_id(rows, count - 1, last)) {
        count--;
    }
    return count;
}

static enum pg_answer read_subscriptions(struct pg_conn *conn, const char *from,
                                         struct audit_legs *page, struct pg_failure *failure) {
    static const char *const last_id = "ffffffff-ffff-ffff-ffff-ffffffffffff";
    const char *to = page->is_last ? last_id : pg_rows_text(page->steps, page->steps_count, S_ID);
    const char *const params[] = {from, to, page->is_last ? "t" : "f"};
    page->subscriptions = pg_conn_query(conn, SQL_AUDIT_SUBSCRIPTION_STATES, params, 3, failure);
    return page->subscriptions == NULL ? failure->answer : PG_DONE;
}

static enum pg_answer read_steps(struct pg_conn *conn, const char *from, struct audit_legs *page,
                                 struct pg_failure *failure) {
    char limit[16];
    (void)snprintf(limit, sizeof limit, "%d", PAGE_STEPS);
    const char *const params[] = {from, limit};
    page->steps = pg_conn_query(conn, SQL_AUDIT_STEPS, params, 2, failure);
    if (page->steps == NULL) {
        return failure->answer;
    }
    const int count = pg_rows_count(page->steps);
    page->is_last = count < PAGE_STEPS;
    page->steps_count = page->is_last ? count : whole_commands(page->steps);
    page->read_at_ms = count > 0 ? pg_rows_int(page->steps, 0, S_NOW) : 0;
    return PG_DONE;
}

enum pg_answer pg_audit_legs_read(struct pg_conn *conn, const struct uuid *from,
                                  struct audit_legs *page, struct pg_failure *failure) {
    char text[UUID_TEXT_LEN + 1];
    uuid_format(from, text);
    *page = (struct audit_legs){.steps = NULL};
    enum pg_answer answer = pg_conn_script(conn, SQL_AUDIT_LEGS_BEGIN, failure);
    if (answer == PG_DONE) {
        answer = read_steps(conn, text, page, failure);
    }
    if (answer == PG_DONE) {
        answer = read_subscriptions(conn, text, page, failure);
    }
    return answer == PG_DONE ? pg_conn_script(conn, SQL_AUDIT_END, failure) : answer;
}

void pg_audit_legs_close(struct audit_legs *page) {
    pg_rows_free(page->steps);
    pg_rows_free(page->subscriptions);
}

struct uuid pg_audit_legs_next(const struct audit_legs *page) {
    struct uuid next = {.bytes = {0}};
    (void)pg_audit_text_uuid(page->steps, page->steps_count, S_ID, &next);
    return next;
}

bool pg_audit_legs_step(const struct audit_legs *page, int index, struct audit_step *out) {
    const struct pg_rows *rows = page->steps;
    struct entry *entry = &out->entry;
    *out = (struct audit_step){.lane = (uint16_t)pg_rows_int(rows, index, S_LANE)};
    entry->key.origin = (uint16_t)pg_rows_int(rows, index, S_ORIGIN);
    entry->key.step = (int32_t)pg_rows_int(rows, index, S_STEP);
    entry->type = (int)pg_rows_int(rows, index, S_TYPE);
    entry->amount = pg_rows_int(rows, index, S_AMOUNT);
    entry->price = pg_rows_int(rows, index, S_PRICE);
    entry->log_offset = pg_rows_int(rows, index, S_LOG_OFFSET);
    entry->at_ms = pg_rows_int(rows, index, S_AT);
    out->held_delta = pg_rows_int(rows, index, S_HELD_DELTA);
    out->counter_role = (enum system_role)pg_rows_int(rows, index, S_COUNTER_ROLE);
    return pg_audit_text_uuid(rows, index, S_ID, &entry->key.id) &&
           outcome_from_number((int)pg_rows_int(rows, index, S_OUTCOME), &entry->outcome) &&
           (pg_rows_null(rows, index, S_ASSET) ||
            pg_audit_text_asset(rows, index, S_ASSET, &out->asset));
}

int pg_audit_legs_subscriptions(const struct audit_legs *page) {
    return pg_rows_count(page->subscriptions);
}

bool pg_audit_legs_subscription(const struct audit_legs *page, int index,
                                struct audit_subscription *out) {
    const struct pg_rows *rows = page->subscriptions;
    struct subscription *row = &out->row;
    *out = (struct audit_subscription){.lane = (uint16_t)pg_rows_int(rows, index, 2)};
    row->origin = (uint16_t)pg_rows_int(rows, index, 1);
    row->quantity = pg_rows_int(rows, index, 3);
    row->price = pg_rows_int(rows, index, 4);
    row->allotted = pg_rows_int(rows, index, 5);
    row->state = (enum subscription_state)pg_rows_int(rows, index, 6);
    out->log_offset = pg_rows_int(rows, index, 7);
    out->at_ms = pg_rows_int(rows, index, 8);
    return pg_audit_text_uuid(rows, index, 0, &row->id);
}

struct pg_rows *pg_audit_chunks(struct pg_conn *conn, struct pg_failure *failure) {
    return pg_conn_query(conn, SQL_AUDIT_CHUNKS, NULL, 0, failure);
}

bool pg_audit_chunk(const struct pg_rows *rows, int index, struct audit_chunk *out) {
    *out = (struct audit_chunk){
        .key.origin = (uint16_t)pg_rows_int(rows, index, 1),
        .key.step = (int32_t)pg_rows_int(rows, index, 3),
        .lane = (uint16_t)pg_rows_int(rows, index, 2),
        .log_offset = pg_rows_int(rows, index, 4),
        .at_ms = pg_rows_int(rows, index, 5),
        .read_at_ms = pg_rows_int(rows, index, 6),
    };
    return pg_audit_text_uuid(rows, index, 0, &out->key.id);
}
