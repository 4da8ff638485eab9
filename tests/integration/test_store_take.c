/* Taking lanes: the fence between an old owner and a new one. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "common/rt/clock.h"
#include "tests/harness/db.h"
#include "tests/harness/store_batch.h"
#include "tests/harness/store_ledger.h"

static struct store_ledger ledger;
static const struct uuid other = {{0xbb, 2}};

static struct pg_lane take(const struct uuid *owner) {
    struct pg_lane lane;
    struct pg_failure failure = PG_FAILURE_INIT;
    cr_assert_eq(pg_lane_take(ledger.taker, 0, owner, &lane, &failure), PG_DONE, "%s",
                 failure.err.text);
    return lane;
}

Test(store_take, test_a_take_moves_epoch_and_owner) {
    store_ledger_open(&ledger, "take", 1, 0);
    struct pg_lane lane = take(&other);
    cr_expect_eq(lane.row.epoch, ledger.lane[0].row.epoch + 1);
    cr_expect(uuid_equal(&lane.row.owner, &other));
    cr_expect_eq(lane.row.next_offset, 0);
    cr_expect_eq(lane.row.last_offset, -1);
    cr_expect_eq(lane.row.lane_time_ms, 0);
    cr_expect_eq(lane.row.rules, 1);
    store_ledger_close(&ledger);
}

Test(store_take, test_a_lane_that_does_not_exist_is_named) {
    struct pg_lane lane;
    struct pg_failure failure = PG_FAILURE_INIT;
    store_ledger_open(&ledger, "nolane", 1, 0);
    cr_expect_eq(pg_lane_take(ledger.taker, 7, &other, &lane, &failure), PG_REFUSED);
    cr_expect_str_eq(failure.err.text, "the ledger has no lane 7");
    store_ledger_close(&ledger);
}

Test(store_take, test_a_retake_keeps_the_lane_of_its_owner) {
    struct pg_lane lane;
    struct pg_failure failure = PG_FAILURE_INIT;
    store_ledger_open(&ledger, "retake", 1, 0);
    cr_assert_eq(
        pg_lane_retake(ledger.taker, 0, &ledger.owner, ledger.lane[0].row.epoch, &lane, &failure),
        PG_DONE, "%s", failure.err.text);
    cr_expect_eq(lane.row.epoch, ledger.lane[0].row.epoch + 1);
    store_ledger_close(&ledger);
}

Test(store_take, test_a_retake_of_a_lane_that_moved_is_fenced) {
    struct pg_lane lane;
    struct pg_failure failure = PG_FAILURE_INIT;
    store_ledger_open(&ledger, "moved", 1, 0);
    (void)take(&other);
    cr_expect_eq(
        pg_lane_retake(ledger.taker, 0, &ledger.owner, ledger.lane[0].row.epoch, &lane, &failure),
        PG_FENCED);
    cr_expect(pg_failure_names_lane(&failure, 0));
    store_ledger_close(&ledger);
}

Test(store_take, test_a_stop_is_written_by_the_owner_only) {
    struct pg_lane lanes[1];
    size_t count;
    struct pg_failure failure = PG_FAILURE_INIT;
    store_ledger_open(&ledger, "mark", 1, 0);
    const struct lane_row *row = &ledger.lane[0].row;
    cr_assert_eq(pg_lane_mark(ledger.taker, row, LANE_STOP_GAP, "10 .. 20", &failure), PG_DONE);
    cr_assert_eq(pg_lane_list(ledger.taker, lanes, 1, &count, &failure), PG_DONE);
    cr_expect_eq(count, 1);
    cr_expect_eq(lanes[0].stop, LANE_STOP_GAP);
    cr_expect_str_eq(lanes[0].detail, "10 .. 20");
    (void)take(&other);
    cr_expect_eq(pg_lane_mark(ledger.taker, row, LANE_RUNNING, "", &failure), PG_FENCED);
    store_ledger_close(&ledger);
}

/* A worker's session as a stopped process leaves it. */
static PGconn *frozen_session(void) {
    char conninfo[STORE_TEXT_MAX + 32];
    (void)snprintf(conninfo, sizeof conninfo, "%s application_name=tellerd", ledger.worker);
    PGconn *conn = db_open(conninfo);
    db_exec(conn, "SET lock_timeout = '2s'; SET statement_timeout = '2s'; "
                  "SET idle_in_transaction_session_timeout = '2s'");
    return conn;
}

static const char touch[] = "UPDATE teller.lane SET next_offset = 99 WHERE lane = 0";

/* The take must end the session, not wait for it, and nothing of it may remain. */
static void expect_taken(PGconn *zombie) {
    int64_t from = clock_monotonic_ms();
    struct pg_lane lane = take(&other);
    int64_t waited = clock_monotonic_ms() - from;
    cr_expect_eq(lane.row.next_offset, 0);
    cr_expect_eq(lane.row.epoch, ledger.lane[0].row.epoch + 1);
    cr_expect_geq(waited, PG_LANE_PATIENCE_MS - 500);
    cr_expect_leq(waited, 10000);
    cr_expect_eq(db_int(ledger.db, "SELECT count(*) FROM teller.journal", -1), 0);
    PQfinish(zombie);
    store_ledger_close(&ledger);
}

Test(store_take, test_a_take_ends_an_owner_frozen_in_mid_copy) {
    store_ledger_open(&ledger, "frozen_copy", 1, 0);
    PGconn *zombie = frozen_session();
    db_exec(zombie, "BEGIN");
    db_exec(zombie, touch);
    PGresult *result = PQexec(zombie, "COPY teller.seal_0 FROM STDIN");
    cr_assert_eq(PQresultStatus(result), PGRES_COPY_IN);
    PQclear(result);
    expect_taken(zombie);
}

Test(store_take, test_a_take_ends_an_owner_frozen_in_mid_pipeline) {
    store_ledger_open(&ledger, "frozen_pipe", 1, 0);
    PGconn *zombie = frozen_session();
    cr_assert_eq(PQenterPipelineMode(zombie), 1);
    cr_assert_eq(PQsendQueryParams(zombie, touch, 0, NULL, NULL, NULL, NULL, 0), 1);
    cr_assert_eq(PQsendFlushRequest(zombie), 1);
    cr_assert_eq(PQflush(zombie), 0);
    PQclear(PQgetResult(zombie)); /* the row is locked now, and no Sync follows */
    expect_taken(zombie);
}

Test(store_take, test_a_take_does_not_end_the_session_of_a_stranger) {
    struct pg_lane lane;
    struct pg_failure failure = PG_FAILURE_INIT;
    store_ledger_open(&ledger, "stranger", 1, 0);
    PGconn *stranger = db_open(ledger.worker); /* our role, another application */
    db_exec(stranger, "BEGIN");
    db_exec(stranger, touch);
    (void)pg_lane_take(ledger.taker, 0, &other, &lane, &failure);
    cr_expect_eq(failure.answer, PG_RETRY);
    cr_expect_str_eq(failure.sqlstate, "55P03");
    db_exec(stranger, "ROLLBACK");
    PQfinish(stranger);
    store_ledger_close(&ledger);
}
