#include "common/check.h"
#include "common/pg/pg_conn.h"
#include "common/pg/pg_wire.h"

#include <stdlib.h>

struct pg_rows {
    PGresult *result;
};

static enum pg_answer send(struct pg_conn *conn, const char *sql, const char *const *params,
                           int params_count, struct pg_failure *failure) {
    pg_wire_begin(conn);
    if (conn->broken ||
        PQsendQueryParams(conn->raw, sql, params_count, NULL, params, NULL, NULL, 0) == 0) {
        return pg_wire_lost(conn, failure);
    }
    return PG_DONE;
}

struct pg_rows *pg_conn_query(struct pg_conn *conn, const char *sql, const char *const *params,
                              int params_count, struct pg_failure *failure) {
    PGresult *result = NULL;
    struct pg_rows *rows = malloc(sizeof *rows);
    CHECK(rows != NULL);
    enum pg_answer answer = send(conn, sql, params, params_count, failure);
    if (answer == PG_DONE) {
        answer = pg_wire_result(conn, &result, failure);
    }
    if (answer == PG_DONE && result != NULL) {
        answer = pg_wire_judge(conn, result, failure);
    }
    if (!conn->broken) {
        answer = pg_wire_drain(conn, answer, failure);
    }
    if (answer == PG_DONE && result != NULL) {
        rows->result = result;
        return rows;
    }
    PQclear(result);
    free(rows);
    return NULL;
}

enum pg_answer pg_conn_script(struct pg_conn *conn, const char *sql, struct pg_failure *failure) {
    pg_wire_begin(conn);
    return conn->broken ? pg_wire_lost(conn, failure) : pg_wire_simple(conn, sql, failure);
}

/* Stopping early cancels the statement: its own error is then what was wanted. */
static enum pg_answer stop_early(struct pg_conn *conn, struct pg_failure *failure) {
    struct pg_failure cancelled = PG_FAILURE_INIT;
    conn->deadline_ms = 0; /* the next wait cancels and drains */
    (void)pg_wire_drain(conn, PG_DONE, &cancelled);
    return conn->broken ? pg_wire_lost(conn, failure) : PG_DONE;
}

enum pg_answer pg_conn_each(struct pg_conn *conn, const char *sql, const char *const *params,
                            int params_count, pg_row_fn *each, void *context,
                            struct pg_failure *failure) {
    enum pg_answer answer = send(conn, sql, params, params_count, failure);
    if (answer != PG_DONE) {
        return answer;
    }
    (void)PQsetSingleRowMode(conn->raw);
    for (;;) {
        struct pg_rows rows = {NULL};
        bool go_on = true;
        pg_wire_begin(conn); /* the deadline is for each row: a stream may take its time */
        answer = pg_wire_result(conn, &rows.result, failure);
        if (answer != PG_DONE || rows.result == NULL) {
            return answer;
        }
        answer = pg_wire_judge(conn, rows.result, failure);
        if (PQresultStatus(rows.result) == PGRES_SINGLE_TUPLE) {
            go_on = each(&rows, context);
        }
        PQclear(rows.result);
        if (answer != PG_DONE) {
            return pg_wire_drain(conn, answer, failure);
        }
        if (!go_on) {
            return stop_early(conn, failure);
        }
    }
}

void pg_rows_free(struct pg_rows *rows) {
    if (rows != NULL) {
        PQclear(rows->result);
        free(rows);
    }
}

int pg_rows_count(const struct pg_rows *rows) {
    return PQntuples(rows->result);
}

bool pg_rows_null(const struct pg_rows *rows, int row, int column) {
    return PQgetisnull(rows->result, row, column) != 0;
}

const char *pg_rows_text(const struct pg_rows *rows, int row, int column) {
    return PQgetvalue(rows->result, row, column);
}

int64_t pg_rows_int(const struct pg_rows *rows, int row, int column) {
    return strtoll(PQgetvalue(rows->result, row, column), NULL, 10);
}
