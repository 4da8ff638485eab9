/* The codec on commands between accounts and on products. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "common/money.h"
#include "tests/unit/json_fixture.h"

/* The start of a command of that type on the product sku-1. */
#define PRODUCT_HEAD(type) "{\"v\":1,\"type\":\"" type "\",\"id\":\"" ID "\",\"product\":\"sku-1\""
#define CREATE PRODUCT_HEAD("product.create") ",\"currency\":\"KRW\""
#define SALE(type) HEAD(type) ",\"product\":\"sku-1\""

static struct json_fixture f;

static void set_up(void) {
    json_fixture_init(&f);
}

static void tear_down(void) {
    json_fixture_close(&f);
}

TestSuite(command_lanes, .init = set_up, .fini = tear_down);

static void expect_field(const char *json, const char *detail) {
    json_fixture_refuse(&f, json, OUTCOME_INVALID_FIELD, detail);
}

/* `head`, then `field` with each of the values: all are refused with the field's own words. */
static void refuse_all(const char *head, const char *field, const char *const *values,
                       const char *detail) {
    for (; *values != NULL; values++) {
        char json[512];
        snprintf(json, sizeof json, "%s,\"%s\":%s}", head, field, *values);
        expect_field(json, detail);
    }
}

static const char *const no_positive[] = {"0", "-1", "\"0\"", "1.0", "null", "\"x\"", NULL};

Test(command_lanes, test_transfer_has_receiver_and_amount) {
    json_fixture_accept(&f, HEAD("transfer") ",\"to\":\"bob\",\"amount\":\"7\"}");
    cr_assert_eq(f.command.type, COMMAND_TRANSFER);
    cr_assert_str_eq(f.command.entity.text, "alice");
    cr_assert_str_eq(f.command.to.text, "bob");
    cr_assert_eq(f.command.amount, 7);
    expect_field(HEAD("transfer") ",\"amount\":7}", "to: is missing");
    expect_field(HEAD("transfer") ",\"to\":\"bob\"}", "amount: is missing");
}

Test(command_lanes, test_receiver_is_a_name_that_clients_may_use) {
    static const char *const names[] = {"\"@world\"", "\"\"", "5", "null", "\"a b\"", NULL};
    refuse_all(HEAD("transfer") ",\"amount\":7", "to", names,
               "to: must match [A-Za-z0-9][A-Za-z0-9._:-]{0,63}");
}

Test(command_lanes, test_capture_may_name_a_receiver) {
    json_fixture_accept(&f, HEAD("capture") ",\"hold\":\"" OTHER_ID "\",\"to\":\"bob\"}");
    cr_assert_str_eq(f.command.to.text, "bob");
    cr_assert_eq(f.command.given, (uint32_t)GIVEN_TO);
    json_fixture_accept(&f, HEAD("capture") ",\"hold\":\"" OTHER_ID "\"}");
    cr_assert_eq(f.command.to.len, 0);
}

Test(command_lanes, test_capture_in_a_group_has_no_receiver) {
    expect_field(HEAD("group") ",\"commands\":[{\"type\":\"capture\",\"hold\":\"" OTHER_ID
                               "\",\"to\":\"bob\"}]}",
                 "commands[0].to: unknown field");
}

Test(command_lanes, test_product_is_created_with_its_defaults) {
    json_fixture_accept(&f, CREATE ",\"price\":100,\"stock\":0,\"mode\":\"sale\"}");
    cr_assert_str_eq(f.command.entity.text, "sku-1");
    cr_assert_eq(f.command.price, 100);
    cr_assert_eq(f.command.stock, 0);
    cr_assert_eq(f.command.mode, PRODUCT_SALE);
    cr_assert_eq(f.command.cap, 0);
    cr_assert_eq(f.command.cap_per_account, 0);
    cr_assert_eq(f.command.seller.len, 0);
}

