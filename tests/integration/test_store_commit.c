/* What a commit of the store promises, on both write paths. */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdio.h>
#include <string.h>

#include "tests/harness/db.h"
#include "tests/harness/store_batch.h"
#include "tests/harness/store_ledger.h"

#define PIPELINE SIZE_MAX
#define COPY 1

static struct store_ledger ledger;
static struct store_books books[2];
static struct store_batch batch[2];

static void open_ledger(const char *name, size_t copy_rows) {
    store_ledger_open(&ledger, name, 2, copy_rows);
    for (uint16_t i = 0; i < 2; i++) {
        store_books_init(&books[i], &ledger.lane[i].row, 10);
        store_batch_init(&batch[i], 20);
    }
}

static void close_ledger(void) {
    for (uint16_t i = 0; i < 2; i++) {
        store_books_close(&books[i]);
        store_batch_close(&batch[i]);
    }
    store_ledger_close(&ledger);
}

/* Commits the first `lanes` batches. */
static enum pg_answer commit(size_t lanes, struct pg_failure *failure) {
    const struct pg_part parts[] = {{.batch = &batch[0].batch}, {.batch = &batch[1].batch}};
    enum pg_answer answer = pg_store_commit(ledger.store, parts, lanes, failure);
    for (size_t i = 0; i < lanes && answer == PG_DONE; i++) {
        store_books_committed(&books[i], &batch[i]);
    }
    return answer;
}

static void must_commit(size_t lanes) {
    struct pg_failure failure = PG_FAILURE_INIT;
    cr_assert_eq(commit(lanes, &failure), PG_DONE, "%s", failure.err.text);
}

/* Accounts, deposits, a hold made and settled, a quarantined record, in both lanes. */
static void write_everything(const char *name, size_t copy_rows) {
    static const int64_t numbers[] = {3, 1, 5};
    struct hold held[2];
    open_ledger(name, copy_rows);
    for (int i = 0; i < 2; i++) {
        store_batch_open(&batch[i], &books[i], 1, 5);
    }
    must_commit(2);
    for (int i = 0; i < 2; i++) {
        store_batch_deposit(&batch[i], &books[i], numbers, 3);
        held[i] = *store_batch_hold(&batch[i], &books[i], 3);
        store_batch_quarantine(&batch[i], &books[i]);
    }
    must_commit(2);
    for (int i = 0; i < 2; i++) {
        store_batch_deposit(&batch[i], &books[i], numbers, 1);
        store_batch_settle(&batch[i], &books[i], &held[i]);
    }
    must_commit(2);
}

/* One digest over all rows of all tables that a commit writes. */
static void digest_of_everything(char digest[64]) {
    db_text(ledger.db,
            "SELECT md5(string_agg(t, '|' ORDER BY t)) FROM ("
            "SELECT row(j.*)::text t FROM teller.journal j UNION ALL "
            "SELECT row(a.*)::text FROM teller.account a UNION ALL "
            "SELECT row(h.*)::text FROM teller.hold h UNION ALL "
            "SELECT row(q.*)::text FROM teller.quarantine q UNION ALL "
            "SELECT row(s.*)::text FROM teller.seal s UNION ALL "
            "SELECT row(y.*)::text FROM teller.system_account y UNION ALL "
            "SELECT row(l.*)::text FROM teller.lane l) everything",
            digest, 64);
}

Test(store_commit, test_both_write_paths_store_the_same) {
    char by_pipeline[64];
    char by_copy[64];
    write_everything("all_pipeline", PIPELINE);
    cr_assert_eq(db_int(ledger.db, "SELECT count(*) FROM teller.journal", -1), 22);
    cr_assert_eq(db_int(ledger.db, "SELECT count(*) FROM teller.quarantine", -1), 2);
    digest_of_everything(by_pipeline);
    close_ledger();
    write_everything("all_copy", COPY);
    digest_of_everything(by_copy);
    close_ledger();
    cr_assert_str_eq(by_copy, by_pipeline);
}

Test(store_commit, test_money_of_all_accounts_sums_to_zero) {
    write_everything("zero", PIPELINE);
    cr_expect_eq(db_int(ledger.db,
                        "SELECT (SELECT sum(balance) FROM teller.v1_account) + "
                        "(SELECT sum(balance) FROM teller.v1_system)",
                        -1),
                 0);
    close_ledger();
}

static const size_t paths[] = {PIPELINE, COPY};
static size_t path_params[] = {PIPELINE, COPY};

/* Prepares lane 0 and lane 1 with a batch each; the caller spoils one. */
static void two_batches(const char *name, size_t copy_rows) {
    open_ledger(name, copy_rows);
    store_batch_open(&batch[0], &books[0], 1, 2);
    store_batch_open(&batch[1], &books[1], 1, 2);
}

static void expect_fenced(void) {
    struct pg_failure failure = PG_FAILURE_INIT;
    cr_assert_eq(commit(2, &failure), PG_FENCED, "%s", failure.err.text);
    cr_expect(pg_failure_names_lane(&failure, 1));
    cr_expect_not(pg_failure_names_lane(&failure, 0));
    cr_expect_eq(db_int(ledger.db, "SELECT count(*) FROM teller.journal", -1), 0);
    cr_expect_eq(db_int(ledger.db, "SELECT sum(next_offset) FROM teller.lane", -1), 0);
    cr_expect(pg_store_usable(ledger.store), "a fence is no reason to lose the connection");
    cr_expect_eq(commit(1, &failure), PG_DONE, "the other lane alone: %s", failure.err.text);
    close_ledger();
}

