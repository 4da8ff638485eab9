/* teller against real workers: the commands that may end in another lane than they began. */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/harness/db.h"
#include "tests/harness/stage.h"

#define SAID_MAX 512
#define ID "0193d0a4-7c7a-7000-8000-5b1c1c1c1c1c"

static struct stage stage;

/* Two accounts of different lanes, alice with 100,000. */
static void set_up(void) {
    stage_open(&stage, "clilanes", 2);
    stage_teller(&stage.ledger, 0, NULL, 0, "open", "alice", "--currency", "KRW", "--wait", NULL);
    stage_teller(&stage.ledger, 0, NULL, 0, "open", "bob", "--currency", "KRW", "--wait", NULL);
    stage_apply(&stage.ledger, "deposit", "alice", "100000");
}

/* Whatever was done, no money was made or lost by it. */
static void tear_down(void) {
    int64_t sum = db_int(stage.ledger.db,
                         "SELECT sum(balance) FROM (SELECT balance FROM teller.v1_account"
                         " UNION ALL SELECT balance FROM teller.v1_system) AS b",
                         -1);
    cr_expect_eq(sum, 0);
    for (int i = 0; i < stage.workers_count; i++) {
        cr_expect_eq(worker_stop(&stage.workers[i]), 0);
    }
    ledger_close(&stage.ledger);
}

TestSuite(cli_lanes, .init = set_up, .fini = tear_down, .timeout = 120);

/* Runs teller with the words; it must end so and say that. */
#define EXPECT(status, part, ...)                                                                  \
    do {                                                                                           \
        char said[SAID_MAX] = "";                                                                  \
        stage_teller(&stage.ledger, status, said, SAID_MAX, __VA_ARGS__, NULL);                    \
        cr_assert_not_null(strstr(said, part), "%s", said);                                        \
    } while (0)

Test(cli_lanes, test_wait_tells_the_end_of_a_transfer_and_not_pending) {
    EXPECT(0, "applied ", "transfer", "alice", "bob", "5000", "--wait");
    EXPECT(1, "no_such_account", "transfer", "alice", "nobody", "5000", "--wait");
    cr_assert_eq(stage_account(&stage.ledger, "alice", "balance"), 95000);
    cr_assert_eq(stage_account(&stage.ledger, "bob", "balance"), 5000);
}

Test(cli_lanes, test_repeated_transfer_is_looked_up_in_the_database) {
    EXPECT(0, "applied " ID, "transfer", "alice", "bob", "5000", "--wait", "--id", ID);
    EXPECT(0, "already done", "transfer", "alice", "bob", "5000", "--wait", "--id", ID);
    EXPECT(0, "\"state\":\"applied\"", "outcome", ID, "--json");
    EXPECT(1, "id_conflict", "transfer", "alice", "bob", "5001", "--wait", "--id", ID);
    cr_assert_eq(stage_account(&stage.ledger, "bob", "balance"), 5000);
}

Test(cli_lanes, test_product_is_sold_until_it_is_finalized) {
    EXPECT(0, "applied ", "product", "create", "sku-1", "--price", "10000", "--stock", "4",
           "--currency", "KRW", "--seller", "bob", "--wait");
    EXPECT(0, "applied ", "purchase", "alice", "sku-1", "--quantity", "3", "--price", "10000",
           "--wait");
    EXPECT(1, "out_of_stock", "purchase", "alice", "sku-1", "--quantity", "2", "--price", "10000",
           "--wait");
    EXPECT(1, "price_changed", "purchase", "alice", "sku-1", "--quantity", "1", "--price", "9999",
           "--wait");
    EXPECT(0, "sku-1: price 10,000 KRW, stock 1, sold 3 (open)", "product", "sku-1");
    EXPECT(0, "applied ", "product", "finalize", "sku-1", "--wait");
    EXPECT(1, "already_finalized", "product", "finalize", "sku-1", "--wait");
    EXPECT(0, "(finalized)", "product", "sku-1");
    cr_assert_eq(stage_account(&stage.ledger, "alice", "available"), 70000);
}

Test(cli_lanes, test_subscription_holds_the_money_until_it_is_taken_back) {
    EXPECT(0, "applied ", "product", "create", "ipo-1", "--price", "1000", "--stock", "4",
           "--currency", "KRW", "--mode", "subscription", "--wait");
    EXPECT(0, "applied " ID, "subscribe", "alice", "ipo-1", "--quantity", "5", "--price", "1000",
           "--id", ID, "--wait");
    cr_assert_eq(stage_account(&stage.ledger, "alice", "held"), 5000);
    EXPECT(0, "applied ", "unsubscribe", "alice", "ipo-1", ID, "--wait");
    EXPECT(1, "", "product", "ipo-2");
}