Test(command_lanes, test_product_is_created_with_everything) {
    json_fixture_accept(&f, CREATE ",\"price\":1,\"stock\":\"9\",\"mode\":\"subscription\","
                                   "\"seller\":\"bob\",\"cap\":8,\"cap_per_account\":7}");
    cr_assert_eq(f.command.mode, PRODUCT_SUBSCRIPTION);
    cr_assert_str_eq(f.command.seller.text, "bob");
    cr_assert_eq(f.command.cap, 8);
    cr_assert_eq(f.command.cap_per_account, 7);
    cr_assert_eq(f.command.given,
                 (uint32_t)(GIVEN_CURRENCY | GIVEN_SELLER | GIVEN_CAP | GIVEN_CAP_PER_ACCOUNT));
}

Test(command_lanes, test_modes_are_sale_and_subscription) {
    static const char *const words[] = {"\"Sale\"", "\"\"", "\"sales\"", "\"subscriptio\"",
                                        "1",        "null", NULL};
    refuse_all(CREATE ",\"price\":1,\"stock\":1", "mode", words,
               "mode: must be sale or subscription");
}

Test(command_lanes, test_price_stock_and_caps_have_bounds) {
    const char *amount = "price: must be an integer of minor units, 1 .. 9223372036854775807";
    static const char *const no_stock[] = {"-1", "1.5", "null", "\"-1\"", NULL};
    refuse_all(CREATE ",\"stock\":1,\"mode\":\"sale\"", "price", no_positive, amount);
    refuse_all(CREATE ",\"price\":1,\"mode\":\"sale\"", "stock", no_stock,
               "stock: must be an integer, 0 .. 9223372036854775807");
    refuse_all(CREATE ",\"price\":1,\"stock\":1,\"mode\":\"sale\"", "cap", no_positive,
               "cap: must be an integer, 1 .. 9223372036854775807");
    refuse_all(CREATE ",\"price\":1,\"stock\":1,\"mode\":\"sale\"", "cap_per_account", no_positive,
               "cap_per_account: must be an integer, 1 .. 9223372036854775807");
}

Test(command_lanes, test_create_names_what_is_missing_in_order) {
    expect_field(PRODUCT_HEAD("product.create") "}", "currency: is missing");
    expect_field(CREATE "}", "price: is missing");
    expect_field(CREATE ",\"price\":1}", "stock: is missing");
    expect_field(CREATE ",\"price\":1,\"stock\":1}", "mode: is missing");
}

Test(command_lanes, test_commands_on_products_have_no_account) {
    expect_field(PRODUCT_HEAD("product.price") ",\"price\":1,\"account\":\"alice\"}",
                 "account: unknown field");
    expect_field(HEAD("product.finalize") "}", "account: unknown field");
    expect_field("{\"v\":1,\"type\":\"product.finalize\",\"id\":\"" ID "\"}",
                 "product: is missing");
}

Test(command_lanes, test_restock_adds_or_takes_but_never_nothing) {
    static const char *const bad[] = {"0", "\"0\"", "-9223372036854775808", "1.0", "null", NULL};
    json_fixture_accept(&f, PRODUCT_HEAD("product.restock") ",\"quantity\":-9223372036854775807}");
    cr_assert_eq(f.command.quantity, -INT64_MAX);
    json_fixture_accept(&f, PRODUCT_HEAD("product.restock") ",\"quantity\":\"5\"}");
    cr_assert_eq(f.command.quantity, 5);
    refuse_all(PRODUCT_HEAD("product.restock"), "quantity", bad,
               "quantity: must be an integer, -9223372036854775807 .. 9223372036854775807, not 0");
}

Test(command_lanes, test_price_and_finalize_are_read) {
    json_fixture_accept(&f, PRODUCT_HEAD("product.price") ",\"price\":9223372036854775807}");
    cr_assert_eq(f.command.price, MONEY_MAX);
    json_fixture_accept(&f, PRODUCT_HEAD("product.finalize") ",\"expected_version\":3}");
    cr_assert_eq(f.command.expected_version, 3);
}

