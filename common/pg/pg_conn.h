/* A PostgreSQL connection in which every call has a deadline: what is late is cancelled, what was
 * cancelled is drained, and a server that does not answer that either is given up.
 *
 * A connection belongs to one thread. No libpq type shows here; pg_wire.h has them for adapters. */
#ifndef TELLER_PG_CONN_H
#define TELLER_PG_CONN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/pg/pg_failure.h"

/* What a session is for: fixes its settings (search_path, planner, timeouts). */
enum pg_session {
    PG_SESSION_WORKER, /* writes lanes; refuses a standby with 25006 */
    PG_SESSION_READER, /* reads only, a standby will do */
    PG_SESSION_ADMIN,  /* init, migrate: no statement timeout; refuses a standby */
};

struct pg_conn_options {
    const char *conninfo;    /* libpq conninfo or URI; PG* variables stand behind it. "" is fine */
    const char *application; /* application_name: takers terminate frozen sessions by it */
    enum pg_session session;
    int64_t connect_ms; /* 0: 5 s */
    int64_t call_ms;    /* deadline of each call, 0: 30 s */
};

#define PG_APPLICATION_WORKER "tellerd"

struct pg_conn;

/* NULL: *failure says why. (Names are resolved by libpq without a deadline: use addresses where
 * that matters.) Close with pg_conn_close, which takes NULL too. */
struct pg_conn *pg_conn_open(const struct pg_conn_options *options, struct pg_failure *failure);
void pg_conn_close(struct pg_conn *conn);

/* True while nothing is known to be wrong with the connection. */
bool pg_conn_usable(const struct pg_conn *conn);
int pg_conn_backend(const struct pg_conn *conn); /* the server's process id */

/* ---- plain statements: for verbs and readers, not for the writers' path ---- */

struct pg_rows;

/* Runs one statement with text parameters (NULL: SQL NULL) and returns its rows in text form, to be
 * freed with pg_rows_free; NULL: *failure says why. The SQL is a constant of the caller: values
 * travel as parameters only. */
struct pg_rows *pg_conn_query(struct pg_conn *conn, const char *sql, const char *const *params,
                              int params_count, struct pg_failure *failure);

/* Runs statements separated by semicolons (schema files), without parameters or rows. */
enum pg_answer pg_conn_script(struct pg_conn *conn, const char *sql, struct pg_failure *failure);

void pg_rows_free(struct pg_rows *rows);
int pg_rows_count(const struct pg_rows *rows);
bool pg_rows_null(const struct pg_rows *rows, int row, int column);
/* NUL-terminated, "" for NULL; lives as long as the rows. */
const char *pg_rows_text(const struct pg_rows *rows, int row, int column);
int64_t pg_rows_int(const struct pg_rows *rows, int row, int column); /* 0 for NULL */

/* One row after the other, in constant memory: `each` answers false to stop early. */
typedef bool pg_row_fn(const struct pg_rows *row, void *context);
enum pg_answer pg_conn_each(struct pg_conn *conn, const char *sql, const char *const *params,
                            int params_count, pg_row_fn *each, void *context,
                            struct pg_failure *failure);

#endif
