#include "consumer/adapters/pg_lane.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/pg/pg_wire.h"
#include "common/rt/clock.h"
#include "consumer/adapters/pg_decode.h"
#include "consumer/adapters/pg_sql_admin.h"

#define UNBLOCK_AGAIN_MS 1000
#define CALL_MS 15000 /* longer than lock_timeout, shorter than what looks like a hang of ours */
#define NUMBER_ROOM 24

struct pg_taker {
    const char *conninfo;
    struct pg_conn *conn;
    struct pg_conn *helper; /* asks about the first one while that waits */
};

struct pg_taker *pg_taker_new(const char *conninfo) {
    struct pg_taker *taker = calloc(1, sizeof *taker);
    if (taker != NULL) {
        taker->conninfo = conninfo;
    }
    return taker;
}

void pg_taker_free(struct pg_taker *taker) {
    if (taker != NULL) {
        pg_conn_close(taker->conn);
        pg_conn_close(taker->helper);
        free(taker);
    }
}

static enum pg_answer reach(const struct pg_taker *taker, struct pg_conn **conn,
                            struct pg_failure *failure) {
    const struct pg_conn_options options = {
        .conninfo = taker->conninfo,
        .application = PG_APPLICATION_WORKER,
        .session = PG_SESSION_WORKER,
        .call_ms = CALL_MS,
    };
    if (pg_conn_usable(*conn)) {
        return PG_DONE;
    }
    pg_conn_close(*conn);
    *conn = pg_conn_open(&options, failure);
    return *conn != NULL ? PG_DONE : failure->answer;
}

/* Ends frozen sessions that hold up the take. What fails here is tried again by the caller. */
static void unblock(struct pg_taker *taker) {
    struct pg_failure ignored = PG_FAILURE_INIT;
    char backend[NUMBER_ROOM];
    char patience[NUMBER_ROOM];
    const char *const params[] = {backend, PG_APPLICATION_WORKER, patience};
    (void)snprintf(backend, sizeof backend, "%d", pg_conn_backend(taker->conn));
    (void)snprintf(patience, sizeof patience, "%d", PG_LANE_PATIENCE_MS);
    if (reach(taker, &taker->helper, &ignored) == PG_DONE) {
        pg_rows_free(pg_conn_query(taker->helper, SQL_LANE_UNBLOCK, params, 3, &ignored));
    }
}

/* Reads the rows of one statement, at most `room`. */
static enum pg_answer read_rows(struct pg_taker *taker, struct pg_lane *out, size_t room,
                                size_t *count, struct pg_failure *failure) {
    PGresult *result;
    *count = 0;
    for (;;) {
        struct pg_failure later = PG_FAILURE_INIT;
        struct pg_failure *to = failure->answer == PG_DONE ? failure : &later;
        if (pg_wire_result(taker->conn, &result, to) != PG_DONE || result == NULL) {
            return failure->answer;
        }
        if (pg_wire_judge(taker->conn, result, to) == PG_DONE) {
            for (int i = 0; i < PQntuples(result) && *count < room; i++) {
                if (!pg_decode_lane(result, i, &out[(*count)++])) {
                    (void)pg_failure_set(to, PG_STATE_STORED, "a lane row breaks our own rules",
                                         NULL);
                }
            }
        }
        PQclear(result);
    }
}

static enum pg_answer run(struct pg_taker *taker, const char *sql, const char *const *params,
                          int params_count, struct pg_failure *failure) {
    *failure = (struct pg_failure)PG_FAILURE_INIT;
    if (reach(taker, &taker->conn, failure) != PG_DONE) {
        return failure->answer;
    }
    pg_wire_begin(taker->conn);
    if (PQsendQueryParams(taker->conn->raw, sql, params_count, NULL, params, NULL, NULL, 1) == 0) {
        return pg_wire_lost(taker->conn, failure);
    }
    return pg_wire_flush(taker->conn, failure);
}

/* Changes one lane row; no row: it is not what the statement asked for. */
static enum pg_answer change(struct pg_taker *taker, const char *sql, const char *const *params,
                             int params_count, struct pg_lane *out, struct pg_failure *failure) {
    size_t count;
    int64_t patience = PG_LANE_PATIENCE_MS;
    if (run(taker, sql, params, params_count, failure) != PG_DONE) {
        return failure->answer;
    }
    /* lock_timeout ends the waiting if nothing else does; a frozen server has no timers. */
    while (!pg_wire_ready(taker->conn, patience) &&
           clock_monotonic_ms() < taker->conn->deadline_ms) {
        unblock(taker);
        patience = UNBLOCK_AGAIN_MS;
    }
    if (read_rows(taker, out, 1, &count, failure) != PG_DONE) {
        failure->unknown = failure->answer == PG_LOST;
        return failure->answer;
    }
    if (count == 0) {
        (void)pg_failure_set(failure, PG_STATE_FENCED, "the lane has another owner or epoch",
                             params[0]);
    }
    return failure->answer;
}

/* Text forms of what names a lane and its tenure. */
struct tenure_text {
    char lane[NUMBER_ROOM];
    char owner[UUID_TEXT_LEN + 1];
    char epoch[NUMBER_ROOM];
};

static struct tenure_text text_of(uint16_t lane, const struct uuid *owner, int64_t epoch) {
    struct tenure_text text;
    (void)snprintf(text.lane, sizeof text.lane, "%u", (unsigned)lane);
    (void)snprintf(text.epoch, sizeof text.epoch, "%lld", (long long)epoch);
    uuid_format(owner, text.owner);
    return text;
}

enum pg_answer pg_lane_take(struct pg_taker *taker, uint16_t lane, const struct uuid *owner,
                            struct pg_lane *out, struct pg_failure *failure) {
    const struct tenure_text text = text_of(lane, owner, 0);
    const char *const params[] = {text.lane, text.owner};
    enum pg_answer answer = change(taker, SQL_LANE_TAKE, params, 2, out, failure);
    if (answer == PG_FENCED) {
        failure->answer = PG_REFUSED;
        failure->sqlstate[0] = '\0';
        (void)err_set(&failure->err, ERR_OPERATOR, "the ledger has no lane %s", text.lane);
    }
    return failure->answer;
}

enum pg_answer pg_lane_retake(struct pg_taker *taker, uint16_t lane, const struct uuid *owner,
                              int64_t epoch, struct pg_lane *out, struct pg_failure *failure) {
    const struct tenure_text text = text_of(lane, owner, epoch);
    const char *const params[] = {text.lane, text.owner, text.epoch};
    return change(taker, SQL_LANE_RETAKE, params, 3, out, failure);
}

enum pg_answer pg_lane_mark(struct pg_taker *taker, const struct lane_row *owned, int stop,
                            const char *detail, struct pg_failure *failure) {
    struct pg_lane after;
    char state[NUMBER_ROOM];
    const struct tenure_text text = text_of(owned->lane, &owned->owner, owned->epoch);
    const char *const params[] = {text.lane, text.owner, text.epoch, state, detail};
    (void)snprintf(state, sizeof state, "%d", stop);
    return change(taker, SQL_LANE_MARK, params, 5, &after, failure);
}

enum pg_answer pg_lane_list(struct pg_taker *taker, struct pg_lane *out, size_t room, size_t *count,
                            struct pg_failure *failure) {
    *count = 0;
    if (run(taker, SQL_LANE_LIST, NULL, 0, failure) != PG_DONE) {
        return failure->answer;
    }
    return read_rows(taker, out, room, count, failure);
}
