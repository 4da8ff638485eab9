/* Prepared statements of the clients in C: a uuid first, then bigints. */
#ifndef TELLER_TESTS_BENCH_PEERS_STATEMENT_H
#define TELLER_TESTS_BENCH_PEERS_STATEMENT_H

#include <stdint.h>

#include <libpq-fe.h>

#define STATEMENT_NUMBERS_MAX 8

/* $1 is the uuid, whether the statement looks at it or not. */
void statement_prepare(PGconn *conn, const char *name, const char *sql, int numbers);

/* One round trip, to a committed transaction. Aborts on an error; the caller clears the rows. */
PGresult *statement_run(PGconn *conn, const char *name, const char *id, const int64_t *numbers,
                        int count);

/* A cell of the only row. */
int64_t statement_number(const PGresult *row, int column);

#endif
