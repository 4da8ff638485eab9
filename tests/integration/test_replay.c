/* What `tellerd replay` says of a ledger that real workers filled with commands of every kind,
 * as it is, and after somebody with a superuser's hands was there. */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/pg/pg_conn.h"
#include "consumer/adapters/pg_audit.h"
#include "consumer/core/seal.h"
#include "tests/harness/db.h"
#include "tests/harness/edited.h"
#include "tests/harness/sales.h"
#include "tests/harness/stage.h"

static void expect(const struct ledger *ledger, int status, const char *named,
                   const char *const *arguments) {
    struct captured captured;
    ledger_tellerd(ledger, &captured, arguments);
    cr_expect_eq(captured.status, status, "%s: exit %d: %s%s", arguments[0], captured.status,
                 captured.out, captured.err);
    cr_expect_not_null(strstr(captured.out, named), "%s: wanted \"%s\" in: %s%s", arguments[0],
                       named, captured.out, captured.err);
    captured_close(&captured);
}

static void expect_replayed(const struct ledger *ledger, int status, const char *named) {
    expect(ledger, status, named, (const char *const[]){"replay", NULL});
}

static void expect_verified(const struct ledger *ledger) {
    expect(ledger, 0, "verified: ", (const char *const[]){"verify", NULL});
}

static void open_empty(struct stage *stage, const char *name, uint16_t lanes) {
    *stage = (struct stage){.workers_count = 0};
    ledger_open(&stage->ledger, name, lanes);
    stage_add(stage, &(struct worker_plan){.number = 0});
    worker_wait_owners(&stage->ledger, 0, STAGE_TIMEOUT_MS);
}

static void open_sold(struct stage *stage, const char *name, uint16_t lanes) {
    open_empty(stage, name, lanes);
    sales_fill(&stage->ledger);
    worker_wait_drained(&stage->ledger, STAGE_TIMEOUT_MS);
}

static void close_stage(struct stage *stage) {
    cr_assert_eq(worker_stop(&stage->workers[0]), 0);
    ledger_close(&stage->ledger);
}

Test(replay, test_commands_of_every_kind_come_out_as_in_the_database) {
    struct stage stage;
    open_sold(&stage, "replay_clean", 4);
    expect_replayed(&stage.ledger, 0, "replayed: 4 lanes");
    expect_verified(&stage.ledger);
    close_stage(&stage);
}

Test(replay, test_one_lane_with_everything_in_one_record_comes_out_as_in_the_database) {
    struct stage stage;
    open_sold(&stage, "replay_one", 1);
    expect_replayed(&stage.ledger, 0, "replayed: 1 lanes");
    expect_verified(&stage.ledger);
    close_stage(&stage);
}

Test(replay, test_dump_of_a_lane_replays_without_kafka) {
    struct stage stage;
    char path[LEDGER_TEXT_MAX + 16];
    open_sold(&stage, "replay_dump", 1);
    snprintf(path, sizeof path, "%s/dump", stage.ledger.logs);
    expect(&stage.ledger, 0, "replayed: 1 lanes",
           (const char *const[]){"replay", "--lane", "0", "--write", path, NULL});
    expect(&stage.ledger, 0, "replayed: 1 lanes",
           (const char *const[]){"replay", "--lane", "0", "--dump", path, "--brokers",
                                 "127.0.0.1:1", NULL});
    unlink(path);
    close_stage(&stage);
}

static void expect_refused(const struct ledger *ledger, const char *option, const char *file,
                           const char *why) {
    struct captured captured;
    ledger_tellerd(ledger, &captured,
                   (const char *const[]){"replay", "--lane", "0", option, file, NULL});
    cr_expect_eq(captured.status, 69, "exit %d: %s%s", captured.status, captured.out, captured.err);
    cr_expect_str_empty(captured.out);
    cr_expect(strstr(captured.err, file) != NULL && strstr(captured.err, why) != NULL,
              "wanted %s and \"%s\" in: %s", file, why, captured.err);
    captured_close(&captured);
}

/* A dump that lacks records must not be kept for a good one, nor a bad disk be called a ledger's
 * fault. */
Test(replay, test_dump_that_cannot_be_written_or_read_is_an_error_and_no_difference) {
    struct stage stage;
    open_empty(&stage, "replay_full", 1);
    stage_teller(&stage.ledger, 0, NULL, 0, "open", "zoe", "--currency", "KRW", "--wait", NULL);
    expect_refused(&stage.ledger, "--write", "/dev/full", strerror(ENOSPC)); /* when closed */
    expect_refused(&stage.ledger, "--dump", "/", strerror(EISDIR));
    sales_fill(&stage.ledger);
    worker_wait_drained(&stage.ledger, STAGE_TIMEOUT_MS);
    expect_refused(&stage.ledger, "--write", "/dev/full", strerror(ENOSPC)); /* under way */
    close_stage(&stage);
}

