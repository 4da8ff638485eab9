/* Every statement of the writers, on a ledger that was never analysed, goes by index: its generic
 * plan is made on empty tables, and kept while they grow. */
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
    static const char *const forbidden[] = {"Seq Scan", "Hash Join", "Merge Join",
                                            "Sort",     "Bitmap",    "Materialize"};
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

Test(store_plans, test_every_statement_uses_an_index_on_a_fresh_ledger) {
    const struct pg_conn_options options = {
        .conninfo = ledger.worker, .application = "test", .session = PG_SESSION_WORKER};
    struct pg_failure failure = PG_FAILURE_INIT;
    store_ledger_open(&ledger, "plans", 1, 0);
    struct pg_conn *conn = pg_conn_open(&options, &failure);
    cr_assert_not_null(conn, "%s", failure.err.text);
    PG_STATEMENTS(CHECK_PLAN)
    pg_conn_close(conn);
    store_ledger_close(&ledger);
}
