/* `tellerd verify` on ledgers as workers leave them, and while they write. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/harness/db.h"
#include "tests/harness/stage.h"

#define COMMANDS "30000"
#define LOOKS_MAX 1000

static void expect_verified(const struct ledger *ledger, const char *said) {
    struct captured captured;
    ledger_tellerd(ledger, &captured, (const char *const[]){"verify", NULL});
    cr_expect_eq(captured.status, 0, "exit %d: %s%s", captured.status, captured.out, captured.err);
    cr_expect_not_null(strstr(captured.out, said), "wanted \"%s\" in: %s", said, captured.out);
    captured_close(&captured);
}

Test(verify, test_empty_ledger_is_verified) {
    struct ledger ledger;
    ledger_open(&ledger, "verify_empty", 3);
    expect_verified(&ledger, "verified: 3 lanes, 0 journal rows");
    ledger_close(&ledger);
}

Test(verify, test_missing_lane_row_is_an_error_that_names_the_lane) {
    struct ledger ledger;
    struct captured captured;
    ledger_open(&ledger, "verify_lane", 2);
    PQclear(PQexec(ledger.db, "DELETE FROM teller.lane WHERE lane = 1"));
    ledger_tellerd(&ledger, &captured, (const char *const[]){"verify", NULL});
    cr_expect_eq(captured.status, 78, "%s%s", captured.out, captured.err);
    cr_expect_not_null(strstr(captured.err, "lane 1"), "%s", captured.err);
    captured_close(&captured);
    ledger_close(&ledger);
}

static void expect_replayed(const struct ledger *ledger) {
    struct captured captured;
    ledger_tellerd(ledger, &captured, (const char *const[]){"replay", NULL});
    cr_assert_eq(captured.status, 0, "exit %d: %s%s", captured.status, captured.out, captured.err);
    captured_close(&captured);
}

/* Transfers, each to another lane: looks fall between their steps. */
Test(verify, test_legs_under_way_are_no_difference) {
    struct stage stage;
    struct captured captured;
    stage_open(&stage, "verify_legs", 2);
    ledger_teller(&stage.ledger, &captured, NULL,
                  (const char *const[]){"workload", "--shape", "transfer", "--accounts", "200",
                                        "--count", COMMANDS, "--quiet", NULL});
    cr_assert_eq(captured.status, 0, "%s", captured.err);
    captured_close(&captured);
    int looks = 0;
    for (; worker_applied(&stage.ledger) < 60000 && looks < LOOKS_MAX; looks++) {
        expect_verified(&stage.ledger, "verified: 8 lanes");
    }
    expect_replayed(&stage.ledger);
    worker_wait_drained(&stage.ledger, STAGE_TIMEOUT_MS);
    expect_verified(&stage.ledger, "30000 commands between lanes, 0 legs under way");
    expect_replayed(&stage.ledger);
    cr_log_info("%d looks while lanes moved", looks);
    stage_close(&stage);
}

static void sell_by_subscription(const struct ledger *ledger) {
    stage_teller(ledger, 0, NULL, 0, "open", "alice", "--currency", "EUR", "--wait", NULL);
    stage_apply(ledger, "deposit", "alice", "100");
    stage_teller(ledger, 0, NULL, 0, "product", "create", "ipo", "--currency", "EUR", "--price",
                 "7", "--stock", "10", "--mode", "subscription", "--wait", NULL);
    stage_teller(ledger, 0, NULL, 0, "subscribe", "alice", "ipo", "--quantity", "3", "--price", "7",
                 "--wait", NULL);
}

/* Its worker dies when it has finalized, and before it could tell anybody. */
Test(verify, test_an_allotment_that_goes_on_is_under_way) {
    struct stage stage = {.workers_count = 0};
    struct captured captured;
    ledger_open(&stage.ledger, "verify_chunk", 1);
    stage_add(&stage, &(struct worker_plan){.number = 0});
    worker_wait_owners(&stage.ledger, 0, STAGE_TIMEOUT_MS);
    sell_by_subscription(&stage.ledger);
    stage_stop_workers(&stage);
    stage_teller(&stage.ledger, 0, NULL, 0, "product", "finalize", "ipo", NULL);
    struct worker *mortal =
        stage_add(&stage, &(struct worker_plan){.failpoint = "kill-after_commit:1"});
    cr_assert(process_wait(&mortal->process, STAGE_TIMEOUT_MS), "it lives");
    expect_verified(&stage.ledger, "1 legs under way");
    ledger_tellerd(&stage.ledger, &captured,
                   (const char *const[]){"verify", "--older-than", "0", NULL});
    cr_expect_eq(captured.status, 0, "%s%s", captured.out, captured.err);
    cr_expect_not_null(strstr(captured.out, "old: step 65536 of "), "%s", captured.out);
    captured_close(&captured);
    db_expect_text(stage.ledger.db, "SELECT type || ' ' || waits_for FROM teller.v1_in_flight",
                   "product.finalize chunk");
    stage.workers_count = 0;
    stage_add(&stage, &(struct worker_plan){.number = 0});
    worker_wait_owners(&stage.ledger, 1, STAGE_TIMEOUT_MS);
    stage_close(&stage);
}

/* Every look is at another moment: none may find a difference, and there must be several while the
 * lanes move. */
Test(verify, test_ledger_is_verified_while_workers_write) {
    struct stage stage;
    struct captured captured;
    stage_open(&stage, "verify_live", 2);
    ledger_teller(&stage.ledger, &captured, NULL,
                  (const char *const[]){"workload", "--shape", "mix", "--accounts", "200",
                                        "--count", COMMANDS, "--quiet", NULL});
    cr_assert_eq(captured.status, 0, "%s", captured.err);
    captured_close(&captured);
    int looks = 0;
    for (; worker_applied(&stage.ledger) < 30000 && looks < LOOKS_MAX; looks++) {
        expect_verified(&stage.ledger, "verified: 8 lanes");
    }
    worker_wait_drained(&stage.ledger, STAGE_TIMEOUT_MS);
    expect_verified(&stage.ledger, "with system accounts 0");
    cr_log_info("%d looks while lanes moved", looks);
    stage_close(&stage);
}

Test(verify, test_json_has_the_sums_and_the_differences) {
    struct stage stage;
    struct captured captured;
    stage_open(&stage, "verify_json", 1);
    stage_teller(&stage.ledger, 0, NULL, 0, "open", "alice", "--currency", "KRW", "--wait", NULL);
    stage_apply(&stage.ledger, "deposit", "alice", "10000");
    ledger_tellerd(&stage.ledger, &captured, (const char *const[]){"verify", "--json", NULL});
    cr_expect_eq(captured.status, 0);
    cr_expect_not_null(strstr(captured.out, "\"verified\":true,\"lanes\":8,\"rows\":2,"), "%s",
                       captured.out);
    cr_expect_not_null(
        strstr(captured.out, "{\"asset\":\"KRW\",\"accounts\":\"10000\",\"sum\":\"0\"}"), "%s",
        captured.out);
    cr_expect_not_null(strstr(captured.out, "\"differences\":[]}"), "%s", captured.out);
    captured_close(&captured);
    stage_close(&stage);
}
