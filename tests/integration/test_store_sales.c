/* What is sold, over the real store: every record starts with empty memory, so that products,
 * subscriptions and buyers must come back from the database as they were committed. */
#include <criterion/criterion.h>
#include <stdint.h>
#include <stdio.h>

#include "tests/harness/db.h"
#include "tests/harness/store_lane.h"
#include "tests/harness/store_ledger.h"

static struct store_ledger ledger;
static struct store_lane lane;

#define HEAD(n, type) "{\"v\":1,\"id\":\"0193e000-0000-7000-8000-0000000000" n "\",\"type\":\"" type
#define ON_ALICE(n, type, rest) "alice", HEAD(n, type) "\",\"account\":\"alice\"" rest "}"
#define ON_BOB(n, type, rest) "bob", HEAD(n, type) "\",\"account\":\"bob\"" rest "}"
#define ON_SKU(n, type, rest) "sku", HEAD(n, type) "\",\"product\":\"sku\"" rest "}"
#define OF_SKU(quantity, price) ",\"product\":\"sku\",\"quantity\":" #quantity ",\"price\":" #price

static void expect(const char *key, const char *json, const char *outcome) {
    const char *word = store_lane_apply(&lane, key, json);
    cr_assert_str_eq(word, outcome, "%s: %s", json, word);
}

/* Alice and bob with 1000 EUR each. */
static void open_ledger(const char *name, size_t copy_rows) {
    store_ledger_open(&ledger, name, 1, copy_rows);
    store_lane_open(&lane, &ledger);
    lane.forgetful = true;
    expect(ON_ALICE("01", "account.open", ",\"currency\":\"EUR\""), "applied");
    expect(ON_BOB("02", "account.open", ",\"currency\":\"EUR\""), "applied");
    expect(ON_ALICE("03", "deposit", ",\"amount\":1000"), "applied");
    expect(ON_BOB("04", "deposit", ",\"amount\":1000"), "applied");
}

static void close_ledger(void) {
    store_lane_close(&lane);
    store_ledger_close(&ledger);
}

static void sell(const char *name, size_t copy_rows) {
    open_ledger(name, copy_rows);
    expect(ON_SKU("10", "product.create",
                  ",\"currency\":\"EUR\",\"price\":100,\"stock\":4,\"mode\":\"sale\","
                  "\"seller\":\"bob\",\"cap_per_account\":3"),
           "applied");
    expect(ON_ALICE("11", "purchase", OF_SKU(2, 120)), "applied");
    expect(ON_ALICE("12", "purchase", OF_SKU(2, 120)), "cap_exceeded");
    expect(ON_ALICE("13", "purchase", OF_SKU(1, 90)), "price_changed");
    expect(ON_ALICE("14", "purchase", OF_SKU(5, 100)), "out_of_stock");
    expect(ON_SKU("15", "product.price", ",\"price\":110"), "applied");
    expect(ON_SKU("16", "product.restock", ",\"quantity\":-1"), "applied");
    expect(ON_ALICE("17", "purchase", OF_SKU(1, 110)), "applied");
    expect(ON_SKU("18", "product.finalize", ""), "applied");
    expect(ON_SKU("19", "product.finalize", ""), "already_finalized");
}

Test(store_sales, test_what_was_sold_is_found_again) {
    sell("sales_found", SIZE_MAX);
    db_expect_text(ledger.db,
                   "SELECT row(price, stock, sold, state, seller, cap_per_account)::text "
                   "FROM teller.v1_product",
                   "(110,0,3,finalized,bob,3)");
    db_expect_text(ledger.db, "SELECT quantity FROM teller.buyer", "3");
    db_expect_text(ledger.db,
                   "SELECT string_agg(account || ' ' || balance || ' ' || held, ', ' "
                   "ORDER BY account) FROM teller.v1_account",
                   "alice 690 0, bob 1310 0");
    close_ledger();
}

Test(store_sales, test_journal_of_a_purchase_tells_price_and_parties) {
    sell("sales_journal", SIZE_MAX);
    db_expect_text(ledger.db,
                   "SELECT string_agg(concat_ws(' ', step, amount, held_delta, price, counter, "
                   "counter_role), ', ' ORDER BY step) FROM teller.journal "
                   "WHERE command_id = '0193e000-0000-7000-8000-000000000011'",
                   "0 0 240 120 sku, 1 200 0 alice 2, 3 -2 2 100 alice, 4 -200 -240 100 bob 2");
    db_expect_text(ledger.db,
                   "SELECT string_agg(concat_ws(' ', type, amount, counterparty), ', ') "
                   "FROM teller.history('bob', 2)",
                   "purchase 110 alice, purchase 200 alice");
    close_ledger();
}

static void subscribe(const char *name, size_t copy_rows) {
    open_ledger(name, copy_rows);
    expect(ON_SKU("20", "product.create",
                  ",\"currency\":\"EUR\",\"price\":10,\"stock\":10,\"mode\":\"subscription\","
                  "\"cap\":30,\"cap_per_account\":20"),
           "applied");
    expect(ON_ALICE("21", "subscribe", OF_SKU(12, 10)), "applied");
    expect(ON_ALICE("22", "subscribe", OF_SKU(5, 10)), "applied");
    expect(ON_ALICE("23", "subscribe", OF_SKU(4, 10)), "cap_exceeded");
    expect(ON_BOB("24", "subscribe", OF_SKU(9, 10)), "applied");
    expect(ON_ALICE("25", "unsubscribe",
                    ",\"product\":\"sku\",\"subscription\":"
                    "\"0193e000-0000-7000-8000-000000000022\""),
           "applied");
    expect(ON_BOB("26", "subscribe", OF_SKU(3, 10)), "applied");
    expect(ON_SKU("27", "product.finalize", ""), "applied");
}

