#include "consumer/adapters/pg_session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/check.h"

#define NAME_MAX_LEN 24
#define SQL_MAX_LEN 2048

struct statement_text {
    const char *sql;
    int parameters;
};

#define STATEMENT_ROW(name, parameters, text) {text, parameters},
static const struct statement_text texts[] = {PG_STATEMENTS(STATEMENT_ROW)};
#undef STATEMENT_ROW

const void **pg_session_rows(struct pg_store *store, size_t count) {
    if (store->rows_room < count) {
        store->rows = realloc(store->rows, count * sizeof *store->rows);
        CHECK(store->rows != NULL);
        store->rows_room = count;
    }
    return store->rows;
}

void pg_session_pick(struct pg_store *store, const void *first, size_t stride, size_t count) {
    const void **rows = pg_session_rows(store, count);
    for (size_t i = 0; i < count; i++) {
        rows[i] = (const char *)first + i * stride;
    }
}

void pg_session_text(const char *sql, uint16_t lane, char *out, size_t room) {
    static const char mark[] = "{lane}";
    size_t len = 0;
    while (*sql != '\0') {
        if (strncmp(sql, mark, sizeof mark - 1) == 0) {
            len += (size_t)snprintf(out + len, room - len, "%u", (unsigned)lane);
            sql += sizeof mark - 1;
        } else {
            out[len++] = *sql++;
        }
        CHECK(len < room);
    }
    out[len] = '\0';
}

static void name_of(enum pg_statement statement, uint16_t lane, char name[NAME_MAX_LEN]) {
    (void)snprintf(name, NAME_MAX_LEN, "s%d_%u", (int)statement, (unsigned)lane);
}

static void remember(struct pg_store *store, enum pg_statement statement, size_t index) {
    if (store->sent_count == store->sent_room) {
        store->sent_room = store->sent_room > 0 ? 2 * store->sent_room : 64;
        store->sent = realloc(store->sent, store->sent_room * sizeof *store->sent);
        CHECK(store->sent != NULL);
    }
    store->sent[store->sent_count++] = (struct pg_sent){statement, index};
}

enum pg_answer pg_session_begin(struct pg_store *store, struct pg_failure *failure) {
    if (!pg_conn_usable(store->conn)) {
        return pg_failure_set(failure, NULL, "not connected", NULL);
    }
    pg_wire_begin(store->conn);
    store->sent_count = 0;
    return PQenterPipelineMode(store->conn->raw) == 1 ? PG_DONE
                                                      : pg_wire_lost(store->conn, failure);
}

enum pg_answer pg_session_prepare(struct pg_store *store, uint16_t lane,
                                  struct pg_failure *failure) {
    char sql[SQL_MAX_LEN];
    char name[NAME_MAX_LEN];
    CHECK(lane < PG_LANES_MAX);
    if (store->prepared[lane]) {
        return PG_DONE;
    }
    if (pg_session_begin(store, failure) != PG_DONE) {
        return failure->answer;
    }
    for (enum pg_statement i = 0; i < PG_STATEMENTS_COUNT; i++) {
        name_of(i, lane, name);
        pg_session_text(texts[i].sql, lane, sql, sizeof sql);
        if (PQsendPrepare(store->conn->raw, name, sql, 0, NULL) == 0) {
            return pg_wire_lost(store->conn, failure);
        }
        remember(store, i, 0);
    }
    enum pg_answer answer = pg_session_end(store, NULL, NULL, failure);
    store->prepared[lane] = answer == PG_DONE;
    return answer;
}

/* libpq's view of the parameters. */
struct values {
    const char *at[PG_PARAMS_MAX];
    int lengths[PG_PARAMS_MAX];
    int formats[PG_PARAMS_MAX];
};

static void point(const struct pg_params *params, struct values *values) {
    for (int i = 0; i < params->count; i++) {
        values->at[i] = (const char *)params->bytes.at + params->start[i];
        values->lengths[i] = (int)(params->end[i] - params->start[i]);
        values->formats[i] = 1;
    }
}