Test(command_lanes, test_purchase_is_on_the_account_and_names_the_product) {
    json_fixture_accept(&f, SALE("purchase") ",\"quantity\":3,\"price\":10000}");
    cr_assert_str_eq(f.command.entity.text, "alice");
    cr_assert_str_eq(f.command.product.text, "sku-1");
    cr_assert_eq(f.command.quantity, 3);
    cr_assert_eq(f.command.price, 10000);
    cr_assert_not(command_type_is_on_product(f.command.type));
}

Test(command_lanes, test_purchase_and_subscribe_take_one_piece_at_least) {
    const char *must = "quantity: must be an integer, 1 .. 9223372036854775807";
    refuse_all(SALE("purchase") ",\"price\":1", "quantity", no_positive, must);
    refuse_all(SALE("subscribe") ",\"price\":1", "quantity", no_positive, must);
    expect_field(SALE("subscribe") ",\"quantity\":1}", "price: is missing");
    expect_field(HEAD("purchase") ",\"quantity\":1,\"price\":1}", "product: is missing");
}

Test(command_lanes, test_unsubscribe_names_product_and_subscription) {
    json_fixture_accept(&f, SALE("unsubscribe") ",\"subscription\":\"" OTHER_ID "\"}");
    cr_assert_str_eq(f.command.product.text, "sku-1");
    cr_assert_eq(f.command.reference.bytes[15], 0xac);
    expect_field(SALE("unsubscribe") "}", "subscription: is missing");
    expect_field(SALE("unsubscribe") ",\"subscription\":\"1\"}",
                 "subscription: must be a UUID of 36 characters");
}

static bool same_hash(const char *one, const char *other) {
    uint8_t hashes[2][COMMAND_HASH_LEN];
    json_fixture_accept(&f, one);
    command_hash(&f.command, hashes[0]);
    json_fixture_accept(&f, other);
    command_hash(&f.command, hashes[1]);
    return memcmp(hashes[0], hashes[1], sizeof hashes[0]) == 0;
}

Test(command_lanes, test_every_field_is_part_of_the_payload_hash) {
    const char *base = CREATE ",\"price\":1,\"stock\":1,\"mode\":\"sale\"}";
    static const char *const others[] = {
        CREATE ",\"price\":2,\"stock\":1,\"mode\":\"sale\"}",
        CREATE ",\"price\":1,\"stock\":2,\"mode\":\"sale\"}",
        CREATE ",\"price\":1,\"stock\":1,\"mode\":\"subscription\"}",
        CREATE ",\"price\":1,\"stock\":1,\"mode\":\"sale\",\"seller\":\"bob\"}",
        CREATE ",\"price\":1,\"stock\":1,\"mode\":\"sale\",\"cap\":1}",
        CREATE ",\"price\":1,\"stock\":1,\"mode\":\"sale\",\"cap_per_account\":1}"};
    cr_assert(same_hash(base, CREATE ",\"mode\":\"sale\",\"stock\":\"1\",\"price\":\"1\"}"));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        cr_assert_not(same_hash(base, others[i]), "%s", others[i]);
    }
    cr_assert_not(same_hash(HEAD("transfer") ",\"to\":\"bob\",\"amount\":1}",
                            HEAD("transfer") ",\"to\":\"bo\",\"amount\":1}"));
    cr_assert_not(same_hash(HEAD("capture") ",\"hold\":\"" OTHER_ID "\"}",
                            HEAD("capture") ",\"hold\":\"" OTHER_ID "\",\"to\":\"bob\"}"));
    cr_assert_not(same_hash(SALE("purchase") ",\"quantity\":1,\"price\":1}",
                            SALE("subscribe") ",\"quantity\":1,\"price\":1}"));
}