Test(store_sales, test_allotment_is_found_again_chunk_by_chunk) {
    subscribe("sales_allot", SIZE_MAX);
    db_expect_text(ledger.db,
                   "SELECT string_agg(concat_ws(' ', number, quantity, state, allotted), ', ' "
                   "ORDER BY number) FROM teller.subscription",
                   "1 12 3 5, 2 5 2, 3 9 3 4, 4 3 3 1");
    db_expect_text(ledger.db,
                   "SELECT string_agg(account || ' ' || balance || ' ' || held, ', ' "
                   "ORDER BY account) FROM teller.v1_account",
                   "alice 950 0, bob 950 0");
    db_expect_text(ledger.db,
                   "SELECT row(stock, sold, subscribed, allot_total, state)::text "
                   "FROM teller.product",
                   "(0,10,24,24,2)");
    db_expect_text(ledger.db,
                   "SELECT string_agg(account || ' ' || quantity, ', ' ORDER BY account) "
                   "FROM teller.buyer",
                   "alice 12, bob 12");
    close_ledger();
}

static void expect_products(const char *types, const char *wanted) {
    char sql[512];
    snprintf(sql, sizeof sql,
             "SELECT string_agg(concat_ws(' ', account, type, product, reason), ', '"
             " ORDER BY log_offset) FROM teller.v1_outcome WHERE type %s",
             types);
    db_expect_text(ledger.db, sql, wanted);
}

Test(store_sales, test_orders_name_their_product_whatever_becomes_of_them) {
    open_ledger("sales_names", SIZE_MAX);
    expect(ON_ALICE("10", "purchase", OF_SKU(1, 10)), "no_such_product");
    expect(ON_SKU("11", "product.create",
                  ",\"currency\":\"EUR\",\"price\":100,\"stock\":9,\"mode\":\"sale\""),
           "applied");
    expect(ON_ALICE("12", "purchase", OF_SKU(1, 100)), "applied");
    expect(ON_ALICE("13", "purchase", OF_SKU(99, 100)), "insufficient_funds");
    expect("carol", HEAD("14", "subscribe") "\",\"account\":\"carol\"" OF_SKU(1, 100) "}",
           "no_such_account");
    expect(ON_BOB("15", "unsubscribe",
                  ",\"product\":\"sku\",\"subscription\":"
                  "\"0193e000-0000-7000-8000-000000000012\""),
           "no_such_command");
    expect_products("IN ('purchase', 'subscribe', 'unsubscribe')",
                    "alice purchase sku no_such_product, alice purchase sku, "
                    "alice purchase sku insufficient_funds, "
                    "carol subscribe sku no_such_account, "
                    "bob unsubscribe sku no_such_command");
    db_expect_text(ledger.db,
                   "SELECT count(*) FROM teller.v1_entry WHERE counterparty = 'sku' OR account ="
                   " 'sku'",
                   "0");
    db_expect_text(ledger.db,
                   "SELECT count(*) FROM teller.history('alice', 9) WHERE counterparty = 'sku'",
                   "0");
    close_ledger();
}

Test(store_sales, test_nothing_is_in_flight_when_all_is_settled) {
    subscribe("sales_flight", SIZE_MAX);
    db_expect_text(ledger.db, "SELECT count(*) FROM teller.v1_in_flight", "0");
    db_expect_text(ledger.db, "SELECT count(*) FROM teller.v1_outcome WHERE state = 'pending'",
                   "0");
    db_expect_text(ledger.db,
                   "SELECT string_agg(type || ' ' || state || coalesce(' ' || reason, ''), ', ' "
                   "ORDER BY log_offset) FROM teller.v1_outcome WHERE account = 'alice'",
                   "account.open applied, deposit applied, subscribe applied, subscribe applied, "
                   "subscribe rejected cap_exceeded, unsubscribe applied");
    close_ledger();
}

/* One digest over all rows of all tables but the lane's, whose epoch counts takes. */
static void digest_of_everything(char digest[64]) {
    db_text(ledger.db,
            "SELECT md5(string_agg(t, '|' ORDER BY t)) FROM ("
            "SELECT row(j.*)::text t FROM teller.journal j UNION ALL "
            "SELECT row(a.*)::text FROM teller.account a UNION ALL "
            "SELECT row(h.*)::text FROM teller.hold h UNION ALL "
            "SELECT row(p.*)::text FROM teller.product p UNION ALL "
            "SELECT row(s.*)::text FROM teller.subscription s UNION ALL "
            "SELECT row(b.*)::text FROM teller.buyer b UNION ALL "
            "SELECT row(s.*)::text FROM teller.seal s UNION ALL "
            "SELECT row(y.*)::text FROM teller.system_account y) everything",
            digest, 64);
}

static void expect_same_rows(void (*story)(const char *name, size_t copy_rows), const char *name) {
    char by_pipeline[64];
    char by_copy[64];
    story(name, SIZE_MAX);
    digest_of_everything(by_pipeline);
    close_ledger();
    story(name, 1);
    digest_of_everything(by_copy);
    close_ledger();
    cr_assert_str_eq(by_copy, by_pipeline);
}

Test(store_sales, test_both_write_paths_store_the_same_sales) {
    expect_same_rows(sell, "sales_paths");
}

Test(store_sales, test_both_write_paths_store_the_same_subscriptions) {
    expect_same_rows(subscribe, "sales_sub_paths");
}
