/* Small questions to a test's database. A statement that fails ends the test. */
#ifndef TELLER_TESTS_HARNESS_DB_H
#define TELLER_TESTS_HARNESS_DB_H

#include <stddef.h>
#include <stdint.h>

#include <libpq-fe.h>

/* The caller owns the connection and closes it by PQfinish. */
PGconn *db_open(const char *conninfo);

/* Any statement without a result that matters. */
void db_exec(PGconn *conn, const char *sql);

/* A query with rows; the caller frees it by PQclear. */
PGresult *db_query(PGconn *conn, const char *sql);

/* The first column of the only row, as a number; `missing` where there is no row or it is NULL. */
int64_t db_int(PGconn *conn, const char *sql, int64_t missing);

/* The same as text, "" where there is none; cut to size. */
void db_text(PGconn *conn, const char *sql, char *text, size_t size);

/* Fails the test, and goes on, unless the query answers that text. */
void db_expect_text(PGconn *conn, const char *sql, const char *wanted);

#endif
