/* One client's connections, and the statements that the techniques are made of. Each is prepared
 * once, so that no technique pays for parsing that another one does not. */
#ifndef TELLER_TESTS_RACE_SESSION_H
#define TELLER_TESTS_RACE_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include <libpq-fe.h>

#include "tests/race/redis_lock.h"

/* X(symbol, SQL); every parameter is a bigint. */
#define SESSION_STATEMENTS(X)                                                                      \
    X(READ, "SELECT value, version FROM row WHERE id = $1")                                        \
    X(READ_LOCKED, "SELECT value, version FROM row WHERE id = $1 FOR UPDATE")                      \
    X(READ_NOWAIT, "SELECT value, version FROM row WHERE id = $1 FOR UPDATE NOWAIT")               \
    X(WRITE, "UPDATE row SET value = $2 WHERE id = $1")                                            \
    X(WRITE_VERSION,                                                                               \
      "UPDATE row SET value = $2, version = version + 1 WHERE id = $1 AND version = $3")           \
    X(ADD, "UPDATE row SET value = value + $2 WHERE id = $1")                                      \
    X(ADD_IF, "UPDATE row SET value = value + $2 WHERE id = $1 AND value + $2 >= 0")               \
    X(COUNT, "SELECT count(*) FROM member WHERE club = $1")                                        \
    X(INSERT, "INSERT INTO member (club, who) VALUES ($1, $2)")                                    \
    X(ADVISORY, "SELECT 1 FROM (SELECT pg_advisory_xact_lock($1)) AS taken")

#define SESSION_ENUM(symbol, sql) STATEMENT_##symbol,
enum statement { SESSION_STATEMENTS(SESSION_ENUM) STATEMENT_COUNT_OF };
#undef SESSION_ENUM

/* What one try of a request came to. */
enum attempt {
    ATTEMPT_DONE,    /* committed */
    ATTEMPT_REFUSED, /* a rule said no (short of funds, sold out): nothing changed */
    ATTEMPT_AGAIN,   /* lost a race in a way that this technique tries again */
    ATTEMPT_FAILED,  /* an error that a user gets to see */
};

struct session {
    PGconn *conn;
    struct redis_lock *redis; /* NULL: not used */
    int think_ms;
    char sqlstate[6]; /* of the last error; "" for none */
};

/* Aborts if the database cannot be reached. `redis_socket` may be NULL. */
void session_open(struct session *session, const char *conninfo, const char *redis_socket,
                  int think_ms);
void session_close(struct session *session);

/* BEGIN and the like. */
bool session_command(struct session *session, const char *sql);

/* What a statement came to. */
struct answer {
    bool ok;          /* false: session->sqlstate */
    int64_t rows;     /* read or changed */
    int64_t cells[2]; /* of the first row read */
};

#define SESSION_ARGS_MAX 3

struct answer session_run(struct session *session, enum statement statement, int64_t first,
                          int64_t second, int64_t third);

/* The time that an application takes between a read and the write that depends on it. */
void session_think(const struct session *session);

#endif