ParameterizedTestParameters(store_commit, test_wrong_epoch_changes_nothing) {
    return cr_make_param_array(size_t, path_params, 2);
}

ParameterizedTest(size_t *path, store_commit, test_wrong_epoch_changes_nothing) {
    two_batches(*path == COPY ? "epoch_copy" : "epoch_pipe", *path);
    batch[1].batch.after.epoch++;
    expect_fenced();
}

ParameterizedTestParameters(store_commit, test_wrong_owner_changes_nothing) {
    return cr_make_param_array(size_t, path_params, 2);
}

ParameterizedTest(size_t *path, store_commit, test_wrong_owner_changes_nothing) {
    two_batches(*path == COPY ? "owner_copy" : "owner_pipe", *path);
    batch[1].batch.after.owner.bytes[15] ^= 1;
    expect_fenced();
}

ParameterizedTestParameters(store_commit, test_wrong_offset_changes_nothing) {
    return cr_make_param_array(size_t, path_params, 2);
}

ParameterizedTest(size_t *path, store_commit, test_wrong_offset_changes_nothing) {
    two_batches(*path == COPY ? "offset_copy" : "offset_pipe", *path);
    batch[1].batch.old_offset++;
    expect_fenced();
}

/* Commits lane 0's batch and wants this refusal, with nothing changed and the session good. */
static void expect_refused(const char *sqlstate) {
    struct pg_failure failure = PG_FAILURE_INIT;
    int64_t before = db_int(ledger.db, "SELECT count(*) FROM teller.journal", -1);
    cr_assert_eq(commit(1, &failure), PG_REFUSED, "%s", failure.err.text);
    cr_expect_str_eq(failure.sqlstate, sqlstate, "%s", failure.err.text);
    cr_expect_not(failure.unknown);
    cr_expect_eq(db_int(ledger.db, "SELECT count(*) FROM teller.journal", -1), before);
    cr_expect_eq(db_int(ledger.db, "SELECT next_offset FROM teller.lane WHERE lane = 0", -1),
                 books[0].row.next_offset);
    cr_expect_eq(pg_store_usable(ledger.store), true);
}

static void each_path(const char *name, void (*spoil)(void), const char *sqlstate) {
    static const int64_t numbers[] = {1, 2};
    for (size_t i = 0; i < 2; i++) {
        char unique[32];
        (void)snprintf(unique, sizeof unique, "%s_%zu", name, i);
        open_ledger(unique, paths[i]);
        store_batch_open(&batch[0], &books[0], 1, 2);
        must_commit(1);
        store_batch_deposit(&batch[0], &books[0], numbers, 2);
        spoil();
        expect_refused(sqlstate);
        close_ledger();
    }
}

static void forget_account(void) {
    db_exec(ledger.db, "DELETE FROM teller.account WHERE number = 2");
}

Test(store_commit, test_an_account_that_is_not_there_stops_the_commit) {
    each_path("missing", forget_account, PG_STATE_ROWS);
}

static void overdraw(void) {
    books[0].accounts[1].balance = -1;
}

Test(store_commit, test_available_below_zero_is_refused_by_the_database) {
    each_path("overdraw", overdraw, "23514");
}

static void repeat_id(void) {
    batch[0].rows[0].entry.key = batch[0].rows[0].previous;
}

Test(store_commit, test_a_step_cannot_be_journaled_twice) {
    each_path("repeat", repeat_id, "23505");
}

static void other_origin(void) {
    batch[0].rows[0].entry.key.origin = 1;
}

Test(store_commit, test_a_clients_row_belongs_to_its_own_lane) {
    each_path("origin", other_origin, "23514");
}

Test(store_commit, test_publishing_moves_only_the_published_offset) {
    struct pg_failure failure = PG_FAILURE_INIT;
    open_ledger("publish", PIPELINE);
    store_batch_open(&batch[0], &books[0], 1, 5);
    must_commit(1);
    const struct pg_publish publish = {.row = &books[0].row, .published_offset = 4};
    cr_assert_eq(pg_store_publish(ledger.store, &publish, 1, &failure), PG_DONE, "%s",
                 failure.err.text);
    cr_expect_eq(db_int(ledger.db, "SELECT published_offset FROM teller.lane WHERE lane = 0", -1),
                 4);
    cr_expect_eq(db_int(ledger.db, "SELECT next_offset FROM teller.lane WHERE lane = 0", -1), 5);
    close_ledger();
}

Test(store_commit, test_a_session_that_was_terminated_is_told_apart_from_a_refusal) {
    struct pg_failure failure = PG_FAILURE_INIT;
    open_ledger("terminated", PIPELINE);
    db_exec(ledger.db, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                       "WHERE application_name = 'tellerd' AND datname = current_database()");
    store_batch_open(&batch[0], &books[0], 1, 5);
    enum pg_answer answer = commit(1, &failure);
    cr_expect(answer == PG_LOST || answer == PG_RETRY, "%d %s", (int)answer, failure.err.text);
    cr_expect_not(pg_store_usable(ledger.store));
    cr_assert_eq(pg_store_connect(ledger.store, &failure), PG_DONE, "%s", failure.err.text);
    must_commit(1);
    close_ledger();
}
