/* Making, finding and refusing a schema; who may do what in it. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "common/command.h"
#include "common/outcome.h"
#include "tests/harness/db.h"
#include "tests/harness/store_ledger.h"

static struct store_ledger ledger;

static struct pg_conn *connect_as(const char *conninfo, enum pg_session session) {
    const struct pg_conn_options options = {
        .conninfo = conninfo, .application = "test", .session = session};
    struct pg_failure failure = PG_FAILURE_INIT;
    struct pg_conn *conn = pg_conn_open(&options, &failure);
    cr_assert_not_null(conn, "%s", failure.err.text);
    return conn;
}

/* What migrate says, and what a worker says, about the schema that is there. */
static void expect_read(const char *text) {
    struct pg_failure failure = PG_FAILURE_INIT;
    struct pg_registration found;
    struct pg_conn *conn = connect_as(ledger.admin, PG_SESSION_ADMIN);
    cr_expect_eq(pg_schema_read(conn, &found, &failure), PG_REFUSED);
    cr_expect_eq(failure.err.kind, ERR_OPERATOR);
    cr_expect_str_eq(failure.err.text, text);
    pg_conn_close(conn);
}

Test(store_schema, test_a_database_without_a_ledger_says_run_init) {
    struct pg_failure failure = PG_FAILURE_INIT;
    int32_t from;
    store_ledger_create(&ledger, "empty");
    expect_read("the database has no ledger: run \"tellerd init\"");
    struct pg_conn *conn = connect_as(ledger.admin, PG_SESSION_ADMIN);
    cr_expect_eq(pg_schema_migrate(conn, &from, &failure), PG_REFUSED);
    cr_expect_str_eq(failure.err.text, "the database has no ledger: run \"tellerd init\"");
    pg_conn_close(conn);
    store_ledger_close(&ledger);
}

Test(store_schema, test_another_version_is_refused_with_both_numbers) {
    char text[128];
    store_ledger_open(&ledger, "version", 1, 0);
    db_exec(ledger.db, "INSERT INTO teller.migration (version, file) VALUES (1000, 'later')");
    (void)snprintf(text, sizeof text, "the schema has version 1000, this program needs %d: %s",
                   SCHEMA_VERSION, "use a newer program");
    expect_read(text);
    db_exec(ledger.db, "DELETE FROM teller.migration WHERE version > 1");
    (void)snprintf(text, sizeof text, "the schema has version 1, this program needs %d: %s",
                   SCHEMA_VERSION, "run \"tellerd migrate\"");
    expect_read(text);
    store_ledger_close(&ledger);
}

Test(store_schema, test_a_second_init_is_refused) {
    struct pg_failure failure = PG_FAILURE_INIT;
    const struct pg_registration mine = store_ledger_registration(1);
    const struct leg_secret secret = {.key_id = 1};
    store_ledger_open(&ledger, "twice", 1, 0);
    struct pg_conn *conn = connect_as(ledger.admin, PG_SESSION_ADMIN);
    cr_expect_eq(pg_schema_init(conn, &mine, NULL, &secret, &failure), PG_REFUSED);
    cr_expect_str_eq(failure.err.text, "the database has a ledger already");
    pg_conn_close(conn);
    store_ledger_close(&ledger);
}

Test(store_schema, test_lanes_start_where_init_says) {
    static const int64_t from[] = {5, 0};
    struct pg_failure failure = PG_FAILURE_INIT;
    const struct pg_registration mine = store_ledger_registration(2);
    const struct leg_secret secret = {.key_id = 1};
    store_ledger_create(&ledger, "from");
    struct pg_conn *conn = connect_as(ledger.admin, PG_SESSION_ADMIN);
    cr_assert_eq(pg_schema_init(conn, &mine, from, &secret, &failure), PG_DONE, "%s",
                 failure.err.text);
    cr_expect_eq(db_int(ledger.db, "SELECT next_offset FROM teller.lane WHERE lane = 0", -1), 5);
    cr_expect_eq(db_int(ledger.db, "SELECT next_offset FROM teller.lane WHERE lane = 1", -1), 0);
    pg_conn_close(conn);
    store_ledger_close(&ledger);
}

Test(store_schema, test_a_worker_reads_registration_and_secrets) {
    struct pg_failure failure = PG_FAILURE_INIT;
    struct pg_registration found;
    struct leg_secrets secrets;
    struct err err = ERR_INIT;
    store_ledger_open(&ledger, "register", 1, 0);
    struct pg_conn *conn = connect_as(ledger.worker, PG_SESSION_WORKER);
    cr_assert_eq(pg_schema_read(conn, &found, &failure), PG_DONE, "%s", failure.err.text);
    struct pg_registration mine = store_ledger_registration(1);
    cr_expect(pg_schema_compare(&found, &mine, &err));
    (void)snprintf(mine.group_id, sizeof mine.group_id, "others");
    cr_expect_not(pg_schema_compare(&found, &mine, &err));
    cr_expect_str_eq(err.text,
                     "the ledger belongs to consumer group \"tellerd\", not to \"others\"");
    cr_assert_eq(pg_schema_secrets(conn, &secrets, &failure), PG_DONE);
    cr_expect_eq(secrets.count, 1);
    cr_expect_eq(secrets.items[0].bytes[0], 7);
    pg_conn_close(conn);
    store_ledger_close(&ledger);
}

