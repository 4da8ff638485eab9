#include "common/pg/pg_wire.h"

#include <poll.h>
#include <string.h>

#include "common/rt/clock.h"

void pg_wire_begin(struct pg_conn *conn) {
    pg_wire_begin_within(conn, conn->call_ms);
}

void pg_wire_begin_within(struct pg_conn *conn, int64_t within_ms) {
    conn->deadline_ms = clock_monotonic_ms() + within_ms;
    conn->cancelled = false;
}

enum pg_answer pg_wire_lost(struct pg_conn *conn, struct pg_failure *failure) {
    conn->broken = true;
    return pg_failure_set(failure, NULL, PQerrorMessage(conn->raw), NULL);
}

/* The server may be working on it still: ask it to stop, and give it a little longer. */
static void cancel(struct pg_conn *conn) {
    char reason[256];
    PGcancel *handle = PQgetCancel(conn->raw);
    if (handle != NULL) {
        (void)PQcancel(handle, reason, (int)sizeof reason);
        PQfreeCancel(handle);
    }
    conn->cancelled = true;
    conn->deadline_ms = clock_monotonic_ms() + PG_WIRE_DRAIN_MS;
}

static enum pg_answer give_up(struct pg_conn *conn, struct pg_failure *failure) {
    conn->broken = true;
    return pg_failure_set(failure, NULL,
                          conn->cancels ? "no answer before the deadline, nor to a cancel"
                                        : "no answer before the deadline",
                          NULL);
}

/* Waits at most wait_ms for the socket. True: something happened. */
static bool wait_socket(const struct pg_conn *conn, bool writing, int64_t wait_ms) {
    struct pollfd fd = {.fd = PQsocket(conn->raw), .events = POLLIN};
    if (writing) {
        fd.events = POLLIN | POLLOUT;
    }
    if (wait_ms > 1000) {
        wait_ms = 1000; /* bounded, so that a poll that loses an event costs a second at most */
    }
    return poll(&fd, 1, wait_ms > 0 ? (int)wait_ms : 0) > 0;
}

/* One turn: send what can be sent, wait for the socket, read what is there. */
static enum pg_answer turn(struct pg_conn *conn, int pending, struct pg_failure *failure) {
    int64_t left = conn->deadline_ms - clock_monotonic_ms();
    if (left <= 0 && (conn->cancelled || !conn->cancels)) {
        return give_up(conn, failure);
    }
    if (left <= 0) {
        cancel(conn);
        return PG_DONE;
    }
    if (wait_socket(conn, pending > 0, left) && PQconsumeInput(conn->raw) == 0) {
        return pg_wire_lost(conn, failure);
    }
    return PG_DONE;
}

enum pg_answer pg_wire_flush(struct pg_conn *conn, struct pg_failure *failure) {
    for (;;) {
        int pending = PQflush(conn->raw);
        if (pending < 0) {
            return pg_wire_lost(conn, failure);
        }
        if (pending == 0) {
            return PG_DONE;
        }
        if (turn(conn, pending, failure) != PG_DONE) {
            return failure->answer;
        }
    }
}

bool pg_wire_ready(struct pg_conn *conn, int64_t wait_ms) {
    int64_t until = clock_monotonic_ms() + wait_ms;
    while (PQisBusy(conn->raw) != 0) {
        int64_t left = until - clock_monotonic_ms();
        int pending = PQflush(conn->raw);
        if (left <= 0) {
            return false;
        }
        if (wait_socket(conn, pending > 0, left) && PQconsumeInput(conn->raw) == 0) {
            return true; /* what is wrong comes with the result */
        }
    }
    return true;
}

enum pg_answer pg_wire_result(struct pg_conn *conn, PGresult **out, struct pg_failure *failure) {
    *out = NULL;
    while (PQisBusy(conn->raw) != 0) {
        int pending = PQflush(conn->raw);
        if (pending < 0) {
            return pg_wire_lost(conn, failure);
        }
        if (PQisBusy(conn->raw) != 0 && turn(conn, pending, failure) != PG_DONE) {
            return failure->answer;
        }
    }
    *out = PQgetResult(conn->raw);
    if (*out == NULL && PQstatus(conn->raw) == CONNECTION_BAD) {
        return pg_wire_lost(conn, failure);
    }
    return PG_DONE;
}

enum pg_answer pg_wire_judge(struct pg_conn *conn, const PGresult *result,
                             struct pg_failure *failure) {
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    if (PQresultStatus(result) != PGRES_FATAL_ERROR) {
        return PG_DONE;
    }
    if (PQstatus(conn->raw) == CONNECTION_BAD ||
        (severity != NULL && strcmp(severity, "ERROR") != 0)) {
        conn->broken = true; /* FATAL, PANIC: the session has ended */
    }
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    return pg_failure_set(failure, state, message != NULL ? message : PQresultErrorMessage(result),
                          PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL));
}

enum pg_answer pg_wire_drain(struct pg_conn *conn, enum pg_answer answer,
                             struct pg_failure *failure) {
    PGresult *result = NULL;
    struct pg_failure later = PG_FAILURE_INIT;
    do {
        PQclear(result);
        if (pg_wire_result(conn, &result, answer == PG_DONE ? failure : &later) != PG_DONE) {
            return answer != PG_DONE ? answer : failure->answer;
        }
        if (answer == PG_DONE && result != NULL) {
            answer = pg_wire_judge(conn, result, failure);
        }
    } while (result != NULL);
    return answer;
}

enum pg_answer pg_wire_simple(struct pg_conn *conn, const char *sql, struct pg_failure *failure) {
    if (PQsendQuery(conn->raw, sql) == 0) {
        return pg_wire_lost(conn, failure);
    }
    return pg_wire_drain(conn, PG_DONE, failure);
}
