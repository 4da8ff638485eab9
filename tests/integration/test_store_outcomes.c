/* v1_outcome and v1_in_flight: what each state of each multi-lane command looks like, from rows
 * made by hand. The client's record is in lane 0, the other side in lane 1 unless a test says so.
 * Every row has balance 100 + step and version 10 + step; detail is its step's number. */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/command.h"
#include "common/outcome.h"
#include "common/step.h"
#include "consumer/core/wants.h"
#include "tests/harness/db.h"
#include "tests/harness/store_ledger.h"

#define ALICE 1 /* number of the client's account in lane 0; bob's in lane 1 */
#define SKU 2   /* of the product in lane 1 */

static struct store_ledger ledger;
static enum command_type type;
static int command; /* last part of its id */

struct place {
    int lane;
    int number;
};
static const struct place alice = {0, ALICE};
static const struct place bob = {1, ALICE};
static const struct place sku = {1, SKU};

static void add(struct place place, int origin, enum step step, enum outcome outcome) {
    char sql[640];
    (void)snprintf(
        sql, sizeof sql,
        "INSERT INTO teller.journal (log_offset, at, account_number, amount, held_delta, balance, "
        "held, version, step, origin, lane, type, outcome, command_id, hash, detail) VALUES "
        "(%d, '2026-01-01', %d, 0, 0, %d, 0, %d, %d, %d, %d, %d, %d, "
        "'00000000-0000-7000-8000-%012d', '\\x00', '%d')",
        command, place.number, 100 + (int)step, 10 + (int)step, (int)step, origin, place.lane,
        (int)type, (int)outcome, command, (int)step);
    db_exec(ledger.db, sql);
}

/* A new command, pending in lane 0. */
static void pending(enum command_type new_type) {
    command++;
    type = new_type;
    add(alice, 0, STEP_CLIENT, OUTCOME_PENDING);
}

static void expect(const char *outcome, const char *waits_for) {
    char sql[320];
    char text[128];
    (void)snprintf(sql, sizeof sql,
                   "SELECT concat_ws(' ', account, state, reason, detail, balance, version, lane) "
                   "FROM teller.v1_outcome WHERE id = '00000000-0000-7000-8000-%012d'",
                   command);
    db_text(ledger.db, sql, text, sizeof text);
    cr_expect_str_eq(text, outcome, "%s: %s", command_type_word(type), text);
    (void)snprintf(sql, sizeof sql,
                   "SELECT string_agg(waits_for, ',') FROM teller.v1_in_flight "
                   "WHERE id = '00000000-0000-7000-8000-%012d'",
                   command);
    db_text(ledger.db, sql, text, sizeof text);
    cr_expect_str_eq(text, waits_for, "%s waits for %s", command_type_word(type), text);
}

static void open_ledger(const char *name) {
    store_ledger_open(&ledger, name, 2, 0);
    command = 0;
    db_exec(ledger.db,
            "INSERT INTO teller.account (number, balance, held, floor, ceiling, version, last_id, "
            "last_step, last_origin, lane, state, id, currency) "
            "SELECT 1, 0, 0, 0, 0, 1, gen_random_uuid(), 0, 0, lane, 1, name, 'EUR' "
            "FROM (VALUES (0, 'alice'), (1, 'bob')) AS a(lane, name)");
}

static void close_ledger(void) {
    store_ledger_close(&ledger);
}

static void credit_story(enum command_type credited) {
    pending(credited);
    expect("alice pending 0 100 10 0", "credit");
    add(bob, 0, STEP_CREDIT, OUTCOME_APPLIED);
    expect("alice applied 1 0", "");
    pending(credited);
    add(bob, 0, STEP_CREDIT, OUTCOME_ACCOUNT_FROZEN);
    expect("alice pending 0 100 10 0", "return");
    add(alice, 0, STEP_RETURN, OUTCOME_APPLIED);
    expect("alice rejected account_frozen 1 102 12 0", "");
}