Test(store_schema, test_a_secret_is_added_but_never_changed) {
    struct pg_failure failure = PG_FAILURE_INIT;
    struct leg_secret secret = {.key_id = 2, .bytes = {1}};
    store_ledger_open(&ledger, "secret", 1, 0);
    struct pg_conn *conn = connect_as(ledger.admin, PG_SESSION_ADMIN);
    cr_expect_eq(pg_schema_add_secret(conn, &secret, &failure), PG_DONE);
    cr_expect_eq(pg_schema_add_secret(conn, &secret, &failure), PG_DONE, "the same again");
    secret.bytes[0] = 2;
    cr_expect_eq(pg_schema_add_secret(conn, &secret, &failure), PG_REFUSED);
    cr_expect_eq(
        db_int(ledger.db, "SELECT get_byte(bytes, 0) FROM teller.secret WHERE key_id = 2", -1), 1);
    pg_conn_close(conn);
    store_ledger_close(&ledger);
}

static void expect_denied(const char *conninfo, const char *const *statements, size_t count) {
    PGconn *conn = db_open(conninfo);
    for (size_t i = 0; i < count; i++) {
        PGresult *result = PQexec(conn, statements[i]);
        const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
        cr_expect(state != NULL && strcmp(state, "42501") == 0, "allowed: %s", statements[i]);
        PQclear(result);
    }
    PQfinish(conn);
}

Test(store_schema, test_a_worker_cannot_change_what_was_written) {
    static const char *const statements[] = {
        "UPDATE teller.journal_0 SET amount = 1",
        "DELETE FROM teller.journal_0",
        "UPDATE teller.journal SET amount = 1",
        "DELETE FROM teller.journal",
        "TRUNCATE teller.journal_0",
        "UPDATE teller.seal_0 SET digest = ''",
        "DELETE FROM teller.seal_0",
        "DELETE FROM teller.quarantine_0",
        "DELETE FROM teller.account_0",
        "DELETE FROM teller.lane",
        "INSERT INTO teller.lane (lane) VALUES (9)",
        "INSERT INTO teller.secret VALUES (9, decode(repeat('00', 32), 'hex'))",
        "UPDATE teller.registration SET group_id = 'x'",
        "SELECT teller.create_lane(9::int2, 0)",
    };
    store_ledger_open(&ledger, "denied", 1, 0);
    expect_denied(ledger.worker, statements, sizeof statements / sizeof *statements);
    store_ledger_close(&ledger);
}

Test(store_schema, test_a_reader_sees_views_only) {
    static const char *const denied[] = {
        "SELECT * FROM teller.account",      "SELECT * FROM teller.journal_0",
        "SELECT * FROM teller.lane",         "SELECT * FROM teller.secret",
        "SELECT * FROM teller.registration", "SELECT teller.expect_rows(1, 1)",
    };
    store_ledger_open(&ledger, "reader", 1, 0);
    expect_denied(ledger.reader, denied, sizeof denied / sizeof *denied);
    PGconn *reader = db_open(ledger.reader);
    db_exec(reader, "SELECT * FROM teller.v1_account, teller.v1_system, teller.v1_product, "
                    "teller.v1_outcome, teller.v1_entry, teller.v1_quarantine, teller.v1_lag, "
                    "teller.history('x', 5)");
    PQfinish(reader);
    store_ledger_close(&ledger);
}

Test(store_schema, test_everything_public_has_a_comment) {
    store_ledger_open(&ledger, "comments", 1, 0);
    cr_expect_eq(db_int(ledger.db,
                        "SELECT count(*) FROM pg_class WHERE relnamespace = 'teller'::regnamespace "
                        "AND relkind IN ('v', 'p') AND obj_description(oid, 'pg_class') IS NULL",
                        -1),
                 0);
    store_ledger_close(&ledger);
}

Test(store_schema, test_nothing_waits_by_design) {
    store_ledger_open(&ledger, "nofk", 1, 0);
    cr_expect_eq(db_int(ledger.db,
                        "SELECT count(*) FROM pg_constraint WHERE contype = 'f' "
                        "AND connamespace = 'teller'::regnamespace",
                        -1),
                 0);
    cr_expect_eq(db_int(ledger.db,
                        "SELECT count(*) FROM pg_index i JOIN pg_class c "
                        "ON c.oid = i.indrelid WHERE c.relname = 'journal_0'",
                        -1),
                 2, "one btree and one BRIN");
    store_ledger_close(&ledger);
}