static const struct edit edits[] = {
    {"a balance", "UPDATE teller.account SET balance = balance + 1 WHERE id = 'alice'",
     "account alice: balance"},
    {"a memo", "UPDATE teller.journal SET memo = 'x' WHERE memo = 'rent'", "memo is not"},
    {"a counterparty", "UPDATE teller.journal SET counter = 'mallory' WHERE step = 1",
     "counter is \"mallory\""},
    {"a price", "UPDATE teller.product SET price = price + 1 WHERE id = 'seat'",
     "product seat: price is 11, by the log 10"},
    {"a buyer", "UPDATE teller.buyer SET quantity = 1 WHERE quantity = 3",
     "quantity is 1, by the log 3"},
    {"deleted subscriptions", "DELETE FROM teller.subscription", "0 subscriptions, by the log 6"},
    {"money in suspense", "UPDATE teller.system_account SET balance = 0 WHERE role = 4",
     "@suspense EUR: balance is 0, by the log 70"},
    {"holds opened again", "UPDATE teller.hold SET state = 1", "state is 1, by the log"},
    {"deleted steps", "DELETE FROM teller.journal WHERE step = 3",
     "by the log there is a journal row here"},
    {"the lane's time", "UPDATE teller.lane SET lane_time = lane_time + '1 day'",
     "lane row: lane_time"},
    {"a row that nobody asked for",
     "INSERT INTO teller.quarantine SELECT 3, at, 1, 1, lane, 100, NULL, hash || hash"
     " FROM teller.journal WHERE log_offset = 3",
     "1 quarantine rows, by the log 0"},
};

Test(replay, test_edited_rows_are_found_and_named) {
    struct stage stage;
    open_sold(&stage, "replay_edits", 1);
    cr_assert_eq(worker_stop(&stage.workers[0]), 0);
    edited_expect_found(&stage.ledger, "replay", edits, sizeof edits / sizeof *edits);
    ledger_close(&stage.ledger);
}

/* ---- a forgery that agrees with itself ---- */

static void reseal(struct pg_conn *conn, const struct pg_lane *lane, const uint8_t *before,
                   const struct seal *seal, char hex[2 * SEAL_LEN + 1]) {
    struct pg_failure failure = PG_FAILURE_INIT;
    uint8_t digest[SEAL_LEN];
    struct digest *hash = digest_new();
    struct pg_rows *rows =
        pg_audit_journal(conn, lane->row.lane, seal->first_offset, seal->last_offset, &failure);
    seal_begin(hash, before);
    for (int i = 0; i < pg_rows_count(rows); i++) {
        struct audit_journal_row row;
        const char *unreadable;
        cr_assert(pg_audit_journal_row(rows, i, &row, &unreadable));
        seal_add_row(hash, &row.row, lane->row.lane);
    }
    seal_end(hash, digest);
    for (size_t i = 0; i < SEAL_LEN; i++) {
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
    }
    pg_rows_free(rows);
    digest_free(hash);
}

/* The last seal of lane 0 and the head become those of the rows as they are now. */
static void forge_last_seal(const struct ledger *ledger) {
    struct pg_failure failure = PG_FAILURE_INIT;
    const struct pg_conn_options options = {.conninfo = ledger->admin, .application = "test"};
    struct pg_conn *conn = pg_conn_open(&options, &failure);
    struct pg_lane lane;
    struct seal seals[2];
    char hex[2 * SEAL_LEN + 1];
    char sql[512];
    cr_assert_eq(pg_audit_lane(conn, 0, &lane, &failure), PG_DONE);
    struct pg_rows *rows = pg_audit_seals(conn, 0, lane.row.next_seal - 2, 2, &failure);
    cr_assert(pg_audit_seal(rows, 0, &seals[0]) && pg_audit_seal(rows, 1, &seals[1]));
    reseal(conn, &lane, seals[0].digest, &seals[1], hex);
    snprintf(sql, sizeof sql,
             "UPDATE teller.seal SET digest = '\\x%s' WHERE number = %lld;"
             "UPDATE teller.lane SET seal_head = '\\x%s'",
             hex, (long long)seals[1].number, hex);
    db_exec(ledger->db, sql);
    pg_rows_free(rows);
    pg_conn_close(conn);
}

Test(replay, test_forgery_of_rows_sums_and_seals_together_is_found) {
    struct stage stage;
    const struct ledger *ledger = &stage.ledger;
    open_sold(&stage, "replay_forged", 1);
    stage_apply(ledger, "deposit", "alice", "5");
    db_exec(ledger->db, "UPDATE teller.journal SET amount = 105, balance = balance + 100"
                        " WHERE type = 5 AND amount = 5;"
                        "UPDATE teller.account SET balance = balance + 100 WHERE id = 'alice';"
                        "UPDATE teller.system_account SET balance = balance - 100"
                        " WHERE role = 1 AND asset = 'EUR'");
    forge_last_seal(ledger);
    expect_verified(ledger);
    expect_replayed(ledger, 1, "amount is 105, by the log 5");
    close_stage(&stage);
}