Test(store_outcomes, test_transfer_ends_with_its_credit_or_its_return) {
    open_ledger("outcomes_transfer");
    credit_story(COMMAND_TRANSFER);
    close_ledger();
}

Test(store_outcomes, test_capture_ends_as_a_transfer_does) {
    open_ledger("outcomes_capture");
    credit_story(COMMAND_CAPTURE);
    close_ledger();
}

Test(store_outcomes, test_reverse_ends_as_a_transfer_does) {
    open_ledger("outcomes_reverse");
    credit_story(COMMAND_REVERSE);
    close_ledger();
}

Test(store_outcomes, test_balance_is_the_clients_where_both_sides_share_a_lane) {
    const struct place carol = {0, 3};
    open_ledger("outcomes_lane");
    pending(COMMAND_TRANSFER);
    add(carol, 0, STEP_CREDIT, OUTCOME_APPLIED);
    expect("alice applied 1 100 10 0", "");
    close_ledger();
}

Test(store_outcomes, test_purchase_ends_when_it_is_settled) {
    open_ledger("outcomes_purchase");
    pending(COMMAND_PURCHASE);
    expect("alice pending 0 100 10 0", "sell");
    add(sku, 0, STEP_SELL, OUTCOME_APPLIED);
    expect("alice pending 0 100 10 0", "settle");
    add(alice, 0, STEP_SETTLE, OUTCOME_APPLIED);
    expect("alice applied 3 104 14 0", "");
    pending(COMMAND_PURCHASE);
    add(sku, 0, STEP_SELL, OUTCOME_OUT_OF_STOCK);
    expect("alice pending 0 100 10 0", "settle");
    add(alice, 0, STEP_SETTLE, OUTCOME_APPLIED);
    expect("alice rejected out_of_stock 3 104 14 0", "");
    close_ledger();
}

Test(store_outcomes, test_sellers_money_is_in_flight_behind_an_applied_purchase) {
    open_ledger("outcomes_seller");
    pending(COMMAND_PURCHASE);
    add(sku, 0, STEP_SELL, OUTCOME_APPLIED);
    add(alice, 0, STEP_SETTLE, OUTCOME_APPLIED);
    db_exec(ledger.db, "UPDATE teller.journal SET counter_role = 2 WHERE step = 4");
    expect("alice applied 3 104 14 0", "credit");
    add(bob, 0, STEP_CREDIT, OUTCOME_APPLIED);
    expect("alice applied 3 104 14 0", "");
    close_ledger();
}

Test(store_outcomes, test_subscribe_ends_with_its_reservation_or_its_release) {
    open_ledger("outcomes_subscribe");
    pending(COMMAND_SUBSCRIBE);
    expect("alice pending 0 100 10 0", "sell");
    add(sku, 0, STEP_SELL, OUTCOME_APPLIED);
    expect("alice applied 3 0", "");
    add(alice, 0, STEP_SETTLE, OUTCOME_APPLIED); /* when it is allotted */
    add(bob, 0, STEP_CREDIT, OUTCOME_APPLIED);
    expect("alice applied 3 0", "");
    pending(COMMAND_SUBSCRIBE);
    add(sku, 0, STEP_SELL, OUTCOME_CAP_EXCEEDED);
    expect("alice pending 0 100 10 0", "settle");
    add(alice, 0, STEP_SETTLE, OUTCOME_APPLIED);
    expect("alice rejected cap_exceeded 3 104 14 0", "");
    close_ledger();
}

Test(store_outcomes, test_unsubscribe_ends_with_its_cancellation) {
    open_ledger("outcomes_unsubscribe");
    pending(COMMAND_UNSUBSCRIBE);
    expect("alice pending 0 100 10 0", "cancel");
    add(sku, 0, STEP_CANCEL, OUTCOME_APPLIED);
    expect("alice applied 5 0", "");
    pending(COMMAND_UNSUBSCRIBE);
    add(sku, 0, STEP_CANCEL, OUTCOME_ALREADY_FINALIZED);
    expect("alice rejected already_finalized 5 0", "");
    close_ledger();
}

