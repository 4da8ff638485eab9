/* Every statement of the writers goes by index, on a ledger that was never analysed as on one that
 * was analysed when it had a row, or many: its generic plan is made then, and kept while tables
 * grow. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "consumer/adapters/pg_session.h"
#include "tests/harness/db.h"
#include "tests/harness/store_ledger.h"

static struct store_ledger ledger;

static void append_nulls(char *sql, size_t room, int count) {
    for (int i = 0; i < count; i++) {
        size_t len = strlen(sql);
        (void)snprintf(sql + len, room - len, "%sNULL", i == 0 ? "(" : ", ");
    }
    size_t len = strlen(sql);
    (void)snprintf(sql + len, room - len, "%s", count > 0 ? ")" : "");
}

/* The plan of one prepared statement; scans of whole tables and joins other than by index fail. */
static void expect_index(struct pg_conn *conn, const char *name, int parameters) {
    static const char *const forbidden[] = {"Seq Scan", "Hash Join",   "Merge Join", "Sort",
                                            "Bitmap",   "Materialize", "Join Filter"};
    char sql[512];
    struct pg_failure failure = PG_FAILURE_INIT;
    (void)snprintf(sql, sizeof sql, "EXPLAIN EXECUTE %s", name);
    append_nulls(sql, sizeof sql, parameters);
    struct pg_rows *rows = pg_conn_query(conn, sql, NULL, 0, &failure);
    cr_assert_not_null(rows, "%s: %s", name, failure.err.text);
    for (int line = 0; line < pg_rows_count(rows); line++) {
        const char *text = pg_rows_text(rows, line, 0);
        for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++) {
            cr_expect_null(strstr(text, forbidden[i]), "%s: %s", name, text);
        }
        /* An index that is read from end to end has no condition below it. */
        if (strstr(text, "Index") != NULL && strstr(text, "Scan using") != NULL &&
            strcmp(name, "START_DUE") != 0) {
            cr_assert_lt(line + 1, pg_rows_count(rows), "%s: %s", name, text);
            cr_expect_not_null(strstr(pg_rows_text(rows, line + 1, 0), "Index Cond"), "%s: %s",
                               name, text);
        }
    }
    pg_rows_free(rows);
}

static void prepare(struct pg_conn *conn, const char *name, const char *text) {
    char sql[4096];
    char statement[3072];
    struct pg_failure failure = PG_FAILURE_INIT;
    pg_session_text(text, 0, statement, sizeof statement);
    (void)snprintf(sql, sizeof sql, "PREPARE %s AS %s", name, statement);
    cr_assert_eq(pg_conn_script(conn, sql, &failure), PG_DONE, "%s: %s", name, failure.err.text);
}

#define CHECK_PLAN(name, parameters, text)                                                         \
    prepare(conn, #name, text);                                                                    \
    expect_index(conn, #name, parameters);

#define ID "'00000000-0000-7000-8000-000000000001'"
static const char one_row[] =
    "INSERT INTO teller.account (number, balance, held, floor, ceiling, version, last_id, "
    "last_step, last_origin, lane, state, id, currency) "
    "VALUES (1, 0, 0, 0, 9, 1, " ID ", 0, 0, 0, 1, 'a', 'EUR');"
    "INSERT INTO teller.hold VALUES (1, 1, 'infinity', " ID ", 0, 0, 1, 1);"
    "INSERT INTO teller.product (number, price, stock, sold, subscribed, version, "
    "next_subscription, last_id, last_step, last_origin, lane, mode, state, id, currency) "
    "VALUES (2, 1, 1, 0, 0, 1, 1, " ID ", 0, 0, 0, 1, 1, 'p', 'EUR');"
    "INSERT INTO teller.subscription (number, product_number, quantity, price, id, origin, lane, "
    "state, account) VALUES (1, 2, 1, 1, " ID ", 0, 0, 1, 'a');"
    "INSERT INTO teller.buyer VALUES (2, 1, 0, 'a');"
    "INSERT INTO teller.journal (log_offset, at, amount, held_delta, balance, held, version, step, "
    "origin, lane, type, outcome, command_id, hash) "
    "VALUES (0, 'epoch', 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, " ID ", '')";

static void expect_indexes(void) {
    const struct pg_conn_options options = {
        .conninfo = ledger.worker, .application = "test", .session = PG_SESSION_WORKER};
    struct pg_failure failure = PG_FAILURE_INIT;
    struct pg_conn *conn = pg_conn_open(&options, &failure);
    cr_assert_not_null(conn, "%s", failure.err.text);
    PG_STATEMENTS(CHECK_PLAN)
    pg_conn_close(conn);
}

Test(store_plans, test_every_statement_uses_an_index_on_a_fresh_ledger) {
    store_ledger_open(&ledger, "plans", 1, 0);
    expect_indexes();
    store_ledger_close(&ledger);
}

Test(store_plans, test_every_statement_uses_an_index_where_a_table_was_seen_with_one_row) {
    store_ledger_open(&ledger, "plans_small", 1, 0);
    db_exec(ledger.db, one_row);
    db_exec(ledger.db, "ANALYZE");
    expect_indexes();
    store_ledger_close(&ledger);
}

static const char many_rows[] =
    "INSERT INTO teller.account (number, balance, held, floor, ceiling, version, last_id, "
    "last_step, last_origin, lane, state, id, currency) "
    "SELECT i, 0, 0, 0, 9, 1, " ID ", 0, 0, 0, 1, 'a' || i, 'EUR' "
    "FROM generate_series(3, 20000) AS i;"
    "INSERT INTO teller.hold SELECT i, 1, 'infinity', gen_random_uuid(), 0, 0, 1, 1 "
    "FROM generate_series(1, 20000) AS i;"
    "INSERT INTO teller.subscription (number, product_number, quantity, price, id, origin, lane, "
    "state, account) SELECT i, 2, 1, 1, gen_random_uuid(), 0, 0, 1, 'a' || i "
    "FROM generate_series(2, 20000) AS i;"
    "INSERT INTO teller.buyer SELECT 2, 1, 0, 'a' || i FROM generate_series(1, 20000) AS i;";

Test(store_plans, test_every_statement_uses_an_index_where_a_table_was_seen_with_many_rows) {
    store_ledger_open(&ledger, "plans_many", 1, 0);
    db_exec(ledger.db, one_row);
    db_exec(ledger.db, many_rows);
    db_exec(ledger.db, "ANALYZE");
    expect_indexes();
    store_ledger_close(&ledger);
}
