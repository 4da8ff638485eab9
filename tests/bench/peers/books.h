/* The peers' tables, and whether they hold what clients were told. A journal row is about as wide
 * as Teller's (155 bytes to 168), and is written for a refusal too. */
#ifndef TELLER_TESTS_BENCH_PEERS_BOOKS_H
#define TELLER_TESTS_BENCH_PEERS_BOOKS_H

#include <stdbool.h>
#include <stdint.h>

#include <libpq-fe.h>

#include "tests/bench/peers/point.h"

enum books_outcome {
    BOOKS_APPLIED = 1,
    BOOKS_REFUSED = 2,
};

/* Rows of the journal so far. */
struct books {
    int64_t commands;
    int64_t applied;
};

/* New tables, with that many accounts and all their funds. */
void books_open(PGconn *db, int64_t accounts);

struct books books_count(PGconn *db);

/* True: since `before` the journal has grown by what the clients were told, and every balance is
 * what the account was opened with and all that was applied to it. Says on stderr what is wrong. */
bool books_hold(PGconn *db, const struct books *before, const struct yield *yield);

#endif