Test(store_outcomes, test_same_id_of_another_origin_is_another_command) {
    open_ledger("outcomes_origin");
    pending(COMMAND_TRANSFER);
    add(alice, 1, STEP_CREDIT, OUTCOME_APPLIED);
    expect("alice pending 0 100 10 0", "credit");
    close_ledger();
}

Test(store_outcomes, test_a_command_that_was_refused_at_once_is_not_under_way) {
    open_ledger("outcomes_refused");
    command++;
    type = COMMAND_TRANSFER;
    add(alice, 0, STEP_CLIENT, OUTCOME_INSUFFICIENT_FUNDS);
    expect("alice rejected insufficient_funds 0 100 10 0", "");
    close_ledger();
}

/* Of a product that was finalized with that many subscriptions, by the last command. */
static void finalized(int64_t subscriptions) {
    char sql[512];
    command++;
    type = COMMAND_PRODUCT_FINALIZE;
    add(sku, 1, STEP_CLIENT, OUTCOME_APPLIED);
    (void)snprintf(sql, sizeof sql,
                   "DELETE FROM teller.product; INSERT INTO teller.product (number, price, stock, "
                   "sold, subscribed, version, next_subscription, allot_total, allot_remainder, "
                   "allot_number, last_id, last_step, last_origin, lane, mode, state, id, currency)"
                   " VALUES (2, 1, 0, 1, %" PRId64 ", 1, %" PRId64 ", %" PRId64
                   ", 0, 0, '00000000-0000-7000-8000-%012d', 0, 1, 1, 2, 2, 'ipo', 'EUR')",
                   subscriptions, subscriptions + 1, subscriptions, command);
    db_exec(ledger.db, sql);
}

static void expect_waiting(const char *waits_for) {
    db_expect_text(ledger.db, "SELECT string_agg(waits_for, ',') FROM teller.v1_in_flight",
                   waits_for);
}

/* One that is full asks for another, which may find nobody. */
Test(store_outcomes, test_an_allotment_waits_for_its_chunks_and_for_no_more) {
    open_ledger("outcomes_chunks");
    finalized(WANTS_CHUNK_MAX - 1);
    expect_waiting("chunk");
    add(sku, 1, STEP_CHUNK, OUTCOME_APPLIED);
    expect_waiting("");
    finalized(WANTS_CHUNK_MAX);
    add(sku, 1, STEP_CHUNK, OUTCOME_APPLIED);
    expect_waiting("chunk");
    db_expect_text(ledger.db, "SELECT step FROM teller.open_chunk", "65537");
    add(sku, 1, STEP_CHUNK + 1, OUTCOME_APPLIED);
    expect_waiting("");
    close_ledger();
}

/* Sequential scans cost 1e10 here: one in the plan means that no index serves. */
Test(store_outcomes, test_an_id_is_looked_up_by_index) {
    static const char *const views[] = {"v1_outcome WHERE id = ",
                                        "v1_outcome WHERE state = 'pending' AND id = "};
    open_ledger("outcomes_plan");
    db_exec(ledger.db, "SET enable_seqscan = off");
    for (size_t i = 0; i < sizeof views / sizeof *views; i++) {
        char sql[256];
        (void)snprintf(sql, sizeof sql,
                       "EXPLAIN SELECT * FROM teller.%s'00000000-0000-7000-8000-000000000001'",
                       views[i]);
        PGresult *plan = db_query(ledger.db, sql);
        for (int line = 0; line < PQntuples(plan); line++) {
            const char *text = PQgetvalue(plan, line, 0);
            cr_expect_null(strstr(text, "Seq Scan on journal"), "%s", text);
        }
        PQclear(plan);
    }
    close_ledger();
}
