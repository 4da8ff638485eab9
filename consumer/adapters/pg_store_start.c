#include "consumer/adapters/pg_decode.h"
#include "consumer/adapters/pg_session.h"
#include "consumer/adapters/pg_store.h"

static enum pg_answer start_due(struct pg_store *store, struct lane *lane,
                                struct pg_failure *failure) {
    PGresult *result = NULL;
    int64_t due = HOLD_NEVER;
    pg_params_reset(&store->params);
    if (pg_session_call(store, PG_START_DUE, lane_row(lane)->lane, failure) != PG_DONE ||
        pg_wire_result(store->conn, &result, failure) != PG_DONE) {
        return failure->answer;
    }
    if (pg_wire_judge(store->conn, result, failure) == PG_DONE) {
        due = pg_decode_due(result);
    }
    PQclear(result);
    if (pg_wire_drain(store->conn, failure->answer, failure) == PG_DONE) {
        lane_put_start_due(lane, due);
    }
    return failure->answer;
}

/* Puts the key of a single-row result. */
static enum pg_answer put_key(struct pg_store *store, const PGresult *result, struct lane *lane,
                              size_t *count, struct pg_failure *failure) {
    struct journal_key key;
    if (pg_wire_judge(store->conn, result, failure) != PG_DONE ||
        PQresultStatus(result) != PGRES_SINGLE_TUPLE) {
        return failure->answer; /* an error, or the empty result at the end */
    }
    if (!pg_decode_key(result, 0, &key)) {
        return pg_failure_set(failure, PG_STATE_STORED, "a stored key breaks our own rules", NULL);
    }
    lane_put_start_key(lane, &key);
    (*count)++;
    return PG_DONE;
}

static enum pg_answer start_keys(struct pg_store *store, struct lane *lane, size_t *count,
                                 struct pg_failure *failure) {
    const struct uuid upper = lane_fence_upper(lane);
    pg_params_reset(&store->params);
    pg_params_uuid(&store->params, &upper);
    pg_params_int64(&store->params, (int64_t)lane_fence_room(lane));
    if (pg_session_call(store, PG_START_KEYS, lane_row(lane)->lane, failure) != PG_DONE) {
        return failure->answer;
    }
    (void)PQsetSingleRowMode(store->conn->raw);
    for (;;) {
        PGresult *result;
        if (pg_wire_result(store->conn, &result, failure) != PG_DONE || result == NULL) {
            return failure->answer;
        }
        enum pg_answer answer = put_key(store, result, lane, count, failure);
        PQclear(result);
        if (answer != PG_DONE) {
            return pg_wire_drain(store->conn, failure->answer, failure);
        }
    }
}

enum pg_answer pg_store_start(struct pg_store *store, struct lane *lane,
                              struct pg_failure *failure) {
    size_t count = 0;
    *failure = (struct pg_failure)PG_FAILURE_INIT;
    if (!pg_store_usable(store)) {
        return pg_failure_set(failure, NULL, "not connected", NULL);
    }
    if (pg_session_prepare(store, lane_row(lane)->lane, failure) != PG_DONE) {
        return failure->answer;
    }
    pg_wire_begin(store->conn);
    if (pg_wire_simple(store->conn, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", failure) !=
        PG_DONE) {
        return failure->answer;
    }
    if (start_due(store, lane, failure) == PG_DONE) {
        (void)start_keys(store, lane, &count, failure);
    }
    struct pg_failure later = PG_FAILURE_INIT;
    if (pg_store_usable(store) && pg_wire_simple(store->conn, "COMMIT", &later) != PG_DONE) {
        store->conn->broken = true;
    }
    if (failure->answer == PG_DONE) {
        lane_started(lane, count < lane_fence_room(lane));
    }
    return failure->answer;
}
