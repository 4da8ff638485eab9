#include <stdio.h>
#include <string.h>

#include "common/check.h"
#include "consumer/adapters/pg_commit.h"

#define CHUNK_BYTES (64 * 1024)
#define SQL_MAX_LEN 1024

static enum pg_answer open_copy(struct pg_store *store, uint16_t lane, struct pg_failure *failure) {
    char sql[SQL_MAX_LEN];
    PGresult *result = NULL;
    pg_session_text(SQL_COPY_JOURNAL, lane, sql, sizeof sql);
    if (PQsendQuery(store->conn->raw, sql) == 0) {
        return pg_wire_lost(store->conn, failure);
    }
    if (pg_wire_result(store->conn, &result, failure) != PG_DONE) {
        return failure->answer;
    }
    bool open = PQresultStatus(result) == PGRES_COPY_IN;
    if (!open && pg_wire_judge(store->conn, result, failure) == PG_DONE) {
        (void)pg_wire_lost(store->conn, failure); /* never: the protocol is out of step */
    }
    PQclear(result);
    return open ? PG_DONE : pg_wire_drain(store->conn, failure->answer, failure);
}

/* Hands over what is encoded. A server that refuses the COPY says so at its end, not here. */
static enum pg_answer put_chunk(struct pg_store *store, struct pg_failure *failure) {
    if (PQputCopyData(store->conn->raw, (const char *)store->copy.at, (int)store->copy.len) != 1) {
        return pg_wire_lost(store->conn, failure);
    }
    pg_bytes_reset(&store->copy);
    return pg_wire_flush(store->conn, failure);
}

static void put_row(struct pg_bytes *out, const struct journal_row *row, uint16_t lane) {
    pg_copy_row(out, (int16_t)(pg_columns_journal.count + 1));
    for (size_t i = 0; i < pg_columns_journal.count; i++) {
        pg_columns_journal.items[i].put(out, row);
    }
    pg_put_int16(out, (int16_t)lane);
}

static enum pg_answer put_rows(struct pg_store *store, const struct batch *batch,
                               struct pg_failure *failure) {
    pg_bytes_reset(&store->copy);
    pg_copy_begin(&store->copy);
    for (size_t i = 0; i < batch->rows_count; i++) {
        put_row(&store->copy, &batch->rows[i], batch->after.lane);
        if (store->copy.len >= CHUNK_BYTES && put_chunk(store, failure) != PG_DONE) {
            return failure->answer;
        }
    }
    pg_copy_end(&store->copy);
    return put_chunk(store, failure);
}

static enum pg_answer copy_journal(struct pg_store *store, const struct batch *batch,
                                   struct pg_failure *failure) {
    if (batch->rows_count == 0) {
        return PG_DONE;
    }
    if (open_copy(store, batch->after.lane, failure) != PG_DONE ||
        put_rows(store, batch, failure) != PG_DONE) {
        return failure->answer;
    }
    pg_commit_pass(store, "mid_copy");
    if (PQputCopyEnd(store->conn->raw, NULL) != 1) {
        return pg_wire_lost(store->conn, failure);
    }
    return pg_wire_drain(store->conn, failure->answer, failure);
}

/* COMMIT of a transaction that has failed answers ROLLBACK, and no error. */
static enum pg_answer commit(struct pg_store *store, struct pg_failure *failure) {
    PGresult *result = NULL;
    if (PQsendQuery(store->conn->raw, "COMMIT") == 0) {
        return pg_wire_lost(store->conn, failure);
    }
    if (pg_wire_result(store->conn, &result, failure) != PG_DONE) {
        failure->unknown = true;
        return failure->answer;
    }
    if (pg_wire_judge(store->conn, result, failure) != PG_DONE) {
        failure->unknown = store->conn->broken;
    } else if (strcmp(PQcmdStatus(result), "COMMIT") != 0) {
        (void)pg_failure_set(failure, "25P02", "COMMIT of a failed transaction", NULL);
    }
    PQclear(result);
    if (failure->answer == PG_DONE) {
        struct pg_failure later = PG_FAILURE_INIT;
        /* Nothing that comes now can take the commit back. */
        (void)pg_wire_drain(store->conn, PG_DONE, &later);
        return PG_DONE;
    }
    return pg_wire_drain(store->conn, failure->answer, failure);
}

static void roll_back(struct pg_store *store) {
    struct pg_failure ignored = PG_FAILURE_INIT;
    if (pg_conn_usable(store->conn) &&
        pg_wire_simple(store->conn, "ROLLBACK", &ignored) != PG_DONE) {
        store->conn->broken = true;
    }
}

/* The answers of everything that stands before the COPY are read before it starts. */
static enum pg_answer write_rest(struct pg_store *store, const struct pg_part *parts, size_t count,
                                 struct pg_failure *failure) {
    pg_params_reset(&store->params);
    if (pg_session_begin(store, failure) != PG_DONE ||
        pg_session_send_text(store, "BEGIN", failure) != PG_DONE ||
        pg_commit_fence(store, parts, count, failure) != PG_DONE) {
        return failure->answer;
    }
    pg_commit_pass(store, "after_advance");
    for (size_t i = 0; i < count; i++) {
        if (pg_commit_rows(store, &parts[i], failure) != PG_DONE) {
            return failure->answer;
        }
        pg_commit_pass(store, "mid_pipeline");
    }
    (void)pg_session_end(store, NULL, NULL, failure);
    failure->unknown = false; /* COMMIT was not sent */
    return failure->answer;
}

enum pg_answer pg_commit_by_copy(struct pg_store *store, const struct pg_part *parts, size_t count,
                                 struct pg_failure *failure) {
    enum pg_answer answer = write_rest(store, parts, count, failure);
    for (size_t i = 0; i < count && answer == PG_DONE; i++) {
        answer = copy_journal(store, parts[i].batch, failure);
    }
    if (answer == PG_DONE) {
        pg_commit_pass(store, "before_commit");
        answer = commit(store, failure);
    }
    if (answer != PG_DONE) {
        roll_back(store);
    }
    return answer;
}
