/* The lane machine over the real store: what one tenure has committed the next one finds again. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/harness/db.h"
#include "tests/harness/store_ledger.h"

#define ID(n) "0193e000-0000-7000-8000-00000000000" n
#define START_MS INT64_C(1733000000000)

static struct store_ledger ledger;
static struct leg_secrets secrets = {.count = 1};
static struct lane *lane;
static struct record records[16]; /* the log */
static int64_t next_offset;

/* A new tenure with empty memory, which looks at the last record of the log first. */
static void begin(void) {
    static const struct lane_limits limits = {16, 1200, 2400, 64};
    struct pg_failure failure = PG_FAILURE_INIT;
    lane_free(lane);
    lane = lane_new(&limits, 0, 1, &secrets);
    cr_assert_not_null(lane);
    cr_assert_eq(pg_lane_take(ledger.taker, 0, &ledger.owner, &ledger.lane[0], &failure), PG_DONE,
                 "%s", failure.err.text);
    cr_assert(lane_begin(lane, &ledger.lane[0].row, 0, next_offset));
    cr_assert_eq(pg_store_start(ledger.store, lane, &failure), PG_DONE, "%s", failure.err.text);
    for (int64_t at = lane_read_from(lane); at < next_offset; at++) {
        cr_assert_eq(lane_offer(lane, &records[at]), LANE_DROPPED);
    }
}

static void open_ledger(const char *name) {
    store_ledger_open(&ledger, name, 1, 0);
    next_offset = 0;
    begin();
}

static void close_ledger(void) {
    lane_free(lane);
    lane = NULL;
    store_ledger_close(&ledger);
}

static void load(void) {
    struct pg_failure failure = PG_FAILURE_INIT;
    struct lane *const lanes[] = {lane};
    cr_assert_eq(pg_store_load(ledger.store, lanes, 1, &failure), PG_DONE, "%s", failure.err.text);
}

static void commit(void) {
    struct pg_failure failure = PG_FAILURE_INIT;
    const struct pg_part part = {.batch = lane_batch(lane), .published_offset = next_offset};
    cr_assert_eq(pg_store_commit(ledger.store, &part, 1, &failure), PG_DONE, "%s",
                 failure.err.text);
    lane_committed(lane);
}

/* One record on alice at START_MS + at_ms, loaded for, applied and committed. Its outcome. */
static const char *apply_at(int64_t at_ms, const char *json) {
    struct record *record = &records[next_offset];
    *record = (struct record){
        .offset = next_offset++,
        .timestamp_ms = START_MS + at_ms,
        .log_append_time = true,
        .key = {(const uint8_t *)"alice", 5},
        .value = {(const uint8_t *)json, strlen(json)},
    };
    cr_assert_eq(lane_offer(lane, record), LANE_TAKEN);
    while (lane_prepare(lane)) {
        load();
    }
    while (lane_apply(lane) == LANE_MISSING) {
        load();
    }
    cr_assert_geq(lane_batch(lane)->outputs_count, 1);
    const char *word = outcome_word(lane_batch(lane)->outputs[0].outcome);
    commit();
    return word;
}

static const char *apply(const char *json) {
    return apply_at(next_offset, json);
}

#define COMMAND(n, type, rest)                                                                     \
    "{\"v\":1,\"id\":\"" ID(n) "\",\"type\":\"" type "\",\"account\":\"alice\"" rest "}"
#define OPEN COMMAND("1", "account.open", ",\"currency\":\"EUR\"")
#define DEPOSIT COMMAND("2", "deposit", ",\"amount\":100")
#define HOLD COMMAND("3", "hold", ",\"amount\":40,\"expires_in_s\":60")

static void three_commands(const char *name) {
    open_ledger(name);
    cr_assert_str_eq(apply(OPEN), "applied");
    cr_assert_str_eq(apply(DEPOSIT), "applied");
    cr_assert_str_eq(apply(HOLD), "applied");
    begin();
}

