#include "common/pg/pg_conn.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/pg/pg_wire.h"
#include "common/rt/clock.h"

#define CONNECT_MS 5000
#define CALL_MS 30000
#define STATE_LEN 5

/* Generic plans are made once, on empty tables, and kept: without these settings they would read
 * whole tables until an ANALYZE. The timers end a session whose worker is gone but whose socket is
 * not; none of them ends one that is frozen in COPY: that is for pg_lane_take. */
static const char worker_settings[] =
    "SET search_path = pg_catalog; SET plan_cache_mode = force_generic_plan; "
    "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; "
    "SET enable_bitmapscan = off; SET enable_material = off; SET jit = off; "
    "SET default_transaction_isolation = 'read committed'; SET synchronous_commit = on; "
    "SET lock_timeout = '8s'; SET statement_timeout = '25s'; "
    "SET idle_in_transaction_session_timeout = '10s'";
static const char reader_settings[] =
    "SET search_path = pg_catalog; SET default_transaction_read_only = on; "
    "SET statement_timeout = '60s'";
static const char admin_settings[] =
    "SET search_path = pg_catalog; SET lock_timeout = '8s'; SET synchronous_commit = on";

static const char *settings_of(enum pg_session session) {
    switch (session) {
    case PG_SESSION_WORKER: return worker_settings;
    case PG_SESSION_READER: return reader_settings;
    case PG_SESSION_ADMIN: return admin_settings;
    }
    return "";
}

static PGconn *start(const struct pg_conn_options *options) {
    /* Later ones win over earlier ones, so what must hold stands behind the user's conninfo; what
     * is only a default stands before it. */
    const char *const names[] = {
        "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout",
        "dbname",          "application_name",    "client_encoding",  NULL};
    const char *const values[] = {
        "5", "2", "3", "10000", options->conninfo, options->application, "UTF8", NULL};
    return PQconnectStartParams(names, values, 1);
}

static enum pg_answer late(struct pg_failure *failure) {
    return pg_failure_set(failure, NULL, "connecting took too long", NULL);
}

/* The last "  28P01: " of a text, behind the severity in whatever language; NULL: there is none. */
static char *find_state(char *text) {
    char *found = NULL;
    for (char *at = strstr(text, ":  "); at != NULL; at = strstr(at + 1, ":  ")) {
        size_t len = strspn(at + 3, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ");
        found = len == STATE_LEN && at[3 + len] == ':' ? at + 3 : found;
    }
    return found;
}

/* libpq gives the SQLSTATE of a refused connection away only in the verbose form of its message, a
 * line of its own behind which says where in the server's sources. */
static enum pg_answer refused(struct pg_conn *conn, struct pg_failure *failure) {
    char text[ERR_TEXT_MAX];
    char sqlstate[STATE_LEN + 1] = "";
    (void)snprintf(text, sizeof text, "%s", PQerrorMessage(conn->raw));
    char *state = find_state(text);
    if (state == NULL) {
        return pg_wire_lost(conn, failure);
    }
    memcpy(sqlstate, state, STATE_LEN);
    memmove(state, state + STATE_LEN + 2, strlen(state + STATE_LEN + 2) + 1);
    state[strcspn(state, "\n")] = '\0';
    conn->broken = true;
    return pg_failure_set(failure, sqlstate, text, NULL);
}

static enum pg_answer finish_connect(struct pg_conn *conn, int64_t connect_ms,
                                     struct pg_failure *failure) {
    int64_t until = clock_monotonic_ms() + connect_ms;
    PostgresPollingStatusType status = PGRES_POLLING_WRITING;
    (void)PQsetErrorVerbosity(conn->raw, PQERRORS_VERBOSE);
    while (PQstatus(conn->raw) != CONNECTION_BAD && status != PGRES_POLLING_OK) {
        int64_t left = until - clock_monotonic_ms();
        struct pollfd fd = {.fd = PQsocket(conn->raw),
                            .events = status == PGRES_POLLING_READING ? POLLIN : POLLOUT};
        if (left <= 0) {
            return late(failure);
        }
        if (poll(&fd, 1, (int)left) > 0) {
            status = PQconnectPoll(conn->raw);
        }
        if (status == PGRES_POLLING_FAILED) {
            break;
        }
    }
    if (PQstatus(conn->raw) != CONNECTION_OK) {
        return refused(conn, failure);
    }
    (void)PQsetErrorVerbosity(conn->raw, PQERRORS_DEFAULT);
    return PQsetnonblocking(conn->raw, 1) == 0 ? PG_DONE : pg_wire_lost(conn, failure);
}

static enum pg_answer refuse_standby(struct pg_conn *conn, struct pg_failure *failure) {
    enum pg_answer answer = PG_REFUSED;
    struct pg_rows *rows =
        pg_conn_query(conn,
                      "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')"
                      "::boolean",
                      NULL, 0, failure);
    if (rows == NULL) {
        return failure->answer;
    }
    answer = strcmp(pg_rows_text(rows, 0, 0), "t") != 0
                 ? PG_DONE
                 : pg_failure_set(failure, "25006", "the server is a read-only standby", NULL);
    pg_rows_free(rows);
    return answer;
}

static enum pg_answer set_up(struct pg_conn *conn, const struct pg_conn_options *options,
                             struct pg_failure *failure) {
    int64_t connect_ms = options->connect_ms > 0 ? options->connect_ms : CONNECT_MS;
    enum pg_answer answer = finish_connect(conn, connect_ms, failure);
    if (answer == PG_DONE) {
        pg_wire_begin_within(conn, connect_ms);
        answer = pg_wire_simple(conn, settings_of(options->session), failure);
    }
    if (answer == PG_DONE && options->session != PG_SESSION_READER) {
        answer = refuse_standby(conn, failure);
    }
    return answer;
}

struct pg_conn *pg_conn_open(const struct pg_conn_options *options, struct pg_failure *failure) {
    struct pg_conn *conn = calloc(1, sizeof *conn);
    if (conn == NULL) {
        (void)pg_failure_set(failure, "53200", "out of memory", NULL);
        return NULL;
    }
    conn->call_ms = options->call_ms > 0 ? options->call_ms : CALL_MS;
    conn->cancels = options->session != PG_SESSION_WORKER;
    conn->raw = start(options);
    if (conn->raw == NULL) {
        (void)pg_failure_set(failure, "53200", "out of memory", NULL);
    } else if (set_up(conn, options, failure) == PG_DONE) {
        return conn;
    }
    pg_conn_close(conn);
    return NULL;
}

void pg_conn_close(struct pg_conn *conn) {
    if (conn != NULL) {
        PQfinish(conn->raw);
        free(conn);
    }
}

bool pg_conn_usable(const struct pg_conn *conn) {
    return conn != NULL && !conn->broken && PQstatus(conn->raw) == CONNECTION_OK;
}

int pg_conn_backend(const struct pg_conn *conn) {
    return PQbackendPID(conn->raw);
}
