/* A ledger without a log: database, schema and lanes made by pg_schema_init, and a store that owns
 * the lanes. For tests and benchmarks of storage alone. */
#ifndef TELLER_TESTS_HARNESS_STORE_LEDGER_H
#define TELLER_TESTS_HARNESS_STORE_LEDGER_H

#include <libpq-fe.h>
#include <stddef.h>
#include <stdint.h>

#include "consumer/adapters/pg_lane.h"
#include "consumer/adapters/pg_schema.h"
#include "consumer/adapters/pg_store.h"

#define STORE_LANES_MAX 8
#define STORE_TEXT_MAX 640

struct store_ledger {
    char name[48];
    char cluster[STORE_TEXT_MAX]; /* conninfo of a superuser, of another database */
    char admin[STORE_TEXT_MAX];
    char worker[STORE_TEXT_MAX];
    char reader[STORE_TEXT_MAX];
    PGconn *db; /* superuser's */
    struct pg_taker *taker;
    struct pg_store *store;
    struct uuid owner;
    uint16_t lanes;
    struct pg_lane lane[STORE_LANES_MAX]; /* as taken */
};

/* `name`: [a-z_]+. copy_rows as in pg_store_options. All lanes are taken. */
void store_ledger_open(struct store_ledger *ledger, const char *name, uint16_t lanes,
                       size_t copy_rows);
void store_ledger_close(struct store_ledger *ledger);

/* A database without a ledger; admin, worker, reader and db are filled. */
void store_ledger_create(struct store_ledger *ledger, const char *name);

/* What init needs, with `lanes` partitions. */
struct pg_registration store_ledger_registration(uint16_t lanes);

#endif