Test(store_load, test_an_account_is_found_again) {
    three_commands("load_account");
    cr_expect_str_eq(apply(COMMAND("4", "withdraw", ",\"amount\":61")), "insufficient_funds");
    cr_expect_str_eq(apply(COMMAND("5", "withdraw", ",\"amount\":60")), "applied");
    close_ledger();
}

Test(store_load, test_a_repeated_id_gets_its_first_answer) {
    three_commands("load_entry");
    cr_expect_str_eq(apply(DEPOSIT), "applied");
    cr_expect_str_eq(apply(COMMAND("2", "deposit", ",\"amount\":5")), "id_conflict");
    cr_expect_eq(db_int(ledger.db, "SELECT balance FROM teller.v1_account", -1), 100);
    close_ledger();
}

Test(store_load, test_a_hold_is_found_again) {
    three_commands("load_hold");
    cr_expect_str_eq(apply(COMMAND("4", "capture", ",\"hold\":\"" ID("3") "\",\"amount\":30")),
                     "applied");
    cr_expect_eq(db_int(ledger.db, "SELECT balance FROM teller.v1_account", -1), 70);
    cr_expect_eq(db_int(ledger.db, "SELECT held FROM teller.v1_account", -1), 0);
    cr_expect_eq(db_int(ledger.db, "SELECT state FROM teller.hold", -1), HOLD_CAPTURED);
    close_ledger();
}

Test(store_load, test_a_hold_that_is_due_is_known_from_the_start) {
    three_commands("load_due");
    cr_expect_not(lane_tick_wanted(lane, START_MS + 59000));
    cr_expect(lane_tick_wanted(lane, START_MS + 61000));
    close_ledger();
}

Test(store_load, test_an_expired_hold_is_ended_in_the_same_commit) {
    three_commands("load_expired");
    cr_expect_str_eq(apply_at(70000, COMMAND("4", "capture", ",\"hold\":\"" ID("3") "\"")),
                     "hold_expired");
    cr_expect_eq(db_int(ledger.db, "SELECT held FROM teller.v1_account", -1), 0);
    cr_expect_eq(
        db_int(ledger.db, "SELECT count(*) FROM teller.v1_entry WHERE type = 'expiry'", -1), 1);
    close_ledger();
}

Test(store_load, test_a_command_is_reversed_once) {
    three_commands("load_reverse");
    cr_expect_str_eq(apply(COMMAND("4", "release", ",\"hold\":\"" ID("3") "\"")), "applied");
    cr_expect_str_eq(apply(COMMAND("5", "reverse", ",\"of\":\"" ID("2") "\"")), "applied");
    begin();
    cr_expect_str_eq(apply(COMMAND("6", "reverse", ",\"of\":\"" ID("2") "\"")), "already_reversed");
    cr_expect_eq(db_int(ledger.db, "SELECT balance FROM teller.v1_account", -1), 0);
    close_ledger();
}

Test(store_load, test_history_has_every_version_once) {
    three_commands("load_history");
    cr_expect_str_eq(apply(COMMAND("4", "group",
                                   ",\"commands\":[{\"type\":\"deposit\",\"amount\":5},"
                                   "{\"type\":\"withdraw\",\"amount\":1}]")),
                     "applied");
    cr_expect_str_eq(apply(COMMAND("5", "release", ",\"hold\":\"" ID("3") "\"")), "applied");
    cr_expect_str_eq(apply(COMMAND("6", "reverse", ",\"of\":\"" ID("2") "\"")), "applied");
    char versions[64];
    db_text(ledger.db, "SELECT string_agg(version::text, ',') FROM teller.history('alice', 50)",
            versions, sizeof versions);
    cr_expect_str_eq(versions, "7,6,5,4,3,2,1");
    db_text(ledger.db,
            "SELECT string_agg(version::text, ',' ORDER BY version DESC) FROM teller.v1_entry",
            versions, sizeof versions);
    cr_expect_str_eq(versions, "7,6,5,4,3,2,1");
    close_ledger();
}