enum pg_answer pg_session_call(struct pg_store *store, enum pg_statement statement, uint16_t lane,
                               struct pg_failure *failure) {
    struct values values;
    char name[NAME_MAX_LEN];
    CHECK(store->params.count == texts[statement].parameters);
    name_of(statement, lane, name);
    point(&store->params, &values);
    if (PQsendQueryPrepared(store->conn->raw, name, store->params.count, values.at, values.lengths,
                            values.formats, 1) == 0) {
        return pg_wire_lost(store->conn, failure);
    }
    return PG_DONE;
}

enum pg_answer pg_session_send(struct pg_store *store, enum pg_statement statement, uint16_t lane,
                               size_t index, struct pg_failure *failure) {
    remember(store, statement, index);
    return pg_session_call(store, statement, lane, failure);
}

enum pg_answer pg_session_send_text(struct pg_store *store, const char *sql,
                                    struct pg_failure *failure) {
    struct values values;
    point(&store->params, &values);
    remember(store, PG_STATEMENTS_COUNT, 0);
    if (PQsendQueryParams(store->conn->raw, sql, store->params.count, NULL, values.at,
                          values.lengths, values.formats, 1) == 0) {
        return pg_wire_lost(store->conn, failure);
    }
    return PG_DONE;
}

static bool has_rows(const PGresult *result) {
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_TUPLES_OK || status == PGRES_SINGLE_TUPLE;
}

/* Reads one statement's results up to its end. Only a lost connection ends the reading. */
static enum pg_answer collect_one(struct pg_store *store, const struct pg_sent *sent,
                                  pg_result_fn *each, void *context, struct pg_failure *failure) {
    PGresult *result;
    struct pg_failure later = PG_FAILURE_INIT;
    if (sent->statement == PG_SHARES) { /* as many rows as a product has subscriptions */
        (void)PQsetSingleRowMode(store->conn->raw);
    }
    for (;;) {
        struct pg_failure *to = failure->answer == PG_DONE ? failure : &later;
        if (pg_wire_result(store->conn, &result, to) != PG_DONE) {
            failure->unknown = to == failure;
            return PG_LOST;
        }
        if (result == NULL) {
            return PG_DONE;
        }
        if (pg_wire_judge(store->conn, result, to) != PG_DONE) {
            to->unknown = store->conn->broken;
        } else if (failure->answer == PG_DONE && each != NULL && has_rows(result) &&
                   !each(result, sent, context)) {
            (void)pg_failure_set(failure, PG_STATE_STORED, "a stored row breaks our own rules",
                                 NULL);
        }
        PQclear(result);
        if (store->conn->broken) {
            return PG_LOST;
        }
    }
}

/* The Sync itself: its result is the server's word that the transaction is closed. */
static enum pg_answer collect_sync(struct pg_store *store, struct pg_failure *failure) {
    PGresult *result;
    struct pg_failure later = PG_FAILURE_INIT;
    struct pg_failure *to = failure->answer == PG_DONE ? failure : &later;
    enum pg_answer answer = pg_wire_result(store->conn, &result, to);
    if (answer == PG_DONE && PQresultStatus(result) != PGRES_PIPELINE_SYNC) {
        answer = pg_wire_judge(store->conn, result, to);
        if (answer == PG_DONE) {
            answer = pg_wire_lost(store->conn, to); /* never: the protocol is out of step */
        }
        store->conn->broken = true;
    }
    PQclear(result);
    to->unknown = answer != PG_DONE;
    return answer;
}

enum pg_answer pg_session_end(struct pg_store *store, pg_result_fn *each, void *context,
                              struct pg_failure *failure) {
    enum pg_answer answer = PG_DONE;
    *failure = (struct pg_failure)PG_FAILURE_INIT;
    if (PQpipelineSync(store->conn->raw) == 0 || pg_wire_flush(store->conn, failure) != PG_DONE) {
        (void)pg_wire_lost(store->conn, failure);
        failure->unknown = true;
        return PG_LOST;
    }
    for (size_t i = 0; i < store->sent_count && answer == PG_DONE; i++) {
        answer = collect_one(store, &store->sent[i], each, context, failure);
    }
    if (answer == PG_DONE) {
        answer = collect_sync(store, failure);
    }
    if (answer == PG_DONE && PQexitPipelineMode(store->conn->raw) == 0) {
        store->conn->broken = true; /* what was committed stays so */
    }
    return failure->answer;
}
