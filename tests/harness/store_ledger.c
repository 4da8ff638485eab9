#include "tests/harness/store_ledger.h"

#include <stdio.h>
#include <string.h>

#include "tests/harness/db.h"
#include "tests/harness/must.h"
#include "tests/harness/sandbox.h"

static void conninfo(char out[STORE_TEXT_MAX], const struct sandbox *sandbox, const char *name,
                     const char *user) {
    int len = snprintf(out, STORE_TEXT_MAX, "%s dbname=%s user=%s", sandbox->db_admin, name, user);
    must(len < STORE_TEXT_MAX, "too long: %s", out);
}

void store_ledger_create(struct store_ledger *ledger, const char *name) {
    struct sandbox sandbox;
    char sql[128];
    memset(ledger, 0, sizeof *ledger);
    sandbox_shared(&sandbox);
    (void)snprintf(ledger->name, sizeof ledger->name, "store_%s", name);
    conninfo(ledger->cluster, &sandbox, "postgres", "postgres");
    conninfo(ledger->admin, &sandbox, ledger->name, "postgres");
    conninfo(ledger->worker, &sandbox, ledger->name, "teller_worker");
    conninfo(ledger->reader, &sandbox, ledger->name, "teller_reader");
    PGconn *cluster = db_open(ledger->cluster);
    (void)snprintf(sql, sizeof sql, "DROP DATABASE IF EXISTS %s WITH (FORCE)", ledger->name);
    db_exec(cluster, sql);
    (void)snprintf(sql, sizeof sql, "CREATE DATABASE %s TEMPLATE template0 ENCODING 'UTF8'",
                   ledger->name);
    db_exec(cluster, sql);
    PQfinish(cluster);
    ledger->db = db_open(ledger->admin);
}

struct pg_registration store_ledger_registration(uint16_t lanes) {
    return (struct pg_registration){
        .cluster_id = "cluster",
        .prefix = "teller",
        .commands_topic = "teller.commands",
        .group_id = "tellerd",
        .partitions = lanes,
    };
}

static void init(const struct store_ledger *ledger) {
    const struct pg_registration registration = store_ledger_registration(ledger->lanes);
    const struct leg_secret secret = {.key_id = 1, .bytes = {7}};
    const struct pg_conn_options options = {
        .conninfo = ledger->admin, .application = "test", .session = PG_SESSION_ADMIN};
    struct pg_failure failure = PG_FAILURE_INIT;
    struct pg_conn *conn = pg_conn_open(&options, &failure);
    must(conn != NULL, "%s", failure.err.text);
    must(pg_schema_init(conn, &registration, NULL, &secret, &failure) == PG_DONE, "%s",
         failure.err.text);
    pg_conn_close(conn);
}

void store_ledger_open(struct store_ledger *ledger, const char *name, uint16_t lanes,
                       size_t copy_rows) {
    struct pg_failure failure = PG_FAILURE_INIT;
    must(lanes <= STORE_LANES_MAX, "too many lanes");
    store_ledger_create(ledger, name);
    ledger->lanes = lanes;
    init(ledger);
    const struct pg_store_options options = {.conninfo = ledger->worker, .copy_rows = copy_rows};
    ledger->owner = (struct uuid){{0xaa, 1}};
    ledger->taker = pg_taker_new(ledger->worker);
    ledger->store = pg_store_new(&options);
    must(pg_store_connect(ledger->store, &failure) == PG_DONE, "%s", failure.err.text);
    for (uint16_t i = 0; i < lanes; i++) {
        must(pg_lane_take(ledger->taker, i, &ledger->owner, &ledger->lane[i], &failure) == PG_DONE,
             "%s", failure.err.text);
    }
}

void store_ledger_close(struct store_ledger *ledger) {
    char sql[128];
    pg_store_free(ledger->store);
    pg_taker_free(ledger->taker);
    PQfinish(ledger->db);
    PGconn *cluster = db_open(ledger->cluster);
    (void)snprintf(sql, sizeof sql, "DROP DATABASE %s WITH (FORCE)", ledger->name);
    db_exec(cluster, sql);
    PQfinish(cluster);
}
