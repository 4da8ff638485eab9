/* The floor's way into the database: one connection that writes batches of some lanes, by the
 * statements that such rows need and no others: no fence, no seal, no system accounts. */
#ifndef TELLER_TESTS_BENCH_FLOOR_STORE_H
#define TELLER_TESTS_BENCH_FLOOR_STORE_H

#include <stddef.h>

#include "consumer/adapters/pg_params.h"
#include "tests/bench/floor_batch.h"
#include "tests/harness/ledger.h"

struct floor_store {
    struct pg_conn *conn;
    struct pg_params params;
    struct pg_bytes copy;
    const void **rows;
};

/* `batch`: rows that a table may get in one transaction. */
void floor_store_open(struct floor_store *store, const struct ledger *ledger, size_t batch);
void floor_store_close(struct floor_store *store);

/* Prepares what a lane needs, and writes its accounts and its product as they are at first. */
void floor_store_begin(struct floor_store *store, const struct floor_batch *batch);

/* Writes all of them in one transaction. */
void floor_store_commit(struct floor_store *store, struct floor_batch *const *batches,
                        size_t count);

#endif
