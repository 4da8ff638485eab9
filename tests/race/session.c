#include "tests/race/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/rt/clock.h"
#include "tests/harness/db.h"
#include "tests/harness/must.h"

struct statement_text {
    const char *name;
    const char *sql;
};

#define SESSION_TEXT(symbol, text) {.name = #symbol, .sql = (text)},
static const struct statement_text statements[] = {SESSION_STATEMENTS(SESSION_TEXT)};
#undef SESSION_TEXT

static int arguments_of(const char *sql) {
    return strstr(sql, "$3") != NULL ? 3 : strstr(sql, "$2") != NULL ? 2 : 1;
}

static void prepare(PGconn *conn, const struct statement_text *statement) {
    const Oid bigint[SESSION_ARGS_MAX] = {20, 20, 20};
    PGresult *result =
        PQprepare(conn, statement->name, statement->sql, arguments_of(statement->sql), bigint);
    must(PQresultStatus(result) == PGRES_COMMAND_OK, "%s: %s", statement->name,
         PQerrorMessage(conn));
    PQclear(result);
}

void session_open(struct session *session, const char *conninfo, const char *redis_socket,
                  int think_ms) {
    *session = (struct session){.conn = db_open(conninfo), .think_ms = think_ms};
    for (int i = 0; i < STATEMENT_COUNT_OF; i++) {
        prepare(session->conn, &statements[i]);
    }
    if (redis_socket != NULL) {
        session->redis = redis_lock_new(redis_socket);
    }
}

void session_close(struct session *session) {
    PQfinish(session->conn);
    redis_lock_free(session->redis);
}

static bool judge(struct session *session, const PGresult *result) {
    ExecStatusType status = PQresultStatus(result);
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    (void)snprintf(session->sqlstate, sizeof session->sqlstate, "%s",
                   sqlstate == NULL ? "" : sqlstate);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

bool session_command(struct session *session, const char *sql) {
    PGresult *result = PQexec(session->conn, sql);
    bool ok = judge(session, result);
    PQclear(result);
    return ok;
}

static int64_t number(const char *text) {
    return strtoll(text, NULL, 10);
}

struct answer session_run(struct session *session, enum statement statement, int64_t first,
                          int64_t second, int64_t third) {
    const int64_t arguments[SESSION_ARGS_MAX] = {first, second, third};
    char texts[SESSION_ARGS_MAX][24];
    const char *values[SESSION_ARGS_MAX];
    for (int i = 0; i < SESSION_ARGS_MAX; i++) {
        (void)snprintf(texts[i], sizeof texts[i], "%lld", (long long)arguments[i]);
        values[i] = texts[i];
    }
    const struct statement_text *text = &statements[statement];
    PGresult *result =
        PQexecPrepared(session->conn, text->name, arguments_of(text->sql), values, NULL, NULL, 0);
    struct answer answer = {.ok = judge(session, result)};
    if (answer.ok && PQresultStatus(result) == PGRES_TUPLES_OK) {
        answer.rows = PQntuples(result);
        for (int i = 0; answer.rows > 0 && i < 2 && i < PQnfields(result); i++) {
            answer.cells[i] = number(PQgetvalue(result, 0, i));
        }
    } else if (answer.ok) {
        answer.rows = number(PQcmdTuples(result));
    }
    PQclear(result);
    return answer;
}

void session_think(const struct session *session) {
    if (session->think_ms > 0) {
        clock_sleep_ms(session->think_ms);
    }
}
